#include "sites/command.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/arguments.h"
#include "driver/csv_file.h"
#include "driver/say.h"
#include "driver/setting.h"
#include "driver/usage.h"
#include "driver/user.h"
#include "schema/schema.h"
#include "sites/print.h"

enum key {
    KEY_STRATEGY = 's',
    KEY_PARAM = 'p',
    KEY_TOP = 'n',
    KEY_BY = 'b',
    KEY_COMPARE = 'c',
    KEY_FRAMES = 'f',
    KEY_LIBRARY = 'l',
    KEY_CSV = 'o',
    KEY_HEAP_LIMIT = 256,
    KEY_ITERATIONS,
    KEY_SEED,
};

static const struct argp_option table[] = {
    {.doc = "What is run:"},
    {"strategy", KEY_STRATEGY, "NAME|FOLDER", 0, "Under which strategy (refcount_gc); may be given several times", 0},
    {"param", KEY_PARAM, "NAME=VALUE", 0, "A parameter, of whatever has one of that name", 0},
    {"heap-limit", KEY_HEAP_LIMIT, "BYTES", 0, "What the strategy's footprint may not pass: 100M, 2G", 0},
    {"iterations", KEY_ITERATIONS, "N", 0, "How often the workload's body runs (1)", 0},
    {"seed", KEY_SEED, "N", 0, "Of the workload's draws", 0},
    {.doc = "What is shown:"},
    {"top", KEY_TOP, "N", 0, "So many sites of each table (10)", 0},
    {"by", KEY_BY, "live|allocations", 0, "Only the table by what is live, or by what was allocated", 0},
    {"compare", KEY_COMPARE, "FROM,TO", OPTION_ARG_OPTIONAL,
     "What grew between two moments (50%,end): setup, a part of the operations, end, teardown", 0},
    {"frames", KEY_FRAMES, "N", 0, "So many calls tell one site from another (1)", 0},
    {"library", KEY_LIBRARY, NULL, 0, "Count lines of workloads/pyobj and common, instead of those that call them", 0},
    {"csv", KEY_CSV, "FILE", 0, "Write all sites at all moments to a file, too", 0},
    {0},
};

struct input {
    struct run_options options;
    struct printing printing;
    struct grouping grouping;
    const char *csv;
};

/* ---- the command line */

static size_t read_count(const char *option, const char *value, int64_t highest, struct argp_state *state)
{
    int64_t number = 0;
    if (!parse_integer(value, 1, highest, &number))
        usage_error(state, "--%s %s: expected a whole number from 1 to %" PRId64, option, value, highest);
    return (size_t)number;
}

static void read_ranking(const char *value, struct input *input, struct argp_state *state)
{
    bool live = strcmp(value, "live") == 0;
    if (!live && strcmp(value, "allocations") != 0)
        usage_error(state, "--by %s: expected live or allocations", value);
    input->printing.by = live ? BY_LIVE : BY_ALLOCATIONS;
}

