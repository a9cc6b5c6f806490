#include <math.h>

#include "derived.h"
#include "figure_parts.h"

enum { POINTS = 200 };

/* Live bytes below this share of their peak make any footprint a large multiple, which says nothing. */
#define LEAST_LIVE 0.01

/* The first repetition's instants; of many, the largest overhead in each of equal stretches. */
static size_t put_line(struct writer *writer, const struct dataset *data, const struct cell *cell, size_t panel)
{
    const struct instant *instants = data->instants + cell->first_instant;
    size_t count = 0, written = 0;
    double peak = 0;
    for (; count < cell->instant_count && instants[count].repetition == instants[0].repetition; count++)
        peak = fmax(peak, (double)instants[count].live_bytes);
    size_t stretches = count < POINTS ? count : POINTS;
    for (size_t i = 0; i < stretches; i++) {
        double most = NAN;
        size_t where = i * count / stretches;
        for (size_t j = where; j < (i + 1) * count / stretches; j++) {
            double live = (double)instants[j].live_bytes, overhead = (double)instants[j].footprint_bytes / live;
            if (live > 0 && live >= LEAST_LIVE * peak && overhead > 0 && !(most >= overhead)) {
                most = overhead;
                where = j;
            }
        }
        if (isnan(most))
            continue;
        written++;
        writer_integer(writer, FIGURE_OVERHEAD_panel, panel);
        figure_label(writer, FIGURE_OVERHEAD_title, data->variants[cell->variant].label);
        figure_label(writer, FIGURE_OVERHEAD_unit, dataset_name(data, data->variants[cell->variant].unit));
        writer_integer(writer, FIGURE_OVERHEAD_row, figure_row(data, cell->contender));
        writer_integer(writer, FIGURE_OVERHEAD_operations, (uint64_t)instants[where].operations);
        writer_real(writer, FIGURE_OVERHEAD_overhead, most);
        writer_row_end(writer);
    }
    return written;
}

int figure_overhead(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_OVERHEAD, NULL);
    size_t panel = 0;
    for (size_t variant = 0; variant < data->variant_count; variant++) {
        size_t lines = 0;
        for (size_t contender = 0; contender < data->contender_count; contender++) {
            const struct cell *cell = figure_timeline(summary, variant, contender);
            lines += cell && put_line(&writer, data, cell, panel + 1);
        }
        panel += lines > 0;
        rows->overheads += lines;
    }
    return writer_close(&writer);
}
