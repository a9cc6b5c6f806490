/* churn: records in a table are replaced one after the other, at random places, so that as much dies as is made, and
 * the workload knows at each moment what is dead and not reclaimed.
 *
 *     table[i] = Record(Record(None), n)          a record, its peer, an int
 *     table[i].peer.peer = table[i]               of `cyclic` per cent: then the two are a cycle
 *
 * With `gc` and `collect_every` as in common/collector.h. The table is filled in setup, so the timed part has `live`
 * records from its first operation to its last.
 *
 * What is dead is looked at in teardown; and every `look_every` operations, where the most and the mean are wanted.
 * That look is part of what is timed, and not free: a strategy may have to count what its last collection left alive.
 */
#include "workload.h"

#include "common/collector.h"
#include "common/dead.h"
#include "common/draw.h"
#include "common/garbage.h"
#include "common/outside.h"
#include "pyobj/int.h"
#include "pyobj/list.h"

enum { LIVE, OPERATIONS, CYCLIC, GC, COLLECT_EVERY, GENERATION, LOOK_EVERY };
static const struct workload_param params[] = {
    [LIVE] = {.name = "live", .initial = 10000, .small = 30, .lowest = 1, .highest = 1 << 26, .help = "records kept"},
    [OPERATIONS] = {.name = "operations",
                    .initial = 100000,
                    .small = 300,
                    .lowest = 1,
                    .highest = 1 << 28,
                    .help = "records replaced"},
    [CYCLIC] = {.name = "cyclic",
                .initial = 0,
                .small = 50,
                .lowest = 0,
                .highest = 100,
                .help = "records that are cycles, per cent"},
    [GC] = {.name = "gc",
            .kind = WORKLOAD_TEXT,
            .text = "on",
            .small_text = "on",
            .choices = collector_modes,
            .help = "the collector: left on, switched off, or on with the table frozen"},
    [COLLECT_EVERY] = {.name = "collect_every",
                       .initial = 0,
                       .small = 0,
                       .lowest = 0,
                       .highest = 1 << 28,
                       .help = "operations between collections by hand; 0: none"},
    [GENERATION] = {.name = "generation",
                    .initial = 2,
                    .small = 2,
                    .lowest = 0,
                    .highest = 2,
                    .help = "what is collected by hand"},
    [LOOK_EVERY] = {.name = "look_every",
                    .initial = 0,
                    .small = 64,
                    .lowest = 0,
                    .highest = 1 << 28,
                    .help = "operations between looks at what is dead; 0: only at the end, for timing"},
    {.name = NULL},
};

enum { BLOCK = 64, RECORD_OBJECTS = 3 };

struct record {
    struct mm_ref peer, number;
};

static const uint16_t record_refs[] = {offsetof(struct record, peer), offsetof(struct record, number)};
static const struct mm_type record_type = {
    .name = "record",
    .size = sizeof(struct record),
    .ref_count = 2,
    .refs = record_refs,
};

struct state {
    struct mm_root table;
    struct collector collector;
    struct garbage garbage;
    uint32_t *places; /* for each operation; the top bit: the new record is a cycle */
    uint64_t made, replaced;
    struct mm_stats start; /* when the table was filled */
};

static const uint32_t is_cycle = 1u << 31;

/* ---- records */

static void record_dead(struct record *record)
{
    struct record *peer = mm_get(&record->peer);
    mm_dead(&py_int_type.mm, mm_get(&record->number));
    mm_dead(&record_type, peer);
    mm_dead(&record_type, record);
}

static int make_record(int64_t number, bool cyclic, struct mm_root *out)
{
    MM_ROOT(peer);
    MM_ROOT(value);
    if (!py_int_new(number, &value))
        return -ENOMEM;
    if (!mm_new(&record_type, &peer)) {
        mm_dead(&py_int_type.mm, mm_root_get(&value));
        return -ENOMEM;
    }
    struct record *record = mm_new(&record_type, out);
    if (!record) {
        mm_dead(&py_int_type.mm, mm_root_get(&value));
        mm_dead(&record_type, mm_root_get(&peer));
        return -ENOMEM;
    }
    struct record *other = mm_root_get(&peer);
    if (cyclic)
        mm_set(other, &other->peer, record);
    mm_move(record, &record->peer, &peer);
    mm_move(record, &record->number, &value);
    return 0;
}

static uint64_t read_record(const struct record *record)
{
    const struct record *peer = mm_get(&record->peer);
    return (uint64_t)py_int_value(mm_get(&record->number)) * 2 + (mm_get(&peer->peer) == record);
}

/* ---- the timed part */

static int replace_record(struct state *state, uint32_t place, uint64_t *sum)
{
    MM_ROOT(record);
    int error = make_record((int64_t)(++state->made & PY_DIGIT_MASK), place & is_cycle, &record);
    if (error)
        return error;
    py_list_swap(mm_root_get(&state->table), place & ~is_cycle, &record);
    *sum = *sum * 31 + read_record(mm_root_get(&record));
    if (WORK_SAYS_DEAD && state->collector.mode != COLLECTOR_FREEZE) /* what is frozen is kept */
        record_dead(mm_root_get(&record));
    state->replaced++;
    return 0;
}

