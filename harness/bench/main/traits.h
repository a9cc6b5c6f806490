/* traits.h: the traits of mm.h by name. */
#ifndef BENCH_TRAITS_H
#define BENCH_TRAITS_H

#include <stdint.h>

struct trait {
    const char *name; /* that of MM_TRAIT_..., in small letters */
    uint32_t bit;
};

extern const struct trait traits[]; /* ends with name == NULL */

#endif
