#include "planted.h"

#include <stdlib.h>
#include <string.h>

#include "objects.h"

/* Where the compiler cannot see what is wrong, it does not warn, and does not remove it. */
static void *volatile hidden;

static void allocate_something(void)
{
    MM_ROOT(root);
    mm_new(&word_type, &root);
}

/* ---- nothing wrong */

static void right(void)
{
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(ring);
        ring_new(&ring, 5);
        cells_drop(&ring);
        allocate_something();
    }
    mm_region_end(&region);
    mm_collect(2);
    mm_heap_close();
}

/* ---- roots */

static void root_never_pushed(void)
{
    struct mm_root root;
    memset(&root, 0, sizeof root);
    hidden = mm_root_get(&root);
}

static void root_popped_before(void)
{
    struct mm_root root;
    mm_root_push(&root);
    mm_root_pop(&root);
    mm_new(&word_type, &root);
}

static void root_pushed_twice(void)
{
    struct mm_root root;
    mm_root_push(&root);
    mm_new(&word_type, &root);
    mm_root_push(&root);
}

static void roots_popped_in_order(void)
{
    struct mm_root first, second;
    mm_root_push(&first);
    mm_new(&word_type, &first);
    mm_root_push(&second);
    mm_root_pop(&first);
}

static void root_left_at_close(void)
{
    struct mm_root root;
    mm_root_push(&root);
    mm_new(&word_type, &root);
    mm_heap_close();
}

/* ---- values */

static void stale_value_stored(void)
{
    MM_ROOT(root);
    MM_ROOT(other);
    void *stale = mm_new(&cell_type, &root);
    mm_new(&cell_type, &other);
    struct cell *cell = mm_root_get(&other);
    mm_set(cell, &cell->next, stale);
}

static void reclaimed_value_rooted(void)
{
    MM_ROOT(root);
    void *stale = mm_new(&cell_type, &root);
    mm_root_set(&root, NULL);
    mm_collect(2);
    mm_root_set(&root, stale);
}

static void pointer_into_an_object_rooted(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_root_set(&root, &cell->value);
}

static void foreign_pointer_stored(void)
{
    static uint64_t foreign;
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_set(cell, &cell->next, &foreign);
}

/* ---- borrowed for too long */

static void borrowed_over_the_last_drop(void)
{
    MM_ROOT(root);
    MM_ROOT(other);
    void *borrowed = mm_new(&cell_type, &root);
    mm_root_set(&root, NULL);
    mm_root_set(&other, borrowed);
}

/* A counting strategy frees the whole list. */
static void borrowed_from_a_dropped_list(void)
{
    MM_ROOT(root);
    for (uint64_t i = 0; i < 3; i++)
        cell_push(&root, i);
    struct cell *first = mm_root_get(&root);
    struct cell *second = mm_get(&first->next);
    mm_root_set(&root, NULL);
    hidden = mm_get(&second->next);
}

static void borrowed_from_an_overwritten_field(void)
{
    MM_ROOT(root);
    cell_push(&root, 1);
    cell_push(&root, 2);
    struct cell *first = mm_root_get(&root);
    struct cell *second = mm_get(&first->next);
    mm_set(first, &first->next, NULL);
    mm_set(first, &first->other, second);
}

/* ---- fields */

static void field_of_a_moved_object(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    allocate_something();
    hidden = mm_get(&cell->next);
}

static void field_that_is_none(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    hidden = mm_get((struct mm_ref *)(void *)&cell->value);
}

static void field_of_another_object(void)
{
    MM_ROOT(root);
    MM_ROOT(other);
    mm_new(&cell_type, &root);
    mm_new(&cell_type, &other);
    struct cell *cell = mm_root_get(&other);
    mm_set(mm_root_get(&root), &cell->next, cell);
}

static void slot_beyond_the_buffer(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_refs_resize(&root, offsetof(struct chest, first), 3);
    struct chest *chest = mm_root_get(&root);
    mm_set(chest, &chest->first.slots[3], chest);
}

static void slot_of_a_moved_buffer(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_refs_resize(&root, offsetof(struct chest, first), 3);
    struct mm_ref *slots = ((struct chest *)mm_root_get(&root))->first.slots;
    mm_refs_resize(&root, offsetof(struct chest, first), 2);
    hidden = mm_get(&slots[0]);
}

