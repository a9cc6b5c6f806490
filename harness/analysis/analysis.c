#include "analysis.h"

#include <stdlib.h>

#include "derived.h"
#include "machine.h"
#include "message.h"
#include "plot.h"
#include "report.h"
#include "terminal.h"

/* A run as read and computed, with what is written first of all. */
struct analysis {
    struct dataset data;
    struct summary summary;
    json_t *machine;
};

static void close_analysis(struct analysis *analysis)
{
    json_decref(analysis->machine);
    summary_free(&analysis->summary);
    dataset_free(&analysis->data);
}

static int write_tables(struct analysis *analysis, const char *run_dir)
{
    analysis->machine = machine_load(run_dir);
    char *line = analysis->machine ? machine_line(analysis->machine) : NULL;
    if (!line)
        return analysis_no_memory();
    int error = derived_write(&analysis->summary, run_dir);
    if (!error)
        error = figures_write(&analysis->summary, run_dir, line);
    free(line);
    return error;
}

static int open_analysis(struct analysis *analysis, const char *run_dir)
{
    *analysis = (struct analysis){0};
    int error = dataset_load(&analysis->data, run_dir);
    if (error)
        return error;
    error = summary_make(&analysis->summary, &analysis->data);
    if (!error)
        error = write_tables(analysis, run_dir);
    if (error)
        close_analysis(analysis);
    return error;
}

int analysis_summarise(const char *run_dir, FILE *table_out)
{
    struct analysis analysis;
    int error = open_analysis(&analysis, run_dir);
    if (error)
        return error;
    if (table_out)
        terminal_print(&analysis.summary, table_out);
    close_analysis(&analysis);
    return 0;
}

int analysis_plot(const char *run_dir, FILE *out)
{
    struct analysis analysis;
    int error = open_analysis(&analysis, run_dir);
    if (error)
        return error;
    error = plot_all(&analysis.summary, run_dir, out);
    close_analysis(&analysis);
    return error;
}

int analysis_report(const char *run_dir, FILE *out)
{
    struct analysis analysis;
    int error = open_analysis(&analysis, run_dir);
    if (error)
        return error;
    error = report_write(&analysis.summary, analysis.machine, run_dir, out);
    close_analysis(&analysis);
    return error;
}
