/* `--explain`: everything that led to a verdict. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/print.h"
#include "claims/words.h"
#include "driver/text.h"

enum { PROSE_WIDTH = 100, BAR_WIDTH = 32 };

/* ---- a judgement's points, with a bar for each interval on one scale */

struct scale {
    double low, high;
    bool is_log;
};

static void note(struct scale *scale, double value)
{
    if (!isfinite(value))
        return;
    scale->low = fmin(scale->low, value);
    scale->high = fmax(scale->high, value);
}

static struct scale scale_of(const struct judgement_verdict *judged)
{
    struct scale scale = {INFINITY, -INFINITY, false};
    for (size_t i = 0; i < judged->point_count; i++) {
        const struct figure_at *figure = &judged->points[i].figure;
        note(&scale, figure->value);
        note(&scale, figure->interval.low);
        note(&scale, figure->interval.high);
    }
    for (size_t i = 0; i < judged->holds_if.count; i++)
        note(&scale, judged->holds_if.parts[i].threshold);
    for (size_t i = 0; i < judged->fails_if.count; i++)
        note(&scale, judged->fails_if.parts[i].threshold);
    scale.is_log = scale.low > 0 && scale.high > 20 * scale.low;
    return scale;
}

static int place_on(const struct scale *scale, double value)
{
    double share = scale->is_log ? log(value / scale->low) / log(scale->high / scale->low)
                                 : (value - scale->low) / (scale->high - scale->low);
    return (int)lround(share * (BAR_WIDTH - 1));
}

/* "----(==*==)---|": the interval, and the thresholds of holds_if (|) and fails_if (:). */
static void draw_bar(const struct judgement_verdict *judged, const struct figure_at *figure, char bar[BAR_WIDTH + 1])
{
    struct scale scale = scale_of(judged);
    memset(bar, ' ', BAR_WIDTH);
    bar[BAR_WIDTH] = 0;
    double rounding = 1e-9 * fmax(fabs(scale.low), fabs(scale.high));
    if (!(scale.high - scale.low > rounding) || isnan(figure->value))
        return;
    for (size_t i = 0; i < judged->fails_if.count; i++)
        bar[place_on(&scale, judged->fails_if.parts[i].threshold)] = ':';
    for (size_t i = 0; i < judged->holds_if.count; i++)
        bar[place_on(&scale, judged->holds_if.parts[i].threshold)] = '|';
    if (!isnan(figure->interval.low))
        for (int i = place_on(&scale, figure->interval.low); i <= place_on(&scale, figure->interval.high); i++)
            bar[i] = '=';
    bar[place_on(&scale, figure->value)] = '*';
}

static size_t widest_point(const struct judgement_verdict *judged)
{
    size_t widest = 0;
    for (size_t i = 0; i < judged->point_count; i++) {
        char *words = words_point(&judged->points[i].point);
        widest = strlen(words) > widest ? strlen(words) : widest;
        free(words);
    }
    return widest;
}

/* Below a point: what CPython itself gives there, or why it gives nothing. */
static void print_cpython(const struct claim_judgement *judgement, const struct point_verdict *at, size_t indent,
                          FILE *out)
{
    if (isnan(at->cpython.value) && !*at->cpython.why)
        return;
    bool same = strcmp(judgement->cpython, "same") == 0;
    char *figure = words_interval(judgement->unit, &at->cpython);
    fprintf(out, "    %*s  %s CPython%s%s%s%s%s\n", (int)indent, "", figure, same ? "" : ", ",
            same ? "" : judgement->cpython, *at->cpython.why ? " (" : "", at->cpython.why, *at->cpython.why ? ")" : "");
    free(figure);
}

static void print_points(const struct judgement_verdict *judged, FILE *out)
{
    size_t widest = widest_point(judged);
    if (!judged->point_count)
        fputs("    no rows\n", out);
    for (size_t i = 0; i < judged->point_count; i++) {
        const struct point_verdict *at = &judged->points[i];
        char *words = words_point(&at->point), *figure = words_interval(judged->judgement->unit, &at->figure);
        char bar[BAR_WIDTH + 1];
        draw_bar(judged, &at->figure, bar);
        int blanks = 34 - (int)display_width(figure);
        fprintf(out, "    %-*s  %s%*s %-6s %s%s\n", (int)widest, words, figure, blanks > 0 ? blanks : 0, "",
                finding_names[at->finding], bar, at->figure.why);
        free(words);
        free(figure);
        print_cpython(judged->judgement, at, widest, out);
    }
}

