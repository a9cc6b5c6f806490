/* catalog.h: the workloads that are linked into this executable. */
#ifndef BENCH_CATALOG_H
#define BENCH_CATALOG_H

#include <stddef.h>

#include "workload.h"

/* Collects and sorts them. 0; or, after a message, an exit code: two have the same name. */
int catalog_open(void);

/* By name from `index` 0 on; NULL beyond the last. */
const struct workload_entry *catalog_at(size_t index);

/* NULL, after a message that names the known ones. */
const struct workload_entry *catalog_find(const char *name);

#endif
