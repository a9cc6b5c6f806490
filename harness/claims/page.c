#include "claims/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/machine.h"
#include "analysis/sheet.h"
#include "claims/words.h"
#include "driver/say.h"
#include "driver/text.h"

/* ---- the table */

static void add_table(struct sheet *sheet, const struct collection *collection)
{
    static const char *const headings[] = {"id",      "claim", "documents", "verdict", "figure, 95 % interval",
                                           "CPython", NULL};
    sheet_table(sheet, headings, SHEET_TEXTS);
    for (size_t i = 0; i < collection->count; i++) {
        const struct claim_verdict *verdict = &collection->claims[i].verdict;
        char *said = words_verdict(verdict), *documents = words_documents(verdict->claim);
        char *figure = words_shown(&verdict->judgements[0], " at ");
        char *cpython = words_cpython(&verdict->judgements[0], " at ");
        sheet_cell(sheet, verdict->claim->id);
        sheet_prose_cell(sheet, verdict->claim->claim);
        sheet_cell(sheet, documents);
        sheet_cell(sheet, said);
        sheet_cell(sheet, figure);
        sheet_cell(sheet, cpython);
        sheet_row_end(sheet);
        free(documents);
        free(said);
        free(figure);
        free(cpython);
    }
    sheet_table_end(sheet);
}

/* ---- one claim */

static void add_sources(struct sheet *sheet, const struct claim *claim)
{
    for (unsigned i = 0; i < claim->sources_count; i++)
        sheet_add(sheet, "> %s — document %s, %s\n>\n", claim->sources[i].says, claim->sources[i].document,
                  claim->sources[i].at);
    sheet_add(sheet, "\n");
}

static void add_rule(struct sheet *sheet, const struct claim_judgement *judgement)
{
    char *rule = words_rule(judgement);
    sheet_add(sheet, "%s%s`%s`, ", judgement->name ? judgement->name : "", judgement->name ? ": " : "",
              judgement->figure);
    sheet_escape(sheet, rule);
    free(rule);
}

static void add_point_table(struct sheet *sheet, const struct judgement_verdict *judged)
{
    bool beside = judged_has_cpython(judged);
    const char *const headings[] = {"at", "figure, 95 % interval", "", beside ? "CPython" : NULL, NULL};
    sheet_table(sheet, headings, SHEET_TEXTS);
    for (size_t i = 0; i < judged->point_count; i++) {
        char *point = words_point(&judged->points[i].point);
        char *figure = words_interval(judged->judgement->unit, &judged->points[i].figure);
        sheet_cell(sheet, point);
        sheet_cell(sheet, figure);
        char *cpython = words_interval(judged->judgement->unit, &judged->points[i].cpython);
        sheet_cell(sheet, finding_names[judged->points[i].finding]);
        if (beside)
            sheet_cell(sheet, cpython);
        sheet_row_end(sheet);
        free(point);
        free(figure);
        free(cpython);
    }
    sheet_table_end(sheet);
}

/* A judgement's figures: in a sentence if it is one, else as a table, which is folded away if it decides nothing. */
static void add_points(struct sheet *sheet, const struct judgement_verdict *judged)
{
    const struct claim_judgement *judgement = judged->judgement;
    bool folded = judged->point_count > 1 && !judgement_judges(judgement);
    if (folded) {
        sheet_fold(sheet, judgement->name ? judgement->name : judgement->figure);
        add_point_table(sheet, judged);
        sheet_unfold(sheet);
        return;
    }
    add_rule(sheet, judgement);
    if (judged->point_count == 1) {
        char *figure = words_interval(judgement->unit, &judged->points[0].figure);
        char *cpython = words_cpython(judged, " at ");
        bool beside = judged_has_cpython(judged);
        sheet_add(sheet, ": **%s**%s%s.\n\n", figure, beside ? "; CPython: " : "", beside ? cpython : "");
        free(figure);
        free(cpython);
        return;
    }
    sheet_add(sheet, ":\n\n");
    add_point_table(sheet, judged);
}

static void add_facts(struct sheet *sheet, const struct claim_verdict *verdict)
{
    for (unsigned i = 0; i < verdict->claim->facts_count; i++) {
        char *words = words_fact(&verdict->facts[i]);
        sheet_add(sheet, "- %s: %s\n", verdict->facts[i].fact->name, words);
        free(words);
    }
    sheet_add(sheet, "\n");
}

