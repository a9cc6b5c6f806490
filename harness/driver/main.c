/* reclaim: measures what ways of managing memory cost, and what they give.
 *
 * One argp parser a command; the words up to the command are main's own. */
#include <argp.h>
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/analysis.h"
#include "claims/command.h"
#include "driver/child.h"
#include "driver/compare.h"
#include "driver/doctor.h"
#include "driver/list.h"
#include "driver/merge.h"
#include "driver/minheap.h"
#include "driver/run.h"
#include "driver/say.h"
#include "driver/seal.h"
#include "driver/verify.h"
#include "schema/schema.h"
#include "sites/command.h"

#ifndef RECLAIM_VERSION
#define RECLAIM_VERSION "unknown"
#endif

/* ---- options of `run` */

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
    {"dry-run", KEY_DRY_RUN, NULL, 0, "Print the plan and stop; a pilot is run first, and kept", 0},
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
            argp_error(state, "one experiment at a time: %s or %s", options->file, value);
        options->file = value;
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int do_run(int count, char **words)
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
    struct run_options options = {0};
    argp_parse(&argp, count, words, 0, NULL, &options);
    int code = run_command(&options);
    options_free(&options);
    return code;
}

static int do_minheap(int count, char **words)
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
    struct run_options options = {0};
    argp_parse(&argp, count, words, 0, NULL, &options);
    int code = minheap_command(&options);
    options_free(&options);
    return code;
}

/* ---- commands with one word after them */

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
        argp_error(state, "one at a time: %s or %s", input->word, value);
    else
        input->word = value;
    return 0;
}

static int do_list(int count, char **words)
{
    static const struct argp argp = {NULL,
                                     parse_word,
                                     "[strategies|workloads|allocators|experiments|NAME]",
                                     "Lists what there is, found out from the executables and the machine.",
                                     NULL,
                                     NULL,
                                     NULL};
    struct one_word input = {0};
    argp_parse(&argp, count, words, 0, NULL, &input);
    return list_command(input.word);
}

/* The newest folder in results/ that is a run; owned by the caller, NULL if there is none. */
static char *newest_run(void)
{
    glob_t found = {0};
    char *newest = NULL;
    struct timespec newest_time = {0};
    glob("results/*/machine.json", 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        struct stat about;
        if (stat(found.gl_pathv[i], &about) != 0 || about.st_mtim.tv_sec < newest_time.tv_sec)
            continue;
        newest_time = about.st_mtim;
        free(newest);
        newest = must_print("%.*s", (int)(strlen(found.gl_pathv[i]) - strlen("/machine.json")), found.gl_pathv[i]);
    }
    globfree(&found);
    return newest;
}

static int on_run(const struct argp *argp, int count, char **words, int (*act)(const char *folder))
{
    struct one_word input = {0};
    argp_parse(argp, count, words, 0, NULL, &input);
    char *folder = input.word ? must_copy(input.word) : newest_run();
    if (folder)
        seal_warn(folder);
    int failure = folder ? act(folder) : 0;
    if (!folder)
        say("there is no run in results/; make one with `reclaim run`, or give its folder");
    int code = !folder || failure == -ENOENT || failure == -ENOTDIR ? EXIT_USAGE : failure ? EXIT_SOME_FAILED : 0;
    free(folder);
    return code;
}

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

#define RUN_ARGUMENT "[RUN]"

static int do_summary(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Prints the table of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_run(&argp, count, words, summarise);
}

static int do_plot(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Draws the figures of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_run(&argp, count, words, plot);
}

static int do_report(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, RUN_ARGUMENT, "Writes the report of a run (a folder; without it the newest in results/).",
        NULL, NULL,       NULL};
    return on_run(&argp, count, words, report);
}

