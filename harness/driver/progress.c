#include "driver/progress.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "driver/child.h"
#include "driver/say.h"

enum { SECOND_NS = 1000000000, TELL_EVERY_S = 15 };

const char *progress_duration(uint64_t ns)
{
    static char text[32];
    unsigned long seconds = (unsigned long)((ns + SECOND_NS / 2) / SECOND_NS);
    if (seconds < 60)
        snprintf(text, sizeof text, "%lu s", seconds);
    else if (seconds < 3600)
        snprintf(text, sizeof text, "%lu min %02lu s", seconds / 60, seconds % 60);
    else
        snprintf(text, sizeof text, "%lu h %02lu min", seconds / 3600, seconds / 60 % 60);
    return text;
}

void progress_begin(struct progress *progress, size_t total, size_t done_before)
{
    uint64_t now = clock_ns();
    *progress = (struct progress){.total = total,
                                  .done = done_before,
                                  .done_before = done_before,
                                  .begun_ns = now,
                                  .told_ns = now,
                                  .redraws = say_on_terminal()};
}

/* "12 of 340, 4 %", and the time left once a few have shown how long one takes. */
static int print_state(const struct progress *progress, char *line, size_t size)
{
    size_t now_done = progress->done - progress->done_before, left = progress->total - progress->done;
    int length = snprintf(line, size, "%zu of %zu, %zu %%", progress->done, progress->total,
                          progress->total ? progress->done * 100 / progress->total : 100);
    if (now_done >= 5) {
        uint64_t each = (clock_ns() - progress->begun_ns) / now_done;
        length += snprintf(line + length, size - (size_t)length, ", %s left", progress_duration(each * left));
    }
    return length;
}

static size_t terminal_columns(void)
{
    struct winsize window;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col > 1 ? window.ws_col : 80;
}

void progress_show(struct progress *progress, const char *what)
{
    char line[512];
    uint64_t now = clock_ns();
    if (progress->redraws) {
        int length = print_state(progress, line, sizeof line);
        snprintf(line + length, sizeof line - (size_t)length, ": %s", what);
        size_t columns = terminal_columns();
        if (columns <= sizeof line)
            line[columns - 1] = 0;
        say_status(line);
    } else if (now - progress->told_ns >= (uint64_t)TELL_EVERY_S * SECOND_NS) {
        print_state(progress, line, sizeof line);
        say("%s", line);
        progress->told_ns = now;
    }
}

void progress_step(struct progress *progress)
{
    progress->done++;
}

void progress_end(struct progress *progress)
{
    (void)progress;
    say_status(NULL);
}
