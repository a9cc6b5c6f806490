#include "driver/probes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "driver/say.h"

static bool same_process(const struct sample *a, const struct sample *b)
{
    static const enum SAMPLES_column key[] = {SAMPLES_strategy,  SAMPLES_strategy_params, SAMPLES_allocator,
                                              SAMPLES_workload,  SAMPLES_workload_params, SAMPLES_heap_limit_bytes,
                                              SAMPLES_invocation};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        const char *in_a = a->values[key[i]], *in_b = b->values[key[i]];
        if (strcmp(in_a ? in_a : "", in_b ? in_b : "") != 0)
            return false;
    }
    return true;
}

static bool is_whole(const struct sample *rows, size_t count, uint32_t repetitions)
{
    for (size_t i = 0; i < count; i++)
        if (!sample_is_ok(&rows[i]))
            return true;
    return count == repetitions;
}

int probes_take_up(struct results *results, uint32_t repetitions,
                   void (*take)(const struct sample *rows, size_t count, void *context), void *context)
{
    struct samples earlier = {0};
    char *path = must_print("%s/%s", results->folder, results->samples_only);
    int failure = samples_read(&earlier, path);
    for (size_t first = 0, next; first < earlier.count; first = next) {
        const struct sample *rows = &earlier.rows[first];
        for (next = first + 1; next < earlier.count && same_process(rows, &earlier.rows[next]); next++)
            ;
        if (!is_whole(rows, next - first, repetitions))
            continue;
        for (size_t i = first; i < next; i++)
            samples_add(&results->samples, (const char *const *)earlier.rows[i].values);
        take(rows, next - first, context);
    }
    if (!failure)
        failure = results_rewrite_samples(results);
    else if (failure == -ENOENT) /* there was no earlier session */
        failure = 0;
    else
        say("%s: %s", path, strerror(-failure));
    samples_free(&earlier);
    free(path);
    return failure ? -1 : 0;
}
