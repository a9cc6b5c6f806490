/* names.h: interned text. A run names few things in many rows: each text is kept once, and rows keep its number. */
#ifndef ANALYSIS_NAMES_H
#define ANALYSIS_NAMES_H

#include <stddef.h>
#include <stdint.h>

struct name;

struct names {
    struct name *by_text; /* uthash */
    struct name **by_id;
    size_t count, capacity;
};

#define NAMES_NONE UINT32_MAX

/* The number of a text, the same for the same bytes; NAMES_NONE when memory is out. */
uint32_t names_id(struct names *names, const char *text, size_t length);

/* The text of a number, NUL at its end. Stays where it is until names_free. */
const char *names_text(const struct names *names, uint32_t id);

void names_free(struct names *names);

#endif
