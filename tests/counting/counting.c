/* counting.c: what the counting strategies promise beyond the contract that all are tested for: promptness, the order
 * in which things die, pauses of long chains, and a C stack that stays small. Compiled once per strategy. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "mm.h"

struct node {
    struct mm_ref left, right;
    struct mm_weaklist weak;
    long number;
};

static char journal[4096];
static struct mm_root *survivor; /* where `node_resurrect` puts its object */

static void journal_add(const char *what, long number)
{
    size_t used = strlen(journal);
    snprintf(journal + used, sizeof journal - used, "%s%ld ", what, number);
}

static void node_finalize(void *object)
{
    journal_add("f", ((struct node *)object)->number);
}

static void node_resurrect(void *object)
{
    node_finalize(object);
    mm_root_set(survivor, object);
}

/* Drops what it refers to by hand: the way to recur that only a finalizer has. */
static void node_unlink(void *object)
{
    struct node *node = object;
    mm_set(node, &node->left, NULL);
}

static const uint16_t node_refs[] = {offsetof(struct node, left), offsetof(struct node, right)};

#define NODE_TYPE(NAME, FINALIZE)                                                                                      \
    static const struct mm_type NAME = {.name = #NAME,                                                                 \
                                        .size = sizeof(struct node),                                                   \
                                        .ref_count = 2,                                                                \
                                        .refs = node_refs,                                                             \
                                        .weaklist = offsetof(struct node, weak),                                       \
                                        .finalize = FINALIZE}
NODE_TYPE(plain, NULL);
NODE_TYPE(logged, node_finalize);
NODE_TYPE(phoenix, node_resurrect);
NODE_TYPE(unlinker, node_unlink);

struct pair {
    struct mm_ref left, right;
};

static const uint16_t pair_refs[] = {offsetof(struct pair, left), offsetof(struct pair, right)};
static const struct mm_type pair_type = {
    .name = "pair", .size = sizeof(struct pair), .ref_count = 2, .refs = pair_refs};

struct list {
    struct mm_refs items;
    struct mm_bytes text;
};

static const uint16_t list_items[] = {offsetof(struct list, items)}, list_text[] = {offsetof(struct list, text)};
static const struct mm_type list_type = {.name = "list",
                                         .size = sizeof(struct list),
                                         .refs_count = 1,
                                         .ref_buffers = list_items,
                                         .bytes_count = 1,
                                         .byte_buffers = list_text};

struct tuple {
    size_t length;
};

static const struct mm_type tuple_type = {.name = "tuple", .size = sizeof(struct tuple), .tail = MM_TAIL_REFS};
static const struct mm_type bytes_type = {.name = "bytes", .size = sizeof(size_t), .tail = MM_TAIL_BYTES};

static struct node *node_new(const struct mm_type *type, long number, struct mm_root *out)
{
    struct node *node = mm_new(type, out);
    assert_non_null(node);
    node->number = number;
    return node;
}

static uint64_t live_objects(void)
{
    struct mm_stats stats;
    mm_stats_get(&stats);
    return stats.objects_allocated - stats.objects_freed;
}

static int heap_open(void **state)
{
    (void)state;
    journal[0] = '\0';
    return mm_heap_open(&(struct mm_config){0});
}

static int heap_close(void **state)
{
    (void)state;
    const char *wrong = mm_heap_check();
    if (wrong)
        print_error("%s\n", wrong);
    struct mm_stats stats;
    mm_stats_get(&stats);
    mm_heap_close();
    return wrong || stats.footprint_bytes || stats.bytes_allocated != stats.bytes_freed;
}

/* Puts a new node before the chain in `head`. */
static void chain_extend(const struct mm_type *type, struct mm_root *head)
{
    MM_ROOT(made);
    struct node *node = node_new(type, 0, &made);
    mm_move(node, &node->left, head);
    mm_root_move(head, &made);
}

struct pauses {
    int begun, ended;
    uint64_t freed;
};

static void pauses_hear(const struct mm_event *event, void *context)
{
    struct pauses *pauses = context;
    if (event->cause != MM_PAUSE_CASCADE)
        return;
    pauses->begun += event->kind == MM_EVENT_PAUSE_BEGIN;
    pauses->ended += event->kind == MM_EVENT_PAUSE_END;
    if (event->kind == MM_EVENT_PAUSE_END)
        pauses->freed = event->freed;
}

