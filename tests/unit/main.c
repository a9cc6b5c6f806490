#include "contract.h"

#include <string.h>

/* The test ends before its end: roots that it pushed are still pushed. */
static bool is_excused;

void heap_check(void)
{
    const char *wrong = mm_heap_check();
    if (wrong)
        fail_msg("%s", wrong);
}

static int try_open(const char *const *params, size_t limit_bytes)
{
    const struct mm_config config = {.heap_limit_bytes = limit_bytes, .params = params};
    int error = mm_heap_open(&config);
    if (!error)
        heap_check();
    return error;
}

void heap_open(size_t limit_bytes)
{
    assert_int_equal(try_open(NULL, limit_bytes), 0);
}

bool heap_try_open_large(size_t limit_bytes)
{
    static const char *const seldom[] = {"every=1000000", NULL};
    int error = try_open(MM_TRAITS & MM_TRAIT_CHECKS ? seldom : NULL, limit_bytes);
    if (error)
        assert_int_equal(error, -ENOMEM);
    return !error;
}

void heap_open_large(size_t limit_bytes)
{
    assert_true(heap_try_open_large(limit_bytes));
}

void heap_close(void)
{
    if (!is_excused)
        heap_check();
    is_excused = false;
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

/* Where a strategy is conservative: clears what earlier calls left below the caller. */
__attribute__((noinline, no_sanitize("address", "undefined"))) static void wipe_stack(void)
{
    char below[1 << 14];
    memset(below, 0, sizeof below);
    __asm__ volatile("" : : "r"(below) : "memory");
}

size_t settle(void)
{
    if (MM_TRAITS & MM_TRAIT_CONSERVATIVE)
        wipe_stack();
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

static uint64_t live_bytes(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.bytes_allocated - stats.bytes_freed;
}

/* What is more than it should be. */
static void excuse(uint64_t more, const char *what)
{
    if (!(MM_TRAITS & MM_TRAIT_CONSERVATIVE) || more == 0)
        return;
    print_message("%llu %s may be kept by words on the stack: the rest of this test is skipped\n",
                  (unsigned long long)more, what);
    is_excused = true;
    skip();
}

void expect_live(uint64_t objects)
{
    uint64_t live = live_objects();
    excuse(live > objects ? live - objects : 0, "objects");
    assert_int_equal(live, objects);
}

void expect_live_bytes(uint64_t bytes)
{
    uint64_t live = live_bytes(), rounding = MM_TRAITS & MM_TRAIT_CONSERVATIVE ? bytes / 8 : 0;
    excuse(live > bytes + rounding ? live - bytes : 0, "bytes");
    assert_in_range(live, bytes - rounding, bytes + rounding);
}

void expect_found(uint64_t found, uint64_t objects)
{
    excuse(found < objects ? objects - found : 0, "objects");
    assert_int_equal(found, objects);
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
    expect_found(after.objects_freed - before->objects_freed, after.objects_allocated - before->objects_allocated);
    expect_found(after.bytes_freed - before->bytes_freed, after.bytes_allocated - before->bytes_allocated);
}

/* Too large a request is to be refused under the address sanitizer, too, not reported. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

int main(void)
{
    return allocation_tests() + references_tests() + buffers_tests() + deep_tests() + limit_tests() + heap_tests() +
                       regions_tests() + cycles_tests() + weak_tests() + finalizers_tests() + control_tests() +
                       events_tests() + introspection_tests() + cascades_tests() + conservative_tests() ==
                   0
               ? 0
               : 1;
}
