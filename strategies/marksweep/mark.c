#include "mark.h"

#include <string.h>

#include "cell.h"
#include "collect.h"
#include "mm.h"
#include "walk.h"

#ifndef FIFO
#define FIFO 8
#endif
enum {
    FALLBACK_ENTRIES = 64, /* before there is a table, and where there can be none */
    FIRST_ENTRIES = 4096,
    LEAST_ENTRIES = 4,
    PORTION = 64,   /* slots of an array that are scanned at once */
    WAITING = FIFO, /* objects between the stack and their scan, while their headers are fetched */
    RANGE = 1,      /* flag of an entry: the slot at which a range begins; its end is the entry below */
};

/* Entries: an object that is marked and not scanned; or two words, the rest of an array's slots. */
static struct {
    uintptr_t *entries;
    size_t count, capacity;
    uintptr_t *table; /* what `entries` is, unless it is the fallback */
    size_t table_bytes;
    size_t wanted;    /* entries, as a parameter; 0: grow */
    char *low, *high; /* objects in [low, high] may be marked and not scanned; low > high: none */
    uintptr_t fallback[FALLBACK_ENTRIES];
} stack;

struct marked marksweep_marked;

static void window_clear(void)
{
    stack.low = (char *)UINTPTR_MAX;
    stack.high = NULL;
}

static void window_add(void *object)
{
    if ((char *)object < stack.low)
        stack.low = object;
    if ((char *)object > stack.high)
        stack.high = object;
}

/* ---- the stack's memory */

static void stack_use(uintptr_t *entries, size_t capacity)
{
    stack.entries = entries;
    stack.capacity = capacity;
}

/* As many entries as the limit allows, up to `entries`. */
static void stack_resize(size_t entries)
{
    uintptr_t *table = marksweep_table_resize(stack.table, &stack.table_bytes, entries * sizeof *stack.entries);
    if (!table)
        return;
    stack.table = table;
    stack_use(table, stack.table_bytes / sizeof *stack.entries);
}

void marksweep_mark_open(size_t entries)
{
    memset(&stack, 0, sizeof stack);
    stack.wanted = entries && entries < LEAST_ENTRIES ? LEAST_ENTRIES : entries;
    stack_use(stack.fallback, entries && stack.wanted < FALLBACK_ENTRIES ? stack.wanted : FALLBACK_ENTRIES);
}

void marksweep_mark_close(void)
{
    marksweep_table_free(stack.table, stack.table_bytes);
    memset(&stack, 0, sizeof stack);
}

size_t marksweep_mark_bytes(void)
{
    return stack.table_bytes;
}

/* ---- marking */

static size_t buffers_bytes(const struct mm_type *type, const void *payload)
{
    void *object = (void *)(uintptr_t)payload;
    size_t bytes = 0;
    for (unsigned i = 0; i < type->refs_count; i++)
        bytes += mm_refs_at(object, type->ref_buffers[i])->capacity * sizeof(struct mm_ref);
    for (unsigned i = 0; i < type->bytes_count; i++)
        bytes += mm_bytes_at(object, type->byte_buffers[i])->capacity;
    return bytes;
}

size_t marksweep_object_bytes(const struct mm_type *type, const void *object)
{
    return object_payload_bytes(type, object) + buffers_bytes(type, object);
}

static inline void count(const struct mm_type *type, const void *object)
{
    marksweep_marked.objects++;
    marksweep_marked.bytes += object_payload_bytes(type, object);
    if (type->refs_count | type->bytes_count)
        marksweep_marked.bytes += buffers_bytes(type, object);
}

static void overflow(void *object)
{
    count(cell_type(*cell_header(object)), object);
    window_add(object);
}

static inline void mark(void *object)
{
    if (!object || !mark_set(object))
        return;
    if (__builtin_expect(stack.count == stack.capacity, 0))
        overflow(object);
    else
        stack.entries[stack.count++] = (uintptr_t)object;
}

static inline void range_push(struct mm_ref *begin, struct mm_ref *end)
{
    stack.entries[stack.count++] = (uintptr_t)end;
    stack.entries[stack.count++] = (uintptr_t)begin | RANGE;
}

static inline void mark_slots(const struct mm_ref *slots, size_t length)
{
    for (size_t i = 0; i < length; i++)
        mark(slots[i].object);
}

