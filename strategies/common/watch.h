/* watch.h: deaths, for a build that watches them.
 *
 * `reclaim sites` compiles a strategy a second time, with MM_WATCHED, and links it with a recorder that knows which
 * line made each live object (harness/sites). In every other build these functions are empty: a call leaves no trace in
 * the code, and tests/sites compares the code to see that. A strategy without any call works too; the recorder then
 * finds that its own count of live objects is not the strategy's, and says that it does not know what is live. */
#ifndef COMMON_WATCH_H
#define COMMON_WATCH_H

#include <stdbool.h>

#ifdef MM_WATCHED

/* This object's payload is about to be given back. Called once in its life, before its memory is used again; its
 * buffers go with it. */
void watch_died(const void *object);

/* Of all objects that were made so far those died for which `is_live` is false. For what does not free objects one by
 * one. */
void watch_survivors(bool (*is_live)(const void *object));

#else

static inline void watch_died(const void *object)
{
    (void)object;
}

static inline void watch_survivors(bool (*is_live)(const void *object))
{
    (void)is_live;
}

#endif
#endif
