#include "contract.h"

void heap_check(void)
{
    const char *wrong = mm_heap_check();
    if (wrong)
        fail_msg("%s", wrong);
}

static void open_with(const char *const *params, size_t limit_bytes)
{
    const struct mm_config config = {.heap_limit_bytes = limit_bytes, .params = params};
    assert_int_equal(mm_heap_open(&config), 0);
    heap_check();
}

void heap_open(size_t limit_bytes)
{
    open_with(NULL, limit_bytes);
}

void heap_open_large(size_t limit_bytes)
{
    static const char *const seldom[] = {"every=1000000", NULL};
    open_with(MM_TRAITS & MM_TRAIT_CHECKS ? seldom : NULL, limit_bytes);
}

void heap_close(void)
{
    heap_check();
    mm_heap_close();
}

int heap_setup(void **state)
{
    (void)state;
    heap_open(0);
    return 0;
}

int heap_setup_large(void **state)
{
    (void)state;
    heap_open_large(0);
    return 0;
}

int heap_teardown(void **state)
{
    (void)state;
    finalizer = NULL;
    heap_close();
    return 0;
}

size_t settle(void)
{
    size_t found = mm_collect(MM_GENERATIONS - 1);
    heap_check();
    return found;
}

uint64_t live_objects(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.objects_allocated - stats.objects_freed;
}

uint64_t live_bytes(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.bytes_allocated - stats.bytes_freed;
}

void expect_all_freed(const struct mm_stats *before)
{
    settle();
    struct mm_stats after;
    mm_stats_get(&after);
    if (MM_TRAITS & MM_TRAIT_NEVER_FREES) {
        assert_int_equal(after.objects_freed, 0);
        return;
    }
    assert_int_equal(after.objects_freed - before->objects_freed, after.objects_allocated - before->objects_allocated);
    assert_int_equal(after.bytes_freed - before->bytes_freed, after.bytes_allocated - before->bytes_allocated);
}

int main(void)
{
    return allocation_tests() + references_tests() + buffers_tests() + deep_tests() + limit_tests() + heap_tests() +
                       regions_tests() + cycles_tests() + weak_tests() + finalizers_tests() + control_tests() +
                       events_tests() ==
                   0
               ? 0
               : 1;
}
