#include "driver/procfs.h"

#include <stdlib.h>
#include <string.h>

#include "driver/csv_file.h"
#include "driver/text.h"

char *procfs_line(const char *path)
{
    struct text text = {0};
    if (file_read(path, &text) || !text.length) {
        text_free(&text);
        return NULL;
    }
    text.bytes[strcspn(text.bytes, "\n")] = 0;
    return text.bytes;
}

char *procfs_value(const char *path, const char *key, char separator)
{
    struct text text = {0};
    char *value = NULL;
    if (file_read(path, &text) == 0) {
        for (char *line = text.bytes, *next; line && !value; line = next) {
            next = strchr(line, '\n');
            if (next)
                *next++ = 0;
            size_t length = strlen(key);
            char *at = line + length;
            if (strncmp(line, key, length) != 0 || (at = at + strspn(at, " \t"), *at != separator))
                continue;
            at += 1 + strspn(at + 1, " \t\"");
            at[strcspn(at, "\"")] = 0;
            value = must_copy(at);
        }
    }
    text_free(&text);
    return value;
}

int64_t procfs_memory_bytes(const char *key)
{
    char *value = procfs_value("/proc/meminfo", key, ':');
    int64_t bytes = value ? (int64_t)strtoll(value, NULL, 10) * 1024 : 0;
    free(value);
    return bytes;
}

char *procfs_chosen(const char *path)
{
    char *line = procfs_line(path), *word = NULL;
    char *open = line ? strchr(line, '[') : NULL;
    if (open)
        word = must_print("%.*s", (int)strcspn(open + 1, "]"), open + 1);
    free(line);
    return word;
}

struct procfs_jiffies procfs_jiffies(void)
{
    enum { FIELDS = 8, STOLEN = 7 };
    struct procfs_jiffies jiffies = {0};
    char *line = procfs_line("/proc/stat");
    char *at = line && strncmp(line, "cpu", 3) == 0 ? line + 3 : NULL;
    for (int field = 0; at && field < FIELDS; field++) {
        char *end;
        int64_t value = (int64_t)strtoll(at, &end, 10);
        jiffies.all += value;
        if (field == STOLEN)
            jiffies.stolen = value;
        at = end == at ? NULL : end;
    }
    free(line);
    return jiffies;
}

enum procfs_answer procfs_virtual(void)
{
    char *flags = procfs_value("/proc/cpuinfo", "flags", ':');
    enum procfs_answer answer = !flags ? PROCFS_UNKNOWN : strstr(flags, " hypervisor") ? PROCFS_YES : PROCFS_NO;
    free(flags);
    return answer;
}

long procfs_running(void)
{
    enum { AVERAGES = 3 };
    char *line = procfs_line("/proc/loadavg"), *at = line;
    for (int average = 0; at && average < AVERAGES; average++)
        at = strchr(at + 1, ' ');
    long running = at ? strtol(at, NULL, 10) : 0;
    free(line);
    return running;
}
