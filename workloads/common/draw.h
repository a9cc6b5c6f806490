/* draw.h: random numbers that are the same on every machine.
 *
 * xoshiro256** 1.0 (Blackman & Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 47(4), 2021), seeded
 * by splitmix64 (Steele, Lea & Flood, OOPSLA 2014) as its authors advise. */
#ifndef WORK_DRAW_H
#define WORK_DRAW_H

#include <stdint.h>

struct draw {
    uint64_t state[4];
};

/* One step of splitmix64: also a good hash of a 64-bit number. */
static inline uint64_t draw_mix(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static inline struct draw draw_seeded(uint64_t seed)
{
    struct draw draw;
    for (int i = 0; i < 4; i++)
        draw.state[i] = draw_mix(&seed);
    return draw;
}

static inline uint64_t draw_rotate(uint64_t x, int bits)
{
    return (x << bits) | (x >> (64 - bits));
}

/* 64 random bits. */
static inline uint64_t draw_bits(struct draw *draw)
{
    uint64_t *s = draw->state;
    uint64_t result = draw_rotate(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = draw_rotate(s[3], 45);
    return result;
}

/* 0 <= result < bound, each equally likely; bound > 0. (Lemire, "Fast random integer generation in an interval", ACM
 * TOMACS 29(1), 2019.) */
static inline uint64_t draw_below(struct draw *draw, uint64_t bound)
{
    for (;;) {
        __extension__ unsigned __int128 product = (unsigned __int128)draw_bits(draw) * bound;
        if ((uint64_t)product >= -bound % bound)
            return (uint64_t)(product >> 64);
    }
}

/* 0 <= result < 1, a multiple of 2^-53. */
static inline double draw_unit(struct draw *draw)
{
    return (double)(draw_bits(draw) >> 11) * 0x1p-53;
}

#endif
