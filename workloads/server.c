/* server: requests that make short-lived garbage over a large live heap, of which a share is replaced.
 *
 * The live heap is a table of sessions: a name, a body, and a list of boxed ints each. A request reads one, makes
 * `garbage` temporary values in the eight local variables of its frame, and drops what is left of them at its end;
 * every so often it replaces a session by a new one.
 *
 * Sizes are drawn: most are small, few are large, and the large have much of the bytes. That is the shape which studies
 * of real programs agree on; the numbers in `size_steps` are ours. Ages are mixed too: a temporary dies when its
 * variable is assigned anew, or with its request, or later when a tuple has taken it over. */
#include "workload.h"

#include "common/dead.h"
#include "common/draw.h"
#include "common/outside.h"
#include "pyobj/float.h"
#include "pyobj/int.h"
#include "pyobj/list.h"
#include "pyobj/str.h"
#include "pyobj/tuple.h"
#include "pyobj/walk.h"

enum { LIVE, REQUESTS, GARBAGE, REPLACE };
static const struct workload_param params[] = {
    [LIVE] = {.name = "live", .initial = 20000, .small = 50, .lowest = 1, .highest = 1 << 26, .help = "sessions kept"},
    [REQUESTS] =
        {.name = "requests", .initial = 4000, .small = 100, .lowest = 1, .highest = 1 << 28, .help = "requests"},
    [GARBAGE] = {.name = "garbage",
                 .initial = 60,
                 .small = 12,
                 .lowest = 0,
                 .highest = 1 << 20,
                 .help = "temporary values in a request"},
    [REPLACE] = {.name = "replace",
                 .initial = 25,
                 .small = 25,
                 .lowest = 0,
                 .highest = 100,
                 .help = "requests that replace a session, per cent"},
    {.name = NULL},
};

struct session {
    struct mm_ref name;  /* str */
    struct mm_ref body;  /* str */
    struct mm_ref items; /* list of int */
    int64_t id;
};

static const uint16_t session_refs[] = {
    offsetof(struct session, name),
    offsetof(struct session, body),
    offsetof(struct session, items),
};
static const struct mm_type session_type = {
    .name = "session",
    .size = sizeof(struct session),
    .ref_count = 3,
    .refs = session_refs,
};

struct state {
    struct mm_root table; /* a list of sessions */
    uint32_t *sessions;   /* for each request, which it reads; the top bit: and replaces it */
    uint32_t *bits;       /* for each temporary, what it is */
    uint64_t next_id;
};

static const uint32_t replaces = 1u << 31;

/* ---- sizes */

/* Of 256: how many are smaller than `bytes`. Between two steps all sizes are as likely. */
static const struct size_step {
    uint32_t of_256, bytes;
} size_steps[] = {{0, 4}, {128, 32}, {192, 64}, {224, 128}, {240, 256}, {250, 1024}, {256, 4096}};

/* From 24 random bits. */
static size_t draw_size(uint32_t bits)
{
    uint32_t share = bits & 255, within = bits >> 8 & 0xffff;
    const struct size_step *step = size_steps;
    while (step[1].of_256 <= share)
        step++;
    return step[0].bytes + ((step[1].bytes - step[0].bytes) * within >> 16);
}

static struct py_str *make_text(uint32_t bits, struct mm_root *out)
{
    size_t bytes = draw_size(bits);
    struct py_str *str = py_str_new_blank(PY_STR_ASCII, bytes, out);
    if (!str)
        return NULL;
    memset(py_str_text(str), (int)('a' + bits % 26), bytes);
    return str;
}

/* Up to 7 ints. Without success nothing is left of it. */
static int make_numbers(uint32_t bits, struct mm_root *out)
{
    MM_ROOT(item);
    if (!py_list_new(out))
        return -ENOMEM;
    for (uint32_t i = 0; i < bits % 8; i++) {
        if (!py_int_new((int64_t)(bits >> i), &item) || py_list_append(out, &item)) {
            if (WORK_SAYS_DEAD) {
                py_dead_tree(mm_root_get(&item), false);
                py_dead_tree(mm_root_get(out), false);
            }
            mm_root_set(out, NULL);
            return -ENOMEM;
        }
    }
    return 0;
}

/* ---- sessions */

