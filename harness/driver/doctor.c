#include "driver/doctor.h"

#include <stdio.h>

#include "driver/fitness.h"
#include "driver/say.h"

int doctor_command(void)
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
