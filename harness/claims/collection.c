#include "claims/collection.h"

#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/machine.h"
#include "claims/file_copy.h"
#include "driver/run.h"
#include "driver/say.h"
#include "driver/seal.h"
#include "schema/schema.h"

/* ---- reading */

static int by_place(const void *left, const void *right)
{
    const struct collection_claim *a = left, *b = right;
    if (a->claim->place != b->claim->place)
        return a->claim->place < b->claim->place ? -1 : 1;
    return strcmp(a->claim->id, b->claim->id);
}

static int read_one(struct collection *collection, const char *path, bool is_wanted)
{
    struct experiment_source source = {0};
    struct claim *claim = claim_read(path, &source);
    experiment_source_free(&source);
    if (!claim)
        return -1;
    collection->claims = must_resize(collection->claims, collection->count + 1, sizeof *collection->claims);
    collection->claims[collection->count++] =
        (struct collection_claim){.path = must_copy(path), .claim = claim, .is_wanted = is_wanted};
    return 0;
}

static char *id_of(const char *path)
{
    const char *name = strrchr(path, '/') + 1;
    return must_print("%.*s", (int)(strlen(name) - strlen(".yaml")), name);
}

/* All ids in the folder, and the paths of their files. */
static void list_files(const char *folder, struct strings *ids, struct strings *paths)
{
    char *pattern = must_print("%s/*.yaml", folder);
    glob_t found = {0};
    glob(pattern, 0, NULL, &found);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        strings_add(paths, found.gl_pathv[i]);
        strings_take(ids, id_of(found.gl_pathv[i]));
    }
    globfree(&found);
    free(pattern);
}

