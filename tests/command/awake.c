/* Keepers of cores: where they run, what they leave to others, and that they end with whom they are for. */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "driver/awake.h"

static enum experiment_switch on = SWITCH_ON, off = SWITCH_OFF;
static enum experiment_counter instructions = COUNTER_INSTRUCTIONS;

static size_t cores_allowed(void)
{
    cpu_set_t allowed;
    assert_return_code(sched_getaffinity(0, sizeof allowed, &allowed), errno);
    size_t cores = (size_t)CPU_COUNT(&allowed);
    return cores < AWAKE_CORES_MOST ? cores : AWAKE_CORES_MOST;
}

static void test_one_on_each_core(void **state)
{
    (void)state;
    const struct experiment experiment = {.keep_awake = &on};
    struct awake awake;
    awake_begin(&awake, &experiment);
    assert_int_equal(awake.count, cores_allowed());
    for (size_t i = 0; i < awake.count; i++) {
        cpu_set_t only;
        assert_int_equal(sched_getscheduler(awake.keepers[i]), SCHED_IDLE);
        assert_return_code(sched_getaffinity(awake.keepers[i], sizeof only, &only), errno);
        assert_int_equal(CPU_COUNT(&only), 1);
    }
    awake_end(&awake);
    assert_int_equal(awake.count, 0);
    while (wait(NULL) > 0)
        ;
    assert_int_equal(errno, ECHILD);
}

static void test_not_wanted(void **state)
{
    (void)state;
    const struct experiment never = {.keep_awake = &off}, counting = {.counter = &instructions};
    struct awake awake;
    awake_begin(&awake, &never);
    assert_int_equal(awake.count, 0);
    awake_begin(&awake, &counting);
    assert_int_equal(awake.count, 0);
}

/* The pipe's other end is the parent's alone: a keeper that held it open would keep this from seeing the end. */
static void test_end_with_the_parent(void **state)
{
    (void)state;
    int ends[2];
    assert_return_code(prctl(PR_SET_CHILD_SUBREAPER, 1), errno); /* so that a keeper without parent is this one's */
    assert_return_code(pipe(ends), errno);
    pid_t parent = fork();
    if (parent == 0) {
        const struct experiment experiment = {.keep_awake = &on};
        struct awake awake;
        awake_begin(&awake, &experiment);
        pid_t keeper = awake.count ? awake.keepers[0] : 0;
        _exit(write(ends[1], &keeper, sizeof keeper) == sizeof keeper && pause() ? 0 : 1);
    }
    close(ends[1]);
    pid_t keeper = 0;
    assert_int_equal(read(ends[0], &keeper, sizeof keeper), sizeof keeper);
    assert_true(keeper > 0);
    assert_return_code(kill(keeper, 0), errno);
    assert_return_code(kill(parent, SIGKILL), errno);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_int_equal(read(ends[0], &keeper, 1), 0);
    close(ends[0]);
    assert_int_equal(waitpid(keeper, NULL, 0), keeper);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_one_on_each_core), cmocka_unit_test(test_not_wanted),
                                       cmocka_unit_test(test_end_with_the_parent)};
    return cmocka_run_group_tests_name("awake", tests, NULL, NULL);
}
