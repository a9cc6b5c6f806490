/* allocator.h: finding an allocator's shared object. The table is allocators/allocators.def. */
#ifndef ALLOCATOR_H
#define ALLOCATOR_H

#include <stdbool.h>
#include <stddef.h>

struct allocator_info {
    const char *name, *sonames, *debian, *fedora, *arch, *homebrew, *summary;
};

extern const struct allocator_info allocators[]; /* ends with name == NULL */

/* One that is found: what the user called it, and what to preload. */
struct allocator {
    char *name;
    char *preload;                     /* path, or NULL: nothing */
    const struct allocator_info *info; /* NULL: a shared object of the user's */
};

/* Finds an allocator by name or path. `where` ("file:line: " or "") goes before messages; `bench` is an executable of
 * the kind that it will be preloaded into. 0, or -1 after a message that says what to install. */
int allocator_find(const char *name, const char *where, const char *bench, struct allocator *allocator);
void allocator_free(struct allocator *allocator);

/* The path of a known allocator's shared object, or NULL. Owned by the caller. */
char *allocator_locate(const struct allocator_info *info, const char *bench);

/* How to install it here. Static. */
const char *allocator_package(const struct allocator_info *info);

/* Whether `loaded`, found out in the measuring process, can be what was asked for. */
bool allocator_is(const struct allocator *allocator, const char *loaded);

#endif
