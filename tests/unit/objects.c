#include "objects.h"

#include <errno.h>

static const uint16_t cell_refs[] = {offsetof(struct cell, next), offsetof(struct cell, other)};
const struct mm_type cell_type = {
    .name = "cell",
    .size = sizeof(struct cell),
    .flags = MM_TYPE_TAGGED,
    .ref_count = 2,
    .refs = cell_refs,
};

void (*finalizer)(void *object);

static void mortal_finalize(void *object)
{
    if (finalizer)
        finalizer(object);
}

static const uint16_t mortal_refs[] = {offsetof(struct mortal, next), offsetof(struct mortal, other)};
const struct mm_type mortal_type = {
    .name = "mortal",
    .size = sizeof(struct mortal),
    .ref_count = 2,
    .refs = mortal_refs,
    .weaklist = offsetof(struct mortal, weak),
    .finalize = mortal_finalize,
};

const struct mm_type legacy_type = {
    .name = "legacy",
    .size = sizeof(struct mortal),
    .flags = MM_TYPE_LEGACY,
    .ref_count = 2,
    .refs = mortal_refs,
    .weaklist = offsetof(struct mortal, weak),
    .finalize = mortal_finalize,
};

const struct mm_type word_type = {.name = "word", .size = sizeof(struct word)};

static const uint16_t chest_refs[] = {offsetof(struct chest, single)};
static const uint16_t chest_ref_buffers[] = {offsetof(struct chest, first), offsetof(struct chest, second)};
static const uint16_t chest_byte_buffers[] = {offsetof(struct chest, text), offsetof(struct chest, more)};
const struct mm_type chest_type = {
    .name = "chest",
    .size = sizeof(struct chest),
    .ref_count = 1,
    .refs = chest_refs,
    .refs_count = 2,
    .ref_buffers = chest_ref_buffers,
    .bytes_count = 2,
    .byte_buffers = chest_byte_buffers,
};

const struct mm_type tuple_type = {
    .name = "tuple",
    .size = sizeof(struct tuple),
    .flags = MM_TYPE_TAGGED,
    .tail = MM_TAIL_REFS,
};

const struct mm_type string_type = {
    .name = "string",
    .size = offsetof(struct string, hash) + sizeof(uint32_t),
    .tail = MM_TAIL_BYTES,
};

int cell_push(struct mm_root *head, uint64_t value)
{
    MM_ROOT(new);
    struct cell *cell = mm_new(&cell_type, &new);
    if (!cell)
        return -ENOMEM;
    cell->value = value;
    mm_move(cell, &cell->next, head);
    mm_root_move(head, &new);
    return 0;
}

void cells_drop(struct mm_root *head)
{
    const struct cell *first = mm_root_get(head);
    for (struct cell *cell = mm_root_get(head), *next; SAYS_DEAD && cell; cell = next) {
        next = mm_get(&cell->next);
        mm_dead(&cell_type, cell);
        if (next == first)
            break;
    }
    mm_root_set(head, NULL);
}

int ring_new(struct mm_root *out, size_t length)
{
    MM_ROOT(first);
    MM_ROOT(newest);
    for (size_t i = 0; i < length; i++) {
        if (cell_push(&newest, i) != 0) {
            cells_drop(&newest);
            return -ENOMEM;
        }
        if (i == 0)
            mm_root_set(&first, mm_root_get(&newest));
    }
    struct cell *last = mm_root_get(&first); /* made first, so at the end of the list */
    mm_set(last, &last->next, mm_root_get(&newest));
    mm_root_move(out, &newest);
    return 0;
}

void drop(const struct mm_type *type, struct mm_root *root)
{
    mm_dead(type, mm_root_get(root));
    mm_root_set(root, NULL);
}
