#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cost.h"
#include "derived.h"
#include "figure_parts.h"
#include "format.h"
#include "message.h"
#include "writer.h"

enum { POINTS_PER_DECADE = 12, TIMELINE_POINTS = 240, SLUG_BYTES = 128 };

void figure_label(struct writer *writer, int column, const char *label)
{
    char *copy = strdup(label);
    for (char *at = copy; at && *at; at++)
        *at = *at == '"' ? '\'' : *at == ',' ? ';' : *at;
    writer_text(writer, column, copy ? copy : label);
    free(copy);
}

size_t figure_row(const struct dataset *data, size_t contender)
{
    if (data->contenders[contender].judge)
        return 0;
    size_t row = 1;
    for (size_t i = 0; i < contender; i++)
        row += !data->contenders[i].judge;
    return row;
}

size_t figures_allocator(const struct summary *summary)
{
    const struct dataset *data = summary->data;
    for (size_t allocator = 0; allocator < data->allocator_count; allocator++)
        for (size_t contender = 0; contender < data->contender_count; contender++)
            if (summary_overall(summary, contender, allocator)->ok)
                return allocator;
    return 0;
}

void figures_slug(const char *label, char *slug, size_t bytes)
{
    size_t i = 0;
    for (; label[i] && i + 1 < bytes; i++)
        slug[i] = isalnum((unsigned char)label[i]) || strchr("_.", label[i]) ? label[i] : '-';
    slug[i] = '\0';
}

/* ---- what all figures share ---- */

static int write_run(const struct summary *summary, const char *run_dir, const char *machine,
                     const struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_RUN, NULL);
    figure_label(&writer, FIGURE_RUN_run_id, dataset_name(data, data->run_id));
    figure_label(&writer, FIGURE_RUN_machine, machine);
    figure_label(&writer, FIGURE_RUN_method, BOOTSTRAP_METHOD);
    writer_text(&writer, FIGURE_RUN_cost, cost_of(data)->noun);
    figure_label(&writer, FIGURE_RUN_allocator, dataset_name(data, data->allocators[figures_allocator(summary)]));
    figure_label(&writer, FIGURE_RUN_baseline, data->contenders[0].label);
    writer_integer(&writer, FIGURE_RUN_cells, rows->cells);
    writer_integer(&writer, FIGURE_RUN_ratios, rows->ratios);
    writer_integer(&writer, FIGURE_RUN_footprints, rows->footprints);
    writer_integer(&writer, FIGURE_RUN_residents, rows->residents);
    writer_integer(&writer, FIGURE_RUN_means, rows->means);
    writer_integer(&writer, FIGURE_RUN_pauses, rows->pauses);
    writer_integer(&writer, FIGURE_RUN_leaks, rows->leaks);
    writer_integer(&writer, FIGURE_RUN_utilisations, rows->utilisations);
    writer_integer(&writer, FIGURE_RUN_heaps, rows->heaps);
    writer_integer(&writer, FIGURE_RUN_overheads, rows->overheads);
    writer_integer(&writer, FIGURE_RUN_latencies, rows->latencies);
    writer_row_end(&writer);
    return writer_close(&writer);
}

static int write_contenders(const struct dataset *data, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_CONTENDERS, NULL);
    for (size_t i = 0; i < data->contender_count; i++) {
        if (!figure_row(data, i))
            continue;
        writer_integer(&writer, FIGURE_CONTENDERS_row, figure_row(data, i));
        figure_label(&writer, FIGURE_CONTENDERS_strategy, dataset_name(data, data->contenders[i].strategy));
        figure_label(&writer, FIGURE_CONTENDERS_contender, data->contenders[i].label);
        writer_row_end(&writer);
    }
    return writer_close(&writer);
}

/* What was really loaded for an allocator: of the first cell that knows. */
static const char *loaded_name(const struct dataset *data, size_t allocator)
{
    for (size_t i = 0; i < data->cell_count; i++) {
        const char *name = dataset_name(data, data->cells[i].allocator_loaded);
        if (data->cells[i].allocator == allocator && *name)
            return name;
    }
    return dataset_name(data, data->allocators[allocator]);
}

