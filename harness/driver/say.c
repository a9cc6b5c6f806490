#include "driver/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/text.h"

const char *say_program = "reclaim";

static bool status_shown;

void say(const char *format, ...)
{
    struct text line = {0};
    va_list arguments;
    va_start(arguments, format);
    text_add(&line, "%s: ", say_program);
    text_add_va(&line, format, arguments);
    text_add(&line, "\n");
    va_end(arguments);
    say_status(NULL);
    fputs(line.bytes, stderr);
    text_free(&line);
}

void say_unknown(const char *where, const char *kind, const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = nearest_of(word, candidates, count);
    if (nearest)
        say("%sthere is no %s named %s; did you mean %s? `reclaim list` shows all", where, kind, word, nearest);
    else
        say("%sthere is no %s named %s; `reclaim list` shows all", where, kind, word);
}

bool say_on_terminal(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
    return isatty(STDERR_FILENO) && !(no_color && *no_color) && !(terminal && strcmp(terminal, "dumb") == 0);
}

void say_status(const char *line)
{
    if (!line && !status_shown)
        return;
    fprintf(stderr, "\r\033[K%s", line ? line : "");
    fflush(stderr);
    status_shown = line != NULL;
}
