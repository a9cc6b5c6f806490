/* request.h: what the command line asks for, found in this executable and checked. */
#ifndef BENCH_REQUEST_H
#define BENCH_REQUEST_H

#include "bench/main/params.h"
#include "bench/options.h"

struct request {
    struct options options;
    const struct workload_entry *entry; /* NULL: nothing is to be run, --describe was all */
    const struct workload_value *params;
    const char *const *strategy_params;
    struct harness_values values;
};

/* 0, or an exit code after a message. */
int request_read(int argc, char **argv, struct request *request);

#endif
