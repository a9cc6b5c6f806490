#include "pairs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "grow.h"
#include "message.h"

#define HASH_NONFATAL_OOM            1
#define uthash_nonfatal_oom(element) ((element)->pair = SIZE_MAX)
#include <uthash.h>

/* ---- which cells of a side */

/* What a side's name names. */
enum choice { CHOICE_ALL, CHOICE_STRATEGY, CHOICE_CONTENDER, CHOICE_ALLOCATOR, CHOICE_PARAM, CHOICE_UNKNOWN };

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

int side_parse(struct side *side, const char *text, const struct side *other)
{
    const char *colon = is_folder(text) ? NULL : strrchr(text, ':');
    if (colon == text && other)
        side->run_dir = strdup(other->run_dir);
    else
        side->run_dir = colon ? strndup(text, (size_t)(colon - text)) : strdup(text);
    side->chosen = colon && colon[1] ? strdup(colon + 1) : NULL;
    if (!side->run_dir || (colon && colon[1] && !side->chosen))
        return analysis_no_memory();
    if (!*side->run_dir || (colon && !colon[1]))
        return analysis_fail(-EINVAL,
                             "%s: expected the folder of a run, or RUN:NAME for one strategy or allocator of it", text);
    return 0;
}

/* Whether "name=value" is among parameters that are separated by spaces. */
static bool has_param(const char *params, const char *param)
{
    size_t length = strlen(param);
    for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, param, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return strchr(param, '=') != NULL;
    return false;
}

static bool is_chosen(const struct side *side, const struct cell *cell, enum choice choice)
{
    switch (choice) {
    case CHOICE_STRATEGY: return strcmp(dataset_name(&side->data, cell->key.strategy), side->chosen) == 0;
    case CHOICE_CONTENDER: return strcmp(side_contender(side, cell), side->chosen) == 0;
    case CHOICE_PARAM: return has_param(dataset_name(&side->data, cell->key.strategy_params), side->chosen);
    case CHOICE_ALLOCATOR: return strcmp(side_allocator(side, cell), side->chosen) == 0;
    default: return choice == CHOICE_ALL;
    }
}

/* What the name names: the first kind of which the run has a cell. */
static enum choice choice_of(const struct side *side)
{
    if (!side->chosen)
        return CHOICE_ALL;
    for (enum choice choice = CHOICE_CONTENDER; choice < CHOICE_UNKNOWN; choice++)
        for (size_t i = 0; i < side->data.cell_count; i++)
            if (is_chosen(side, &side->data.cells[i], choice))
                return choice;
    for (size_t i = 0; i < side->data.cell_count; i++)
        if (is_chosen(side, &side->data.cells[i], CHOICE_STRATEGY))
            return CHOICE_STRATEGY;
    return CHOICE_UNKNOWN;
}

static int fail_unknown(const struct side *side)
{
    struct phrase names = {0};
    for (size_t i = 0; i < side->data.contender_count; i++)
        phrase_add_format(&names, "%s%s", i ? ", " : "", side->data.contenders[i].label);
    for (size_t i = 0; i < side->data.allocator_count; i++)
        phrase_add_format(&names, ", %s", dataset_name(&side->data, side->data.allocators[i]));
    char *text = phrase_take(&names);
    int error = analysis_fail(-EINVAL, "%s: no strategy, allocator or parameter %s in it; it has %s", side->run_dir,
                              side->chosen, text ? text : "others");
    free(text);
    return error;
}

/* ---- the same cell on the other side */

struct entry {
    UT_hash_handle hh;
    size_t pair;
    char key[];
};

struct pairing {
    struct pairs *pairs;
    struct entry *entries;
    bool any_strategy, any_allocator, any_value; /* what both sides name; the last: of a parameter */
};

/* Parameters without the one that "name=value" names. */
static void add_other_params(struct phrase *key, const char *params, const char *param)
{
    size_t name = strcspn(param, "=") + 1;
    for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, param, name) != 0)
            phrase_add_format(key, "%.*s ", (int)strcspn(at, " "), at);
    phrase_add(key, "\n");
}

