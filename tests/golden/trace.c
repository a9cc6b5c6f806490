#include "trace.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* `least` to `most` numbers after the word; `kind`: the second argument is a letter. */
static const struct word {
    const char *name;
    enum trace_code code;
    int least, most;
    bool kind;
} words[] = {
    {"new", TRACE_NEW, 1, 2, true},
    {"link", TRACE_LINK, 3, 3, false},
    {"wlink", TRACE_WLINK, 3, 3, false},
    {"clear", TRACE_CLEAR, 2, 2, false},
    {"drop", TRACE_DROP, 1, 1, false},
    {"dup", TRACE_DUP, 2, 2, false},
    {"move", TRACE_MOVE, 2, 2, false},
    {"wref", TRACE_WREF, 2, 2, false},
    {"wrefcb", TRACE_WREFCB, 2, 2, false},
    {"wdrop", TRACE_WDROP, 1, 1, false},
    {"wget", TRACE_WGET, 1, 1, false},
    {"collect", TRACE_COLLECT, 1, 1, false},
    {"threshold", TRACE_THRESHOLD, 3, 3, false},
    {"enable", TRACE_ENABLE, 0, 0, false},
    {"disable", TRACE_DISABLE, 0, 0, false},
    {"freeze", TRACE_FREEZE, 0, 0, false},
    {"unfreeze", TRACE_UNFREEZE, 0, 0, false},
    {"debug", TRACE_DEBUG, 1, 1, false},
    {"garbageclear", TRACE_GARBAGECLEAR, 0, 0, false},
    {"repeat", TRACE_REPEAT, 1, 1, false},
    {"end", TRACE_END, 0, 0, false},
    {"quiet", TRACE_QUIET, 0, 0, false},
    {"verbose", TRACE_VERBOSE, 0, 0, false},
    {"flush", TRACE_FLUSH, 0, 0, false},
    {"autolog", TRACE_AUTOLOG, 1, 1, false},
    {"show", TRACE_SHOW, 0, 0, false},
};

static const char *skip_space(const char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    return text;
}

static const char *parse_term(const char *text, struct trace_term *term)
{
    if (*text == '$') {
        term->is_index = true;
        for (term->value = -1; *text == '$'; text++)
            term->value++;
        return text;
    }
    if (!isdigit((unsigned char)*text))
        return NULL;
    char *end;
    term->is_index = false;
    term->value = strtol(text, &end, 10);
    return end;
}

const char *trace_parse_number(const char *text, struct trace_number *number)
{
    char operator= '+';
    for (number->length = 0; number->length < TRACE_TERMS; number->length++) {
        struct trace_term *term = &number->terms[number->length];
        term->operator= operator;
        if (!(text = parse_term(text, term)))
            return NULL;
        if (!*text || !strchr("+-*/%", *text)) {
            number->length++;
            return text;
        }
        operator= * text++;
    }
    return NULL;
}

static bool apply(long *value, char operator, long operand)
{
    switch (operator) {
    case '+': *value += operand; return true;
    case '-': *value -= operand; return true;
    case '*': *value *= operand; return true;
    case '/':
        if (operand)
            *value /= operand;
        return operand != 0;
    default:
        if (operand)
            *value %= operand;
        return operand != 0;
    }
}

bool trace_value(const struct trace_number *number, const long index[], int depth, long *value)
{
    *value = 0;
    for (int i = 0; i < number->length; i++) {
        const struct trace_term *term = &number->terms[i];
        if (term->is_index && term->value >= depth)
            return false;
        long operand = term->is_index ? index[depth - 1 - term->value] : term->value;
        if (!apply(value, term->operator, operand))
            return false;
    }
    return true;
}

/* NULL, or what was wrong with the line. */
static const char *parse_arguments(const char *text, const struct word *word, struct trace_op *op)
{
    for (text = skip_space(text); *text; text = skip_space(text)) {
        if (word->kind && op->arguments == 1 && !op->kind) {
            op->kind = *text++;
            if (!strchr("PFRNBLC", op->kind))
                return "a kind is one of P F R N B L C";
            continue;
        }
        if (op->arguments == word->most)
            return "too many arguments";
        text = trace_parse_number(text, &op->argument[op->arguments++]);
        if (!text || (*text && !isspace((unsigned char)*text)))
            return "a number was expected";
    }
    if (op->arguments < word->least || (word->kind && !op->kind))
        return "too few arguments";
    return NULL;
}

static const char *parse_line(const char *text, struct trace_op *op)
{
    size_t length = strcspn(text, " \t");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strlen(words[i].name) != length || strncmp(words[i].name, text, length) != 0)
            continue;
        op->code = words[i].code;
        if (op->code != TRACE_SHOW)
            return parse_arguments(text + length, &words[i], op);
        op->shown = strdup(skip_space(text + length));
        return op->shown ? NULL : "out of memory";
    }
    return "there is no such operation";
}

/* Room for one more, zeroed; NULL if there is no memory. */
static struct trace_op *append(struct trace *trace)
{
    if ((trace->length & (trace->length + 1)) == 0) {
        struct trace_op *grown = realloc(trace->ops, (2 * trace->length + 2) * sizeof *grown);
        if (!grown)
            return NULL;
        trace->ops = grown;
    }
    struct trace_op *op = &trace->ops[trace->length++];
    *op = (struct trace_op){0};
    return op;
}

/* Finds the end of each loop. */
static const char *pair_loops(struct trace *trace)
{
    size_t open[TRACE_NESTING];
    int depth = 0;
    for (size_t i = 0; i < trace->length; i++) {
        if (trace->ops[i].code == TRACE_REPEAT) {
            if (depth == TRACE_NESTING)
                return "loops are nested too deep";
            open[depth++] = i;
        } else if (trace->ops[i].code == TRACE_END) {
            if (depth == 0)
                return "an end without a repeat";
            trace->ops[i].partner = open[--depth];
            trace->ops[open[depth]].partner = i;
        }
    }
    return depth ? "a repeat without an end" : NULL;
}

static const char *read_lines(struct trace *trace, FILE *file, int *line_number)
{
    char line[512];
    while (fgets(line, sizeof line, file)) {
        ++*line_number;
        line[strcspn(line, "#\r\n")] = '\0';
        const char *text = skip_space(line);
        if (!*text)
            continue;
        struct trace_op *op = append(trace);
        if (!op)
            return "out of memory";
        op->line = *line_number;
        const char *wrong = parse_line(text, op);
        if (wrong)
            return wrong;
    }
    return pair_loops(trace);
}

bool trace_read(struct trace *trace, const char *path)
{
    *trace = (struct trace){0};
    FILE *file = fopen(path, "r");
    if (!file) {
        fprintf(stderr, "gc-replay: %s: %s\n", path, strerror(errno));
        return false;
    }
    int line_number = 0;
    const char *wrong = read_lines(trace, file, &line_number);
    fclose(file);
    if (wrong) {
        fprintf(stderr, "gc-replay: %s:%d: %s\n", path, line_number, wrong);
        trace_free(trace);
    }
    return !wrong;
}

void trace_free(struct trace *trace)
{
    for (size_t i = 0; i < trace->length; i++)
        free(trace->ops[i].shown);
    free(trace->ops);
    *trace = (struct trace){0};
}
