/* rule.h: a comparison of a figure's whole interval with thresholds: "< 0.9", ">= 0.95 and <= 1.05", "= 0".
 *
 * It is met if all of the interval meets it: the doubt of a measurement never decides. */
#ifndef CLAIM_RULE_H
#define CLAIM_RULE_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/bootstrap.h"

enum { RULE_PARTS_MAX = 4 };

struct rule_part {
    enum rule_sign { RULE_LESS, RULE_LESS_EQUAL, RULE_MORE, RULE_MORE_EQUAL, RULE_EQUAL } sign;
    double threshold;
};

/* One comparison; several joined by `and`, or by `or`. */
struct rule {
    struct rule_part parts[RULE_PARTS_MAX];
    size_t count;
    bool any; /* joined by `or` */
};

/* False if the text is none; then *why says what is expected. */
bool rule_read(struct rule *rule, const char *text, const char **why);

/* Where a figure meets it: intervals, ends that are none are infinite. How many there are. */
size_t rule_regions(const struct rule *rule, struct interval regions[RULE_PARTS_MAX]);

/* Whether all of the interval meets it. Never met by an interval that is not there. */
bool rule_is_met(const struct rule *rule, struct interval interval);

#endif
