#include "derived.h"
#include "latency.h"
#include "message.h"
#include "writer.h"

static int put_row(struct writer *writer, const struct dataset *data, const struct cell *cell, uint32_t metering,
                   const struct latency_curve *curve)
{
    static const int columns[LATENCY_PERCENTILES] = {LATENCY_SUMMARY_p50_ns,   LATENCY_SUMMARY_p90_ns,
                                                     LATENCY_SUMMARY_p99_ns,   LATENCY_SUMMARY_p999_ns,
                                                     LATENCY_SUMMARY_p9999_ns, LATENCY_SUMMARY_max_ns};
    derived_key(writer, LATENCY_SUMMARY_run_id, data, cell);
    writer_text(writer, LATENCY_SUMMARY_metering, dataset_name(data, data->meterings[metering]));
    writer_integer(writer, LATENCY_SUMMARY_requests, curve->requests);
    for (size_t i = 0; i < LATENCY_PERCENTILES; i++) {
        double quantile = latency_percentiles[i].quantile;
        if (curve->requests < latency_percentiles[i].least)
            continue;
        writer_real(writer, columns[i], latency_quantile(curve, quantile));
        struct interval interval;
        if (latency_interval(data, cell, metering, curve, quantile, &interval))
            return analysis_no_memory();
        writer_real(writer, columns[i] + 1, interval.low); /* behind its percentile; not written where it is NaN */
        writer_real(writer, columns[i] + 2, interval.high);
    }
    writer_row_end(writer);
    return 0;
}

static int put_cell(struct writer *writer, const struct dataset *data, const struct cell *cell)
{
    int error = 0;
    for (uint32_t metering = 0; !error && metering < data->metering_count; metering++) {
        struct latency_curve curve;
        if (latency_of_cell(data, cell, metering, &curve))
            return analysis_no_memory();
        if (curve.requests)
            error = put_row(writer, data, cell, metering, &curve);
        latency_free(&curve);
    }
    return error;
}

int derived_latency(const struct summary *summary, const char *run_dir)
{
    struct writer writer;
    writer_open(&writer, run_dir, TABLE_LATENCY_SUMMARY, NULL);
    int error = 0;
    for (size_t i = 0; !error && i < summary->data->cell_count; i++)
        if (summary->data->cells[i].latency_count)
            error = put_cell(&writer, summary->data, &summary->data->cells[i]);
    int closed = writer_close(&writer);
    return error ? error : closed;
}
