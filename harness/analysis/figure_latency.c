#include <math.h>

#include "derived.h"
#include "figure_parts.h"
#include "format.h"
#include "latency.h"
#include "message.h"

/* One panel: a variant and a way to count. */
struct panel {
    size_t number;
    const char *title;
};

static int put_curve(struct writer *writer, const struct dataset *data, const struct cell *cell,
                     const struct panel *panel, uint32_t metering, const struct latency_curve *curve)
{
    double count = (double)curve->requests, last = -1;
    for (int i = 0; last != curve->max_ns; i++) {
        double tail = figure_tail(i, count), quantile = tail >= count ? 1 : 1 - 1 / tail;
        double length = latency_quantile(curve, quantile);
        if (length == last)
            continue;
        last = length;
        struct interval interval;
        if (latency_interval(data, cell, metering, curve, quantile, &interval))
            return analysis_no_memory();
        writer_integer(writer, FIGURE_LATENCY_panel, panel->number);
        figure_label(writer, FIGURE_LATENCY_title, panel->title);
        writer_integer(writer, FIGURE_LATENCY_row, figure_row(data, cell->contender));
        writer_real(writer, FIGURE_LATENCY_tail, tail);
        writer_real(writer, FIGURE_LATENCY_length_ns, length);
        writer_real(writer, FIGURE_LATENCY_low_ns, interval.low);
        writer_real(writer, FIGURE_LATENCY_high_ns, interval.high);
        writer_integer(writer, FIGURE_LATENCY_requests, curve->requests);
        writer_row_end(writer);
    }
    return 0;
}

/* The curves of a variant, counted one way; *any is set where there is one. */
static int put_panel(struct writer *writer, const struct summary *summary, size_t variant, uint32_t metering,
                     const struct panel *panel, size_t *curves)
{
    const struct dataset *data = summary->data;
    int error = 0;
    for (size_t contender = 0; !error && contender < data->contender_count; contender++) {
        const struct cell *cell = dataset_cell(data, variant, contender, figures_allocator(summary));
        if (!cell || !cell->latency_count || !figure_row(data, contender))
            continue;
        struct latency_curve curve;
        if (latency_of_cell(data, cell, metering, &curve))
            return analysis_no_memory();
        if (curve.requests) {
            error = put_curve(writer, data, cell, panel, metering, &curve);
            ++*curves;
        }
        latency_free(&curve);
    }
    return error;
}

int figure_latency(const struct summary *summary, const char *run_dir, struct figure_rows *rows)
{
    const struct dataset *data = summary->data;
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_FIGURE_LATENCY, NULL);
    size_t panels = 0;
    int error = 0;
    for (size_t variant = 0; !error && variant < data->variant_count; variant++)
        for (uint32_t metering = 0; !error && metering < data->metering_count; metering++) {
            if (!latency_is_shown(data, metering))
                continue;
            char label[64];
            struct phrase title = {0};
            phrase_add_format(&title, "%s: %s", data->variants[variant].label, latency_label(data, metering, label));
            char *text = phrase_take(&title);
            size_t curves = 0;
            struct panel panel = {panels + 1, text ? text : ""};
            error = put_panel(&writer, summary, variant, metering, &panel, &curves);
            free(text);
            panels += curves > 0;
            rows->latencies += curves;
        }
    int closed = writer_close(&writer);
    return error ? error : closed;
}
