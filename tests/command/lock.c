/* The lock of a run's folder: who has it, and that it ends with its owner, whatever the owner started. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/lock.h"

static char folder[] = "/tmp/reclaim-lock.XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

/* Takes the lock, starts a process that inherits everything, tells `ready` which, and waits to be killed. */
static _Noreturn void own(int ready)
{
    pid_t nobody;
    if (lock_take(folder, &nobody) < 0)
        _exit(1);
    pid_t heir = fork();
    if (heir != 0 && write(ready, &heir, sizeof heir) != sizeof heir)
        _exit(1);
    alarm(60); /* where the test fails before it has ended both */
    for (;;)
        pause();
}

static void it_ends_with_its_owner(void **state)
{
    (void)state;
    int ends[2];
    assert_return_code(pipe(ends), errno);
    pid_t owner = fork();
    assert_return_code(owner, errno);
    if (owner == 0)
        own(ends[1]);
    pid_t heir = 0, said = 0;
    assert_int_equal(read(ends[0], &heir, sizeof heir), sizeof heir);
    assert_int_equal(lock_take(folder, &said), -EWOULDBLOCK);
    assert_int_equal(said, owner);
    kill(owner, SIGKILL);
    assert_int_equal(waitpid(owner, NULL, 0), owner);
    assert_return_code(kill(heir, 0), errno);
    int lock = lock_take(folder, &said);
    assert_true(lock >= 0);
    kill(heir, SIGKILL);
    lock_drop(folder, lock);
    close(ends[0]);
    close(ends[1]);
}

static void it_leaves_no_file(void **state)
{
    (void)state;
    pid_t nobody;
    char path[sizeof folder + sizeof "/" LOCK_FILE];
    snprintf(path, sizeof path, "%s/%s", folder, LOCK_FILE);
    int lock = lock_take(folder, &nobody);
    assert_true(lock >= 0);
    assert_int_equal(access(path, F_OK), 0);
    lock_drop(folder, lock);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_int_equal(lock_take("/nowhere/at/all", &nobody), -ENOENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_ends_with_its_owner), cmocka_unit_test(it_leaves_no_file)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
