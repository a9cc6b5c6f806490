/* Allocates until there is no more. */
#include "workload.h"

struct block {
    struct mm_ref next;
    char bytes[4088];
};
static const uint16_t block_refs[] = {offsetof(struct block, next)};
static const struct mm_type block_type = {
    .name = "block", .size = sizeof(struct block), .ref_count = 1, .refs = block_refs};

static int run(struct run *run)
{
    MM_ROOT(all);
    MM_ROOT(fresh);
    struct block *block;
    while ((block = mm_new(&block_type, &fresh))) {
        mm_move(block, &block->next, &all);
        mm_root_move(&all, &fresh);
        run_done(run, 1);
    }
    return -ENOMEM;
}

WORKLOAD(exhausts) = {.summary = "allocates until there is no more", .unit = "blocks", .run = run};
