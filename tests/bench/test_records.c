/* Pauses and timelines: what is kept when there is more than fits. */
#include "check.h"

#include <stdbool.h>

#include "bench/clock.h"
#include "bench/recorder.h"
#include "bench/timeline.h"

static void spin(uint64_t ns)
{
    uint64_t end = clock_now_ns() + ns;
    while (clock_now_ns() < end)
        ;
}

static void pauses_are_whole(void **state)
{
    (void)state;
    struct recorder recorder;
    assert_int_equal(recorder_open(&recorder, 10), 0);
    recorder_start(&recorder);
    recorder_pause_begin(&recorder, 0, 2);
    spin(200000);
    recorder_pause_end(&recorder, 17);
    recorder_pause_begin(&recorder, 1, 0);
    recorder_pause_end(&recorder, 1001);
    uint64_t whole = clock_now_ns() - recorder.zero_ns;
    assert_int_equal(recorder.count, 2);
    assert_int_equal(recorder.kept, 2);
    const struct pause *first = &recorder.pauses[0], *second = &recorder.pauses[1];
    assert_true(first->length_ns >= 200000);
    assert_true(recorder.max_ns >= first->length_ns);
    assert_int_equal(first->freed, 17);
    assert_int_equal(first->generation, 2);
    assert_int_equal(second->cause, 1);
    assert_true(second->start_ns >= first->start_ns + first->length_ns);
    assert_true(second->start_ns + second->length_ns <= whole);
    recorder_close(&recorder);
}

static void nested_pauses_are_one(void **state)
{
    (void)state;
    struct recorder recorder;
    assert_int_equal(recorder_open(&recorder, 10), 0);
    recorder_start(&recorder);
    recorder_pause_end(&recorder, 1); /* began before the clock did */
    recorder_pause_begin(&recorder, 0, 1);
    recorder_pause_begin(&recorder, 1, 0);
    recorder_pause_end(&recorder, 5000);
    recorder_pause_end(&recorder, 6000);
    assert_int_equal(recorder.count, 1);
    assert_int_equal(recorder.pauses[0].freed, 6000);
    assert_int_equal(recorder.pauses[0].generation, 1);
    recorder_pause_begin(&recorder, 0, 1);
    recorder_start(&recorder); /* what is open is forgotten with the rest */
    recorder_pause_begin(&recorder, 0, 0);
    recorder_pause_end(&recorder, 3);
    assert_int_equal(recorder.count, 1);
    recorder_close(&recorder);
}

static void overflow_is_counted(void **state)
{
    (void)state;
    struct recorder recorder;
    assert_int_equal(recorder_open(&recorder, 3), 0);
    recorder_start(&recorder);
    for (unsigned i = 0; i < 5; i++) {
        recorder_pause_begin(&recorder, 0, 0);
        if (i == 4)
            spin(1000000);
        recorder_pause_end(&recorder, i);
    }
    assert_int_equal(recorder.kept, 3);
    assert_int_equal(recorder.count, 5);
    assert_int_equal(recorder.pauses[2].freed, 2);
    assert_true(recorder.max_ns >= 1000000);
    recorder_close(&recorder);
}

static void samples_are_evenly_spaced(void **state)
{
    (void)state;
    struct timeline timeline;
    assert_int_equal(timeline_open(&timeline, 10), 0);
    timeline_start(&timeline, 1000);
    assert_int_equal(timeline.step, 100);
    assert_int_equal(timeline_until_sample(&timeline, 0), 100);
    assert_int_equal(timeline_until_sample(&timeline, 130), 70);
    assert_int_equal(timeline_until_sample(&timeline, 200), 100);
    timeline_start(&timeline, 0);
    assert_int_equal(timeline_until_sample(&timeline, 0), 1);
    timeline_start(&timeline, UINT64_MAX);
    assert_true(timeline.step > UINT64_MAX / 11);
    timeline_close(&timeline);
}

/* Whatever the number of collections, those kept are at even distances and begin with the first. */
static void collections_are_thinned(void **state)
{
    (void)state;
    struct timeline timeline;
    assert_int_equal(timeline_open(&timeline, 7), 0);
    size_t capacity = timeline.collections.capacity;
    for (uint64_t offered = 1; offered < 300; offered++) {
        timeline_start(&timeline, 1);
        for (uint64_t i = 0; i < offered; i++)
            timeline_collection(&timeline, &(struct point){.operations = i});
        const struct series *series = &timeline.collections;
        assert_int_equal(series->offered, offered);
        assert_true(series->count <= capacity);
        assert_true(series->count >= (offered < capacity / 2 ? offered : capacity / 2));
        for (size_t i = 0; i < series->count; i++)
            assert_int_equal(series->points[i].operations, i * series->stride);
        assert_true(series->count * series->stride >= offered);
    }
    timeline_close(&timeline);
}

static void both_series_come_in_order(void **state)
{
    (void)state;
    struct timeline timeline;
    assert_int_equal(timeline_open(&timeline, 100), 0);
    timeline_start(&timeline, 100);
    for (uint64_t i = 0; i < 60; i++) {
        struct point point = {.operations = i, .live_bytes = i % 3 == 0};
        (i % 3 == 0 ? timeline_collection : timeline_sample)(&timeline, &point);
    }
    assert_true(timeline_has_sample(&timeline, 59));
    assert_false(timeline_has_sample(&timeline, 58));
    struct timeline_cursor cursor = {0};
    const struct point *point;
    bool is_collection;
    uint64_t count = 0, last_ns = 0;
    while ((point = timeline_next(&timeline, &cursor, &is_collection))) {
        assert_true(point->time_ns >= last_ns);
        assert_int_equal(is_collection, point->live_bytes);
        last_ns = point->time_ns;
        count++;
    }
    assert_int_equal(count, 60);
    timeline_close(&timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pauses_are_whole),        cmocka_unit_test(nested_pauses_are_one),
        cmocka_unit_test(overflow_is_counted),     cmocka_unit_test(samples_are_evenly_spaced),
        cmocka_unit_test(collections_are_thinned), cmocka_unit_test(both_series_come_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
