/* peers: the systems that people know beside ours, on the same work, in one run; and whether ours meet their goals. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cells.h"
#include "collections.h"
#include "driver/awake.h"
#include "driver/child.h"
#include "driver/csv_file.h"
#include "driver/machine.h"
#include "driver/say.h"
#include "page.h"
#include "program.h"
#include "rounds.h"
#include "table.h"
#include "versions.h"

enum { ROUNDS = 25, REPETITIONS = 3, WARMUP = 1, QUICK_ROUNDS = 2, QUICK_REPETITIONS = 2, COUNT_MAX = 10000 };

/* Rounds of a program for each of ours: one of its has a single repetition, and starts no process. */
enum { PROGRAM_ROUNDS = 8 };

struct options {
    const char *table, *out;
    int64_t rounds, repetitions, seed; /* rounds and repetitions: 0 is not given */
    bool quick;
};

/* Everything that a run is made of. */
struct run {
    const struct options *options;
    struct peers_table table;
    struct catalogue catalogue;
    struct experiment *experiment;
    struct plan plan;
    struct pair *pairs; /* by row of the table */
    struct results results;
    struct rounds rounds;
    struct outcomes outcomes;
    json_t *machine;
    char *home;
};

/* ---- getting ready */

static void set_number(uint32_t **place, int64_t number)
{
    *place = must_resize(NULL, 1, sizeof **place);
    **place = (uint32_t)number;
}

static int64_t or_default(int64_t given, bool quick, int64_t quick_number, int64_t number)
{
    return given ? given : quick ? quick_number : number;
}

/* What measuring processes are given; the plan's cells come from the table instead. */
static struct experiment *make_experiment(const struct options *options)
{
    struct experiment *experiment = experiment_new();
    experiment->name = must_copy("peers");
    experiment->seed = must_resize(NULL, 1, sizeof *experiment->seed);
    *experiment->seed = options->seed;
    set_number(&experiment->invocations, or_default(options->rounds, options->quick, QUICK_ROUNDS, ROUNDS));
    set_number(&experiment->repetitions,
               or_default(options->repetitions, options->quick, QUICK_REPETITIONS, REPETITIONS));
    set_number(&experiment->warmup, WARMUP);
    experiment_complete(experiment);
    *experiment->timeline = SWITCH_OFF;
    return experiment;
}

static int make_plan(struct run *run)
{
    struct plan *plan = &run->plan;
    plan->experiment = run->experiment;
    plan->timeout_ns = (uint64_t)(strtod(run->experiment->timeout_s, NULL) * 1e9);
    parse_bytes(run->experiment->memory_limit, &plan->memory_limit_bytes);
    run->pairs = must_resize(NULL, run->table.count, sizeof *run->pairs);
    memset(run->pairs, 0, run->table.count * sizeof *run->pairs);
    if (cells_make(plan, &run->table, &run->catalogue, run->options->quick, run->pairs))
        return -1;
    if (rounds_plan(plan, *run->experiment->invocations, (uint64_t)run->options->seed) == 0)
        return 0;
    say("no memory");
    return -1;
}

/* results/peers/<date>-<time> */
static char *default_folder(void)
{
    time_t now = time(NULL);
    struct tm local;
    char stamp[32];
    localtime_r(&now, &local);
    strftime(stamp, sizeof stamp, "%Y%m%d-%H%M%S", &local);
    return must_print("results/peers/%s", stamp);
}

static int open_results(struct run *run)
{
    struct results *results = &run->results;
    results->folder = run->options->out ? must_copy(run->options->out) : default_folder();
    const char *slash = strrchr(results->folder, '/');
    results->run_id = must_print("peers-%s", slash ? slash + 1 : results->folder);
    results_begin(results, &run->plan);
    if (results_take_folder(results) || results_write_json(results, "plan.json", plan_describe(&run->plan)))
        return -1;
    return results_open_tables(results);
}

static void describe_machine(struct run *run)
{
    run->machine = machine_describe(run->results.run_id, &run->plan, RECLAIM_SOURCE_DIR);
    struct strings versions = {0};
    json_t *list = json_array();
    versions_find(&run->catalogue, &versions);
    for (size_t i = 0; i < versions.count; i++)
        json_array_append_new(list, json_string(versions.items[i]));
    json_object_set_new(run->machine, "versions", list);
    strings_free(&versions);
    const json_t *warnings = json_object_get(run->machine, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++)
        say("note: %s", json_string_value(json_array_get(warnings, i)));
}

/* ---- from what was measured to the table */

