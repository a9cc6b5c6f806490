/* recorder.h: the pauses of one repetition, whole: when each began and how long it took.
 *
 * Costs the clock twice a pause and nothing else. The memory is mapped beforehand and not from malloc; the pauses that
 * do not fit are still counted, and still looked at for the longest. A pause inside another (a chain of frees that a
 * collection sets off) is part of the outer one: pauses never overlap. */
#ifndef BENCH_RECORDER_H
#define BENCH_RECORDER_H

#include <stddef.h>
#include <stdint.h>

struct pause {
    uint64_t start_ns; /* since recorder_start */
    uint64_t length_ns;
    uint64_t freed;
    uint32_t cause; /* the caller's */
    uint32_t generation;
};

struct recorder {
    struct pause *pauses; /* the first `kept` of them */
    size_t kept, capacity;
    uint64_t count;  /* of all */
    uint64_t max_ns; /* the longest of all */
    uint64_t zero_ns;
    unsigned depth; /* of pauses that have begun and not ended */
    struct pause open;
};

/* 0 or -ENOMEM. */
int recorder_open(struct recorder *recorder, size_t capacity);
void recorder_close(struct recorder *recorder);

/* Forgets everything; time is 0 now. */
void recorder_start(struct recorder *recorder);

void recorder_pause_begin(struct recorder *recorder, uint32_t cause, uint32_t generation);

/* Without a begin before it: nothing. */
void recorder_pause_end(struct recorder *recorder, uint64_t freed);

#endif
