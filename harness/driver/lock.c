#include "driver/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "driver/say.h"
#include "driver/text.h"

static pid_t owner_in(int fd)
{
    char number[32] = "";
    int64_t pid;
    ssize_t length = pread(fd, number, sizeof number - 1, 0);
    if (length > 0)
        number[strcspn(number, "\n")] = 0;
    return parse_integer(number, 1, INT32_MAX, &pid) ? (pid_t)pid : 0;
}

/* Its owner removes the file before letting go of it: what was locked may be there no more. */
static bool is_still_there(int fd, const char *path)
{
    struct stat opened, named;
    return fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

/* A record lock, which is this process's alone: one by flock would be shared with every process that is started, until
 * it has closed what it inherits, and so could outlive a command that is killed. 0 or a negative errno. */
static int lock_file(int fd)
{
    const struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    if (fcntl(fd, F_SETLK, &whole) == 0)
        return 0;
    return errno == EACCES || errno == EAGAIN ? -EWOULDBLOCK : -errno;
}

static int take_at(const char *path, pid_t *owner)
{
    for (;;) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (fd < 0)
            return -errno;
        int failure = lock_file(fd);
        if (!failure && is_still_there(fd, path))
            return fd;
        if (failure == -EWOULDBLOCK)
            *owner = owner_in(fd);
        close(fd);
        if (failure)
            return failure;
    }
}

int lock_take(const char *folder, pid_t *owner)
{
    *owner = 0;
    char *path = must_print("%s/" LOCK_FILE, folder);
    int lock = take_at(path, owner);
    /* On a full disk the number is not there; the lock holds all the same. */
    if (lock >= 0 && (ftruncate(lock, 0) != 0 || dprintf(lock, "%d\n", (int)getpid()) < 0))
        errno = 0;
    free(path);
    return lock;
}

void lock_say(const char *folder, int failure, pid_t owner)
{
    if (failure != -EWOULDBLOCK)
        say("%s: cannot be locked: %s", folder, strerror(-failure));
    else if (owner)
        say("%s: process %d is writing there; wait until it is done, or end it (kill %d) and `reclaim resume %s`",
            folder, (int)owner, (int)owner, folder);
    else
        say("%s: another process is writing there; wait until it is done", folder);
}

void lock_drop(const char *folder, int lock)
{
    if (lock < 0)
        return;
    char *path = must_print("%s/" LOCK_FILE, folder);
    unlink(path);
    close(lock);
    free(path);
}
