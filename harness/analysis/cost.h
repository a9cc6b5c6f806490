/* cost.h: what a run says that work costs, as it is called and written: its time; in a counted run a number. */
#ifndef ANALYSIS_COST_H
#define ANALYSIS_COST_H

#include "dataset.h"
#include "format.h"

struct cost {
    const char *noun;            /* "2 times the time" */
    const char *title;           /* "Time per operation" */
    const char *least;           /* "Fastest" */
    const char *relative, *each; /* titles of figures: over the baseline; a panel per workload */
    struct figure (*format)(double value);
};

const struct cost *cost_of(const struct dataset *data);

#endif
