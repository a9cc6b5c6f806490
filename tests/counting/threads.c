/* threads.c: refcount_atomic with several threads that share objects. Built with the thread sanitizer where there is
 * one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>
#include <pthread.h>

#include "mm.h"

enum { THREADS = 4, SHARED = 16, ROUNDS = 3000, LIMIT_BYTES = 1 << 20 };

struct node {
    struct mm_ref left, right;
    struct mm_weaklist weak;
};

static long finalized;

static void node_finalize(void *object)
{
    (void)object;
    __atomic_fetch_add(&finalized, 1, __ATOMIC_RELAXED);
}

static const uint16_t node_refs[] = {offsetof(struct node, left), offsetof(struct node, right)};
static const struct mm_type node_type = {.name = "node",
                                         .size = sizeof(struct node),
                                         .ref_count = 2,
                                         .refs = node_refs,
                                         .weaklist = offsetof(struct node, weak),
                                         .finalize = node_finalize};

struct pair {
    struct mm_ref left, right;
};

static const uint16_t pair_refs[] = {offsetof(struct pair, left), offsetof(struct pair, right)};
static const struct mm_type pair_type = {
    .name = "pair", .size = sizeof(struct pair), .ref_count = 2, .refs = pair_refs};

/* What the threads share is not written while they run. */
static struct mm_root shared[SHARED], weak[SHARED];
static pthread_barrier_t barrier;

struct thread {
    pthread_t id;
    unsigned seed;
    long made, seen, refused;
};

static unsigned draw(struct thread *thread)
{
    thread->seed = thread->seed * 1664525u + 1013904223u;
    return thread->seed >> 16;
}

static void start(struct thread threads[THREADS], void *(*run)(void *thread))
{
    assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        threads[i] = (struct thread){.seed = i};
        assert_int_equal(pthread_create(&threads[i].id, NULL, run, &threads[i]), 0);
    }
}

static void join(struct thread threads[THREADS])
{
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i].id, NULL), 0);
    pthread_barrier_destroy(&barrier);
}

static void no_objects_are_left(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_allocated, stats.objects_freed);
    assert_int_equal(stats.bytes_allocated, stats.bytes_freed);
    assert_int_equal(stats.footprint_bytes, 0);
    assert_null(mm_heap_check());
}

static void shared_make(void)
{
    for (int i = 0; i < SHARED; i++) {
        mm_root_push(&shared[i]);
        mm_root_push(&weak[i]);
        assert_non_null(mm_new(&node_type, &shared[i]));
        assert_non_null(mm_weak_new(&shared[i], NULL, NULL, &weak[i]));
    }
}

/* Pairs that refer to shared nodes are made and dropped; nodes are reached through weak references. */
static void *churn(void *context)
{
    struct thread *thread = context;
    MM_ROOT(head);
    MM_ROOT(found);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < ROUNDS; i++) {
        MM_ROOT(made);
        struct pair *pair = mm_new(&pair_type, &made);
        if (!pair)
            continue;
        thread->made++;
        mm_set(pair, &pair->left, mm_root_get(&shared[draw(thread) % SHARED]));
        mm_move(pair, &pair->right, &head);
        mm_root_move(&head, &made);
        if (draw(thread) % 50 == 0)
            mm_root_set(&head, NULL);
        thread->seen += mm_weak_get(mm_root_get(&weak[draw(thread) % SHARED]), &found) != NULL;
    }
    return NULL;
}

static void shared_objects_live_and_die_once(void **state)
{
    (void)state;
    struct thread threads[THREADS];
    struct mm_stats stats;
    finalized = 0;
    shared_make();
    start(threads, churn);
    join(threads);
    long made = 0;
    for (int i = 0; i < THREADS; i++) {
        made += threads[i].made;
        assert_int_equal(threads[i].seen, ROUNDS);
    }
    mm_stats_get(&stats);
    assert_int_equal(stats.objects_allocated, made + 2 * SHARED);
    assert_int_equal(stats.objects_freed, made);
    for (int i = SHARED; i-- > 0;) {
        assert_int_equal(mm_refcount(mm_root_get(&shared[i])), 1);
        mm_root_pop(&weak[i]);
        mm_root_pop(&shared[i]);
    }
    assert_int_equal(finalized, SHARED);
    no_objects_are_left();
}

/* Every thread has a reference of its own to every node, and drops it while others reach for the node through the weak
 * reference; the last to go runs the finalizer, whichever it is. */
static struct mm_root own[THREADS][SHARED];

static void *drop_own(void *context)
{
    struct thread *thread = context;
    MM_ROOT(found);
    MM_ROOT(fresh);
    struct mm_root *mine = own[thread->seed];
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < SHARED; i++) {
        mm_root_set(&mine[i], NULL);
        thread->seen += mm_weak_get(mm_root_get(&weak[i]), &found) != NULL;
        if (mm_root_get(&found))
            thread->made += mm_weak_new(&found, NULL, NULL, &fresh) != NULL;
    }
    return NULL;
}

static void the_last_reference_may_go_anywhere(void **state)
{
    (void)state;
    for (int round = 0; round < 50; round++) {
        struct thread threads[THREADS];
        finalized = 0;
        shared_make();
        for (int t = 0; t < THREADS; t++) {
            for (int i = 0; i < SHARED; i++) {
                mm_root_push(&own[t][i]);
                mm_root_set(&own[t][i], mm_root_get(&shared[i]));
            }
        }
        for (int i = 0; i < SHARED; i++)
            mm_root_set(&shared[i], NULL);
        start(threads, drop_own);
        join(threads);
        assert_int_equal(finalized, SHARED);
        MM_ROOT(found);
        for (int i = SHARED; i-- > 0;) {
            assert_null(mm_weak_get(mm_root_get(&weak[i]), &found));
            mm_root_pop(&weak[i]);
        }
        no_objects_are_left();
    }
}

