/* Latencies of requests: simple, metered, and the histogram that they are counted in. */
#include "check.h"

#include <string.h>

#include "bench/latency.h"

enum { MANY = 3000 };

static struct histogram got;

static uint64_t step_of(uint64_t value)
{
    size_t step = 0;
    while (histogram_step_ns(step) < value)
        step++;
    return step;
}

/* The latencies are those expected, as many of each. */
static void expect(const struct latency *latency, const struct metering *metering, const uint64_t *expected)
{
    static uint64_t counts[HISTOGRAM_STEPS];
    memset(counts, 0, sizeof counts);
    uint64_t longest = 0;
    for (size_t i = 0; i < latency->kept; i++) {
        counts[step_of(expected[i])]++;
        longest = expected[i] > longest ? expected[i] : longest;
    }
    latency_histogram(latency, metering, &got);
    assert_memory_equal(got.counts, counts, sizeof counts);
    assert_int_equal(got.max_ns, longest);
}

static void steps_are_narrow(void **state)
{
    (void)state;
    uint64_t last = histogram_step_ns(0);
    assert_int_equal(last, 0);
    for (size_t i = 1; i < HISTOGRAM_STEPS; i++) {
        uint64_t largest = histogram_step_ns(i);
        assert_true(largest > last);
        assert_true(largest - last == 1 || (double)(largest - last) <= 0.016 * (double)last);
        last = largest;
    }
    assert_true(last == UINT64_MAX);
}

/* Six requests of 10 ns, of which the fourth is held up for 90. They start at 0 10 20 30 130 140, so full smoothing has
 * them arrive at 0 28 56 84 112 140. In a window of 60 ns, requests 0 to 3 see those from 0 to 130, a request each 32.5
 * ns, and none arrives late enough to be longer than it was; 4 sees itself and 5. */
static void a_queue_by_hand(void **state)
{
    (void)state;
    uint64_t ends[] = {10, 20, 30, 130, 140, 150};
    struct latency latency = {.ends_ns = ends, .kept = 6, .capacity = 6};
    expect(&latency, &(struct metering){"simple", 0}, (uint64_t[]){10, 10, 10, 100, 10, 10});
    expect(&latency, &(struct metering){"full", UINT64_MAX}, (uint64_t[]){10, 10, 10, 100, 28, 10});
    expect(&latency, &(struct metering){"60 ns", 60}, (uint64_t[]){10, 10, 10, 100, 10, 10});
    /* 210 ns: from 4 on, all that started at 25 or later: 30 130 140, one each 55 ns: 130 is to arrive at 85. */
    expect(&latency, &(struct metering){"210 ns", 210}, (uint64_t[]){10, 10, 10, 100, 55, 10});
}

static void none_and_one(void **state)
{
    (void)state;
    uint64_t end = 70;
    struct latency latency = {.ends_ns = &end, .kept = 0, .capacity = 1};
    for (size_t i = 0; i < LATENCY_METERINGS; i++)
        expect(&latency, &latency_meterings[i], NULL);
    latency.kept = 1;
    for (size_t i = 0; i < LATENCY_METERINGS; i++)
        expect(&latency, &latency_meterings[i], &end);
}

/* The definition, word by word. */
static uint64_t metered(const uint64_t *starts, const uint64_t *ends, size_t count, size_t i, double window)
{
    size_t a = 0, b = 0;
    while ((double)starts[a] < (double)starts[i] - window / 2)
        a++;
    while (b + 1 < count && (double)starts[b] < (double)starts[i] + window / 2)
        b++;
    double simple = (double)(ends[i] - starts[i]);
    double arrival = a == b ? (double)starts[i]
                            : (double)starts[a] + (double)(i - a) * (double)(starts[b] - starts[a]) / (double)(b - a);
    double length = (double)ends[i] - arrival;
    return (uint64_t)(length > simple ? length : simple);
}

static void windows_as_defined(void **state)
{
    (void)state;
    static uint64_t starts[MANY], ends[MANY], expected[MANY];
    uint64_t now = 0, random = 1;
    for (size_t i = 0; i < MANY; i++) {
        random = random * UINT64_C(6364136223846793005) + 1;
        starts[i] = now;
        now += 500 + (random >> 60) * 100 + ((random >> 50) % 512 == 0 ? 400000 : 0);
        ends[i] = now;
    }
    struct latency latency = {.ends_ns = ends, .kept = MANY, .capacity = MANY};
    static const uint64_t windows[] = {2, 1000, 20000, 300000, 2000000, UINT64_C(1) << 40};
    for (size_t w = 0; w < sizeof windows / sizeof *windows; w++) {
        for (size_t i = 0; i < MANY; i++)
            expected[i] = metered(starts, ends, MANY, i, (double)windows[w]);
        expect(&latency, &(struct metering){"", windows[w]}, expected);
    }
    expect(&latency, &(struct metering){"full", UINT64_MAX}, expected); /* as the last window, longer than all */
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct latency latency;
    assert_int_equal(latency_open(&latency, 3), 0);
    for (int repetition = 0; repetition < 2; repetition++) {
        latency_start(&latency);
        for (int i = 0; i < 5; i++)
            latency_request(&latency);
        assert_int_equal(latency.kept, 3);
        assert_int_equal(latency.count, 5);
        assert_true(latency.ends_ns[0] <= latency.ends_ns[1] && latency.ends_ns[1] <= latency.ends_ns[2]);
    }
    latency_close(&latency);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(steps_are_narrow),
        cmocka_unit_test(a_queue_by_hand),
        cmocka_unit_test(none_and_one),
        cmocka_unit_test(windows_as_defined),
        cmocka_unit_test(what_does_not_fit_is_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
