/* failing.h: allocation that fails on command.
 *
 * The executable is linked with --wrap for malloc, calloc, realloc, aligned_alloc, posix_memalign, free, mmap, mremap
 * and munmap, so that what the strategy and the workload ask for comes through here, while the C library's own
 * requests do not. A peer asks its library instead of malloc: peer_<strategy>.c wraps what it asks for. While armed,
 * each request is counted; the chosen one returns NULL, or that one and all after it.
 *
 * What is asked for and not given back is counted too: after the heap is closed it has to be what it was before. */
#ifndef NOMEM_FAILING_H
#define NOMEM_FAILING_H

#include <stdbool.h>
#include <stdint.h>

enum failing_mode {
    FAILING_NEVER,
    FAILING_ONCE,   /* the nth request alone */
    FAILING_ONWARD, /* the nth and every later one */
};

struct failing {
    bool armed;
    enum failing_mode mode;
    uint64_t nth;      /* from 1 */
    uint64_t requests; /* since armed */
    uint64_t failed;   /* of those */
    int64_t blocks;    /* of malloc and its kind, not freed */
    int64_t mapped_bytes;
};

extern struct failing failing;

/* Starts counting anew. */
void failing_arm(enum failing_mode mode, uint64_t nth);
void failing_disarm(void);

/* Counts a request; true if it has to fail. */
bool failing_request(void);

#endif
