#include "common/common.h"
#include "hand.h"
#include "mm.h"

const struct mm_strategy mm_strategy = {
    .name = HAND_NAME,
    .summary = "by hand, in plain C: benchmarks/hand",
    .traits = MM_TRAITS,
};

int mm_heap_open(const struct mm_config *config)
{
    int error = common_params_read(config, NULL, NULL);
    return error ? error : hand_open();
}

void mm_heap_close(void)
{
    hand_close();
}

const char *mm_heap_check(void)
{
    return NULL;
}

size_t mm_collect(int generation)
{
    (void)generation;
    return 0;
}

/* Nothing is counted: who writes by hand does not either. */
void mm_stats_get(struct mm_stats *stats)
{
    *stats = (struct mm_stats){0};
}

void mm_stats_reset_peak(void) {}
