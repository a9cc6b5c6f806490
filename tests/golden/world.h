/* world.h: what a trace works on: nodes on the managed heap, registers that hold them, and the log of what happens to
 * them. One for the process. */
#ifndef WORLD_H
#define WORLD_H

#include "mm.h"

enum { WORLD_SLOTS = 4, WORLD_REGISTERS = 1 << 20 };

struct world_node {
    struct mm_ref slots[WORLD_SLOTS];
    struct mm_weaklist weak;
    long id;
    long register_; /* that the finalizers R and N use */
    char kind;
};

struct world_totals {
    long allocated, destroyed, finalized, deleted, called;
    unsigned depth; /* the most destructors that were active at once */
};

struct world {
    struct mm_root nodes[WORLD_REGISTERS];
    struct mm_root weak[WORLD_REGISTERS];
    long registers; /* pushed so far, of either kind */
    struct world_totals totals;
    bool is_quiet;
    char *events; /* since the last flush; NULL: none */
    size_t events_length, events_capacity;
    int log_from;         /* automatic collections of this generation and older are printed */
    struct mm_stats seen; /* as of the last look at the collections */
};

extern struct world world;

/* False if the heap cannot be opened. */
bool world_open(void);
void world_close(void);

/* Pushes the registers up to this one, if they are not yet. False if there is no such register. */
bool world_reach(long number);

/* NULL, or the node in a register. */
struct world_node *world_node(long number);

/* The heap has no limit: NULL means that the system has no more memory. */
struct world_node *world_new(long number, char kind, long register_);
bool world_weak_new(long weak_number, long number, bool has_callback);

/* -1 for a weak reference, else a node's id. */
long world_id(const void *object);

/* Prints `events ...` and forgets them. */
void world_flush(void);

/* Prints the automatic collections since the last look; or just looks. */
void world_print_collections(void);
void world_look(void);

#endif
