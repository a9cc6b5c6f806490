/* reclaim-tracer: counts the system calls of a measuring process, in the iterations alone.
 *
 *     reclaim-tracer bench-<strategy> --marks ...
 *
 * The process runs under ptrace and says by marks (bench/mark.h) where its iterations begin and end. After each
 * repetition, before the process writes the repetition's row, a line goes to stdout for each call that was made in it:
 *
 *     {"row": "calls", "nth": <repetition, warm-up included, from 0>, "name": "mmap", "count": 3}
 *
 * and one with the name "" and the count of all, which is there even if there was none. The process's own addresses are
 * the same every time (no randomisation), since an allocator that aligns what it maps makes calls by chance otherwise.
 * It ends as the process does: same exit code, same signal. */
#include <errno.h>
#include <inttypes.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/mark.h"

enum { CALLS = 1024, EXIT_NOT_TRACED = 2, SYSCALL_STOP = SIGTRAP | 0x80 };

struct counting {
    bool on;
    uint64_t nth, all, calls[CALLS];
};

static void print_line(uint64_t nth, const char *name, uint64_t count)
{
    printf("{\"row\": \"calls\", \"nth\": %" PRIu64 ", \"name\": \"%s\", \"count\": %" PRIu64 "}\n", nth, name, count);
}

static void print_counts(struct counting *counting)
{
    for (int number = 0; number < CALLS; number++) {
        if (!counting->calls[number])
            continue;
        char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), unknown[32];
        snprintf(unknown, sizeof unknown, "call_%d", number);
        print_line(counting->nth, name ? name : unknown, counting->calls[number]);
        free(name);
    }
    print_line(counting->nth, "", counting->all);
    fflush(stdout);
    *counting = (struct counting){.nth = counting->nth + 1};
}

static void take_mark(struct counting *counting, uint64_t which)
{
    if (which == MARK_DONE)
        print_counts(counting);
    else
        counting->on = which == MARK_BEGIN;
}

/* A call that is about to be made. */
static void take_call(struct counting *counting, pid_t pid)
{
    struct __ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return;
    if (info.entry.nr == SYS_prctl && info.entry.args[0] == MARK_OPTION) {
        take_mark(counting, info.entry.args[1]);
    } else if (counting->on) {
        counting->all++;
        if (info.entry.nr < CALLS)
            counting->calls[info.entry.nr]++;
    }
}

/* Lets a process or thread that has stopped go on. */
static void go_on(struct counting *counting, pid_t pid, int status)
{
    int number = WSTOPSIG(status), event = status >> 16;
    if (event == PTRACE_EVENT_STOP && number != SIGTRAP) { /* stopped by a signal, as by a shell: it stays so */
        ptrace(PTRACE_LISTEN, pid, 0, 0);
        return;
    }
    if (number == SYSCALL_STOP)
        take_call(counting, pid);
    int deliver = number == SYSCALL_STOP || event ? 0 : number;
    ptrace(PTRACE_SYSCALL, pid, 0, deliver);
}

/* Until the process has ended; how, as from waitpid. */
static int trace(pid_t process)
{
    static struct counting counting;
    int status;
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 && errno != EINTR)
            return W_EXITCODE(EXIT_NOT_TRACED, 0);
        if (pid > 0 && WIFSTOPPED(status))
            go_on(&counting, pid, status);
        else if (pid == process)
            return status;
    }
}

static _Noreturn void become(char **words)
{
    personality(ADDR_NO_RANDOMIZE);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    raise(SIGSTOP);
    execvp(words[0], words);
    fprintf(stderr, "reclaim-tracer: %s: %s\n", words[0], strerror(errno));
    _exit(EXIT_NOT_TRACED);
}

/* The process waits for it. 0 or a negative errno. */
static int take_hold(pid_t process)
{
    const long options = PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK |
                         PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC;
    int status;
    if (waitpid(process, &status, WUNTRACED) != process || !WIFSTOPPED(status))
        return -ECHILD;
    if (ptrace(PTRACE_SEIZE, process, 0, options) != 0)
        return -errno;
    kill(process, SIGCONT);
    return 0;
}

int main(int count, char **words)
{
    if (count < 2) {
        fputs("reclaim-tracer: which process? reclaim-tracer bench-<strategy> --marks ...\n", stderr);
        return EXIT_NOT_TRACED;
    }
    pid_t process = fork();
    if (process == 0)
        become(words + 1);
    int failure = process < 0 ? -errno : take_hold(process);
    if (failure) {
        fprintf(stderr, "reclaim-tracer: a process cannot be traced here (ptrace): %s\n", strerror(-failure));
        if (process > 0)
            kill(process, SIGKILL);
        return EXIT_NOT_TRACED;
    }
    int status = trace(process);
    if (WIFSIGNALED(status)) {
        signal(WTERMSIG(status), SIG_DFL);
        kill(getpid(), WTERMSIG(status));
    }
    return WEXITSTATUS(status);
}
