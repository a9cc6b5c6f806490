#include "cells.h"

#include <stdlib.h>
#include <string.h>

#include "driver/left_out.h"
#include "driver/say.h"

int cells_catalogue(struct catalogue *catalogue, const char *home)
{
    char *by_hand = must_print("%s/hand", home);
    int failure = catalogue_add(catalogue, home, NULL);
    if (!failure)
        failure = catalogue_add(catalogue, by_hand, NULL);
    free(by_hand);
    return failure;
}

/* ---- what is not there */

static void pair_without(struct pair *pair, enum verdict why, char *reason)
{
    free(pair->reason);
    *pair = (struct pair){NO_CELL, NO_CELL, why, reason};
}

static const struct allocator *find_allocator(const struct plan *plan, const char *name)
{
    for (size_t i = 0; i < plan->allocator_count; i++)
        if (strcmp(plan->allocators[i].name, name) == 0)
            return &plan->allocators[i];
    return NULL;
}

/* Whether both of a contender's parts are there; else the pair says what is not. */
static bool is_there(const struct plan *plan, const struct contender *contender, const struct catalogue *catalogue,
                     struct pair *pair)
{
    const char *name = contender->strategy.name;
    if (!catalogue_strategy(catalogue, name)) {
        const struct strategy_info *left_out = left_out_find(catalogue, name);
        if (left_out)
            pair_without(pair, VERDICT_ABSENT,
                         must_print("%s was left out of the build: it %s", name, left_out->left_out));
        else
            pair_without(pair, VERDICT_FAILED, must_print("there is no strategy %s in this build", name));
        return false;
    }
    if (find_allocator(plan, contender->allocator))
        return true;
    const struct allocator_info *info = allocators;
    while (info->name && strcmp(info->name, contender->allocator) != 0)
        info++;
    if (info->name)
        pair_without(pair, VERDICT_ABSENT,
                     must_print("%s is not on this machine; install it: %s", info->name, allocator_package(info)));
    else
        pair_without(pair, VERDICT_FAILED, must_print("allocator %s cannot be preloaded", contender->allocator));
    return false;
}

/* ---- allocators */

static bool is_known(const char *name)
{
    for (const struct allocator_info *info = allocators; info->name; info++)
        if (strcmp(info->name, name) == 0)
            return true;
    return false;
}

static void add_allocator(struct plan *plan, const char *name, const char *bench)
{
    if (find_allocator(plan, name) || (!is_known(name) && !strchr(name, '/')))
        return;
    if (allocator_find(name, "", bench, &plan->allocators[plan->allocator_count]) == 0)
        plan->allocator_count++;
}

/* Cells keep pointers to them, so all are found before the first cell is made. */
static void find_allocators(struct plan *plan, const struct peers_table *table, const char *bench)
{
    plan->allocators = must_resize(NULL, 2 * table->count, sizeof *plan->allocators);
    for (size_t i = 0; i < table->count; i++) {
        if (table->rows[i].program)
            continue;
        add_allocator(plan, table->rows[i].ours.allocator, bench);
        add_allocator(plan, table->rows[i].against.allocator, bench);
    }
}

/* ---- cells */

/* The work with the workload's own small sizes instead of what the row gives. Owned by the caller. */
static struct experiment_entry small_work(const struct experiment_entry *work, const struct workload_info *info)
{
    struct experiment_entry small = {.name = work->name};
    for (size_t i = 0; i < info->params.count; i++) {
        char *param = must_print("%s=%s", info->params.items[i].name, info->params.items[i].small);
        list_add(&small.params, &small.params_count, param);
        free(param);
    }
    return small;
}

static int add_pair(struct plan *plan, const struct table_row *row, const struct catalogue *catalogue, bool small,
                    struct pair *pair)
{
    const struct workload_info *info =
        strategy_workload(catalogue_strategy(catalogue, row->ours.strategy.name), row->work.name);
    if (!info) {
        pair_without(pair, VERDICT_FAILED, must_print("there is no workload %s", row->work.name));
        return 0;
    }
    struct experiment_entry work = small ? small_work(&row->work, info) : row->work;
    const struct contender *contenders[] = {&row->ours, &row->against};
    size_t *places[] = {&pair->ours, &pair->against};
    int failure = 0;
    for (size_t i = 0; i < 2 && !failure; i++)
        failure =
            plan_add_cell(plan, catalogue, &contenders[i]->strategy, find_allocator(plan, contenders[i]->allocator),
                          &work, contenders[i]->limit_bytes, places[i]);
    if (small)
        list_clear(&work.params, &work.params_count);
    return failure;
}

int cells_make(struct plan *plan, const struct peers_table *table, const struct catalogue *catalogue, bool small,
               struct pair pairs[])
{
    find_allocators(plan, table, catalogue->strategies[0].bench);
    int failure = 0;
    for (size_t i = 0; i < table->count && !failure; i++) {
        const struct table_row *row = &table->rows[i];
        pairs[i] = (struct pair){.ours = NO_CELL, .against = NO_CELL};
        if (!row->program && is_there(plan, &row->ours, catalogue, &pairs[i]) &&
            is_there(plan, &row->against, catalogue, &pairs[i]))
            failure = add_pair(plan, row, catalogue, small, &pairs[i]);
    }
    return failure;
}
