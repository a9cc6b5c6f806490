#include "driver/measure.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "driver/arguments.h"
#include "driver/callgrind.h"
#include "driver/child.h"
#include "driver/environment.h"
#include "driver/left_out.h"
#include "driver/row.h"
#include "driver/say.h"
#include "driver/tracer.h"
#include "utf8.h"

enum { ROWS_AT_ONCE_BYTES = 65536 };

/* How many times as long a process may take when it is counted. */
static const unsigned slowdown[] = {[COUNTER_NONE] = 1, [COUNTER_INSTRUCTIONS] = 100, [COUNTER_SYSCALLS] = 10};

/* One process's rows on their way. */
struct measurement {
    const struct plan *plan;
    const struct job *job;
    const struct cell *cell;
    struct results *results;
    struct row_maker maker;
    struct text pending[RESULTS_TABLES]; /* rows to be written, whole ones */
    uint64_t pending_rows[RESULTS_TABLES];
    struct results_mark begun, repetition; /* the tables before its first row, and after the last whole repetition */
    unsigned samples, failed_samples;
    bool ended;     /* the last line has come */
    bool garbled;   /* a line was none of ours: what it should have been is lost */
    bool unwritten; /* a row could not be written */
    bool wrong_allocator;
    uint64_t started_ns; /* 0: no process was started */
    enum experiment_counter counter;
    struct callgrind callgrind;
    bool has_calls; /* of the repetition whose row comes next */
    uint64_t calls;
    bool made[TRACER_MEMORY_CALLS]; /* in that repetition */
    struct measure_end *end;
};

/* ---- writing */

static void write_pending(struct measurement *m, enum results_table table)
{
    if (!m->unwritten && results_append(m->results, table, &m->pending[table], m->pending_rows[table]))
        m->unwritten = true;
    text_clear(&m->pending[table]);
    m->pending_rows[table] = 0;
}

static void write_all_pending(struct measurement *m)
{
    for (size_t table = 0; table < RESULTS_TABLES; table++)
        write_pending(m, (enum results_table)table);
}

/* Rows after the mark are none. */
static void take_back(struct measurement *m, const struct results_mark *mark)
{
    for (size_t table = 0; table < RESULTS_TABLES; table++) {
        text_clear(&m->pending[table]);
        m->pending_rows[table] = 0;
    }
    if (results_return(m->results, mark))
        m->unwritten = true;
}

static void add_rows(struct measurement *m, enum results_table table, const json_t *said)
{
    m->pending_rows[table] += row_add(&m->maker, table, said, &m->pending[table]);
    if (m->pending[table].length >= ROWS_AT_ONCE_BYTES)
        write_pending(m, table);
}

/* A row of samples.csv goes out at once, with the others of its repetition, and is kept for the judgement at the end.
 */
static void add_sample(struct measurement *m, json_t *said)
{
    char *values[SAMPLES_COUNT];
    row_values(&m->maker, said, values);
    csv_add_row(&m->pending[RESULTS_SAMPLES], (const char *const *)values, SAMPLES_COUNT);
    m->pending_rows[RESULTS_SAMPLES]++;
    write_all_pending(m);
    if (!m->unwritten)
        samples_add(&m->results->samples, (const char *const *)values);
    m->repetition = results_mark(m->results);
    row_values_free(values);
}

/* ---- lines of the process */

