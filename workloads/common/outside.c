#include "common/outside.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>

void *outside_new(size_t count, size_t element_bytes)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, element_bytes, &bytes))
        return NULL;
    void *memory = mmap(NULL, bytes ? bytes : 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

void outside_free(void *memory, size_t count, size_t element_bytes)
{
    size_t bytes = count * element_bytes;
    if (memory)
        munmap(memory, bytes ? bytes : 1);
}

struct outside_chunk {
    struct outside_chunk *older;
    size_t bytes; /* this header included */
};

/* Before each piece, so that it can be resized. 16 bytes keep the pieces aligned for any type. */
struct outside_piece {
    size_t bytes, unused;
};

enum { OUTSIDE_ALIGNMENT = 16, OUTSIDE_CHUNK_BYTES = 1 << 18 };

static size_t outside_round(size_t bytes)
{
    return (bytes + OUTSIDE_ALIGNMENT - 1) & ~(size_t)(OUTSIDE_ALIGNMENT - 1);
}

static int outside_pool_grow(struct outside_pool *pool, size_t bytes)
{
    size_t needed = bytes + outside_round(sizeof(struct outside_chunk));
    size_t chunk_bytes = needed > OUTSIDE_CHUNK_BYTES ? needed : OUTSIDE_CHUNK_BYTES;
    struct outside_chunk *chunk = outside_new(1, chunk_bytes);
    if (!chunk)
        return -1;
    *chunk = (struct outside_chunk){pool->chunks, chunk_bytes};
    *pool = (struct outside_pool){chunk, outside_round(sizeof *chunk)};
    return 0;
}

void *outside_pool_alloc(struct outside_pool *pool, size_t bytes)
{
    if (bytes > SIZE_MAX / 2)
        return NULL;
    size_t needed = sizeof(struct outside_piece) + outside_round(bytes);
    if ((!pool->chunks || pool->chunks->bytes - pool->used < needed) && outside_pool_grow(pool, needed))
        return NULL;
    struct outside_piece *piece = (struct outside_piece *)(void *)((char *)pool->chunks + pool->used);
    piece->bytes = bytes;
    pool->used += needed;
    return piece + 1;
}

void *outside_pool_resize(struct outside_pool *pool, void *memory, size_t bytes)
{
    struct outside_piece *piece = memory ? (struct outside_piece *)memory - 1 : NULL;
    if (piece && bytes <= piece->bytes)
        return memory;
    void *resized = outside_pool_alloc(pool, bytes);
    if (resized && piece)
        memcpy(resized, memory, piece->bytes);
    return resized;
}

/* Frees the chunks that are older than the newest. */
static void outside_pool_trim(struct outside_pool *pool)
{
    struct outside_chunk *chunk = pool->chunks ? pool->chunks->older : NULL;
    while (chunk) {
        struct outside_chunk *older = chunk->older;
        outside_free(chunk, 1, chunk->bytes);
        chunk = older;
    }
}

void outside_pool_reset(struct outside_pool *pool)
{
    outside_pool_trim(pool);
    if (pool->chunks) {
        pool->chunks->older = NULL;
        pool->used = outside_round(sizeof *pool->chunks);
    }
}

void outside_pool_close(struct outside_pool *pool)
{
    outside_pool_trim(pool);
    if (pool->chunks)
        outside_free(pool->chunks, 1, pool->chunks->bytes);
    *pool = (struct outside_pool){0};
}