/* What two cells of a pair have in common: all but what both sides name. */
static char *key_of(const struct side *side, const struct cell *cell, const struct pairing *pairing)
{
    const struct dataset *data = &side->data;
    struct phrase key = {0};
    phrase_add_format(&key, "%s\n%s\n", dataset_name(data, cell->key.workload),
                      dataset_name(data, cell->key.workload_params));
    if (!pairing->any_strategy) {
        phrase_add_format(&key, "%s\n%llu\n", dataset_name(data, cell->key.strategy),
                          (unsigned long long)cell->key.heap_limit_bytes);
        add_other_params(&key, dataset_name(data, cell->key.strategy_params), pairing->any_value ? side->chosen : "=");
    }
    if (!pairing->any_allocator)
        phrase_add_format(&key, "%s\n", side_allocator(side, cell));
    return phrase_take(&key);
}

static struct entry *find_entry(struct pairing *pairing, const char *key)
{
    struct entry *entry;
    HASH_FIND(hh, pairing->entries, key, strlen(key), entry);
    if (entry)
        return entry;
    entry = malloc(sizeof *entry + strlen(key) + 1);
    struct pairs *pairs = pairing->pairs;
    if (!entry || grow(&pairs->items, &pairs->capacity, pairs->count + 1, sizeof *pairs->items)) {
        free(entry);
        return NULL;
    }
    strcpy(entry->key, key);
    entry->pair = pairs->count;
    HASH_ADD_KEYPTR(hh, pairing->entries, entry->key, strlen(key), entry);
    if (entry->pair == SIZE_MAX) {
        free(entry);
        return NULL;
    }
    pairs->items[pairs->count++] = (struct pair){NULL, NULL};
    return entry;
}

static int add_cell(struct pairing *pairing, const struct side *side, const struct cell *cell, bool is_base)
{
    char *key = key_of(side, cell, pairing);
    struct entry *entry = key ? find_entry(pairing, key) : NULL;
    free(key);
    if (!entry)
        return analysis_no_memory();
    struct pair *pair = &pairing->pairs->items[entry->pair];
    const struct cell **place = is_base ? &pair->base : &pair->new;
    if (*place)
        return analysis_fail(-EINVAL, "%s: %s is more than one contender there: %s and %s; name one of them",
                             side->run_dir, side->chosen, side_contender(side, *place), side_contender(side, cell));
    *place = cell;
    return 0;
}

static int add_side(struct pairing *pairing, const struct side *side, enum choice choice, bool is_base)
{
    int error = 0;
    for (size_t i = 0; !error && i < side->data.cell_count; i++) {
        const struct cell *cell = &side->data.cells[i];
        if (is_chosen(side, cell, choice) && !side->data.contenders[cell->contender].judge)
            error = add_cell(pairing, side, cell, is_base);
    }
    return error;
}

static void forget(struct pairing *pairing)
{
    struct entry *entry, *next;
    HASH_ITER (hh, pairing->entries, entry, next) {
        HASH_DEL(pairing->entries, entry);
        free(entry);
    }
}

int pairs_make(struct pairs *pairs, const struct side *base, const struct side *new)
{
    *pairs = (struct pairs){0};
    enum choice base_choice = choice_of(base), new_choice = choice_of(new);
    if (base_choice == CHOICE_UNKNOWN || new_choice == CHOICE_UNKNOWN)
        return fail_unknown(base_choice == CHOICE_UNKNOWN ? base : new);
    bool base_strategy = base_choice == CHOICE_STRATEGY || base_choice == CHOICE_CONTENDER;
    bool new_strategy = new_choice == CHOICE_STRATEGY || new_choice == CHOICE_CONTENDER;
    if (base->chosen && new->chosen && base_strategy != new_strategy)
        return analysis_fail(-EINVAL, "%s and %s: one is a strategy, the other an allocator; name two of a kind",
                             base->chosen, new->chosen);
    struct pairing pairing = {.pairs = pairs,
                              .any_strategy = base_strategy && new_strategy,
                              .any_allocator = base_choice == CHOICE_ALLOCATOR && new_choice == CHOICE_ALLOCATOR,
                              .any_value = base_choice == CHOICE_PARAM && new_choice == CHOICE_PARAM};
    int error = add_side(&pairing, base, base_choice, true);
    if (!error)
        error = add_side(&pairing, new, new_choice, false);
    forget(&pairing);
    if (error)
        pairs_free(pairs);
    return error;
}

void pairs_free(struct pairs *pairs)
{
    free(pairs->items);
    *pairs = (struct pairs){0};
}
