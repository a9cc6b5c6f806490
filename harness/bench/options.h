/* options.h: the command line of a measuring process. */
#ifndef BENCH_OPTIONS_H
#define BENCH_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum mode {
    MODE_TIME,     /* clock and pauses; nothing else is looked at while the clock runs */
    MODE_TIMELINE, /* live and footprint over time; nothing is timed */
};

struct options {
    bool describe;
    const char *workload;         /* NULL only with `describe` */
    const char **params;          /* "name=value", NULL at the end; in the order given; not yet checked */
    const char **strategy_params; /* likewise */
    bool small;
    bool marks; /* system calls that do nothing mark where iterations begin and end */
    size_t heap_limit_bytes;
    uint64_t warmup, repetitions, iterations, seed;
    enum mode mode;
    size_t samples;
};

/* Reads the command line. `summary` is for --help. Does not return from --help and --version (exit 0) and from errors
 * (a message on stderr, exit 2). */
void options_parse(const char *summary, int argc, char **argv, struct options *options);

/* Of reclaim. */
extern const char bench_version[];

#endif