static struct pauses drop_chain(const struct mm_type *type, size_t length)
{
    struct pauses pauses = {0};
    mm_listen(pauses_hear, &pauses);
    MM_ROOT(head);
    for (size_t i = 0; i < length; i++)
        chain_extend(type, &head);
    assert_int_equal(live_objects(), length);
    mm_root_set(&head, NULL);
    assert_int_equal(live_objects(), 0);
    mm_listen(NULL, NULL);
    return pauses;
}

static void a_long_chain_dies_without_recursion(void **state)
{
    (void)state;
    drop_chain(&plain, 2000000);
    drop_chain(&unlinker, 300000);
}

static void a_long_chain_is_a_pause(void **state)
{
    (void)state;
    assert_int_equal(drop_chain(&plain, MM_CASCADE).begun, 0);
    struct pauses pauses = drop_chain(&plain, MM_CASCADE + 1);
    assert_int_equal(pauses.begun, 1);
    assert_int_equal(pauses.ended, 1);
    assert_int_equal(pauses.freed, MM_CASCADE + 1);
    pauses = drop_chain(&plain, 10 * MM_CASCADE);
    assert_int_equal(pauses.begun, 1);
    assert_int_equal(pauses.freed, 10 * MM_CASCADE);
}

static void pairs_grow(int depth, struct mm_root *out)
{
    struct pair *pair = mm_new(&pair_type, out);
    assert_non_null(pair);
    if (depth == 0)
        return;
    MM_ROOT(child);
    pairs_grow(depth - 1, &child);
    pair = mm_root_get(out);
    mm_move(pair, &pair->left, &child);
    pairs_grow(depth - 1, &child);
    pair = mm_root_get(out);
    mm_move(pair, &pair->right, &child);
}

static void a_tree_dies_at_once(void **state)
{
    (void)state;
    struct pauses pauses = {0};
    mm_listen(pauses_hear, &pauses);
    {
        MM_ROOT(tree);
        pairs_grow(12, &tree);
        assert_int_equal(live_objects(), (2 << 12) - 1);
        assert_null(mm_heap_check());
    }
    assert_int_equal(live_objects(), 0);
    assert_int_equal(pauses.begun, 1);
    assert_int_equal(pauses.freed, (2 << 12) - 1);
    mm_listen(NULL, NULL);
}

static void children_die_in_the_order_of_their_fields(void **state)
{
    (void)state;
    MM_ROOT(top);
    MM_ROOT(child);
    MM_ROOT(grandchild);
    struct node *node = node_new(&logged, 1, &top);
    struct node *left = node_new(&logged, 2, &child);
    node_new(&logged, 3, &grandchild);
    mm_move(left, &left->left, &grandchild);
    mm_move(node, &node->left, &child);
    node_new(&logged, 4, &child);
    mm_move(node, &node->right, &child);
    mm_root_set(&top, NULL);
    assert_string_equal(journal, "f1 f2 f3 f4 ");
}

static void a_finalizer_resurrects_once(void **state)
{
    (void)state;
    MM_ROOT(saved);
    MM_ROOT(root);
    survivor = &saved;
    struct node *node = node_new(&phoenix, 7, &root);
    node_new(&logged, 8, &saved);
    mm_move(node, &node->left, &saved);
    mm_root_set(&root, NULL);
    assert_ptr_equal(mm_root_get(&saved), node);
    assert_int_equal(mm_refcount(node), 1);
    assert_int_equal(live_objects(), 2);
    assert_string_equal(journal, "f7 ");
    mm_root_set(&saved, NULL);
    assert_string_equal(journal, "f7 f8 ");
    assert_int_equal(live_objects(), 0);
}

static void weak_died(void *weak, void *context)
{
    MM_ROOT(target);
    assert_null(mm_weak_get(weak, &target));
    journal_add("w", *(long *)context);
}

