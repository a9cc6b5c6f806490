#define _GNU_SOURCE
#include "report_claims.h"

#include <stdlib.h>
#include <string.h>

#include "reader.h"

struct chapter {
    struct sheet *sheet;
    const char *id; /* the run's folder is named after its claim */
};

static void add_row(struct sheet *sheet, const char *name, const char *text)
{
    sheet_cell(sheet, name);
    sheet_cell(sheet, text);
    sheet_row_end(sheet);
}

static int take_claim(struct row *row, void *context)
{
    static const char *const headings[] = {"", "", NULL};
    const struct chapter *chapter = context;
    struct sheet *sheet = chapter->sheet;
    if (strcmp(row_text(row, CLAIMS_id, NULL), chapter->id) != 0)
        return 0;
    sheet_section(sheet, "claim", "The claim");
    sheet_escape(sheet, row_text(row, CLAIMS_claim, NULL));
    sheet_add(sheet, ": **%s**", row_text(row, CLAIMS_verdict, NULL));
    if (*row_text(row, CLAIMS_condition, NULL)) {
        sheet_add(sheet, ", ");
        sheet_escape(sheet, row_text(row, CLAIMS_condition, NULL));
    }
    sheet_add(sheet, ".\n\n");
    sheet_table(sheet, headings, SHEET_TEXTS);
    for (int i = CLAIMS_figure; i <= CLAIMS_cpython; i++)
        if (*row_text(row, i, NULL))
            add_row(sheet, schema_tables[TABLE_CLAIMS].columns[i].name, row_text(row, i, NULL));
    sheet_table_end(sheet);
    sheet_add(sheet, "`reclaim claims --explain %s` shows what led to it.\n\n", chapter->id);
    return 0;
}

void report_claims(struct sheet *sheet, const char *run_dir)
{
    static const int columns[] = {CLAIMS_id, CLAIMS_claim, CLAIMS_verdict, -1};
    char *path = realpath(run_dir, NULL), *slash = path ? strrchr(path, '/') : NULL;
    if (slash && slash > path) {
        *slash = '\0';
        struct chapter chapter = {sheet, slash + 1};
        reader_read(path, TABLE_CLAIMS, columns, take_claim, &chapter);
    }
    free(path);
}
