#include "collections.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/csv_file.h"
#include "driver/say.h"
#include "schema/schema.h"

/* Above it two counts are not the same. */
static const double TOLERANCE = 0.01;

struct reading {
    const struct plan *plan;
    struct collections *counts;
    bool malformed;
};

static bool is_of(char *const values[], const struct cell *cell)
{
    char limit[32];
    snprintf(limit, sizeof limit, "%" PRIu64, cell->heap_limit_bytes);
    const struct {
        enum PAUSES_column column;
        const char *value;
    } keys[] = {
        {PAUSES_strategy, cell->strategy->name},
        {PAUSES_workload, cell->workload->name},
        {PAUSES_heap_limit_bytes, limit},
        {PAUSES_allocator, cell->allocator->name},
        {PAUSES_workload_params, cell->workload_params},
        {PAUSES_strategy_params, cell->strategy_params},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(values[keys[i].column], keys[i].value) != 0)
            return false;
    return true;
}

/* The header counts for nothing: its cause is no collection. */
static void take_pause(char *const values[], size_t count, void *context)
{
    struct reading *reading = context;
    if (count != PAUSES_COUNT) {
        reading->malformed = true;
        return;
    }
    if (strcmp(values[PAUSES_cause], "collection") != 0)
        return;
    unsigned long generation = strtoul(values[PAUSES_generation], NULL, 10);
    for (size_t i = 0; i < reading->plan->cell_count && generation < GENERATIONS; i++)
        if (is_of(values, &reading->plan->cells[i]))
            reading->counts[i].count[generation]++;
}

int collections_read(const char *folder, const struct plan *plan, struct collections counts[])
{
    struct reading reading = {plan, counts, false};
    memset(counts, 0, plan->cell_count * sizeof *counts);
    char *path = must_print("%s/%s", folder, schema_tables[TABLE_PAUSES].file);
    int failure = csv_read(path, take_pause, &reading);
    if (failure || reading.malformed)
        say("%s: %s", path, failure ? strerror(-failure) : "a row has another number of values than the schema");
    free(path);
    return failure || reading.malformed ? -1 : 0;
}

static void add_counts(struct text *text, const struct collections *counts, size_t repetitions)
{
    for (int i = 0; i < GENERATIONS; i++)
        text_add(text, "%s%.4g", i ? "/" : "", (double)counts->count[i] / (double)repetitions);
}

void collections_compare(const struct collections *ours, size_t our_repetitions, const struct collections *against,
                         size_t their_repetitions, struct outcome *outcome)
{
    bool equal = true;
    for (int i = 0; i < GENERATIONS; i++) {
        double our = (double)ours->count[i] / (double)our_repetitions;
        double their = (double)against->count[i] / (double)their_repetitions;
        equal = equal && fabs(our - their) <= TOLERANCE * fmax(our, their);
    }
    struct text text = {0};
    text_add(&text, "collections of generations 0/1/2 in a repetition: ");
    add_counts(&text, ours, our_repetitions);
    text_add(&text, " and ");
    add_counts(&text, against, their_repetitions);
    if (!equal)
        text_add(&text, ", which differ by more than 1 %%: not the same work");
    outcome_note(outcome, "%s", text.bytes);
    text_free(&text);
    if (!equal && outcome_has_figures(outcome))
        outcome->verdict = VERDICT_UNEQUAL;
}
