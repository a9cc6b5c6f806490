#include "driver/environment.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct environment environment_copy(void)
{
    struct environment copy = {0};
    for (char **item = environ; *item; item++)
        strings_add(&copy.items, *item);
    return copy;
}

void environment_set(struct environment *environment, const char *name, const char *value)
{
    struct strings *items = &environment->items;
    size_t length = strlen(name);
    for (size_t i = 0; i < items->count; i++) {
        if (strncmp(items->items[i], name, length) != 0 || items->items[i][length] != '=')
            continue;
        free(items->items[i]);
        items->items[i] = items->items[--items->count];
        items->items[items->count] = NULL;
        break;
    }
    if (value)
        strings_take(items, must_print("%s=%s", name, value));
}

void environment_free(struct environment *environment)
{
    strings_free(&environment->items);
}