static void weak_callbacks_run_newest_first(void **state)
{
    (void)state;
    static const long numbers[] = {0, 1, 2, 3};
    MM_ROOT(target);
    MM_ROOT(shared);
    MM_ROOT(again);
    MM_ROOT(first);
    MM_ROOT(dropped);
    MM_ROOT(last);
    node_new(&logged, 9, &target);
    void *weak = mm_weak_new(&target, weak_died, (void *)(uintptr_t)&numbers[1], &first);
    assert_non_null(mm_weak_new(&target, weak_died, (void *)(uintptr_t)&numbers[2], &dropped));
    void *plain_weak = mm_weak_new(&target, NULL, NULL, &shared);
    assert_ptr_equal(mm_weak_new(&target, NULL, NULL, &again), plain_weak);
    assert_non_null(mm_weak_new(&target, weak_died, (void *)(uintptr_t)&numbers[3], &last));
    assert_ptr_equal(mm_weak_get(weak, &again), mm_root_get(&target));
    assert_int_equal(mm_refcount(mm_root_get(&target)), 2);
    mm_root_set(&again, NULL);
    mm_root_set(&dropped, NULL);
    assert_null(mm_heap_check());
    mm_root_set(&target, NULL);
    assert_string_equal(journal, "f9 w3 w1 ");
    assert_null(mm_weak_get(plain_weak, &again));
}

/* A finalizer sees the other dead of its cascade through weak references no more. */
static struct mm_root *watched;

static void node_look(void *object)
{
    MM_ROOT(target);
    void *found = mm_weak_get(mm_root_get(watched), &target);
    journal_add(found ? "alive" : "dead", ((struct node *)object)->number);
}
NODE_TYPE(looker, node_look);

static void the_dying_are_not_taken_back(void **state)
{
    (void)state;
    MM_ROOT(weak);
    MM_ROOT(top);
    MM_ROOT(child);
    watched = &weak;
    struct node *node = node_new(&logged, 1, &top);
    node_new(&looker, 2, &child);
    mm_move(node, &node->left, &child);
    node_new(&plain, 3, &child);
    assert_non_null(mm_weak_new(&child, NULL, NULL, &weak));
    mm_move(node, &node->right, &child);
    mm_root_set(&top, NULL);
    assert_int_equal(live_objects(), 1);
    assert_non_null(strstr(journal, "2 "));
    assert_null(mm_weak_get(mm_root_get(&weak), &child));
}

static void buffers_keep_and_drop(void **state)
{
    (void)state;
    MM_ROOT(owner);
    MM_ROOT(item);
    struct list *list = mm_new(&list_type, &owner);
    assert_non_null(list);
    assert_int_equal(mm_refs_resize(&owner, offsetof(struct list, items), 4), 0);
    for (int i = 0; i < 4; i++) {
        node_new(&logged, i, &item);
        mm_move(list, &list->items.slots[i], &item);
    }
    assert_int_equal(mm_refs_resize(&owner, offsetof(struct list, items), 100), 0);
    assert_null(mm_get(&list->items.slots[99]));
    assert_int_equal(((struct node *)mm_get(&list->items.slots[3]))->number, 3);
    assert_int_equal(mm_refs_resize(&owner, offsetof(struct list, items), 2), 0);
    assert_string_equal(journal, "f3 f2 ");
    assert_int_equal(mm_bytes_resize(&owner, offsetof(struct list, text), 5), 0);
    memcpy(list->text.bytes, "abcde", 5);
    assert_int_equal(mm_bytes_resize(&owner, offsetof(struct list, text), 9), 0);
    assert_memory_equal(list->text.bytes, "abcde\0\0\0\0", 9);
    assert_int_equal(mm_bytes_resize(&owner, offsetof(struct list, text), SIZE_MAX), -ENOMEM);
    assert_int_equal(mm_refs_resize(&owner, offsetof(struct list, items), SIZE_MAX / 4), -ENOMEM);
    assert_null(mm_heap_check());
    mm_root_set(&owner, NULL);
    assert_string_equal(journal, "f3 f2 f1 f0 ");
    assert_int_equal(live_objects(), 0);
}

