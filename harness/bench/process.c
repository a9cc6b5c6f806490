#include "bench/process.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 32)
#include <sys/single_threaded.h>
#define HAVE_SINGLE_THREADED 1
#endif

/* The first `size - 1` bytes of a file; "" if it cannot be read. */
static void file_read(const char *path, char *text, size_t size)
{
    size_t used = 0;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    while (descriptor >= 0 && used < size - 1) {
        ssize_t count = read(descriptor, text + used, size - 1 - used);
        if (count <= 0)
            break;
        used += (size_t)count;
    }
    if (descriptor >= 0)
        close(descriptor);
    text[used] = '\0';
}

static uint64_t number_after_blanks(const char *text)
{
    uint64_t number = 0;
    while (*text == ' ' || *text == '\t')
        text++;
    for (; *text >= '0' && *text <= '9'; text++)
        number = number * 10 + (uint64_t)(*text - '0');
    return number;
}

uint64_t process_peak_rss_bytes(void)
{
    char text[4096];
    file_read("/proc/self/status", text, sizeof text);
    const char *line = strstr(text, "\nVmHWM:");
    return line ? number_after_blanks(line + strlen("\nVmHWM:")) * 1024 : 0;
}

uint64_t process_rss_bytes(void)
{
    char text[256];
    file_read("/proc/self/statm", text, sizeof text);
    const char *resident_pages = strchr(text, ' '); /* the second number; the first is the size */
    return resident_pages ? number_after_blanks(resident_pages) * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

bool process_is_single_threaded(void)
{
#ifdef HAVE_SINGLE_THREADED
    return __libc_single_threaded;
#else
    return true;
#endif
}
