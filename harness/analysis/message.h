/* message.h: what analysis says on stderr: one line each, what was wrong, where, and what to do. */
#ifndef ANALYSIS_MESSAGE_H
#define ANALYSIS_MESSAGE_H

/* Prints "reclaim: ..." and returns `error`, a negative errno. */
int analysis_fail(int error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints "reclaim: warning: ...". */
void analysis_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* -ENOMEM, said. */
int analysis_no_memory(void);

#endif
