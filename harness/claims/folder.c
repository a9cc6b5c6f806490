#include "claims/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "claims/page.h"
#include "claims/print.h"
#include "claims/tables.h"
#include "driver/say.h"
#include "schema/schema.h"

static bool has_file(const char *folder, enum table_id table)
{
    char *path = must_print("%s/%s", folder, schema_tables[table].file);
    bool there = access(path, F_OK) == 0;
    free(path);
    return there;
}

static bool is_one(const char *folder)
{
    return !has_file(folder, TABLE_SAMPLES) && (has_file(folder, TABLE_CLAIMS) || collection_has_runs(folder));
}

/* Judges what is there, and writes the tables. */
static int open_folder(struct collection *collection, const char *folder)
{
    int error = collection_open(collection, folder) ? -EINVAL : 0;
    if (!error && !collection->count) {
        say("%s: there are no rows of claims in it, %s alone; `reclaim plot` draws that", folder,
            schema_tables[TABLE_CLAIMS].file);
        error = -ENOENT;
    }
    if (!error)
        error = collection_judge(collection);
    if (!error)
        error = tables_write(collection);
    if (error)
        collection_free(collection);
    return error;
}

static int summarise(const char *folder)
{
    struct collection collection;
    int error = open_folder(&collection, folder);
    if (error)
        return error;
    print_table(&collection, stdout);
    collection_free(&collection);
    return 0;
}

static int plot(const char *folder)
{
    if (collection_has_runs(folder)) {
        struct collection collection;
        int error = open_folder(&collection, folder);
        if (error)
            return error;
        collection_free(&collection);
    }
    char *name = collection_folder_name(folder);
    int error = tables_draw(name, stdout);
    free(name);
    return error;
}

static int report(const char *folder)
{
    struct collection collection;
    int error = open_folder(&collection, folder);
    if (error)
        return error;
    error = tables_draw(collection.folder, NULL);
    if (!error || error == -ENOENT) /* without gnuplot, which was said */
        error = page_report(&collection);
    if (!error)
        printf("%s/claims.md\n%s/claims.html\n", collection.folder, collection.folder);
    collection_free(&collection);
    return error;
}

const struct folder_kind claims_folder = {.mark = "claims.csv", .is_one = is_one, .acts = {summarise, plot, report}};