static void print_judgement(const struct judgement_verdict *judged, FILE *out)
{
    const struct claim_judgement *judgement = judged->judgement;
    char *rule = words_rule(judgement), *name = words_plain(judgement->name ? judgement->name : "");
    fprintf(out, "\n  %s%s%s\n    %s\n", name, *name ? ": " : "", judgement->figure, rule);
    free(rule);
    free(name);
    print_points(judged, out);
}

/* ---- the rows behind them */

/* "5 processes, 15 rows: 12.1 12.3 12.2 12.1 12.4". */
static void print_operand(const struct claim_verdict *verdict, const char *name, const struct operand *operand,
                          FILE *out)
{
    const struct rows *rows = verdict->rows;
    const struct rows_cell *cell = &rows->cells[operand->cell];
    const char *params = rows_text(rows, cell->strategy_params);
    fprintf(out, "    %s: %s%s%s, %s %s, %s\n      %zu process%s, %zu rows, mean %.6g; by process:", name,
            rows_text(rows, cell->strategy), *params ? " " : "", params, rows_text(rows, cell->workload),
            rows_text(rows, cell->workload_params), rows_text(rows, cell->allocator), operand->processes,
            operand->processes == 1 ? "" : "es", operand->rows, operand->mean);
    for (size_t i = 0; i < operand->processes; i++)
        fprintf(out, " %.6g", operand->means[i]);
    fputc('\n', out);
}

static void print_rows(const struct claim_verdict *verdict, FILE *out)
{
    struct strings told = {0};
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++) {
        const struct judgement_verdict *judged = &verdict->judgements[i];
        struct expression expression;
        char why[128];
        expression_read(&expression, verdict->claim, judged->judgement->figure, why);
        for (size_t j = 0; j < judged->point_count; j++)
            for (unsigned k = 0; k < judged->points[j].figure.operand_count; k++) {
                const struct operand *operand = &judged->points[j].figure.operands[k];
                const char *name = verdict->claim->values[expression.values[k]].name;
                char *key = must_print("%s %u", name, operand->cell);
                if (operand->rows && !strings_has(&told, key)) {
                    print_operand(verdict, name, operand, out);
                    strings_add(&told, key);
                }
                free(key);
            }
    }
    strings_free(&told);
}

/* ---- the whole */

static void print_sources(const struct claim *claim, FILE *out)
{
    for (unsigned i = 0; i < claim->sources_count; i++) {
        char *line = must_print("document %s, %s: \"%s\"", claim->sources[i].document, claim->sources[i].at,
                                claim->sources[i].says);
        print_wrapped(line, 2, PROSE_WIDTH, out);
        free(line);
    }
}

static void print_values(const struct claim *claim, FILE *out)
{
    fputs("\nvalues\n", out);
    for (unsigned i = 0; i < claim->values_count; i++) {
        char *words = words_value(&claim->values[i]);
        fprintf(out, "  %s: %s\n", claim->values[i].name, words);
        free(words);
    }
}

static void print_facts(const struct claim_verdict *verdict, FILE *out)
{
    if (verdict->claim->facts_count)
        fputs("\nbeside CPython\n", out);
    for (unsigned i = 0; i < verdict->claim->facts_count; i++) {
        char *words = words_fact(&verdict->facts[i]);
        fprintf(out, "  %s: %s\n", verdict->claim->facts[i].name, words);
        free(words);
    }
}

void print_explanation(const struct collection_claim *one, const char *folder, FILE *out)
{
    const struct claim_verdict *verdict = &one->verdict;
    const struct claim *claim = one->claim;
    fprintf(out, "%s: ", claim->id);
    print_wrapped(claim->claim, 0, PROSE_WIDTH, out);
    print_sources(claim, out);
    fputs("\nmeasured\n", out);
    print_wrapped(claim->measured, 2, PROSE_WIDTH, out);
    print_experiment(one, folder, out);
    print_values(claim, out);
    fputs("\nrule and figures (| holds, : does not hold, * the figure, = its interval)\n", out);
    for (unsigned i = 0; i < claim->judgements_count; i++)
        print_judgement(&verdict->judgements[i], out);
    print_facts(verdict, out);
    fprintf(out, "\nrows used: %s/samples.csv and the tables beside it\n", folder);
    print_rows(verdict, out);
    char *said = words_verdict(verdict);
    fprintf(out, "\nverdict: %s%s", said, *verdict->condition ? ": " : "\n");
    if (*verdict->condition)
        print_wrapped(verdict->condition, 0, PROSE_WIDTH, out);
    free(said);
    print_wrapped(claim->meaning, 2, PROSE_WIDTH, out);
    print_wrapped(claim->advice, 2, PROSE_WIDTH, out);
}