static void resized_at_a_wrong_offset(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_refs_resize(&root, offsetof(struct chest, text), 3);
}

static void field_written_directly(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    cell->next.object = cell;
    allocate_something();
}

static void field_copied(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_set(cell, &cell->next, cell);
    cell->other = cell->next;
    allocate_something();
}

static void slots_moved_by_hand(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_refs_resize(&root, offsetof(struct chest, first), 3);
    struct chest *chest = mm_root_get(&root);
    mm_set(chest, &chest->first.slots[0], chest);
    memmove(&chest->first.slots[1], &chest->first.slots[0], 2 * sizeof(struct mm_ref));
    mm_collect(2);
}

static void field_read_directly(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_set(cell, &cell->next, cell);
    hidden = cell->next.object;
    hidden = (void *)(uintptr_t)((const volatile struct cell *)hidden)->value;
}

/* ---- buffers, guards, lengths */

static void buffer_in_two_fields(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_bytes_resize(&root, offsetof(struct chest, text), 30);
    struct chest *chest = mm_root_get(&root);
    chest->more = chest->text;
    allocate_something();
}

static void buffer_forgotten(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_bytes_resize(&root, offsetof(struct chest, text), 30);
    struct chest *chest = mm_root_get(&root);
    chest->text.capacity = 20;
    mm_bytes_resize(&root, offsetof(struct chest, text), 40);
}

static void byte_behind_a_buffer(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_bytes_resize(&root, offsetof(struct chest, text), 30);
    struct chest *chest = mm_root_get(&root);
    chest->text.bytes[30] = 0;
    allocate_something();
}

static void byte_behind_an_object(void)
{
    MM_ROOT(root);
    struct string *string = mm_new_tail(&string_type, 9, &root);
    string_bytes(string)[9] = 0;
    mm_collect(2);
}

static void length_changed(void)
{
    MM_ROOT(root);
    struct tuple *tuple = mm_new_tail(&tuple_type, 9, &root);
    tuple->length = 8;
    allocate_something();
}

/* ---- types */

static void type_of_untagged(void)
{
    MM_ROOT(root);
    hidden = (void *)(uintptr_t)mm_type_of(mm_new(&word_type, &root));
}

static void dead_of_another_type(void)
{
    MM_ROOT(root);
    mm_dead(&cell_type, mm_new(&word_type, &root));
}

static void size_of_another_type(void)
{
    MM_ROOT(root);
    mm_size_of(&cell_type, mm_new(&word_type, &root));
}

static void tail_forgotten(void)
{
    MM_ROOT(root);
    mm_new(&tuple_type, &root);
}

static void field_outside_of_the_type(void)
{
    static const uint16_t offsets[] = {16};
    static const struct mm_type broken = {.name = "broken", .size = 16, .ref_count = 1, .refs = offsets};
    MM_ROOT(root);
    mm_new(&broken, &root);
}

static void weak_without_weaklist(void)
{
    MM_ROOT(root);
    MM_ROOT(weak);
    mm_new(&cell_type, &root);
    mm_weak_new(&root, NULL, NULL, &weak);
}

static void weak_that_is_none(void)
{
    MM_ROOT(root);
    MM_ROOT(target);
    mm_weak_get(mm_new(&cell_type, &root), &target);
}

/* ---- stale memory */

static void stale_read(void)
{
    MM_ROOT(root);
    const volatile struct word *word = mm_new(&word_type, &root);
    allocate_something();
    hidden = (void *)(uintptr_t)word->value;
}

static void stale_write_after_resize(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    mm_bytes_resize(&root, offsetof(struct chest, text), 10);
    volatile unsigned char *bytes = ((struct chest *)mm_root_get(&root))->text.bytes;
    mm_bytes_resize(&root, offsetof(struct chest, text), 20);
    bytes[0] = 1;
}

/* ---- mm_dead */

static void dead_in_a_root(void)
{
    MM_ROOT(root);
    mm_dead(&word_type, mm_new(&word_type, &root));
    allocate_something();
}

