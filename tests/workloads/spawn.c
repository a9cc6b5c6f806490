#define _GNU_SOURCE
#include "spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int read_all(int file, struct spawned *result)
{
    size_t capacity = 0;
    for (;;) {
        if (capacity - result->bytes < 4096) {
            capacity = 2 * capacity + 8192;
            char *larger = realloc(result->output, capacity);
            if (!larger)
                return -ENOMEM;
            result->output = larger;
        }
        ssize_t got = read(file, result->output + result->bytes, capacity - result->bytes - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -errno;
        result->bytes += (size_t)got;
        result->output[result->bytes] = '\0';
        if (got == 0)
            return 0;
    }
}

static int start(char *const arguments[], int quiet, int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int error = posix_spawn_file_actions_init(&actions);
    if (error)
        return -error;
    error = posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    if (!error && quiet)
        error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    if (!error)
        error = posix_spawn(child, arguments[0], &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return -error;
}

int spawn(char *const arguments[], int quiet, struct spawned *result)
{
    int ends[2];
    pid_t child;
    *result = (struct spawned){0};
    if (pipe2(ends, O_CLOEXEC))
        return -errno;
    int error = start(arguments, quiet, ends[1], &child);
    close(ends[1]);
    if (!error) {
        error = read_all(ends[0], result);
        int status;
        while (waitpid(child, &status, 0) < 0 && errno == EINTR)
            ;
        result->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    close(ends[0]);
    return error;
}
