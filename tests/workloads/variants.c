#include "variants.h"

#include <stdio.h>
#include <string.h>

json_t *find_named(const json_t *array, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)array, i, entry)
    {
        const char *its = json_string_value(json_object_get(entry, "name"));
        if (its && strcmp(its, name) == 0)
            return entry;
    }
    return NULL;
}

bool has_string(const json_t *array, const char *text)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)array, i, entry)
    {
        if (json_is_string(entry) && strcmp(json_string_value(entry), text) == 0)
            return true;
    }
    return false;
}

struct list {
    struct variant *variants;
    size_t count, capacity;
};

static struct variant *add(struct list *list, bool small)
{
    static struct variant spare;
    struct variant *variant = list->count < list->capacity ? &list->variants[list->count] : &spare;
    list->count++;
    *variant = (struct variant){.small = small};
    return variant;
}

static void add_integer(struct list *list, const json_t *param, bool small)
{
    const char *name = json_string_value(json_object_get(param, "name"));
    json_int_t usual = json_integer_value(json_object_get(param, small ? "small" : "initial"));
    json_int_t lowest = json_integer_value(json_object_get(param, "lowest"));
    json_int_t highest = json_integer_value(json_object_get(param, "highest"));
    if (!small && highest - lowest != 1)
        return;
    for (json_int_t value = lowest; value <= highest && value <= lowest + 1; value++)
        if (value != usual)
            snprintf(add(list, small)->param, VARIANT_TEXT, "%s=%lld", name, (long long)value);
}

static void add_choices(struct list *list, const json_t *param, bool small)
{
    const char *name = json_string_value(json_object_get(param, "name"));
    const char *usual = json_string_value(json_object_get(param, small ? "small" : "initial"));
    size_t i;
    json_t *choice;
    json_array_foreach(json_object_get(param, "choices"), i, choice)
    {
        if (strcmp(json_string_value(choice), usual) != 0)
            snprintf(add(list, small)->param, VARIANT_TEXT, "%s=%s", name, json_string_value(choice));
    }
}

static void add_size(struct list *list, const json_t *workload, bool small)
{
    size_t i;
    json_t *param;
    add(list, small);
    json_array_foreach(json_object_get(workload, "params"), i, param)
    {
        const char *kind = json_string_value(json_object_get(param, "kind"));
        if (kind && strcmp(kind, "integer") == 0)
            add_integer(list, param, small);
        else
            add_choices(list, param, small);
    }
}

size_t list_variants(const json_t *workload, bool full_size, struct variant variants[], size_t capacity)
{
    struct list list = {variants, 0, capacity};
    add_size(&list, workload, true);
    if (full_size)
        add_size(&list, workload, false);
    return list.count;
}
