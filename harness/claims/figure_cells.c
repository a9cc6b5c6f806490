/* Which cells a value stands for. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "claims/figure.h"
#include "driver/text.h"

/* The value of `name` in "a=1 b=2"; NULL if it is not there. For the caller to free. */
static char *param_of(const char *params, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strncmp(at, name, length) == 0 && at[length] == '=')
            return must_print("%.*s", (int)strcspn(at + length + 1, " "), at + length + 1);
    return NULL;
}

static bool has_param(const char *params, const char *pair, size_t length)
{
    for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == length && strncmp(at, pair, length) == 0)
            return true;
    return false;
}

char *cell_key(const struct rows *rows, const struct rows_cell *cell, const char *over)
{
    const char *params = rows_text(rows, cell->strategy_params), *strategy = rows_text(rows, cell->strategy);
    if (strcmp(over, "strategy") == 0)
        return must_print("%s%s%s", strategy, *params ? " " : "", params);
    if (strcmp(over, "allocator") == 0)
        return must_copy(rows_text(rows, cell->allocator));
    if (strcmp(over, "workload") == 0)
        return must_copy(rows_text(rows, cell->workload));
    if (strcmp(over, "heap_limit") == 0)
        return must_print("%" PRIu64, cell->heap_limit_bytes);
    if (strcmp(over, "heap_factor") == 0)
        return cell->heap_limit_bytes && cell->smallest_bytes
                   ? must_print("%.2g", (double)cell->heap_limit_bytes / (double)cell->smallest_bytes)
                   : NULL;
    char *value = param_of(rows_text(rows, cell->workload_params), over);
    return value ? value : param_of(params, over);
}

bool value_fixes(const struct claim_value *value, const char *over)
{
    if (strcmp(over, "strategy") == 0)
        return value->strategy;
    if (strcmp(over, "allocator") == 0)
        return value->allocator;
    if (strcmp(over, "workload") == 0)
        return value->workload;
    if (strcmp(over, "heap_limit") == 0 || strcmp(over, "heap_factor") == 0)
        return value->heap_limit || value->heap_factor;
    size_t length = strlen(over);
    for (unsigned i = 0; i < value->params_count; i++)
        if (strncmp(value->params[i], over, length) == 0 && value->params[i][length] == '=')
            return true;
    const char *params = value->strategy ? strchr(value->strategy, ' ') : NULL;
    char *given = params ? param_of(params + 1, over) : NULL;
    free(given);
    return given;
}

bool value_denies(const struct claim_value *value, const struct point *point)
{
    for (unsigned i = 0; i < value->params_count; i++)
        for (unsigned k = 0; k < point->count; k++) {
            char *key = must_print("%s=", point->over[k]);
            size_t length = strlen(key);
            bool same = strncmp(value->params[i], key, length) == 0;
            free(key);
            if (same && strcmp(value->params[i] + length, point->keys[k]) != 0)
                return true;
        }
    return false;
}

static bool takes_factor(const struct rows *rows, const struct rows_cell *cell, const char *factor)
{
    char *key = cell_key(rows, cell, "heap_factor");
    bool takes = key && strcmp(key, factor) == 0;
    free(key);
    return takes;
}

static bool is_among(const char *name, size_t length, const char *const *names, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (strncmp(names[i], name, length) == 0 && !names[i][length])
            return true;
    return false;
}

/* The name is the cell's, all parameters named are, and it has no other but those that the point varies. */
static bool takes_strategy(const char *wanted, const char *strategy, const char *params, const char *const *over,
                           unsigned over_count)
{
    size_t length = strcspn(wanted, " ");
    if (strncmp(strategy, wanted, length) != 0 || strategy[length])
        return false;
    const char *named = wanted + length + (wanted[length] == ' ');
    for (const char *at = named; *at; at += strcspn(at, " "), at += *at == ' ')
        if (!has_param(params, at, strcspn(at, " ")))
            return false;
    for (const char *at = params; *at; at += strcspn(at, " "), at += *at == ' ')
        if (!has_param(named, at, strcspn(at, " ")) && !is_among(at, strcspn(at, "="), over, over_count))
            return false;
    return true;
}

static bool takes_keys(const struct rows *rows, const struct claim_value *value, const struct rows_cell *cell,
                       const struct point *point, const char *strategy)
{
    bool takes = true;
    for (unsigned i = 0; i < point->count && takes; i++) {
        if (value_fixes(value, point->over[i]) || (strategy && strcmp(point->over[i], "strategy") == 0))
            continue;
        char *key = cell_key(rows, cell, point->over[i]);
        takes = key && strcmp(key, point->keys[i]) == 0;
        free(key);
    }
    return takes;
}

bool value_takes(const struct rows *rows, const struct claim_value *value, const struct rows_cell *cell,
                 const char *const *over, unsigned over_count, const struct point *point, const char *strategy)
{
    const char *wanted = strategy ? strategy : value->strategy;
    if (wanted && !takes_strategy(wanted, rows_text(rows, cell->strategy), rows_text(rows, cell->strategy_params), over,
                                  over_count))
        return false;
    if (value->allocator && strcmp(value->allocator, rows_text(rows, cell->allocator)) != 0)
        return false;
    if (value->workload && strcmp(value->workload, rows_text(rows, cell->workload)) != 0)
        return false;
    uint64_t limit;
    if (value->heap_limit && (!parse_bytes(value->heap_limit, &limit) || limit != cell->heap_limit_bytes))
        return false;
    if (value->heap_factor && !takes_factor(rows, cell, value->heap_factor))
        return false;
    for (unsigned i = 0; i < value->params_count; i++)
        if (!has_param(rows_text(rows, cell->workload_params), value->params[i], strlen(value->params[i])))
            return false;
    return !point || takes_keys(rows, value, cell, point, strategy);
}
