/* mutator.c: opening, closing and the account, shared out among threads. */
#include <pthread.h>

#include "../refcount/check.h"
#include "../refcount/internal.h"
#include "common/common.h"

/* So much a thread reserves at a time, or 1/256 of the limit if that is less. */
enum { RESERVE_BYTES = 64 * 1024 };

_Thread_local struct refcount_mutator refcount_thread;

/* The account of those that run, and the sum of those that have ended. Guarded by `account_lock`. */
static pthread_mutex_t account_lock = PTHREAD_MUTEX_INITIALIZER;
static struct refcount_mutator *threads;
static struct refcount_mutator ended;
static size_t limit_bytes, reserved_bytes, reserve_bytes;
static size_t peak_bytes;

static pthread_mutex_t objects_lock = PTHREAD_MUTEX_INITIALIZER;

/* A thread's end is seen by the destructor of this key. */
static pthread_key_t thread_key;
static pthread_once_t thread_key_once = PTHREAD_ONCE_INIT;

void refcount_lock(void)
{
    pthread_mutex_lock(&objects_lock);
}

void refcount_unlock(void)
{
    pthread_mutex_unlock(&objects_lock);
}

static uint64_t load(const uint64_t *total)
{
    return __atomic_load_n(total, __ATOMIC_RELAXED);
}

/* What a thread's reserve is used for: less than 0, modulo 2^64, if it freed what others allocated. */
static size_t held_by(const struct refcount_mutator *mutator)
{
    return mutator->reserved - load(&mutator->left);
}

/* ---- threads come and go; all under the lock */

static void thread_sum(const struct refcount_mutator *mutator, struct refcount_mutator *sum)
{
    sum->reserved += held_by(mutator);
    sum->objects_allocated += load(&mutator->objects_allocated);
    sum->objects_freed += load(&mutator->objects_freed);
    sum->bytes_freed += load(&mutator->bytes_freed);
    sum->typed += load(&mutator->typed);
}

/* Of a sum, `reserved` is what is held. */
static struct refcount_mutator sum_all(void)
{
    struct refcount_mutator sum = ended;
    for (const struct refcount_mutator *mutator = threads; mutator; mutator = mutator->next)
        thread_sum(mutator, &sum);
    return sum;
}

static void thread_add(struct refcount_mutator *mutator)
{
    mutator->most = 2 * reserve_bytes;
    mutator->previous = NULL;
    mutator->next = threads;
    if (threads)
        threads->previous = mutator;
    threads = mutator;
}

static void thread_remove(struct refcount_mutator *mutator)
{
    if (mutator->previous)
        mutator->previous->next = mutator->next;
    else
        threads = mutator->next;
    if (mutator->next)
        mutator->next->previous = mutator->previous;
}

/* The thread's counts stay; what is left of its reserve is given back. */
static void thread_end(void *thread)
{
    struct refcount_mutator *mutator = thread;
    if (!mutator->most)
        return; /* it closed the heap */
    pthread_mutex_lock(&account_lock);
    thread_sum(mutator, &ended);
    reserved_bytes -= mutator->left;
    thread_remove(mutator);
    pthread_mutex_unlock(&account_lock);
    *mutator = (struct refcount_mutator){0};
}

static void thread_key_make(void)
{
    pthread_key_create(&thread_key, thread_end);
}

/* Without the key, when the system has no more, a thread's counts would be lost with it: it may not begin. */
static bool thread_begin(struct refcount_mutator *mutator)
{
    if (mutator->most)
        return true;
    pthread_once(&thread_key_once, thread_key_make);
    if (pthread_setspecific(thread_key, mutator))
        return false;
    thread_add(mutator);
    return true;
}

/* ---- reserves; under the lock */

static void reserve_set(struct refcount_mutator *mutator, size_t left)
{
    size_t change = left - mutator->left;
    reserved_bytes += change;
    mutator->reserved += change;
    __atomic_store_n(&mutator->left, left, __ATOMIC_RELAXED);
}

static inline size_t least(size_t one, size_t other)
{
    return one < other ? one : other;
}

