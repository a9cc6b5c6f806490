/* That torture sees each step outside of the contract: planted programs, each in a process of its own, whose end is
 * looked at: the status, and the line that names the rule and the object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "objects.h"
#include "planted.h"

struct ending {
    int status;
    char line[512]; /* what was written to stderr */
};

static _Noreturn void child(int stderr_pipe, void (*run)(void))
{
    dup2(stderr_pipe, STDERR_FILENO);
    if (mm_heap_open(&(struct mm_config){0}) != 0)
        _exit(1);
    run();
    _exit(0);
}

static struct ending run_in_child(void (*run)(void))
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0)
        child(ends[1], run);
    close(ends[1]);
    struct ending ending = {0};
    size_t length = 0;
    ssize_t count;
    while (length < sizeof ending.line - 1 &&
           (count = read(ends[0], ending.line + length, sizeof ending.line - 1 - length)) != 0) {
        if (count < 0 && errno != EINTR)
            break;
        length += count > 0 ? (size_t)count : 0;
    }
    close(ends[0]);
    assert_int_equal(waitpid(pid, &ending.status, 0), pid);
    return ending;
}

static bool is_one_line(const char *text)
{
    const char *end = strchr(text, '\n');
    return end && end[1] == 0;
}

static void test_planted(void **state)
{
    const struct planted *program = *state;
    struct ending ending = run_in_child(program->run);
    if (!WIFEXITED(ending.status))
        fail_msg("%s: ended by signal %d; %s", program->name, WTERMSIG(ending.status), ending.line);
    assert_int_equal(WEXITSTATUS(ending.status), program->rule ? TORTURE_STATUS : 0);
    if (!program->rule) {
        assert_string_equal(ending.line, "");
        return;
    }
    char expected[64];
    snprintf(expected, sizeof expected, "torture: %s: ", program->rule);
    if (strncmp(ending.line, expected, strlen(expected)) != 0)
        fail_msg("%s: expected %s, got %s", program->name, program->rule, ending.line);
    assert_true(is_one_line(ending.line));
    snprintf(expected, sizeof expected, "; %s", program->object ? program->object : "");
    if (program->object && !strstr(ending.line, expected))
        fail_msg("%s: expected object %s, got %s", program->name, program->object, ending.line);
}

/* ---- the hook */

static void exit_with_rule(const struct torture_violation *violation)
{
    _exit(100 + (int)violation->rule);
}

static void with_a_hook(void)
{
    torture_violation_handler = exit_with_rule;
    MM_ROOT(root);
    void *object = mm_new(&word_type, &root);
    mm_dead(&word_type, object);
    mm_dead(&word_type, object);
}

static void test_hook(void **state)
{
    (void)state;
    struct ending ending = run_in_child(with_a_hook);
    assert_true(WIFEXITED(ending.status));
    assert_int_equal(WEXITSTATUS(ending.status), 100 + TORTURE_DEAD_TWICE);
    assert_string_equal(ending.line, "");
}

static jmp_buf back;
static struct torture_violation told;

static void jump_back(const struct torture_violation *violation)
{
    told = *violation;
    longjmp(back, 1);
}

/* A handler may jump out; the heap is abandoned, and can be opened again. */
static void test_jumping_out(void **state)
{
    (void)state;
    torture_violation_handler = jump_back;
    for (volatile int round = 0; round < 3; round++) {
        assert_int_equal(mm_heap_open(&(struct mm_config){0}), 0);
        struct mm_root root;
        mm_root_push(&root);
        if (setjmp(back) == 0) {
            const volatile struct word *word = mm_new(&word_type, &root);
            mm_new(&cell_type, &root);
            told.object = word->value;
            fail_msg("nothing was said");
        }
        assert_int_equal(told.rule, TORTURE_STALE);
        assert_string_equal(told.type, "word");
        assert_int_equal(told.object, 1);
        torture_abandon();
    }
    torture_violation_handler = NULL;
}

int main(void)
{
    enum { MOST = 100 };
    static struct CMUnitTest tests[MOST];
    size_t count = 0;
    assert_true(planted_count + 2 <= MOST);
    for (size_t i = 0; i < planted_count; i++)
        tests[count++] = (struct CMUnitTest){
            .name = planted[i].name, .test_func = test_planted, .initial_state = (void *)(uintptr_t)&planted[i]};
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_hook);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_jumping_out);
    return _cmocka_run_group_tests("violations", tests, count, NULL, NULL);
}
