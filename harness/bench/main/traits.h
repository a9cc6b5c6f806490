/* traits.h: the traits of mm.h by name. */
#ifndef BENCH_TRAITS_H
#define BENCH_TRAITS_H

#include <stddef.h>
#include <stdint.h>

struct trait {
    const char *name; /* that of MM_TRAIT_..., in small letters */
    uint32_t bit;
};

extern const struct trait traits[]; /* ends with name == NULL */

/* What a workload needs and this strategy has not, as text; "" if nothing. */
void missing_traits(uint32_t needs, char *text, size_t size);

#endif
