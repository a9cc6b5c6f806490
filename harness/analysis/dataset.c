#include "dataset.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grow.h"
#include "load.h"
#include "message.h"
#include "reader.h"

const char *const pause_causes[PAUSE_CAUSES] = {[PAUSE_COLLECTION] = "collection", [PAUSE_CASCADE] = "cascade"};

struct cell *dataset_cell(const struct dataset *data, size_t variant, size_t contender, size_t allocator)
{
    size_t place = (variant * data->contender_count + contender) * data->allocator_count + allocator;
    return data->grid[place] < 0 ? NULL : &data->cells[data->grid[place]];
}

struct cell *dataset_baseline(const struct dataset *data, const struct cell *cell)
{
    struct cell *baseline =
        dataset_cell(data, cell->variant, data->contenders[cell->contender].baseline, cell->allocator);
    return baseline && baseline->has_usable ? baseline : NULL;
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_pauses(const void *left, const void *right)
{
    const struct pause *a = left, *b = right;
    int order = compare(a->cell, b->cell);
    return order ? order : compare((uint64_t)a->length_ns, (uint64_t)b->length_ns);
}

static int compare_instants(const void *left, const void *right)
{
    const struct instant *a = left, *b = right;
    int order = compare(a->cell, b->cell);
    if (!order)
        order = compare(a->repetition, b->repetition);
    if (!order)
        order = compare((uint64_t)a->operations, (uint64_t)b->operations);
    return order ? order : compare((uint64_t)a->time_ns, (uint64_t)b->time_ns);
}

/* Rows come in the order of their cells when cells are not interleaved: then there is nothing to sort. */
static void sort(void *rows, size_t count, size_t size, int (*order)(const void *, const void *))
{
    const char *bytes = rows;
    for (size_t i = 1; i < count; i++)
        if (order(bytes + (i - 1) * size, bytes + i * size) > 0) {
            qsort(rows, count, size, order);
            return;
        }
}

/* Rows of the same repetition, which a damaged file may have, stay in the order of the file. */
static int compare_samples(const void *left, const void *right)
{
    const struct sample *a = *(const struct sample *const *)left, *b = *(const struct sample *const *)right;
    int order = compare(a->invocation, b->invocation);
    if (!order)
        order = compare(a->repetition, b->repetition);
    return order ? order : (a > b) - (a < b);
}

static bool samples_are_sorted(const struct cell *cell)
{
    for (size_t i = 1; i < cell->sample_count; i++) {
        const struct sample *before = &cell->samples[i - 1], *sample = before + 1;
        if (compare_samples(&before, &sample) > 0)
            return false;
    }
    return true;
}

/* By invocation and repetition. Rows are wide: what is sorted are pointers to them. 0 or -ENOMEM. */
static int sort_samples(struct cell *cell)
{
    if (samples_are_sorted(cell))
        return 0;
    const struct sample **order = malloc(cell->sample_count * sizeof *order);
    struct sample *sorted = malloc(cell->sample_count * sizeof *sorted);
    if (!order || !sorted) {
        free(order);
        free(sorted);
        return analysis_no_memory();
    }
    for (size_t i = 0; i < cell->sample_count; i++)
        order[i] = &cell->samples[i];
    qsort(order, cell->sample_count, sizeof *order, compare_samples);
    for (size_t i = 0; i < cell->sample_count; i++)
        sorted[i] = *order[i];
    free(order);
    free(cell->samples);
    cell->samples = sorted;
    cell->sample_capacity = cell->sample_count;
    return 0;
}

static void index_pauses(struct dataset *data)
{
    sort(data->pauses, data->pause_count, sizeof *data->pauses, compare_pauses);
    for (size_t i = 0; i < data->pause_count; i++) {
        struct cell *cell = &data->cells[data->pauses[i].cell];
        if (cell->pause_count++ == 0)
            cell->first_pause = i;
    }
}

static void index_instants(struct dataset *data)
{
    sort(data->instants, data->instant_count, sizeof *data->instants, compare_instants);
    for (size_t i = 0; i < data->instant_count; i++) {
        struct cell *cell = &data->cells[data->instants[i].cell];
        if (cell->instant_count++ == 0)
            cell->first_instant = i;
    }
}

static int compare_latencies(const void *left, const void *right)
{
    const struct latency *a = left, *b = right;
    int order = compare(a->cell, b->cell);
    if (!order)
        order = compare(a->sample, b->sample);
    return order ? order : compare(a->first_step, b->first_step);
}

static void index_latencies(struct dataset *data)
{
    sort(data->latencies, data->latency_count, sizeof *data->latencies, compare_latencies);
    for (size_t i = 0; i < data->latency_count; i++) {
        struct cell *cell = &data->cells[data->latencies[i].cell];
        if (cell->latency_count++ == 0)
            cell->first_latency = i;
    }
}

static int check_folder(const char *run_dir)
{
    struct stat status;
    if (stat(run_dir, &status) != 0) {
        int error = -errno;
        return analysis_fail(error, "%s: %s; give the folder of a run, results/<run>", run_dir, strerror(-error));
    }
    if (!S_ISDIR(status.st_mode))
        return analysis_fail(-ENOTDIR, "%s: not a folder; give the folder of a run, results/<run>", run_dir);
    return 0;
}

/* Cells are numbered as they come; then put into order, before other tables refer to them. */
static int load(struct dataset *data, const char *run_dir)
{
    int error = load_samples(data, run_dir);
    if (!error)
        error = load_order_cells(data);
    for (size_t i = 0; !error && i < data->cell_count; i++)
        error = sort_samples(&data->cells[i]);
    if (error)
        return error;
    error = load_pauses(data, run_dir);
    if (error)
        return error;
    index_pauses(data);
    error = load_latency(data, run_dir);
    if (error)
        return error;
    index_latencies(data);
    error = load_timeline(data, run_dir);
    if (error)
        return error;
    index_instants(data);
    return 0;
}

int dataset_load(struct dataset *data, const char *run_dir)
{
    *data = (struct dataset){.run_id = NAMES_NONE};
    int error = check_folder(run_dir);
    if (!error)
        error = load(data, run_dir);
    if (error)
        dataset_free(data);
    return error;
}

void dataset_free(struct dataset *data)
{
    for (size_t i = 0; i < data->contender_count; i++)
        free(data->contenders[i].label);
    for (size_t i = 0; i < data->variant_count; i++)
        free(data->variants[i].label);
    for (size_t i = 0; i < data->cell_count; i++)
        free(data->cells[i].samples);
    free(data->cells);
    free(data->contenders);
    free(data->variants);
    free(data->allocators);
    free(data->grid);
    free(data->pauses);
    free(data->instants);
    free(data->latencies);
    free(data->latency_steps);
    free(data->meterings);
    names_free(&data->names);
    *data = (struct dataset){.run_id = NAMES_NONE};
}
