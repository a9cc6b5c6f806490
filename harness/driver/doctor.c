#include "driver/doctor.h"

#include <stdbool.h>
#include <stdio.h>

#include "driver/fitness.h"
#include "driver/say.h"
#include "driver/selftest.h"
#include "driver/usage.h"

/* Prints each check, and what to do. */
static int examine(void)
{
    static const char *const verdicts[] = {
        [FITNESS_FIT] = "fit", [FITNESS_UNFIT] = "UNFIT", [FITNESS_LIMITED] = "limited", [FITNESS_UNKNOWN] = "unknown"};
    struct fitness fitness[FITNESS_CHECKS];
    size_t unfit = 0;
    fitness_look(fitness, true);
    for (size_t i = 0; i < FITNESS_CHECKS; i++) {
        printf("%-8s %-10s %s\n", verdicts[fitness[i].verdict], fitness[i].name, fitness[i].seen);
        if (fitness[i].verdict != FITNESS_UNFIT && fitness[i].verdict != FITNESS_LIMITED)
            continue;
        printf("%20s%s\n%20sto do: %s\n", "", fitness[i].why, "", fitness[i].advice);
        unfit += fitness[i].verdict == FITNESS_UNFIT;
    }
    fitness_free(fitness);
    if (unfit)
        printf("\n%zu of %d make this machine less fit: what is compared, compare within one run, interleaved, and "
               "look at\n"
               "intervals. `reclaim doctor --aa` shows whether differences that are none are told apart here.\n",
               unfit, FITNESS_CHECKS);
    else
        puts("\nNothing was found that makes this machine unfit.");
    return unfit ? EXIT_SOME_FAILED : EXIT_ALL_OK;
}

/* ---- the command line */

enum key { KEY_AA = 256, KEY_POWER, KEY_OUT = 'o' };

static const struct argp_option table[] = {
    {"aa", KEY_AA, NULL, 0, "Run a set of cells against itself: how often is a difference shown that is none?", 0},
    {"power", KEY_POWER, NULL, 0, "Plant slowdowns of 1, 2, 5 and 10 %: which are found?", 0},
    {"out", KEY_OUT, "FOLDER", 0, "Where the rows go, new or empty, or cut off before; without it in results/", 0},
    {0},
};

struct input {
    bool aa, power;
    const char *file, *out;
};

static error_t parse(int key, char *value, struct argp_state *state)
{
    struct input *input = state->input;
    switch (key) {
    case KEY_AA: input->aa = true; break;
    case KEY_POWER: input->power = true; break;
    case KEY_OUT: input->out = value; break;
    case ARGP_KEY_ARG:
        if (input->file)
            usage_error(state, "one experiment at a time: %s or %s", input->file, value);
        input->file = value;
        break;
    case ARGP_KEY_END:
        if (input->aa && input->power)
            usage_error(state, "one at a time: --aa or --power");
        if ((input->file || input->out) && !input->aa && !input->power)
            usage_error(state, "with an experiment or a folder: --aa or --power");
        break;
    default: return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int doctor_command(int count, char **words)
{
    static const struct argp argp = {
        table,
        parse,
        "[EXPERIMENT.yaml]",
        "Says whether this machine is fit to measure on, and what to do where it is not.\v"
        "--aa and --power measure, by experiments/aa.yaml and experiments/power.yaml or an experiment of yours that "
        "names "
        "its strategies and workloads. They say how long it will take, and go on where they were cut off if --out is "
        "the same folder.\n"
        "Exit codes: 0 fit, or held; 1 not; 2 nothing was done.",
        NULL,
        NULL,
        NULL};
    struct input input = {0};
    usage_parse(&argp, count, words, &input);
    if (input.aa || input.power)
        return selftest_command(input.aa ? SELFTEST_AA : SELFTEST_POWER, input.file, input.out);
    return examine();
}
