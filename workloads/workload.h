/* workload.h: what a workload is to the harness.
 *
 * A workload is one .c file: a table of parameters, up to three functions, and a line that registers them:
 *
 *     #include "workload.h"
 *
 *     enum { LENGTH };
 *     static const struct workload_param params[] = {
 *         [LENGTH] = {.name = "length", .initial = 1000, .small = 10, .lowest = 1, .highest = 1 << 24, .help =
 * "items"},
 *         {.name = NULL},
 *     };
 *     static int run(struct run *run) { ... }
 *     WORKLOAD(my_workload) = {.summary = "appends items", .unit = "items", .params = params, .run = run};
 *
 * The file is compiled once per strategy, with that strategy's inline functions (mm.h). Nothing else has to be edited:
 * workloads/NAME.c is found by the build, and `reclaim run --workload ./NAME.c` builds one from anywhere.
 *
 * A repetition, as the harness runs it:
 *
 *     region begin; setup; [ the clock starts; run, `iterations` times; the clock stops ]; teardown; region end;
 *     collect everything; look at what leaked
 *
 * A workload is deterministic from its parameters and `run->seed`: the same operations, the same objects and the same
 * checksum under every strategy. Random draws and input belong in setup, so that they are not timed.
 */
#ifndef WORKLOAD_H
#define WORKLOAD_H

#include <errno.h>
#include <math.h>
#include <string.h>

#include "mm.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

enum workload_kind {
    WORKLOAD_INTEGER = 0,
    WORKLOAD_TEXT, /* a file name, or one of `choices` */
};

struct workload_param {
    const char *name;
    enum workload_kind kind;
    int64_t initial, small, lowest, highest; /* integers: default, the size for `torture` and quick tests, range */
    const char *text, *small_text;           /* texts: likewise */
    const char *const *choices;              /* texts: what is allowed, NULL at the end; NULL: any */
    const char *help;                        /* a line, with the unit */
};

struct workload_value {
    int64_t integer; /* of a text with choices: the index */
    const char *text;
};

/* A figure that a workload reports besides what every row has: a row of figures.csv. */
struct run_figure {
    const char *name, *unit; /* static text: "dead_objects_max", "objects"; the unit "" is a plain number */
    double value;
};

enum { RUN_FIGURES = 24 };

/* One repetition of one workload. The harness owns it. */
struct run {
    const struct workload_value *params; /* by index into the workload's table */
    uint64_t seed;
    void *state;           /* `state_bytes`, zeroed before setup; where a workload keeps roots and input */
    uint64_t checksum;     /* of the answers: run_check */
    uint64_t operations;   /* what the workload does: run_done */
    uint64_t until_sample; /* operations until the harness looks at live and footprint; counts down in run_done */
    char message[256];     /* after a failure: a line that says what was wrong and what to do */
    struct run_figure figures[RUN_FIGURES];
    size_t figure_count; /* more than RUN_FIGURES: the rest is lost, which is an error */
};

enum workload_flag {
    WORKLOAD_MAKES_CYCLES = 1, /* drops cyclic garbage: a strategy without MM_TRAIT_CYCLES leaks it, as expected */
};

struct workload {
    const char *summary;                 /* a line */
    const char *unit;                    /* what an operation is, in the plural: "nodes", "requests" */
    const struct workload_param *params; /* ends with name == NULL; or NULL */
    size_t state_bytes;
    uint32_t needs; /* traits without which it cannot run at all: MM_TRAIT_WEAK, MM_TRAIT_FINALIZERS, ... */
    uint32_t (*needs_with)(const struct workload_value *params); /* further ones, with these parameters; NULL: none */
    bool requests; /* each run_done is the end of a request, and the next one's start: their latencies are recorded. For
                    * requests of 5 µs or more, since the clock is read at each. */
    /* Whether, with these parameters, it drops cyclic garbage; NULL: never. Without it leaks are expected to be 0
     * wherever the strategy reclaims anything. */
    bool (*makes_cycles)(const struct workload_value *params);
    /* 0; -ENOMEM when an allocation failed (the row says `oom`); or another negative errno, with `message` set. After
     * a failure teardown is still called if setup had succeeded; after a failed setup it is not. */
    int (*setup)(struct run *run);
    int (*run)(struct run *run);
    void (*teardown)(struct run *run);
};

/* Registers `struct workload NAME`: an entry in a section of the executable that the harness walks. */
struct workload_entry {
    const char *name;
    const struct workload *workload;
};

#define WORKLOAD(NAME)                                                                                                 \
    static const struct workload workload_##NAME;                                                                      \
    static const struct workload_entry workload_entry_##NAME                                                           \
        __attribute__((section("workloads"), used)) = {#NAME, &workload_##NAME};                                       \
    static const struct workload workload_##NAME

/* Adds a value to the answer. */
static inline void run_check(struct run *run, uint64_t value)
{
    run->checksum = XXH3_64bits_withSeed(&value, sizeof value, run->checksum);
}

/* The harness's: takes a sample of live and footprint, and sets until_sample anew. */
void run_sample(struct run *run);

/* Counts operations as done. Call it often enough that a timeline has points, seldom enough that it costs nothing: once
 * a request, a ring, a tree, a thousand appends. */
static inline void run_done(struct run *run, uint64_t operations)
{
    run->operations += operations;
    if (__builtin_expect(run->until_sample <= operations, 0))
        run_sample(run);
    else
        run->until_sample -= operations;
}

/* Reports a figure, once at the end of a run: a later one of the same name takes its place. Strategies may differ
 * in it, so it is no part of the answer. */
static inline void run_figure(struct run *run, const char *name, const char *unit, double value)
{
    size_t i = 0, kept = run->figure_count < RUN_FIGURES ? run->figure_count : RUN_FIGURES;
    while (i < kept && strcmp(run->figures[i].name, name) != 0)
        i++;
    if (i == kept)
        run->figure_count++;
    if (i < RUN_FIGURES)
        run->figures[i] = (struct run_figure){name, unit, value};
}

/* The harness's: resident memory of the process now; a microsecond. 0 where the system does not tell. */
uint64_t run_resident_bytes(void);

/* Traits that a workload needs with these parameters. */
static inline uint32_t needed_traits(const struct workload *workload, const struct workload_value *params)
{
    return workload->needs | (workload->needs_with ? workload->needs_with(params) : 0);
}

/* Fails with a message; returns `error`, a negative errno. */
int run_fail(struct run *run, int error, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
