#include "fast.h"

#include <pthread.h>
#include <string.h>

#include "fast_pools.h"

_Thread_local struct pymalloc_fast_bins pymalloc_fast_bins;

/* ---- threads: their bins are flushed when they end */

static pthread_key_t thread_key;
static bool has_thread_key;

static void thread_end(void *bins)
{
    (void)bins;
    pymalloc_fast_flush();
}

__attribute__((constructor)) static void open_threads(void)
{
    has_thread_key = pthread_key_create(&thread_key, thread_end) == 0;
}

/* Storing the key's value may allocate: the bins have room by then. A thread whose destructors allocate after the flush
 * begins anew. */
static void thread_begin(void)
{
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++)
        pymalloc_fast_bins.of[i].room = pymalloc_fast_capacity(i);
    if (has_thread_key)
        pthread_setspecific(thread_key, &pymalloc_fast_bins);
}

/* ---- bins */

void *pymalloc_fast_fill_slow(unsigned size_class)
{
    struct pymalloc_fast_bin *bin = &pymalloc_fast_bins.of[size_class];
    if (bin->room == 0) {
        thread_begin();
        return pymalloc_fast_small(size_class);
    }
    size_t count = pymalloc_fast_capacity(size_class);
    void *list = pymalloc_fast_bins.spare[size_class];
    pymalloc_fast_bins.spare[size_class] = NULL;
    if (!list && !(list = fast_pools_take(size_class, &count)))
        return other_malloc(pymalloc_class_bytes(size_class));
    bin->first = *(void **)list;
    bin->room -= count - 1;
    return list;
}

/* Two bundles a class, so that a program which allocates and frees around the point where one is full or empty does not
 * come here each time. */
void pymalloc_fast_spill_slow(unsigned size_class, void *block)
{
    struct pymalloc_fast_bin *bin = &pymalloc_fast_bins.of[size_class];
    if (!bin->first) {
        thread_begin();
    } else {
        void **spare = &pymalloc_fast_bins.spare[size_class];
        if (*spare)
            fast_pools_give_bundle(size_class, *spare);
        *spare = bin->first;
        *bin = (struct pymalloc_fast_bin){.room = pymalloc_fast_capacity(size_class)};
    }
    bin->room--;
    *(void **)block = bin->first;
    bin->first = block;
}

/* Afterwards the thread is unknown again. */
void pymalloc_fast_flush(void)
{
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++) {
        void *lists[] = {pymalloc_fast_bins.of[i].first, pymalloc_fast_bins.spare[i]};
        pymalloc_fast_bins.of[i] = (struct pymalloc_fast_bin){.room = 0};
        pymalloc_fast_bins.spare[i] = NULL;
        fast_pools_give(lists[0]);
        fast_pools_give(lists[1]);
    }
}

/* ---- blocks of any size */

void *pymalloc_fast_calloc(size_t count, size_t bytes)
{
    size_t all;
    if (__builtin_mul_overflow(count, bytes, &all) || !pymalloc_is_small(all))
        return other_calloc(count, bytes);
    void *block = pymalloc_fast_small(pymalloc_class(all));
    return block ? memset(block, 0, all) : NULL;
}

void *pymalloc_fast_realloc(void *block, size_t bytes)
{
    if (!block)
        return pymalloc_fast_malloc(bytes);
    unsigned mark = pymalloc_fast_mark_of(block);
    if (!mark)
        return other_realloc(block, bytes);
    size_t present = pymalloc_class_bytes(mark - 1);
    if (pymalloc_stays(present, bytes))
        return block;
    void *moved = pymalloc_fast_malloc(bytes);
    if (!moved)
        return bytes <= present ? block : NULL;
    memcpy(moved, block, bytes < present ? bytes : present);
    pymalloc_fast_small_free(block, mark - 1);
    return moved;
}

/* ---- the whole */

void pymalloc_fast_trim(void)
{
    pymalloc_fast_flush();
    fast_pools_trim();
}

void pymalloc_fast_close(void)
{
    pymalloc_fast_flush();
    fast_pools_close();
}

size_t pymalloc_fast_pools_in_use(void)
{
    return fast_pools_in_use();
}

static const char *check_bin(unsigned size_class)
{
    const struct pymalloc_fast_bin *bin = &pymalloc_fast_bins.of[size_class];
    const void *spare = pymalloc_fast_bins.spare[size_class];
    size_t capacity = pymalloc_fast_capacity(size_class);
    if (!bin->first && bin->room == 0)
        return spare ? "an unknown thread has blocks" : NULL;
    const char *wrong = fast_pools_check_list(bin->first, size_class, capacity - bin->room);
    return wrong || !spare ? wrong : fast_pools_check_list(spare, size_class, capacity);
}

const char *pymalloc_fast_check(void)
{
    for (unsigned i = 0; i < PYMALLOC_CLASSES; i++) {
        const char *wrong = check_bin(i);
        if (wrong)
            return wrong;
    }
    return fast_pools_check();
}
