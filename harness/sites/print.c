#include "sites/print.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/format.h"
#include "driver/csv_file.h"
#include "schema/schema.h"

/* ---- moments */

static const struct {
    int moment;
    const char *name;
} named_moments[] = {{MOMENT_SETUP, "setup"}, {MOMENT_END, "end"}, {MOMENT_TEARDOWN, "teardown"}};
enum { NAMED_MOMENTS = sizeof named_moments / sizeof *named_moments };

const char *moment_name(int moment)
{
    static char text[16];
    for (size_t i = 0; i < NAMED_MOMENTS; i++)
        if (named_moments[i].moment == moment)
            return named_moments[i].name;
    snprintf(text, sizeof text, "%d%%", moment);
    return text;
}

int moment_named(const char *name)
{
    for (size_t i = 0; i < NAMED_MOMENTS; i++)
        if (strcmp(named_moments[i].name, name) == 0)
            return named_moments[i].moment;
    char *end;
    long percent = strtol(name, &end, 10);
    return end != name && strcmp(end, "%") == 0 && percent >= 1 && percent <= 99 ? (int)percent : 0;
}

static size_t snapshot_of(const struct recording *recording, int moment)
{
    size_t i = 0;
    while (i < recording->snapshot_count && recording->snapshots[i].moment != moment)
        i++;
    return i;
}

/* ---- a table: two numbers for each site, and the order */

struct row {
    const struct site *site;
    int64_t bytes, blocks;          /* what the table is about; below 0 in a comparison */
    uint64_t now_bytes, now_blocks; /* in a comparison */
};

