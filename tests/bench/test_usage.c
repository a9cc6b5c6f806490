/* A wrong command line: exit 2, one line on stderr that says what to do, nothing on stdout. */
#include "check.h"

#include <stdio.h>
#include <string.h>

#include "spawn.h"

static void refuses(const char *arguments, const char *expected)
{
    struct spawned spawned = spawn("malloc", arguments, NULL);
    if (spawned.status != 2 || !strstr(spawned.err, expected))
        print_error("%s: exit %d, %s", arguments, spawned.status, spawned.err);
    assert_int_equal(spawned.status, 2);
    assert_string_equal(spawned.out, "");
    assert_non_null(strstr(spawned.err, expected));
    const char *end = strchr(spawned.err, '\n');
    assert_non_null(end);
    assert_string_equal(end, "\n");
    spawned_free(&spawned);
}

static void names_are_suggested(void **state)
{
    (void)state;
    refuses("--workload emtpy", "unknown workload 'emtpy': did you mean 'empty'? Known: babbles,");
    refuses("--workload zzzzz", "unknown workload 'zzzzz'. Known: babbles,");
    refuses("--workload values --param lenght=1",
            "unknown parameter 'lenght': did you mean 'length'? Known: length, colour, file");
    refuses("--workload values --param colour=gren", "'gren': did you mean 'green'? Known: red, green, blue");
    refuses("--workload empty --param x=1", "unknown parameter 'x': there is none");
    refuses("--workload empty --strategy-param size=1",
            "unknown parameter of strategy malloc 'size'. Known: slowdown, twin");
    refuses("--workload empty --mode tineline", "did you mean 'timeline'? Known: time, timeline");
}

static void values_are_checked(void **state)
{
    (void)state;
    refuses("--workload values --param length=0", "length=0: out of range, expected 1 to 1048576");
    refuses("--workload values --param length=1G", "length=1G: out of range, expected 1 to 1048576");
    refuses("--workload values --param length=99999999999999999999", "out of range, expected 1 to 1048576");
    refuses("--workload values --param length=ten", "length=ten: not a whole number");
    refuses("--workload values --param length=", "length=: not a whole number");
    refuses("--workload values --param length", "--param length: expected NAME=VALUE");
    refuses("--workload values --param =1", "--param =1: expected NAME=VALUE");
    refuses("--workload empty --strategy-param x", "--strategy-param x: expected NAME=VALUE");
    refuses("--workload empty --repetitions 0", "--repetitions 0: out of range, expected 1 to 1000000");
    refuses("--workload empty --iterations -1", "--iterations -1: out of range, expected 1 to 1000000000");
    refuses("--workload empty --heap-limit 1Q", "--heap-limit 1Q: not a whole number");
    refuses("--workload empty --samples 0", "--samples 0: out of range");
    refuses("--workload empty --strategy-param slowdown=1001", "slowdown=1001: out of range, expected 0 to 1000");
    refuses("--workload empty --strategy-param slowdwn=1", "did you mean 'slowdown'? Known: slowdown, twin");
    refuses("--workload empty --seed 1e3", "--seed 1e3: not a whole number");
}

static void a_workload_is_wanted(void **state)
{
    (void)state;
    refuses("--repetitions 3", "which workload? Give --workload NAME");
    refuses("empty", "'empty' is no option; a workload is named by --workload NAME");
}

static void options_are_known(void **state)
{
    (void)state;
    struct spawned spawned = spawn("malloc", "--worklod empty", NULL);
    assert_int_equal(spawned.status, 2);
    assert_string_equal(spawned.out, "");
    assert_non_null(strstr(spawned.err, "--worklod"));
    spawned_free(&spawned);
}

static void help_and_version(void **state)
{
    (void)state;
    struct spawned help = spawn("malloc", "--help", NULL);
    assert_int_equal(help.status, 0);
    assert_string_equal(help.err, "");
    assert_non_null(strstr(help.out, "--heap-limit"));
    spawned_free(&help);
    struct spawned version = spawn("malloc", "--version", NULL);
    assert_int_equal(version.status, 0);
    assert_non_null(strstr(version.out, "(reclaim) "));
    assert_null(strstr(version.out, "unknown"));
    spawned_free(&version);
}

static void a_strategy_refuses_what_is_no_parameter_of_its_own(void **state)
{
    (void)state;
    if (!spawn_has("marksweep"))
        skip();
    struct spawned described = spawn("marksweep", "--describe", NULL);
    const json_t *param = json_array_get(json_object_get(json_array_get(described.rows, 0), "params"), 0);
    if (param) {
        char arguments[256];
        snprintf(arguments, sizeof arguments, "--workload empty --strategy-param %s=%lld", row_text(param, "name"),
                 row_number(param, "lowest") - 1);
        struct spawned spawned = spawn("marksweep", arguments, NULL);
        assert_int_equal(spawned.status, 2);
        assert_non_null(strstr(spawned.err, "out of range, expected "));
        spawned_free(&spawned);
        snprintf(arguments, sizeof arguments, "--workload empty --strategy-param %s=%lld", row_text(param, "name"),
                 row_number(param, "initial"));
        spawned = spawn("marksweep", arguments, NULL);
        assert_int_equal(spawned.status, 0);
        spawned_free(&spawned);
    }
    spawned_free(&described);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_suggested),  cmocka_unit_test(values_are_checked),
        cmocka_unit_test(a_workload_is_wanted), cmocka_unit_test(options_are_known),
        cmocka_unit_test(help_and_version),     cmocka_unit_test(a_strategy_refuses_what_is_no_parameter_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
