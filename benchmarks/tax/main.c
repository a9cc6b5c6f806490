/* tax-<strategy>: measures, and prints a row per work.
 *
 * A round runs each variant of a work once, in random order; so what drifts (clock, neighbours, the allocator's state)
 * hits all alike. A round gives one ratio; the median of the rounds' ratios is the result. The clock is the thread's
 * own CPU time, since what the system gives to others in between is no cost of ours. */
#include <argp.h>
#include <gsl/gsl_randist.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/statistics.h"
#include "mm.h"
#include "tax.h"

enum { ROUNDS_MAX = 4096, VARIANTS_MAX = 3 };

struct variant {
    const char *name;
    hand_function *run;
    double ns[ROUNDS_MAX];
};

struct work {
    const char *name;
    size_t amount;
    int64_t detail;
    size_t nodes;
    struct variant variants[VARIANTS_MAX]; /* [0] by hand, [1] the contract; ends with run == NULL */
};

#ifdef TAX_HAS_TYPED
#define TYPED(NAME)                                                                                                    \
    {                                                                                                                  \
        .name = "typed", .run = typed_##NAME                                                                           \
    }
#else
#define TYPED(NAME)                                                                                                    \
    {                                                                                                                  \
        .run = NULL                                                                                                    \
    }
#endif

enum { LIST_NODES = 20000, TREE_DEPTH = 13, RINGS = 5000, RING_NODES = 4 };

static struct work works[] = {
    {"list",
     LIST_NODES,
     0,
     LIST_NODES,
     {{.name = "hand", .run = hand_list}, {.name = "contract", .run = contract_list}, TYPED(list)}},
    {"tree",
     TREE_DEPTH,
     1,
     ((size_t)2 << TREE_DEPTH) - 1,
     {{.name = "hand", .run = hand_tree}, {.name = "contract", .run = contract_tree}, TYPED(tree)}},
    {"rings",
     RINGS,
     RING_NODES,
     (size_t)RINGS *RING_NODES,
     {{.name = "hand", .run = hand_rings}, {.name = "contract", .run = contract_rings}, TYPED(rings)}},
};
enum { WORKS = sizeof works / sizeof works[0], WARMUP = 5 };

struct options {
    size_t rounds;
    unsigned long seed;
    double goal;
    const char *label, *only;
};

static double clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static size_t count_variants(const struct work *work)
{
    size_t count = 0;
    while (count < VARIANTS_MAX && work->variants[count].run)
        count++;
    return count;
}

/* Runs it once; ends the program where it could not. */
static uint64_t run_variant(const struct variant *variant, const struct work *work)
{
    uint64_t sum = 0;
    if (!variant->run(work->amount, work->detail, &sum)) {
        fprintf(stderr, "tax: %s: %s: no memory\n", work->name, variant->name);
        exit(1);
    }
    return sum;
}

static void check(const struct work *work, const struct variant *variant, uint64_t sum, uint64_t expected)
{
    if (sum == expected)
        return;
    fprintf(stderr, "tax: %s: %s gives another checksum\n", work->name, variant->name);
    exit(1);
}

static void measure(struct variant *variant, const struct work *work, uint64_t checksum, size_t round)
{
    double start = clock_ns();
    uint64_t sum = run_variant(variant, work);
    variant->ns[round] = (clock_ns() - start) / (double)work->nodes;
    check(work, variant, sum, checksum);
}

static void run_round(struct work *work, uint64_t checksum, size_t round, gsl_rng *rng)
{
    struct variant *order[VARIANTS_MAX];
    size_t count = count_variants(work);
    for (size_t i = 0; i < count; i++)
        order[i] = &work->variants[i];
    gsl_ran_shuffle(rng, order, count, sizeof order[0]);
    for (size_t i = 0; i < count; i++)
        measure(order[i], work, checksum, round);
}