/* One thread's objects are freed by the next: the account moves with them. */
static struct mm_root handed[THREADS];

static void *fill(void *context)
{
    struct thread *thread = context;
    struct mm_root *head = &handed[thread->seed];
    unsigned next = (thread->seed + 1) % THREADS;
    pthread_barrier_wait(&barrier);
    for (;;) {
        MM_ROOT(made);
        struct pair *pair = mm_new(&pair_type, &made);
        if (!pair)
            break;
        mm_move(pair, &pair->left, head);
        mm_root_move(head, &made);
        thread->made++;
    }
    pthread_barrier_wait(&barrier);
    mm_root_set(&handed[next], NULL);
    return NULL;
}

static void the_limit_holds_for_all_together(void **state)
{
    (void)state;
    struct thread threads[THREADS];
    struct mm_stats stats;
    for (int i = 0; i < THREADS; i++)
        mm_root_push(&handed[i]);
    start(threads, fill);
    join(threads);
    long made = 0;
    for (int i = 0; i < THREADS; i++)
        made += threads[i].made;
    mm_stats_get(&stats);
    assert_true(stats.peak_footprint_bytes <= LIMIT_BYTES);
    assert_true(stats.peak_footprint_bytes > LIMIT_BYTES - LIMIT_BYTES / 16);
    assert_int_equal(stats.objects_allocated, made);
    no_objects_are_left();
}

/* Makes pairs up to the limit; more than the limit has room for only if it is not kept. */
static void fill_up(struct mm_root *head)
{
    MM_ROOT(new);
    for (size_t i = 0; i < LIMIT_BYTES / sizeof(struct pair); i++) {
        struct pair *pair = mm_new(&pair_type, &new);
        if (!pair)
            return;
        mm_move(pair, &pair->left, head);
        mm_root_move(head, &new);
    }
}

static struct mm_root victim;

static void *drop_and_wait(void *context)
{
    mm_root_set(&victim, NULL);
    pthread_barrier_wait(context);
    pthread_barrier_wait(context);
    return NULL;
}

/* A thread that has nothing frees what another made: there is room for as much after. */
static void the_limit_holds_for_a_thread_that_begins_by_a_free(void **state)
{
    (void)state;
    pthread_t id;
    pthread_barrier_t two;
    struct mm_stats stats;
    pthread_barrier_init(&two, NULL, 2);
    MM_ROOT(head);
    mm_root_push(&victim);
    assert_non_null(mm_new(&pair_type, &victim));
    fill_up(&head);
    assert_int_equal(pthread_create(&id, NULL, drop_and_wait, &two), 0);
    pthread_barrier_wait(&two);
    fill_up(&head);
    mm_stats_get(&stats);
    pthread_barrier_wait(&two);
    pthread_join(id, NULL);
    pthread_barrier_destroy(&two);
    assert_true(stats.footprint_bytes <= LIMIT_BYTES);
    assert_true(stats.peak_footprint_bytes <= LIMIT_BYTES);
    mm_root_set(&head, NULL);
    mm_root_pop(&victim);
    no_objects_are_left();
}

static void *open_close_and_wait(void *context)
{
    assert_int_equal(mm_heap_open(&(struct mm_config){0}), 0);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&pair_type, &root));
    }
    mm_heap_close();
    pthread_barrier_wait(context);
    pthread_barrier_wait(context);
    return NULL;
}

/* Who closed a heap, and ends while the next is open, has no part in that. */
static void the_end_of_who_closed_is_nothing_to_the_next(void **state)
{
    (void)state;
    pthread_t id;
    pthread_barrier_t two;
    struct mm_stats stats;
    pthread_barrier_init(&two, NULL, 2);
    assert_int_equal(pthread_create(&id, NULL, open_close_and_wait, &two), 0);
    pthread_barrier_wait(&two);
    assert_int_equal(mm_heap_open(&(struct mm_config){0}), 0);
    {
        MM_ROOT(root);
        assert_non_null(mm_new(&pair_type, &root));
        pthread_barrier_wait(&two);
        pthread_join(id, NULL);
        mm_stats_get(&stats);
        assert_int_equal(stats.objects_allocated, 1);
        assert_true(stats.footprint_bytes >= sizeof(struct pair));
    }
    no_objects_are_left();
    mm_heap_close();
    pthread_barrier_destroy(&two);
}

static int open_unlimited(void **state)
{
    (void)state;
    return mm_heap_open(&(struct mm_config){0});
}

static int open_limited(void **state)
{
    (void)state;
    return mm_heap_open(&(struct mm_config){.heap_limit_bytes = LIMIT_BYTES});
}

static int close_heap(void **state)
{
    (void)state;
    mm_heap_close();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(shared_objects_live_and_die_once, open_unlimited, close_heap),
        cmocka_unit_test_setup_teardown(the_last_reference_may_go_anywhere, open_unlimited, close_heap),
        cmocka_unit_test_setup_teardown(the_limit_holds_for_all_together, open_limited, close_heap),
        cmocka_unit_test_setup_teardown(the_limit_holds_for_a_thread_that_begins_by_a_free, open_limited, close_heap),
        cmocka_unit_test(the_end_of_who_closed_is_nothing_to_the_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
