/* spelling.h: which known name somebody may have meant. */
#ifndef BENCH_SPELLING_H
#define BENCH_SPELLING_H

#include <stddef.h>

/* How many letters have to be added, dropped, changed or swapped with their neighbour to make one of the other. Words
 * of more than 63 letters: a number larger than any that counts as near. */
size_t spelling_distance(const char *a, const char *b);

/* The nearest of `known`, or NULL if none is near: at most a third of its letters differ, or it begins with the word.
 */
const char *spelling_nearest(const char *word, const char *const known[], size_t count);

#endif