static struct ratio compare(const struct variant *ours, const struct variant *against, size_t count, gsl_rng *rng)
{
    static struct round rounds[ROUNDS_MAX];
    for (size_t i = 0; i < count; i++)
        rounds[i] = (struct round){{&ours->ns[i], 1}, {&against->ns[i], 1}};
    struct ratio ratio;
    if (ratio_of_rounds(rounds, count, rng, &ratio) != 0) {
        fprintf(stderr, "tax: no memory\n");
        exit(1);
    }
    return ratio;
}

static void print_row(struct work *work, const struct options *options, size_t variant, gsl_rng *rng)
{
    struct variant *hand = &work->variants[0], *other = &work->variants[variant];
    struct ratio ratio = compare(other, hand, options->rounds, rng);
    const struct interval *interval = &ratio.interval;
    const char *verdict = interval->high <= options->goal ? "holds" : interval->low > options->goal ? "misses" : "open";
    printf("%-24s %-5s %-9s %8.2f %8.2f   %5.3f [%5.3f, %5.3f]  %s\n", options->label, work->name, other->name,
           median_of(hand->ns, options->rounds), median_of(other->ns, options->rounds), ratio.median, interval->low,
           interval->high, variant == 1 ? verdict : "-");
}

static int run_all(const struct options *options)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
    if (!rng)
        return 1;
    gsl_rng_set(rng, options->seed);
    uint64_t checksums[WORKS];
    for (size_t i = 0; i < WORKS; i++)
        checksums[i] = run_variant(&works[i].variants[0], &works[i]);
    for (size_t round = 0; round < options->rounds + WARMUP; round++)
        for (size_t i = 0; i < WORKS; i++)
            run_round(&works[i], checksums[i], round < WARMUP ? 0 : round - WARMUP, rng);
    for (size_t i = 0; i < WORKS; i++)
        for (size_t variant = 1; variant < count_variants(&works[i]); variant++)
            print_row(&works[i], options, variant, rng);
    gsl_rng_free(rng);
    return 0;
}

/* One variant alone, for a profiler: "list/contract". */
static int run_only(const struct options *options)
{
    for (size_t i = 0; i < WORKS; i++)
        for (size_t v = 0; v < count_variants(&works[i]); v++) {
            char name[64];
            snprintf(name, sizeof name, "%s/%s", works[i].name, works[i].variants[v].name);
            if (strcmp(name, options->only) != 0)
                continue;
            uint64_t sum = 0;
            for (size_t round = 0; round < options->rounds; round++)
                sum ^= run_variant(&works[i].variants[v], &works[i]) + round;
            printf("%s %" PRIu64 "\n", name, sum);
            return 0;
        }
    fprintf(stderr, "tax: nothing is named %s; use WORK/VARIANT, as in list/contract\n", options->only);
    return 2;
}

/* ---- the command */

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 'r':
        options->rounds = (size_t)strtoul(text, NULL, 10);
        if (options->rounds < 5 || options->rounds > ROUNDS_MAX)
            argp_error(state, "--rounds is 5 to %d", ROUNDS_MAX);
        return 0;
    case 's': options->seed = strtoul(text, NULL, 10); return 0;
    case 'g': options->goal = strtod(text, NULL); return 0;
    case 'l': options->label = text; return 0;
    case 'o': options->only = text; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option argp_options[] = {
    {"rounds", 'r', "N", 0, "how often each is measured (200)", 0},
    {"seed", 's', "N", 0, "of the order and of the bootstrap (1)", 0},
    {"goal", 'g', "RATIO", 0, "what the interval is held against (1.05)", 0},
    {"label", 'l', "TEXT", 0, "the first column", 0},
    {"only", 'o', "WORK/VARIANT", 0, "runs one variant alone, for a profiler", 0},
    {0},
};

int main(int argc, char **argv)
{
    struct options options = {.rounds = 200, .seed = 1, .goal = 1.05, .label = mm_strategy.name};
    const struct argp argp = {argp_options, parse, NULL, "What the contract costs over plain C.", NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    if (hand_open() != 0 || contract_open() != 0) {
        fprintf(stderr, "tax: no memory\n");
        return 1;
    }
    int status = 0;
    if (options.only)
        status = run_only(&options);
    else
        status = run_all(&options);
    contract_close();
    hand_close();
    return status;
}
