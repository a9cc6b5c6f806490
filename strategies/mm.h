/* mm.h: the one contract between work and memory management.
 *
 * A workload is written once against this header and compiled once per strategy. The last line includes the
 * strategy's own "heap.h" (the include path chooses it), which defines the inline functions declared here, so that
 * a strategy's fast paths are part of the workload's code: there is no table of function pointers, because one
 * would cost a counting strategy and an arena the same few nanoseconds and so falsify the ratio between them.
 * A process has one heap, of one strategy.
 *
 * Glossary
 *   object      a zeroed block that the strategy manages; named by a `void *` to its payload, a plain C struct.
 *               A strategy's header, if it has one, lies before the payload.
 *   reference   a pointer that keeps an object alive: one in a root, or one in a reference field of an object.
 *   borrowed    a pointer that keeps nothing alive: the value of a C variable.
 *   root        a reference held by the C program: a `struct mm_root`, pushed and popped in stack order.
 *   buffer      memory that belongs to one field of one object: it has no identity, is resized in place of itself,
 *               and dies with its owner (what a Python list has behind it). Of references, or of bytes.
 *   tail        the variable part at the end of one object (what a Python tuple or str has).
 *   live        allocated, and not yet reclaimed by the strategy. (Not: reachable.)
 *   footprint   bytes that the strategy holds from the allocator or from the system, headers and free space included.
 *   pause       a stretch in which the strategy works and the mutator (the workload) does not.
 *
 * Three rules for a workload; the `torture` strategy checks them:
 *   1. A reference in a C variable is borrowed: a root or an object has to own it, and it is stale after anything
 *      that allocates or collects, because objects may move. Read it again from its root.
 *   2. To keep an object longer, hold it in a pushed root. Roots are popped in reverse order.
 *   3. Reference fields are read with mm_get and written with mm_set, mm_move and mm_take.
 *
 * Sizes are bytes and counts are objects unless a name says otherwise. Errors: NULL from what allocates (the heap
 * limit was reached, or the system had no more), and 0 or a negative errno from what returns int. Nothing aborts.
 */
#ifndef MM_H
#define MM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ---- traits: what a strategy promises ------------------------------------------------------------------------
 * heap.h defines MM_TRAITS, an OR of these, for `#if` and `if` alike. They say what to expect of a run; they never
 * excuse a wrong result. */
#define MM_TRAIT_CYCLES        0x001u  /* reclaims cyclic garbage, at the latest in mm_collect */
#define MM_TRAIT_PROMPT        0x002u  /* reclaims an acyclic object as soon as its last reference goes */
#define MM_TRAIT_MOVES         0x004u  /* objects change their addresses */
#define MM_TRAIT_REGIONS       0x008u  /* reclaims at mm_region_end, and only there */
#define MM_TRAIT_EXPLICIT_FREE 0x010u  /* reclaims at mm_dead, and only there */
#define MM_TRAIT_NEVER_FREES   0x020u  /* reclaims nothing before mm_heap_close */
#define MM_TRAIT_THREADS       0x040u  /* references may be copied and dropped by several threads at once */
#define MM_TRAIT_WEAK          0x080u  /* has weak references */
#define MM_TRAIT_FINALIZERS    0x100u  /* runs finalizers */
#define MM_TRAIT_COLLECTOR     0x200u  /* has a collector: the mm_gc_ functions exist */
#define MM_TRAIT_COUNTS        0x400u  /* keeps counts: mm_refcount exists */
#define MM_TRAIT_CHECKS        0x800u  /* checks the workload as it runs; too slow to be timed */
#define MM_TRAIT_CONSERVATIVE  0x1000u /* may keep what is unreachable, for a stale word that looks like a reference */
#define MM_TRAIT_SAVE_ALL      0x2000u /* mm_gc_set_save_all exists */

/* ---- types ----------------------------------------------------------------------------------------------------
 * A type is static constant data: give it to mm_new as the address of a `static const struct mm_type` and the
 * compiler folds size and flags into the allocation. A definition in a header has a copy in each file that includes it:
 * copies are one type, so a strategy compares what they say, never their addresses. */

/* A reference field of an object. A struct, so that reading one without mm_get does not compile. */
struct mm_ref {
    void *object;
};