/* An array of `owner`: short ones at once, longer ones in portions. */
static void scan_slots(void *owner, struct mm_ref *slots, size_t length)
{
    if (length <= PORTION)
        mark_slots(slots, length);
    else if (stack.capacity - stack.count < 2)
        window_add(owner);
    else
        range_push(slots, slots + length);
}

static void scan_range(uintptr_t entry)
{
    struct mm_ref *begin = (struct mm_ref *)(entry & ~(uintptr_t)RANGE);
    struct mm_ref *end = (struct mm_ref *)stack.entries[--stack.count];
    size_t length = (size_t)(end - begin);
    if (length > PORTION) {
        length = PORTION;
        range_push(begin + length, end);
    }
    mark_slots(begin, length);
}

static void scan_buffers(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        if (refs->capacity == 0)
            continue;
        mark_set(refs->slots);
        scan_slots(object, refs->slots, refs->capacity);
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        if (bytes->capacity)
            mark_set(bytes->bytes);
    }
}

static inline void scan(const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->ref_count; i++)
        mark(mm_ref_at(object, type->refs[i])->object);
    if (type->refs_count | type->bytes_count)
        scan_buffers(type, object);
    if (type->tail == MM_TAIL_REFS)
        scan_slots(object, mm_tail_refs(type, object), mm_type_length(type, object));
}

/* Objects go through a short queue between the stack and their scan: by then their headers have been fetched (Cher,
 * Hosking and Vitek 2004). */
static void drain(void)
{
    void *queue[WAITING] = {NULL};
    size_t at = 0, waiting = 0;
    while (stack.count || waiting) {
        void *entered = NULL;
        if (stack.count) {
            uintptr_t entry = stack.entries[--stack.count];
            if (entry & RANGE) {
                scan_range(entry);
                continue;
            }
            entered = (void *)entry;
            __builtin_prefetch(cell_header(entered));
            waiting++;
        }
        void *object = queue[at];
        queue[at] = entered;
        at = (at + 1) % WAITING;
        if (!object)
            continue;
        waiting--;
        const struct mm_type *type = cell_type(*cell_header(object));
        count(type, object);
        scan(type, object);
    }
}

/* ---- overflow: what the window covers is scanned again, from the heap */

static void rescan(void *object, uintptr_t header, void *context)
{
    (void)context;
    if (cell_is_buffer(header))
        return;
    scan(cell_type(header), object);
    drain();
}

static void drain_all(void)
{
    drain();
    if (stack.low > stack.high)
        return;
    do {
        const char *low = stack.low, *high = stack.high;
        window_clear();
        marksweep_walk(WALK_MARKED, low, high, rescan, NULL);
    } while (stack.low <= stack.high);
    if (!stack.wanted)
        stack_resize(stack.table ? 2 * stack.capacity : FIRST_ENTRIES);
}

void marksweep_mark_begin(void)
{
    size_t wanted = stack.wanted ? stack.wanted : FIRST_ENTRIES;
    if (!stack.table && wanted > FALLBACK_ENTRIES)
        stack_resize(wanted);
    window_clear();
    marksweep_marked = (struct marked){0};
    for (struct chunk *chunk = marksweep_space.chunks; chunk; chunk = chunk->next)
        for (size_t i = CHUNK_FIRST_BLOCK; i < CHUNK_BLOCKS; i++)
            if (chunk->blocks[i].state == BLOCK_CELLS || chunk->blocks[i].state == BLOCK_SPAN)
                memset(block_marks(&chunk->blocks[i]), 0, BLOCK_MARK_WORDS * sizeof(uint64_t));
    for (struct chunk *single = marksweep_space.singles; single; single = single->next)
        memset(mark_word(single_cell(single)), 0, sizeof(uint64_t));
}

void marksweep_mark_from(void *object)
{
    mark(object);
    drain_all();
}

static void mark_frozen(void *object, uintptr_t header, void *context)
{
    (void)context;
    if (!(header & CELL_FROZEN) || cell_is_buffer(header))
        return;
    mark(object);
    drain();
}

void marksweep_mark_roots(void)
{
    for (struct mm_root *root = marksweep_heap.roots; root; root = root->previous) {
        mark(root->object);
        drain();
    }
    if (marksweep_collector.frozen)
        marksweep_walk(WALK_ALL, NULL, (char *)UINTPTR_MAX, mark_frozen, NULL);
    drain_all();
}
