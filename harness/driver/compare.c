#include "driver/compare.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/analysis.h"
#include "driver/child.h"
#include "driver/run.h"
#include "driver/say.h"
#include "driver/seal.h"
#include "driver/text.h"
#include "driver/usage.h"

enum { KEY_FORMAT = 'f', KEY_ALL = 'a', KEY_FAIL = 256, KEY_OUT = 'o' };

static const struct argp_option table[] = {
    {"format", KEY_FORMAT, "FORMAT", 0, "table (default), csv, json, or markdown, for a pull request", 0},
    {"all", KEY_ALL, NULL, 0, "Also list cells without a difference (csv and json always have them)", 0},
    {"fail-if-slower", KEY_FAIL, "PERCENT", 0,
     "Exit with 1 if a cell is shown to be slower by more than this (5%), its whole interval beyond it, or if NEW "
     "has no figure where BASE has one",
     0},
    {"out", KEY_OUT, "FILE", 0, "Write to a file", 0},
    {0},
};

struct input {
    struct compare_options options;
    const char *out;
};

static const char *const formats[] = {
    [COMPARE_TABLE] = "table", [COMPARE_CSV] = "csv", [COMPARE_JSON] = "json", [COMPARE_MARKDOWN] = "markdown"};
enum { FORMATS = sizeof formats / sizeof *formats };

static void parse_format(const char *value, struct input *input, struct argp_state *state)
{
    size_t i = 0;
    while (i < FORMATS && strcmp(formats[i], value) != 0)
        i++;
    if (i == FORMATS)
        usage_error(state, "--format %s: expected table, csv, json or markdown", value);
    input->options.format = (enum compare_format)i;
}

static void parse_percent(const char *value, struct input *input, struct argp_state *state)
{
    char *end;
    double percent = strtod(value, &end);
    if (end == value || (strcmp(end, "%") != 0 && *end) || !(percent >= 0 && percent <= 1e6))
        usage_error(state, "--fail-if-slower %s: expected per cent, such as 5%%", value);
    input->options.slower_than = percent / 100;
}

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct input *input = state->input;
    switch (key) {
    case KEY_FORMAT: parse_format(value, input, state); break;
    case KEY_ALL: input->options.all = true; break;
    case KEY_FAIL: parse_percent(value, input, state); break;
    case KEY_OUT: input->out = value; break;
    case ARGP_KEY_ARG:
        if (input->options.new)
            usage_error(state, "two at a time: what is %s?", value);
        *(input->options.base ? &input->options.new : &input->options.base) = value;
        break;
    case ARGP_KEY_END:
        if (!input->options.new)
            usage_error(state, "which two? Give the folders of two runs, BASE and NEW, or RUN:STRATEGY :STRATEGY");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int print(const struct input *input, bool *failed)
{
    child_unwatch_signals();
    if (!input->out)
        return analysis_compare(&input->options, stdout, failed);
    FILE *out = fopen(input->out, "wb");
    if (!out) {
        say("%s: cannot be written: %s", input->out, strerror(errno));
        return -EINVAL;
    }
    int error = analysis_compare(&input->options, out, failed);
    bool broken = ferror(out) != 0;
    if ((fclose(out) != 0 || broken) && (!error || error == -EIO)) {
        say("%s: cannot be written; make room, then run the command again", input->out);
        error = -EIO;
    }
    return error;
}

/* RUN, RUN:NAME or :NAME. */
static void warn_of_seal(const char *side)
{
    const char *colon = strrchr(side, ':');
    char *folder = must_print("%.*s", colon ? (int)(colon - side) : (int)strlen(side), side);
    if (*folder)
        seal_warn(folder);
    free(folder);
}

int compare_command(int count, char **words)
{
    static const struct argp argp = {
        table,
        parse,
        "BASE NEW",
        "Compares two runs cell by cell: faster, slower, or no difference shown.\v"
        "BASE and NEW are folders of runs. RUN:NAME takes one strategy or allocator of a run, and :NAME one of BASE's "
        "run:\n"
        "  reclaim compare results/monday results/tuesday\n"
        "  reclaim compare results/monday:refcount :refcount_gc\n"
        "  reclaim compare results/monday:system :mimalloc\n"
        "Exit codes: 0, 1 as --fail-if-slower says, 2 for what cannot be compared.",
        NULL,
        NULL,
        NULL};
    struct input input = {.options.slower_than = NAN};
    usage_parse(&argp, count, words, &input);
    warn_of_seal(input.options.base);
    warn_of_seal(input.options.new);
    bool failed = false;
    int error = print(&input, &failed);
    if (error == -EIO || error == -ENOMEM)
        return EXIT_SOME_FAILED;
    return error ? EXIT_USAGE : failed ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}