static void read_comparison(const char *value, struct input *input, struct argp_state *state)
{
    const char *given = value ? value : "50%,end", *comma = strchr(given, ',');
    char *from = must_print("%.*s", (int)strcspn(given, ","), given);
    input->printing.from = moment_named(from);
    input->printing.to = comma ? moment_named(comma + 1) : 0;
    free(from);
    if (!input->printing.from || !input->printing.to || input->printing.from >= input->printing.to)
        usage_error(state,
                    "--compare=%s: expected two moments, the earlier first, of setup, 1%% to 99%%, end, teardown",
                    given);
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct input *input = state->input;
    switch (key) {
    case KEY_STRATEGY: strings_add(&input->options.strategies, value); break;
    case KEY_PARAM: strings_add(&input->options.params, value); break;
    case KEY_HEAP_LIMIT: strings_add(&input->options.heap_limits, value); break;
    case KEY_ITERATIONS: input->options.iterations = value; break;
    case KEY_SEED: input->options.seed = value; break;
    case KEY_TOP: input->printing.top = read_count("top", value, 1000000, state); break;
    case KEY_FRAMES: input->grouping.frames = read_count("frames", value, 64, state); break;
    case KEY_BY: read_ranking(value, input, state); break;
    case KEY_COMPARE: read_comparison(value, input, state); break;
    case KEY_LIBRARY: input->grouping.library_too = true; break;
    case KEY_CSV: input->csv = value; break;
    case ARGP_KEY_ARG: strings_add(&input->options.workloads, value); break;
    case ARGP_KEY_END:
        if (!input->options.workloads.count)
            usage_error(state, "which workload? Give its name (`reclaim list workloads`) or your own .c file");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* ---- one cell */

static struct strings arguments_of(const struct cell *cell, const struct experiment *experiment, const char *executable,
                                   const struct printing *printing)
{
    struct strings arguments = arguments_of_cell(executable, cell, experiment);
    struct text at = {0};
    const int moments[] = {printing->from, printing->to};
    for (size_t i = 0; i < 2; i++)
        if (moments[i] > 0 && moments[i] < MOMENT_END)
            text_add(&at, "%s%d", at.length ? "," : "", moments[i]);
    if (at.length) {
        strings_add(&arguments, "--at");
        strings_add(&arguments, text_string(&at));
    }
    text_free(&at);
    return arguments;
}

/* `bin` has the executables. An exit code. */
static int show_cell(const struct cell *cell, const struct setting *setting, const char *bin, const struct input *input,
                     struct text *csv)
{
    char *executable = must_print("%s/sites-%s", bin, cell->strategy->name);
    char *label = must_print("%s under %s", cell->workload->name, cell->strategy->name);
    struct strings arguments = arguments_of(cell, setting->experiment, executable, &input->printing);
    struct recording recording;
    if (say_on_terminal())
        say_status(label);
    int code = recording_take(&recording, executable, &arguments, label);
    if (!code && frames_find(executable, recording.calls, recording.call_count))
        code = EXIT_SOME_FAILED;
    say_status(NULL);
    if (!code) {
        struct sites sites;
        sites_group(&sites, &recording, &input->grouping);
        if (!sites_print(&sites, &recording, cell, &input->printing))
            code = EXIT_SOME_FAILED;
        sites_add_rows(csv, &sites, &recording, cell);
        sites_free(&sites);
    }
    recording_free(&recording);
    strings_free(&arguments);
    free(label);
    free(executable);
    return code;
}

/* ---- all */

static int write_csv(const char *path, const struct text *csv)
{
    int error = file_replace(path, csv->bytes, csv->length);
    if (error)
        say("%s: cannot be written: %s", path, strerror(-error));
    return error ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

/* The worst of their exit codes; an interruption ends it. */
static int show_all(const struct setting *setting, const char *bin, const struct input *input, struct text *csv)
{
    int worst = EXIT_ALL_OK;
    for (size_t i = 0; i < setting->plan.cell_count && worst != EXIT_INTERRUPTED; i++) {
        if (i)
            putchar('\n');
        int code = show_cell(&setting->plan.cells[i], setting, bin, input, csv);
        if (code > worst)
            worst = code;
    }
    return worst;
}

static int act(const struct input *input)
{
    struct setting setting;
    char *bin = NULL;
    int code = EXIT_USAGE;
    if (setting_make(&setting, &input->options) == 0)
        bin = user_build_sites(setting.experiment, &setting.catalogue, setting.home);
    if (bin) {
        struct text csv = {0};
        csv_add_header(&csv, &schema_tables[TABLE_SITES]);
        code = show_all(&setting, bin, input, &csv);
        if (input->csv && code != EXIT_USAGE && code != EXIT_INTERRUPTED) {
            int written = write_csv(input->csv, &csv);
            code = written > code ? written : code;
        }
        text_free(&csv);
    }
    free(bin);
    setting_free(&setting);
    return code;
}

int sites_command(int count, char **words)
{
    static const struct argp argp = {
        table,
        parse,
        "WORKLOAD",
        "Which lines of a workload allocate, what of it is live at the end, and what leaks.\v"
        "The workload is run once, watched by an executable that is built for that (the first time takes a while); "
        "those that measure know nothing of it. A block is an object or a buffer. "
        "Exit codes: 0, 1 if it failed or it is not known what is live, 2 if nothing was run.",
        NULL,
        NULL,
        NULL};
    struct input input = {.printing.top = 10, .grouping.frames = 1};
    usage_parse(&argp, count, words, &input);
    if (!input.options.strategies.count)
        strings_add(&input.options.strategies, "refcount_gc");
    int code = act(&input);
    options_free(&input.options);
    return code;
}