static void session_dead(struct session *session)
{
    if (!session)
        return;
    py_dead_tree(mm_get(&session->name), false);
    py_dead_tree(mm_get(&session->body), false);
    py_dead_tree(mm_get(&session->items), false);
    mm_dead(&session_type, session);
}

static int make_session(struct state *state, struct mm_root *out)
{
    uint64_t mixed = ++state->next_id;
    uint64_t bits = draw_mix(&mixed);
    MM_ROOT(name);
    MM_ROOT(body);
    MM_ROOT(items);
    struct session *session = NULL;
    if (make_text((uint32_t)bits & 0xffff7f, &name) && make_text((uint32_t)(bits >> 24), &body) &&
        make_numbers((uint32_t)(bits >> 40), &items) == 0)
        session = mm_new(&session_type, out);
    if (!session) {
        if (WORK_SAYS_DEAD) {
            py_dead_tree(mm_root_get(&name), false);
            py_dead_tree(mm_root_get(&body), false);
            py_dead_tree(mm_root_get(&items), false);
        }
        return -ENOMEM;
    }
    session->id = (int64_t)state->next_id;
    mm_move(session, &session->name, &name);
    mm_move(session, &session->body, &body);
    mm_move(session, &session->items, &items);
    return 0;
}

static uint64_t read_session(const struct session *session)
{
    const struct py_str *name = mm_get(&session->name), *body = mm_get(&session->body);
    const struct py_list *items = mm_get(&session->items);
    uint64_t sum = (uint64_t)session->id + py_str_bytes(name) + (unsigned char)py_str_text(body)[0];
    for (size_t i = 0; i < py_list_length(items); i++)
        sum += (uint64_t)py_int_value(py_list_get(items, i));
    return sum;
}

static int replace_session(struct state *state, size_t index)
{
    MM_ROOT(session);
    int error = make_session(state, &session);
    if (error)
        return error;
    py_list_swap(mm_root_get(&state->table), index, &session);
    if (WORK_SAYS_DEAD)
        session_dead(mm_root_get(&session));
    return 0;
}

/* ---- a request's temporaries */

enum { LOCALS = 8 };

/* (a, b): takes over what two local variables hold. */
static int make_pair(struct mm_root *a, struct mm_root *b, struct mm_root *out)
{
    struct py_tuple *pair = py_tuple_new(2, out);
    if (!pair)
        return -ENOMEM;
    py_tuple_put(pair, 0, a);
    py_tuple_put(pair, 1, b);
    return 0;
}

/* A value by its bits, of 16: 7 str, 4 int, 1 float, 2 list, 2 tuple. */
static int make_temporary(uint32_t bits, struct mm_root locals[], struct mm_root *out)
{
    uint32_t rest = bits >> 8;
    switch (bits & 15) {
    case 0:
    case 1:
    case 2:
    case 3: return py_int_new(rest, out) ? 0 : -ENOMEM;
    case 4: return py_float_new(rest, out) ? 0 : -ENOMEM;
    case 5:
    case 6: return make_numbers(rest, out);
    case 7:
    case 8: return make_pair(&locals[rest % LOCALS], &locals[(rest >> 3) % LOCALS], out);
    default: return make_text(rest, out) ? 0 : -ENOMEM;
    }
}

/* A list's last number stands for all of them; NULL is 0, a pair 1. */
static uint64_t read_alone(void *value)
{
    if (!value)
        return 0;
    switch (py_kind_of(value)) {
    case PY_INT: return (uint64_t)py_int_value(value);
    case PY_FLOAT: return (uint64_t)((struct py_float *)value)->value;
    case PY_STR: return py_str_bytes(value) + (unsigned char)py_str_text(value)[0];
    case PY_LIST: {
        size_t length = py_list_length(value);
        return length ? length + (uint64_t)py_int_value(py_list_get(value, length - 1)) : 0;
    }
    default: return 1;
    }
}

/* A pair with what it holds, but not what pairs in it hold. */
static uint64_t read_value(void *value)
{
    if (!value || py_kind_of(value) != PY_TUPLE)
        return read_alone(value);
    return 1 + read_alone(py_tuple_get(value, 0)) * 5 + read_alone(py_tuple_get(value, 1));
}

