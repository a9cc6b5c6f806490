#include "bench/main/request.h"

#include "bench/main/catalog.h"
#include "bench/main/describe.h"
#include "bench/message.h"

int request_read(int argc, char **argv, struct request *request)
{
    *request = (struct request){0};
    struct options *options = &request->options;
    options_parse(mm_strategy.summary, argc, argv, options);
    int status = catalog_open();
    if (status)
        return status;
    if (options->describe)
        return describe();
    request->entry = catalog_find(options->workload);
    if (!request->entry)
        return BENCH_USAGE;
    request->params = params_read(request->entry->workload, options->params, options->small);
    if (request->params)
        request->strategy_params = params_for_strategy(options->strategy_params, &request->values);
    return request->strategy_params ? BENCH_OK : BENCH_USAGE;
}
