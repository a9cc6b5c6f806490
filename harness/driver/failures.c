#include "driver/failures.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

/* Rows of one cell with one status. */
struct failure {
    char *what;         /* cell and status, as printed */
    const char *detail; /* of the first */
    size_t rows;
    UT_hash_handle hh;
};

static const char *value(const struct sample *row, enum SAMPLES_column column)
{
    return row->values[column] ? row->values[column] : "";
}

bool failure_is_of_work(const struct sample *row, const struct cell *cell)
{
    return strcmp(value(row, SAMPLES_strategy), cell->strategy->name) == 0 &&
           strcmp(value(row, SAMPLES_strategy_params), cell->strategy_params) == 0 &&
           strcmp(value(row, SAMPLES_allocator), cell->allocator->name) == 0 &&
           strcmp(value(row, SAMPLES_workload), cell->workload->name) == 0 &&
           strcmp(value(row, SAMPLES_workload_params), cell->workload_params) == 0;
}

bool failure_is_of(const struct sample *row, const struct cell *cell)
{
    char limit[24];
    snprintf(limit, sizeof limit, "%" PRIu64, cell->heap_limit_bytes);
    return failure_is_of_work(row, cell) && strcmp(value(row, SAMPLES_heap_limit_bytes), limit) == 0;
}

static char *what_failed(const struct sample *row)
{
    const char *strategy_params = value(row, SAMPLES_strategy_params), *limit = value(row, SAMPLES_heap_limit_bytes);
    bool limited = *limit && strcmp(limit, "0") != 0;
    return must_print("%s: %s%s%s%s, %s, %s (%s)%s%s", value(row, SAMPLES_status), value(row, SAMPLES_strategy),
                      *strategy_params ? " (" : "", strategy_params, *strategy_params ? ")" : "",
                      value(row, SAMPLES_allocator), value(row, SAMPLES_workload), value(row, SAMPLES_workload_params),
                      limited ? ", heap limit " : "", limited ? limit : "");
}

static void note(struct failure **failures, const struct sample *row)
{
    char *what = what_failed(row);
    struct failure *failure;
    HASH_FIND_STR(*failures, what, failure);
    if (failure) {
        failure->rows++;
        free(what);
        return;
    }
    failure = must_resize(NULL, 1, sizeof *failure);
    *failure = (struct failure){.what = what, .detail = value(row, SAMPLES_detail), .rows = 1};
    HASH_ADD_KEYPTR(hh, *failures, failure->what, strlen(failure->what), failure);
}

size_t failures_print(const struct samples *samples, FILE *out)
{
    struct failure *failures = NULL, *failure, *next;
    size_t failed = 0, unsupported = 0;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *row = &samples->rows[i];
        if (sample_is_ok(row))
            continue;
        if (strcmp(value(row, SAMPLES_status), "unsupported") == 0) {
            unsupported++;
            continue;
        }
        failed++;
        note(&failures, row);
    }
    HASH_ITER (hh, failures, failure, next) {
        fprintf(out, "%s: %zu row%s%s%s\n", failure->what, failure->rows, failure->rows == 1 ? "" : "s",
                *failure->detail ? ": " : "", failure->detail);
        HASH_DEL(failures, failure);
        free(failure->what);
        free(failure);
    }
    if (unsupported)
        fprintf(out, "unsupported: %zu rows say what a strategy lacks for a workload\n", unsupported);
    return failed;
}
