/* Every allocation fails once: nomem-<strategy> [SEED...]
 *
 * An input of the fuzzer is the scenario: it uses all of the contract, and compares the heap with its model after each
 * operation, so that "returns NULL, and everything is as it was" is checked whole. It is run for n = 1, 2, ... with the
 * nth request failing, alone and with all after it up to the last operation, until n is more than there are requests.
 * Then the heap limit is swept from nothing to all that is needed. After each run nothing may be left. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "driver.h"
#include "failing.h"

enum { INPUT_BYTES = 260, SCENARIOS = 6, LIMITS = 150 };

/* Where we are, to be said when it aborts. */
static struct {
    uint64_t scenario, n;
    const char *what;
} now;

static void say_where(int signal)
{
    (void)signal;
    fprintf(stderr, "nomem-%s: scenario %" PRIu64 ", %s %" PRIu64 "\n", mm_strategy.name, now.scenario, now.what,
            now.n);
}

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static void make_input(uint64_t seed, uint8_t data[INPUT_BYTES])
{
    uint64_t state = seed;
    for (size_t i = 0; i < INPUT_BYTES; i++)
        data[i] = (uint8_t)(next_random(&state) >> 32);
    /* Nearly all of the contract; not chains, which take all the room. And no limit but ours. */
    data[0] = PROFILE_FINALIZED | PROFILE_LARGE | PROFILE_WEAK | PROFILE_REGIONS | PROFILE_CONTROL | PROFILE_BUFFERS;
    data[1] = 0;
}

/* Runs the scenario once. */
static struct fuzz_result run(const uint8_t *data, enum failing_mode mode, uint64_t nth, size_t heap_limit_bytes)
{
    int64_t blocks = failing.blocks, mapped_bytes = failing.mapped_bytes;
    failing_arm(mode, nth);
    struct fuzz_options options = {
        .injects = mode != FAILING_NEVER, .heap_limit_bytes = heap_limit_bytes, .at_end = failing_disarm};
    struct fuzz_result result = fuzz_one(data, INPUT_BYTES, options);
    failing_disarm();
    if (failing.blocks != blocks || failing.mapped_bytes != mapped_bytes) {
        fprintf(stderr, "%" PRId64 " blocks and %" PRId64 " mapped bytes are left\n", failing.blocks - blocks,
                failing.mapped_bytes - mapped_bytes);
        abort();
    }
    return result;
}

static uint64_t fail_each(const uint8_t *data, enum failing_mode mode, const char *what)
{
    now.what = what;
    for (now.n = 1;; now.n++) {
        run(data, mode, now.n, 0);
        if (failing.failed == 0)
            return now.n - 1;
    }
}

/* How many of the limits were reached. */
static uint64_t sweep_limits(const uint8_t *data)
{
    now.what = "without a limit:";
    now.n = 0;
    uint64_t peak_bytes = run(data, FAILING_NEVER, 0, 0).peak_bytes, reached = 0;
    now.what = "with a heap limit of";
    for (uint64_t i = 1; i <= LIMITS; i++) {
        now.n = peak_bytes * i / LIMITS + 1;
        reached += run(data, FAILING_NEVER, 0, now.n).failures != 0;
    }
    return reached;
}

static void check_scenario(uint64_t seed)
{
    static uint8_t data[INPUT_BYTES];
    now.scenario = seed;
    make_input(seed, data);
    uint64_t once = fail_each(data, FAILING_ONCE, "failing once, at request");
    uint64_t onward = fail_each(data, FAILING_ONWARD, "failing from request");
    uint64_t limits = sweep_limits(data);
    printf("%s: scenario %" PRIu64 ": each of %" PRIu64 " requests failed alone, each of %" PRIu64
           " with all after it, %" PRIu64 " of %d heap limits were reached; nothing was lost or left\n",
           mm_strategy.name, seed, once, onward, limits, LIMITS);
    fflush(stdout);
}

#if !defined NOMEM_PEER && MM_TRAITS & MM_TRAIT_PROMPT && MM_TRAITS & MM_TRAIT_COLLECTOR
struct holder {
    struct mm_ref self;
    struct mm_bytes text;
    struct mm_refs others;
};

static const uint16_t holder_self[] = {offsetof(struct holder, self)};
static const uint16_t holder_text[] = {offsetof(struct holder, text)};
static const uint16_t holder_others[] = {offsetof(struct holder, others)};
static const struct mm_type holder_type = {.name = "holder",
                                           .size = sizeof(struct holder),
                                           .ref_count = 1,
                                           .refs = holder_self,
                                           .refs_count = 1,
                                           .ref_buffers = holder_others,
                                           .bytes_count = 1,
                                           .byte_buffers = holder_text};
static const struct mm_type tail_type = {.name = "tail", .size = sizeof(size_t), .tail = MM_TAIL_BYTES};

/* Asks for memory, of which the first request fails. Garbage that is there makes room: the second does not. */
static void check_makes_room(const char *what, int (*ask)(struct mm_root *root))
{
    MM_ROOT(root);
    MM_ROOT(garbage);
    now.what = what;
    mm_new(&holder_type, &root);
    struct holder *holder = mm_new(&holder_type, &garbage);
    mm_set(holder, &holder->self, holder);
    mm_root_set(&garbage, NULL);
    struct mm_stats before, after;
    mm_stats_get(&before);
    failing_arm(FAILING_ONCE, 1);
    int error = ask(&root);
    failing_disarm();
    mm_stats_get(&after);
    if (error || after.collected[2] != before.collected[2] + 1) {
        fprintf(stderr, "%s: refused once, and the garbage did not make room\n", what);
        abort();
    }
}

static int ask_for_object(struct mm_root *root)
{
    return mm_new_tail(&tail_type, 100000, root) != NULL ? 0 : -ENOMEM;
}

static int ask_for_bytes(struct mm_root *root)
{
    return mm_bytes_resize(root, offsetof(struct holder, text), 100000);
}

static int ask_for_refs(struct mm_root *root)
{
    return mm_refs_resize(root, offsetof(struct holder, others), 10000);
}

static void check_emergencies(void)
{
    if (mm_heap_open(&(struct mm_config){0}))
        abort();
    check_makes_room("a buffer of bytes", ask_for_bytes);
    check_makes_room("a buffer of references", ask_for_refs);
    check_makes_room("an object", ask_for_object);
    mm_heap_close();
}
#else
static void check_emergencies(void) {}
#endif

int main(int argc, char **argv)
{
    signal(SIGABRT, say_where);
    check_emergencies();
    for (int i = 1; i < argc; i++)
        check_scenario(strtoull(argv[i], NULL, 10));
    /* The first is long: too long for who moves all objects at every allocation. */
    for (uint64_t seed = MM_TRAITS & MM_TRAIT_CHECKS ? 2 : 1; argc == 1 && seed <= SCENARIOS; seed++)
        check_scenario(seed);
    return 0;
}
