/* driver.h: drives the real heap and the model side by side.
 *
 * An operation changes the model first and the heap second, since the heap calls finalizers and callbacks while it
 * works and these look at the model; but an allocation changes the model when it has succeeded. Then the model is
 * settled, and what can be compared without a walk is compared. driver_check walks everything.
 *
 * Each operation finds its objects by a path from a root, in the model and in the heap at once, and keeps no real
 * address over anything that allocates. */
#ifndef FUZZ_DRIVER_H
#define FUZZ_DRIVER_H

#include "kinds.h"

enum { DRIVER_REGIONS = 4, DRIVER_GRAVES = 2, DRIVER_SCOPES = 4 };

/* Finds cyclic garbage by itself. */
#define DRIVER_TRACES                                                                                                  \
    ((MM_TRAITS & MM_TRAIT_CYCLES) != 0 &&                                                                             \
     !(MM_TRAITS & (MM_TRAIT_REGIONS | MM_TRAIT_EXPLICIT_FREE | MM_TRAIT_NEVER_FREES)))

/* Which parts of the contract a run uses: a byte of the input. */
enum driver_profile {
    PROFILE_FINALIZED = 1,
    PROFILE_LARGE = 2,
    PROFILE_WEAK = 4,
    PROFILE_REGIONS = 8,
    PROFILE_CONTROL = 16,
    PROFILE_CHAINS = 32,
    PROFILE_DEAD = 64,
    PROFILE_BUFFERS = 128,
};

struct driver {
    const uint8_t *data;
    size_t size, at;
    uint8_t profile;
    size_t check_interval; /* operations between two walks */
    size_t heap_limit_bytes;
    bool can_fail;      /* an allocation may return NULL: there is a limit, or failures are injected */
    bool injects;       /* the latter */
    uint32_t failures;  /* allocations that failed */
    uint32_t operation; /* number of the current one */
    const char *name;   /* of the current one */
    struct mm_root own_roots[MODEL_ROOTS]; /* for roots that are pushed one by one */
    struct mm_root *roots[MODEL_ROOTS];    /* the real roots, parallel to model.roots */
    size_t scope_floor;                    /* roots below it belong to an outer C scope */
    size_t region_floor;                   /* regions below it likewise */
    int scopes;
    struct mm_region regions[DRIVER_REGIONS];
    size_t region_count;
    bool ending;          /* the graves go too: nothing comes back any more */
    int events_depth;     /* inside a finalizer or callback */
    uint64_t events;      /* finalizers and callbacks called */
    uint64_t collections; /* as of the last look */
    bool exact;           /* no collection has freed anything that the model doesn't know of */
    size_t frozen;        /* objects left out of collections */
    int pauses;           /* begun and not ended */
    bool collects_all;    /* a complete collection is running */
    bool interfered;      /* a finalizer did more than look, in this operation */
};

extern struct driver driver;

/* The next byte of the input; 0 after its end. And one of [0, below). */
uint8_t driver_byte(void);
size_t driver_below(size_t below);

/* Reports a difference between model and heap, and aborts. */
_Noreturn void driver_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* ---- roots
 * The first DRIVER_GRAVES are where finalizers put what they resurrect. */

/* Pushes `root`, real and model; its index. And pops the last one, with all that follows from it. */
size_t driver_push(struct mm_root *root);
void driver_pop(void);

/* A pushed root chosen by the input; not a grave: those are the finalizers' own, since what is delivered into a root
 * must not be overwritten by a finalizer before it is looked at. */
size_t driver_choose_root(void);

/* ---- finding objects */

/* An object found by a path: its model, and where it is until something allocates. `index` MODEL_NONE: none. */
struct place {
    int32_t index;
    void *real;
};

struct place driver_in_root(size_t root);
struct place driver_find(void);
/* Likewise, but never a weak reference. */
struct place driver_find_object(void);

/* A reference of an object: model and real. `model` NULL: the object has none, or none that may be written. */
struct slot {
    int32_t *model;
    struct mm_ref *real;
};

struct slot driver_choose_slot(struct place place);

/* Whether the reference may be written: types that may be untracked are filled once. `to_null`: only to drop. */
bool driver_may_write(const struct model_object *object, const int32_t *slot);

/* ---- what all operations do */

/* After the heap has worked: mm_dead for what became unreachable, counts settled, statistics compared. */
void driver_settle(void);

/* A new object of `kind` into the root at index `root`; false when it failed, as it may at a limit. */
bool driver_new(const struct kind *kind, size_t length, size_t root);

/* A kind that this strategy and profile can make, and a tail's length for it, chosen by the input. */
const struct kind *driver_choose_kind(void);
size_t driver_choose_length(const struct kind *kind);

/* The model's reference of root `root`, both sides. `real` may be NULL. */
void driver_root_set(size_t root, struct place value);

/* Writes `value` into a reference of `object`, both sides. */
void driver_set(struct place object, struct slot slot, struct place value);

/* Where a strategy is conservative: clears what earlier calls left where the frames of the next one will be. */
void driver_wipe_stack(void);

/* An allocation failed: NULL and -ENOMEM are only right where memory can run out. */
void driver_expect_failure(void);

/* ---- check.c */

/* Walks everything reachable, model and heap side by side. */
void driver_check(void);

/* Compares what needs no walk. `reached`: model_reach was called since the graph changed. */
void driver_check_stats(bool reached);

/* ---- control.c */

/* Collects until nothing more happens; after it the model knows exactly what is live. */
void driver_collect_all(void);

/* A weak reference to what root `target` holds, delivered into root `out`; nothing where that can have none. */
void driver_weak_new(size_t target, size_t out);

/* Drops every reference into the innermost region, and ends it. */
void driver_region_end(void);

/* ---- run.c */

/* Runs the operation that the input chooses; driver_run_some: up to `count` of them, while there is input. */
void driver_operation(void);
void driver_run_some(size_t count);

struct fuzz_options {
    bool injects;            /* any allocation may fail, for no reason that the driver knows */
    size_t heap_limit_bytes; /* instead of the input's; 0: the input's */
    void (*at_end)(void);    /* called when all operations are done: failures end here; or NULL */
};

struct fuzz_result {
    uint32_t operations, failures; /* the latter: allocations that failed */
    uint64_t peak_bytes;           /* of the footprint */
};

/* Runs one input from opening to closing the heap. */
struct fuzz_result fuzz_one(const uint8_t *data, size_t size, struct fuzz_options options);

/* Prints each operation to stderr as it starts. */
extern bool fuzz_trace;

/* Counts operations where a front end can see them; NULL: nobody does. */
extern volatile uint64_t *fuzz_operations;

/* ---- operations.c and control.c */

struct operation {
    const char *name;
    unsigned weight;
    void (*run)(void);
    uint8_t profile; /* bits that the run's profile must have */
    uint32_t needs;  /* traits without which it makes no sense */
};

extern const struct operation graph_operations[]; /* end with run == NULL */
extern const struct operation control_operations[];

/* ---- events.c */

void events_callback(void *weak, void *context);
void events_listen(const struct mm_event *event, void *context);

#endif
