/* trace.h: a trace, as FORMAT.md has it: one operation a line, read whole before the first is done. */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>

enum trace_code {
    TRACE_NEW,
    TRACE_LINK,
    TRACE_WLINK,
    TRACE_CLEAR,
    TRACE_DROP,
    TRACE_DUP,
    TRACE_MOVE,
    TRACE_WREF,
    TRACE_WREFCB,
    TRACE_WDROP,
    TRACE_WGET,
    TRACE_COLLECT,
    TRACE_THRESHOLD,
    TRACE_ENABLE,
    TRACE_DISABLE,
    TRACE_FREEZE,
    TRACE_UNFREEZE,
    TRACE_DEBUG,
    TRACE_GARBAGECLEAR,
    TRACE_REPEAT,
    TRACE_END,
    TRACE_QUIET,
    TRACE_VERBOSE,
    TRACE_FLUSH,
    TRACE_AUTOLOG,
    TRACE_SHOW,
};

enum { TRACE_TERMS = 8, TRACE_ARGUMENTS = 3, TRACE_NESTING = 8 };

/* A number, evaluated from left to right. The first term's operator is '+'. */
struct trace_term {
    char operator; /* + - * / % */
    bool is_index; /* of a loop: `value` 0 is the innermost */
    long value;
};

struct trace_number {
    int length;
    struct trace_term terms[TRACE_TERMS];
};

struct trace_op {
    enum trace_code code;
    int line;
    char kind; /* of `new` */
    int arguments;
    struct trace_number argument[TRACE_ARGUMENTS];
    char *shown;    /* of `show`: the rest of the line */
    size_t partner; /* of `repeat` and `end`: the index of the other */
};

struct trace {
    struct trace_op *ops;
    size_t length;
};

/* Reads a file. False after a message to stderr that names file and line. */
bool trace_read(struct trace *trace, const char *path);
void trace_free(struct trace *trace);

/* Parses a number at the start of `text`; NULL, or what follows it. */
const char *trace_parse_number(const char *text, struct trace_number *number);

/* The value, in loops whose indices are `index[0 .. depth)`, the outermost first. False: divided by zero, or no such
 * loop. */
bool trace_value(const struct trace_number *number, const long index[], int depth, long *value);

#endif
