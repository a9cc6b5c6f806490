/* Commands on what is there: the folders of runs, and what there is to run. */
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/analysis.h"
#include "driver/child.h"
#include "driver/commands.h"
#include "driver/list.h"
#include "driver/merge.h"
#include "driver/run.h"
#include "driver/say.h"
#include "driver/seal.h"
#include "driver/usage.h"
#include "driver/verify.h"
#include "schema/schema.h"

enum { KEY_NO_REPORT = 256 };

struct one_word {
    const char *word;
    bool no_report;
};

static error_t parse_word(int key, char *value, struct argp_state *state)
{
    struct one_word *input = state->input;
    if (key == KEY_NO_REPORT)
        input->no_report = true;
    else if (key != ARGP_KEY_ARG)
        return ARGP_ERR_UNKNOWN;
    else if (input->word)
        usage_error(state, "one at a time: %s or %s", input->word, value);
    else
        input->word = value;
    return 0;
}

int command_list(int count, char **words)
{
    static const struct argp argp = {NULL,
                                     parse_word,
                                     "[strategies|workloads|allocators|experiments|NAME]",
                                     "Lists what there is, found out from the executables and the machine.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct one_word input = {0};
    usage_parse(&argp, count, words, &input);
    return list_command(input.word);
}

/* ---- kinds of folders */

static int summarise(const char *folder)
{
    return analysis_summarise(folder, stdout);
}

static int plot(const char *folder)
{
    return analysis_plot(folder, stdout);
}

static int report(const char *folder)
{
    return analysis_report(folder, stdout);
}

static const struct folder_kind run_kind = {.mark = "machine.json", .acts = {summarise, plot, report}};
static const struct folder_kind *other_kind;

void commands_add_folder_kind(const struct folder_kind *kind)
{
    other_kind = kind;
}

static folder_act *act_for(enum folder_command command, const char *folder)
{
    return (other_kind && other_kind->is_one(folder) ? other_kind : &run_kind)->acts[command];
}

/* The newest folder in results/ that has the file, if it is newer than `newest`, in the place of that. */
static void find_newest(const char *mark, char **newest, time_t *newest_time)
{
    char *pattern = must_print("results/*/%s", mark);
    glob_t found = {0};
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct stat about;
        if (stat(found.gl_pathv[i], &about) != 0 || about.st_mtim.tv_sec < *newest_time)
            continue;
        *newest_time = about.st_mtim.tv_sec;
        free(*newest);
        *newest = must_print("%.*s", (int)(strlen(found.gl_pathv[i]) - strlen(mark) - 1), found.gl_pathv[i]);
    }
    globfree(&found);
    free(pattern);
}

/* Owned by the caller; NULL if there is none. */
static char *newest_folder(void)
{
    char *newest = NULL;
    time_t newest_time = 0;
    find_newest(run_kind.mark, &newest, &newest_time);
    if (other_kind)
        find_newest(other_kind->mark, &newest, &newest_time);
    return newest;
}

static int on_folder(const struct argp *argp, int count, char **words, enum folder_command command)
{
    struct one_word input = {0};
    usage_parse(argp, count, words, &input);
    char *folder = input.word ? must_copy(input.word) : newest_folder();
    if (folder)
        seal_warn(folder);
    child_unwatch_signals();
    int failure = folder ? act_for(command, folder)(folder) : 0;
    if (!folder)
        say("there is no run in results/; make one with `reclaim run`, or give its folder");
    int code = !folder || failure == -ENOENT || failure == -ENOTDIR ? EXIT_USAGE : failure ? EXIT_SOME_FAILED : 0;
    free(folder);
    return code;
}

#define RUN_ARGUMENT "[RUN]"

int command_summary(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Prints the table of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_folder(&argp, count, words, FOLDER_SUMMARY);
}

int command_plot(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Draws the figures of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_folder(&argp, count, words, FOLDER_PLOT);
}

int command_report(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Writes the report of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_folder(&argp, count, words, FOLDER_REPORT);
}

/* For commands that take no run for granted. False, after a message: none was given. */
static bool parse_folder(const struct argp *argp, const char *command, int count, char **words, struct one_word *input)
{
    *input = (struct one_word){0};
    usage_parse(argp, count, words, input);
    if (!input->word)
        say("%s: which run? Give its folder: reclaim %s results/...", command, command);
    return input->word;
}

int command_resume(int count, char **words)
{
    static const struct argp_option table[] = {
        {"no-report", KEY_NO_REPORT, NULL, 0, "Only measure: no table, no figures, no report", 0}, {0}};
    static const struct argp argp = {
        table, parse_word, "RUN", "Goes on with a run that was cut off: measures what is missing.", NULL, NULL, NULL};
    struct one_word input;
    return parse_folder(&argp, "resume", count, words, &input) ? resume_command(input.word, input.no_report)
                                                               : EXIT_USAGE;
}

int command_verify(int count, char **words)
{
    static const struct argp argp = {NULL,
                                     parse_word,
                                     "RUN",
                                     "Says whether a run holds what was planned, once each, and is as it was "
                                     "measured.\vExit codes: 0 yes, 1 no, 2 it "
                                     "is no run.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct one_word input;
    return parse_folder(&argp, "verify", count, words, &input) ? verify_command(input.word) : EXIT_USAGE;
}

struct several_words {
    struct strings words;
    bool no_report;
};

static error_t parse_words(int key, char *value, struct argp_state *state)
{
    struct several_words *input = state->input;
    if (key == KEY_NO_REPORT)
        input->no_report = true;
    else if (key == ARGP_KEY_ARG)
        strings_add(&input->words, value);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

int command_merge(int count, char **words)
{
    static const struct argp_option table[] = {
        {"no-report", KEY_NO_REPORT, NULL, 0, "Only merge: no table, no figures, no report", 0}, {0}};
    static const struct argp argp = {
        table, parse_words, "OUT RUN...", "Makes one run, in the new folder OUT, of all shards of a plan.",
        NULL,  NULL,        NULL};
    struct several_words input = {0};
    usage_parse(&argp, count, words, &input);
    int code = EXIT_USAGE;
    if (input.words.count < 2) {
        say("merge: which? Give the folder to make, then those of the shards: reclaim merge OUT RUN...");
    } else {
        struct strings runs = {input.words.items + 1, input.words.count - 1};
        code = merge_command(input.words.items[0], &runs, input.no_report);
    }
    strings_free(&input.words);
    return code;
}

int command_schema(int count, char **words)
{
    static const struct argp argp = {.doc = "Prints what is in the files of a run: results/SCHEMA.md."};
    usage_parse(&argp, count, words, NULL);
    schema_print_markdown(stdout);
    return EXIT_ALL_OK;
}