static int do_resume(int count, char **words)
{
    static const struct argp_option table[] = {
        {"no-report", KEY_NO_REPORT, NULL, 0, "Only measure: no table, no figures, no report", 0}, {0}};
    static const struct argp argp = {
        table, parse_word, "RUN", "Goes on with a run that was cut off: measures what is missing.", NULL, NULL, NULL};
    struct one_word input = {0};
    argp_parse(&argp, count, words, 0, NULL, &input);
    if (!input.word) {
        say("resume: which run? Give its folder: reclaim resume results/...");
        return EXIT_USAGE;
    }
    return resume_command(input.word, input.no_report);
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

static int do_merge(int count, char **words)
{
    static const struct argp_option table[] = {
        {"no-report", KEY_NO_REPORT, NULL, 0, "Only merge: no table, no figures, no report", 0}, {0}};
    static const struct argp argp = {
        table, parse_words, "OUT RUN...", "Makes one run, in the new folder OUT, of all shards of a plan.", NULL, NULL,
        NULL};
    struct several_words input = {0};
    argp_parse(&argp, count, words, 0, NULL, &input);
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

static int do_verify(int count, char **words)
{
    static const struct argp argp = {
        NULL, parse_word, "RUN", "Says whether a run holds what was planned, once each, and is as it was measured.",
        NULL, NULL,       NULL};
    struct one_word input = {0};
    argp_parse(&argp, count, words, 0, NULL, &input);
    if (!input.word) {
        say("verify: which run? Give its folder: reclaim verify results/...");
        return EXIT_USAGE;
    }
    return verify_command(input.word);
}

static int do_schema(int count, char **words)
{
    static const struct argp argp = {.doc = "Prints what is in the files of a run: results/SCHEMA.md."};
    argp_parse(&argp, count, words, 0, NULL, NULL);
    schema_print_markdown(stdout);
    return EXIT_ALL_OK;
}

/* ---- which command */

static const struct command {
    const char *name, *summary;
    int (*act)(int count, char **words);
} commands[] = {
    {"list", "strategies, workloads, allocators and experiments", do_list},
    {"run", "measure", do_run},
    {"minheap", "the smallest heap limit with which each cell runs", do_minheap},
    {"sites", "which lines allocate, what of it is live, what leaks", sites_command},
    {"resume", "go on with a run that was cut off", do_resume},
    {"merge", "make one run of the shards of a plan", do_merge},
    {"summary", "the table of a run", do_summary},
    {"compare", "two runs, or two strategies of one: faster, slower, no difference shown", compare_command},
    {"plot", "the figures of a run", do_plot},
    {"report", "the report of a run", do_report},
    {"verify", "does a run hold what was planned, as it was measured?", do_verify},
    {"claims", "what documents on Python's memory claim: holds, does not hold, depends", claims_command},
    {"doctor", "is this machine fit to measure on?", doctor_command},
    {"schema", "the columns of a run's files", do_schema},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static void print_help(FILE *out)
{
    fputs("Usage: reclaim COMMAND [OPTION...] [ARGUMENT]\n"
          "Measures what ways of managing memory cost, and what they give, on the same work.\n\n",
          out);
    for (size_t i = 0; i < COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", commands[i].name, commands[i].summary);
    fputs("\n`reclaim COMMAND --help` has a command's options. To begin with: reclaim run experiments/quick.yaml\n",
          out);
}

static int act_on(const struct command *command, int count, char **words)
{
    words[0] = must_print("reclaim %s", command->name);
    int code = command->act(count, words);
    free(words[0]);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        say("cannot write to stdout: %s", strerror(errno));
        return EXIT_SOME_FAILED;
    }
    return code;
}

int main(int count, char **words)
{
    argp_program_version = "reclaim " RECLAIM_VERSION;
    argp_err_exit_status = EXIT_USAGE;
    child_watch_signals();
    const char *name = count > 1 ? words[1] : "";
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return EXIT_ALL_OK;
    }
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        puts(argp_program_version);
        return EXIT_ALL_OK;
    }
    const char *names[COMMANDS];
    for (size_t i = 0; i < COMMANDS; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return act_on(&commands[i], count - 1, words + 1);
        names[i] = commands[i].name;
    }
    if (count < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    const char *nearest = nearest_of(name, names, COMMANDS);
    say("there is no command %s;%s%s%s `reclaim --help` lists them", name, nearest ? " did you mean " : "",
        nearest ? nearest : "", nearest ? "?" : "");
    return EXIT_USAGE;
}
