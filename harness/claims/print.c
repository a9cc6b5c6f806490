#include "claims/print.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "claims/words.h"
#include "driver/text.h"

enum {
    ID_WIDTH = 18,
    CLAIM_WIDTH = 38,
    VERDICT_WIDTH = 13,
    FIGURE_WIDTH = 23,
    CPYTHON_WIDTH = 20,
    LINE_WIDTH = 120,
    FINDING_WIDTH = 8,
    OURS_WIDTH = 24,
    THEIRS_WIDTH = 30
};

/* ---- lines */

/* How many bytes of the text fit into a line: up to a space, or all; at least one word. */
static size_t line_bytes(const char *text, size_t width)
{
    size_t columns = 0, at = 0, space = 0;
    for (; text[at] && text[at] != '\n'; at++) {
        columns += ((unsigned char)text[at] & 0xC0) != 0x80 && text[at] != '`';
        if (columns > width && space)
            return space;
        if (text[at] == ' ')
            space = at;
    }
    return at;
}

static void put_bytes(const char *text, size_t bytes, FILE *out)
{
    for (size_t i = 0; i < bytes; i++)
        if (text[i] != '`')
            fputc(text[i], out);
}

static size_t columns_of(const char *text, size_t bytes)
{
    size_t columns = 0;
    for (size_t i = 0; i < bytes; i++)
        columns += ((unsigned char)text[i] & 0xC0) != 0x80 && text[i] != '`';
    return columns;
}

static const char *after_line(const char *text, size_t bytes)
{
    return text + bytes + (text[bytes] == ' ' || text[bytes] == '\n');
}

void print_wrapped(const char *text, size_t indent, size_t width, FILE *out)
{
    while (*text) {
        size_t bytes = line_bytes(text, width);
        fprintf(out, "%*s", (int)indent, "");
        put_bytes(text, bytes, out);
        fputc('\n', out);
        text = after_line(text, bytes);
    }
}

/* ---- the table */

struct column {
    const char *text; /* what is left of it */
    size_t width;
};

static void print_columns(struct column *columns, size_t count, FILE *out)
{
    for (bool more = true; more;) {
        more = false;
        size_t blanks = 0;
        for (size_t i = 0; i < count; i++) {
            size_t bytes = line_bytes(columns[i].text, columns[i].width);
            size_t used = columns_of(columns[i].text, bytes);
            if (used) {
                fprintf(out, "%*s", (int)blanks, "");
                put_bytes(columns[i].text, bytes, out);
                blanks = 0;
            }
            blanks += (used < columns[i].width ? columns[i].width - used : 0) + 2;
            columns[i].text = after_line(columns[i].text, bytes);
            more |= *columns[i].text != 0;
        }
        fputc('\n', out);
    }
}

static void print_row(const char *id, const char *claim, const char *verdict, const char *figure, const char *cpython,
                      FILE *out)
{
    struct column columns[] = {{id, ID_WIDTH},
                               {claim, CLAIM_WIDTH},
                               {verdict, VERDICT_WIDTH},
                               {figure, FIGURE_WIDTH},
                               {cpython, CPYTHON_WIDTH}};
    print_columns(columns, sizeof columns / sizeof *columns, out);
}

static void print_heading(FILE *out)
{
    print_row("id", "claim", "verdict", "figure [95 % interval]", "CPython", out);
    for (int i = 0; i < LINE_WIDTH; i++)
        fputc('-', out);
    fputc('\n', out);
}

/* Ours beside what was published, point by point. */
static void print_theirs(const struct judgement_verdict *judged, FILE *out)
{
    const struct claim_judgement *judgement = judged->judgement;
    if (!judgement->theirs_count)
        return;
    size_t widest = 0;
    for (size_t i = 0; i < judged->point_count; i++) {
        char *point = words_point(&judged->points[i].point);
        widest = strlen(point) > widest ? strlen(point) : widest;
        free(point);
    }
    print_wrapped(judgement->name ? judgement->name : judgement->figure, ID_WIDTH + 4, LINE_WIDTH - ID_WIDTH - 4, out);
    for (size_t i = 0; i < judged->point_count; i++) {
        const struct point_verdict *at = &judged->points[i];
        const char *theirs = words_theirs(judgement, &at->point);
        char *point = words_point(&at->point), *ours = words_interval(judgement->unit, &at->figure);
        struct column columns[] = {{point, widest},
                                   {ours, OURS_WIDTH},
                                   {finding_names[at->finding], FINDING_WIDTH},
                                   {theirs ? theirs : "-", THEIRS_WIDTH}};
        fprintf(out, "%*s", ID_WIDTH + 6, "");
        print_columns(columns, sizeof columns / sizeof *columns, out);
        free(point);
        free(ours);
    }
}

/* What else CPython has a figure of, below the claim: further judgements, and facts. */
static void print_beside(const struct claim_verdict *verdict, FILE *out)
{
    for (unsigned i = 1; i < verdict->claim->judgements_count; i++) {
        const struct judgement_verdict *judged = &verdict->judgements[i];
        if (!judged_has_cpython(judged))
            continue;
        char *figure = words_shown(judged, "\n"), *cpython = words_cpython(judged, "\n");
        print_row("", judged->judgement->name ? judged->judgement->name : judged->judgement->figure, "", figure,
                  cpython, out);
        free(figure);
        free(cpython);
    }
    for (unsigned i = 0; i < verdict->claim->facts_count; i++) {
        const struct claim_fact *fact = verdict->facts[i].fact;
        char *cpython = words_fact_cpython(&verdict->facts[i], "\n");
        print_row("", fact->name, "", words_figure(fact->unit, verdict->facts[i].ours.value).text, cpython, out);
        free(cpython);
    }
}

static void print_verdict(const struct claim_verdict *verdict, FILE *out)
{
    char *said = words_verdict(verdict), *figure = words_shown(&verdict->judgements[0], "\n");
    char *cpython = words_cpython(&verdict->judgements[0], "\n");
    print_row(verdict->claim->id, verdict->claim->claim, said, figure, cpython, out);
    print_wrapped(verdict->condition, ID_WIDTH + 4, LINE_WIDTH - ID_WIDTH - 4, out);
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++)
        print_theirs(&verdict->judgements[i], out);
    print_beside(verdict, out);
    free(said);
    free(cpython);
    free(figure);
}

/* "31 claims: 14 hold, 8 do not hold, 9 depend, 0 not measured". */
static void print_counts(const struct collection *collection, FILE *out)
{
    size_t counts[VERDICT_NOT_MEASURED + 1] = {0}, wanted = 0;
    for (size_t i = 0; i < collection->count; i++) {
        counts[collection->claims[i].verdict.verdict] += collection->claims[i].is_wanted;
        wanted += collection->claims[i].is_wanted;
    }
    fprintf(out, "\n%zu claim%s: %zu hold, %zu do not hold, %zu depend, %zu not measured\n", wanted,
            wanted == 1 ? "" : "s", counts[VERDICT_HOLDS], counts[VERDICT_FAILS], counts[VERDICT_DEPENDS],
            counts[VERDICT_NOT_MEASURED]);
}

void print_table(const struct collection *collection, FILE *out)
{
    print_heading(out);
    for (size_t i = 0; i < collection->count; i++)
        if (collection->claims[i].is_wanted)
            print_verdict(&collection->claims[i].verdict, out);
    print_counts(collection, out);
}
