#include "names.h"

#include <string.h>

#include "grow.h"

#define HASH_NONFATAL_OOM            1
#define uthash_nonfatal_oom(element) ((element)->id = NAMES_NONE)
#include <uthash.h>

struct name {
    UT_hash_handle hh;
    uint32_t id;
    char text[];
};

static struct name *names_add(struct names *names, const char *text, size_t length)
{
    if (names->count >= NAMES_NONE || grow(&names->by_id, &names->capacity, names->count + 1, sizeof *names->by_id))
        return NULL;
    struct name *name = malloc(sizeof *name + length + 1);
    if (!name)
        return NULL;
    memcpy(name->text, text, length);
    name->text[length] = '\0';
    name->id = (uint32_t)names->count;
    HASH_ADD_KEYPTR(hh, names->by_text, name->text, length, name);
    if (name->id == NAMES_NONE) {
        free(name);
        return NULL;
    }
    names->by_id[names->count++] = name;
    return name;
}

uint32_t names_id(struct names *names, const char *text, size_t length)
{
    struct name *name;
    HASH_FIND(hh, names->by_text, text, length, name);
    if (!name)
        name = names_add(names, text, length);
    return name ? name->id : NAMES_NONE;
}

const char *names_text(const struct names *names, uint32_t id)
{
    return id < names->count ? names->by_id[id]->text : "";
}

void names_free(struct names *names)
{
    HASH_CLEAR(hh, names->by_text);
    for (size_t i = 0; i < names->count; i++)
        free(names->by_id[i]);
    free(names->by_id);
    *names = (struct names){0};
}