static int check_ids(const struct strings *wanted, const struct strings *ids)
{
    for (size_t i = 0; i < wanted->count; i++) {
        const char *nearest = nearest_of(wanted->items[i], (const char *const *)ids->items, ids->count);
        if (strings_has(ids, wanted->items[i]))
            continue;
        say("there is no claim %s;%s%s%s `reclaim claims --list` shows them", wanted->items[i],
            nearest ? " did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
        return -1;
    }
    return 0;
}

static json_t *read_facts(void)
{
    json_error_t error;
    json_t *facts = json_load_file(RECLAIM_SOURCE_DIR "/tests/pyfacts/data/pyfacts-3.11.7.json", 0, &error);
    if (!facts)
        say("note: %s: %s; CPython's own sizes are left out", error.source, error.text);
    return facts;
}

static void sort(struct collection *collection)
{
    if (collection->count)
        qsort(collection->claims, collection->count, sizeof *collection->claims, by_place);
}

int collection_read(struct collection *collection, const char *rules, const struct strings *ids)
{
    struct strings all = {0}, paths = {0};
    *collection = (struct collection){.rules = must_copy(rules)};
    list_files(rules, &all, &paths);
    if (!paths.count)
        say("%s: there are no claims in it: files <id>.yaml", rules);
    int failure = paths.count ? check_ids(ids, &all) : -1;
    for (size_t i = 0; i < paths.count && !failure; i++)
        if (!ids->count || strings_has(ids, all.items[i]))
            failure = read_one(collection, paths.items[i], true);
    sort(collection);
    collection->facts = failure ? NULL : read_facts();
    strings_free(&all);
    strings_free(&paths);
    return failure;
}

static void free_claim(struct collection_claim *claim)
{
    verdict_free(&claim->verdict);
    rows_free(&claim->rows);
    claim_free(claim->claim);
    free(claim->path);
    free(claim->run_id);
    free(claim->machine);
}

void collection_free(struct collection *collection)
{
    for (size_t i = 0; i < collection->count; i++)
        free_claim(&collection->claims[i]);
    free(collection->claims);
    free(collection->folder);
    free(collection->rules);
    json_decref(collection->facts);
    *collection = (struct collection){0};
}

static void drop(struct collection *collection, size_t place)
{
    free_claim(&collection->claims[place]);
    collection->count--;
    memmove(&collection->claims[place], &collection->claims[place + 1],
            (collection->count - place) * sizeof *collection->claims);
}

/* ---- where the runs are */

static bool has_all(const struct collection *collection, const char *folder)
{
    for (size_t i = 0; i < collection->count; i++) {
        char *run = must_print("%s/%s", folder, collection->claims[i].claim->id);
        bool there = seal_exists(run);
        free(run);
        if (!there)
            return false;
    }
    return true;
}

char *collection_newest(const struct collection *collection)
{
    glob_t found = {0};
    char *newest = NULL;
    glob("results/claims-*", GLOB_ONLYDIR, NULL, &found);
    for (size_t i = found.gl_pathc; i > 0 && !newest; i--) /* their names sort by time */
        if (has_all(collection, found.gl_pathv[i - 1]))
            newest = must_copy(found.gl_pathv[i - 1]);
    globfree(&found);
    return newest;
}

static bool has_rows(const char *folder, const char *id)
{
    char *path = must_print("%s/%s/%s", folder, id, schema_tables[TABLE_SAMPLES].file);
    bool there = access(path, R_OK) == 0;
    free(path);
    return there;
}

struct strings collection_drop_unmeasured(struct collection *collection)
{
    struct strings dropped = {0};
    for (size_t i = 0; i < collection->count;)
        if (has_rows(collection->folder, collection->claims[i].claim->id)) {
            i++;
        } else {
            strings_add(&dropped, collection->claims[i].claim->id);
            drop(collection, i);
        }
    return dropped;
}

static bool has_claim(const struct collection *collection, const char *id)
{
    for (size_t i = 0; i < collection->count; i++)
        if (strcmp(collection->claims[i].claim->id, id) == 0)
            return true;
    return false;
}

int collection_add_measured(struct collection *collection, bool is_wanted)
{
    struct strings ids = {0}, copies = {0};
    int failure = 0;
    list_files(collection->folder, &ids, &copies);
    for (size_t i = 0; i < ids.count && !failure; i++) {
        if (has_claim(collection, ids.items[i]) || !has_rows(collection->folder, ids.items[i]))
            continue;
        char *path = must_print("%s/%s.yaml", collection->rules, ids.items[i]);
        failure = read_one(collection, access(path, R_OK) == 0 ? path : copies.items[i], is_wanted);
        free(path);
    }
    sort(collection);
    strings_free(&ids);
    strings_free(&copies);
    return failure;
}

char *collection_folder_name(const char *folder)
{
    size_t length = strlen(folder);
    return must_print("%.*s", (int)(length - (length > 1 && folder[length - 1] == '/')), folder);
}

int collection_open(struct collection *collection, const char *folder)
{
    *collection = (struct collection){.facts = read_facts()};
    collection->folder = collection_folder_name(folder);
    collection->rules = must_copy(collection->folder);
    return collection_add_measured(collection, true);
}

bool collection_has_runs(const char *folder)
{
    struct strings ids = {0}, copies = {0};
    bool has = false;
    list_files(folder, &ids, &copies);
    for (size_t i = 0; i < ids.count && !has; i++)
        has = has_rows(folder, ids.items[i]);
    strings_free(&ids);
    strings_free(&copies);
    return has;
}

/* ---- measuring */

/* The rule goes into the folder before the first row. */
static int measure_one(const struct collection *collection, const struct collection_claim *claim)
{
    char *run = must_print("%s/%s", collection->folder, claim->claim->id), *rule = must_print("%s.yaml", run);
    int code = EXIT_ALL_OK;
    if (!seal_exists(run)) {
        struct experiment_source source = {0};
        struct claim *again =
            access(rule, F_OK) != 0 && file_copy(claim->path, rule) ? NULL : claim_read(rule, &source);
        if (again) {
            struct experiment *experiment = again->experiment;
            again->experiment = NULL;
            if (!experiment->name)
                experiment->name = must_copy(claim->claim->id);
            code = run_into(run, experiment, &source);
        } else {
            code = EXIT_USAGE;
        }
        claim_free(again);
        experiment_source_free(&source);
    }
    free(run);
    free(rule);
    return code;
}

int collection_measure(struct collection *collection)
{
    int code = EXIT_ALL_OK;
    if (mkdir("results", 0777) != 0 && errno != EEXIST)
        code = EXIT_USAGE;
    if (code == EXIT_ALL_OK && mkdir(collection->folder, 0777) != 0 && errno != EEXIST)
        code = EXIT_USAGE;
    if (code != EXIT_ALL_OK)
        say("%s: %s; choose another with --out", collection->folder, strerror(errno));
    for (size_t i = 0; i < collection->count && code == EXIT_ALL_OK; i++) {
        say("claim %zu of %zu, %s", i + 1, collection->count, collection->claims[i].claim->id);
        code = measure_one(collection, &collection->claims[i]);
    }
    return code;
}

/* ---- judging */

static bool is_same_file(const char *left, const char *right)
{
    FILE *a = fopen(left, "re"), *b = fopen(right, "re");
    int one = 0, other = 0;
    while (a && b && one == other && one != EOF) {
        one = getc(a);
        other = getc(b);
    }
    bool same = a && b && one == other;
    if (a)
        fclose(a);
    if (b)
        fclose(b);
    return same;
}

static void name_run(struct collection_claim *claim, const char *run)
{
    json_t *machine = machine_load(run);
    const char *id = json_string_value(json_object_get(machine, "run_id"));
    claim->run_id = must_copy(id ? id : claim->claim->id);
    claim->machine = machine ? machine_line(machine) : NULL;
    if (!claim->machine || !*claim->machine) {
        free(claim->machine);
        claim->machine = must_copy("a machine that is not named");
    }
    json_decref(machine);
}

static int judge_one(struct collection *collection, struct collection_claim *claim)
{
    char *run = must_print("%s/%s", collection->folder, claim->claim->id), *rule = must_print("%s.yaml", run);
    seal_warn(run);
    int error = rows_load(&claim->rows, run);
    if (!error) {
        verdict_make(&claim->verdict, claim->claim, &claim->rows, collection->facts);
        claim->is_changed = !is_same_file(claim->path, rule);
        name_run(claim, run);
    }
    free(run);
    free(rule);
    return error;
}

int collection_judge(struct collection *collection)
{
    for (size_t i = 0; i < collection->count;) {
        struct collection_claim *claim = &collection->claims[i];
        int error = judge_one(collection, claim);
        if (error && claim->is_wanted)
            return error;
        if (!error && claim->is_changed)
            say("note: %s: its file is another than before the run, %s/%s.yaml", claim->claim->id, collection->folder,
                claim->claim->id);
        if (error)
            drop(collection, i);
        else
            i++;
    }
    return 0;
}
