/* survivors: blocks of mixed sizes are allocated, and all but a few of them freed, again and again: how much memory do
 * the few hold?
 *
 * A table of `slots`. In each phase the empty slots get blocks of the phase's sizes; then each block dies unless a draw
 * says that it survives. So the survivors of all phases lie scattered between what the later ones need. After the last
 * phase only survivors are left.
 *
 * The range of sizes up to `largest` is cut into `bands`, and each phase draws from the next of them. With bands=1
 * every phase draws from all sizes, and a hole fits what comes later; with more, a phase needs sizes that the phase
 * before it did not have, as a program does that goes from one kind of work to another.
 *
 * Each block has a mark, which is read when it dies: blocks that shared memory would change the answer. */
#include "workload.h"

#include "common/dead.h"
#include "common/draw.h"
#include "common/outside.h"
#include "pyobj/list.h"

enum { SLOTS, PHASES, KEEP, LARGEST, BANDS };
static const struct workload_param params[] = {
    [SLOTS] =
        {.name = "slots", .initial = 20000, .small = 60, .lowest = 1, .highest = 1 << 26, .help = "blocks at most"},
    [PHASES] = {.name = "phases", .initial = 8, .small = 3, .lowest = 1, .highest = 1 << 16, .help = "fills and frees"},
    [KEEP] = {.name = "keep",
              .initial = 10,
              .small = 10,
              .lowest = 0,
              .highest = 100,
              .help = "blocks that survive a phase, per cent"},
    [LARGEST] = {.name = "largest",
                 .initial = 512,
                 .small = 256,
                 .lowest = 64,
                 .highest = 1 << 20,
                 .help = "bytes of a block, its length field of 8 included"},
    [BANDS] = {.name = "bands",
               .initial = 4,
               .small = 4,
               .lowest = 1,
               .highest = 64,
               .help = "parts of the sizes, of which each phase has the next; 1: all sizes in every phase"},
    {.name = NULL},
};

enum { BLOCK = 1024 };

struct block {
    size_t length;
};

static const struct mm_type block_type = {.name = "block", .size = sizeof(struct block), .tail = MM_TAIL_BYTES};

struct state {
    uint32_t *draws; /* for each slot in each phase: the size; the top bit: it survives */
};

static const uint32_t survives = 1u << 31;

static size_t draw_count(const struct run *run)
{
    return (size_t)(run->params[SLOTS].integer * run->params[PHASES].integer);
}

/* ---- a phase */

/* A block's mark: its first byte after the length. */
static unsigned char *mark_of(struct block *block)
{
    return (unsigned char *)(block + 1);
}

static int fill(struct run *run, struct mm_root *table, int64_t phase, const uint32_t *draws, uint64_t *sum)
{
    size_t slots = (size_t)run->params[SLOTS].integer, made = 0;
    MM_ROOT(fresh);
    for (size_t i = 0; i < slots; i++) {
        if (py_list_get(mm_root_get(table), i))
            continue;
        size_t bytes = draws[i] & ~survives;
        struct block *block = mm_new_tail(&block_type, bytes - sizeof *block, &fresh);
        if (!block)
            return -ENOMEM;
        *mark_of(block) = (unsigned char)((int64_t)i + phase);
        *sum = *sum * 31 + block->length;
        py_list_put(mm_root_get(table), i, &fresh);
        if (++made % BLOCK == 0)
            run_done(run, BLOCK);
    }
    run_done(run, made % BLOCK);
    return 0;
}

/* NULL for draws: all of them die. */
static void thin_out(struct py_list *table, const uint32_t *draws, uint64_t *sum)
{
    for (size_t i = 0; i < py_list_length(table); i++) {
        void *block = py_list_get(table, i);
        if (!block || (draws && draws[i] & survives))
            continue;
        *sum = *sum * 31 + *mark_of(block);
        mm_dead(&block_type, block);
        mm_set(table, &table->items.slots[i], NULL);
    }
}

/* ---- all of them */

static void report(struct run *run, uint64_t start_bytes, uint64_t peak_bytes)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    run_figure(run, "resident_start_bytes", "bytes", (double)start_bytes);
    run_figure(run, "resident_peak_bytes", "bytes", (double)peak_bytes);
    run_figure(run, "resident_end_bytes", "bytes", (double)run_resident_bytes());
    run_figure(run, "live_end_bytes", "bytes", (double)(stats.bytes_allocated - stats.bytes_freed));
    run_figure(run, "footprint_end_bytes", "bytes", (double)stats.footprint_bytes);
}

static int use_table(struct run *run)
{
    const struct state *state = run->state;
    size_t slots = (size_t)run->params[SLOTS].integer;
    uint64_t sum = 0, start_bytes = run_resident_bytes(), peak_bytes = 0;
    int error = 0;
    MM_ROOT(table);
    if (!py_list_new_sized(slots, &table))
        return -ENOMEM;
    for (int64_t phase = 0; phase < run->params[PHASES].integer && !error; phase++) {
        const uint32_t *draws = state->draws + (size_t)phase * slots;
        error = fill(run, &table, phase, draws, &sum);
        uint64_t resident_bytes = run_resident_bytes();
        peak_bytes = resident_bytes > peak_bytes ? resident_bytes : peak_bytes;
        thin_out(mm_root_get(&table), draws, &sum);
    }
    report(run, start_bytes, peak_bytes);
    thin_out(mm_root_get(&table), NULL, &sum);
    run_check(run, sum);
    mm_dead(&py_list_type.mm, mm_root_get(&table));
    return error;
}

static int run_iteration(struct run *run)
{
    struct mm_region region;
    mm_region_begin(&region);
    int error = use_table(run);
    mm_region_end(&region);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    size_t slots = (size_t)run->params[SLOTS].integer;
    uint64_t bands = (uint64_t)run->params[BANDS].integer, band = (uint64_t)run->params[LARGEST].integer / bands;
    state->draws = outside_new(draw_count(run), sizeof *state->draws);
    if (!state->draws)
        return -ENOMEM;
    struct draw draw = draw_seeded(run->seed);
    for (size_t i = 0; i < draw_count(run); i++) {
        uint64_t least = band * (i / slots % bands);
        uint64_t bytes = least + 1 + draw_below(&draw, band);
        state->draws[i] = (uint32_t)(bytes < 2 * sizeof(size_t) ? 2 * sizeof(size_t) : bytes);
        if (draw_below(&draw, 100) < (uint64_t)run->params[KEEP].integer)
            state->draws[i] |= survives;
    }
    return 0;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->draws, draw_count(run), sizeof *state->draws);
}

WORKLOAD(survivors) = {
    .summary = "blocks of mixed sizes die but for a few, phase after phase: how much memory the few hold",
    .unit = "blocks",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