static char *label(const struct experiment_entry *entry, const struct contender *contender)
{
    struct text text = {0};
    text_add(&text, "%s", entry->name);
    for (unsigned i = 0; i < entry->params_count; i++)
        text_add(&text, " %s", entry->params[i]);
    if (contender && contender->limit)
        text_add(&text, " limit=%s", contender->limit);
    if (contender && strcmp(contender->allocator, TABLE_ALLOCATOR) != 0)
        text_add(&text, " allocator=%s", contender->allocator);
    return text.bytes;
}

static struct outcome *add_outcome(struct run *run, const struct table_row *row, const struct pair *pair)
{
    char *ours = label(&row->ours.strategy, &row->ours), *against = label(&row->against.strategy, &row->against);
    char *work = run->options->quick && !pair->reason
                     ? must_print("%s %s", row->work.name, run->plan.cells[pair->ours].workload_params)
                     : label(&row->work, NULL);
    struct outcome *outcome = outcomes_add(&run->outcomes, work, ours, against, row->goal);
    free(work);
    free(against);
    free(ours);
    return outcome;
}

/* The first failure of either cell as the reason. True if there is one. */
static bool take_failure(const struct run *run, const struct pair *pair, struct outcome *outcome)
{
    const size_t cells[] = {pair->ours, pair->against};
    for (size_t i = 0; i < 2; i++) {
        const struct sample *sample = rounds_failure(&run->rounds, &run->results.samples, cells[i]);
        if (!sample)
            continue;
        outcome_without(outcome, VERDICT_FAILED,
                        must_print("%s: %s: %s", sample->values[SAMPLES_strategy], sample->values[SAMPLES_status],
                                   sample->values[SAMPLES_detail] ? sample->values[SAMPLES_detail] : ""));
        return true;
    }
    return false;
}

static int judge_row(struct run *run, const struct table_row *row, struct pair *pair, const struct collections counts[])
{
    struct outcome *outcome = add_outcome(run, row, pair);
    if (pair->reason) {
        outcome_without(outcome, pair->without, pair->reason);
        pair->reason = NULL;
        return 0;
    }
    if (take_failure(run, pair, outcome))
        return 0;
    if (rounds_compare(&run->rounds, &run->results.samples, pair->ours, pair->against, outcome)) {
        say("no memory");
        return -1;
    }
    if (row->same_collections)
        collections_compare(&counts[pair->ours], rounds_repetitions(&run->rounds, pair->ours), &counts[pair->against],
                            rounds_repetitions(&run->rounds, pair->against), outcome);
    return 0;
}

static int run_program(struct run *run, const char *name)
{
    if (say_on_terminal())
        say_status(name);
    else
        say("%s", name);
    int failure = program_run(run->home, name, run->results.folder, (uint64_t)run->options->seed,
                              PROGRAM_ROUNDS * *run->experiment->invocations, &run->outcomes);
    say_status(NULL);
    return failure;
}

/* Quick sizes are no judgement on anything. */
static int judge_rows(struct run *run)
{
    struct collections *counts = must_resize(NULL, run->plan.cell_count, sizeof *counts);
    int failure = collections_read(run->results.folder, &run->plan, counts);
    for (size_t i = 0; i < run->table.count && !failure; i++) {
        const struct table_row *row = &run->table.rows[i];
        failure = row->program ? run_program(run, row->program) : judge_row(run, row, &run->pairs[i], counts);
    }
    for (size_t i = 0; run->options->quick && i < run->outcomes.count; i++)
        if (outcome_has_figures(&run->outcomes.items[i]))
            run->outcomes.items[i].verdict = VERDICT_NO_GOAL;
    free(counts);
    return failure;
}

/* ---- what comes out */

static int write_file(const struct run *run, const char *name, const char *bytes, size_t length)
{
    char *path = must_print("%s/%s", run->results.folder, name);
    int failure = file_replace(path, bytes, length);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    free(path);
    return failure ? -1 : 0;
}

static int write_pages(struct run *run)
{
    const struct experiment *experiment = run->experiment;
    const struct page_head head = {
        .machine = run->machine,
        .seed = (uint64_t)run->options->seed,
        .rounds = *experiment->invocations,
        .repetitions = *experiment->repetitions,
        .warmup = *experiment->warmup,
        .quick = run->options->quick,
    };
    struct text csv = {0};
    page_add_csv(&run->outcomes, &csv);
    int failure = write_file(run, schema_tables[TABLE_PEERS].file, csv.bytes, csv.length);
    text_free(&csv);
    char *markdown = NULL;
    size_t length;
    FILE *out = open_memstream(&markdown, &length);
    if (!out)
        return -1;
    page_print_markdown(&run->outcomes, &head, out);
    fclose(out);
    if (!failure)
        failure = write_file(run, "peers.md", markdown, length);
    free(markdown);
    page_print_text(&run->outcomes, &head, stdout);
    printf("%s/: peers.md, peers.csv; samples.csv has every repetition\n", run->results.folder);
    return failure;
}

