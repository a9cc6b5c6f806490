/* torture.h: the judge's books.
 *
 * Glossary
 *   space    the memory where all objects are now; one at a time, and never the same address again
 *   block    an object's payload or one buffer in the space, followed by a guard of poison
 *   record   what torture knows of an object, outside of the space, out of the mutator's reach
 *   exists   has a record: allocated and not yet reclaimed
 *   serial   an object's number, from 1, in the order of allocation: names it in messages, and in the books
 *   born     the clock's value when it was made; the clock ticks at allocations, resizes and the begin of regions
 *
 * Records are in the order of their serials, so an object is found by binary search. An index into them holds until
 * the next reclamation; a pointer to one until the next allocation. */
#ifndef TORTURE_TORTURE_H
#define TORTURE_TORTURE_H

#include "common/common.h"
#include "mm.h"
#include "torture/violation.h"

#define TORTURE_NONE UINT32_MAX /* no index */

struct torture_buffer {
    char *block;     /* NULL: empty */
    size_t capacity; /* in elements */
    uint64_t born;   /* when it last grew */
};

struct torture_weak {
    uint64_t target; /* serial; 0: gone */
    mm_weak_callback *callback;
    void *context;
};

struct torture_object {
    const struct mm_type *type;
    uint64_t serial, born;
    char *payload;
    size_t length;                  /* of the tail */
    struct torture_buffer *buffers; /* those of references first, as in the type; NULL: it has none */
    struct torture_weak *weak;      /* of a weak reference; else NULL */
    uint64_t references;            /* from roots and from fields of what exists and is no orphan */
    uint32_t reached_from;          /* index of an object that refers to it, or TORTURE_NONE for a root */
    bool orphan;  /* its last reference went: only what is in a cycle could still be garbage and no orphan */
    bool reached; /* by the last mark */
    bool trash;   /* found unreachable by the collection that is running */
    bool finalized, frozen;
    bool garbage;  /* uncollectable, and kept */
    bool dead;     /* mm_dead was said */
    bool poisoned; /* its payload is: since then, or since it was orphaned */
};

struct torture_root {
    const struct mm_root *root;
    uint64_t held; /* serial, 0: NULL */
};

struct torture_space {
    char *base;
    size_t bytes, used;
    uint32_t *owners; /* for each granule: index + 1 of the record whose block it is in, or 0 */
};

#define TORTURE_ROOTS 1024 /* there is room for so many from the start, since pushing one cannot fail */

struct heap {
    struct torture_object *objects;
    size_t count, capacity;
    uint32_t *pending; /* for marking, as long as `objects`, so that it cannot fail */
    struct torture_root *roots;
    size_t root_count, root_capacity;
    struct torture_space space;
    struct mm_region *region;
    uint64_t next_serial, clock;
    uint64_t allocations; /* attempts, for `every` and `fail_at` */
    struct common_counts counts;
    size_t held_bytes, peak_bytes, limit_bytes; /* blocks of what exists, guards included */
    uint64_t collections[MM_GENERATIONS], collection_ns[MM_GENERATIONS];
    uint64_t collected[MM_GENERATIONS], uncollectable[MM_GENERATIONS];
    uint32_t threshold[MM_GENERATIONS];
    uint32_t since_collection; /* allocations */
    size_t dead_pending;       /* promises of mm_dead not yet checked */
    uint64_t every, fail_at;   /* parameters */
    bool open, enabled, collecting;
};

extern struct heap torture_heap;

/* ---- rules.c */

/* A violation that concerns an object (or NULL). Does not return. */
_Noreturn void torture_violate(enum torture_rule rule, const struct torture_object *object, const char *detail);

/* An object is reached that should not be: says from where. */
_Noreturn void torture_violate_reached(enum torture_rule rule, const struct torture_object *object);

/* A violation about an address: says what was there, if that is still known. */
_Noreturn void torture_violate_address(enum torture_rule rule, const void *address);

/* ---- books.c: records */

