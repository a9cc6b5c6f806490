/* fixture.h: a run's folder made by a test, and what analysis said and wrote. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
/* after those */
#include <cmocka.h>

#include "analysis/analysis.h"
#include "schema/schema.h"

/* A row of samples.csv; what is zero or NULL has a usable default. */
struct sample_row {
    const char *strategy, *strategy_params, *allocator, *workload, *params, *status, *detail;
    unsigned invocation, repetition;
    long long wall_ns, operations, footprint, leaked, heap_limit, collections, gc_ns;
    long long instructions; /* not 0: counted, so without times */
    bool counts_calls;      /* system calls are counted, likewise */
    long long system_calls;
};

/* A new folder, with samples.csv opened and its header written. Ends the test if that fails. */
void fixture_open(char *folder, size_t bytes, FILE **samples);
void fixture_sample(FILE *samples, const struct sample_row *row);

/* Removes the folder and what is in it. */
void fixture_remove(const char *folder);

/* Writes a file of the folder. */
void fixture_write(const char *folder, const char *name, const char *content);

/* The whole of a file of the folder, for the caller to free; NULL if there is none. */
char *fixture_read(const char *folder, const char *name);

/* Calls a function of analysis with its stderr caught; `said` has what it printed there. */
int fixture_call(int (*function)(const char *run_dir, FILE *out), const char *folder, FILE *out, char *said,
                 size_t bytes);

#endif
