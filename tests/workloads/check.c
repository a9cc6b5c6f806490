/* check.c: runs one workload under one strategy in every variant, and compares the answers of several strategies.
 *
 *     workload-check run BENCH WORKLOAD ANSWERS     writes a line per variant, with its checksum, to ANSWERS
 *     workload-check agree ANSWERS...               finds lines that say different things of the same variant
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spawn.h"
#include "variants.h"

enum { VARIANTS = 64, LIMITS = 64, LINE = 256 };

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
    va_list values;
    va_start(values, format);
    fputs("workload-check: ", stderr);
    vfprintf(stderr, format, values);
    fputc('\n', stderr);
    va_end(values);
    exit(1);
}

struct subject {
    char *bench;
    const char *workload;
    json_t *described;
    const json_t *traits, *entry;
};

static void describe(struct subject *subject)
{
    char *arguments[] = {subject->bench, "--describe", NULL};
    struct spawned spawned;
    json_error_t error;
    if (spawn(arguments, 0, &spawned) || spawned.status != 0)
        fail("%s --describe failed", subject->bench);
    subject->described = json_loads(spawned.output, 0, &error);
    if (!subject->described)
        fail("%s --describe: not JSON: %s", subject->bench, error.text);
    subject->traits = json_object_get(subject->described, "traits");
    subject->entry = find_named(json_object_get(subject->described, "workloads"), subject->workload);
    if (!subject->entry)
        fail("%s does not have the workload %s", subject->bench, subject->workload);
    free(spawned.output);
}

/* Whether the strategy has all traits that the workload cannot do without. */
static bool can_run(const struct subject *subject)
{
    size_t i;
    json_t *need;
    json_array_foreach(json_object_get(subject->entry, "needs"), i, need)
    {
        if (!has_string(subject->traits, json_string_value(need)))
            return false;
    }
    return true;
}

/* Full size is not for the judge, nor for a debug build, which walks the heap after every collection, nor where an
 * input file is not there. */
static bool at_full_size(const struct subject *subject)
{
    const char *build_type = json_string_value(json_object_get(subject->described, "build_type"));
    if (has_string(subject->traits, "checks") || (build_type && strcmp(build_type, "Debug") == 0))
        return false;
    size_t i;
    json_t *param;
    json_array_foreach(json_object_get(subject->entry, "params"), i, param)
    {
        const char *text = json_string_value(json_object_get(param, "initial"));
        if (text && text[0] == '/' && access(text, R_OK) != 0) {
            printf("not run at full size: there is no %s\n", text);
            return false;
        }
    }
    return true;
}

/* ---- one run */

struct answer {
    int exit_status;
    char status[32], detail[LINE], checksum[32];
    json_int_t leaked; /* -1: the row does not say */
    bool ended;
};

static void copy(char *to, size_t bytes, const json_t *text)
{
    if (json_is_string(text))
        snprintf(to, bytes, "%s", json_string_value(text));
}

static void read_row(struct answer *answer, const char *line)
{
    json_t *row = json_loads(line, 0, NULL);
    const char *kind = row ? json_string_value(json_object_get(row, "row")) : NULL;
    if (!kind)
        fail("not a row: %s", line);
    if (strcmp(kind, "end") == 0)
        answer->ended = true;
    if (strcmp(kind, "sample") == 0) {
        const json_t *leaked = json_object_get(row, "leaked_objects");
        copy(answer->status, sizeof answer->status, json_object_get(row, "status"));
        copy(answer->detail, sizeof answer->detail, json_object_get(row, "detail"));
        copy(answer->checksum, sizeof answer->checksum, json_object_get(row, "checksum"));
        answer->leaked = leaked ? json_integer_value(leaked) : -1;
    }
    json_decref(row);
}

static struct answer run(const struct subject *subject, const struct variant *variant, const char *limit)
{
    char *arguments[16] = {
        subject->bench, "--workload", (char *)subject->workload, "--repetitions", "1", "--seed", "42",
    };
    size_t count = 7;
    if (variant->small)
        arguments[count++] = "--small";
    if (variant->param[0]) {
        arguments[count++] = "--param";
        arguments[count++] = (char *)variant->param;
    }
    if (limit) {
        arguments[count++] = "--heap-limit";
        arguments[count++] = (char *)limit;
    }
    struct spawned spawned;
    struct answer answer = {.leaked = -1};
    int error = spawn(arguments, limit != NULL, &spawned);
    if (error)
        fail("%s: %s", subject->bench, strerror(-error));
    char *rest = spawned.output;
    for (char *line; (line = strtok_r(rest, "\n", &rest));)
        read_row(&answer, line);
    free(spawned.output);
    answer.exit_status = spawned.status;
    return answer;
}

/* Whether this strategy has to reclaim everything in the end, whatever the workload's shape. Of what a conservative one
 * keeps, the measuring process has judged whether it is too much. */
static bool must_reclaim(const struct subject *subject)
{
    if (has_string(subject->traits, "conservative"))
        return false;
    return has_string(subject->traits, "cycles") || has_string(subject->traits, "regions") ||
           has_string(subject->traits, "explicit_free");
}

/* ---- variants and limits */

static const char *label(const struct variant *variant)
{
    static char text[2 * VARIANT_TEXT];
    snprintf(text, sizeof text, "%s%s%s", variant->small ? "small" : "full", variant->param[0] ? " " : "",
             variant->param);
    return text;
}

