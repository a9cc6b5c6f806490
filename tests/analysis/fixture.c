#define _GNU_SOURCE
#include "fixture.h"

#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void fixture_open(char *folder, size_t bytes, FILE **samples)
{
    const char *place = getenv("TMPDIR");
    snprintf(folder, bytes, "%s/reclaim-analysis-XXXXXX", place ? place : "/tmp");
    assert_non_null(mkdtemp(folder));
    char path[512];
    snprintf(path, sizeof path, "%s/samples.csv", folder);
    *samples = fopen(path, "wb");
    assert_non_null(*samples);
    for (size_t i = 0; i < SAMPLES_COUNT; i++)
        fprintf(*samples, "%s%s", i ? "," : "", schema_tables[TABLE_SAMPLES].columns[i].name);
    fputc('\n', *samples);
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text ? text : otherwise;
}

static void put_number(FILE *out, int column, const struct sample_row *row)
{
    switch (column) {
    case SAMPLES_heap_limit_bytes: fprintf(out, "%lld", row->heap_limit); return;
    case SAMPLES_invocation: fprintf(out, "%u", row->invocation); return;
    default: break;
    }
    if (row->status && strcmp(row->status, "ok") != 0)
        return;
    if ((row->instructions || row->counts_calls) &&
        (column == SAMPLES_wall_ns || column == SAMPLES_cpu_ns || column == SAMPLES_gc_ns))
        return;
    switch (column) {
    case SAMPLES_system_calls:
        if (row->counts_calls)
            fprintf(out, "%lld", row->system_calls);
        return;
    case SAMPLES_instructions: fprintf(out, "%lld", row->instructions); return;
    case SAMPLES_repetition: fprintf(out, "%u", row->repetition); return;
    case SAMPLES_wall_ns:
    case SAMPLES_cpu_ns: fprintf(out, "%lld", row->wall_ns ? row->wall_ns : 1000); return;
    case SAMPLES_operations:
    case SAMPLES_objects_allocated: fprintf(out, "%lld", row->operations ? row->operations : 100); return;
    case SAMPLES_peak_footprint_bytes: fprintf(out, "%lld", row->footprint ? row->footprint : 1 << 20); return;
    case SAMPLES_leaked_objects: fprintf(out, "%lld", row->leaked); return;
    case SAMPLES_leaked_bytes: fprintf(out, "%lld", row->leaked * 16); return;
    case SAMPLES_collections: fprintf(out, "%lld", row->collections); return;
    case SAMPLES_gc_ns: fprintf(out, "%lld", row->gc_ns); return;
    case SAMPLES_iterations: fputs("1", out); return;
    default: fputs("0", out);
    }
}

static void put_cell(FILE *out, int column, const struct sample_row *row)
{
    switch (column) {
    case SAMPLES_run_id: fputs("fixture", out); return;
    case SAMPLES_strategy: fputs(or_else(row->strategy, "malloc"), out); return;
    case SAMPLES_allocator: fputs(or_else(row->allocator, "system"), out); return;
    case SAMPLES_allocator_loaded: fputs("glibc", out); return;
    case SAMPLES_workload: fputs(or_else(row->workload, "work"), out); return;
    case SAMPLES_workload_params: fputs(or_else(row->params, ""), out); return;
    case SAMPLES_status: fputs(or_else(row->status, "ok"), out); return;
    case SAMPLES_detail: fputs(or_else(row->detail, ""), out); return;
    case SAMPLES_unit: fputs("nodes", out); return;
    case SAMPLES_strategy_params: fputs(or_else(row->strategy_params, ""), out); return;
    case SAMPLES_checksum: return;
    default: put_number(out, column, row);
    }
}

void fixture_sample(FILE *samples, const struct sample_row *row)
{
    for (int column = 0; column < SAMPLES_COUNT; column++) {
        fputs(column ? "," : "", samples);
        put_cell(samples, column, row);
    }
    fputc('\n', samples);
}

static int remove_one(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status;
    (void)kind;
    (void)walk;
    return remove(path);
}

void fixture_remove(const char *folder)
{
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

void fixture_write(const char *folder, const char *name, const char *content)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
    assert_int_equal(fclose(file), 0);
}

char *fixture_read(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *content = NULL;
    size_t capacity = 0;
    if (getdelim(&content, &capacity, EOF, file) < 0 && content)
        content[0] = '\0';
    fclose(file);
    return content;
}

int fixture_call(int (*function)(const char *run_dir, FILE *out), const char *folder, FILE *out, char *said,
                 size_t bytes)
{
    FILE *caught = tmpfile();
    assert_non_null(caught);
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    dup2(fileno(caught), STDERR_FILENO);
    int result = function(folder, out);
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    rewind(caught);
    size_t length = fread(said, 1, bytes - 1, caught);
    said[length] = '\0';
    fclose(caught);
    return result;
}
