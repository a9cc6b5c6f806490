/* When a claim holds, and when not, as a sentence: from the findings at the points.
 *
 * Along the axis (the first key whose values are numbers and differ) neighbours with the same finding are one range;
 * groups of the other keys with the same ranges are named together. */
#include <stdlib.h>
#include <string.h>

#include "claims/verdict.h"
#include "driver/text.h"

enum { NO_AXIS = POINT_KEYS_MAX };

static unsigned axis_of(const struct judgement_verdict *judged)
{
    for (unsigned key = 0; judged->point_count && key < judged->points[0].point.count; key++) {
        bool numbers = true, differ = false;
        for (size_t i = 0; i < judged->point_count; i++) {
            double number;
            numbers = numbers && is_number(judged->points[i].point.keys[key], &number);
            differ = differ || strcmp(judged->points[i].point.keys[key], judged->points[0].point.keys[key]) != 0;
        }
        if (numbers && differ)
            return key;
    }
    return NO_AXIS;
}

static bool is_named_alone(const char *over)
{
    return strcmp(over, "strategy") == 0 || strcmp(over, "allocator") == 0 || strcmp(over, "workload") == 0;
}

/* "refcount_gc size=2": the point without its axis. */
static char *group_name(const struct point *point, unsigned axis)
{
    struct text text = {0};
    for (unsigned i = 0; i < point->count; i++)
        if (i != axis && is_named_alone(point->over[i]))
            text_add(&text, "%s%s", text.length ? " " : "", point->keys[i]);
        else if (i != axis)
            text_add(&text, "%s%s=%s", text.length ? " " : "", point->over[i], point->keys[i]);
    char *name = must_copy(text_string(&text));
    text_free(&text);
    return name;
}

static const char *said(enum finding finding)
{
    return finding == FINDING_HOLDS ? "holds" : finding == FINDING_FAILS ? "does not hold" : "is undecided";
}

/* One of only two is named alone: what lies beyond it was not looked at. */
static void add_range(struct text *text, const char *over, const char *first, const char *last, bool from_start,
                      bool to_end, bool of_two)
{
    if (from_start && to_end)
        return;
    if (of_two || (!from_start && !to_end && strcmp(first, last) == 0))
        text_add(text, " at %s=%s", over, first);
    else if (from_start)
        text_add(text, " up to %s=%s", over, last);
    else if (to_end)
        text_add(text, " from %s=%s on", over, first);
    else
        text_add(text, " from %s=%s to %s", over, first, last);
}

/* One group's findings along the axis: "holds up to n=16, does not hold from n=64 on". */
static char *ranges(const struct judgement_verdict *judged, unsigned axis, const char *group)
{
    struct text text = {0};
    const struct point_verdict *members[256];
    size_t count = 0;
    for (size_t i = 0; i < judged->point_count && count < sizeof members / sizeof *members; i++) {
        char *name = group_name(&judged->points[i].point, axis);
        if (strcmp(name, group) == 0)
            members[count++] = &judged->points[i];
        free(name);
    }
    for (size_t first = 0, i = 0; i < count; i++) {
        if (i + 1 < count && members[i + 1]->finding == members[first]->finding)
            continue;
        text_add(&text, "%s%s", first ? ", " : "", said(members[first]->finding));
        if (axis != NO_AXIS)
            add_range(&text, members[i]->point.over[axis], members[first]->point.keys[axis],
                      members[i]->point.keys[axis], first == 0, i + 1 == count, count == 2);
        first = i + 1;
    }
    char *said_of = must_copy(text_string(&text));
    text_free(&text);
    return said_of;
}

/* "refcount, refcount_gc: holds; marksweep: does not hold": groups with the same ranges together. */
static void add_groups(struct text *text, const struct judgement_verdict *judged)
{
    struct strings groups = {0}, said_of = {0};
    unsigned axis = axis_of(judged);
    for (size_t i = 0; i < judged->point_count; i++) {
        char *name = group_name(&judged->points[i].point, axis);
        if (strings_has(&groups, name)) {
            free(name);
            continue;
        }
        strings_take(&said_of, ranges(judged, axis, name));
        strings_take(&groups, name);
    }
    bool alike = true;
    for (size_t i = 1; i < groups.count; i++)
        alike = alike && strcmp(said_of.items[i], said_of.items[0]) == 0;
    for (size_t i = 0; i < groups.count; i++) {
        bool is_first = true, is_told = false;
        for (size_t j = 0; j < i; j++)
            is_told |= strcmp(said_of.items[j], said_of.items[i]) == 0;
        for (size_t j = i; j < groups.count && !is_told && !alike; j++) {
            if (strcmp(said_of.items[j], said_of.items[i]) != 0)
                continue;
            text_add(text, "%s%s", is_first ? i ? "; " : "" : ", ", groups.items[j]);
            is_first = false;
        }
        if (!is_told)
            text_add(text, "%s%s", alike || !*groups.items[i] ? "" : ": ", said_of.items[i]);
    }
    strings_free(&groups);
    strings_free(&said_of);
}

/* Why there is no figure, at the first point without one. */
static char *missing(const struct claim_verdict *verdict)
{
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++) {
        const struct judgement_verdict *judged = &verdict->judgements[i];
        if (!judgement_judges(judged->judgement))
            continue;
        if (!judged->point_count)
            return must_print("no rows of `%s`", judged->judgement->figure);
        for (size_t j = 0; j < judged->point_count; j++)
            if (judged->points[j].finding == FINDING_MISSING)
                return must_copy(judged->points[j].figure.why);
    }
    return must_copy("");
}

char *condition_of(const struct claim_verdict *verdict)
{
    if (verdict->verdict == VERDICT_NOT_MEASURED)
        return missing(verdict);
    if (verdict->verdict != VERDICT_DEPENDS)
        return must_copy("");
    struct text text = {0};
    unsigned judged = 0;
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++)
        judged += judgement_judges(&verdict->claim->judgements[i]);
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++) {
        const struct claim_judgement *judgement = &verdict->claim->judgements[i];
        if (!judgement_judges(judgement))
            continue;
        text_add(&text, "%s", text.length ? "; " : "");
        if (judged > 1)
            text_add(&text, "%s: ", judgement->name ? judgement->name : judgement->figure);
        add_groups(&text, &verdict->judgements[i]);
    }
    return text.bytes;
}
