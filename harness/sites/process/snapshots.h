/* snapshots.h: the counts of all chains of calls at several moments of a run. */
#ifndef SITES_SNAPSHOTS_H
#define SITES_SNAPSHOTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* When: after setup, at some part of the operations, at the end of the iterations, after teardown and a full
 * collection.
 */
enum { MOMENT_SETUP = -1, MOMENT_END = 100, MOMENT_TEARDOWN = 101 }; /* from 1 to 99: per cent */

/* 0, or -1 after a message: not as many snapshots as there is memory for, or rows that could not be written. */
int snapshot_take(int moment, uint64_t operations);
int snapshots_write(void);

#endif
