/* pilot.h: how often each cell has to be measured, by a measurement beforehand (Kalibera and Jones 2013,
 * analysis/repetition_plan.h).
 *
 * A few processes of each cell, in random order, show how its times vary between invocations and between repetitions of
 * one, and what each costs. From that follow counts for the precision that the experiment asks for, or, if that takes
 * longer than its time, for the best precision, the same for all cells, that fits. They are fixed then: the run does
 * not end when an interval looks good.
 *
 * The rows go to pilot.csv in the run's folder; a pilot that was cut off goes on from them. None is a result. */
#ifndef PILOT_H
#define PILOT_H

#include "driver/plan.h"
#include "driver/results.h"

enum pilot_end { PILOT_DONE, PILOT_INTERRUPTED, PILOT_NO_ROOM };

/* Measures, and gives the plan's cells their counts and the plan its jobs. The run's folder is open. Shows its
 * progress. */
enum pilot_end pilot_run(struct plan *plan, const struct results *run);

#endif
