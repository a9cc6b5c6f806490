#include "bench/main/params.h"

#include <stdio.h>
#include <string.h>

#include "bench/memory.h"
#include "bench/message.h"
#include "bench/number.h"

static size_t length_of_list(const char *const *list)
{
    size_t length = 0;
    while (list && list[length])
        length++;
    return length;
}

/* Splits "name=value": the length of the name, or 0 after a message. */
static size_t name_length(const char *option, const char *given)
{
    const char *equals = strchr(given, '=');
    if (equals && equals != given)
        return (size_t)(equals - given);
    message("%s %s: expected NAME=VALUE", option, given);
    return 0;
}

static bool is_name(const char *name, const char *given, size_t length)
{
    return strlen(name) == length && memcmp(name, given, length) == 0;
}

static bool read_integer(const char *name, const char *text, int64_t lowest, int64_t highest, int64_t *value)
{
    int error = number_parse(text, value);
    if (error == -EINVAL)
        message("parameter %s=%s: not a whole number", name, text);
    else if (error || *value < lowest || *value > highest)
        message("parameter %s=%s: out of range, expected %lld to %lld", name, text, (long long)lowest,
                (long long)highest);
    else
        return true;
    return false;
}

/* ---- the workload's */

static size_t params_count(const struct workload_param *params)
{
    size_t count = 0;
    while (params && params[count].name)
        count++;
    return count;
}

static bool read_text(const struct workload_param *param, const char *text, struct workload_value *value)
{
    value->text = text;
    if (!param->choices)
        return true;
    for (int64_t i = 0; param->choices[i]; i++) {
        if (strcmp(param->choices[i], text) == 0) {
            value->integer = i;
            return true;
        }
    }
    char kind[128];
    snprintf(kind, sizeof kind, "value of parameter %s", param->name);
    message_unknown(kind, text, param->choices, length_of_list(param->choices));
    return false;
}

static bool set_default(const struct workload_param *param, bool small, struct workload_value *value)
{
    if (param->kind == WORKLOAD_INTEGER) {
        value->integer = small ? param->small : param->initial;
        return true;
    }
    const char *text = small && param->small_text ? param->small_text : param->text;
    return read_text(param, text ? text : "", value);
}

static bool unknown_param(const char *kind, const char *given, size_t length, const char **known, size_t count)
{
    char name[256];
    snprintf(name, sizeof name, "%.*s", (int)length, given);
    message_unknown(kind, name, known, count);
    return false;
}

static bool unknown_workload_param(const struct workload_param *params, const char *given, size_t length)
{
    const char *known[params_count(params) + 1];
    size_t count = 0;
    for (; params && params[count].name; count++)
        known[count] = params[count].name;
    return unknown_param("parameter", given, length, known, count);
}

static bool set_given(const struct workload_param *params, const char *given, struct workload_value *values)
{
    size_t length = name_length("--param", given);
    if (!length)
        return false;
    for (size_t i = 0; params && params[i].name; i++) {
        if (!is_name(params[i].name, given, length))
            continue;
        const char *text = given + length + 1;
        if (params[i].kind == WORKLOAD_TEXT)
            return read_text(&params[i], text, &values[i]);
        return read_integer(params[i].name, text, params[i].lowest, params[i].highest, &values[i].integer);
    }
    return unknown_workload_param(params, given, length);
}

const struct workload_value *params_read(const struct workload *workload, const char *const *given, bool small)
{
    size_t count = params_count(workload->params);
    struct workload_value *values = memory_keep((count + 1) * sizeof *values);
    bool good = values != NULL;
    for (size_t i = 0; good && i < count; i++)
        good = set_default(&workload->params[i], small, &values[i]);
    for (; good && *given; given++)
        good = set_given(workload->params, *given, values);
    return good ? values : NULL;
}

const char *params_text(const struct workload *workload, const struct workload_value *values)
{
    const char *text = "";
    for (size_t i = 0; text && i < params_count(workload->params); i++) {
        const char *blank = i ? " " : "", *name = workload->params[i].name;
        if (workload->params[i].kind == WORKLOAD_TEXT)
            text = memory_keep_text("%s%s%s=%s", text, blank, name, values[i].text);
        else
            text = memory_keep_text("%s%s%s=%lld", text, blank, name, (long long)values[i].integer);
    }
    return text;
}

/* ---- the strategy's */

const struct mm_param harness_params[] = {
    {"slowdown", 0, 0, 1000,
     "per cent by which the timed part is made longer, by work for nothing (reclaim doctor --power)"},
    {"twin", 0, 0, 1, "changes nothing: the same strategy once more (reclaim doctor --aa)"},
    {.name = NULL},
};

static const struct mm_param *find_param(const struct mm_param *params, const char *given, size_t length)
{
    for (; params && params->name; params++)
        if (is_name(params->name, given, length))
            return params;
    return NULL;
}

static size_t add_names(const struct mm_param *params, const char **names)
{
    size_t count = 0;
    for (; params && params[count].name; count++)
        if (names)
            names[count] = params[count].name;
    return count;
}

static void refuse_strategy_param(const char *given, size_t length)
{
    size_t own = add_names(mm_strategy.params, NULL);
    const char *known[own + add_names(harness_params, NULL)];
    add_names(mm_strategy.params, known);
    char kind[128];
    snprintf(kind, sizeof kind, "parameter of strategy %s", mm_strategy.name);
    unknown_param(kind, given, length, known, own + add_names(harness_params, known + own));
}

/* The parameter and its value; NULL after a message. */
static const struct mm_param *read_strategy_param(const char *given, int64_t *value)
{
    size_t length = name_length("--strategy-param", given);
    if (!length)
        return NULL;
    const struct mm_param *param = find_param(mm_strategy.params, given, length);
    if (!param)
        param = find_param(harness_params, given, length);
    if (!param)
        refuse_strategy_param(given, length);
    return param && read_integer(param->name, given + length + 1, param->lowest, param->highest, value) ? param : NULL;
}

const char *const *params_for_strategy(const char *const *given, struct harness_values *values)
{
    *values = (struct harness_values){0};
    size_t count = 0;
    const char **checked = memory_keep((length_of_list(given) + 1) * sizeof *checked);
    if (!checked)
        return NULL;
    for (; given && *given; given++) {
        int64_t value;
        const struct mm_param *param = read_strategy_param(*given, &value);
        if (!param)
            return NULL;
        if (param == &harness_params[0])
            values->slowdown_percent = (uint64_t)value;
        else if (!find_param(harness_params, param->name, strlen(param->name)))
            checked[count++] = memory_keep_text("%s=%lld", param->name, (long long)value);
        if (count && !checked[count - 1])
            return NULL;
    }
    return checked;
}