static int run_iteration(struct run *run)
{
    struct state *state = run->state;
    int64_t operations = run->params[OPERATIONS].integer, look_every = run->params[LOOK_EVERY].integer;
    int64_t until_look = look_every ? look_every : INT64_MAX;
    uint64_t sum = 0;
    int error = 0;
    for (int64_t i = 0; i < operations && !error; i++) {
        error = replace_record(state, state->places[i], &sum);
        collector_step(&state->collector);
        if (--until_look == 0) {
            garbage_look(&state->garbage);
            until_look = look_every;
        }
        if ((i + 1) % BLOCK == 0 || i + 1 == operations)
            run_done(run, (uint64_t)(i % BLOCK + 1));
    }
    run_check(run, sum);
    return error;
}

/* ---- the figures */

/* `start` to `stop`. */
static void report_collections(struct run *run, const struct mm_stats *start, const struct mm_stats *stop)
{
    static const char *const names[MM_GENERATIONS] = {"collections_0", "collections_1", "collections_2"};
    double collections = 0;
    for (int i = 0; i < MM_GENERATIONS; i++) {
        double count = (double)(stop->collections[i] - start->collections[i]);
        run_figure(run, names[i], "collections", count);
        collections += count;
    }
    run_figure(run, "collections", "collections", collections);
}

static void report(struct run *run)
{
    const struct state *state = run->state;
    struct mm_stats stop;
    mm_stats_get(&stop);
    report_collections(run, &state->start, &stop);
    double died = (double)(state->replaced * RECORD_OBJECTS);
    run_figure(run, "died_objects", "objects", died);
    garbage_report(&state->garbage, &stop, run);
    double made = (double)(stop.objects_allocated - state->start.objects_allocated);
    if (state->garbage.looks > 0 && died > 0)
        run_figure(run, "delay_allocations_mean", "allocations",
                   state->garbage.objects_sum / (double)state->garbage.looks * made / died);
}

/* ---- the table and the draws */

static void drop_all(struct run *run)
{
    struct state *state = run->state;
    collector_close(&state->collector);
    outside_free(state->places, (size_t)run->params[OPERATIONS].integer, sizeof *state->places);
    struct py_list *table = mm_root_get(&state->table);
    if (WORK_SAYS_DEAD && table) {
        for (size_t i = 0; i < py_list_length(table); i++)
            if (py_list_get(table, i))
                record_dead(py_list_get(table, i));
        mm_dead(&py_list_type.mm, table);
    }
    mm_root_pop(&state->table);
}

static void teardown(struct run *run)
{
    report(run);
    drop_all(run);
}

static int make_table(struct state *state, size_t live, unsigned cyclic)
{
    MM_ROOT(record);
    if (!py_list_new_sized(live, &state->table))
        return -ENOMEM;
    for (size_t i = 0; i < live; i++) {
        int error = make_record((int64_t)(++state->made & PY_DIGIT_MASK), i % 100 < cyclic, &record);
        if (error)
            return error;
        py_list_put(mm_root_get(&state->table), i, &record);
    }
    return 0;
}

static void draw_places(struct run *run)
{
    struct state *state = run->state;
    struct draw draw = draw_seeded(run->seed);
    for (int64_t i = 0; i < run->params[OPERATIONS].integer; i++) {
        state->places[i] = (uint32_t)draw_below(&draw, (uint64_t)run->params[LIVE].integer);
        if (draw_below(&draw, 100) < (uint64_t)run->params[CYCLIC].integer)
            state->places[i] |= is_cycle;
    }
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    mm_root_push(&state->table);
    collector_open(&state->collector, (enum collector_mode)run->params[GC].integer,
                   (uint64_t)run->params[COLLECT_EVERY].integer, (int)run->params[GENERATION].integer);
    state->places = outside_new((size_t)run->params[OPERATIONS].integer, sizeof *state->places);
    struct mm_stats before;
    mm_stats_get(&before);
    state->garbage = garbage_begin(&before);
    int error = -ENOMEM;
    if (state->places)
        error = make_table(state, (size_t)run->params[LIVE].integer, (unsigned)run->params[CYCLIC].integer);
    if (error) {
        drop_all(run);
        return error;
    }
    mm_stats_get(&state->start); /* all that was made is in the table */
    state->garbage.reachable_objects += state->start.objects_allocated - before.objects_allocated;
    state->garbage.reachable_bytes += state->start.bytes_allocated - before.bytes_allocated;
    collector_freeze(&state->collector);
    mm_stats_get(&state->start); /* freezing may have collected */
    draw_places(run);
    return 0;
}

static bool makes_cycles(const struct workload_value *values)
{
    return values[CYCLIC].integer > 0;
}

static uint32_t needs_with(const struct workload_value *values)
{
    return collector_needs((enum collector_mode)values[GC].integer);
}

WORKLOAD(churn) = {
    .summary = "records of a table are replaced: how much is dead and not reclaimed, under a collector left on or off",
    .unit = "records",
    .params = params,
    .state_bytes = sizeof(struct state),
    .needs_with = needs_with,
    .makes_cycles = makes_cycles,
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
