/* main.c: bench-<strategy>, the measuring process. Its protocol: harness/bench/README.md. */
#include "bench/main/catalog.h"
#include "bench/main/describe.h"
#include "bench/main/measure.h"
#include "bench/main/params.h"
#include "bench/message.h"
#include "bench/options.h"

int main(int argc, char **argv)
{
    struct options options;
    options_parse(mm_strategy.summary, argc, argv, &options);
    int status = catalog_open();
    if (status)
        return status;
    if (options.describe)
        return describe();
    const struct workload_entry *entry = catalog_find(options.workload);
    if (!entry)
        return BENCH_USAGE;
    const struct workload_value *params = params_read(entry->workload, options.params, options.small);
    struct harness_values values;
    const char *const *strategy_params = params ? params_for_strategy(options.strategy_params, &values) : NULL;
    if (!strategy_params)
        return BENCH_USAGE;
    return measure(&options, entry, params, strategy_params, &values);
}