/* A buffer of references: a field of an object. `slots[0 .. capacity)`, NULL or a reference each; read and written
 * with mm_get and mm_set. Zeroed is empty. Only mm_refs_resize changes the struct itself. */
struct mm_refs {
    struct mm_ref *slots;
    size_t capacity;
};

/* A buffer of bytes: likewise, `bytes[0 .. capacity)`, read and written directly. */
struct mm_bytes {
    unsigned char *bytes;
    size_t capacity;
};

/* Where a strategy keeps the weak references to an object: a field of every type whose objects can be their target. */
struct mm_weaklist {
    void *first;
};

enum mm_tail {
    MM_TAIL_NONE = 0,
    MM_TAIL_REFS,  /* `struct mm_ref[length]` after the payload's `size` bytes */
    MM_TAIL_BYTES, /* `unsigned char[length]` after them */
};

enum mm_type_flag {
    MM_TYPE_TAGGED = 1,   /* mm_type_of works on its objects; costs a word where the strategy has no header */
    MM_TYPE_LEGACY = 2,   /* the finalizer is a legacy one (CPython's tp_del): a cycle with it is uncollectable */
    MM_TYPE_NO_CLEAR = 4, /* the collector may not clear its references (CPython: no tp_clear) */
    MM_TYPE_UNTRACKS = 8, /* a collector may stop tracking it once it holds nothing tracked (CPython's tuple) */
};

struct mm_type {
    const char *name;
    uint32_t size;                  /* of the payload struct, the tail not included; a multiple of 8 unless the
                                       tail is of bytes; 0 only where MM_TYPE_TAGGED */
    uint16_t flags;                 /* enum mm_type_flag */
    uint16_t tail;                  /* enum mm_tail; with one, the payload's first field is `size_t length` */
    uint16_t ref_count;             /* how many offsets `refs` has */
    uint16_t refs_count;            /* how many `ref_buffers` has */
    uint16_t bytes_count;           /* how many `byte_buffers` has */
    uint16_t weaklist;              /* offset of a `struct mm_weaklist`, which is never first; 0: no weak references */
    const uint16_t *refs;           /* offsets of `struct mm_ref` fields */
    const uint16_t *ref_buffers;    /* offsets of `struct mm_refs` fields */
    const uint16_t *byte_buffers;   /* offsets of `struct mm_bytes` fields */
    void (*finalize)(void *object); /* or NULL. Called once, before the object's references go; may store a new
                                       reference to the object and so resurrect it. May allocate. `object` is
                                       borrowed, and stale after an allocation like any other. */
};

/* True if objects of this type can hold references to objects: what a cycle collector has to track. */
static inline bool mm_type_has_refs(const struct mm_type *type)
{
    return type->ref_count != 0 || type->refs_count != 0 || type->tail == MM_TAIL_REFS;
}

/* The payload's bytes of an object of `type` with a tail of `length` elements, without header. */
static inline size_t mm_type_payload_bytes(const struct mm_type *type, size_t length)
{
    switch (type->tail) {
    case MM_TAIL_REFS: return type->size + length * sizeof(struct mm_ref);
    case MM_TAIL_BYTES: return type->size + length;
    default: return type->size;
    }
}

/* The tail's length of an object: its first word where it has a tail, else 0. */
static inline size_t mm_type_length(const struct mm_type *type, const void *object)
{
    return type->tail == MM_TAIL_NONE ? 0 : *(const size_t *)object;
}

static inline struct mm_ref *mm_tail_refs(const struct mm_type *type, void *object)
{
    return (struct mm_ref *)(void *)((char *)object + type->size);
}

/* The reference field at `offset` of an object; and the two kinds of buffer. */
static inline struct mm_ref *mm_ref_at(void *object, size_t offset)
{
    return (struct mm_ref *)(void *)((char *)object + offset);
}

static inline struct mm_refs *mm_refs_at(void *object, size_t offset)
{
    return (struct mm_refs *)(void *)((char *)object + offset);
}

static inline struct mm_bytes *mm_bytes_at(void *object, size_t offset)
{
    return (struct mm_bytes *)(void *)((char *)object + offset);
}