static int make_garbage(const uint32_t *bits, int64_t count, struct mm_root locals[], uint64_t *sum)
{
    MM_ROOT(fresh);
    for (int64_t i = 0; i < count; i++) {
        int error = make_temporary(bits[i], locals, &fresh);
        if (error)
            return error;
        *sum = *sum * 3 + read_value(mm_root_get(&fresh));
        struct mm_root *local = &locals[bits[i] >> 4 & (LOCALS - 1)];
        if (WORK_SAYS_DEAD)
            py_dead_tree(mm_root_get(local), false);
        mm_root_move(local, &fresh);
    }
    return 0;
}

static int serve(const struct state *state, size_t session, const uint32_t *bits, int64_t garbage, uint64_t *sum)
{
    struct mm_root locals[LOCALS];
    for (int i = 0; i < LOCALS; i++)
        mm_root_push(&locals[i]);
    int error = make_garbage(bits, garbage, locals, sum);
    *sum += read_session(py_list_get(mm_root_get(&state->table), session));
    for (int i = LOCALS - 1; i >= 0; i--)
        *sum = *sum * 3 + read_value(mm_root_get(&locals[i]));
    for (int i = LOCALS - 1; i >= 0; i--) {
        if (WORK_SAYS_DEAD)
            py_dead_tree(mm_root_get(&locals[i]), false);
        mm_root_pop(&locals[i]);
    }
    return error;
}

static int run_iteration(struct run *run)
{
    struct state *state = run->state;
    int64_t requests = run->params[REQUESTS].integer, garbage = run->params[GARBAGE].integer;
    uint64_t sum = 0;
    int error = 0;
    for (int64_t i = 0; i < requests && !error; i++) {
        size_t session = state->sessions[i] & ~replaces;
        struct mm_region region;
        mm_region_begin(&region);
        error = serve(state, session, state->bits + i * garbage, garbage, &sum);
        mm_region_end(&region);
        if (!error && state->sessions[i] & replaces)
            error = replace_session(state, session); /* outside the region: it stays */
        run_done(run, 1);
    }
    run_check(run, sum);
    return error;
}

/* ---- the live heap and the draws */

static void teardown(struct run *run)
{
    struct state *state = run->state;
    size_t requests = (size_t)run->params[REQUESTS].integer;
    outside_free(state->sessions, requests, sizeof *state->sessions);
    outside_free(state->bits, requests * (size_t)run->params[GARBAGE].integer, sizeof *state->bits);
    struct py_list *table = mm_root_get(&state->table);
    if (WORK_SAYS_DEAD && table) {
        for (size_t i = 0; i < py_list_length(table); i++)
            session_dead(py_list_get(table, i));
        mm_dead(&py_list_type.mm, table);
    }
    mm_root_pop(&state->table);
}

static int make_table(struct state *state, size_t live)
{
    MM_ROOT(session);
    if (!py_list_new_sized(live, &state->table))
        return -ENOMEM;
    for (size_t i = 0; i < live; i++) {
        int error = make_session(state, &session);
        if (error)
            return error;
        py_list_put(mm_root_get(&state->table), i, &session);
    }
    return 0;
}

static int make_draws(struct state *state, const struct run *run)
{
    size_t requests = (size_t)run->params[REQUESTS].integer;
    size_t temporaries = requests * (size_t)run->params[GARBAGE].integer;
    state->sessions = outside_new(requests, sizeof *state->sessions);
    state->bits = outside_new(temporaries, sizeof *state->bits);
    if (!state->sessions || !state->bits)
        return -ENOMEM;
    struct draw draw = draw_seeded(run->seed);
    for (size_t i = 0; i < requests; i++) {
        state->sessions[i] = (uint32_t)draw_below(&draw, (uint64_t)run->params[LIVE].integer);
        if (draw_below(&draw, 100) < (uint64_t)run->params[REPLACE].integer)
            state->sessions[i] |= replaces;
    }
    for (size_t i = 0; i < temporaries; i++)
        state->bits[i] = (uint32_t)draw_bits(&draw);
    return 0;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    mm_root_push(&state->table);
    state->next_id = run->seed;
    int error = make_draws(state, run);
    if (!error)
        error = make_table(state, (size_t)run->params[LIVE].integer);
    if (error)
        teardown(run);
    return error;
}

WORKLOAD(server) = {
    .summary = "requests with short-lived garbage of mixed sizes over a large live heap, a share of it replaced",
    .unit = "requests",
    .params = params,
    .requests = true,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
