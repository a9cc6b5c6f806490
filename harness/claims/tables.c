#include "claims/tables.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/figure_parts.h"
#include "analysis/format.h"
#include "analysis/plot.h"
#include "analysis/reader.h"
#include "analysis/writer.h"
#include "claims/words.h"
#include "driver/say.h"
#include "driver/text.h"

static const char *const unit_names[] = {
    [UNIT_NUMBER] = "", [UNIT_RATIO] = "ratio", [UNIT_BYTES] = "bytes", [UNIT_NS] = "ns", [UNIT_SHARE] = "share"};

/* A text as gnuplot draws it, without Markdown's backquotes. */
static void write_label(struct writer *writer, int column, const char *text)
{
    char *plain = words_plain(text);
    figure_label(writer, column, plain);
    free(plain);
}

/* ---- claims.csv */

static void write_claim(struct writer *writer, const struct collection_claim *one)
{
    const struct claim_verdict *verdict = &one->verdict;
    const struct claim *claim = verdict->claim;
    const struct point_verdict *shown = verdict_shown(verdict);
    const struct judgement_verdict *first = &verdict->judgements[0];
    char *documents = words_documents(claim);
    writer_text(writer, CLAIMS_id, claim->id);
    writer_text(writer, CLAIMS_claim, claim->claim);
    writer_text(writer, CLAIMS_documents, documents);
    writer_text(writer, CLAIMS_verdict, verdict_names[verdict->verdict]);
    writer_integer(writer, CLAIMS_close, verdict->is_close);
    writer_text(writer, CLAIMS_condition, verdict->condition);
    writer_text(writer, CLAIMS_figure, first->judgement->figure);
    writer_text(writer, CLAIMS_unit, unit_names[first->judgement->unit]);
    writer_integer(writer, CLAIMS_rows, verdict->row_count);
    write_label(writer, CLAIMS_run_id, one->run_id);
    write_label(writer, CLAIMS_machine, one->machine);
    write_label(writer, CLAIMS_method, BOOTSTRAP_METHOD);
    if (shown) {
        char *point = words_point(&shown->point);
        writer_text(writer, CLAIMS_point, point);
        writer_real(writer, CLAIMS_value, shown->figure.value);
        writer_real(writer, CLAIMS_low, shown->figure.interval.low);
        writer_real(writer, CLAIMS_high, shown->figure.interval.high);
        writer_real(writer, CLAIMS_cpython, shown->cpython.value);
        free(point);
    }
    writer_row_end(writer);
    free(documents);
}

/* ---- claim_points.csv: also what the plot reads */

bool tables_have_axis(const struct judgement_verdict *judged)
{
    double number;
    for (size_t i = 0; i < judged->point_count; i++)
        if (!judged->judgement->over_count || !is_number(judged->points[i].point.keys[0], &number))
            return false;
    return judged->point_count > 1;
}

/* The point without its first key. */
static char *series_of(const struct point *point)
{
    const struct point rest = {.over = point->over + 1, .count = point->count ? point->count - 1 : 0};
    struct point copy = rest;
    for (unsigned i = 0; i < rest.count; i++)
        copy.keys[i] = point->keys[i + 1];
    return words_point(&copy);
}

/* Numbers in the order in which the series appear. */
static size_t series_number(struct strings *seen, const char *series)
{
    size_t i = 0;
    while (i < seen->count && strcmp(seen->items[i], series) != 0)
        i++;
    if (i == seen->count)
        strings_add(seen, series);
    return i + 1;
}

/* ":0.95 1.05:": where the rule is met; an end that is infinite is left out. */
static void write_regions(struct writer *writer, int column, const struct rule *rule)
{
    struct interval regions[RULE_PARTS_MAX];
    struct text text = {0};
    size_t count = rule_regions(rule, regions);
    for (size_t i = 0; i < count; i++) {
        text_add(&text, "%s", i ? " " : "");
        if (isfinite(regions[i].low))
            text_add(&text, "%.9g", regions[i].low);
        text_add(&text, ":");
        if (isfinite(regions[i].high))
            text_add(&text, "%.9g", regions[i].high);
    }
    writer_text(writer, column, text_string(&text));
    text_free(&text);
}

static void write_rule(struct writer *writer, const struct judgement_verdict *judged)
{
    const struct claim_judgement *judgement = judged->judgement;
    writer_text(writer, CLAIM_POINTS_holds_if, judgement->holds_if ? judgement->holds_if : "");
    writer_text(writer, CLAIM_POINTS_fails_if, judgement->fails_if ? judgement->fails_if : "");
    write_regions(writer, CLAIM_POINTS_holds_in, &judged->holds_if);
    write_regions(writer, CLAIM_POINTS_fails_in, &judged->fails_if);
}

