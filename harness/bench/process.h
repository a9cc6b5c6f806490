/* process.h: memory of this process as the system sees it. Reads files of /proc without malloc and without stdio. */
#ifndef BENCH_PROCESS_H
#define BENCH_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

/* The most that was resident since the program was started (VmHWM of /proc/self/status; getrusage would show the
 * parent's where that is larger, since its maximum survives exec). 0 where the system does not tell. */
uint64_t process_peak_rss_bytes(void);

/* Resident now (/proc/self/statm): a microsecond. 0 where the system does not tell. */
uint64_t process_rss_bytes(void);

/* True if this process has never had a second thread: from then on glibc's malloc takes its locks. True, too, where
 * the C library does not tell. */
bool process_is_single_threaded(void);

#endif