static bool has_failed(const struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++)
        if (outcomes->items[i].verdict == VERDICT_FAILED)
            return true;
    return false;
}

/* What is measured runs on cores that are kept awake; the programs after the rounds too. */
static int measure_and_judge(struct run *run)
{
    struct results *results = &run->results;
    struct awake awake;
    awake_begin(&awake, run->experiment);
    json_object_set_new(run->machine, "cores_kept_awake", json_integer((json_int_t)awake.count));
    enum rounds_end end = rounds_run(&run->plan, results, &run->rounds);
    int code = EXIT_ALL_OK;
    if (end == ROUNDS_INTERRUPTED)
        say("stopped; %s/%s has what was measured", results->folder, schema_tables[TABLE_SAMPLES].file);
    if (end != ROUNDS_DONE)
        code = end == ROUNDS_INTERRUPTED ? EXIT_INTERRUPTED : EXIT_SOME_FAILED;
    else if ((samples_judge(&results->samples) && results_rewrite_samples(results)) || judge_rows(run))
        code = EXIT_SOME_FAILED;
    awake_end(&awake);
    return child_stop_signal() ? EXIT_INTERRUPTED : code;
}

/* The results are open: everything from here to the exit code. */
static int carry_out(struct run *run)
{
    struct results *results = &run->results;
    describe_machine(run);
    say("%s: %zu cells, %zu processes, seed %" PRId64, results->folder, run->plan.cell_count, run->plan.job_count,
        run->options->seed);
    int code = measure_and_judge(run);
    if (code != EXIT_ALL_OK)
        return code;
    machine_finish(run->machine);
    if (results_write_json(results, "machine.json", json_incref(run->machine)) || write_pages(run))
        return EXIT_SOME_FAILED;
    return has_failed(&run->outcomes) ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

static void run_free(struct run *run)
{
    for (size_t i = 0; run->pairs && i < run->table.count; i++)
        free(run->pairs[i].reason);
    free(run->pairs);
    json_decref(run->machine);
    outcomes_free(&run->outcomes);
    rounds_free(&run->rounds);
    if (run->results.folder)
        results_close(&run->results);
    plan_free(&run->plan);
    catalogue_free(&run->catalogue);
    experiment_free(run->experiment);
    table_free(&run->table);
    free(run->home);
}

/* ---- the command line */

enum { KEY_SEED = 256, KEY_QUICK };

static const struct argp_option argp_options[] = {
    {"table", 't', "FILE", 0, "What is compared; without it benchmarks/peers/table.txt", 0},
    {"out", 'o', "FOLDER", 0, "New or empty; without it results/peers/<time>", 0},
    {"rounds", 'i', "N", 0, "Processes per contender", 0},
    {"repetitions", 'r', "N", 0, "Measured repetitions in each process", 0},
    {"seed", KEY_SEED, "N", 0, "Of the order and of the layout of the processes", 0},
    {"quick", KEY_QUICK, NULL, 0, "The sizes of quick tests and two rounds: whether it runs, not how fast", 0},
    {0},
};

static void read_number(struct argp_state *state, const char *option, const char *text, int64_t lowest, int64_t highest,
                        int64_t *number)
{
    if (!parse_integer(text, lowest, highest, number))
        argp_error(state, "--%s %s: expected an integer from %" PRId64 " to %" PRId64, option, text, lowest, highest);
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 't': options->table = text; return 0;
    case 'o': options->out = text; return 0;
    case 'i': read_number(state, "rounds", text, 1, COUNT_MAX, &options->rounds); return 0;
    case 'r': read_number(state, "repetitions", text, 1, COUNT_MAX, &options->repetitions); return 0;
    case KEY_SEED: read_number(state, "seed", text, 0, INT32_MAX, &options->seed); return 0;
    case KEY_QUICK: options->quick = true; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

int main(int argc, char **argv)
{
    struct options options = {.table = RECLAIM_SOURCE_DIR "/benchmarks/peers/table.txt", .seed = 1};
    const struct argp argp = {argp_options, parse, NULL, "The systems that people know beside ours.", NULL, NULL, NULL};
    argp_err_exit_status = EXIT_USAGE;
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    say_program = "peers";
    child_watch_signals();
    struct run run = {.options = &options, .home = catalogue_home(), .experiment = make_experiment(&options)};
    int code = EXIT_USAGE;
    if (table_read(&run.table, options.table) == 0 && cells_catalogue(&run.catalogue, run.home) == 0 &&
        make_plan(&run) == 0 && open_results(&run) == 0)
        code = carry_out(&run);
    run_free(&run);
    return code;
}
