/* text_build: a text is put together from parts.
 *
 *     s = "".join(part for part in parts)            form=join
 *     for part in parts: s = t = s + part            form=copy: t keeps the old text, so each + copies it
 *     for part in parts: s += part                   form=append: in place, as CPython does where s has the only
 * reference
 *
 * join() first makes a list of what the generator yields. The parts are made in setup. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/list.h"
#include "pyobj/sizeof.h"
#include "pyobj/str.h"
#include "pyobj/walk.h"

enum { FORM, PARTS, PART_BYTES, TEXTS };
enum { FORM_JOIN, FORM_COPY, FORM_APPEND };
static const char *const forms[] = {[FORM_JOIN] = "join", [FORM_COPY] = "copy", [FORM_APPEND] = "append", NULL};
static const struct workload_param params[] = {
    [FORM] = {.name = "form",
              .kind = WORKLOAD_TEXT,
              .text = "join",
              .small_text = "join",
              .choices = forms,
              .help = "join; copy: s + part; append: s += part, in place"},
    [PARTS] = {.name = "parts", .initial = 1000, .small = 30, .lowest = 1, .highest = 1 << 24, .help = "of a text"},
    [PART_BYTES] = {.name = "part_bytes",
                    .initial = 10,
                    .small = 10,
                    .lowest = 1,
                    .highest = 1 << 20,
                    .help = "characters in one"},
    [TEXTS] = {.name = "texts", .initial = 20, .small = 3, .lowest = 1, .highest = 1 << 24, .help = "texts made"},
    {.name = NULL},
};

struct state {
    struct mm_root parts; /* a list of strs */
};

/* What is there at the end of a text, when there is most. */
static void report_peak(struct run *run, const void *text, const void *other)
{
    run_figure(run, "traced_peak_bytes", "bytes", (double)(py_traced(text) + (other ? py_traced(other) : 0)));
}

static const struct mm_root *part_at(const struct state *state, size_t index, struct mm_root *part)
{
    mm_root_set(part, py_list_get(mm_root_get(&state->parts), index));
    return part;
}

static void text_done(struct run *run, struct mm_root *text)
{
    run_check(run, py_str_hash(mm_root_get(text)));
    py_dead(mm_root_get(text));
    mm_root_set(text, NULL);
    run_done(run, (uint64_t)run->params[PARTS].integer);
}

/* ---- the three forms */

static int collect_parts(const struct run *run, struct mm_root *list)
{
    MM_ROOT(part);
    for (size_t i = 0; i < (size_t)run->params[PARTS].integer; i++) {
        part_at(run->state, i, &part);
        if (py_list_append(list, &part))
            return -ENOMEM;
    }
    return 0;
}

static int join(struct run *run)
{
    MM_ROOT(separator);
    MM_ROOT(list);
    MM_ROOT(text);
    if (!py_str_new("", 0, &separator))
        return -ENOMEM;
    bool made = py_list_new(&list) && collect_parts(run, &list) == 0 && py_str_join(&separator, &list, &text);
    if (made)
        report_peak(run, mm_root_get(&text), mm_root_get(&list));
    if (mm_root_get(&list))
        mm_dead(&py_list_type.mm, mm_root_get(&list));
    py_dead(mm_root_get(&separator));
    mm_root_set(&list, NULL);
    mm_root_set(&separator, NULL);
    if (made)
        text_done(run, &text);
    return made ? 0 : -ENOMEM;
}

static int copy(struct run *run)
{
    size_t parts = (size_t)run->params[PARTS].integer;
    MM_ROOT(part);
    MM_ROOT(text);
    MM_ROOT(longer);
    if (!py_str_new("", 0, &text))
        return -ENOMEM;
    for (size_t i = 0; i < parts; i++) {
        if (!py_str_concat(&text, part_at(run->state, i, &part), &longer)) {
            py_dead(mm_root_get(&text));
            return -ENOMEM;
        }
        if (i + 1 == parts)
            report_peak(run, mm_root_get(&longer), mm_root_get(&text));
        py_dead(mm_root_get(&text));
        mm_root_move(&text, &longer);
    }
    text_done(run, &text);
    return 0;
}

static int append(struct run *run)
{
    MM_ROOT(part);
    MM_ROOT(text);
    if (!py_str_new("", 0, &text))
        return -ENOMEM;
    for (size_t i = 0; i < (size_t)run->params[PARTS].integer; i++) {
        if (py_str_append(&text, part_at(run->state, i, &part))) {
            py_dead(mm_root_get(&text));
            return -ENOMEM;
        }
    }
    report_peak(run, mm_root_get(&text), NULL);
    text_done(run, &text);
    return 0;
}

static int run_iteration(struct run *run)
{
    static int (*const builders[])(struct run *) = {[FORM_JOIN] = join, [FORM_COPY] = copy, [FORM_APPEND] = append};
    int error = 0;
    for (int64_t i = 0; i < run->params[TEXTS].integer && !error; i++) {
        struct mm_region region;
        mm_region_begin(&region);
        error = builders[run->params[FORM].integer](run);
        mm_region_end(&region);
    }
    return error;
}

/* ---- the parts */

static void teardown(struct run *run)
{
    struct state *state = run->state;
    if (WORK_SAYS_DEAD)
        py_dead_tree(mm_root_get(&state->parts), false);
    mm_root_pop(&state->parts);
}

static int make_parts(struct run *run)
{
    struct state *state = run->state;
    size_t bytes = (size_t)run->params[PART_BYTES].integer;
    MM_ROOT(part);
    if (!py_list_new_sized((size_t)run->params[PARTS].integer, &state->parts))
        return -ENOMEM;
    for (size_t i = 0; i < (size_t)run->params[PARTS].integer; i++) {
        struct py_str *str = py_str_new_blank(PY_STR_ASCII, bytes, &part);
        if (!str)
            return -ENOMEM;
        memset(py_str_text(str), (int)('a' + i % 26), bytes);
        py_list_put(mm_root_get(&state->parts), i, &part);
    }
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    mm_root_push(&state->parts);
    int error = make_parts(run);
    if (error)
        teardown(run);
    return error;
}

WORKLOAD(text_build) = {
    .summary = "a text is put together from parts: joined, by copies, or appended to in place",
    .unit = "parts",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
