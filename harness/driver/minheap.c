#include "driver/minheap.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "driver/child.h"
#include "driver/failures.h"
#include "driver/measure.h"
#include "driver/probes.h"
#include "driver/progress.h"
#include "driver/say.h"

enum {
    GRAIN_BYTES = 4096,    /* of limits: a page */
    PRECISION_SHARE = 100, /* found to one part in so many */
    MOST_ROOM_FACTOR = 16  /* over the footprint without a limit, before a cell is given up */
};

struct search {
    const struct plan *plan;
    struct plan probes; /* its cells are all that were probed */
    struct results results;
    struct minheap *found;
};

/* ---- what a probe says */

/* Takes the outcome of one probe of a cell into what is known. `peak_bytes`: its largest footprint. */
static void learn(struct minheap *heap, uint64_t limit_bytes, bool works, uint64_t peak_bytes)
{
    heap->probes++;
    if (!limit_bytes)
        heap->unlimited_bytes = works ? peak_bytes : 0;
    else if (works && (!heap->works_bytes || limit_bytes < heap->works_bytes))
        heap->works_bytes = limit_bytes;
    else if (!works && limit_bytes > heap->fails_bytes)
        heap->fails_bytes = limit_bytes;
}

static uint64_t round_up(uint64_t bytes)
{
    return (bytes + GRAIN_BYTES - 1) / GRAIN_BYTES * GRAIN_BYTES;
}

/* The next limit to try, 0 for none at all; false: there is nothing left to find. */
static bool next_limit(const struct minheap *heap, uint64_t *limit_bytes)
{
    *limit_bytes = 0;
    if (!heap->probes)
        return true;
    if (!heap->unlimited_bytes)
        return false;
    if (!heap->works_bytes) {
        /* A collector may need more room under a limit than it took without: it keeps a reserve. */
        *limit_bytes = round_up(heap->fails_bytes ? heap->fails_bytes + heap->fails_bytes / 4 : heap->unlimited_bytes);
        return *limit_bytes <= heap->unlimited_bytes * MOST_ROOM_FACTOR + GRAIN_BYTES;
    }
    uint64_t gap = heap->works_bytes - heap->fails_bytes;
    *limit_bytes = (heap->fails_bytes + gap / 2) / GRAIN_BYTES * GRAIN_BYTES;
    return gap > heap->works_bytes / PRECISION_SHARE && *limit_bytes > heap->fails_bytes;
}

/* What is known of a cell from `count` rows of one probe of it. */
static void learn_from(struct minheap *heap, const struct sample *rows, size_t count)
{
    uint64_t peak_bytes = 0;
    const struct sample *failed = NULL;
    for (size_t i = 0; i < count; i++) {
        uint64_t bytes = sample_number(&rows[i], SAMPLES_peak_footprint_bytes);
        peak_bytes = bytes > peak_bytes ? bytes : peak_bytes;
        if (!sample_is_ok(&rows[i]))
            failed = &rows[i];
    }
    uint64_t limit_bytes = sample_number(rows, SAMPLES_heap_limit_bytes);
    if (failed && !limit_bytes) {
        snprintf(heap->status, sizeof heap->status, "%s", failed->values[SAMPLES_status]);
        snprintf(heap->detail, sizeof heap->detail, "%s",
                 failed->values[SAMPLES_detail] ? failed->values[SAMPLES_detail] : "");
    }
    learn(heap, limit_bytes, !failed, peak_bytes);
}

/* Of an earlier session, perhaps of a cell that is not looked for now. */
static void take_earlier(const struct sample *rows, size_t count, void *context)
{
    struct search *search = context;
    for (size_t i = 0; i < search->plan->cell_count; i++)
        if (failure_is_of_work(rows, search->found[i].cell))
            learn_from(&search->found[i], rows, count);
}

/* ---- probing */

/* One more process. */
static enum minheap_end probe(struct search *search, struct minheap *heap, uint64_t limit_bytes)
{
    struct job job = {.cell = (uint32_t)plan_add_limited(&search->probes, heap->cell, limit_bytes)};
    size_t before = search->results.samples.count;
    struct measure_end end;
    measure(&search->probes, &job, &search->results, &end);
    if (end.outcome == MEASURE_INTERRUPTED)
        return MINHEAP_INTERRUPTED;
    if (end.outcome == MEASURE_NO_ROOM)
        return MINHEAP_NO_ROOM;
    learn_from(heap, &search->results.samples.rows[before], search->results.samples.count - before);
    return MINHEAP_FOUND;
}

static enum minheap_end find_one(struct search *search, struct minheap *heap)
{
    enum minheap_end end = MINHEAP_FOUND;
    uint64_t limit_bytes;
    while (end == MINHEAP_FOUND && next_limit(heap, &limit_bytes))
        end = child_stop_signal() ? MINHEAP_INTERRUPTED : probe(search, heap, limit_bytes);
    return end;
}

