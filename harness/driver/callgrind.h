/* callgrind.h: instructions of a measuring process, counted by valgrind's callgrind instead of the processor: the same
 * number every time, on any machine.
 *
 * callgrind counts inside one function of the process, on_clock (bench/main/repetition.c), and writes a file after each
 * repetition, before the process writes the repetition's row. */
#ifndef CALLGRIND_H
#define CALLGRIND_H

#include <stdbool.h>
#include <stdint.h>

#include "driver/text.h"

struct callgrind {
    char *folder; /* of its files, temporary; NULL: nothing is counted */
};

/* Puts valgrind before the command line. 0 or a negative errno. */
int callgrind_begin(struct callgrind *callgrind, struct strings *arguments);

/* The count of the nth repetition of the process, warm-up included, from 0. False if there is none. */
bool callgrind_read(const struct callgrind *callgrind, unsigned repetition, uint64_t *instructions);

/* Removes the files. */
void callgrind_end(struct callgrind *callgrind);

#endif
