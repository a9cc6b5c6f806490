#define _GNU_SOURCE /* asprintf, open_memstream */
#include "bench/main/params.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/message.h"
#include "bench/number.h"

static void *no_memory(void)
{
    message("no memory for the parameters");
    return NULL;
}

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
    size_t count = params_count(params);
    const char *known[count + 1];
    for (size_t i = 0; i < count; i++)
        known[i] = params[i].name;
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
    struct workload_value *values = calloc(count + 1, sizeof *values);
    if (!values)
        return no_memory();
    for (size_t i = 0; i < count; i++)
        if (!set_default(&workload->params[i], small, &values[i]))
            return NULL;
    for (; *given; given++)
        if (!set_given(workload->params, *given, values))
            return NULL;
    return values;
}

const char *params_text(const struct workload *workload, const struct workload_value *values)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return no_memory();
    for (size_t i = 0; i < params_count(workload->params); i++) {
        fprintf(out, "%s%s=", i ? " " : "", workload->params[i].name);
        if (workload->params[i].kind == WORKLOAD_TEXT)
            fputs(values[i].text, out);
        else
            fprintf(out, "%lld", (long long)values[i].integer);
    }
    return fclose(out) == 0 ? text : no_memory();
}

/* ---- the strategy's */

static const struct mm_param *find_strategy_param(const char *given, size_t length)
{
    size_t count = 0;
    for (const struct mm_param *param = mm_strategy.params; param && param->name; param++, count++)
        if (is_name(param->name, given, length))
            return param;
    const char *known[count + 1];
    for (size_t i = 0; i < count; i++)
        known[i] = mm_strategy.params[i].name;
    char kind[128];
    snprintf(kind, sizeof kind, "parameter of strategy %s", mm_strategy.name);
    unknown_param(kind, given, length, known, count);
    return NULL;
}

const char *const *params_for_strategy(const char *const *given)
{
    size_t count = length_of_list(given);
    char **checked = calloc(count + 1, sizeof *checked);
    if (!checked)
        return no_memory();
    for (size_t i = 0; i < count; i++) {
        size_t length = name_length("--strategy-param", given[i]);
        const struct mm_param *param = length ? find_strategy_param(given[i], length) : NULL;
        int64_t value;
        if (!param || !read_integer(param->name, given[i] + length + 1, param->lowest, param->highest, &value))
            return NULL;
        if (asprintf(&checked[i], "%s=%lld", param->name, (long long)value) < 0)
            return no_memory();
    }
    return (const char *const *)checked;
}
