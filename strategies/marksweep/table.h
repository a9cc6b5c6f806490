/* table.h: objects that the collector has to look at when they die: those with finalizers, and weak references.
 *
 * An entry is an object's address, or 0: empty. Its lowest bit says that the object's turn has come, in this
 * collection: its finalizer, or its callback, is to be called. */
#ifndef MARKSWEEP_TABLE_H
#define MARKSWEEP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ENTRY_DUE ((uintptr_t)1)

struct table {
    uintptr_t *entries; /* in the order of their making */
    size_t count;
    size_t bytes; /* of `entries` */
};

/* Makes room for one more. False at the limit. */
bool marksweep_table_reserve(struct table *table);

static inline void table_add(struct table *table, void *object)
{
    table->entries[table->count++] = (uintptr_t)object;
}

static inline void *entry_object(uintptr_t entry)
{
    return (void *)(entry & ~ENTRY_DUE);
}

/* Removes empty entries, and gives back memory that is no longer needed. */
void marksweep_table_compact(struct table *table);

void marksweep_table_close(struct table *table);

#endif
