/* block_pairs: blocks of one size are allocated and freed, a pair at a time: what a size costs an allocator.
 *
 * A ring of `depth` blocks: each new one takes the place of the oldest, which dies. A block has no references; under
 * `malloc` it is as large as asked for, other strategies add their header. It is zeroed, as all objects are, so larger
 * blocks take longer with every allocator. One with a byte beyond its length has a mark there, which is read when it
 * dies: blocks that shared memory would change the answer. */
#include "workload.h"

#include "common/dead.h"
#include "pyobj/list.h"

enum { SIZE, DEPTH, PAIRS };
static const struct workload_param params[] = {
    [SIZE] = {.name = "size",
              .initial = 64,
              .small = 64,
              .lowest = 8,
              .highest = 1 << 24,
              .help = "bytes of a block, its length field of 8 included"},
    [DEPTH] = {.name = "depth", .initial = 64, .small = 5, .lowest = 1, .highest = 1 << 24, .help = "blocks at once"},
    [PAIRS] =
        {.name = "pairs", .initial = 400000, .small = 300, .lowest = 1, .highest = 1 << 28, .help = "made and freed"},
    {.name = NULL},
};

enum { PAIRS_A_REGION = 16384, BLOCK = 1024 };

struct block {
    size_t length;
};

static const struct mm_type block_type = {.name = "block", .size = sizeof(struct block), .tail = MM_TAIL_BYTES};

static void put_mark(struct block *block, int64_t number)
{
    if (block->length > 0)
        *(unsigned char *)(block + 1) = (unsigned char)number;
}

static uint64_t mark_of(const struct block *block)
{
    return block->length > 0 ? *(const unsigned char *)(block + 1) : 0;
}

/* Allocates `pairs` blocks, in a ring that is made and dropped with them. */
static int churn(struct run *run, int64_t first, int64_t pairs, uint64_t *sum)
{
    size_t depth = (size_t)run->params[DEPTH].integer, tail = (size_t)run->params[SIZE].integer - sizeof(struct block);
    int error = 0;
    MM_ROOT(ring);
    MM_ROOT(fresh);
    if (!py_list_new_sized(depth, &ring))
        return -ENOMEM;
    for (int64_t i = 0; i < pairs && !error; i++) {
        struct block *block = mm_new_tail(&block_type, tail, &fresh);
        if (!block) {
            error = -ENOMEM;
            break;
        }
        put_mark(block, i);
        *sum = *sum * 31 + block->length + (uint64_t)first;
        py_list_swap(mm_root_get(&ring), (size_t)i % depth, &fresh);
        if (mm_root_get(&fresh)) {
            *sum += mark_of(mm_root_get(&fresh));
            mm_dead(&block_type, mm_root_get(&fresh));
        }
        mm_root_set(&fresh, NULL);
        if ((i + 1) % BLOCK == 0)
            run_done(run, BLOCK);
    }
    struct py_list *list = mm_root_get(&ring);
    for (size_t i = 0; i < depth && py_list_get(list, i); i++) {
        *sum = *sum * 31 + mark_of(py_list_get(list, i));
        mm_dead(&block_type, py_list_get(list, i));
    }
    mm_dead(&py_list_type.mm, list);
    return error;
}

static int run_iteration(struct run *run)
{
    int64_t pairs = run->params[PAIRS].integer;
    uint64_t sum = 0;
    int error = 0;
    for (int64_t first = 0; first < pairs && !error; first += PAIRS_A_REGION) {
        int64_t count = pairs - first < PAIRS_A_REGION ? pairs - first : PAIRS_A_REGION;
        struct mm_region region;
        mm_region_begin(&region);
        error = churn(run, first, count, &sum);
        mm_region_end(&region);
    }
    run_done(run, (uint64_t)pairs % BLOCK);
    run_check(run, sum);
    return error;
}

WORKLOAD(block_pairs) = {
    .summary = "blocks of one size are allocated and freed: what a size costs an allocator",
    .unit = "pairs",
    .params = params,
    .run = run_iteration,
};
