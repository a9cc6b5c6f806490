/* main.c: bench-<strategy>, the measuring process. Its protocol: harness/bench/README.md. */
#include <errno.h>
#include <string.h>

#include "bench/json.h"
#include "bench/main/measure.h"
#include "bench/main/request.h"
#include "bench/message.h"

int main(int argc, char **argv)
{
    struct request request;
    int status = request_read(argc, argv, &request);
    if (status || !request.entry)
        return status;
    if (json_take_stdout()) {
        message("stdout: %s", strerror(errno));
        return BENCH_FAILED;
    }
    return measure(&request.options, request.entry, request.params, request.strategy_params, &request.values);
}
