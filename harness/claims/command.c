#include "claims/command.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "claims/collection.h"
#include "claims/page.h"
#include "claims/print.h"
#include "claims/tables.h"
#include "driver/child.h"
#include "driver/say.h"
#include "driver/usage.h"

enum { KEY_OUT = 'o', KEY_EXPLAIN = 'e', KEY_LIST = 'l', KEY_FROM = 256, KEY_RULES, KEY_PAGE };

static const struct argp_option table[] = {
    {"explain", KEY_EXPLAIN, NULL, 0, "Print what led to the verdict: experiment, rule, rows, figure", 0},
    {"list", KEY_LIST, NULL, 0, "List the claims, and stop", 0},
    {"out", KEY_OUT, "FOLDER", 0, "New, or one to go on with; without it results/claims-<time>", 0},
    {"from", KEY_FROM, "FOLDER", 0, "Measure nothing: judge what was measured there", 0},
    {"page", KEY_PAGE, "FILE", 0, "Write a page about all of them: docs/claims.md", 0},
    {"rules", KEY_RULES, "FOLDER", 0, "Where the claims are, <id>.yaml; without it experiments/claims", 0},
    {0},
};

struct input {
    struct strings ids;
    const char *out, *from, *rules, *page;
    bool explain, list;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct input *input = state->input;
    switch (key) {
    case KEY_EXPLAIN: input->explain = true; break;
    case KEY_LIST: input->list = true; break;
    case KEY_OUT: input->out = value; break;
    case KEY_FROM: input->from = value; break;
    case KEY_RULES: input->rules = value; break;
    case KEY_PAGE: input->page = value; break;
    case ARGP_KEY_ARG: strings_add(&input->ids, value); break;
    case ARGP_KEY_END:
        if (input->explain && !input->ids.count)
            usage_error(state, "--explain: which claim? Give its id; `reclaim claims --list` shows them");
        if (input->out && input->from)
            usage_error(state, "--out measures, --from does not: give one of them");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static char *new_folder(void)
{
    time_t now = time(NULL);
    struct tm local;
    char stamp[32];
    localtime_r(&now, &local);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
    return must_print("results/claims-%s", stamp);
}

/* Which folder: as asked for; to explain, the newest that has the claims; else a new one. */
static void choose_folder(struct collection *collection, const struct input *input)
{
    const char *given = input->from ? input->from : input->out;
    if (given)
        collection->folder = collection_folder_name(given);
    else if (input->explain)
        collection->folder = collection_newest(collection);
    if (!collection->folder)
        collection->folder = new_folder();
}

static void list(const struct collection *collection)
{
    for (size_t i = 0; i < collection->count; i++)
        printf("%-16s  %s\n", collection->claims[i].claim->id, collection->claims[i].claim->claim);
}

/* Whether it only looks again at some of what is there: then the tables and pages of all stay. */
static bool looks_again(const struct collection *collection, const struct input *input)
{
    bool looks = input->ids.count && (input->from || input->explain);
    for (size_t i = 0; i < collection->count && looks; i++)
        looks = tables_have(collection->folder, collection->claims[i].claim->id);
    return looks;
}

static void explain(const struct collection *collection)
{
    const char *between = "";
    for (size_t i = 0; i < collection->count; i++) {
        const struct collection_claim *claim = &collection->claims[i];
        if (!claim->is_wanted)
            continue;
        char *run = must_print("%s/%s", collection->folder, claim->claim->id);
        fputs(between, stdout);
        print_explanation(claim, run, stdout);
        printf("\nplot: %s/plots/%s.svg\n", collection->folder, claim->claim->id);
        between = "\n";
        free(run);
    }
}

static char *listed(const struct strings *words)
{
    struct text text = {0};
    for (size_t i = 0; i < words->count; i++)
        text_add(&text, "%s%s", i ? " " : "", words->items[i]);
    return text.bytes ? text.bytes : must_copy("");
}

/* Measures nothing: of the claims that were asked for all have to be there; without any, those that are. An exit code.
 */
static int find_measured(struct collection *collection, const struct input *input)
{
    size_t asked = collection->count;
    struct strings missing = collection_drop_unmeasured(collection);
    char *names = listed(&missing);
    int code = EXIT_ALL_OK;
    if (input->ids.count && missing.count) {
        say("%s: there are no rows of %s in it; `reclaim claims --out %s %s` measures them", collection->folder, names,
            collection->folder, names);
        code = EXIT_USAGE;
    } else if (!input->ids.count && collection_add_measured(collection, true)) {
        code = EXIT_USAGE;
    } else if (!collection->count) {
        say("%s: there are no rows of claims in it; `reclaim claims --out %s` measures them", collection->folder,
            collection->folder);
        code = EXIT_USAGE;
    } else if (missing.count && missing.count < asked) {
        say("note: not measured there: %s; `reclaim claims --out %s` goes on with them", names, collection->folder);
    }
    free(names);
    strings_free(&missing);
    return code;
}

/* Tables, figures and page of all claims that were judged. */
static int write_all(const struct collection *collection)
{
    int error = tables_write(collection);
    if (!error)
        error = tables_draw(collection->folder, NULL);
    if (!error || error == -ENOENT) /* without gnuplot, which was said */
        error = page_report(collection);
    return error;
}

static int exit_code(const struct collection *collection)
{
    for (size_t i = 0; i < collection->count; i++)
        if (collection->claims[i].is_wanted && collection->claims[i].verdict.verdict == VERDICT_NOT_MEASURED)
            return EXIT_SOME_FAILED;
    return EXIT_ALL_OK;
}

static int judge_and_tell(struct collection *collection, const struct input *input)
{
    bool again = looks_again(collection, input);
    if (!again && collection_add_measured(collection, false))
        return EXIT_USAGE;
    int error = collection_judge(collection);
    if (error)
        return error == -ENOENT ? EXIT_USAGE : EXIT_SOME_FAILED;
    if (!again)
        error = write_all(collection);
    if (!error && input->explain)
        explain(collection);
    else if (!error)
        print_table(collection, stdout);
    if (!error && input->page)
        error = page_write(collection, input->page);
    if (!error && !input->explain)
        printf("%s/claims.csv\n%s/claims.html\n", collection->folder, collection->folder);
    return error ? EXIT_SOME_FAILED : exit_code(collection);
}

static int carry_out(struct collection *collection, const struct input *input)
{
    int code = input->from ? find_measured(collection, input) : collection_measure(collection);
    if (code == EXIT_ALL_OK)
        return judge_and_tell(collection, input);
    if (code != EXIT_USAGE)
        say("stopped; go on with `reclaim claims --out %s`", collection->folder);
    return code;
}

int claims_command(int count, char **words)
{
    static const struct argp argp = {
        table,
        parse,
        "[ID...]",
        "What documents on Python's memory claim, measured: holds, does not hold, or depends.\v"
        "Without an ID all of them, in some ten minutes. A verdict follows from the rows by the rule in the claim's "
        "file, which was there before the run. Exit codes: 0 all have a verdict, 1 some were not measured or the run "
        "was cut off, 2 nothing was run.",
        NULL,
        NULL,
        NULL};
    struct input input = {.rules = RECLAIM_SOURCE_DIR "/experiments/claims"};
    struct collection collection;
    usage_parse(&argp, count, words, &input);
    int code = EXIT_USAGE;
    if (collection_read(&collection, input.rules, &input.ids) == 0) {
        choose_folder(&collection, &input);
        code = EXIT_ALL_OK;
        if (input.list)
            list(&collection);
        else
            code = carry_out(&collection, &input);
    }
    collection_free(&collection);
    strings_free(&input.ids);
    return code;
}