struct torture_object *torture_find(const void *address); /* whose block the address is in; NULL */
struct torture_object *torture_by_serial(uint64_t serial);
/* The object whose payload begins at `object`, for an operation that uses it: it exists and is not dead. */
struct torture_object *torture_expect(const void *object);
/* Nobody said that it is dead, and something refers to it. */
void torture_expect_alive(const struct torture_object *object);
/* The serial of what is stored: NULL is 0. */
uint64_t torture_expect_value(const void *value);
size_t torture_index(const struct torture_object *object);
/* A new record, uninitialised but for its serial; NULL if there is no memory. */
struct torture_object *torture_record_new(const struct mm_type *type);
void torture_record_free(struct torture_object *object);
/* A type that stands in a header has a copy in each file that includes it: they count as the same. */
bool torture_is_of_type(const struct torture_object *object, const struct mm_type *type);
size_t torture_buffer_count(const struct mm_type *type);
size_t torture_element_bytes(const struct mm_type *type, size_t buffer);
size_t torture_payload_bytes(const struct torture_object *object);
/* Its contents are gone from now on. */
void torture_poison(struct torture_object *object);
/* Payload and buffers; and the same with guards. */
size_t torture_object_bytes(const struct torture_object *object);
size_t torture_object_block_bytes(const struct torture_object *object);
extern const struct mm_type torture_weak_type;

/* ---- roots.c */

/* Hands a reference that is counted already to a root, whose old one is dropped. */
void torture_root_hand(const struct mm_root *to, uint64_t serial);

/* ---- fields.c: references, which are kept encoded, by where they stand */

void *torture_decode(const struct mm_ref *field);
void torture_encode(struct mm_ref *field, const void *object);
/* Calls `visit` with every reference field of the object, empty ones included. */
typedef void torture_visitor(struct mm_ref *field, struct torture_object *owner, void *context);
void torture_visit(struct torture_object *object, torture_visitor *visit, void *context);
/* What the field refers to; NULL if empty. A violation if it holds what was never stored there. */
struct torture_object *torture_target(const struct mm_ref *field, const struct torture_object *owner);

/* ---- counts.c: references, counted; NULL is none */

void torture_reference_add(struct torture_object *object);
void torture_reference_drop(struct torture_object *object);
/* Anew, after a collection. */
void torture_references_recount(void);

/* ---- space.c: memory */

enum { TORTURE_GRANULE = 16, TORTURE_POISON = 0xDB };

int torture_reserve(void);
void torture_unreserve(void);
/* A space of at least `bytes`, zero. False if there is no memory. */
bool torture_space_open(struct torture_space *space, size_t bytes);
/* Takes the access away, for good; remembers for a while who was where. */
void torture_space_retire(struct torture_space *space);
/* What a block of so many bytes takes with its guard. */
size_t torture_block_bytes(size_t bytes);
/* Whether the next block of so many bytes still fits. */
bool torture_space_has_room(const struct torture_space *space, size_t block_bytes);
/* The next block, for the record with this index. There is room. */
char *torture_space_take(struct torture_space *space, size_t bytes, size_t index);
/* Poisons a block of an object's and gives it back. */
void torture_space_drop(struct torture_space *space, char *block, size_t bytes, const struct torture_object *owner);
/* The block belongs to the record with this index from now on. */
void torture_space_own(struct torture_space *space, const char *block, size_t bytes, size_t index);
bool torture_guard_intact(const char *block, size_t bytes);
/* Whether the address is in a space that is gone; if known, which object was there, and how many moves ago. */
struct torture_past {
    const struct mm_type *type;
    uint64_t serial;
    unsigned moves_ago; /* 0: not known, or it did not move but was given back */
};
bool torture_past_find(const void *address, struct torture_past *past);

/* ---- move.c */

/* A buffer's field in a payload: struct mm_refs and struct mm_bytes are alike. */
struct torture_buffer_field {
    void *block;
    size_t capacity;
};
struct torture_buffer_field *torture_buffer_field(const struct mm_type *type, char *payload, size_t buffer);
/* A violation if the mutator wrote what is not its own: guards, lengths, buffers' fields. */
void torture_object_verify(const struct torture_object *object);
/* Verifies each object and moves all to a new space with room for `extra` bytes more. False if there is no memory. */
bool torture_move(size_t extra);

/* ---- mark.c */

/* Finds what is reachable from roots, frozen objects and garbage, and checks the promises of mm_dead. */
void torture_mark(void);

/* ---- weak.c */

/* Clears the weak references to trash and calls their callbacks. */
void torture_weak_clear(void);

/* ---- collect.c */

/* Reclaims what is unreachable; does not move. Returns how many objects that is; `uncollectable` are more, that were
 * found and kept. */
size_t torture_collect(size_t *uncollectable);

/* ---- allocate.c */

/* A zeroed object. NULL at the limit. */
struct torture_object *torture_object_new(const struct mm_type *type, size_t length);
/* Delivers it into a root; returns its address. */
void *torture_deliver(const struct torture_object *object, struct mm_root *out);

#endif
