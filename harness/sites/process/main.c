/* main.c: sites-<strategy>, a watched process. It takes the options of a measuring process that say what to run, and
 * --at; its rows are in harness/sites/README.md. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/json.h"
#include "bench/main/request.h"
#include "bench/message.h"
#include "sites/process/watched_run.h"

/* Takes the option and its value out of the command line; the value, or NULL. */
static const char *take_option(int *argc, char **argv, const char *name)
{
    for (int i = 1; i + 1 < *argc; i++) {
        if (strcmp(argv[i], name) != 0)
            continue;
        const char *value = argv[i + 1];
        *argc -= 2;
        memmove(&argv[i], &argv[i + 2], (size_t)(*argc - i + 1) * sizeof *argv);
        return value;
    }
    return NULL;
}

/* "25,50": numbers from 1 to 99, each larger than the one before. */
static int read_moments(const char *text, struct moments *moments)
{
    *moments = (struct moments){0};
    for (const char *at = text; at && *at;) {
        char *end;
        long percent = strtol(at, &end, 10), least = moments->count ? moments->percent[moments->count - 1] + 1 : 1;
        if (end == at || (*end && *end != ',') || percent < least || percent > 99) {
            message("--at %s: expected whole numbers from 1 to 99, ascending, with commas between them", text);
            return BENCH_USAGE;
        }
        moments->percent[moments->count++] = (int)percent;
        at = *end ? end + 1 : end;
    }
    return BENCH_OK;
}

int main(int argc, char **argv)
{
    struct moments moments;
    if (read_moments(take_option(&argc, argv, "--at"), &moments))
        return BENCH_USAGE;
    struct request request;
    int status = request_read(argc, argv, &request);
    if (status || !request.entry)
        return status;
    if (json_take_stdout()) {
        message("stdout: %s", strerror(errno));
        return BENCH_FAILED;
    }
    return watched_run(&request.options, request.entry, request.params, request.strategy_params, &moments);
}
