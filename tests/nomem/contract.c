/* Every allocation fails once: nomem-<strategy> [SEED...]
 *
 * An input of the fuzzer is the scenario: it uses all of the contract, and compares the heap with its model after each
 * operation, so that "returns NULL, and everything is as it was" is checked whole. It is run for n = 1, 2, ... with the
 * nth request failing, alone and with all after it up to the last operation, until n is more than there are requests.
 * Then the heap limit is swept from nothing to all that is needed. After each run nothing may be left. */
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

int main(int argc, char **argv)
{
    signal(SIGABRT, say_where);
    for (int i = 1; i < argc; i++)
        check_scenario(strtoull(argv[i], NULL, 10));
    /* The first is long: too long for who moves all objects at every allocation. */
    for (uint64_t seed = MM_TRAITS & MM_TRAIT_CHECKS ? 2 : 1; argc == 1 && seed <= SCENARIOS; seed++)
        check_scenario(seed);
    return 0;
}
