/* zipf.h: draws of 1 to n where k comes with a probability in proportion to k^-exponent: what popularity looks like.
 *
 * Rejection-inversion: W. Hörmann & G. Derflinger, "Rejection-inversion to generate variates from monotone discrete
 * distributions", ACM TOMACS 6(3), 1996. No table, the same cost for any n, exact for any exponent >= 0. */
#ifndef WORK_ZIPF_H
#define WORK_ZIPF_H

#include <stddef.h>

#include "common/draw.h"

struct zipf {
    double exponent;
    double count;                 /* n */
    double area_first, area_last; /* the integral up to where 1 begins and n ends */
    double shortcut;              /* a point this close below k is always accepted */
};

/* n >= 1, exponent >= 0. */
struct zipf zipf_new(uint64_t count, double exponent);

/* 1 to n. */
uint64_t zipf_draw(const struct zipf *zipf, struct draw *draw);

/* `draws` of them, outside the heap (outside.h: free them so); NULL if there is no more memory. n < 2^32. */
uint32_t *zipf_draws_new(size_t draws, uint64_t count, double exponent, uint64_t seed);

#endif
