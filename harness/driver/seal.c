#include "driver/seal.h"

#include <errno.h>
#include <fcntl.h>
#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/csv_file.h"
#include "driver/results.h"
#include "driver/say.h"

enum { HEX_DIGITS = 2 * SHA256_DIGEST_SIZE };

/* ---- one file */

/* Of what the file has. 0 or a negative errno. */
static int digest(int fd, char hex[HEX_DIGITS + 1])
{
    struct sha256_ctx context;
    uint8_t bytes[65536], sum[SHA256_DIGEST_SIZE];
    ssize_t got;
    sha256_init(&context);
    while ((got = read(fd, bytes, sizeof bytes)) > 0)
        sha256_update(&context, (size_t)got, bytes);
    if (got < 0)
        return -errno;
    sha256_digest(&context, sizeof sum, sum);
    for (size_t i = 0; i < sizeof sum; i++)
        snprintf(hex + 2 * i, 3, "%02x", sum[i]);
    return 0;
}

/* Adds "<sum>  <name>", unless there is no such file. 0 or a negative errno. */
static int add_file(const char *folder, const char *name, struct text *seal)
{
    char *path = must_print("%s/%s", folder, name), hex[HEX_DIGITS + 1];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    free(path);
    if (fd < 0)
        return errno == ENOENT ? 0 : -errno;
    int failure = fsync(fd) != 0 ? -errno : digest(fd, hex);
    close(fd);
    if (!failure)
        text_add(seal, "%s  %s\n", hex, name);
    return failure;
}

/* ---- the seal */

int seal_write(const char *folder)
{
    static const char *const others[] = {"experiment.yaml", "plan.json",           "machine.json", "journal.txt",
                                         "minheap.csv",     "minheap/samples.csv", "pilot.csv",    "machines.csv"};
    struct text seal = {0};
    int failure = 0;
    for (size_t i = 0; i < sizeof others / sizeof *others && !failure; i++)
        failure = add_file(folder, others[i], &seal);
    for (size_t i = 0; i < RESULTS_TABLES && !failure; i++)
        failure = add_file(folder, results_schema((enum results_table)i)->file, &seal);
    char *path = must_print("%s/" SEAL_FILE, folder);
    if (!failure)
        failure = file_replace(path, text_string(&seal), seal.length);
    free(path);
    text_free(&seal);
    return failure;
}

bool seal_exists(const char *folder)
{
    char *path = must_print("%s/" SEAL_FILE, folder);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

/* ---- checking */

struct check {
    const char *folder;
    const struct timespec *trusted; /* what is not younger is not read; NULL: all is read */
    void (*broken)(const char *name, const char *why);
    enum seal_state state;
};

static bool is_older(const struct timespec *time, const struct timespec *than)
{
    return time->tv_sec < than->tv_sec || (time->tv_sec == than->tv_sec && time->tv_nsec <= than->tv_nsec);
}

/* What is wrong with a file; NULL: nothing. */
static const char *why_broken(const struct check *check, int fd, const char *expected)
{
    char hex[HEX_DIGITS + 1];
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return strerror(errno);
    if (check->trusted && is_older(&about.st_mtim, check->trusted))
        return NULL;
    int failure = digest(fd, hex);
    return failure ? strerror(-failure) : strcmp(hex, expected) != 0 ? "was changed since the run was finished" : NULL;
}

static void check_line(struct check *check, char *line)
{
    char *name = strstr(line, "  ");
    const char *why = "is no line of checksums";
    if (name && name - line == HEX_DIGITS) {
        *name = 0;
        name += 2;
        char *path = must_print("%s/%s", check->folder, name);
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        why = why_broken(check, fd, line);
        if (fd >= 0)
            close(fd);
        free(path);
    } else {
        name = line;
    }
    if (!why)
        return;
    check->state = SEAL_BROKEN;
    if (check->broken)
        check->broken(name, why);
}

enum seal_state seal_check(const char *folder, bool thorough, void (*broken)(const char *name, const char *why))
{
    char *path = must_print("%s/" SEAL_FILE, folder);
    struct text seal = {0};
    struct stat about;
    struct check check = {.folder = folder, .broken = broken, .state = SEAL_INTACT};
    int failure = file_read(path, &seal);
    if (!failure && !thorough && stat(path, &about) == 0)
        check.trusted = &about.st_mtim;
    char *rest = seal.bytes;
    for (char *line; !failure && (line = strsep(&rest, "\n"));)
        if (*line)
            check_line(&check, line);
    if (failure)
        check.state = SEAL_NONE;
    free(path);
    text_free(&seal);
    return check.state;
}

static const char *warned_folder;

static void warn(const char *name, const char *why)
{
    say("warning: %s/%s %s; the run's figures are not what was measured (`reclaim verify %s`)", warned_folder, name,
        why, warned_folder);
}

void seal_warn(const char *folder)
{
    warned_folder = folder;
    seal_check(folder, false, warn);
}
