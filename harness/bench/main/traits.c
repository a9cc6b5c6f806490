#include "bench/main/traits.h"

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
