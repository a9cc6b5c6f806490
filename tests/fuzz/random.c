/* The seeded random front end: fuzz-<strategy> [--seconds N] [--seed N] [--runs N] [--replay FILE] ...
 *
 * Inputs are run in a child process, so that a crash, a hang and a failed comparison are all the same: the parent
 * makes the input again from its seed, shortens it as long as it still fails, and says how to replay it. */
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"

enum { INPUT_BYTES = 6000, HANG_S = 60, SHRINK_TRIES = 3000, SHRINK_S = 40 };

struct options {
    uint64_t seed, runs;
    double seconds;
    const char *replay;
    bool quiet; /* no replay file, no shrinking: say only in how many operations */
};

/* What the child tells the parent, even by dying. */
struct shared {
    uint64_t run;
    uint64_t operations;
    uint64_t runs_done;
};

static struct shared *shared;

/* ---- inputs */

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* Most inputs are short: what fails in few operations is understood sooner. */
static size_t make_input(uint64_t seed, uint8_t data[INPUT_BYTES])
{
    uint64_t state = seed;
    uint64_t draw = next_random(&state);
    size_t size = draw % 8 == 0 ? INPUT_BYTES / 2 + draw / 8 % (INPUT_BYTES / 2) : 40 + draw / 8 % 1200;
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(next_random(&state) >> 32);
    return size;
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- children */

static void run_all(const struct options *options)
{
    static uint8_t data[INPUT_BYTES];
    double end_s = now_s() + options->seconds;
    for (uint64_t run = 0; run < options->runs && (options->seconds <= 0 || now_s() < end_s); run++) {
        shared->run = run;
        size_t size = make_input(options->seed + run, data);
        alarm(HANG_S);
        fuzz_one(data, size, (struct fuzz_options){0});
        shared->runs_done++;
    }
}

/* Runs one input in a child that says nothing; true if it fails. */
static bool fails(const uint8_t *data, size_t size)
{
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stderr))
            _exit(0);
        alarm(HANG_S);
        fuzz_one(data, size, (struct fuzz_options){0});
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return false;
    return status != 0;
}

/* ---- shortening */

/* Without `length` bytes at `at`, if it still fails. */
static bool cut(uint8_t *data, size_t *size, size_t at, size_t length)
{
    uint8_t shorter[INPUT_BYTES];
    memcpy(shorter, data, at);
    memcpy(shorter + at, data + at + length, *size - at - length);
    if (!fails(shorter, *size - length))
        return false;
    *size -= length;
    memcpy(data, shorter, *size);
    return true;
}

static void shrink(uint8_t *data, size_t *size)
{
    double end_s = now_s() + SHRINK_S;
    int tries = 0;
    for (size_t length = *size / 2; length != 0; length /= 2) {
        for (size_t end = *size; end >= length && tries < SHRINK_TRIES && now_s() < end_s; tries++) {
            if (!cut(data, size, end - length, length) || end > *size)
                end = end - length < *size ? end - length : *size;
        }
    }
}

static void report(const struct options *options, const char *program, uint64_t seed)
{
    static uint8_t data[INPUT_BYTES];
    size_t size = make_input(seed, data), before = size;
    fprintf(stderr, "%s: failed with seed %" PRIu64 " after %" PRIu64 " operations in %" PRIu64 " runs\n",
            mm_strategy.name, seed, shared->operations, shared->runs_done + 1);
    fprintf(stderr, "  replay: %s --seed %" PRIu64 " --runs 1\n", program, seed);
    if (options->quiet || !fails(data, size))
        return;
    shrink(data, &size);
    char file[256];
    snprintf(file, sizeof file, "fuzz-%s-%" PRIu64 ".bin", mm_strategy.name, seed);
    FILE *out = fopen(file, "wb");
    if (!out || fwrite(data, 1, size, out) != size || fclose(out) != 0) {
        fprintf(stderr, "  cannot write %s\n", file);
        return;
    }
    fprintf(stderr, "  shortened from %zu to %zu bytes: %s --replay %s\n", before, size, program, file);
}

/* ---- the command */

static int replay(const char *file)
{
    static uint8_t data[1 << 20];
    FILE *in = fopen(file, "rb");
    if (!in) {
        fprintf(stderr, "fuzz-%s: %s: cannot be read\n", mm_strategy.name, file);
        return 2;
    }
    size_t size = fread(data, 1, sizeof data, in);
    fclose(in);
    fuzz_trace = true;
    struct fuzz_result result = fuzz_one(data, size, (struct fuzz_options){0});
    fprintf(stderr, "%" PRIu32 " operations, nothing found\n", result.operations);
    return 0;
}

static uint64_t parse_number(const char *text, struct argp_state *state)
{
    char *end;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text || *end != '\0')
        argp_error(state, "`%s' is not a whole number", text);
    return value;
}

static error_t parse(int key, char *text, struct argp_state *state)
{
    struct options *options = state->input;
    switch (key) {
    case 's': options->seed = parse_number(text, state); return 0;
    case 'r': options->runs = parse_number(text, state); return 0;
    case 't': options->seconds = (double)parse_number(text, state); return 0;
    case 'f': options->replay = text; return 0;
    case 'q': options->quiet = true; return 0;
    case 'v': fuzz_trace = true; return 0;
    default: return ARGP_ERR_UNKNOWN;
    }
}

static const struct argp_option argp_options[] = {
    {"seed", 's', "N", 0, "the first run's seed; each run takes the next (1)", 0},
    {"runs", 'r', "N", 0, "at most so many runs (no limit with --seconds, else 1000)", 0},
    {"seconds", 't', "N", 0, "at most so long", 0},
    {"replay", 'f', "FILE", 0, "runs the input in FILE, and prints each operation", 0},
    {"quiet", 'q', NULL, 0, "does not shorten what fails", 0},
    {"trace", 'v', NULL, 0, "prints each operation", 0},
    {0},
};

static int run_in_child(const struct options *options, const char *program)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED)
        return 2;
    fuzz_operations = &shared->operations;
    pid_t child = fork();
    if (child == 0) {
        run_all(options);
        _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) < 0)
        return 2;
    if (status == 0) {
        printf("%s: %" PRIu64 " runs, %" PRIu64 " operations, nothing found\n", mm_strategy.name, shared->runs_done,
               shared->operations);
        return 0;
    }
    if (WIFSIGNALED(status))
        fprintf(stderr, "%s: ended by %s\n", mm_strategy.name, strsignal(WTERMSIG(status)));
    struct shared at_failure = *shared;
    report(options, program, options->seed + at_failure.run);
    printf("%s: %" PRIu64 " runs, %" PRIu64 " operations, failed\n", mm_strategy.name, at_failure.runs_done + 1,
           at_failure.operations);
    return 1;
}

int main(int argc, char **argv)
{
    struct options options = {.seed = 1};
    const struct argp argp = {argp_options, parse, NULL, "Fuzzes a strategy against a model of the object graph.",
                              NULL,         NULL,  NULL};
    argp_parse(&argp, argc, argv, 0, NULL, &options);
    if (options.runs == 0)
        options.runs = options.seconds > 0 ? UINT64_MAX : 1000;
    if (options.replay)
        return replay(options.replay);
    return run_in_child(&options, argv[0]);
}