static void dead_in_a_field(void)
{
    MM_ROOT(root);
    cell_push(&root, 1);
    cell_push(&root, 2);
    struct cell *cell = mm_root_get(&root);
    mm_dead(&cell_type, mm_get(&cell->next));
    mm_collect(2);
}

static void dead_at_the_end_of_a_region(void)
{
    MM_ROOT(root);
    mm_new(&word_type, &root);
    struct mm_region region;
    mm_region_begin(&region);
    mm_dead(&word_type, mm_root_get(&root));
    mm_region_end(&region);
}

static void dead_at_close(void)
{
    struct mm_root root;
    mm_root_push(&root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_set(cell, &cell->next, cell);
    mm_gc_freeze();
    mm_dead(&cell_type, cell);
    mm_root_pop(&root);
    mm_heap_close();
}

static void dead_twice(void)
{
    MM_ROOT(root);
    void *object = mm_new(&word_type, &root);
    mm_dead(&word_type, object);
    mm_dead(&word_type, object);
}

static void dead_and_gone(void)
{
    MM_ROOT(root);
    void *object = mm_new(&word_type, &root);
    mm_root_set(&root, NULL);
    allocate_something();
    mm_dead(&word_type, object);
}

static void dead_and_read(void)
{
    MM_ROOT(root);
    struct cell *cell = mm_new(&cell_type, &root);
    mm_dead(&cell_type, cell);
    hidden = mm_get(&cell->next);
}

static void dead_and_stored(void)
{
    MM_ROOT(root);
    MM_ROOT(other);
    mm_new(&cell_type, &root);
    mm_new(&cell_type, &other);
    struct cell *cell = mm_root_get(&root);
    mm_dead(&cell_type, mm_root_get(&other));
    mm_set(cell, &cell->next, mm_root_get(&other));
}

/* ---- regions */

static void region_outlived_in_a_root(void)
{
    MM_ROOT(root);
    struct mm_region region;
    mm_region_begin(&region);
    mm_new(&word_type, &root);
    mm_region_end(&region);
}

static void region_outlived_in_an_older_object(void)
{
    MM_ROOT(root);
    mm_new(&cell_type, &root);
    struct mm_region region;
    mm_region_begin(&region);
    {
        MM_ROOT(inner);
        struct cell *cell = mm_new(&cell_type, &inner);
        struct cell *older = mm_root_get(&root);
        mm_set(older, &older->next, cell);
    }
    mm_region_end(&region);
}

static void region_outlived_by_a_buffer(void)
{
    MM_ROOT(root);
    mm_new(&chest_type, &root);
    struct mm_region region;
    mm_region_begin(&region);
    mm_bytes_resize(&root, offsetof(struct chest, text), 10);
    mm_region_end(&region);
}

static void regions_ended_in_order(void)
{
    struct mm_region outer, inner;
    mm_region_begin(&outer);
    mm_region_begin(&inner);
    mm_region_end(&outer);
}

static void region_left_open(void)
{
    struct mm_region region;
    mm_region_begin(&region);
    mm_heap_close();
}

/* ---- inside of finalizers and callbacks, the same rules hold */

static void keep_stale(void *object)
{
    const volatile struct mortal *mortal = object;
    allocate_something();
    hidden = (void *)(uintptr_t)mortal->value;
}

static void stale_in_a_finalizer(void)
{
    finalizer = keep_stale;
    MM_ROOT(root);
    mm_new(&mortal_type, &root);
    mm_root_set(&root, NULL);
    mm_collect(2);
}

static void leave_a_root(void *weak, void *context)
{
    (void)context;
    static struct mm_root root;
    mm_root_push(&root);
    mm_root_set(&root, weak);
}

static void root_left_by_a_callback(void)
{
    MM_ROOT(root);
    MM_ROOT(weak);
    mm_new(&mortal_type, &root);
    mm_weak_new(&root, leave_a_root, NULL, &weak);
    mm_root_set(&root, NULL);
    mm_collect(2);
}

const struct planted planted[] = {
    {"right", NULL, NULL, right},
    {"root_never_pushed", "root-unpushed", NULL, root_never_pushed},
    {"root_popped_before", "root-unpushed", NULL, root_popped_before},
    {"root_pushed_twice", "root-pushed", "word #1", root_pushed_twice},
    {"roots_popped_in_order", "root-order", "word #1", roots_popped_in_order},
    {"root_left_at_close", "root-left", "word #1", root_left_at_close},
    {"stale_value_stored", "value", "cell #1", stale_value_stored},
    {"reclaimed_value_rooted", "value", "cell #1", reclaimed_value_rooted},
    {"pointer_into_an_object_rooted", "value", "cell #1", pointer_into_an_object_rooted},
    {"foreign_pointer_stored", "value", NULL, foreign_pointer_stored},
    {"borrowed_over_the_last_drop", "unowned", "cell #1", borrowed_over_the_last_drop},
    {"borrowed_from_a_dropped_list", "unowned", "cell #2", borrowed_from_a_dropped_list},
    {"borrowed_from_an_overwritten_field", "unowned", "cell #1", borrowed_from_an_overwritten_field},
    {"field_of_a_moved_object", "field", "cell #1", field_of_a_moved_object},
    {"field_that_is_none", "field", "cell #1", field_that_is_none},
    {"field_of_another_object", "field", "cell #1", field_of_another_object},
    {"slot_beyond_the_buffer", "field", "chest #1", slot_beyond_the_buffer},
    {"slot_of_a_moved_buffer", "field", "chest #1", slot_of_a_moved_buffer},
    {"resized_at_a_wrong_offset", "field", "chest #1", resized_at_a_wrong_offset},
    {"field_written_directly", "field-raw", "cell #1", field_written_directly},
    {"field_copied", "field-raw", "cell #1", field_copied},
    {"slots_moved_by_hand", "field-raw", "chest #1", slots_moved_by_hand},
    {"field_read_directly", "field-raw", NULL, field_read_directly},
    {"buffer_in_two_fields", "buffer", "chest #1", buffer_in_two_fields},
    {"buffer_forgotten", "buffer", "chest #1", buffer_forgotten},
    {"byte_behind_a_buffer", "bounds", "chest #1", byte_behind_a_buffer},
    {"byte_behind_an_object", "bounds", "string #1", byte_behind_an_object},
    {"length_changed", "length", "tuple #1", length_changed},
    {"type_of_untagged", "type", "word #1", type_of_untagged},
    {"dead_of_another_type", "type", "word #1", dead_of_another_type},
    {"size_of_another_type", "type", "word #1", size_of_another_type},
    {"tail_forgotten", "type", "tuple", tail_forgotten},
    {"field_outside_of_the_type", "type", "broken", field_outside_of_the_type},
    {"weak_without_weaklist", "type", "cell #1", weak_without_weaklist},
    {"weak_that_is_none", "type", "cell #1", weak_that_is_none},
    {"stale_read", "stale", "word #1", stale_read},
    {"stale_write_after_resize", "stale", "chest #1", stale_write_after_resize},
    {"dead_in_a_root", "dead-reached", "word #1", dead_in_a_root},
    {"dead_in_a_field", "dead-reached", "cell #1", dead_in_a_field},
    {"dead_at_the_end_of_a_region", "dead-reached", "word #1", dead_at_the_end_of_a_region},
    {"dead_at_close", "dead-reached", "cell #1", dead_at_close},
    {"dead_twice", "dead-twice", "word #1", dead_twice},
    {"dead_and_gone", "value", "word #1", dead_and_gone},
    {"dead_and_read", "dead-used", "cell #1", dead_and_read},
    {"dead_and_stored", "dead-used", "cell #2", dead_and_stored},
    {"region_outlived_in_a_root", "region-reached", "word #1", region_outlived_in_a_root},
    {"region_outlived_in_an_older_object", "region-reached", "cell #2", region_outlived_in_an_older_object},
    {"region_outlived_by_a_buffer", "region-reached", "chest #1", region_outlived_by_a_buffer},
    {"regions_ended_in_order", "region-order", NULL, regions_ended_in_order},
    {"region_left_open", "region-order", NULL, region_left_open},
    {"stale_in_a_finalizer", "stale", "mortal #1", stale_in_a_finalizer},
    {"root_left_by_a_callback", "root-order", NULL, root_left_by_a_callback},
};
const size_t planted_count = sizeof planted / sizeof *planted;
