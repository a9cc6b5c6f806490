/* mark.h: where the iterations begin and end, for who traces the process (harness/tracer): a system call that does
 * nothing, since the kernel knows no such option of prctl. */
#ifndef BENCH_MARK_H
#define BENCH_MARK_H

#include <sys/prctl.h>

#define MARK_OPTION 0x52434c4d

enum mark {
    MARK_BEGIN = 1, /* of an iteration */
    MARK_END,       /* of an iteration */
    MARK_DONE,      /* of a repetition: it had all its iterations, or failed */
};

static inline void mark(enum mark which)
{
    prctl(MARK_OPTION, which, 0, 0, 0);
}

#endif
