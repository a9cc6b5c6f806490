#include "mark.h"

#include <string.h>

#include "cell.h"
#include "collect.h"
#include "mm.h"
#include "walk.h"

enum {
    FALLBACK_ENTRIES = 64, /* before there is a table, and where there can be none */
    FIRST_ENTRIES = 4096,
    LEAST_ENTRIES = 4,
    PORTION = 64, /* slots of an array that are scanned at once */
    WAITING = 16, /* objects between the stack and their scan, while their headers are fetched */
    RANGE = 1,    /* flag of an entry: the slot at which a range begins; its end is the entry below */
};

/* Entries: an object that is marked and not scanned; or two words, the rest of an array's slots. */
static struct {
    uintptr_t *entries, *limit;
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
    stack.limit = entries + capacity;
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

static inline size_t live_bytes(const struct mm_type *type, const void *object)
{
    size_t bytes = object_payload_bytes(type, object);
    return type->refs_count | type->bytes_count ? bytes + buffers_bytes(type, object) : bytes;
}

/* ---- the stack's use. Its top is a local variable of `drain`, handed down and back: kept in memory, each push and pop
 * would wait for the one before it. */

static void overflow(void *object)
{
    marksweep_marked.objects++;
    marksweep_marked.headers += block_type(block_of(object)) == NULL;
    marksweep_marked.bytes += live_bytes(object_type(object), object);
    window_add(object);
}

static inline uintptr_t *mark(uintptr_t *top, void *object)
{
    if (!object || !mark_set(object))
        return top;
    if (__builtin_expect(top == stack.limit, 0)) {
        overflow(object);
        return top;
    }
    *top = (uintptr_t)object;
    return top + 1;
}

static inline uintptr_t *range_push(uintptr_t *top, struct mm_ref *begin, struct mm_ref *end)
{
    top[0] = (uintptr_t)end;
    top[1] = (uintptr_t)begin | RANGE;
    return top + 2;
}

static inline uintptr_t *mark_slots(uintptr_t *top, const struct mm_ref *slots, size_t length)
{
    for (size_t i = 0; i < length; i++)
        top = mark(top, slots[i].object);
    return top;
}

/* A short array at once, a longer one in portions. One that the stack has no room for at once too: to leave it to the
 * window could go on for ever, where the object has more arrays than the empty stack has room for. */
static uintptr_t *scan_slots(uintptr_t *top, struct mm_ref *slots, size_t length)
{
    if (length <= PORTION || stack.limit - top < 2)
        return mark_slots(top, slots, length);
    return range_push(top, slots, slots + length);
}

/* `top` is above the range's second word. */
static uintptr_t *scan_range(uintptr_t *top)
{
    struct mm_ref *begin = (struct mm_ref *)(top[-1] & ~(uintptr_t)RANGE), *end = (struct mm_ref *)top[-2];
    size_t length = (size_t)(end - begin);
    top -= 2;
    if (length > PORTION) {
        length = PORTION;
        top = range_push(top, begin + length, end);
    }
    return mark_slots(top, begin, length);
}

static uintptr_t *scan_buffers(uintptr_t *top, const struct mm_type *type, void *object)
{
    for (unsigned i = 0; i < type->refs_count; i++) {
        struct mm_refs *refs = mm_refs_at(object, type->ref_buffers[i]);
        if (refs->capacity == 0)
            continue;
        mark_set(refs->slots);
        top = scan_slots(top, refs->slots, refs->capacity);
    }
    for (unsigned i = 0; i < type->bytes_count; i++) {
        struct mm_bytes *bytes = mm_bytes_at(object, type->byte_buffers[i]);
        if (bytes->capacity)
            mark_set(bytes->bytes);
    }
    return top;
}

static inline uintptr_t *scan(uintptr_t *top, const struct mm_type *type, void *object)
{
    const uint16_t *refs = type->refs;
    for (unsigned i = 0, count = type->ref_count; i < count; i++)
        top = mark(top, mm_ref_at(object, refs[i])->object);
    if (type->refs_count | type->bytes_count)
        top = scan_buffers(top, type, object);
    if (type->tail == MM_TAIL_REFS)
        top = scan_slots(top, mm_tail_refs(type, object), mm_type_length(type, object));
    return top;
}

/* Scans what lies on the stack below `top`, and all that is found on the way. Objects go through a short queue between
 * the stack and their scan: by then their headers have been fetched (Cher, Hosking and Vitek 2004). */
static void drain(uintptr_t *top)
{
    void *queue[WAITING] = {NULL};
    size_t at = 0, waiting = 0;
    uint64_t objects = 0, bytes = 0, headers = 0;
    while (top != stack.entries || waiting) {
        void *entered = NULL;
        if (top != stack.entries) {
            if (top[-1] & RANGE) {
                top = scan_range(top);
                continue;
            }
            entered = (void *)*--top;
            __builtin_prefetch(entered);
            waiting++;
        }
        void *object = queue[at];
        queue[at] = entered;
        at = (at + 1) % WAITING;
        if (!object)
            continue;
        waiting--;
        const struct mm_type *type = block_type(block_of(object));
        if (!type) {
            type = cell_type(*cell_header(object));
            headers++;
        }
        objects++;
        bytes += live_bytes(type, object);
        top = scan(top, type, object);
    }
    marksweep_marked.objects += objects;
    marksweep_marked.bytes += bytes;
    marksweep_marked.headers += headers;
}

/* ---- overflow: what the window covers is scanned again, from the heap */

static void rescan(void *object, uintptr_t header, void *context)
{
    (void)context;
    if (cell_is_buffer(header))
        return;
    drain(scan(stack.entries, cell_type(header), object));
}

static void drain_window(void)
{
    if (stack.low > stack.high)
        return;
    do {
        const char *low = stack.low, *high = stack.high;
        window_clear();
        marksweep_walk(WALK_MARKED, low, high, rescan, NULL);
    } while (stack.low <= stack.high);
    if (!stack.wanted)
        stack_resize(stack.table ? 2 * (size_t)(stack.limit - stack.entries) : FIRST_ENTRIES);
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
        mark_clear(single_cell(single) + MARKSWEEP_HEADER_BYTES);
}

void marksweep_mark_from(void *object)
{
    drain(mark(stack.entries, object));
    drain_window();
}

static void mark_frozen(void *object, uintptr_t header, void *context)
{
    (void)context;
    (void)header;
    drain(mark(stack.entries, object));
}

void marksweep_mark_roots(void)
{
    for (struct mm_root *root = marksweep_heap.roots; root; root = root->previous)
        drain(mark(stack.entries, root->object));
    if (marksweep_collector.frozen)
        marksweep_walk(WALK_FROZEN, NULL, (char *)UINTPTR_MAX, mark_frozen, NULL);
    drain_window();
}