static int write_allocators(const struct dataset *data, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_ALLOCATORS, NULL);
    for (size_t i = 0; i < data->allocator_count; i++) {
        const char *name = dataset_name(data, data->allocators[i]);
        struct phrase label = {0};
        const char *loaded = loaded_name(data, i);
        if (strncmp(loaded, name, strlen(name)) == 0)
            phrase_add(&label, loaded);
        else
            phrase_add_format(&label, "%s (%s)", name, loaded);
        char *text = phrase_take(&label);
        writer_integer(&writer, FIGURE_ALLOCATORS_slot, i + 1);
        figure_label(&writer, FIGURE_ALLOCATORS_allocator, name);
        figure_label(&writer, FIGURE_ALLOCATORS_label, text ? text : name);
        writer_row_end(&writer);
        free(text);
    }
    return writer_close(&writer);
}

/* ---- time, ratio, memory ---- */

static void put_cell(struct writer *writer, const struct summary *summary, const struct cell *cell, size_t panel)
{
    const struct dataset *data = summary->data;
    const struct cell_summary *figures = &summary->cells[cell - data->cells];
    bool spread = !isnan(figures->cost_interval.low);
    writer_integer(writer, FIGURE_CELLS_panel, panel);
    figure_label(writer, FIGURE_CELLS_title, data->variants[cell->variant].label);
    figure_label(writer, FIGURE_CELLS_unit, dataset_name(data, data->variants[cell->variant].unit));
    writer_integer(writer, FIGURE_CELLS_row, figure_row(data, cell->contender));
    writer_integer(writer, FIGURE_CELLS_slot, cell->allocator + 1);
    writer_real(writer, FIGURE_CELLS_cost, figures->cost);
    writer_real(writer, FIGURE_CELLS_cost_low, spread ? figures->cost_interval.low : figures->cost);
    writer_real(writer, FIGURE_CELLS_cost_high, spread ? figures->cost_interval.high : figures->cost);
    writer_real(writer, FIGURE_CELLS_cost_ratio, figures->ratio);
    /* Axes are logarithmic: nothing held has no place there. */
    writer_real(writer, FIGURE_CELLS_peak_footprint_bytes, figures->peak_footprint > 0 ? figures->peak_footprint : NAN);
    writer_real(writer, FIGURE_CELLS_peak_rss_bytes, figures->peak_rss);
    writer_real(writer, FIGURE_CELLS_rss_overhead_mean,
                figures->rss_overhead_mean > 0 ? figures->rss_overhead_mean : NAN);
    writer_integer(writer, FIGURE_CELLS_leaks, summary_leaks(figures));
    writer_row_end(writer);
}

static int write_cells(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_CELLS, NULL);
    size_t panel = 0, last = SIZE_MAX;
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        if (!cell->has_usable || !figure_row(data, cell->contender))
            continue;
        panel += cell->variant != last;
        last = cell->variant;
        put_cell(&writer, summary, cell, panel);
        rows->cells++;
        rows->ratios += summary->cells[i].ratio > 0;
        rows->footprints += summary->cells[i].peak_footprint > 0;
        rows->residents += summary->cells[i].rss_overhead_mean > 0;
    }
    return writer_close(&writer);
}

static int write_means(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_MEANS, NULL);
    for (size_t contender = 0; contender < data->contender_count; contender++)
        for (size_t allocator = 0; allocator < data->allocator_count; allocator++) {
            const struct overall *overall = summary_overall(summary, contender, allocator);
            if (!figure_row(data, contender) || isnan(overall->ratio))
                continue;
            bool spread = !isnan(overall->ratio_interval.low);
            rows->means++;
            writer_integer(&writer, FIGURE_MEANS_row, figure_row(data, contender));
            writer_integer(&writer, FIGURE_MEANS_slot, allocator + 1);
            writer_real(&writer, FIGURE_MEANS_cost_ratio, overall->ratio);
            writer_real(&writer, FIGURE_MEANS_cost_ratio_low, spread ? overall->ratio_interval.low : overall->ratio);
            writer_real(&writer, FIGURE_MEANS_cost_ratio_high, spread ? overall->ratio_interval.high : overall->ratio);
            writer_integer(&writer, FIGURE_MEANS_variants, overall->variants);
            writer_row_end(&writer);
        }
    return writer_close(&writer);
}

/* ---- pauses ---- */

double figure_tail(int i, double count)
{
    return fmin(2 * pow(10, (double)i / POINTS_PER_DECADE), fmax(count, 2));
}

