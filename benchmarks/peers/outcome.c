#include "outcome.h"

#include <math.h>
#include <stdlib.h>

const char *const verdict_names[VERDICTS] = {
    [VERDICT_HOLDS] = "holds",   [VERDICT_OPEN] = "open",       [VERDICT_MISSES] = "misses", [VERDICT_NO_GOAL] = "-",
    [VERDICT_FAILED] = "FAILED", [VERDICT_UNEQUAL] = "unequal", [VERDICT_ABSENT] = "absent",
};

struct outcome *outcomes_add(struct outcomes *outcomes, const char *work, const char *ours, const char *against,
                             struct goal goal)
{
    outcomes->items = must_resize(outcomes->items, outcomes->count + 1, sizeof *outcomes->items);
    struct outcome *outcome = &outcomes->items[outcomes->count++];
    *outcome = (struct outcome){
        .work = must_copy(work),
        .ours = must_copy(ours),
        .against = must_copy(against),
        .goal = goal,
    };
    outcome_without(outcome, VERDICT_FAILED, NULL);
    return outcome;
}

void outcomes_free(struct outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++) {
        free(outcomes->items[i].work);
        free(outcomes->items[i].ours);
        free(outcomes->items[i].against);
        free(outcomes->items[i].note);
    }
    free(outcomes->items);
    *outcomes = (struct outcomes){0};
}

bool outcome_has_figures(const struct outcome *outcome)
{
    return outcome->verdict != VERDICT_ABSENT && outcome->verdict != VERDICT_FAILED;
}

/* Larger is worse in one kind of goal, and better in the other. */
static enum verdict judge(const struct goal *goal, const struct interval *interval)
{
    switch (goal->kind) {
    case GOAL_TIME_RATIO:
        return interval->high <= goal->value ? VERDICT_HOLDS
               : interval->low > goal->value ? VERDICT_MISSES
                                             : VERDICT_OPEN;
    case GOAL_TIMES_AS_FAST:
        return interval->low >= goal->value   ? VERDICT_HOLDS
               : interval->high < goal->value ? VERDICT_MISSES
                                              : VERDICT_OPEN;
    case GOAL_NONE: break;
    }
    return VERDICT_NO_GOAL;
}

void outcome_judge(struct outcome *outcome, const struct ratio *time_ratio)
{
    outcome->figure = *time_ratio;
    if (outcome->goal.kind == GOAL_TIMES_AS_FAST)
        outcome->figure = (struct ratio){
            .median = 1 / time_ratio->median,
            .interval = {1 / time_ratio->interval.high, 1 / time_ratio->interval.low},
        };
    outcome->verdict = judge(&outcome->goal, &outcome->figure.interval);
}

void outcome_without(struct outcome *outcome, enum verdict verdict, char *note)
{
    free(outcome->note);
    outcome->note = note;
    outcome->verdict = verdict;
    outcome->ours_ns = outcome->against_ns = NAN;
    outcome->figure = (struct ratio){NAN, {NAN, NAN}};
}

void outcome_note(struct outcome *outcome, const char *format, ...)
{
    struct text text = {0};
    if (outcome->note)
        text_add(&text, "%s; ", outcome->note);
    va_list arguments;
    va_start(arguments, format);
    text_add_va(&text, format, arguments);
    va_end(arguments);
    free(outcome->note);
    outcome->note = text.bytes;
}
