/* The row names the allocator that malloc really comes from. */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "spawn.h"

static void loaded(const char *preload, char *text, size_t size)
{
    char assignment[4200];
    snprintf(assignment, sizeof assignment, "LD_PRELOAD=%s", preload);
    struct spawned spawned = spawn("malloc", "--workload grows --repetitions 2", assignment);
    bool missing = strstr(spawned.err, "cannot be preloaded") != NULL;
    if (!missing)
        assert_int_equal(spawned.status, 0);
    snprintf(text, size, "%s", missing ? "" : row_text(spawned_row(&spawned, "process", 0), "allocator_loaded"));
    spawned_free(&spawned);
}

/* Whether malloc is the C library's without a preload; a sanitizer brings its own, which goes before any other. */
static bool malloc_is_free(void)
{
    char plain[256];
    loaded("", plain, sizeof plain);
    return strncmp(plain, "glibc ", 6) == 0;
}

/* Skipped where it is not installed. */
static void expect(const char *const *files, const char *name)
{
    char text[256] = "";
    if (!malloc_is_free())
        skip();
    for (; *files && !*text; files++)
        loaded(*files, text, sizeof text);
    if (!*text)
        skip();
    print_message("%s\n", text);
    assert_true(strncmp(text, name, strlen(name)) == 0);
    int major = -1, minor = -1;
    assert_int_equal(sscanf(text + strlen(name), " %d.%d", &major, &minor), 2);
    assert_true(major >= 0 && major < 1000 && minor >= 0 && minor < 1000);
}

static void glibc(void **state)
{
    (void)state;
    static const char *const files[] = {"", NULL};
    expect(files, "glibc");
}

static void mimalloc(void **state)
{
    (void)state;
    static const char *const files[] = {"libmimalloc.so.2", "libmimalloc.so.3", "libmimalloc.so", NULL};
    expect(files, "mimalloc");
}

static void jemalloc(void **state)
{
    (void)state;
    static const char *const files[] = {"libjemalloc.so.2", "libjemalloc.so", NULL};
    expect(files, "jemalloc");
}

static void tcmalloc(void **state)
{
    (void)state;
    static const char *const files[] = {"libtcmalloc_minimal.so.4", "libtcmalloc_minimal.so", "libtcmalloc.so.4", NULL};
    expect(files, "tcmalloc");
}

static void one_that_nobody_knows_is_named_by_its_file(void **state)
{
    (void)state;
    char text[256];
    if (!malloc_is_free())
        skip();
    loaded(UNHEARD_OF, text, sizeof text);
    assert_string_equal(text, "libunheard_of.so");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glibc),
        cmocka_unit_test(mimalloc),
        cmocka_unit_test(jemalloc),
        cmocka_unit_test(tcmalloc),
        cmocka_unit_test(one_that_nobody_knows_is_named_by_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
