/* message.h: what the measuring process says to people: one line each, on stderr. */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stddef.h>

/* Exit codes. */
enum {
    BENCH_OK = 0,
    BENCH_FAILED = 1, /* some row is not ok, or a row could not be written */
    BENCH_USAGE = 2,
};

/* "bench-malloc: ..." and a line end. */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Says that there is no `kind` called `name`, which of the known ones is spelled most like it, and which there are. */
void message_unknown(const char *kind, const char *name, const char *const known[], size_t count);

#endif
