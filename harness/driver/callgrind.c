#include "driver/callgrind.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver/procfs.h"

int callgrind_begin(struct callgrind *callgrind, struct strings *arguments)
{
    const char *temporary = getenv("TMPDIR");
    callgrind->folder = must_print("%s/reclaim-callgrind.XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(callgrind->folder)) {
        int error = -errno;
        free(callgrind->folder);
        callgrind->folder = NULL;
        return error;
    }
    struct strings words = {0};
    strings_add(&words, "valgrind");
    strings_add(&words, "--tool=callgrind");
    strings_add(&words, "--quiet");
    strings_add(&words, "--toggle-collect=on_clock");
    strings_add(&words, "--zero-before=before_clock");
    strings_add(&words, "--dump-before=after_clock");
    strings_take(&words, must_print("--callgrind-out-file=%s/counts", callgrind->folder));
    for (size_t i = 0; i < arguments->count; i++)
        strings_add(&words, arguments->items[i]);
    strings_free(arguments);
    *arguments = words;
    return 0;
}

bool callgrind_read(const struct callgrind *callgrind, unsigned repetition, uint64_t *instructions)
{
    char *path = must_print("%s/counts.%u", callgrind->folder, repetition + 1);
    char *totals = procfs_value(path, "totals", ':');
    char *end = totals;
    errno = 0;
    *instructions = totals ? strtoull(totals, &end, 10) : 0;
    bool known = end != totals && errno == 0;
    free(totals);
    free(path);
    return known;
}

void callgrind_end(struct callgrind *callgrind)
{
    if (!callgrind->folder)
        return;
    char *pattern = must_print("%s/*", callgrind->folder);
    glob_t files;
    if (glob(pattern, 0, NULL, &files) == 0)
        for (size_t i = 0; i < files.gl_pathc; i++)
            unlink(files.gl_pathv[i]);
    globfree(&files);
    rmdir(callgrind->folder);
    free(pattern);
    free(callgrind->folder);
    callgrind->folder = NULL;
}
