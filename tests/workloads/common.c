/* The parts of workloads that no strategy is in: random numbers, Zipf's law, memory outside the heap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "common/draw.h"
#include "common/outside.h"
#include "common/zipf.h"

/* The first outputs for the seed 1234567 as splitmix64's reference implementation prints them. */
static void test_splitmix(void **state)
{
    (void)state;
    uint64_t mix = 1234567;
    assert_int_equal(draw_mix(&mix), 6457827717110365317u);
    assert_int_equal(draw_mix(&mix), 3203168211198807973u);
    assert_int_equal(draw_mix(&mix), 9817491932198370423u);
}

/* With the state 1, 2, 3, 4: worked out by hand for the first, and the known start of the sequence. */
static void test_xoshiro(void **state)
{
    (void)state;
    struct draw draw = {{1, 2, 3, 4}};
    assert_int_equal(draw_bits(&draw), 11520);
    assert_int_equal(draw_bits(&draw), 0);
    assert_int_equal(draw_bits(&draw), 1509978240);
    assert_int_equal(draw_bits(&draw), 1215971899390074240u);
}

static void test_below(void **state)
{
    (void)state;
    enum { BOUND = 7, DRAWS = 70000 };
    size_t seen[BOUND] = {0};
    struct draw draw = draw_seeded(1);
    for (int i = 0; i < DRAWS; i++) {
        uint64_t value = draw_below(&draw, BOUND);
        assert_true(value < BOUND);
        seen[value]++;
    }
    for (int i = 0; i < BOUND; i++) /* 10000 each, with a standard deviation of 93 */
        assert_in_range(seen[i], 9500, 10500);
    assert_int_equal(draw_below(&draw, 1), 0);
}

/* Pearson's chi-squared against the exact probabilities; the tail is one cell. */
static double zipf_chi_squared(uint64_t count, double exponent, int draws)
{
    enum { CELLS = 50 };
    double expected[CELLS + 1] = {0}, total = 0, chi = 0;
    size_t seen[CELLS + 1] = {0};
    for (uint64_t k = 1; k <= count; k++) {
        double share = pow((double)k, -exponent);
        expected[k <= CELLS ? k - 1 : CELLS] += share;
        total += share;
    }
    struct draw draw = draw_seeded(3);
    struct zipf zipf = zipf_new(count, exponent);
    for (int i = 0; i < draws; i++) {
        uint64_t k = zipf_draw(&zipf, &draw);
        assert_true(k >= 1 && k <= count);
        seen[k <= CELLS ? k - 1 : CELLS]++;
    }
    for (int i = 0; i <= CELLS; i++) {
        double mean = expected[i] / total * draws;
        if (mean > 0)
            chi += ((double)seen[i] - mean) * ((double)seen[i] - mean) / mean;
    }
    return chi;
}

static void test_zipf(void **state)
{
    (void)state;
    static const double exponents[] = {0, 0.5, 0.99, 1, 1.01, 2};
    for (size_t i = 0; i < sizeof exponents / sizeof *exponents; i++) {
        /* 50 degrees of freedom: above 93 comes once in 5,000. */
        assert_true(zipf_chi_squared(1000, exponents[i], 200000) < 93);
        assert_true(zipf_chi_squared(10, exponents[i], 200000) < 40);
    }
    struct draw draw = draw_seeded(4);
    struct zipf one = zipf_new(1, 1);
    assert_int_equal(zipf_draw(&one, &draw), 1);
}

static void test_outside(void **state)
{
    (void)state;
    assert_null(outside_new(SIZE_MAX / 2, 3));
    uint64_t *numbers = outside_new(1000, sizeof *numbers);
    assert_non_null(numbers);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], 0);
    outside_free(numbers, 1000, sizeof *numbers);
    void *nothing = outside_new(0, 8);
    assert_non_null(nothing);
    outside_free(nothing, 0, 8);
    outside_free(NULL, 5, 8);
}

static void test_pool(void **state)
{
    (void)state;
    struct outside_pool pool = {0};
    for (int round = 0; round < 3; round++) {
        char *pieces[100] = {0};
        for (size_t bytes = 1; bytes < 60000; bytes = bytes * 3 / 2 + 1) {
            for (int i = 0; i < 100; i++) {
                size_t kept = pieces[i] ? bytes * 2 / 3 : 0;
                pieces[i] = outside_pool_resize(&pool, pieces[i], bytes);
                assert_non_null(pieces[i]);
                assert_int_equal((uintptr_t)pieces[i] % 16, 0);
                for (size_t k = 0; k + 1 < kept; k++)
                    assert_int_equal(pieces[i][k], (char)i);
                memset(pieces[i], i, bytes);
            }
        }
        outside_pool_reset(&pool);
    }
    outside_pool_close(&pool);
    assert_null(pool.chunks);
    outside_pool_close(&pool);
    assert_null(outside_pool_alloc(&pool, SIZE_MAX - 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_splitmix), cmocka_unit_test(test_xoshiro), cmocka_unit_test(test_below),
        cmocka_unit_test(test_zipf),     cmocka_unit_test(test_outside), cmocka_unit_test(test_pool),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
