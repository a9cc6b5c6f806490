#include "claims/rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    enum rule_sign sign;
} signs[] = {
    {"<=", RULE_LESS_EQUAL}, {">=", RULE_MORE_EQUAL}, {"<", RULE_LESS}, {">", RULE_MORE}, {"=", RULE_EQUAL},
};
enum { SIGNS = sizeof signs / sizeof *signs };

static const char *skip_spaces(const char *text)
{
    return text + strspn(text, " \n");
}

/* Reads "< 0.9" and moves behind it. */
static bool read_part(const char **text, struct rule_part *part)
{
    const char *at = skip_spaces(*text);
    for (size_t i = 0; i < SIGNS; i++) {
        size_t length = strlen(signs[i].text);
        if (strncmp(at, signs[i].text, length) != 0)
            continue;
        at = skip_spaces(at + length);
        char *end;
        *part = (struct rule_part){signs[i].sign, strtod(at, &end)};
        bool is_number = end != at && isfinite(part->threshold);
        *text = skip_spaces(end);
        return is_number;
    }
    return false;
}

static bool skip_word(const char **text, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(*text, word, length) != 0 || (*text)[length] != ' ')
        return false;
    *text += length;
    return true;
}

bool rule_read(struct rule *rule, const char *text, const char **why)
{
    *rule = (struct rule){0};
    *why = "expected a comparison with a number: `< 0.9`, `>= 0.95 and <= 1.05`, `= 0`";
    for (bool goes_on = true; goes_on;) {
        if (rule->count == RULE_PARTS_MAX || !read_part(&text, &rule->parts[rule->count++]))
            return false;
        bool any = skip_word(&text, "or"), all = !any && skip_word(&text, "and");
        if ((any || all) && rule->count > 1 && any != rule->any) {
            *why = "`and` and `or` in one rule: use one of them";
            return false;
        }
        rule->any |= any;
        goes_on = any || all;
    }
    return !*text;
}

static bool part_is_met(const struct rule_part *part, struct interval interval)
{
    switch (part->sign) {
    case RULE_LESS: return interval.high < part->threshold;
    case RULE_LESS_EQUAL: return interval.high <= part->threshold;
    case RULE_MORE: return interval.low > part->threshold;
    case RULE_MORE_EQUAL: return interval.low >= part->threshold;
    default: return interval.low == part->threshold && interval.high == part->threshold;
    }
}

bool rule_is_met(const struct rule *rule, struct interval interval)
{
    size_t met = 0;
    for (size_t i = 0; i < rule->count; i++)
        met += part_is_met(&rule->parts[i], interval);
    return rule->any ? met > 0 : met == rule->count;
}

static struct interval part_region(const struct rule_part *part)
{
    switch (part->sign) {
    case RULE_LESS:
    case RULE_LESS_EQUAL: return (struct interval){-INFINITY, part->threshold};
    case RULE_MORE:
    case RULE_MORE_EQUAL: return (struct interval){part->threshold, INFINITY};
    default: return (struct interval){part->threshold, part->threshold};
    }
}

size_t rule_regions(const struct rule *rule, struct interval regions[RULE_PARTS_MAX])
{
    struct interval all = {-INFINITY, INFINITY};
    for (size_t i = 0; i < rule->count; i++) {
        regions[i] = part_region(&rule->parts[i]);
        all = (struct interval){fmax(all.low, regions[i].low), fmin(all.high, regions[i].high)};
    }
    if (rule->any || rule->count < 2)
        return rule->count;
    regions[0] = all;
    return all.low <= all.high;
}