static void set_end(struct measurement *m, const char *status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void set_end(struct measurement *m, const char *status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    m->end->outcome = MEASURE_FAILED;
    snprintf(m->end->status, sizeof m->end->status, "%s", status);
    vsnprintf(m->end->detail, sizeof m->end->detail, format, arguments);
    va_end(arguments);
    utf8_mend(m->end->detail); /* it may have been cut within a character */
}

static const char *said_text(const json_t *said, const char *key)
{
    const char *text = json_string_value(json_object_get(said, key));
    return text ? text : "";
}

static void take_process(struct measurement *m, const json_t *said)
{
    free(m->maker.allocator_loaded);
    m->maker.allocator_loaded = must_copy(said_text(said, "allocator_loaded"));
    m->wrong_allocator = !allocator_is(m->cell->allocator, m->maker.allocator_loaded);
}

/* Of the repetition whose row comes next. False: there is none. */
static bool find_count(const struct measurement *m, uint64_t *count)
{
    if (m->counter == COUNTER_INSTRUCTIONS)
        return callgrind_read(&m->callgrind, m->samples + *m->plan->experiment->warmup, count);
    *count = m->calls;
    return m->has_calls;
}

/* What is counted is not timed: under valgrind and a tracer times are worth nothing. */
static void take_count(struct measurement *m, json_t *said)
{
    static const enum SAMPLES_column times[] = {SAMPLES_wall_ns, SAMPLES_cpu_ns, SAMPLES_gc_ns, SAMPLES_pause_max_ns};
    static const enum SAMPLES_column counts[] = {
        [COUNTER_INSTRUCTIONS] = SAMPLES_instructions, [COUNTER_SYSCALLS] = SAMPLES_system_calls};
    const struct column *columns = schema_tables[TABLE_SAMPLES].columns;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        json_object_del(said, columns[times[i]].name);
    uint64_t count;
    if (find_count(m, &count)) {
        json_object_set_new(said, columns[counts[m->counter]].name, json_integer((json_int_t)count));
    } else if (strcmp(said_text(said, "status"), "ok") == 0) {
        json_object_set_new(said, "status", json_string("error"));
        json_object_set_new(said, "detail", json_string("it was not counted"));
    }
    m->has_calls = false;
}

/* A row of figures.csv: "<call>_calls". */
static void add_calls(struct measurement *m, const char *call, json_int_t count)
{
    json_t *row = json_pack("{s:i, s:s+, s:s, s:I}", "repetition", (int)m->samples, "name", call, "_calls", "unit",
                            "calls", "value", count);
    add_rows(m, RESULTS_FIGURES, row);
    json_decref(row);
}

/* What the tracer says of one call, or of all (the last of a repetition). Those of a warm-up are dropped. Calls for
 * memory have their row even where there were none. */
static void take_calls(struct measurement *m, const json_t *said)
{
    json_int_t nth = json_integer_value(json_object_get(said, "nth"));
    json_int_t count = json_integer_value(json_object_get(said, "count"));
    const char *name = said_text(said, "name");
    if (nth < (json_int_t)*m->plan->experiment->warmup)
        return;
    if (*name) {
        add_calls(m, name, count);
        for (size_t i = 0; i < TRACER_MEMORY_CALLS; i++)
            m->made[i] |= strcmp(tracer_memory_calls[i], name) == 0;
        return;
    }
    for (size_t i = 0; i < TRACER_MEMORY_CALLS; i++) {
        if (!m->made[i])
            add_calls(m, tracer_memory_calls[i], 0);
        m->made[i] = false;
    }
    m->has_calls = true;
    m->calls = (uint64_t)count;
}

/* Not where something is counted, like the other times. */
static void add_process_time(const struct measurement *m, json_t *said)
{
    if (m->started_ns && !m->counter)
        json_object_set_new(said, schema_tables[TABLE_SAMPLES].columns[SAMPLES_process_ns].name,
                            json_integer((json_int_t)(clock_ns() - m->started_ns)));
}

static void take_sample(struct measurement *m, json_t *said)
{
    if (m->counter)
        take_count(m, said);
    add_process_time(m, said);
    const char *status = said_text(said, "status");
    m->samples++;
    if (strcmp(status, "ok") == 0 && m->wrong_allocator) {
        json_object_set_new(said, "status", json_string("error"));
        json_object_set_new(
            said, "detail",
            json_sprintf("asked for %s, but malloc is %s's", m->cell->allocator->name, m->maker.allocator_loaded));
        status = "error";
    }
    if (strcmp(status, "ok") != 0) {
        m->failed_samples++;
        set_end(m, status, "%s", said_text(said, "detail"));
    }
    if (!m->job->timeline)
        add_sample(m, said);
}

static void take_line(char *line, size_t length, void *context)
{
    struct measurement *m = context;
    json_t *said = json_loadb(line, length, 0, NULL);
    const char *row = said_text(said, "row");
    m->garbled |= !*row;
    if (strcmp(row, "process") == 0)
        take_process(m, said);
    else if (strcmp(row, "sample") == 0)
        take_sample(m, said);
    else if (strcmp(row, "pause") == 0 && !m->job->timeline && !m->counter)
        add_rows(m, RESULTS_PAUSES, said);
    else if (strcmp(row, "latency") == 0 && !m->counter)
        add_rows(m, RESULTS_LATENCY, said);
    else if (strcmp(row, "figure") == 0)
        add_rows(m, RESULTS_FIGURES, said);
    else if (strcmp(row, "timeline") == 0 && m->job->timeline)
        add_rows(m, RESULTS_TIMELINE, said);
    else if (strcmp(row, "calls") == 0)
        take_calls(m, said);
    else if (strcmp(row, "end") == 0)
        m->ended = true;
    json_decref(said);
}

/* ---- the end of the process */

/* Why there is no figure; only called if the process did not come to its end. */
static void judge_death(struct measurement *m, const struct child_end *end)
{
    double limit_s = (double)m->plan->timeout_ns / 1e9;
    const char *last = end->last_line, *colon = *last ? ": " : "";
    if (end->timed_out) {
        set_end(m, "timeout", "ended after %g s", limit_s);
    } else if (WIFSIGNALED(end->status)) {
        int number = WTERMSIG(end->status);
        const char *name = sigabbrev_np(number);
        if (number == SIGKILL)
            set_end(m, "oom", "killed by the kernel (SIGKILL), which does so when memory runs out");
        else if (end->no_memory)
            set_end(m, "oom", "no memory%s%s", colon, last);
        else
            set_end(m, "crash", "SIG%s%s%s", name ? name : "?", colon, last);
    } else if (end->no_memory) {
        set_end(m, "oom", "%s", last);
    } else if (WEXITSTATUS(end->status) == 2 || WEXITSTATUS(end->status) == 127) {
        set_end(m, "error", "%s", *last ? last : "the measuring process could not start");
    } else {
        set_end(m, "crash", "ended without a result, exit code %d%s%s", WEXITSTATUS(end->status), colon, last);
    }
    m->end->hopeless = end->timed_out;
}

/* A row for what the process did not say; what it said of a repetition that has no row is taken back. Of a timeline
 * that failed there is this row alone. */
static void add_death_row(struct measurement *m)
{
    const char *when = m->job->timeline ? "when its timeline was taken: " : "";
    json_t *said = json_pack("{s:s, s:s+, s:i}", "status", m->end->status, "detail", when, m->end->detail, "repetition",
                             m->job->timeline ? 0 : (int)m->samples);
    add_process_time(m, said);
    take_back(m, m->job->timeline ? &m->begun : &m->repetition);
    add_sample(m, said);
    json_decref(said);
}

static void finish(struct measurement *m, const struct child_end *end)
{
    if (end->interrupted || (child_stop_signal() && !m->ended)) {
        m->end->outcome = MEASURE_INTERRUPTED;
        take_back(m, &m->begun);
        return;
    }
    bool has_died = !m->ended || (m->samples == 0 && !m->failed_samples);
    if (has_died)
        judge_death(m, end);
    else if (m->garbled)
        set_end(m, "error", "something that is no row came among the rows");
    if (has_died || m->garbled || (m->job->timeline && m->end->outcome != MEASURE_OK))
        add_death_row(m);
    write_all_pending(m);
}

/* ---- starting it */

static struct strings arguments_of(const struct plan *plan, const struct job *job, const struct cell *cell)
{
    struct strings arguments = arguments_of_cell(cell->strategy->bench, cell, plan->experiment);
    arguments_add_number(&arguments, "--warmup", job->timeline ? 0 : *plan->experiment->warmup);
    arguments_add_number(&arguments, "--repetitions", job->timeline ? 1 : cell->repetitions);
    if (job->timeline) {
        strings_add(&arguments, "--mode");
        strings_add(&arguments, "timeline");
    }
    return arguments;
}

/* A count has to be the same every time: no padding then. */
static struct environment environment_of(const struct plan *plan, const struct job *job, const struct cell *cell)
{
    struct environment environment = environment_copy();
    environment_set(&environment, "LD_PRELOAD", cell->allocator->preload);
    uint32_t pad_bytes = experiment_counts(plan->experiment) ? 0 : job->pad_bytes;
    char *pad = must_print("%*s", (int)pad_bytes, "");
    memset(pad, 'x', pad_bytes);
    environment_set(&environment, "RECLAIM_PAD", pad);
    free(pad);
    return environment;
}

static bool is_address_sanitized(const struct strategy_info *strategy)
{
    const char *flags = json_string_value(json_object_get(strategy->said, "flags"));
    return flags && strstr(flags, "-fsanitize=") && strstr(flags, "address");
}

/* There is nothing to start: a row says so, and no timeline. */
static void add_left_out_row(struct measurement *m)
{
    if (m->job->timeline)
        return;
    char *why = left_out_why(m->cell->strategy);
    set_end(m, "unsupported", "%s", why);
    add_death_row(m);
    free(why);
}

static struct measurement measurement_of(const struct plan *plan, const struct job *job, struct results *results,
                                         struct measure_end *end)
{
    *end = (struct measure_end){.outcome = MEASURE_OK};
    struct measurement m = {.plan = plan, .job = job, .cell = &plan->cells[job->cell], .results = results, .end = end};
    m.maker = (struct row_maker){.run_id = results->run_id, .cell = m.cell, .invocation = job->invocation};
    m.counter = experiment_counter(plan->experiment);
    m.begun = m.repetition = results_begin_job(results);
    return m;
}

static void measurement_end(struct measurement *m)
{
    if (m->unwritten) {
        m->end->outcome = MEASURE_NO_ROOM;
        results_return(m->results, &m->begun);
    }
    for (size_t i = 0; i < RESULTS_TABLES; i++)
        text_free(&m->pending[i]);
    callgrind_end(&m->callgrind);
    row_maker_free(&m->maker);
}

/* 0, or a negative errno: it could not be started. */
static int start(struct measurement *m, struct strings *arguments, const struct environment *environment,
                 struct child_end *end)
{
    int failure = m->counter == COUNTER_INSTRUCTIONS ? callgrind_begin(&m->callgrind, arguments) : 0;
    if (m->counter == COUNTER_SYSCALLS)
        tracer_begin(arguments);
    bool unlimited = m->counter == COUNTER_INSTRUCTIONS || is_address_sanitized(m->cell->strategy);
    struct child child = {
        .path = arguments->items[0],
        .arguments = arguments->items,
        .environment = environment->items.items,
        /* A sanitizer's shadow memory and valgrind's are more than any limit. */
        .memory_limit_bytes = unlimited ? 0 : m->plan->memory_limit_bytes,
        .timeout_ns = m->plan->timeout_ns * slowdown[m->counter],
        .line = take_line,
        .context = m,
    };
    m->started_ns = clock_ns();
    if (!failure)
        failure = child_run(&child, end);
    m->end->elapsed_ns = clock_ns() - m->started_ns;
    return failure;
}

void measure(const struct plan *plan, const struct job *job, struct results *results, struct measure_end *end)
{
    struct measurement m = measurement_of(plan, job, results, end);
    if (m.cell->strategy->left_out) {
        add_left_out_row(&m);
    } else {
        struct strings arguments = arguments_of(plan, job, m.cell);
        struct environment environment = environment_of(plan, job, m.cell);
        struct child_end child_end;
        int failure = start(&m, &arguments, &environment, &child_end);
        if (failure) {
            set_end(&m, "error", "%s: cannot be started: %s", arguments.items[0], strerror(-failure));
            add_death_row(&m);
        } else {
            finish(&m, &child_end);
        }
        strings_free(&arguments);
        environment_free(&environment);
    }
    measurement_end(&m);
}

int measure_row_without_figures(const struct plan *plan, const struct job *job, struct results *results,
                                const char *status, const char *detail)
{
    struct measure_end end;
    struct measurement m = measurement_of(plan, job, results, &end);
    set_end(&m, status, "%s", detail);
    if (!job->timeline)
        add_death_row(&m);
    measurement_end(&m);
    return end.outcome == MEASURE_NO_ROOM ? -1 : 0;
}
