/* large_data: a function reads something large, works on it, and goes on to other work.
 *
 *     data = read()
 *     result = process(data)
 *     del data                       form=early; with form=late, data goes when the function returns
 *     more = process(read())
 *
 * The data is a list of lines (kind=lines), or one str (kind=text). With survivors=1, process keeps one line in 64, so
 * that what is given back has holes. Input comes from memory outside the heap; reading it is making strs of it.
 *
 * Some allocators keep what is freed for a while before the system gets it. With wait_ms, the workload looks again and
 * again after del, for so long at most, until half of it is back. */
#include "workload.h"

#include <stdlib.h>
#include <time.h>

#include "common/dead.h"
#include "common/outside.h"
#include "pyobj/list.h"
#include "pyobj/str.h"
#include "pyobj/walk.h"

enum { FORM, KIND, LINES, LINE_BYTES, SURVIVORS, WAIT_MS };
enum { FORM_EARLY, FORM_LATE };
enum { KIND_LINES, KIND_TEXT };
static const char *const forms[] = {[FORM_EARLY] = "early", [FORM_LATE] = "late", NULL};
static const char *const kinds[] = {[KIND_LINES] = "lines", [KIND_TEXT] = "text", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "early",
              .small_text = "early",
              .choices = forms,
              .help = "early: del after its last use; late: at the function's end"},
    [KIND] = {.name = "kind",
              .kind = WORKLOAD_TEXT,
              .text = "lines",
              .small_text = "lines",
              .choices = kinds,
              .help = "many small strs, or a single large one"},
    [LINES] = {.name = "lines", .initial = 50000, .small = 100, .lowest = 1, .highest = 1 << 26, .help = "of a file"},
    [LINE_BYTES] = {.name = "line_bytes",
                    .initial = 80,
                    .small = 20,
                    .lowest = 1,
                    .highest = 1 << 16,
                    .help = "characters of one"},
    [SURVIVORS] = {.name = "survivors",
                   .initial = 0,
                   .small = 1,
                   .lowest = 0,
                   .highest = 1,
                   .help = "1: one line in 64 is kept to the end"},
    [WAIT_MS] = {.name = "wait_ms",
                 .initial = 0,
                 .small = 0,
                 .lowest = 0,
                 .highest = 600000,
                 .help = "longest wait after del for the system to have half of it back; 0: none"},
    {.name = NULL},
};

enum { KEPT_OF = 64, BLOCK = 1024 };

struct state {
    char *input;                        /* lines * line_bytes characters */
    uint64_t start_bytes, loaded_bytes; /* resident before reading, and after it */
};

static size_t lines_of(const struct run *run)
{
    return (size_t)run->params[LINES].integer;
}

static size_t line_bytes_of(const struct run *run)
{
    return (size_t)run->params[LINE_BYTES].integer;
}

/* ---- reading */

static int read_lines(struct run *run, struct mm_root *out)
{
    const struct state *state = run->state;
    size_t bytes = line_bytes_of(run);
    MM_ROOT(line);
    if (!py_list_new(out))
        return -ENOMEM;
    for (size_t i = 0; i < lines_of(run); i++) {
        if (!py_str_new(state->input + i * bytes, bytes, &line))
            return -ENOMEM;
        if (py_list_append(out, &line)) {
            py_dead(mm_root_get(&line));
            return -ENOMEM;
        }
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, lines_of(run) % BLOCK);
    return 0;
}

static int read_text(struct run *run, struct mm_root *out)
{
    const struct state *state = run->state;
    struct py_str *text = py_str_new(state->input, lines_of(run) * line_bytes_of(run), out);
    run_done(run, lines_of(run));
    return text ? 0 : -ENOMEM;
}

/* On failure `out` has what was read so far, or nothing. */
static int read_data(struct run *run, struct mm_root *out)
{
    return run->params[KIND].integer == KIND_LINES ? read_lines(run, out) : read_text(run, out);
}

/* ---- working on it */

static uint64_t read_characters(const struct py_str *str)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < py_str_length(str); i += 7)
        sum = sum * 31 + py_str_at(str, i);
    return sum;
}

static uint64_t process(const void *data)
{
    if (py_kind_of(data) == PY_STR)
        return read_characters(data);
    uint64_t sum = 0;
    for (size_t i = 0; i < py_list_length(data); i++)
        sum = sum * 31 + read_characters(py_list_get(data, i));
    return sum;
}

/* Keeps some lines: those of the list, or slices of the text. */
static int keep_some(const struct run *run, const struct mm_root *data, struct mm_root *kept)
{
    bool text = run->params[KIND].integer == KIND_TEXT;
    size_t bytes = line_bytes_of(run);
    MM_ROOT(line);
    for (size_t i = 0; i < lines_of(run); i += KEPT_OF) {
        if (!text)
            mm_root_set(&line, py_list_get(mm_root_get(data), i));
        else if (!py_str_slice(data, i * bytes, (i + 1) * bytes, &line))
            return -ENOMEM;
        if (py_list_append(kept, &line)) {
            if (text)
                py_dead(mm_root_get(&line));
            return -ENOMEM;
        }
    }
    return 0;
}