/* What a strategy's heap.h defines inline is always inlined. A compiler that thinks it too long for that, when a file
 * has several calls, would not know the type any more: measured on a list and a tree, counting then costs twice. */
#define MM_INLINE static inline __attribute__((always_inline))

/* ---- the heap ------------------------------------------------------------------------------------------------- */

struct mm_config {
    size_t heap_limit_bytes;   /* footprint may not pass this; 0: no limit */
    const char *const *params; /* the strategy's own parameters, "name=value" each, NULL at the end; or NULL */
};

/* A parameter of a strategy, for listings and for checking what the user typed. Integers all. */
struct mm_param {
    const char *name;
    int64_t initial, lowest, highest;
    const char *help; /* a line, with the unit */
};

/* What a strategy says of itself. */
struct mm_strategy {
    const char *name;              /* its folder's name, the CSV's value, the plot's label */
    const char *summary;           /* a line */
    uint32_t traits;               /* MM_TRAITS */
    const struct mm_param *params; /* ends with name == NULL; or NULL */
};

extern const struct mm_strategy mm_strategy;

/* Opens the process's heap. 0; -EINVAL for a parameter it does not know or a value out of range; -ENOMEM. Copies what
 * it keeps of `config`. Once at a time: after mm_heap_close it may be opened again. */
int mm_heap_open(const struct mm_config *config);

/* Frees everything without running finalizers or callbacks. No root may be pushed. Who counts only what it is told of
 * cannot find what leaked: `malloc`, and release builds of `refcount` and `refcount_atomic`, leave that to the
 * process's end. */
void mm_heap_close(void);

/* Walks every invariant of the heap. NULL if all hold, else a static sentence that says which does not. Debug builds
 * (NDEBUG not defined) call it after every collection. */
const char *mm_heap_check(void);

/* ---- roots ----------------------------------------------------------------------------------------------------
 * `struct mm_root` is the strategy's: allocate it on the C stack or inside something that stays where it is, and
 * use it only through these. */
struct mm_root;

/* Push: the root holds NULL and is known to the strategy. Pop: it drops its reference. In reverse order of pushing. */
MM_INLINE void mm_root_push(struct mm_root *root);
MM_INLINE void mm_root_pop(struct mm_root *root);

/* Borrows what it holds, or NULL. */
MM_INLINE void *mm_root_get(const struct mm_root *root);

/* Takes a reference to `object` (or NULL), then drops the old one. */
MM_INLINE void mm_root_set(struct mm_root *root, void *object);

/* Hands the reference of `from` to `to`, whose old one is dropped; `from` is then NULL. Counts nothing. */
MM_INLINE void mm_root_move(struct mm_root *to, struct mm_root *from);

/* `MM_ROOT(name);` declares a root that is pushed here and popped when the C scope is left, however it is left, and not
 * by hand. A strategy that finds C variables by itself defines these two, and MM_SCOPED_ROOTS. */
MM_INLINE void mm_root_enter(struct mm_root *root);
MM_INLINE void mm_root_leave(struct mm_root *root);
#define MM_ROOT(name)                                                                                                  \
    struct mm_root name __attribute__((cleanup(mm_root_leave)));                                                       \
    mm_root_enter(&name)

/* ---- allocation -----------------------------------------------------------------------------------------------
 * All of these may collect and may move objects: what was borrowed before is stale after, success or not. */

/* A zeroed object, delivered into `out`, whose old reference is dropped after the allocation. Returns it, borrowed;
 * NULL at the limit, with `out` as it was. `type` has no tail. */
MM_INLINE void *mm_new(const struct mm_type *type, struct mm_root *out);

/* The same with a tail of `length` zeroed elements; sets the payload's `length`. */
MM_INLINE void *mm_new_tail(const struct mm_type *type, size_t length, struct mm_root *out);

/* Resizes the buffer at `offset` of the object in `owner` to exactly `capacity` elements. References move without
 * being counted; new elements are NULL or 0; those beyond a smaller capacity are dropped. 0 frees it. 0 or -ENOMEM,
 * with the buffer as it was. */
MM_INLINE int mm_refs_resize(struct mm_root *owner, size_t offset, size_t capacity);
MM_INLINE int mm_bytes_resize(struct mm_root *owner, size_t offset, size_t capacity);

