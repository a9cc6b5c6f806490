#include "bench/options.h"

#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/memory.h"
#include "bench/message.h"
#include "bench/number.h"

#ifndef RECLAIM_VERSION
#define RECLAIM_VERSION "unknown"
#endif
const char bench_version[] = RECLAIM_VERSION;

enum key {
    KEY_DESCRIBE = 256,
    KEY_WORKLOAD,
    KEY_PARAM,
    KEY_STRATEGY_PARAM,
    KEY_HEAP_LIMIT,
    KEY_WARMUP,
    KEY_REPETITIONS,
    KEY_ITERATIONS,
    KEY_SEED,
    KEY_SMALL,
    KEY_MODE,
    KEY_SAMPLES,
    KEY_MARKS,
};

/* Numbers: where they go, and what is allowed. */
static const struct number_option {
    enum key key;
    const char *name;
    size_t offset;
    int64_t initial, lowest, highest;
} numbers[] = {
    {KEY_HEAP_LIMIT, "heap-limit", offsetof(struct options, heap_limit_bytes), 0, 0, INT64_MAX},
    {KEY_WARMUP, "warmup", offsetof(struct options, warmup), 0, 0, 1000000},
    {KEY_REPETITIONS, "repetitions", offsetof(struct options, repetitions), 1, 1, 1000000},
    {KEY_ITERATIONS, "iterations", offsetof(struct options, iterations), 1, 1, 1000000000},
    {KEY_SEED, "seed", offsetof(struct options, seed), 1, 0, INT64_MAX},
    {KEY_SAMPLES, "samples", offsetof(struct options, samples), 500, 1, 1000000},
};
_Static_assert(sizeof(size_t) == sizeof(uint64_t), "all numbers of struct options have the same width");

static const struct argp_option table[] = {
    {0, 0, 0, 0, "What to run:", 1},
    {"workload", KEY_WORKLOAD, "NAME", 0, "the workload; --describe lists them", 1},
    {"param", KEY_PARAM, "NAME=VALUE", 0, "a parameter of the workload; sizes may end in K, M or G (1024)", 1},
    {"small", KEY_SMALL, 0, 0, "parameters that are not given take their small value instead of their initial one", 1},
    {"seed", KEY_SEED, "N", 0, "of the workload's random numbers (1)", 1},
    {"strategy-param", KEY_STRATEGY_PARAM, "NAME=VALUE", 0, "a parameter of the strategy", 1},
    {"heap-limit", KEY_HEAP_LIMIT, "BYTES", 0, "the strategy may not hold more; 0 is no limit (0)", 1},
    {0, 0, 0, 0, "How to measure:", 2},
    {"warmup", KEY_WARMUP, "N", 0, "repetitions beforehand that give no row (0)", 2},
    {"repetitions", KEY_REPETITIONS, "N", 0, "repetitions, a row each (1)", 2},
    {"iterations", KEY_ITERATIONS, "N", 0, "how many times a repetition runs the workload's body (1)", 2},
    {"mode", KEY_MODE, "MODE", 0, "time: clock and pauses; timeline: live and footprint as it runs, not timed (time)",
     2},
    {"samples", KEY_SAMPLES, "N", 0, "about how many points a timeline has (500)", 2},
    {"marks", KEY_MARKS, 0, 0, "mark where iterations begin and end, by system calls, for reclaim-tracer", 2},
    {0, 0, 0, 0, "Other:", 3},
    {"describe", KEY_DESCRIBE, 0, 0, "print what this executable has, as JSON, and stop", 3},
    {0},
};

static _Noreturn void refuse(const char *name, const char *value, const char *wanted)
{
    message("--%s %s: %s", name, value, wanted);
    exit(BENCH_USAGE);
}

static void set_number(struct options *options, const struct number_option *option, const char *text)
{
    int64_t value = 0;
    int error = number_parse(text, &value);
    if (error == -EINVAL)
        refuse(option->name, text, "not a whole number; expected digits, and K, M or G after them if you like");
    if (error || value < option->lowest || value > option->highest) {
        message("--%s %s: out of range, expected %lld to %lld", option->name, text, (long long)option->lowest,
                (long long)option->highest);
        exit(BENCH_USAGE);
    }
    memcpy((char *)options + option->offset, &value, sizeof value);
}

static enum mode mode_of(const char *text)
{
    static const char *const names[] = {[MODE_TIME] = "time", [MODE_TIMELINE] = "timeline"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(text, names[i]) == 0)
            return (enum mode)i;
    message_unknown("mode", text, names, sizeof names / sizeof *names);
    exit(BENCH_USAGE);
}

/* Lists are made for as many entries as the command line has words. */
static void append(const char **list, const char *text)
{
    while (*list)
        list++;
    *list = text;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct options *options = state->input;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if ((int)numbers[i].key == key) {
            set_number(options, &numbers[i], value);
            return 0;
        }
    }
    switch (key) {
    case KEY_DESCRIBE: options->describe = true; return 0;
    case KEY_WORKLOAD: options->workload = value; return 0;
    case KEY_PARAM: append(options->params, value); return 0;
    case KEY_STRATEGY_PARAM: append(options->strategy_params, value); return 0;
    case KEY_SMALL: options->small = true; return 0;
    case KEY_MARKS: options->marks = true; return 0;
    case KEY_MODE: options->mode = mode_of(value); return 0;
    case ARGP_KEY_ARG: message("'%s' is no option; a workload is named by --workload NAME", value); exit(BENCH_USAGE);
    default: return ARGP_ERR_UNKNOWN;
    }
}

static void print_version(FILE *out, struct argp_state *state)
{
    fprintf(out, "%s (reclaim) %s\n", state->name, bench_version);
}

static const char **new_list(int argc)
{
    const char **list = memory_keep(((size_t)argc + 1) * sizeof *list);
    if (!list)
        exit(BENCH_FAILED);
    return list;
}

void options_parse(const char *summary, int argc, char **argv, struct options *options)
{
    *options = (struct options){.params = new_list(argc), .strategy_params = new_list(argc)};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        memcpy((char *)options + numbers[i].offset, &numbers[i].initial, sizeof numbers[i].initial);

    const char *doc = memory_keep_text(
        "Runs one workload under one strategy and writes what it measures to stdout, one JSON object a line: "
        "harness/bench/README.md. Its strategy: %s."
        "\vExit status: 0 if all went well, 1 if a row is not ok, 2 if the command line is wrong.",
        summary);
    struct argp argp = {.options = table, .parser = parse, .doc = doc};
    argp_program_version_hook = print_version;
    argp_err_exit_status = BENCH_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, options);
}
