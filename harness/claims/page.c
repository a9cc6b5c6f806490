#include "claims/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/machine.h"
#include "analysis/sheet.h"
#include "claims/file_copy.h"
#include "claims/tables.h"
#include "claims/words.h"
#include "driver/say.h"
#include "driver/text.h"

/* The folder of a page's files: docs/claims of docs/claims.md. */
struct beside {
    char *path;
    const char *name; /* the last part of it */
};

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
        char *link = must_print("[%s](#%s)", verdict->claim->id, verdict->claim->id);
        sheet_prose_cell(sheet, link);
        sheet_prose_cell(sheet, verdict->claim->claim);
        sheet_cell(sheet, documents);
        sheet_cell(sheet, said);
        sheet_cell(sheet, figure);
        sheet_cell(sheet, cpython);
        sheet_row_end(sheet);
        free(link);
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
    for (unsigned i = 0; i < claim->sources_count; i++) {
        sheet_add(sheet, "> ");
        sheet_escape(sheet, claim->sources[i].says);
        sheet_add(sheet, " — document %s, ", claim->sources[i].document);
        sheet_escape(sheet, claim->sources[i].at);
        sheet_add(sheet, "\n>\n");
    }
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

/* Whether it says more than the tables: something turns along an axis. */
static bool wants_picture(const struct claim_verdict *verdict)
{
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++)
        if (judgement_judges(&verdict->claim->judgements[i]) && verdict->judgements[i].point_count > 2 &&
            tables_have_axis(&verdict->judgements[i]))
            return true;
    return false;
}

/* Without `beside` the figure is one of the sheet's folder, drawn in place; else a copy of it is linked to. */
static void add_picture(struct sheet *sheet, const struct collection_claim *one, const struct beside *beside)
{
    char *picture = beside ? must_print("%s/%s.svg", beside->path, one->claim->id) : NULL;
    char *title = words_plain(one->claim->claim);
    if (!beside)
        sheet_figure(sheet, one->claim->id, title);
    else if (wants_picture(&one->verdict) && access(picture, R_OK) == 0)
        sheet_add(sheet, "![%s](%s/%s.svg)\n\n", title, beside->name, one->claim->id);
    free(title);
    free(picture);
}

static void add_claim(struct sheet *sheet, const struct collection_claim *one, const struct beside *beside)
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
    add_picture(sheet, one, beside);
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

static void add_opening(struct sheet *sheet, const struct collection *collection, const struct beside *beside)
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
    if (beside)
        sheet_add(sheet, " [`%s/`](%s) has the run's `claims.csv` and `claim_points.csv`, and its machine.",
                  beside->name, beside->name);
    sheet_add(sheet, "\n\nMeasured on ");
    sheet_escape(sheet, line ? line : "a machine that is not named");
    sheet_add(sheet, ". Intervals: %s.\n\n", BOOTSTRAP_METHOD);
    add_warnings(sheet, machine);
    json_decref(machine);
    free(line);
    free(path);
}

static void add_all(struct sheet *sheet, const struct collection *collection, const struct beside *beside)
{
    add_opening(sheet, collection, beside);
    add_table(sheet, collection);
    for (size_t i = 0; i < collection->count; i++)
        add_claim(sheet, &collection->claims[i], beside);
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
                      const struct beside *beside)
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
    add_all(&sheet, collection, beside);
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
    int error = write_both(collection, markdown, html, NULL);
    free(markdown);
    free(html);
    return error;
}

static int copy_beside(const struct collection *collection, const struct beside *beside, const char *name,
                       const char *as)
{
    char *from = must_print("%s/%s", collection->folder, name), *to = must_print("%s/%s", beside->path, as);
    int error = file_copy(from, to);
    free(from);
    free(to);
    return error;
}

/* Tables, machine and figures, as they are in the runs' folder. Figures that are not drawn there are none here. */
static int copy_all(const struct collection *collection, const struct beside *beside)
{
    char *machine = must_print("%s/machine.json", collection->claims[0].claim->id);
    int error = copy_beside(collection, beside, "claims.csv", "claims.csv");
    if (!error)
        error = copy_beside(collection, beside, "claim_points.csv", "claim_points.csv");
    if (!error)
        error = copy_beside(collection, beside, machine, "machine.json");
    for (size_t i = 0; i < collection->count && !error; i++) {
        char *picture = must_print("plots/%s.svg", collection->claims[i].claim->id);
        char *drawn = must_print("%s/%s", collection->folder, picture);
        if (wants_picture(&collection->claims[i].verdict) && access(drawn, R_OK) == 0)
            error = copy_beside(collection, beside, picture, strchr(picture, '/') + 1);
        free(picture);
        free(drawn);
    }
    free(machine);
    return error;
}

int page_write(const struct collection *collection, const char *path)
{
    size_t length = strlen(path), end = length > 3 && strcmp(path + length - 3, ".md") == 0 ? length - 3 : length;
    struct beside beside = {.path = must_print("%.*s%s", (int)end, path, end == length ? "-files" : "")};
    beside.name = strrchr(beside.path, '/') ? strrchr(beside.path, '/') + 1 : beside.path;
    int error = mkdir(beside.path, 0777) != 0 && errno != EEXIST ? -errno : 0;
    if (error)
        say("%s: %s; choose another page", beside.path, strerror(-error));
    else
        error = copy_all(collection, &beside);
    if (!error)
        error = write_both(collection, path, "/dev/null", &beside);
    free(beside.path);
    return error;
}
