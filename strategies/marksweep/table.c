#include "table.h"

#include "space.h"

bool marksweep_table_reserve(struct table *table)
{
    if (table->count < table->bytes / sizeof *table->entries)
        return true;
    size_t wanted = table->bytes ? 2 * table->bytes : 1;
    uintptr_t *entries = marksweep_table_resize(table->entries, &table->bytes, wanted);
    if (!entries)
        return false;
    table->entries = entries;
    return true;
}

void marksweep_table_compact(struct table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < table->count; i++)
        if (table->entries[i])
            table->entries[kept++] = table->entries[i];
    table->count = kept;
    size_t used_bytes = kept * sizeof *table->entries;
    if (used_bytes < table->bytes / 8 && table->bytes > marksweep_space.page_bytes) {
        uintptr_t *entries = marksweep_table_resize(table->entries, &table->bytes, table->bytes / 4);
        if (entries)
            table->entries = entries;
    }
}

void marksweep_table_close(struct table *table)
{
    marksweep_table_free(table->entries, table->bytes);
    *table = (struct table){0};
}
