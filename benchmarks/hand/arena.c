/* By hand: a bump arena. Chunks are kept when it is reset, as the next work needs them again. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "hand.h"

enum { CHUNK_BYTES = 1 << 20 };

struct chunk {
    struct chunk *next;
};

static struct arena {
    char *cur, *end;
    struct chunk *first, *current;
} arena;

struct node {
    struct node *next;
    int64_t value;
};

struct branch {
    struct branch *left, *right;
    int64_t number;
};

static struct chunk *map_chunk(void)
{
    struct chunk *chunk = mmap(NULL, CHUNK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (chunk == MAP_FAILED)
        return NULL;
    chunk->next = NULL;
    return chunk;
}

static void use_chunk(struct chunk *chunk)
{
    arena.current = chunk;
    arena.cur = (char *)(chunk + 1);
    arena.end = (char *)chunk + CHUNK_BYTES;
}

static __attribute__((noinline)) void *take_slow(size_t bytes)
{
    struct chunk *next = arena.current->next;
    if (!next)
        next = arena.current->next = map_chunk();
    if (!next)
        return NULL;
    use_chunk(next);
    arena.cur += bytes;
    return next + 1;
}

static inline void *take(size_t bytes)
{
    char *block = arena.cur;
    if (__builtin_expect((size_t)(arena.end - block) < bytes, 0))
        return take_slow(bytes);
    arena.cur = block + bytes;
    return block;
}

static void reset(void)
{
    use_chunk(arena.first);
}

int hand_open(void)
{
    arena.first = map_chunk();
    if (!arena.first)
        return -ENOMEM;
    reset();
    return 0;
}

void hand_close(void)
{
    for (struct chunk *next, *chunk = arena.first; chunk; chunk = next) {
        next = chunk->next;
        munmap(chunk, CHUNK_BYTES);
    }
    arena = (struct arena){0};
}

/* ---- list */

static uint64_t sum_list(const struct node *node)
{
    uint64_t sum = 1;
    for (; node; node = node->next)
        sum = sum * 3 + (uint64_t)node->value;
    return sum;
}

static struct node *reverse(struct node *rest)
{
    struct node *head = NULL;
    while (rest) {
        struct node *node = rest;
        rest = node->next;
        node->next = head;
        head = node;
    }
    return head;
}

static struct node *push_numbers(size_t length)
{
    struct node *head = NULL;
    for (size_t i = 0; i < length; i++) {
        struct node *node = take(sizeof *node);
        if (!node)
            return NULL;
        node->value = (int64_t)i;
        node->next = head;
        head = node;
    }
    return head;
}

bool hand_list(size_t length, int64_t detail, uint64_t *sum)
{
    (void)detail;
    struct node *head = push_numbers(length);
    if (head) {
        *sum = sum_list(head);
        *sum = *sum * 5 + sum_list(reverse(head));
    }
    reset();
    return head != NULL;
}

/* ---- tree */

static struct branch *grow(size_t depth, int64_t number)
{
    struct branch *left = NULL, *right = NULL;
    if (depth != 0) {
        left = grow(depth - 1, 2 * number);
        right = grow(depth - 1, 2 * number + 1);
        if (!left || !right)
            return NULL;
    }
    struct branch *branch = take(sizeof *branch);
    if (!branch)
        return NULL;
    branch->left = left;
    branch->right = right;
    branch->number = number;
    return branch;
}

static uint64_t sum_tree(const struct branch *branch)
{
    uint64_t sum = (uint64_t)branch->number;
    if (branch->left)
        sum += 3 * sum_tree(branch->left) + 5 * sum_tree(branch->right);
    return sum;
}

bool hand_tree(size_t depth, int64_t number, uint64_t *sum)
{
    const struct branch *tree = grow(depth, number);
    if (tree)
        *sum = sum_tree(tree);
    reset();
    return tree != NULL;
}

/* ---- rings */

static struct node *make_ring(int64_t number, int64_t nodes)
{
    struct node *newest = NULL, *oldest = NULL;
    for (int64_t i = 0; i < nodes; i++) {
        struct node *node = take(sizeof *node);
        if (!node)
            return NULL;
        node->value = number + i;
        node->next = newest;
        newest = node;
        if (i == 0)
            oldest = node;
    }
    oldest->next = newest;
    return oldest;
}

static uint64_t sum_ring(const struct node *first)
{
    uint64_t sum = 0;
    const struct node *node = first;
    do {
        sum = sum * 3 + (uint64_t)node->value;
        node = node->next;
    } while (node != first);
    return sum;
}

bool hand_rings(size_t count, int64_t nodes, uint64_t *sum)
{
    const struct node *ring = NULL;
    *sum = 0;
    for (size_t i = 0; i < count; i++) {
        ring = make_ring((int64_t)i, nodes);
        if (!ring)
            break;
        *sum = *sum * 31 + sum_ring(ring);
    }
    reset();
    return ring != NULL;
}
