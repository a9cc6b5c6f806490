/* collector.h: a collector switched off, objects frozen, or collections asked for by hand: what Python's gc module
 * offers, as parameters of a workload.
 *
 *     gc=on|off|freeze    left as it is; disabled; what was made in setup is left out of every collection
 *     collect_every=n     gc.collect(generation) after every n operations; 0: never
 *
 * A strategy without a collector has nothing to switch, so off and freeze need one: collector_needs. */
#ifndef WORK_COLLECTOR_H
#define WORK_COLLECTOR_H

#include "mm.h"

enum collector_mode { COLLECTOR_ON, COLLECTOR_OFF, COLLECTOR_FREEZE };
static const char *const collector_modes[] = {
    [COLLECTOR_ON] = "on", [COLLECTOR_OFF] = "off", [COLLECTOR_FREEZE] = "freeze", NULL};

struct collector {
    enum collector_mode mode;
    bool was_enabled;
    uint64_t every, left; /* operations; until the next collection */
    int generation;
};

static inline uint32_t collector_needs(enum collector_mode mode)
{
    return mode == COLLECTOR_ON ? 0 : MM_TRAIT_COLLECTOR;
}

/* In setup, before anything is made. */
static inline void collector_open(struct collector *collector, enum collector_mode mode, uint64_t every, int generation)
{
    *collector = (struct collector){.mode = mode, .every = every, .left = every, .generation = generation};
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    collector->was_enabled = mm_gc_is_enabled();
    if (mode == COLLECTOR_OFF)
        mm_gc_disable();
#endif
}

/* In setup, when everything is made. */
static inline void collector_freeze(const struct collector *collector)
{
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    if (collector->mode == COLLECTOR_FREEZE)
        mm_gc_freeze();
#else
    (void)collector;
#endif
}

/* After each operation: collects where it is time to, so what was borrowed is stale. */
static inline void collector_step(struct collector *collector)
{
    if (collector->every == 0 || --collector->left > 0)
        return;
    collector->left = collector->every;
    mm_collect(collector->generation);
}

/* In teardown. */
static inline void collector_close(const struct collector *collector)
{
#if MM_TRAITS & MM_TRAIT_COLLECTOR
    if (collector->mode == COLLECTOR_FREEZE)
        mm_gc_unfreeze();
    if (collector->mode == COLLECTOR_OFF && collector->was_enabled)
        mm_gc_enable();
#else
    (void)collector;
#endif
}

#endif