/* ---- references ----------------------------------------------------------------------------------------------- */

/* Borrows what a field (or slot of a buffer or of a tail) refers to, or NULL. */
MM_INLINE void *mm_get(const struct mm_ref *field);

/* Stores a reference to `value` (or NULL) in a field of `object`, then drops the old one. */
MM_INLINE void mm_set(void *object, struct mm_ref *field, void *value);

/* Hands the root's reference to a field of `object`, whose old one is dropped; the root is then NULL. Counts nothing:
 * CPython calls it stealing a reference. */
MM_INLINE void mm_move(void *object, struct mm_ref *field, struct mm_root *from);

/* The other way: hands the field's reference to the root, whose old one is dropped; the field is then NULL. */
MM_INLINE void mm_take(struct mm_root *to, void *object, struct mm_ref *field);

/* The type of an object whose type is MM_TYPE_TAGGED. */
MM_INLINE const struct mm_type *mm_type_of(const void *object);

/* Bytes that the object takes, its header, tail and buffers included: Python's sys.getsizeof. `type` is its type. */
size_t mm_size_of(const struct mm_type *type, const void *object);

/* ---- what the programmer knows --------------------------------------------------------------------------------
 * A workload says it for every strategy; each uses what it can, and compiles the rest away. */

/* The programmer's word that this object (not what it refers to) is dead: after the roots and fields that still
 * refer to it are dropped or overwritten or die themselves, and before the next allocation, nothing reaches it.
 * `malloc` frees on it. Where walking a structure is needed only to say it, put the walk under
 * `if (MM_TRAITS & MM_TRAIT_EXPLICIT_FREE)`. */
MM_INLINE void mm_dead(const struct mm_type *type, void *object);

/* A region: a promise that what is allocated between begin and end is unreachable at end. They nest. A buffer that grew
 * in the region was allocated there, also if its owner is older: it has to be shrunk to nothing before the end. */
struct mm_region;
MM_INLINE void mm_region_begin(struct mm_region *region);
MM_INLINE void mm_region_end(struct mm_region *region);

/* ---- collection ----------------------------------------------------------------------------------------------- */

/* Collects generation 0 to `generation` (2: everything). Returns the number of unreachable objects found, as Python's
 * gc.collect does. A strategy without a collector has nothing to find: 0. */
size_t mm_collect(int generation);

#define MM_GENERATIONS 3

/* ---- statistics -----------------------------------------------------------------------------------------------
 * Since mm_heap_open. Bytes are the payload's (tails and buffers included, headers not), so that they are the same
 * under every strategy. A buffer counts its new size in full whenever it grows, and is no object. */
struct mm_stats {
    uint64_t objects_allocated, bytes_allocated;
    uint64_t objects_freed, bytes_freed;
    uint64_t footprint_bytes;      /* now */
    uint64_t peak_footprint_bytes; /* the highest so far; strategies on malloc know it to 1/256 */
    uint64_t collections[MM_GENERATIONS];
    uint64_t collection_ns[MM_GENERATIONS]; /* wall time in them */
    uint64_t collected[MM_GENERATIONS];     /* unreachable objects found */
    uint64_t uncollectable[MM_GENERATIONS]; /* of those, not freed for a legacy finalizer */
};

void mm_stats_get(struct mm_stats *stats);

/* Starts a new peak: peak_footprint_bytes is what is held now. */
void mm_stats_reset_peak(void);

/* ---- events: what the harness listens to ----------------------------------------------------------------------- */

enum mm_event_kind {
    MM_EVENT_PAUSE_BEGIN, /* a collection, or a chain of frees when it has passed MM_CASCADE objects */
    MM_EVENT_PAUSE_END,
    MM_EVENT_HEAP_GROWN, /* the strategy took more from the system or the allocator, in steps worth telling */
};

enum mm_pause_cause { MM_PAUSE_COLLECTION, MM_PAUSE_CASCADE };

/* A chain of frees is a pause from this many objects on; the clock is first read when it passes them. */
#define MM_CASCADE 1000

/* Of a strategy that would have to count them for that alone. */
#define MM_FREED_UNKNOWN UINT64_MAX