/* del data: all that nobody keeps dies. */
static void drop_data(const struct run *run, struct mm_root *data, size_t kept)
{
    void *value = mm_root_get(data);
    if (WORK_SAYS_DEAD && value && run->params[KIND].integer == KIND_LINES) {
        for (size_t i = 0; i < py_list_length(value); i++)
            if (i % KEPT_OF != 0 || i / KEPT_OF >= kept)
                py_dead(py_list_get(value, i));
    }
    if (value)
        py_dead(value);
    mm_root_set(data, NULL);
}

/* ---- the function */

static uint64_t live_bytes(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.bytes_allocated - stats.bytes_freed;
}

/* What is resident then. */
static uint64_t report(struct run *run, const char *resident, const char *live)
{
    uint64_t resident_bytes = run_resident_bytes();
    run_figure(run, resident, "bytes", (double)resident_bytes);
    run_figure(run, live, "bytes", (double)live_bytes());
    return resident_bytes;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* An allocator that keeps pages for a while looks at the clock when it is called, at some of its slower calls. */
static void call_allocator(void)
{
    enum { CALLS = 60, STEPS = 6, LEAST_BYTES = 32 << 10 };
    for (int i = 0; i < CALLS; i++) {
        void *block = malloc((size_t)LEAST_BYTES << i % STEPS);
        __asm__ volatile("" : : "r"(block) : "memory"); /* else the pair is folded into nothing */
        free(block);
    }
}

static void wait_for_pages(struct run *run)
{
    const struct state *state = run->state;
    const struct timespec step = {.tv_nsec = 10000000};
    uint64_t half_bytes = state->start_bytes + (state->loaded_bytes - state->start_bytes) / 2;
    uint64_t resident_bytes = run_resident_bytes();
    double begin_ms = now_ms(), waited_ms = 0;
    while (resident_bytes > half_bytes && waited_ms < (double)run->params[WAIT_MS].integer) {
        nanosleep(&step, NULL);
        call_allocator();
        resident_bytes = run_resident_bytes();
        waited_ms = now_ms() - begin_ms;
    }
    run_figure(run, "resident_waited_bytes", "bytes", (double)resident_bytes);
    run_figure(run, "waited_ms", "ms", waited_ms);
}

static void release(struct run *run, struct mm_root *data, const struct mm_root *kept)
{
    drop_data(run, data, py_list_length(mm_root_get(kept)));
    report(run, "resident_released_bytes", "live_released_bytes");
    if (run->params[WAIT_MS].integer)
        wait_for_pages(run);
}

static int read_and_process(struct run *run, struct mm_root *data, struct mm_root *kept)
{
    struct state *state = run->state;
    int error = read_data(run, data);
    if (error)
        return error;
    state->loaded_bytes = report(run, "resident_loaded_bytes", "live_loaded_bytes");
    run_check(run, process(mm_root_get(data)));
    return run->params[SURVIVORS].integer ? keep_some(run, data, kept) : 0;
}

/* more = process(read()) */
static int go_on(struct run *run)
{
    MM_ROOT(data);
    int error = read_data(run, &data);
    if (!error)
        run_check(run, process(mm_root_get(&data)));
    drop_data(run, &data, 0);
    return error;
}

static int use_data(struct run *run)
{
    struct state *state = run->state;
    bool early = run->params[FORM].integer == FORM_EARLY;
    MM_ROOT(kept);
    MM_ROOT(data);
    if (!py_list_new(&kept))
        return -ENOMEM;
    state->start_bytes = report(run, "resident_start_bytes", "live_start_bytes");
    int error = read_and_process(run, &data, &kept);
    if (early)
        release(run, &data, &kept);
    if (!error)
        error = go_on(run);
    if (!early)
        release(run, &data, &kept);
    run_check(run, process(mm_root_get(&kept)));
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&kept), false);
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_data(run);
    mm_region_end(&region);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    size_t bytes = lines_of(run) * line_bytes_of(run);
    state->input = outside_new(bytes, 1);
    if (!state->input)
        return -ENOMEM;
    for (size_t i = 0; i < bytes; i++)
        state->input[i] = (char)('a' + (i * 7 + i / line_bytes_of(run)) % 26);
    return 0;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->input, lines_of(run) * line_bytes_of(run), 1);
}

WORKLOAD(large_data) = {
    .summary = "something large is read and worked on, and dropped at once or at the function's end",
    .unit = "lines",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
