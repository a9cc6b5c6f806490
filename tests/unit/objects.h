/* objects.h: the types that the tests make objects of, and what is done with them over and over. */
#ifndef UNIT_OBJECTS_H
#define UNIT_OBJECTS_H

#include "mm.h"

/* Whether this strategy listens to mm_dead, or checks it. */
enum { SAYS_DEAD = (MM_TRAITS & (MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_CHECKS)) != 0 };

/* Two references and a number: lists, trees and rings are made of it. Tagged. */
struct cell {
    struct mm_ref next, other;
    uint64_t value;
};
extern const struct mm_type cell_type;

/* The same, with a finalizer and weak references: `finalizer` is called with it. */
struct mortal {
    struct mm_ref next, other;
    uint64_t value;
    struct mm_weaklist weak;
};
extern const struct mm_type mortal_type, legacy_type; /* the second's finalizer is a legacy one */
extern void (*finalizer)(void *object);               /* NULL: none */

/* A word, without references, not tagged. */
struct word {
    uint64_t value;
};
extern const struct mm_type word_type;

/* Every kind of field: reference, and two buffers of each kind. */
struct chest {
    struct mm_refs first;
    struct mm_bytes text;
    struct mm_ref single;
    struct mm_refs second;
    struct mm_bytes more;
};
extern const struct mm_type chest_type;

/* Tails. */
struct tuple {
    size_t length;
};
extern const struct mm_type tuple_type;

struct string {
    size_t length;
    uint32_t hash; /* the tail begins at 12 */
};
extern const struct mm_type string_type;

static inline unsigned char *string_bytes(struct string *string)
{
    return (unsigned char *)string + string_type.size;
}

static inline struct mm_ref *tuple_slots(struct tuple *tuple)
{
    return mm_tail_refs(&tuple_type, tuple);
}

/* Puts a new cell before the list in `head`. 0 or -ENOMEM, with the list as it was. */
int cell_push(struct mm_root *head, uint64_t value);

/* Drops a list that nothing else refers to, a cycle back to its first cell included; says that it is dead where that
 * is listened to. */
void cells_drop(struct mm_root *head);

/* Makes a ring of `length` cells in `out`. 0 or -ENOMEM. */
int ring_new(struct mm_root *out, size_t length);

/* Says that an object is dead which only the root refers to, and drops it. */
void drop(const struct mm_type *type, struct mm_root *root);

#endif
