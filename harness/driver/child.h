/* child.h: one process, started, read, limited and ended.
 *
 * The process leads a process group of its own, so that what it starts ends with it and a Ctrl-C on the terminal
 * reaches the command alone. It dies with the command, even by SIGKILL. */
#ifndef CHILD_H
#define CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct child {
    const char *path;            /* of the executable; looked up in PATH if it has no '/' */
    char *const *arguments;      /* argv, NULL at the end */
    char *const *environment;    /* envp; NULL: the command's own */
    uint64_t memory_limit_bytes; /* RLIMIT_DATA; 0: none */
    uint64_t timeout_ns;         /* SIGTERM then, SIGKILL a second later; 0: none */
    bool together;               /* stderr goes where stdout goes */
    /* A line of stdout without its newline; it may be changed. NULL: dropped. */
    void (*line)(char *line, size_t length, void *context);
    void *context;
};

struct child_end {
    int status;       /* as from waitpid */
    bool timed_out;   /* ended by the time limit */
    bool interrupted; /* ended because the command was asked to stop */
    uint64_t elapsed_ns;
    char last_line[512]; /* of stderr: the last line that is not empty, as UTF-8 */
    bool no_memory;      /* stderr says that memory ran out: std::bad_alloc and the like */
};

/* Runs it to its end. 0, or a negative errno if it could not be started. */
int child_run(const struct child *child, struct child_end *end);

/* True if it ended by itself with exit code 0. */
bool child_succeeded(const struct child_end *end);

/* Call once, first: SIGINT, SIGTERM and SIGHUP are noted, and end the process that runs. */
void child_watch_signals(void);

/* From here on they end the command as they end any: nothing more is measured, and nothing can be lost. */
void child_unwatch_signals(void);

/* The signal that asks the command to stop, or 0. */
int child_stop_signal(void);

/* Monotonic. */
uint64_t clock_ns(void);

#endif