static enum minheap_end find_all(struct search *search, bool (*wanted)(const struct cell *cell))
{
    struct progress progress;
    enum minheap_end end = MINHEAP_FOUND;
    progress_begin(&progress, search->plan->cell_count, 0);
    for (size_t i = 0; i < search->plan->cell_count && end == MINHEAP_FOUND; i++) {
        progress_show(&progress, search->found[i].cell->label);
        if (!wanted || wanted(search->found[i].cell))
            end = find_one(search, &search->found[i]);
        progress_step(&progress);
    }
    progress_end(&progress);
    return end;
}

enum minheap_end minheap_find(const struct plan *plan, const char *folder, bool (*wanted)(const struct cell *cell),
                              struct minheap **found)
{
    *found = must_resize(NULL, plan->cell_count, sizeof **found);
    for (size_t i = 0; i < plan->cell_count; i++)
        (*found)[i] = (struct minheap){.cell = &plan->cells[i]};
    struct search search = {.plan = plan, .found = *found};
    search.probes = *plan;
    search.probes.cells = NULL;
    search.probes.cell_count = 0;
    enum minheap_end end = MINHEAP_NO_ROOM;
    if (results_begin_samples(&search.results, folder) == 0 &&
        probes_take_up(&search.results, *plan->experiment->repetitions, take_earlier, &search) == 0 &&
        results_open_tables(&search.results) == 0)
        end = find_all(&search, wanted);
    plan_free_cells(&search.probes);
    results_close(&search.results);
    return end;
}

int minheap_copy(const char *from, const char *to)
{
    struct text rows = {0};
    char *folder = must_print("%s/minheap", to), *source = must_print("%s/minheap/samples.csv", from);
    char *target = must_print("%s/samples.csv", folder);
    int failure = file_read(source, &rows);
    if (!failure && mkdir(folder, 0777) != 0 && errno != EEXIST)
        failure = -errno;
    if (!failure)
        failure = file_replace(target, text_string(&rows), rows.length);
    text_free(&rows);
    free(folder);
    free(source);
    free(target);
    return failure;
}

/* ---- minheap.csv */

int minheap_write(const struct minheap *found, size_t count, const char *folder)
{
    const struct table *table = &schema_tables[TABLE_MINHEAP];
    struct text csv = {0};
    csv_add_header(&csv, table);
    for (size_t i = 0; i < count; i++) {
        const struct minheap *heap = &found[i];
        if (!heap->probes)
            continue;
        char numbers[MINHEAP_COUNT][24] = {{0}};
        snprintf(numbers[MINHEAP_smallest_bytes], 24, "%" PRIu64, heap->works_bytes);
        snprintf(numbers[MINHEAP_fails_bytes], 24, "%" PRIu64, heap->fails_bytes);
        snprintf(numbers[MINHEAP_unlimited_bytes], 24, "%" PRIu64, heap->unlimited_bytes);
        snprintf(numbers[MINHEAP_probes], 24, "%u", heap->probes);
        const char *values[MINHEAP_COUNT] = {
            [MINHEAP_strategy] = heap->cell->strategy->name,
            [MINHEAP_strategy_params] = heap->cell->strategy_params,
            [MINHEAP_allocator] = heap->cell->allocator->name,
            [MINHEAP_workload] = heap->cell->workload->name,
            [MINHEAP_workload_params] = heap->cell->workload_params,
            [MINHEAP_smallest_bytes] = heap->works_bytes ? numbers[MINHEAP_smallest_bytes] : NULL,
            [MINHEAP_fails_bytes] = numbers[MINHEAP_fails_bytes],
            [MINHEAP_unlimited_bytes] = heap->unlimited_bytes ? numbers[MINHEAP_unlimited_bytes] : NULL,
            [MINHEAP_probes] = numbers[MINHEAP_probes],
            [MINHEAP_status] = heap->works_bytes ? "ok"
                               : *heap->status   ? heap->status
                                                 : "oom",
            [MINHEAP_detail] = heap->detail,
        };
        csv_add_row(&csv, values, MINHEAP_COUNT);
    }
    char *path = must_print("%s/%s", folder, table->file);
    int failure = file_replace(path, csv.bytes, csv.length);
    if (failure)
        say("%s: %s", path, strerror(-failure));
    free(path);
    text_free(&csv);
    return failure ? -1 : 0;
}

/* ---- heap factors */

static bool collects(const struct cell *cell)
{
    return !cell->heap_limit_bytes && !cell->strategy->left_out && strategy_has_trait(cell->strategy, "collector");
}

enum minheap_end minheap_multiply(struct plan *plan, const char *run_folder)
{
    struct minheap *found;
    char *folder = must_print("%s/minheap", run_folder);
    say("%s: looking for the smallest heap of each cell that collects", folder);
    enum minheap_end end = minheap_find(plan, folder, collects, &found);
    if (end == MINHEAP_FOUND && minheap_write(found, plan->cell_count, run_folder))
        end = MINHEAP_NO_ROOM;
    if (end == MINHEAP_FOUND) {
        uint64_t *smallest_bytes = must_resize(NULL, plan->cell_count, sizeof *smallest_bytes);
        for (size_t i = 0; i < plan->cell_count; i++)
            smallest_bytes[i] = found[i].works_bytes;
        plan_multiply(plan, smallest_bytes);
        free(smallest_bytes);
    }
    free(found);
    free(folder);
    return end;
}
