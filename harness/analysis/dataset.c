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

/* Where a row of samples.csv belongs, and where it is. Rows are wide: what is sorted are these. */
struct place {
    uint32_t cell, invocation, repetition, index;
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    int order = compare(a->invocation, b->invocation);
    if (!order)
        order = compare(a->repetition, b->repetition);
    return order ? order : compare(a->index, b->index);
}

/* Puts the places of each cell together, in the order of cells: `start` has room for cell_count + 1. */
static void gather_places(const struct dataset *data, struct place *places, size_t *start)
{
    memset(start, 0, (data->cell_count + 1) * sizeof *start);
    for (size_t i = 0; i < data->sample_count; i++)
        start[data->samples[i].cell + 1]++;
    for (size_t i = 0; i < data->cell_count; i++)
        start[i + 1] += start[i];
    for (size_t i = 0; i < data->sample_count; i++) {
        const struct sample *sample = &data->samples[i];
        places[start[sample->cell]++] =
            (struct place){sample->cell, sample->invocation, sample->repetition, (uint32_t)i};
    }
}

/* Moves every row once, around each cycle of places: place i is to hold the row that is at places[i].index. */
static void move_samples(struct sample *samples, struct place *places, size_t count)
{
    for (size_t first = 0; first < count; first++) {
        if (places[first].index == first)
            continue;
        struct sample kept = samples[first];
        size_t to = first;
        while (places[to].index != first) {
            size_t from = places[to].index;
            __builtin_prefetch(&samples[places[from].index]);
            samples[to] = samples[from];
            places[to].index = (uint32_t)to;
            to = from;
        }
        samples[to] = kept;
        places[to].index = (uint32_t)to;
    }
}

/* By cell, invocation and repetition. 0 or -ENOMEM. */
static int sort_samples(struct dataset *data)
{
    struct place *places = malloc(data->sample_count * sizeof *places);
    size_t *start = malloc((data->cell_count + 1) * sizeof *start);
    if (!places || !start || data->sample_count > UINT32_MAX) {
        free(places);
        free(start);
        return analysis_no_memory();
    }
    gather_places(data, places, start);
    for (size_t i = 0, first = 0; i < data->cell_count; first = start[i++])
        sort(places + first, start[i] - first, sizeof *places, compare_places);
    move_samples(data->samples, places, data->sample_count);
    free(places);
    free(start);
    return 0;
}

static void index_samples(struct dataset *data)
{
    for (size_t i = 0; i < data->sample_count; i++) {
        struct cell *cell = &data->cells[data->samples[i].cell];
        if (cell->sample_count++ == 0)
            cell->first_sample = i;
        cell->has_usable |= data->samples[i].usable;
    }
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

/* Cells are numbered as they come; then put into order, with samples, and what refers to them, renumbered. */
static int load(struct dataset *data, const char *run_dir)
{
    int error = load_samples(data, run_dir);
    if (!error)
        error = load_order_cells(data);
    if (!error)
        error = sort_samples(data);
    if (error)
        return error;
    index_samples(data);
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
    free(data->cells);
    free(data->contenders);
    free(data->variants);
    free(data->allocators);
    free(data->grid);
    free(data->samples);
    free(data->pauses);
    free(data->instants);
    free(data->latencies);
    free(data->latency_steps);
    free(data->meterings);
    names_free(&data->names);
    *data = (struct dataset){.run_id = NAMES_NONE};
}
