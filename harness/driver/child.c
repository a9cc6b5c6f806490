#include "driver/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver/text.h"
#include "utf8.h"

enum { GRACE_NS = 1000000000 };

/* ---- signals: blocked everywhere but in ppoll, so that none is lost between a check and a wait */

static const int stops[] = {SIGINT, SIGTERM, SIGHUP};
enum { STOPS = sizeof stops / sizeof *stops };

static volatile sig_atomic_t stop_signal;
static sigset_t mask_before;

static void note_stop(int signal_number)
{
    stop_signal = signal_number;
}

static void note_child(int signal_number)
{
    (void)signal_number;
}

void child_watch_signals(void)
{
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    for (size_t i = 0; i < STOPS; i++) {
        struct sigaction before;
        sigaction(stops[i], NULL, &before);
        if (stops[i] == SIGHUP && before.sa_handler == SIG_IGN)
            continue; /* nohup */
        sigaddset(&blocked, stops[i]);
        sigaction(stops[i], &(struct sigaction){.sa_handler = note_stop}, NULL);
    }
    sigaction(SIGCHLD, &(struct sigaction){.sa_handler = note_child}, NULL);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &blocked, &mask_before);
    for (size_t i = 0; i < STOPS; i++)
        sigdelset(&mask_before, stops[i]);
    sigdelset(&mask_before, SIGCHLD);
}

void child_unwatch_signals(void)
{
    for (size_t i = 0; i < STOPS; i++) {
        struct sigaction now;
        if (sigaction(stops[i], NULL, &now) == 0 && now.sa_handler == note_stop)
            signal(stops[i], SIG_DFL);
    }
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
}

int child_stop_signal(void)
{
    sigset_t pending;
    sigpending(&pending);
    for (size_t i = 0; !stop_signal && i < STOPS; i++)
        if (sigismember(&pending, stops[i]))
            return stops[i];
    return stop_signal;
}

uint64_t clock_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* ---- starting */

/* One pipe's end here: what has come and is not yet a whole line. */
struct stream {
    int fd; /* -1: closed */
    struct text partial;
};

static int stream_open(struct stream *stream, int *write_end)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -errno;
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    *stream = (struct stream){.fd = ends[0]};
    *write_end = ends[1];
    return 0;
}

static void stream_close(struct stream *stream)
{
    if (stream->fd >= 0)
        close(stream->fd);
    stream->fd = -1;
}

/* What the new process does before it is another program. It shares this one's memory (vfork): system calls only. */
static void become(const struct child *child, const char *path, int in, int out, int error, pid_t parent)
{
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    if (child->memory_limit_bytes) {
        struct rlimit limit = {child->memory_limit_bytes, child->memory_limit_bytes};
        setrlimit(RLIMIT_DATA, &limit);
    }
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &mask_before, NULL);
    execve(path, child->arguments, child->environment ? child->environment : environ);
}

/* Not inlined: nothing that the new process writes before exec may be a variable of the caller's. */
static __attribute__((noinline)) pid_t start(const struct child *child, const char *path, int in, int out, int error)
{
    pid_t parent = getpid();
    static volatile int failure; /* shared with the new process */
    failure = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        become(child, path, in, out, error, parent);
        failure = errno;
        _exit(127);
    }
    if (pid < 0)
        return -errno;
    if (failure) {
        waitpid(pid, NULL, 0);
        return -failure;
    }
    return pid;
}

/* As the shell finds it. NULL: nowhere. */
static char *find_program(const char *name)
{
    if (strchr(name, '/'))
        return must_copy(name);
    const char *folders = getenv("PATH");
    for (const char *at = folders ? folders : "/usr/bin:/bin"; *at;) {
        size_t length = strcspn(at, ":");
        char *path = must_print("%.*s/%s", (int)length, at, name);
        if (access(path, X_OK) == 0)
            return path;
        free(path);
        at += length + (at[length] == ':');
    }
    return NULL;
}

/* ---- reading */

struct reader {
    const struct child *child;
    struct child_end *end;
    struct stream out, error;
};

static bool names_lack_of_memory(const char *line)
{
    return strstr(line, "bad_alloc") || strstr(line, "out of memory") || strstr(line, "Cannot allocate memory") ||
           strstr(line, "cannot allocate memory");
}

static void take_error_line(struct child_end *end, const char *line, size_t length)
{
    if (length == 0)
        return;
    if (length >= sizeof end->last_line)
        length = sizeof end->last_line - 1;
    memcpy(end->last_line, line, length);
    end->last_line[length] = 0;
    utf8_mend(end->last_line);
    if (names_lack_of_memory(end->last_line))
        end->no_memory = true;
}

static void take_line(struct reader *reader, const struct stream *stream, char *line, size_t length)
{
    if (stream == &reader->error)
        take_error_line(reader->end, line, length);
    else if (reader->child->line)
        reader->child->line(line, length, reader->child->context);
}