static void add_claim(struct sheet *sheet, const struct collection_claim *one, bool with_figure)
{
    const struct claim_verdict *verdict = &one->verdict;
    const struct claim *claim = one->claim;
    char *said = words_verdict(verdict);
    sheet_section(sheet, claim->id, claim->id);
    sheet_add(sheet, "**%s**\n\n", claim->claim);
    add_sources(sheet, claim);
    sheet_add(sheet, "**Verdict: %s%s** ", said, *verdict->condition ? ":" : ".");
    sheet_escape(sheet, verdict->condition);
    sheet_add(sheet, "%s\n\n", *verdict->condition ? "." : "");
    sheet_add(sheet, "%s\n\n%s\n\n", claim->measured, claim->meaning);
    if (with_figure)
        sheet_figure(sheet, claim->id, claim->claim);
    for (unsigned i = 0; i < claim->judgements_count; i++)
        add_points(sheet, &verdict->judgements[i]);
    add_facts(sheet, verdict);
    sheet_add(sheet, "**What to do.** %s\n\n", claim->advice);
    free(said);
}

/* ---- the whole */

/* What disturbed it, as the run's own report says it. */
static void add_warnings(struct sheet *sheet, const json_t *machine)
{
    const json_t *warnings = json_object_get(machine, "warnings");
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        sheet_add(sheet, "- ");
        sheet_escape(sheet, json_string_value(json_array_get(warnings, i)));
        sheet_add(sheet, "\n");
    }
    sheet_add(sheet, "\n");
}

static void add_opening(struct sheet *sheet, const struct collection *collection, bool with_figures)
{
    size_t counts[VERDICT_NOT_MEASURED + 1] = {0}, close = 0;
    char *path = must_print("%s/%s/machine.json", collection->folder, collection->claims[0].claim->id);
    json_t *machine = json_load_file(path, 0, NULL);
    char *line = machine ? machine_line(machine) : NULL;
    for (size_t i = 0; i < collection->count; i++) {
        counts[collection->claims[i].verdict.verdict]++;
        close += collection->claims[i].verdict.is_close;
    }
    sheet_add(
        sheet,
        "# What is claimed, measured\n\nEach sentence below is an experiment with a rule that was written down "
        "before the run; the verdict follows from the rows. `make claims` runs the claims of the documents on "
        "Python's memory, which `experiments/claims/README.md` names; `reclaim claims --explain ID` shows what led "
        "to a verdict.\n\nOf %zu claims %zu hold, %zu do not hold, and %zu depend",
        collection->count, counts[VERDICT_HOLDS], counts[VERDICT_FAILS], counts[VERDICT_DEPENDS]);
    if (counts[VERDICT_NOT_MEASURED])
        sheet_add(sheet, "; %zu could not be measured", counts[VERDICT_NOT_MEASURED]);
    sheet_add(sheet, ". %zu %s close: with intervals twice or half as wide the verdict would be another.", close,
              close == 1 ? "is" : "are");
    if (!with_figures)
        sheet_add(sheet, " [`claims/`](claims) has the run's `claims.csv` and `claim_points.csv`, and its machine.");
    sheet_add(sheet, "\n\nMeasured on ");
    sheet_escape(sheet, line ? line : "a machine that is not named");
    sheet_add(sheet, ". Intervals: %s.\n\n", BOOTSTRAP_METHOD);
    add_warnings(sheet, machine);
    json_decref(machine);
    free(line);
    free(path);
}

static void add_all(struct sheet *sheet, const struct collection *collection, bool with_figures)
{
    add_opening(sheet, collection, with_figures);
    add_table(sheet, collection);
    for (size_t i = 0; i < collection->count; i++)
        add_claim(sheet, &collection->claims[i], with_figures);
}

static int close_page(FILE *file, const char *path)
{
    bool failed = ferror(file) != 0;
    if (fclose(file) == 0 && !failed)
        return 0;
    say("%s: cannot be written; make room, then run the command again", path);
    return -EIO;
}

static int write_both(const struct collection *collection, const char *markdown_path, const char *html_path,
                      bool with_figures)
{
    FILE *markdown = fopen(markdown_path, "we"), *html = markdown ? fopen(html_path, "we") : NULL;
    if (!html) {
        say("%s: cannot be written: %s", markdown ? html_path : markdown_path, strerror(errno));
        if (markdown)
            fclose(markdown);
        return -EIO;
    }
    struct sheet sheet;
    sheet_open(&sheet, markdown, html, collection->folder, "What is claimed, measured");
    add_all(&sheet, collection, with_figures);
    sheet_close(&sheet);
    int error = sheet.failed ? -ENOMEM : 0;
    int closed = close_page(markdown, markdown_path);
    error = error ? error : closed;
    closed = close_page(html, html_path);
    return error ? error : closed;
}

int page_report(const struct collection *collection)
{
    char *markdown = must_print("%s/claims.md", collection->folder);
    char *html = must_print("%s/claims.html", collection->folder);
    int error = write_both(collection, markdown, html, true);
    free(markdown);
    free(html);
    return error;
}

int page_write(const struct collection *collection, const char *path)
{
    return write_both(collection, path, "/dev/null", false);
}
