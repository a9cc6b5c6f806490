/* `reclaim run` and `reclaim minheap`: their options. */

#include "driver/commands.h"
#include "driver/minheap.h"
#include "driver/run.h"
#include "driver/usage.h"

enum key {
    KEY_STRATEGY = 's',
    KEY_WORKLOAD = 'w',
    KEY_ALLOCATOR = 'a',
    KEY_PARAM = 'p',
    KEY_INVOCATIONS = 'i',
    KEY_REPETITIONS = 'r',
    KEY_OUT = 'o',
    KEY_DRY_RUN = 'n',
    KEY_HEAP_LIMIT = 256,
    KEY_WARMUP,
    KEY_ITERATIONS,
    KEY_SEED,
    KEY_TIMEOUT,
    KEY_MEMORY_LIMIT,
    KEY_COUNTER,
    KEY_PRECISION,
    KEY_TIME,
    KEY_PLAN,
    KEY_SHARD,
    KEY_NO_TIMELINE,
    KEY_NO_REPORT,
};

static const struct argp_option run_table[] = {
    {.doc = "What is run (each may be given several times, and replaces what the experiment has):"},
    {"strategy", KEY_STRATEGY, "NAME|FOLDER", 0, "A strategy, `all` of them, or the folder of your own", 0},
    {"workload", KEY_WORKLOAD, "NAME|FILE.c", 0, "A workload, `all` of them, or your own .c file", 0},
    {"allocator", KEY_ALLOCATOR, "NAME|PATH", 0, "system, mimalloc, jemalloc, tcmalloc, or a shared object", 0},
    {"param", KEY_PARAM, "NAME=VALUE", 0,
     "A parameter, of whatever has one of that name; WORKLOAD.NAME=VALUE or STRATEGY.NAME=VALUE for one alone", 0},
    {"heap-limit", KEY_HEAP_LIMIT, "BYTES", 0, "What a strategy's footprint may not pass: 100M, 2G; 0: no limit", 0},
    {.doc = "How it is measured:"},
    {"invocations", KEY_INVOCATIONS, "N", 0, "Processes per cell", 0},
    {"repetitions", KEY_REPETITIONS, "N", 0, "Measured repetitions in each process", 0},
    {"warmup", KEY_WARMUP, "N", 0, "Repetitions before those, not measured", 0},
    {"iterations", KEY_ITERATIONS, "N", 0, "How often a workload's body runs in a repetition", 0},
    {"seed", KEY_SEED, "N", 0, "Of the order of the processes and of the workloads' draws", 0},
    {"timeout", KEY_TIMEOUT, "SECONDS", 0, "For each process; 0: none", 0},
    {"memory-limit", KEY_MEMORY_LIMIT, "BYTES", 0, "For each process: 512M, 4G; 0: none", 0},
    {"counter", KEY_COUNTER, "WHAT", 0,
     "Count instead of timing: instructions, under valgrind, some fifty times slower; or syscalls, traced", 0},
    {.doc = "How often, by a pilot that measures how times vary (invocations and repetitions are then the fewest):"},
    {"precision", KEY_PRECISION, "PERCENT", 0, "Enough for intervals of so much to each side: 1%", 0},
    {"time", KEY_TIME, "TIME", 0, "As precise as fits: 90s, 30min, 2h; the pilot is not in it", 0},
    {"plan", KEY_PLAN, "RUN", 0, "As often as in another run's plan, and its experiment if none is given", 0},
    {"shard", KEY_SHARD, "K/N", 0, "The K-th of N parts, for several machines; `reclaim merge` joins them", 0},
    {.doc = "What comes out:"},
    {"out", KEY_OUT, "FOLDER", 0, "New or empty; without it results/<experiment>-<time>", 0},
    {"no-timeline", KEY_NO_TIMELINE, NULL, 0, "No extra process per cell that samples live and footprint", 0},
    {"no-report", KEY_NO_REPORT, NULL, 0, "Only measure: no table, no figures, no report", 0},
    {"dry-run", KEY_DRY_RUN, NULL, 0,
     "Print the plan and stop; what has to be measured for it (a pilot, smallest heaps) is measured, and kept", 0},
    {0},
};

static error_t parse_run(int key, char *value, struct argp_state *state)
{
    struct run_options *options = state->input;
    switch (key) {
    case KEY_STRATEGY: strings_add(&options->strategies, value); break;
    case KEY_WORKLOAD: strings_add(&options->workloads, value); break;
    case KEY_ALLOCATOR: strings_add(&options->allocators, value); break;
    case KEY_PARAM: strings_add(&options->params, value); break;
    case KEY_HEAP_LIMIT: strings_add(&options->heap_limits, value); break;
    case KEY_INVOCATIONS: options->invocations = value; break;
    case KEY_REPETITIONS: options->repetitions = value; break;
    case KEY_WARMUP: options->warmup = value; break;
    case KEY_ITERATIONS: options->iterations = value; break;
    case KEY_SEED: options->seed = value; break;
    case KEY_TIMEOUT: options->timeout = value; break;
    case KEY_MEMORY_LIMIT: options->memory_limit = value; break;
    case KEY_COUNTER: options->counter = value; break;
    case KEY_OUT: options->out = value; break;
    case KEY_PRECISION: options->precision = value; break;
    case KEY_TIME: options->time = value; break;
    case KEY_PLAN: options->plan = value; break;
    case KEY_SHARD: options->shard = value; break;
    case KEY_NO_TIMELINE: options->no_timeline = true; break;
    case KEY_NO_REPORT: options->no_report = true; break;
    case KEY_DRY_RUN: options->dry_run = true; break;
    case ARGP_KEY_ARG:
        if (options->file)
            usage_error(state, "one experiment at a time: %s or %s", options->file, value);
        options->file = value;
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int with_options(const struct argp *argp, int count, char **words, int (*act)(const struct run_options *options))
{
    struct run_options options = {0};
    usage_parse(argp, count, words, &options);
    int code = act(&options);
    options_free(&options);
    return code;
}

int command_run(int count, char **words)
{
    static const struct argp argp = {
        run_table,
        parse_run,
        "[EXPERIMENT.yaml]",
        "Measures: one process at a time, in random order, rows as they come.\v"
        "Without an experiment: every strategy and every workload that no option names, on the system's allocator. "
        "Exit codes: 0 all ok, 1 some cells failed or the run was cut off, 2 nothing was run.",
        NULL,
        NULL,
        NULL};
    return with_options(&argp, count, words, run_command);
}

int command_minheap(int count, char **words)
{
    static const struct argp argp = {
        run_table,
        parse_run,
        "[EXPERIMENT.yaml]",
        "Finds the smallest heap limit with which each cell runs, to 1 %, by bisection.\v"
        "Given again with the same folder it goes on where it was cut off. Exit codes: 0 all found, 1 some not or cut "
        "off, 2 nothing was run.",
        NULL,
        NULL,
        NULL};
    return with_options(&argp, count, words, minheap_command);
}
