/* peers-allocators: malloc and free alone, ours against the others', as rows of CSV.
 *
 * In a round every contender does the work once, in random order, in this process. A round gives a ratio per
 * comparison, the median of the rounds' is the figure (common/statistics.h). Where ours is held against the best of
 * several, the best is the one with the lowest median. The clock is the thread's CPU time. */
#include <argp.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/statistics.h"
#include "work.h"

enum { ROUNDS_MAX = 4096 };

/* Ours, and whom it is held against: the best of them. */
struct comparison {
    enum contender_name ours;
    enum contender_name others[4];
    size_t other_count;
    double goal[2]; /* for each pattern: at most so many times their time */
};

static const struct comparison comparisons[] = {
    {PYMALLOC_FAST, {GLIBC, MIMALLOC, TCMALLOC, JEMALLOC}, 4, {[LIFO] = 1.0, [REPLACE] = 1.1}},
    {PYMALLOC, {PYOBJECT}, 1, {[LIFO] = 1.0, [REPLACE] = 1.0}},
};

struct options {
    size_t rounds;
    uint64_t seed;
    bool own, all;
};

static double ns[CONTENDERS][ROUNDS_MAX];
static void *blocks[CONTENDERS][BLOCKS];

static _Noreturn void give_up(const struct work *work, const struct contender *contender)
{
    fprintf(stderr, "peers-allocators: %s: %s ran out of memory, or blocks of it overlap\n", work->name,
            contender->name);
    exit(1);
}

/* ---- measuring */

static void measure_round(const struct work *work, size_t round, uint64_t *random)
{
    size_t order[CONTENDERS];
    for (size_t i = 0; i < CONTENDERS; i++) {
        size_t j = next_random(random) % (i + 1);
        order[i] = order[j];
        order[j] = i;
    }
    for (size_t i = 0; i < CONTENDERS; i++) {
        size_t who = order[i];
        if (!contenders[who].malloc)
            continue;
        ns[who][round] = work_measure(work, &contenders[who], blocks[who], round);
        if (isnan(ns[who][round]))
            give_up(work, &contenders[who]);
    }
}

static void measure(const struct work *work, const struct options *options, uint64_t *random)
{
    work_draw(work, random);
    for (size_t i = 0; i < CONTENDERS; i++)
        if (contenders[i].malloc && work_begin(work, &contenders[i], blocks[i]))
            give_up(work, &contenders[i]);
    for (size_t round = 0; round < options->rounds; round++)
        measure_round(work, round, random);
    for (size_t i = 0; i < CONTENDERS; i++)
        if (contenders[i].malloc)
            work_end(work, &contenders[i], blocks[i]);
}

/* ---- rows */

static double median_ns(size_t who, size_t rounds)
{
    double values[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++)
        values[i] = ns[who][i];
    return median_of(values, rounds);
}

/* `goal` NaN: for information. */
static void print_row(const struct work *work, size_t ours, size_t against, double goal, size_t rounds)
{
    static struct round pairs[ROUNDS_MAX];
    for (size_t i = 0; i < rounds; i++)
        pairs[i] = (struct round){.ours = {&ns[ours][i], 1}, .against = {&ns[against][i], 1}};
    struct ratio ratio;
    gsl_rng *rng = bootstrap_rng(work->name);
    if (!rng || ratio_of_rounds(pairs, rounds, rng, &ratio)) {
        fprintf(stderr, "peers-allocators: no memory\n");
        exit(1);
    }
    gsl_rng_free(rng);
    printf("%s,%s,%s,%.3f,%.3f,%.4f,%.4f,%.4f,", work->name, contenders[ours].name, contenders[against].name,
           median_ns(ours, rounds), median_ns(against, rounds), ratio.median, ratio.interval.low, ratio.interval.high);
    const char *verdict = ratio.interval.high <= goal ? "holds" : ratio.interval.low > goal ? "misses" : "open";
    if (isnan(goal))
        puts(",-");
    else
        printf("%.2f,%s\n", goal, verdict);
}

static void print_comparison(const struct work *work, const struct comparison *comparison,
                             const struct options *options)
{
    if (!contenders[comparison->ours].malloc)
        return;
    size_t best = CONTENDERS;
    for (size_t i = 0; i < comparison->other_count; i++) {
        size_t other = comparison->others[i];
        if (contenders[other].malloc &&
            (best == CONTENDERS || median_ns(other, options->rounds) < median_ns(best, options->rounds)))
            best = other;
    }
    if (best != CONTENDERS)
        print_row(work, comparison->ours, best, comparison->goal[work->pattern], options->rounds);
    for (size_t i = 0; options->all && i < comparison->other_count; i++)
        if (comparison->others[i] != best && contenders[comparison->others[i]].malloc)
            print_row(work, comparison->ours, comparison->others[i], NAN, options->rounds);
}

static void run_all(const struct options *options)
{
    uint64_t random = options->seed;
    puts(options->own ? "work,ns" : "work,ours,against,ours_ns,against_ns,ratio,low,high,goal,holds");
    for (size_t i = 0; i < WORKS; i++) {
        measure(&works[i], options, &random);
        if (options->own) {
            printf("%s,%.3f\n", works[i].name, median_ns(GLIBC, options->rounds));
            continue;
        }
        for (size_t j = 0; j < sizeof comparisons / sizeof *comparisons; j++)
            print_comparison(&works[i], &comparisons[j], options);
    }
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
    case 's': options->seed = strtoull(text, NULL, 10); return 0;
    case 'a': options->all = true; return 0;
    case 'o': options->own = true; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option argp_options[] = {
    {"rounds", 'r', "N", 0, "how often each is measured (200)", 0},
    {"seed", 's', "N", 0, "of sizes and order (1)", 0},
    {"all", 'a', NULL, 0, "a row against each of the others, not the best alone", 0},
    {"own", 'o', NULL, 0, "the process's own malloc alone, whatever is preloaded: to cross-check", 0},
    {0},
};

int main(int argc, char **argv)
{
    struct options options = {.rounds = 200, .seed = 1};
    const struct argp argp = {argp_options, parse, NULL, "Allocators alone: ours and the others'.", NULL, NULL, NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    contenders_make_room(argv);
    contenders_open(options.own);
    run_all(&options);
    return 0;
}
