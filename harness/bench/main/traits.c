#include "bench/main/traits.h"

#include <stdio.h>
#include <string.h>

#include "mm.h"

const struct trait traits[] = {
    {"cycles", MM_TRAIT_CYCLES},
    {"prompt", MM_TRAIT_PROMPT},
    {"moves", MM_TRAIT_MOVES},
    {"regions", MM_TRAIT_REGIONS},
    {"explicit_free", MM_TRAIT_EXPLICIT_FREE},
    {"never_frees", MM_TRAIT_NEVER_FREES},
    {"threads", MM_TRAIT_THREADS},
    {"weak", MM_TRAIT_WEAK},
    {"finalizers", MM_TRAIT_FINALIZERS},
    {"collector", MM_TRAIT_COLLECTOR},
    {"counts", MM_TRAIT_COUNTS},
    {"checks", MM_TRAIT_CHECKS},
    {"conservative", MM_TRAIT_CONSERVATIVE},
    {"save_all", MM_TRAIT_SAVE_ALL},
    {NULL, 0},
};

void missing_traits(uint32_t needs, char *text, size_t size)
{
    uint32_t missing = needs & ~(uint32_t)MM_TRAITS;
    text[0] = '\0';
    for (const struct trait *trait = traits; trait->name; trait++) {
        size_t used = strlen(text);
        if (missing & trait->bit)
            snprintf(text + used, size - used, "%s%s", used ? ", " : "", trait->name);
    }
}