static void put_pause_curve(struct writer *writer, const struct dataset *data, const struct cell *cell, size_t panel)
{
    const struct pause *pauses = data->pauses + cell->first_pause;
    double count = (double)cell->pause_count;
    size_t last = SIZE_MAX;
    for (int i = 0; last != cell->pause_count - 1; i++) {
        double tail = figure_tail(i, count);
        size_t rank = tail >= count ? cell->pause_count - 1 : nearest_rank(cell->pause_count, 1 - 1 / tail);
        if (rank == last)
            continue;
        last = rank;
        writer_integer(writer, FIGURE_PAUSES_panel, panel);
        figure_label(writer, FIGURE_PAUSES_title, data->variants[cell->variant].label);
        writer_integer(writer, FIGURE_PAUSES_row, figure_row(data, cell->contender));
        writer_real(writer, FIGURE_PAUSES_tail, tail);
        writer_real(writer, FIGURE_PAUSES_length_ns, (double)pauses[rank].length_ns);
        writer_integer(writer, FIGURE_PAUSES_pauses, cell->pause_count);
        writer_row_end(writer);
    }
}

static int write_pause_curves(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_PAUSES, NULL);
    size_t panel = 0, last = SIZE_MAX;
    for (size_t i = 0; i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        if (!cell->pause_count || cell->allocator != figures_allocator(summary) || !figure_row(data, cell->contender))
            continue;
        panel += cell->variant != last;
        last = cell->variant;
        put_pause_curve(&writer, data, cell, panel);
        rows->pauses += cell->pause_count > 0;
    }
    return writer_close(&writer);
}

/* ---- leaks ---- */

static bool shows_leaks(const struct summary *summary, const struct cell *cell)
{
    const struct contender *contender = &summary->data->contenders[cell->contender];
    return cell->has_usable && !contender->judge && !contender->never_frees &&
           cell->allocator == figures_allocator(summary);
}

static bool any_leaks(const struct summary *summary, size_t variant)
{
    for (size_t i = 0; i < summary->data->cell_count; i++) {
        const struct cell *cell = &summary->data->cells[i];
        if (cell->variant == variant && shows_leaks(summary, cell) && summary_leaks(&summary->cells[i]))
            return true;
    }
    return false;
}

/* A figure a few hundred pixels wide needs no more than some steps of a line; gnuplot reads all for each. The last is
 * one of them. */
static size_t step_apart(size_t step, size_t count)
{
    enum { STEPS_DRAWN = 12 };
    size_t apart = count / STEPS_DRAWN + 1;
    return step < count && step + apart > count ? count - step : apart;
}

static void put_leak_line(struct writer *writer, const struct summary *summary, const struct cell *cell, size_t panel,
                          const struct leak_step *steps, size_t count)
{
    const struct leak_step zero = {0};
    for (size_t i = 0; i <= count; i += step_apart(i, count)) {
        const struct leak_step *step = i ? &steps[i - 1] : &zero;
        writer_integer(writer, FIGURE_LEAKS_panel, panel);
        figure_label(writer, FIGURE_LEAKS_title, summary->data->variants[cell->variant].label);
        writer_integer(writer, FIGURE_LEAKS_row, figure_row(summary->data, cell->contender));
        writer_integer(writer, FIGURE_LEAKS_leaks, summary_leaks(&summary->cells[cell - summary->data->cells]));
        writer_real(writer, FIGURE_LEAKS_iterations, step->iterations);
        writer_real(writer, FIGURE_LEAKS_objects_allocated, step->objects_allocated);
        writer_real(writer, FIGURE_LEAKS_leaked_objects, step->leaked_objects);
        writer_real(writer, FIGURE_LEAKS_leaked_bytes, step->leaked_bytes);
        writer_row_end(writer);
    }
}

static int write_leak_lines(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct leak_step *steps = malloc(LEAK_STEPS_MAX * sizeof *steps);
    if (!steps)
        return analysis_no_memory();
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_LEAKS, NULL);
    size_t panel = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        if (!any_leaks(summary, variant))
            continue;
        panel++;
        rows->leaks++;
        for (size_t i = 0; i < data->cell_count; i++) {
            const struct cell *cell = &data->cells[i];
            if (cell->variant == variant && shows_leaks(summary, cell))
                put_leak_line(&writer, summary, cell, panel, steps, leaks_of_cell(cell, steps, LEAK_STEPS_MAX));
        }
    }
    free(steps);
    return writer_close(&writer);
}

/* ---- timelines ---- */

const struct cell *figure_timeline(const struct summary *summary, size_t variant, size_t contender)
{
    const struct cell *cell = dataset_cell(summary->data, variant, contender, figures_allocator(summary));
    return cell && cell->instant_count > 1 && figure_row(summary->data, contender) ? cell : NULL;
}