static void write_point(struct writer *writer, const struct claim_verdict *verdict, unsigned panel, size_t place,
                        struct strings *seen)
{
    const struct judgement_verdict *judged = &verdict->judgements[panel];
    const struct point_verdict *at = &judged->points[place];
    bool axis = tables_have_axis(judged);
    char *words = words_point(&at->point), *series = axis ? series_of(&at->point) : must_copy("");
    double x = (double)place + 1;
    if (axis)
        is_number(at->point.keys[0], &x);
    writer_text(writer, CLAIM_POINTS_id, verdict->claim->id);
    writer_integer(writer, CLAIM_POINTS_panel, panel + 1);
    write_label(writer, CLAIM_POINTS_title,
                judged->judgement->name ? judged->judgement->name : judged->judgement->figure);
    writer_text(writer, CLAIM_POINTS_figure, judged->judgement->figure);
    writer_text(writer, CLAIM_POINTS_unit, unit_names[judged->judgement->unit]);
    write_label(writer, CLAIM_POINTS_point, words);
    writer_text(writer, CLAIM_POINTS_axis, axis ? at->point.over[0] : "");
    writer_real(writer, CLAIM_POINTS_x, x);
    write_label(writer, CLAIM_POINTS_series, series);
    writer_integer(writer, CLAIM_POINTS_series_number, series_number(seen, series));
    writer_real(writer, CLAIM_POINTS_value, at->figure.value);
    writer_real(writer, CLAIM_POINTS_low, at->figure.interval.low);
    writer_real(writer, CLAIM_POINTS_high, at->figure.interval.high);
    writer_real(writer, CLAIM_POINTS_cpython, at->cpython.value);
    writer_real(writer, CLAIM_POINTS_cpython_low, at->cpython.interval.low);
    writer_real(writer, CLAIM_POINTS_cpython_high, at->cpython.interval.high);
    writer_text(writer, CLAIM_POINTS_finding, finding_names[at->finding]);
    write_rule(writer, judged);
    writer_integer(writer, CLAIM_POINTS_rows, at->figure.rows);
    writer_row_end(writer);
    free(words);
    free(series);
}

static void write_points(struct writer *writer, const struct claim_verdict *verdict)
{
    for (unsigned panel = 0; panel < verdict->claim->judgements_count; panel++) {
        struct strings seen = {0};
        for (size_t i = 0; i < verdict->judgements[panel].point_count; i++)
            write_point(writer, verdict, panel, i, &seen);
        strings_free(&seen);
    }
}

int tables_write(const struct collection *collection)
{
    struct writer claims, points;
    writer_open(&claims, collection->folder, TABLE_CLAIMS, NULL);
    writer_open(&points, collection->folder, TABLE_CLAIM_POINTS, NULL);
    for (size_t i = 0; i < collection->count; i++) {
        write_claim(&claims, &collection->claims[i]);
        write_points(&points, &collection->claims[i].verdict);
    }
    int error = writer_close(&claims), second = writer_close(&points);
    return error ? error : second;
}

bool tables_have(const char *folder, const char *id)
{
    char *path = must_print("%s/%s", folder, schema_tables[TABLE_CLAIMS].file), *line = NULL;
    size_t capacity = 0, length = strlen(id);
    bool found = false;
    FILE *file = fopen(path, "re");
    while (file && !found && getline(&line, &capacity, file) >= 0)
        found = strncmp(line, id, length) == 0 && line[length] == ',';
    if (file)
        fclose(file);
    free(line);
    free(path);
    return found;
}

/* ---- figures */

/* gnuplot's settings: which claim, and what it says, in single quotes, which are doubled inside. */
static char *settings(const char *id, const char *claim)
{
    struct text text = {0};
    text_add(&text, "claim='%s'; said='", id);
    for (const char *at = claim; *at; at++)
        if (*at != '`')
            text_add(&text, "%s%c", *at == '\'' ? "'" : "", *at);
    text_add(&text, "'");
    return text.bytes;
}

struct drawing {
    const char *folder;
    FILE *out;
};

static int draw_claim(struct row *row, void *context)
{
    const struct drawing *drawing = context;
    const char *id = row_text(row, CLAIMS_id, NULL);
    char *which = settings(id, row_text(row, CLAIMS_claim, NULL));
    int error = plot_draw("claim", drawing->folder, which);
    if (!error && drawing->out)
        fprintf(drawing->out, "%s/plots/%s.svg\n%s/plots/%s.png\n", drawing->folder, id, drawing->folder, id);
    free(which);
    return error;
}

int tables_draw(const char *folder, FILE *out)
{
    static const int columns[] = {CLAIMS_id, CLAIMS_claim, CLAIMS_verdict, -1};
    struct drawing drawing = {folder, out};
    char *plots = must_print("%s/plots", folder);
    int error = mkdir(plots, 0777) != 0 && errno != EEXIST ? -errno : 0;
    if (error)
        say("%s: %s; make the folder writable", plots, strerror(-error));
    else
        error = reader_read(folder, TABLE_CLAIMS, columns, draw_claim, &drawing);
    free(plots);
    return error;
}