/* What a thread may take beyond `held` before it asks again: a reserve up to the peak, but only 1/256 beyond it, so
 * that the peak is known as well as under `refcount`. */
static size_t extra_beyond(size_t held)
{
    size_t unseen = held / 256, below = peak_bytes - held;
    return least(reserve_bytes, below > unseen ? below : unseen);
}

/* As much as is asked for, and a reserve if the limit allows it. */
static bool reserve_for(struct refcount_mutator *mutator, size_t bytes)
{
    size_t lacking = bytes - mutator->left, room = limit_bytes - reserved_bytes;
    if (lacking > room)
        return false;
    size_t held = sum_all().reserved + bytes;
    mutator->raised_at = held > peak_bytes ? mutator->objects_allocated : UINT64_MAX;
    if (held > peak_bytes) {
        mutator->peak_before = held - bytes > peak_bytes ? held - bytes : peak_bytes;
        peak_bytes = mutator->peak = held;
    }
    reserve_set(mutator, bytes + least(room - lacking, extra_beyond(held)));
    return true;
}

bool refcount_hold_slow(struct refcount_mutator *mutator, size_t bytes)
{
    pthread_mutex_lock(&account_lock);
    bool good = thread_begin(mutator) && reserve_for(mutator, bytes);
    pthread_mutex_unlock(&account_lock);
    if (good)
        refcount_add(&mutator->left, 0 - bytes);
    return good;
}

/* A thread that begins so has what it freed, and no reserve. */
void refcount_unhold_slow(struct refcount_mutator *mutator)
{
    pthread_mutex_lock(&account_lock);
    if (thread_begin(mutator))
        reserve_set(mutator, least(mutator->left, reserve_bytes));
    pthread_mutex_unlock(&account_lock);
}

/* The peak stays if another thread has raised it since. */
void refcount_refused_slow(struct refcount_mutator *mutator, size_t bytes)
{
    pthread_mutex_lock(&account_lock);
    refcount_add(&mutator->left, bytes);
    reserve_set(mutator, least(mutator->left, reserve_bytes));
    if (mutator->raised_at == mutator->objects_allocated && mutator->peak == peak_bytes)
        peak_bytes = mutator->peak_before;
    refcount_hold_used(mutator);
    pthread_mutex_unlock(&account_lock);
}

/* ---- the heap */

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    if (error)
        return error;
    pthread_mutex_lock(&account_lock);
    limit_bytes = config->heap_limit_bytes ? config->heap_limit_bytes : SIZE_MAX / 4;
    reserve_bytes = limit_bytes / 256 < RESERVE_BYTES ? limit_bytes / 256 + 1 : RESERVE_BYTES;
    pthread_mutex_unlock(&account_lock);
    refcount_thread.tells = true;
    return 0;
}

/* The other threads have ended. */
void mm_heap_close(void)
{
    refcount_list_free();
    pthread_mutex_lock(&account_lock);
    if (refcount_thread.most)
        thread_remove(&refcount_thread);
    refcount_thread = (struct refcount_mutator){0};
    ended = (struct refcount_mutator){0};
    reserved_bytes = peak_bytes = 0;
    pthread_mutex_unlock(&account_lock);
}

/* Exact where the other threads are at rest; else each account is as of some recent moment. */
void mm_stats_get(struct mm_stats *stats)
{
    pthread_mutex_lock(&account_lock);
    struct refcount_mutator sum = sum_all();
    *stats = (struct mm_stats){
        .objects_allocated = sum.objects_allocated,
        .objects_freed = sum.objects_freed,
        .bytes_freed = sum.bytes_freed,
        .footprint_bytes = sum.reserved,
        .peak_footprint_bytes = sum.reserved > peak_bytes ? sum.reserved : peak_bytes,
    };
    stats->bytes_allocated = refcount_live_bytes(stats, sum.typed) + stats->bytes_freed;
    pthread_mutex_unlock(&account_lock);
}

void mm_stats_reset_peak(void)
{
    pthread_mutex_lock(&account_lock);
    peak_bytes = sum_all().reserved;
    if (refcount_thread.most)
        reserve_set(&refcount_thread, 0);
    pthread_mutex_unlock(&account_lock);
}