bool figures_has_timeline(const struct summary *summary, size_t variant)
{
    for (size_t contender = 0; contender < summary->data->contender_count; contender++)
        if (figure_timeline(summary, variant, contender))
            return true;
    return false;
}

static void put_instant(struct writer *writer, const struct dataset *data, const struct cell *cell, size_t row,
                        const struct instant *instant)
{
    const struct variant *variant = &data->variants[cell->variant];
    figure_label(writer, FIGURE_TIMELINE_title, variant->label);
    figure_label(writer, FIGURE_TIMELINE_unit, dataset_name(data, variant->unit));
    writer_integer(writer, FIGURE_TIMELINE_row, row);
    writer_integer(writer, FIGURE_TIMELINE_operations, (uint64_t)instant->operations);
    writer_real(writer, FIGURE_TIMELINE_live_bytes, (double)instant->live_bytes);
    if (row)
        writer_real(writer, FIGURE_TIMELINE_footprint_bytes, (double)instant->footprint_bytes);
    writer_row_end(writer);
}

/* The first repetition's instants; of many, the least and the most live in each of equal stretches, so that a saw's
 * teeth stay. */
static void put_timeline(struct writer *writer, const struct dataset *data, const struct cell *cell, size_t row)
{
    const struct instant *instants = data->instants + cell->first_instant;
    size_t count = 0;
    while (count < cell->instant_count && instants[count].repetition == instants[0].repetition)
        count++;
    size_t stretches = count <= TIMELINE_POINTS ? count : TIMELINE_POINTS / 2;
    for (size_t i = 0; i < stretches; i++) {
        size_t begin = i * count / stretches, end = (i + 1) * count / stretches, least = begin, most = begin;
        for (size_t j = begin; j < end; j++) {
            if (instants[j].live_bytes < instants[least].live_bytes)
                least = j;
            if (instants[j].live_bytes >= instants[most].live_bytes)
                most = j;
        }
        put_instant(writer, data, cell, row, &instants[least < most ? least : most]);
        if (least != most)
            put_instant(writer, data, cell, row, &instants[least < most ? most : least]);
    }
}

static int write_timeline(const struct summary *summary, const char *run_dir, size_t variant)
{
    const struct dataset *data = summary->data;
    char slug[SLUG_BYTES], name[SLUG_BYTES + 32];
    figures_slug(data->variants[variant].label, slug, sizeof slug);
    snprintf(name, sizeof name, "figures/timeline-%s.csv", slug);
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_TIMELINE, name);
    const struct cell *baseline = figure_timeline(summary, variant, 0);
    if (baseline && data->contenders[0].by_hand)
        put_timeline(&writer, data, baseline, 0);
    for (size_t contender = 0; contender < data->contender_count; contender++) {
        const struct cell *cell = figure_timeline(summary, variant, contender);
        if (cell)
            put_timeline(&writer, data, cell, figure_row(data, contender));
    }
    return writer_close(&writer);
}

static int make_folder(const char *run_dir, const char *name)
{
    char path[PATH_MAX];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", run_dir, name) >= sizeof path)
        return analysis_fail(-ENAMETOOLONG, "%.60s...: the path is too long; move the run's folder", run_dir);
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return 0;
    int error = -errno;
    return analysis_fail(error, "%s: cannot be made (%s); make %s writable, or copy the run elsewhere", path,
                         strerror(-error), run_dir);
}

int figures_write(const struct summary *summary, const char *run_dir, const char *machine)
{
    struct figure_rows rows = {0};
    int error = make_folder(run_dir, "figures");
    if (!error)
        error = write_contenders(summary->data, run_dir);
    if (!error)
        error = write_allocators(summary->data, run_dir);
    if (!error)
        error = write_cells(summary, run_dir, &rows);
    if (!error)
        error = write_means(summary, run_dir, &rows);
    if (!error)
        error = write_pause_curves(summary, run_dir, &rows);
    if (!error)
        error = write_leak_lines(summary, run_dir, &rows);
    if (!error)
        error = figure_utilisation(summary, run_dir, &rows);
    if (!error)
        error = figure_latency(summary, run_dir, &rows);
    if (!error)
        error = figure_heap(summary, run_dir, &rows);
    if (!error)
        error = figure_overhead(summary, run_dir, &rows);
    if (!error)
        error = write_run(summary, run_dir, machine, &rows);
    for (size_t variant = 0; !error && variant < summary->data->variant_count; variant++)
        if (figures_has_timeline(summary, variant))
            error = write_timeline(summary, run_dir, variant);
    return error ? error : make_folder(run_dir, "plots");
}
