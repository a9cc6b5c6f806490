/* variants.h: in which ways a workload is tried, made from what bench-<strategy> --describe says of it. */
#ifndef VARIANTS_H
#define VARIANTS_H

#include <jansson.h>
#include <stdbool.h>

enum { VARIANT_ARGUMENTS = 4, VARIANT_TEXT = 128 };

struct variant {
    bool small;
    char param[VARIANT_TEXT]; /* "name=value", or "" */
};

/* The entry of `name` in an array of objects that have a "name"; or NULL. */
json_t *find_named(const json_t *array, const char *name);

/* Whether an array of strings has `text`. */
bool has_string(const json_t *array, const char *text);

/* Fills `variants`, at most `capacity`; returns how many there are. Small: as it is; each integer parameter at its
 * lowest value and the next; each choice of a text. At full size: as it is; the choices; both values of a switch. */
size_t list_variants(const json_t *workload, bool full_size, struct variant variants[], size_t capacity);

#endif
