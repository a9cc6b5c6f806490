/* death.h: what happens when an object is found unreachable: weak references to it are cleared, their callbacks and its
 * finalizer are called. The order is collect.c's. */
#ifndef MARKSWEEP_DEATH_H
#define MARKSWEEP_DEATH_H

#include <stdbool.h>

#include "table.h"

/* Objects whose finalizer was not called yet, and weak references whose target is alive. */
extern struct table marksweep_finalizable, marksweep_weaks;

/* ---- weak references */

/* After marking: clears those to objects without a mark. True if callbacks are due: of those that are marked. */
bool marksweep_weak_clear(void);

/* Calls them, the newest weak reference first. */
void marksweep_weak_call(void);

/* Forgets weak references that are not marked themselves. Before their memory is used again. */
void marksweep_weak_forget(void);

/* ---- finalizers */

/* After marking: finds the objects without a mark that have a finalizer, and marks them and all that they reach, so
 * that they are whole when it is called. True if there are any. */
bool marksweep_finalize_find(void);

/* Calls them, the oldest object first. */
void marksweep_finalize_call(void);

/* After the second marking, that of a collection in which finalizers were called: what died since then and has a
 * finalizer of its own, or a weak reference with a callback, is marked and so left to the next collection. Other weak
 * references to what is not marked are cleared. */
void marksweep_death_postpone(void);

/* The invariants of an object's weaklist, and of both tables; NULL, or which does not hold. */
const char *marksweep_weaklist_check(const void *object, bool (*is_object)(const void *object));
const char *marksweep_death_check(bool (*is_object)(const void *object));

#endif