struct mm_event {
    enum mm_event_kind kind;
    enum mm_pause_cause cause;
    int generation;         /* of a collection, else 0 */
    uint64_t freed;         /* at the end: objects reclaimed or found unreachable; or MM_FREED_UNKNOWN */
    uint64_t uncollectable; /* at the end */
};

/* The listener is called from slow paths only, inside the pause, by the thread that opened the heap; it may not
 * allocate on the heap. NULL: none. */
void mm_listen(void (*listener)(const struct mm_event *event, void *context), void *context);

/* ---- where the strategy has them ------------------------------------------------------------------------------
 * heap.h is included here, and what follows exists by its traits. */
#include "heap.h" /* IWYU pragma: export */

#ifndef MM_SCOPED_ROOTS
static inline void mm_root_enter(struct mm_root *root)
{
    mm_root_push(root);
}

static inline void mm_root_leave(struct mm_root *root)
{
    mm_root_pop(root);
}
#endif

#if MM_TRAITS & MM_TRAIT_WEAK
/* A weak reference is an object of its own. `callback` (or NULL) is called once, when the target is about to be
 * reclaimed and the weak reference already reads NULL, unless the weak reference is garbage itself. Delivered into
 * `out`; returned borrowed; NULL at the limit. The target's type has a weaklist. Callback-less weak references to one
 * target may be shared. One that a legacy finalizer makes to its own object reads NULL when that dies of it, and where
 * CPython's rules hold its callback is not called. */
typedef void mm_weak_callback(void *weak, void *context);
void *mm_weak_new(const struct mm_root *target, mm_weak_callback *callback, void *context, struct mm_root *out);

/* The target into `out`, or NULL if it is gone. Returns it, borrowed. Does not allocate. */
void *mm_weak_get(const void *weak, struct mm_root *out);
#endif

#if MM_TRAITS & MM_TRAIT_COUNTS
/* References that are counted to this object now. */
size_t mm_refcount(const void *object);
#endif

#if MM_TRAITS & MM_TRAIT_COLLECTOR
/* As Python's gc module has them. */
void mm_gc_enable(void);
void mm_gc_disable(void); /* automatic collections stop; mm_collect still works */
bool mm_gc_is_enabled(void);
/* 0 switches a generation's trigger off. Meaning of the values: the strategy's README. */
void mm_gc_set_threshold(const uint32_t threshold[MM_GENERATIONS]);
void mm_gc_get_threshold(uint32_t threshold[MM_GENERATIONS]);
void mm_gc_get_count(uint32_t count[MM_GENERATIONS]);
/* All objects now are left out of every collection; and in again. */
void mm_gc_freeze(void);
void mm_gc_unfreeze(void);
size_t mm_gc_freeze_count(void);
/* Objects that the collector found uncollectable, kept alive by it; the caller may not keep the array's pointers over
 * an allocation. mm_gc_garbage_clear drops them. */
size_t mm_gc_garbage(void *objects[], size_t capacity);
void mm_gc_garbage_clear(void);
/* Borrows up to `capacity` tracked objects of a generation (-1: all) into `objects`; returns how many there are. */
size_t mm_gc_get_objects(int generation, void *objects[], size_t capacity);

/* Python's gc.callbacks: called when a collection starts (MM_EVENT_PAUSE_BEGIN) and stops (MM_EVENT_PAUSE_END, with
 * what it found), in the order in which they were added, inside the pause. A callback may read statistics, and not
 * touch the heap. They stay when the heap is closed, until they are removed. 0; -ENOSPC where there are MM_GC_CALLBACKS
 * already; -ENOENT where there is no such one. */
enum { MM_GC_CALLBACKS = 8 };
typedef void mm_gc_callback(const struct mm_event *event, void *context);
int mm_gc_callback_add(mm_gc_callback *callback, void *context);
int mm_gc_callback_remove(mm_gc_callback *callback, void *context);
#endif

#if MM_TRAITS & MM_TRAIT_SAVE_ALL
/* Python's gc.set_debug(gc.DEBUG_SAVEALL): what collections find unreachable from now on is kept, and listed by
 * mm_gc_garbage, instead of reclaimed. Its finalizers run, and weak references to it are cleared, as ever. */
void mm_gc_set_save_all(bool save_all);
bool mm_gc_save_all(void);
#endif

#endif
