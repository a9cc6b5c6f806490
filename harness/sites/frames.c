/* frames.c: from addresses to functions and lines, by addr2line of the binutils, which is wherever there is gcc. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "driver/child.h"
#include "driver/say.h"
#include "sites/sites.h"

enum { ADDRESSES_AT_ONCE = 4096 };

/* addr2line -a -f -i prints for each address a line with it, then for each frame the function and "file:line". */
struct reading {
    struct call *next, *end; /* the call of the next address */
    struct call *call;
    char *function; /* of the frame whose place comes next */
};

static void add_frame(struct call *call, char *function, char *place)
{
    place[strcspn(place, " ")] = 0; /* " (discriminator 2)" */
    char *colon = strrchr(place, ':');
    unsigned line = colon ? (unsigned)strtoul(colon + 1, NULL, 10) : 0;
    if (colon)
        *colon = 0;
    call->frames = must_resize(call->frames, call->count + 1, sizeof *call->frames);
    call->frames[call->count++] = (struct frame){.function = function, .file = must_copy(place), .line = line};
}

static void take_line(char *line, size_t length, void *context)
{
    struct reading *reading = context;
    (void)length;
    if (strncmp(line, "0x", 2) == 0) {
        reading->call = reading->next < reading->end ? reading->next++ : NULL;
    } else if (!reading->call) {
        return;
    } else if (!reading->function) {
        reading->function = must_copy(line);
    } else {
        add_frame(reading->call, reading->function, line);
        reading->function = NULL;
    }
}

static int find_some(const char *executable, struct call calls[], size_t count)
{
    struct strings arguments = {0};
    const char *const options[] = {"addr2line", "-a", "-f", "-i", "-e", executable};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        strings_add(&arguments, options[i]);
    for (size_t i = 0; i < count; i++)
        strings_take(&arguments, must_print("0x%" PRIx64, calls[i].address));
    struct reading reading = {.next = calls, .end = calls + count};
    struct child child = {.path = "addr2line", .arguments = arguments.items, .line = take_line, .context = &reading};
    struct child_end end;
    int error = child_run(&child, &end);
    bool is_whole = !error && child_succeeded(&end) && reading.next == reading.end && !reading.function;
    if (error)
        say("addr2line cannot be started: %s; install binutils", strerror(-error));
    else if (!is_whole && !child_stop_signal())
        say("addr2line does not read %s: %s", executable, end.last_line[0] ? end.last_line : "no message");
    free(reading.function);
    strings_free(&arguments);
    return is_whole ? 0 : -1;
}

int frames_find(const char *executable, struct call calls[], size_t count)
{
    int failure = 0;
    for (size_t done = 0; done < count && !failure; done += ADDRESSES_AT_ONCE) {
        size_t some = count - done < ADDRESSES_AT_ONCE ? count - done : ADDRESSES_AT_ONCE;
        failure = find_some(executable, calls + done, some);
    }
    return failure;
}

void frames_free(struct call *call)
{
    for (size_t i = 0; i < call->count; i++) {
        free(call->frames[i].function);
        free(call->frames[i].file);
    }
    free(call->frames);
}
