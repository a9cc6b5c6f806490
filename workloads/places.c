/* places: small objects are made, used and given up, a batch at a time, in different places.
 *
 *     stack     the C stack: alloca, given up when the function returns
 *     arena     a piece of memory that is filled from its start, given up as a whole
 *     pool      a list of free blocks, each given back
 *     malloc    the allocator under test
 *     heap      the strategy's objects
 *
 * The first four are plain C, the same under every strategy, beside the fifth. An object has four words; a batch is
 * kept in a row of pointers, since memory on the heap can be kept longer than a call and the stack cannot. */
#include "workload.h"

#include <alloca.h>
#include <stdlib.h>

#include "common/outside.h"

enum { PLACE, OBJECTS };
enum { PLACE_STACK, PLACE_ARENA, PLACE_POOL, PLACE_MALLOC, PLACE_HEAP };
static const char *const places[] = {
    [PLACE_STACK] = "stack",   [PLACE_ARENA] = "arena", [PLACE_POOL] = "pool",
    [PLACE_MALLOC] = "malloc", [PLACE_HEAP] = "heap",   NULL,
};
static const struct workload_param params[] = {
    [PLACE] = {.name = "place",
               .kind = WORKLOAD_TEXT,
               .text = "heap",
               .small_text = "heap",
               .choices = places,
               .help = "where objects are made"},
    [OBJECTS] =
        {.name = "objects", .initial = 640000, .small = 640, .lowest = 1, .highest = 1 << 30, .help = "objects made"},
    {.name = NULL},
};

enum { BATCH = 64, BATCHES_A_BLOCK = 16 };

struct point {
    uint64_t x, y, z;
    struct point *next; /* in a pool, while it is free */
};

static const struct mm_type point_type = {.name = "point", .size = sizeof(struct point)};

struct state {
    struct point *memory; /* of the arena, or of the pool */
    struct point *free;
    struct point *row[BATCH]; /* the batch, wherever its objects are */
};

/* All places fill and read in the same way; the row is in memory, as that of a program would be. */
static inline void fill(struct point *point, uint64_t number)
{
    *point = (struct point){.x = number, .y = number + 1, .z = number + 2};
}

static inline uint64_t read_point(const struct point *point, uint64_t sum)
{
    return sum * 3 + point->x + point->y + point->z;
}

static uint64_t read_batch(struct point *const row[], size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum = read_point(row[i], sum);
    return sum;
}

static int use_stack(struct state *state, uint64_t first, size_t count, uint64_t *sum)
{
    struct point **row = state->row;
    for (size_t i = 0; i < count; i++) {
        row[i] = alloca(sizeof *row[i]);
        fill(row[i], first + i);
    }
    *sum += read_batch(row, count);
    return 0;
}

static int use_arena(struct state *state, uint64_t first, size_t count, uint64_t *sum)
{
    struct point **row = state->row, *top = state->memory;
    for (size_t i = 0; i < count; i++) {
        row[i] = top++;
        fill(row[i], first + i);
    }
    *sum += read_batch(row, count);
    return 0;
}

static int use_pool(struct state *state, uint64_t first, size_t count, uint64_t *sum)
{
    struct point **row = state->row;
    for (size_t i = 0; i < count; i++) {
        row[i] = state->free;
        state->free = row[i]->next;
        fill(row[i], first + i);
    }
    *sum += read_batch(row, count);
    for (size_t i = 0; i < count; i++) {
        row[i]->next = state->free;
        state->free = row[i];
    }
    return 0;
}

static int use_malloc(struct state *state, uint64_t first, size_t count, uint64_t *sum)
{
    struct point **row = state->row;
    size_t made = 0;
    while (made < count && (row[made] = malloc(sizeof *row[made]))) {
        fill(row[made], first + made);
        made++;
    }
    *sum += read_batch(row, made);
    for (size_t i = 0; i < made; i++)
        free(row[i]);
    return made == count ? 0 : -ENOMEM;
}

static int use_heap(struct state *state, uint64_t first, size_t count, uint64_t *sum)
{
    (void)state;
    struct mm_root row[BATCH];
    size_t made = 0;
    uint64_t batch_sum = 0;
    for (bool more = true; made < count && more; made += more) {
        mm_root_push(&row[made]);
        struct point *point = mm_new(&point_type, &row[made]);
        more = point != NULL;
        if (more)
            fill(point, first + made);
        else
            mm_root_pop(&row[made]);
    }
    for (size_t i = 0; i < made; i++)
        batch_sum = read_point(mm_root_get(&row[i]), batch_sum);
    *sum += batch_sum;
    for (size_t i = made; i-- > 0;) {
        mm_dead(&point_type, mm_root_get(&row[i]));
        mm_root_pop(&row[i]);
    }
    return made == count ? 0 : -ENOMEM;
}

static int run_iteration(struct run *run)
{
    static int (*const uses[])(struct state *, uint64_t, size_t, uint64_t *) = {
        [PLACE_STACK] = use_stack,   [PLACE_ARENA] = use_arena, [PLACE_POOL] = use_pool,
        [PLACE_MALLOC] = use_malloc, [PLACE_HEAP] = use_heap,
    };
    int (*use)(struct state *, uint64_t, size_t, uint64_t *) = uses[run->params[PLACE].integer];
    uint64_t objects = (uint64_t)run->params[OBJECTS].integer, sum = 0;
    int error = 0;
    for (uint64_t first = 0; first < objects && !error; first += BATCH) {
        size_t count = objects - first < BATCH ? (size_t)(objects - first) : BATCH;
        struct mm_region region;
        mm_region_begin(&region);
        error = use(run->state, first, count, &sum);
        mm_region_end(&region);
        if ((first / BATCH + 1) % BATCHES_A_BLOCK == 0)
            run_done(run, BATCH * BATCHES_A_BLOCK);
    }
    run_done(run, objects % (BATCH * BATCHES_A_BLOCK));
    run_check(run, sum);
    return error;
}

static int setup(struct run *run)
{
    struct state *state = run->state;
    state->memory = outside_new(BATCH, sizeof *state->memory);
    if (!state->memory)
        return -ENOMEM;
    for (size_t i = 0; i < BATCH; i++)
        state->memory[i].next = i + 1 < BATCH ? &state->memory[i + 1] : NULL;
    state->free = state->memory;
    return 0;
}

static void teardown(struct run *run)
{
    struct state *state = run->state;
    outside_free(state->memory, BATCH, sizeof *state->memory);
}

WORKLOAD(places) = {
    .summary = "small objects are made and given up: on the C stack, in an arena, in a pool, by malloc, on the heap",
    .unit = "objects",
    .params = params,
    .state_bytes = sizeof(struct state),
    .setup = setup,
    .run = run_iteration,
    .teardown = teardown,
};
