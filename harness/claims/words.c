#include "claims/words.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver/text.h"

static const double agreement = 0.05; /* how far a figure may be from CPython's own */

struct figure words_figure(enum claim_unit unit, double value)
{
    struct figure figure = format_number(value);
    if (value != 0 && fabs(value) < 0.0005)
        snprintf(figure.text, sizeof figure.text, "%.2g", value);
    switch (unit) {
    case UNIT_BYTES:
        if (fabs(value) < 9999.5 && value != round(value))
            snprintf(figure.text, sizeof figure.text, "%.1f B", value);
        else
            figure = format_bytes(value);
        break;
    case UNIT_NS: figure = format_ns(value); break;
    case UNIT_SHARE: snprintf(figure.text, sizeof figure.text, "%.3g %%", value * 100); break;
    case UNIT_RATIO: strcat(figure.text, "×"); break; /* a number has room for it */
    default:
        if (value == round(value))
            figure = format_count(value);
    }
    return figure;
}

char *words_interval(enum claim_unit unit, const struct figure_at *figure)
{
    if (isnan(figure->value))
        return must_copy("-");
    struct figure value = words_figure(unit, figure->value), low = words_figure(unit, figure->interval.low);
    if (isnan(figure->interval.low))
        return must_print("%s (one process: no interval)", value.text);
    if (figure->interval.low == figure->interval.high)
        return must_copy(value.text);
    return must_print("%s [%s, %s]", value.text, low.text, words_figure(unit, figure->interval.high).text);
}

char *words_plain(const char *markdown)
{
    char *plain = must_copy(markdown), *end = plain;
    for (const char *at = markdown; *at; at++)
        if (*at != '`')
            *end++ = *at;
    *end = '\0';
    return plain;
}

char *words_point(const struct point *point)
{
    struct text text = {0};
    for (unsigned i = 0; i < point->count; i++) {
        const char *over = point->over[i];
        bool alone = strcmp(over, "strategy") == 0 || strcmp(over, "allocator") == 0 || strcmp(over, "workload") == 0;
        text_add(&text, "%s%s%s%s", text.length ? " " : "", alone ? "" : over, alone ? "" : "=", point->keys[i]);
    }
    char *words = must_copy(text_string(&text));
    text_free(&text);
    return words;
}

char *words_value(const struct claim_value *value)
{
    struct text text = {0};
    text_add(&text, "%s", value->of);
    if (value->per)
        text_add(&text, " per %s", value->per);
    if (value->workload || value->params_count)
        text_add(&text, " of%s%s", value->workload ? " " : "", value->workload ? value->workload : "");
    for (unsigned i = 0; i < value->params_count; i++)
        text_add(&text, " %s", value->params[i]);
    if (value->strategy)
        text_add(&text, " under %s", value->strategy);
    if (value->allocator)
        text_add(&text, " on %s", value->allocator);
    if (value->heap_limit && strcmp(value->heap_limit, "0") == 0)
        text_add(&text, " without a heap limit");
    else if (value->heap_limit)
        text_add(&text, " within %s", value->heap_limit);
    if (value->heap_factor)
        text_add(&text, " within %s times the smallest heap", value->heap_factor);
    return text.bytes;
}

char *words_rule(const struct claim_judgement *judgement)
{
    if (!judgement_judges(judgement))
        return must_copy("shown, not judged");
    return must_print("holds if %s, does not hold if %s, else undecided", judgement->holds_if, judgement->fails_if);
}

char *words_verdict(const struct claim_verdict *verdict)
{
    return must_print("%s%s", verdict_names[verdict->verdict], verdict->is_close ? ", close" : "");
}

char *words_documents(const struct claim *claim)
{
    struct text text = {0};
    for (unsigned i = 0; i < claim->sources_count; i++) {
        bool is_told = false;
        for (unsigned j = 0; j < i; j++)
            is_told |= strcmp(claim->sources[j].document, claim->sources[i].document) == 0;
        if (!is_told)
            text_add(&text, "%s%s", i ? ", " : "", claim->sources[i].document);
    }
    return text.bytes;
}

/* A figure, and the point that it is at. */
static char *with_point(enum claim_unit unit, const struct figure_at *figure, const char *between,
                        const struct point *at)
{
    char *words = words_interval(unit, figure), *point = words_point(at);
    bool named = *point && !isnan(figure->value);
    char *both = must_print("%s%s%s", words, named ? between : "", named ? point : "");
    free(words);
    free(point);
    return both;
}

char *words_shown(const struct judgement_verdict *judged, const char *between)
{
    const struct point_verdict *at = &judged->points[judged->shown];
    return judged->point_count ? with_point(judged->judgement->unit, &at->figure, between, &at->point) : must_copy("-");
}

char *words_cpython(const struct judgement_verdict *judged, const char *between)
{
    if (!judged->point_count)
        return must_copy("-");
    const struct point_verdict *at = &judged->points[judged->shown];
    const char *over[POINT_KEYS_MAX];
    struct point other = {.over = over};
    for (unsigned i = 0; i < at->point.count; i++)
        if (strcmp(at->point.over[i], "strategy") != 0) { /* which it is itself */
            over[other.count] = at->point.over[i];
            other.keys[other.count++] = at->point.keys[i];
        }
    return with_point(judged->judgement->unit, &at->cpython, between, &other);
}

/* Whether one of the point's keys is "name=value", `length` bytes. */
static bool point_has(const struct point *point, const char *pair, size_t length)
{
    for (unsigned i = 0; i < point->count; i++) {
        char *key = must_print("%s=%s", point->over[i], point->keys[i]);
        bool same = strlen(key) == length && strncmp(key, pair, length) == 0;
        free(key);
        if (same)
            return true;
    }
    return false;
}

const char *words_theirs(const struct claim_judgement *judgement, const struct point *point)
{
    for (unsigned i = 0; i < judgement->theirs_count; i++) {
        const char *text = judgement->theirs[i];
        size_t length = strcspn(text, " ");
        if (!memchr(text, '=', length))
            return text;
        if (text[length] && point_has(point, text, length))
            return text + length + 1;
    }
    return NULL;
}

char *words_fact_cpython(const struct fact_verdict *fact, const char *between)
{
    if (isnan(fact->cpython))
        return must_print("no figure %s", fact->fact->key);
    struct text text = {0};
    text_add(&text, "%s", words_figure(fact->fact->unit, fact->cpython).text);
    double off = fact->ours.value / fact->cpython - 1;
    if (fabs(off) <= agreement)
        text_add(&text, "%swithin 5 %% (%+.1f %%)", between, fabs(off) < 0.0005 ? 0 : off * 100); /* no -0.0 */
    else if (!isnan(off))
        text_add(&text, "%soff by %+.0f %%", between, off * 100);
    if (fact->fact->why)
        text_add(&text, "; %s", fact->fact->why);
    return text.bytes;
}

char *words_fact(const struct fact_verdict *fact)
{
    if (isnan(fact->ours.value))
        return must_print("not measured: %s", fact->ours.why);
    char *cpython = words_fact_cpython(fact, ": ");
    char *words = must_print("%s, CPython 3.11.7 %s", words_figure(fact->fact->unit, fact->ours.value).text, cpython);
    free(cpython);
    return words;
}
