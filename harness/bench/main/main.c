/* main.c: bench-<strategy>, the measuring process. Its protocol: harness/bench/README.md. */
#include "bench/main/measure.h"
#include "bench/main/request.h"

int main(int argc, char **argv)
{
    struct request request;
    int status = request_read(argc, argv, &request);
    if (status || !request.entry)
        return status;
    return measure(&request.options, request.entry, request.params, request.strategy_params, &request.values);
}
