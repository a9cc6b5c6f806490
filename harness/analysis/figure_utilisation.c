#include "derived.h"
#include "figure_parts.h"
#include "message.h"
#include "mmu.h"

static int put_curve(struct writer *writer, const struct dataset *data, const struct cell *cell, size_t panel,
                     size_t *count)
{
    struct mmu_point points[MMU_POINTS_MAX];
    if (mmu_of_cell(data, cell, points, count))
        return analysis_no_memory();
    for (size_t i = 0; i < *count; i++) {
        writer_integer(writer, FIGURE_UTILISATION_panel, panel);
        figure_label(writer, FIGURE_UTILISATION_title, data->variants[cell->variant].label);
        writer_integer(writer, FIGURE_UTILISATION_row, figure_row(data, cell->contender));
        writer_real(writer, FIGURE_UTILISATION_window_ns, points[i].window_ns);
        writer_real(writer, FIGURE_UTILISATION_utilisation, points[i].utilisation);
        writer_row_end(writer);
    }
    return 0;
}

int figure_utilisation(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_UTILISATION, NULL);
    size_t panel = 0, last = SIZE_MAX, count = 0;
    int error = 0;
    for (size_t i = 0; !error && i < data->cell_count; i++) {
        const struct cell *cell = &data->cells[i];
        if (!cell->pause_count || cell->allocator != figures_allocator(summary) || !figure_row(data, cell->contender))
            continue;
        error = put_curve(&writer, data, cell, panel + (cell->variant != last), &count);
        if (!count)
            continue;
        panel += cell->variant != last;
        last = cell->variant;
        rows->utilisations++;
    }
    int closed = writer_close(&writer);
    return error ? error : closed;
}
