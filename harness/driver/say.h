/* say.h: messages to the user. One line each, on stderr: what was wrong, where, and what to do. */
#ifndef SAY_H
#define SAY_H

#include <stdbool.h>
#include <stddef.h>

enum exit_code {
    EXIT_ALL_OK = 0,
    EXIT_SOME_FAILED = 1, /* a cell, or the run itself */
    EXIT_USAGE = 2,       /* nothing was run: what was asked for does not exist or cannot be done */
    EXIT_INTERRUPTED = 130,
};

/* What messages begin with; "reclaim" unless another program sets it. */
extern const char *say_program;

/* "reclaim: ...", after erasing the progress line if there is one. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* "there is no KIND named WORD; did you mean NEAREST? `reclaim list` shows all". `where` goes before it ("file:line: ")
 * or is "". */
void say_unknown(const char *where, const char *kind, const char *word, const char *const *candidates, size_t count);

/* Whether the terminal that stderr is may be drawn on: not under NO_COLOR, TERM=dumb, or a pipe. */
bool say_on_terminal(void);

/* The line that is redrawn; say() erases it. NULL: erase it. */
void say_status(const char *line);

#endif
