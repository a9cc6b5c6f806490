#include "bench/main/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "bench/memory.h"
#include "bench/message.h"

/* The linker's names for both ends of the section that WORKLOAD puts its entries in; weak, so that an executable
 * without any workload links. */
extern const struct workload_entry __start_workloads[] __attribute__((weak));
extern const struct workload_entry __stop_workloads[] __attribute__((weak));

static const struct workload_entry **entries;
static const char **names;
static size_t entry_count;

static int by_name(const void *a, const void *b)
{
    const struct workload_entry *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

static int check_names(void)
{
    for (size_t i = 0; i < entry_count; i++) {
        names[i] = entries[i]->name;
        if (i && strcmp(names[i], names[i - 1]) == 0) {
            message("two workloads are named '%s': rename one, its file too", names[i]);
            return BENCH_USAGE;
        }
    }
    return BENCH_OK;
}

int catalog_open(void)
{
    size_t slots = (size_t)(__stop_workloads - __start_workloads);
    entries = memory_keep((slots + 1) * sizeof(struct workload_entry *));
    names = memory_keep((slots + 1) * sizeof(char *));
    if (!entries || !names)
        return BENCH_FAILED;
    /* Between the entries of two object files there may be zeros, for alignment. */
    for (size_t i = 0; i < slots; i++)
        if (__start_workloads[i].name)
            entries[entry_count++] = &__start_workloads[i];
    qsort(entries, entry_count, sizeof(struct workload_entry *), by_name);
    return check_names();
}

const struct workload_entry *catalog_at(size_t index)
{
    return index < entry_count ? entries[index] : NULL;
}

const struct workload_entry *catalog_find(const char *name)
{
    if (!name) {
        message("which workload? Give --workload NAME; --describe lists them");
        return NULL;
    }
    for (size_t i = 0; i < entry_count; i++)
        if (strcmp(names[i], name) == 0)
            return entries[i];
    message_unknown("workload", name, names, entry_count);
    return NULL;
}