/* Some variants need more than the workload always does; then the row says what, and the strategy really lacks it. */
static bool lacks_a_trait(const struct subject *subject, const struct answer *answer)
{
    static const char before[] = "the workload needs ", after[] = ", which ";
    char missing[LINE];
    if (strcmp(answer->status, "unsupported") != 0 || strncmp(answer->detail, before, sizeof before - 1) != 0)
        return false;
    snprintf(missing, sizeof missing, "%s", answer->detail + sizeof before - 1);
    char *end = strstr(missing, after);
    if (!end)
        return false;
    *end = '\0';
    char *rest = missing;
    for (char *trait; (trait = strtok_r(rest, ", ", &rest));)
        if (has_string(subject->traits, trait))
            return false;
    return true;
}

static void run_variant(const struct subject *subject, const struct variant *variant, FILE *answers)
{
    struct answer answer = run(subject, variant, NULL);
    if (lacks_a_trait(subject, &answer))
        return;
    if (answer.exit_status != 0 || strcmp(answer.status, "ok") != 0 || !answer.ended)
        fail("%s, %s: exit status %d, status %s, %s%s", subject->workload, label(variant), answer.exit_status,
             answer.status[0] ? answer.status : "missing", answer.detail, answer.ended ? "" : ", no last row");
    if (must_reclaim(subject) && answer.leaked != 0)
        fail("%s, %s: leaked %lld objects", subject->workload, label(variant), (long long)answer.leaked);
    if (strlen(answer.checksum) != 16)
        fail("%s, %s: the checksum is '%s'", subject->workload, label(variant), answer.checksum);
    fprintf(answers, "%s: %s\n", label(variant), answer.checksum);
}

/* Raises the heap limit from nearly nothing until the workload runs: each run is right, or out of memory; none crashes.
 * Sanitized builds also find what is not freed on the way out. */
static void run_limits(const struct subject *subject)
{
    const struct variant small = {.small = true};
    unsigned long long limit_bytes = 64;
    size_t failed = 0;
    for (;; failed++) {
        char limit[32];
        snprintf(limit, sizeof limit, "%llu", limit_bytes);
        struct answer answer = run(subject, &small, limit);
        bool ok = answer.exit_status == 0 && strcmp(answer.status, "ok") == 0;
        bool oom = answer.exit_status == 1 && strcmp(answer.status, "oom") == 0;
        if (!answer.ended || (!ok && !oom))
            fail("%s, heap limit %s: exit status %d, status %s, %s", subject->workload, limit, answer.exit_status,
                 answer.status[0] ? answer.status : "missing", answer.detail);
        if (ok)
            break;
        if (failed == LIMITS)
            fail("%s: does not run with %s bytes", subject->workload, limit);
        limit_bytes += limit_bytes / 4 + 8;
    }
    printf("%zu heap limits too small, %llu bytes enough\n", failed, limit_bytes);
}

static int command_run(char *bench, const char *workload, const char *path)
{
    struct subject subject = {.bench = bench, .workload = workload};
    struct variant variants[VARIANTS];
    FILE *answers = fopen(path, "w");
    if (!answers)
        fail("%s: %s", path, strerror(errno));
    describe(&subject);
    if (can_run(&subject)) {
        size_t count = list_variants(subject.entry, at_full_size(&subject), variants, VARIANTS);
        if (count > VARIANTS)
            fail("%s has %zu variants: raise VARIANTS", workload, count);
        for (size_t i = 0; i < count; i++)
            run_variant(&subject, &variants[i], answers);
        printf("%zu variants\n", count);
        run_limits(&subject);
    }
    json_decref(subject.described);
    if (fclose(answers))
        fail("%s: %s", path, strerror(errno));
    return 0;
}

/* ---- agreement */

struct said {
    char line[LINE];  /* variant: checksum */
    const char *file; /* who said it first */
    size_t times;
};

static void compare(struct said said[], size_t *count, const char *line, const char *file)
{
    const char *end = strrchr(line, ':');
    if (!end)
        fail("%s: not an answer: %s", file, line);
    size_t variant = (size_t)(end - line) + 1;
    for (size_t i = 0; i < *count; i++) {
        if (strncmp(said[i].line, line, variant) != 0)
            continue;
        if (strcmp(said[i].line, line) != 0)
            fail("%s says %s, but %s says %s", file, line, said[i].file, said[i].line);
        said[i].times++;
        return;
    }
    if (*count == VARIANTS)
        fail("too many variants: raise VARIANTS");
    snprintf(said[*count].line, LINE, "%s", line);
    said[*count].file = file;
    said[(*count)++].times = 1;
}

static int command_agree(char *const files[], size_t file_count)
{
    static struct said said[VARIANTS];
    size_t count = 0, compared = 0;
    for (size_t i = 0; i < file_count; i++) {
        FILE *file = fopen(files[i], "r");
        if (!file)
            fail("%s: %s", files[i], strerror(errno));
        char line[LINE];
        while (fgets(line, sizeof line, file)) {
            line[strcspn(line, "\n")] = '\0';
            compare(said, &count, line, files[i]);
        }
        fclose(file);
    }
    for (size_t i = 0; i < count; i++)
        compared += said[i].times > 1;
    printf("%zu variants, %zu of them under several strategies\n", count, compared);
    return count == 0;
}

int main(int count, char *arguments[])
{
    if (count == 5 && strcmp(arguments[1], "run") == 0)
        return command_run(arguments[2], arguments[3], arguments[4]);
    if (count > 2 && strcmp(arguments[1], "agree") == 0)
        return command_agree(arguments + 2, (size_t)count - 2);
    fprintf(stderr, "usage: workload-check run BENCH WORKLOAD ANSWERS | workload-check agree ANSWERS...\n");
    return 2;
}
