/* number.h: whole numbers as people type them, in any locale. */
#ifndef BENCH_NUMBER_H
#define BENCH_NUMBER_H

#include <stdint.h>

/* Reads "-12", "4096", "64K", "100M", "2G" (K, M, G: times 1024, 1024^2, 1024^3; small letters too). 0; -EINVAL for
 * what is no number; -ERANGE for one that does not fit. `value` is set only on 0. */
int number_parse(const char *text, int64_t *value);

#endif
