/* variants.h: both allocators behind one table, for tests that hold for both. */
#ifndef VARIANTS_H
#define VARIANTS_H

#include <stdbool.h>
#include <stddef.h>

struct variant {
    const char *name;
    void *(*malloc)(size_t bytes);
    void *(*calloc)(size_t count, size_t bytes);
    void *(*realloc)(void *block, size_t bytes);
    void (*free)(void *block);
    bool (*owns)(const void *block);
    size_t (*usable)(const void *block); /* of a block that it owns */
    const char *(*check)(void);
    void (*close)(void);
};

enum { VARIANTS = 2 };
extern const struct variant variants[VARIANTS];

/* Fails the test with what is wrong. */
void assert_whole(const struct variant *variant);

#endif
