#include "driver/left_out.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const struct strategy_info *left_out_find(const struct catalogue *catalogue, const char *name)
{
    for (size_t i = 0; i < catalogue->left_out_count; i++)
        if (strcmp(catalogue->left_out[i].name, name) == 0)
            return &catalogue->left_out[i];
    return NULL;
}

void left_out_add(struct catalogue *catalogue, const char *name, const char *reason)
{
    struct strategy_info *place = (struct strategy_info *)(uintptr_t)left_out_find(catalogue, name);
    if (place) {
        free(place->left_out);
        place->left_out = must_copy(reason);
        return;
    }
    catalogue->left_out = must_resize(catalogue->left_out, catalogue->left_out_count + 1, sizeof *catalogue->left_out);
    catalogue->left_out[catalogue->left_out_count++] =
        (struct strategy_info){.name = must_copy(name), .left_out = must_copy(reason)};
}

void left_out_read(struct catalogue *catalogue, const char *folder)
{
    char *path = must_print("%s/left-out", folder), *line = NULL;
    size_t capacity = 0;
    FILE *in = fopen(path, "r");
    while (in && getline(&line, &capacity, in) > 0) {
        line[strcspn(line, "\n")] = 0;
        char *reason = strchr(line, '\t');
        if (!reason)
            continue;
        *reason++ = 0;
        left_out_add(catalogue, line, reason);
    }
    if (in)
        fclose(in);
    free(line);
    free(path);
}

void left_out_free(struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->left_out_count; i++) {
        free((char *)(uintptr_t)catalogue->left_out[i].name);
        free(catalogue->left_out[i].left_out);
    }
    free(catalogue->left_out);
}

char *left_out_why(const struct strategy_info *strategy)
{
    return must_print("strategy %s is not in this build: it %s; install that, and run `make build`", strategy->name,
                      strategy->left_out);
}
