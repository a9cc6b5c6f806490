/* mark.h: marking, with a stack of its own that may be as small as one likes.
 *
 * Invariant while marking: an object that is marked has been scanned, or is on the stack, or lies in the window of
 * those that the stack had no room for. Marking ends when the stack and the window are empty. */
#ifndef MARKSWEEP_MARK_H
#define MARKSWEEP_MARK_H

#include <stddef.h>
#include <stdint.h>

/* What was marked since marksweep_mark_begin: objects, their payload bytes with buffers, and objects with a header. */
struct marked {
    uint64_t objects, bytes, headers;
};

extern struct marked marksweep_marked;

/* `entries` 0: the stack begins small and grows when it has overflowed; else it stays as it is. */
void marksweep_mark_open(size_t entries);
void marksweep_mark_close(void);

/* Held for the stack. */
size_t marksweep_mark_bytes(void);

/* Clears all marks. */
void marksweep_mark_begin(void);

/* Marks an object (or NULL) and all that it reaches. */
void marksweep_mark_from(void *object);

/* Marks what the roots and the permanent set reach. */
void marksweep_mark_roots(void);

#endif