static void take_lines(struct reader *reader, struct stream *stream)
{
    struct text *partial = &stream->partial;
    char *at = partial->bytes, *newline;
    size_t left = partial->length;
    while (left && (newline = memchr(at, '\n', left))) {
        *newline = 0;
        take_line(reader, stream, at, (size_t)(newline - at));
        left -= (size_t)(newline - at) + 1;
        at = newline + 1;
    }
    if (left)
        memmove(partial->bytes, at, left);
    partial->length = left;
}

/* Reads what is there, though not for ever from one that writes without end; at the end of the stream closes it. What
 * comes after the last newline is no whole line: of stdout it is dropped. */
static void drain(struct reader *reader, struct stream *stream)
{
    enum { READS = 64, LONGEST_LINE = 1 << 24 };
    char bytes[65536];
    for (unsigned reads = 0; stream->fd >= 0 && reads < READS; reads++) {
        ssize_t got = read(stream->fd, bytes, sizeof bytes);
        if (got > 0) {
            text_add_bytes(&stream->partial, bytes, (size_t)got);
            take_lines(reader, stream);
            if (stream->partial.length > LONGEST_LINE)
                text_clear(&stream->partial);
        } else if (got == 0 || (errno != EINTR && errno != EAGAIN)) {
            stream_close(stream);
        } else if (errno == EAGAIN) {
            return;
        }
    }
}

/* ---- waiting */

static void wait_for_news(struct reader *reader, uint64_t until_ns)
{
    struct pollfd fds[2] = {{.fd = reader->out.fd, .events = POLLIN}, {.fd = reader->error.fd, .events = POLLIN}};
    struct timespec timeout, *limit = NULL;
    if (until_ns) {
        uint64_t now = clock_ns(), left = until_ns > now ? until_ns - now : 0;
        timeout = (struct timespec){(time_t)(left / 1000000000u), (long)(left % 1000000000u)};
        limit = &timeout;
    }
    ppoll(fds, 2, limit, &mask_before);
    drain(reader, &reader->out);
    drain(reader, &reader->error);
}

static bool has_ended(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT | WNOHANG) == 0 && info.si_pid == pid;
}

/* Ends the group when its time is over or the command is asked to stop: gently first. */
static void watch(struct reader *reader, pid_t pid)
{
    struct child_end *end = reader->end;
    uint64_t started = clock_ns();
    uint64_t until = reader->child->timeout_ns ? started + reader->child->timeout_ns : 0;
    bool asked = false;
    while (!has_ended(pid)) {
        bool stop = stop_signal && !end->interrupted;
        bool late = until && clock_ns() >= until;
        if (late && asked) {
            kill(-pid, SIGKILL);
            until = 0;
        } else if (late || stop) {
            end->interrupted = stop;
            end->timed_out = !stop;
            kill(-pid, SIGTERM);
            asked = true;
            until = clock_ns() + GRACE_NS;
        }
        wait_for_news(reader, until);
    }
    end->elapsed_ns = clock_ns() - started;
    /* Whatever it started and left behind; the group exists as long as its leader is not reaped. */
    kill(-pid, SIGKILL);
    waitpid(pid, &end->status, 0);
}

static int run_at(const struct child *child, const char *path, struct reader *reader)
{
    int in = open("/dev/null", O_RDONLY | O_CLOEXEC), out = -1, error = -1;
    int failure = in < 0 ? -errno : stream_open(&reader->out, &out);
    if (!failure)
        failure = stream_open(&reader->error, &error);
    pid_t pid = failure ? failure : start(child, path, in, out, child->together ? out : error);
    int opened[] = {in, out, error};
    for (size_t i = 0; i < sizeof opened / sizeof *opened; i++)
        if (opened[i] >= 0)
            close(opened[i]);
    if (pid < 0)
        return pid;
    watch(reader, pid);
    drain(reader, &reader->out);
    drain(reader, &reader->error);
    take_error_line(reader->end, text_string(&reader->error.partial), reader->error.partial.length);
    return 0;
}

int child_run(const struct child *child, struct child_end *end)
{
    *end = (struct child_end){0};
    struct reader reader = {.child = child, .end = end, .out = {.fd = -1}, .error = {.fd = -1}};
    char *path = find_program(child->path);
    int failure = path ? run_at(child, path, &reader) : -ENOENT;
    stream_close(&reader.out);
    stream_close(&reader.error);
    text_free(&reader.out.partial);
    text_free(&reader.error.partial);
    free(path);
    return failure;
}

bool child_succeeded(const struct child_end *end)
{
    return WIFEXITED(end->status) && WEXITSTATUS(end->status) == 0 && !end->timed_out && !end->interrupted;
}
