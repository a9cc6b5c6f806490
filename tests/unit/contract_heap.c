/* The heap as a whole: what it says of itself, its parameters, its statistics, opened again and again. */
#include <stdio.h>
#include <string.h>

#include "contract.h"

static void test_description(void **state)
{
    (void)state;
    assert_string_equal(mm_strategy.name, STRATEGY);
    assert_true(mm_strategy.summary && *mm_strategy.summary);
    assert_int_equal(mm_strategy.traits, MM_TRAITS);
    for (const struct mm_param *param = mm_strategy.params; param && param->name; param++) {
        assert_true(*param->name && param->help && *param->help);
        assert_true(param->lowest <= param->initial && param->initial <= param->highest);
    }
}

static int open_with(const char *param)
{
    const char *const params[] = {param, NULL};
    const struct mm_config config = {.params = params};
    int error = mm_heap_open(&config);
    if (!error)
        heap_close();
    return error;
}

static void test_wrong_params(void **state)
{
    (void)state;
    static const char *const wrong[] = {"no_such_thing=1", "", "=", "=1", "no_such_thing", "1"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_int_equal(open_with(wrong[i]), -EINVAL);
}

static void test_values_of_params(void **state)
{
    (void)state;
    char text[128];
    for (const struct mm_param *param = mm_strategy.params; param && param->name; param++) {
        snprintf(text, sizeof text, "%s=%lld", param->name, (long long)param->lowest);
        assert_int_equal(open_with(text), 0);
        snprintf(text, sizeof text, "%s=%lld", param->name, (long long)param->initial);
        assert_int_equal(open_with(text), 0);
        if (param->lowest > INT64_MIN) {
            snprintf(text, sizeof text, "%s=%lld", param->name, (long long)param->lowest - 1);
            assert_int_equal(open_with(text), -EINVAL);
        }
        if (param->highest < INT64_MAX) {
            snprintf(text, sizeof text, "%s=%lld", param->name, (long long)param->highest + 1);
            assert_int_equal(open_with(text), -EINVAL);
        }
        static const char *const malformed[] = {"%s", "%s=", "%s=x", "%s=1x", "%s=99999999999999999999"};
        for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
            snprintf(text, sizeof text, malformed[i], param->name);
            assert_int_equal(open_with(text), -EINVAL);
        }
    }
}

static void expect_empty(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_allocated, 0);
    assert_int_equal(stats.bytes_allocated, 0);
    assert_int_equal(stats.objects_freed, 0);
    assert_int_equal(stats.bytes_freed, 0);
    for (int i = 0; i < MM_GENERATIONS; i++) {
        assert_int_equal(stats.collections[i], 0);
        assert_int_equal(stats.collected[i], 0);
        assert_int_equal(stats.uncollectable[i], 0);
        assert_int_equal(stats.collection_ns[i], 0);
    }
}

/* Live objects, garbage and open cycles are left behind; `malloc` cannot find those, so it gets none. */
static void leave_objects(void)
{
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        for (int i = 0; i < 50 && !(MM_TRAITS & MM_TRAIT_EXPLICIT_FREE); i++) {
            assert_int_equal(ring_new(&root, 3), 0);
            assert_non_null(mm_new(&chest_type, &root));
            assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 100000), 0);
            assert_int_equal(mm_refs_resize(&root, offsetof(struct chest, first), 100), 0);
            assert_non_null(mm_new_tail(&string_type, 10000, &root));
        }
    }
    mm_region_end(&region);
}

static void test_open_again(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        heap_open(i == 2 ? 64 << 20 : 0);
        expect_empty();
        leave_objects();
        heap_close();
    }
}

/* As many bytes and objects as were asked for, to the last one. */
static void test_counts(void **state)
{
    (void)state;
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        uint64_t bytes = 0;
        for (size_t i = 0; i < 20; i++) {
            assert_non_null(mm_new(&word_type, &root));
            drop(&word_type, &root);
            assert_non_null(mm_new_tail(&string_type, i, &root));
            drop(&string_type, &root);
            assert_non_null(mm_new_tail(&tuple_type, i, &root));
            drop(&tuple_type, &root);
            bytes += sizeof(struct word) + string_type.size + i + tuple_type.size + i * sizeof(struct mm_ref);
        }
        struct mm_stats stats;
        mm_stats_get(&stats);
        assert_int_equal(stats.objects_allocated, 60);
        assert_int_equal(stats.bytes_allocated, bytes);
        if (FREES_AT_ONCE) {
            assert_int_equal(stats.objects_freed, 60);
            assert_int_equal(stats.bytes_freed, bytes);
        }
    }
    mm_region_end(&region);
    expect_all_freed(&(struct mm_stats){0});
}

static void test_footprint(void **state)
{
    (void)state;
    struct mm_stats small, large, after;
    mm_stats_get(&small);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&chest_type, &root));
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 32 << 20), 0);
        mm_stats_get(&large);
        assert_true(large.footprint_bytes >= small.footprint_bytes + (32 << 20));
        assert_true(large.footprint_bytes <= small.footprint_bytes + (48 << 20));
        assert_true(large.peak_footprint_bytes >= large.footprint_bytes);
        assert_int_equal(mm_bytes_resize(&root, offsetof(struct chest, text), 0), 0);
        drop(&chest_type, &root);
    }
    mm_region_end(&region);
    settle();
    mm_stats_get(&after);
    assert_true(after.peak_footprint_bytes >= large.footprint_bytes);
    mm_stats_reset_peak();
    mm_stats_get(&after);
    assert_true(after.peak_footprint_bytes >= after.footprint_bytes);
    assert_true(after.peak_footprint_bytes <= after.footprint_bytes + after.footprint_bytes / 256 + 64);
}

/* What is counted as held is really held, and given back in the end: a heap opened a hundred times takes no more. */
static void test_no_growth(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        heap_open_large(8 << 20);
        leave_objects();
        heap_close();
    }
}

int heap_tests(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_description),
        cmocka_unit_test(test_wrong_params),
        cmocka_unit_test(test_values_of_params),
        cmocka_unit_test(test_open_again),
        cmocka_unit_test_setup_teardown(test_counts, heap_setup, heap_teardown),
        cmocka_unit_test_setup_teardown(test_footprint, heap_setup, heap_teardown),
        cmocka_unit_test(test_no_growth),
    };
    return cmocka_run_group_tests_name("heap, " STRATEGY, tests, NULL, NULL);
}