static uint64_t size_of(int64_t value)
{
    return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* The largest first, however it is signed; the key last, so that the order is the same every time. */
static int by_size(const void *a, const void *b)
{
    const struct row *left = a, *right = b;
    if (size_of(left->bytes) != size_of(right->bytes))
        return size_of(left->bytes) < size_of(right->bytes) ? 1 : -1;
    if (size_of(left->blocks) != size_of(right->blocks))
        return size_of(left->blocks) < size_of(right->blocks) ? 1 : -1;
    return strcmp(left->site->key, right->site->key);
}

struct rows {
    struct row *items;
    size_t count;
    int64_t bytes, blocks; /* of all */
};

static void add_row(struct rows *rows, struct row row)
{
    if (!row.bytes && !row.blocks)
        return;
    rows->items[rows->count++] = row;
    rows->bytes += row.bytes;
    rows->blocks += row.blocks;
}

enum what { WHAT_LIVE, WHAT_MADE };

static struct rows rows_at(const struct sites *sites, size_t snapshot, enum what what)
{
    struct rows rows = {.items = must_resize(NULL, sites->count + 1, sizeof *rows.items)};
    for (size_t i = 0; i < sites->count; i++) {
        const struct counts *counts = &sites->items[i].counts[snapshot];
        uint64_t bytes = what == WHAT_LIVE ? counts->live_bytes : counts->made_bytes;
        uint64_t blocks = what == WHAT_LIVE ? counts->live_blocks : counts->made_blocks;
        add_row(&rows, (struct row){.site = &sites->items[i], .bytes = (int64_t)bytes, .blocks = (int64_t)blocks});
    }
    qsort(rows.items, rows.count, sizeof *rows.items, by_size);
    return rows;
}

static struct rows rows_between(const struct sites *sites, size_t from, size_t to)
{
    struct rows rows = {.items = must_resize(NULL, sites->count + 1, sizeof *rows.items)};
    for (size_t i = 0; i < sites->count; i++) {
        const struct counts *old = &sites->items[i].counts[from], *new = &sites->items[i].counts[to];
        add_row(&rows, (struct row){.site = &sites->items[i],
                                    .bytes = (int64_t)(new->live_bytes - old->live_bytes),
                                    .blocks = (int64_t)(new->live_blocks - old->live_blocks),
                                    .now_bytes = new->live_bytes,
                                    .now_blocks = new->live_blocks});
    }
    qsort(rows.items, rows.count, sizeof *rows.items, by_size);
    return rows;
}

/* ---- for people */

enum { SOURCE_MOST = 84 };

/* The line of the source without its indentation, or NULL. Owned by the caller. */
static char *source_line(const struct site *site)
{
    FILE *file = site->path && site->line ? fopen(site->path, "re") : NULL;
    char *line = NULL;
    size_t capacity = 0;
    ssize_t length = -1;
    for (unsigned i = 0; file && i < site->line; i++)
        length = getline(&line, &capacity, file);
    if (file)
        fclose(file);
    if (length < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = 0;
    char *text = must_copy(line + strspn(line, " \t"));
    free(line);
    return text;
}

static void print_site(const struct site *site, int indent)
{
    printf("  %s", site->places.items[0]);
    if (*site->function)
        printf(" in %s", site->function);
    putchar('\n');
    char *source = source_line(site);
    if (source && *source)
        printf("%*s    %.*s%s\n", indent, "", SOURCE_MOST, source, strlen(source) > SOURCE_MOST ? " ..." : "");
    free(source);
    for (size_t i = 1; i < site->places.count; i++)
        printf("%*s  from %s\n", indent, "", site->places.items[i]);
}

/* "+1.2 kB": a change says which way it goes. */
static const char *signed_figure(int64_t value, struct figure figure, char text[32])
{
    snprintf(text, 32, "%s%s", value < 0 ? "-" : "+", figure.text);
    return text;
}

enum { BYTES_WIDTH = 9, BLOCKS_WIDTH = 11 };

static void print_row(const struct row *row, const struct rows *rows)
{
    double share = rows->bytes ? 100 * (double)row->bytes / (double)rows->bytes : 0;
    printf("%*s %*s %5.1f %%", BYTES_WIDTH, format_bytes((double)row->bytes).text, BLOCKS_WIDTH,
           format_count((double)row->blocks).text, share);
    print_site(row->site, BYTES_WIDTH + 1 + BLOCKS_WIDTH + 8);
}

static void print_change(const struct row *row, const struct rows *rows)
{
    char bytes[32], blocks[32];
    (void)rows;
    printf("%*s %*s %*s %*s", BYTES_WIDTH + 1,
           signed_figure(row->bytes, format_bytes((double)size_of(row->bytes)), bytes), BLOCKS_WIDTH + 1,
           signed_figure(row->blocks, format_count((double)size_of(row->blocks)), blocks), BYTES_WIDTH,
           format_bytes((double)row->now_bytes).text, BLOCKS_WIDTH, format_count((double)row->now_blocks).text);
    print_site(row->site, 2 * (BYTES_WIDTH + BLOCKS_WIDTH) + 5);
}

static void print_rows(const struct rows *rows, size_t top,
                       void (*print)(const struct row *row, const struct rows *rows))
{
    size_t shown = rows->count < top ? rows->count : top;
    int64_t bytes = 0;
    for (size_t i = 0; i < rows->count; i++)
        if (i < shown)
            print(&rows->items[i], rows);
        else
            bytes += rows->items[i].bytes;
    if (shown < rows->count)
        printf("and %zu more %s: %s%s\n", rows->count - shown, rows->count - shown == 1 ? "site" : "sites",
               bytes < 0 ? "-" : "", format_bytes((double)size_of(bytes)).text);
}

static void print_table(struct rows rows, const char *title, size_t top)
{
    printf("\n%s: %s in %s blocks\n", title, format_bytes((double)rows.bytes).text,
           format_count((double)rows.blocks).text);
    if (rows.count)
        printf("%*s %*s   share  site\n", BYTES_WIDTH, "bytes", BLOCKS_WIDTH, "blocks");
    print_rows(&rows, top, print_row);
    free(rows.items);
}

static void print_comparison(struct rows rows, const struct printing *printing)
{
    char from[16];
    snprintf(from, sizeof from, "%s", moment_name(printing->from));
    printf("\nlive, from %s to %s: %s%s, %s%s blocks\n", from, moment_name(printing->to), rows.bytes < 0 ? "-" : "+",
           format_bytes((double)size_of(rows.bytes)).text, rows.blocks < 0 ? "-" : "+",
           format_count((double)size_of(rows.blocks)).text);
    if (rows.count)
        printf("%*s %*s %*s %*s  site\n", BYTES_WIDTH + 1, "change", BLOCKS_WIDTH + 1, "blocks", BYTES_WIDTH, "now",
               BLOCKS_WIDTH, "blocks");
    print_rows(&rows, printing->top, print_change);
    free(rows.items);
}

static void print_leaks(const struct sites *sites, const struct recording *recording, const struct cell *cell,
                        size_t top)
{
    struct rows rows = rows_at(sites, snapshot_of(recording, MOMENT_TEARDOWN), WHAT_LIVE);
    if (rows.count) {
        print_table(rows, "leaked, live after teardown and a full collection", top);
        return;
    }
    printf("\nnothing leaked: after teardown and a full collection %s has no live block\n", cell->strategy->name);
    free(rows.items);
}

/* The strategy counts other objects or bytes as live than the recorder: it does not tell of every death. */
static void print_doubt(const struct snapshot *snapshot, const struct cell *cell)
{
    printf("\nwhat is live is not known: at %s %s counts %s live objects (%s), and told of so many deaths that %s (%s) "
           "are left\n",
           moment_name(snapshot->moment), cell->strategy->name, format_count((double)snapshot->objects_live).text,
           format_bytes((double)snapshot->bytes_live).text, format_count((double)snapshot->objects_recorded).text,
           format_bytes((double)snapshot->bytes_recorded).text);
}

static const struct snapshot *inexact(const struct recording *recording)
{
    for (size_t i = 0; i < recording->snapshot_count; i++)
        if (!recording->snapshots[i].exact)
            return &recording->snapshots[i];
    return NULL;
}

bool sites_print(const struct sites *sites, const struct recording *recording, const struct cell *cell,
                 const struct printing *printing)
{
    size_t end = snapshot_of(recording, MOMENT_END);
    printf("%s %s under %s: %s %s\n", cell->workload->name, cell->workload_params, cell->strategy->name,
           format_count((double)recording->snapshots[end].operations).text, cell->workload->unit);
    const struct snapshot *doubt = inexact(recording);
    if (doubt)
        print_doubt(doubt, cell);
    if (printing->from && !doubt) {
        print_comparison(
            rows_between(sites, snapshot_of(recording, printing->from), snapshot_of(recording, printing->to)),
            printing);
        return true;
    }
    if (printing->by != BY_ALLOCATIONS && !doubt)
        print_table(rows_at(sites, end, WHAT_LIVE), "live at the end of the iterations", printing->top);
    if (printing->by != BY_LIVE || doubt)
        print_table(rows_at(sites, end, WHAT_MADE), "allocated until then, dead or alive", printing->top);
    if (!doubt)
        print_leaks(sites, recording, cell, printing->top);
    return !doubt;
}

/* ---- for programs */

static void add_csv_row(struct text *csv, const struct site *site, const struct snapshot *snapshot,
                        const struct counts *counts, const struct cell *cell)
{
    enum { DIGITS = 24 };
    char line[DIGITS], operations[DIGITS], numbers[4][DIGITS];
    const uint64_t values[] = {counts->live_blocks, counts->live_bytes, counts->made_blocks, counts->made_bytes};
    for (size_t i = 0; i < 4; i++)
        snprintf(numbers[i], DIGITS, "%" PRIu64, values[i]);
    snprintf(line, DIGITS, "%u", site->line);
    snprintf(operations, DIGITS, "%" PRIu64, snapshot->operations);
    char *callers = places_join(&site->places, 1);
    const char *row[SITES_COUNT] = {
        [SITES_strategy] = cell->strategy->name,
        [SITES_strategy_params] = cell->strategy_params,
        [SITES_workload] = cell->workload->name,
        [SITES_workload_params] = cell->workload_params,
        [SITES_moment] = moment_name(snapshot->moment),
        [SITES_operations] = operations,
        [SITES_file] = site->shown,
        [SITES_line] = line,
        [SITES_function] = site->function,
        [SITES_callers] = callers,
        [SITES_live_blocks] = snapshot->exact ? numbers[0] : NULL,
        [SITES_live_bytes] = snapshot->exact ? numbers[1] : NULL,
        [SITES_made_blocks] = numbers[2],
        [SITES_made_bytes] = numbers[3],
    };
    csv_add_row(csv, row, SITES_COUNT);
    free(callers);
}

void sites_add_rows(struct text *csv, const struct sites *sites, const struct recording *recording,
                    const struct cell *cell)
{
    for (size_t i = 0; i < recording->snapshot_count; i++)
        for (size_t j = 0; j < sites->count; j++)
            add_csv_row(csv, &sites->items[j], &recording->snapshots[i], &sites->items[j].counts[i], cell);
}
