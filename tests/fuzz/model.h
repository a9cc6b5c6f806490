/* model.h: the object graph as it should be, in plain C, kept beside the real heap and compared with it.
 *
 * An object of the model is an index, which the real object carries in its payload as its serial. The model knows the
 * references, their counts, what is reachable, and what must have been reclaimed by now.
 *
 * Glossary
 *   group       the references of one object in one place: its fixed fields, its tail, its first or second buffer.
 *   reachable   from a root by references, weak ones not counted.
 *   lost        not reachable, and not known to be freed: a collector may take it at any time.
 *   freed       the strategy must have reclaimed it: what the statistics are held against.
 *   settled     the references of everything freed are dropped, and what that frees is freed too.
 *
 * All memory is static, so that injected allocation failures hit the strategy alone. */
#ifndef FUZZ_MODEL_H
#define FUZZ_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mm.h"

enum {
    MODEL_NONE = -1,
    MODEL_OBJECTS = 12000,
    MODEL_SLOTS = 1 << 18,
    MODEL_ROOTS = 64,
    MODEL_WEAKS = 1024,
};

enum model_group { GROUP_FIXED, GROUP_TAIL, GROUP_BUFFER_0, GROUP_BUFFER_1, GROUPS };

enum model_bytes_group { BYTES_TAIL, BYTES_BUFFER, BYTES_GROUPS };

struct model_refs {
    int32_t *slots; /* indices, or MODEL_NONE */
    uint32_t capacity;
};

/* bytes[0 .. stamped) are a function of serial, version and place; the rest is 0. */
struct model_bytes {
    uint32_t capacity, stamped, version;
};

struct model_object {
    const struct mm_type *type; /* NULL: a weak reference */
    struct model_refs refs[GROUPS];
    struct model_bytes bytes[BYTES_GROUPS];
    uint32_t count;    /* references from roots and from objects that are not freed */
    uint32_t reached;  /* the number of the last walk that reached it */
    uint32_t lost_in;  /* the number of the last operation that saw it lost */
    uint32_t held;     /* scratch: references from reachable holders */
    uint16_t region;   /* how many regions were open when it was made */
    uint8_t behaviour; /* what its finalizer does */
    bool freed;
    bool finalized;
    bool returned; /* was lost and came back by a finalizer: weak references to it may have been cleared */
    bool sealed;   /* of a type that may be untracked: its fields are written once */
    bool dead;     /* declared by mm_dead */
    /* Of a weak reference: */
    int32_t target;
    bool has_callback, cleared, called;
    uint32_t weak_bytes;
    /* Of the real object, as of the last walk or, where objects don't move, since it was made: */
    void *address;
    uint32_t walked;
};

struct model {
    struct model_object objects[MODEL_OBJECTS];
    int32_t object_count;
    int32_t slots[MODEL_SLOTS];
    size_t slots_used;
    int32_t roots[MODEL_ROOTS];
    size_t root_count;
    int32_t garbage[MODEL_OBJECTS]; /* what the collector keeps as uncollectable */
    size_t garbage_count;
    int32_t weaks[MODEL_WEAKS]; /* every weak reference ever made */
    size_t weak_count;
    int32_t dying[MODEL_OBJECTS * 2]; /* whose count fell to 0, to be settled */
    size_t dying_count;
    bool unlinked; /* a reference was dropped since this was cleared: something may be lost */
    int32_t queue[MODEL_OBJECTS];
    uint32_t walk;
    size_t reachable_count;
    uint64_t bytes_allocated, objects_freed, bytes_freed;
    uint64_t objects_allocated;
};

extern struct model model;

static inline struct model_object *model_at(int32_t index)
{
    return &model.objects[index];
}

/* Forgets everything. */
void model_reset(void);

/* True if `slots` references and one object more fit. */
bool model_has_room(size_t slots);

/* A new object of `type` (NULL: a weak reference) with a tail of `length`; its index. */
int32_t model_add(const struct mm_type *type, size_t length);

/* Makes the reference at `slot` refer to `index` (or MODEL_NONE), counting. */
void model_point(int32_t *slot, int32_t index);

/* Hands the reference at `from` to `to`, whose old one is dropped; `from` is then MODEL_NONE. */
void model_move(int32_t *to, int32_t *from);

/* Gives a buffer of references another capacity; what is cut off is dropped. */
void model_resize(struct model_object *object, enum model_group group, uint32_t capacity);

/* Finds what is reachable now; then model_is_reachable answers until the graph changes. */
void model_reach(void);

static inline bool model_is_reachable(const struct model_object *object)
{
    return object->reached == model.walk;
}

/* model_reach, and notes everything lost as lost in `operation`. */
void model_lose(uint32_t operation);

/* The object is reclaimed: its weak references are cleared and its references are dropped. */
void model_free(int32_t index);

/* Frees everything whose count is 0: what a counting strategy does at once. NULL, or what should have happened to
 * `*culprit` and has not. */
const char *model_settle(int32_t *culprit);

/* Nothing is freed by counts: forgets whose fell to 0. */
void model_ignore_counts(void);

/* Frees what a complete collection must free. `by_counts`: as CPython does it, by clearing the references of garbage,
 * which frees no cycle whose objects may all not be cleared. Legacy garbage must have been entered into `garbage`
 * before. NULL, or what should have happened to `*culprit` and has not. */
const char *model_collect(bool by_counts, int32_t *culprit);

/* Enters into, or drops all of, the collector's garbage. */
void model_garbage_add(int32_t index);
void model_garbage_clear(void);

/* Payload bytes of an object now, its buffers included. */
size_t model_bytes_of(const struct model_object *object);

#endif