static void tails(void **state)
{
    (void)state;
    MM_ROOT(tuple);
    MM_ROOT(item);
    assert_null(mm_new_tail(&tuple_type, SIZE_MAX / 8, &tuple));
    void *object = mm_new_tail(&tuple_type, 3, &tuple);
    assert_int_equal(((struct tuple *)object)->length, 3);
    for (int i = 0; i < 3; i++) {
        node_new(&logged, i, &item);
        mm_move(object, &mm_tail_refs(&tuple_type, object)[i], &item);
    }
    assert_non_null(mm_new_tail(&bytes_type, 11, &item));
    mm_root_set(&item, NULL);
    mm_root_set(&tuple, NULL);
    assert_string_equal(journal, "f2 f1 f0 ");
}

static void moving_counts_nothing(void **state)
{
    (void)state;
    MM_ROOT(a);
    MM_ROOT(b);
    MM_ROOT(c);
    struct node *outer = node_new(&plain, 1, &a), *inner = node_new(&plain, 2, &b);
    mm_root_set(&c, inner);
    assert_int_equal(mm_refcount(inner), 2);
    mm_move(outer, &outer->left, &b);
    assert_null(mm_root_get(&b));
    assert_int_equal(mm_refcount(inner), 2);
    mm_take(&b, outer, &outer->left);
    assert_null(mm_get(&outer->left));
    assert_int_equal(mm_refcount(inner), 2);
    mm_root_move(&c, &b);
    assert_int_equal(mm_refcount(inner), 1);
    mm_set(outer, &outer->left, outer);
    mm_set(outer, &outer->left, outer);
    assert_int_equal(mm_refcount(outer), 2);
    mm_set(outer, &outer->left, NULL);
    assert_int_equal(mm_refcount(outer), 1);
}

static void rings_leak_or_are_collected(void **state)
{
    (void)state;
    struct mm_stats before, after;
    {
        MM_ROOT(a);
        MM_ROOT(b);
        struct node *first = node_new(&plain, 1, &a), *second = node_new(&plain, 2, &b);
        mm_set(first, &first->left, second);
        mm_set(second, &second->left, first);
    }
    mm_stats_get(&before);
    assert_int_equal(before.objects_allocated - before.objects_freed, 2);
    assert_int_equal(before.bytes_allocated - before.bytes_freed, 2 * sizeof(struct node));
    size_t found = mm_collect(2);
    mm_stats_get(&after);
    assert_int_equal(found, MM_TRAITS & MM_TRAIT_CYCLES ? 2 : 0);
    assert_int_equal(after.objects_freed - before.objects_freed, found);
    assert_null(mm_heap_check());
}

/* The only test that leaves objects behind, and checks what is left itself. */
static int heap_close_leaking(void **state)
{
    (void)state;
    const char *wrong = mm_heap_check();
    mm_heap_close();
    return wrong != NULL;
}

static void the_limit_is_an_answer(void **state)
{
    (void)state;
    mm_heap_close();
    assert_int_equal(mm_heap_open(&(struct mm_config){.heap_limit_bytes = 100000}), 0);
    MM_ROOT(head);
    size_t made = 0;
    for (;;) {
        MM_ROOT(fresh);
        struct node *node = mm_new(&plain, &fresh);
        if (!node)
            break;
        mm_move(node, &node->left, &head);
        mm_root_move(&head, &fresh);
        made++;
    }
    struct mm_stats stats;
    mm_stats_get(&stats);
    assert_true(stats.footprint_bytes <= 100000);
    assert_true(stats.footprint_bytes > 100000 - 128);
    assert_int_equal(live_objects(), made);
    assert_int_equal(mm_heap_open(&(struct mm_config){.params = (const char *[]){"nonsense=1", NULL}}), -EINVAL);
    mm_root_set(&head, NULL);
    assert_int_equal(live_objects(), 0);
    assert_non_null(mm_new(&plain, &head));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_long_chain_dies_without_recursion, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(a_long_chain_is_a_pause, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(a_tree_dies_at_once, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(children_die_in_the_order_of_their_fields, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(a_finalizer_resurrects_once, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(weak_callbacks_run_newest_first, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(the_dying_are_not_taken_back, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(buffers_keep_and_drop, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(tails, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(moving_counts_nothing, heap_open, heap_close),
        cmocka_unit_test_setup_teardown(rings_leak_or_are_collected, heap_open, heap_close_leaking),
        cmocka_unit_test_setup_teardown(the_limit_is_an_answer, heap_open, heap_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
