/* check.h: the list of all objects, in debug builds. */
#ifndef REFCOUNT_CHECK_H
#define REFCOUNT_CHECK_H

/* Frees every object that is left, without finalizers and callbacks. Release builds keep no list, and leave to the end
 * of the process what leaked. */
void refcount_list_free(void);

#endif
