#include "work.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <time.h>

enum { OPERATIONS = 30 * DEPTH, WARMING = 3 * DEPTH, AGEING = 20 * BLOCKS };

const struct work works[WORKS] = {
    {"lifo depth=1000 size=32", LIFO, 32, 32},         {"lifo depth=1000 size=64", LIFO, 64, 64},
    {"lifo depth=1000 size=16-271", LIFO, 16, 271},    {"replace blocks=10000 size=32", REPLACE, 32, 32},
    {"replace blocks=10000 size=64", REPLACE, 64, 64}, {"replace blocks=10000 size=16-271", REPLACE, 16, 271},
};

static uint16_t sizes[DRAWS + DEPTH], victims[DRAWS];

uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

void work_draw(const struct work *work, uint64_t *random)
{
    for (size_t i = 0; i < DRAWS + DEPTH; i++)
        sizes[i] = (uint16_t)(work->smallest + next_random(random) % (uint64_t)(work->largest - work->smallest + 1));
    for (size_t i = 0; i < DRAWS; i++)
        victims[i] = (uint16_t)(next_random(random) % BLOCKS);
}

/* ---- the loops; true if memory was there throughout. One copy of each, so that all contenders run the same code. */

__attribute__((noinline)) static bool lifo(const struct contender *contender, void **blocks, size_t operations,
                                           size_t draw)
{
    for (size_t done = 0; done < operations; done += DEPTH) {
        const uint16_t *size = &sizes[(draw + done) % DRAWS];
        for (size_t i = 0; i < DEPTH; i++) {
            size_t *block = contender->malloc(size[i]);
            if (!block)
                return false;
            *block = i;
            blocks[i] = block;
        }
        for (size_t i = DEPTH; i-- > 0;)
            contender->free(blocks[i]);
    }
    return true;
}

__attribute__((noinline)) static bool replace(const struct contender *contender, void **blocks, size_t operations,
                                              size_t draw)
{
    for (size_t i = draw; i < draw + operations; i++) {
        size_t victim = victims[i % DRAWS];
        contender->free(blocks[victim]);
        size_t *block = contender->malloc(sizes[i % DRAWS]);
        if (!block) {
            blocks[victim] = NULL;
            return false;
        }
        *block = victim;
        blocks[victim] = block;
    }
    return true;
}

static bool run(const struct work *work, const struct contender *contender, void **blocks, size_t operations,
                size_t draw)
{
    return work->pattern == LIFO ? lifo(contender, blocks, operations, draw)
                                 : replace(contender, blocks, operations, draw);
}

/* ---- around them */

/* Each block holds the number of its place, or two of them overlap. */
static bool are_whole(void *const *blocks)
{
    for (size_t i = 0; i < BLOCKS; i++)
        if (*(const size_t *)blocks[i] != i)
            return false;
    return true;
}

int work_begin(const struct work *work, const struct contender *contender, void **blocks)
{
    if (work->pattern == LIFO)
        return 0;
    for (size_t i = 0; i < BLOCKS; i++) {
        size_t *block = contender->malloc(sizes[i]);
        if (!block)
            return -ENOMEM;
        *block = i;
        blocks[i] = block;
    }
    return run(work, contender, blocks, AGEING, 0) ? 0 : -ENOMEM;
}

void work_end(const struct work *work, const struct contender *contender, void **blocks)
{
    for (size_t i = 0; work->pattern == REPLACE && i < BLOCKS; i++)
        contender->free(blocks[i]);
}

static double clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

double work_measure(const struct work *work, const struct contender *contender, void **blocks, uint64_t round)
{
    size_t draw = (size_t)(round * 7919 % DRAWS);
    bool is_right = run(work, contender, blocks, WARMING, draw);
    double start = clock_ns();
    is_right = is_right && run(work, contender, blocks, OPERATIONS, draw + WARMING);
    double ns = clock_ns() - start;
    if (work->pattern == REPLACE && is_right)
        is_right = are_whole(blocks);
    return is_right ? ns / OPERATIONS : NAN;
}
