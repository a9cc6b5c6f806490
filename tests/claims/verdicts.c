/* Every rule can go every way: for each claim of experiments/claims, rows are made up for the cells of its own
 * experiment that make it say holds, does not hold, and depends.
 *
 * Which numbers do that is found, not written down: a number for each quantity of each cell, changed until every point
 * of every judgement is where it is wanted. The numbers go into tables as a run writes them, and from there the way
 * that a run's rows go. So it is also shown that each claim's experiment can be planned, and that its values find their
 * cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* after those */
#include <cmocka.h>

#include <glob.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "claims/verdict.h"
#include "driver/child.h"
#include "driver/plan.h"
#include "schema/schema.h"

enum { PROCESSES = 4, PER = 1000, SMALLEST = 1000000, PAUSES = 200 };

/* A cell as rows have it. */
struct place {
    const struct cell *cell;
    uint64_t heap_limit_bytes;
};

/* What is made up: the value of a quantity in a cell, the same in every process. */
struct number {
    size_t place;
    const char *quantity;
    double value, other; /* `other`: in every second process */
};

struct study {
    struct claim *claim;
    struct experiment_source source;
    struct plan plan;
    struct place *places;
    size_t place_count;
    struct number *numbers;
    size_t number_count;
    char folder[64];
};

/* ---- cells and quantities */

static void add_place(struct study *study, const struct cell *cell, uint64_t limit)
{
    study->places = must_resize(study->places, study->place_count + 1, sizeof *study->places);
    study->places[study->place_count++] = (struct place){cell, limit};
}

/* What collects runs with the limits that the factors ask for; what they are multiples of is SMALLEST here. */
static void list_places(struct study *study)
{
    const struct experiment *experiment = study->plan.experiment;
    for (size_t i = 0; i < study->plan.cell_count; i++) {
        const struct cell *cell = &study->plan.cells[i];
        if (cell->strategy->left_out)
            continue;
        bool collects = experiment->heap_factors_count && strategy_has_trait(cell->strategy, "collector");
        for (unsigned f = 0; collects && f < experiment->heap_factors_count; f++)
            add_place(study, cell, (uint64_t)ceil(strtod(experiment->heap_factors[f], NULL) * SMALLEST));
        if (!collects)
            add_place(study, cell, cell->heap_limit_bytes);
    }
}

static struct number *number_of(const struct study *study, size_t place, const char *quantity)
{
    for (size_t i = 0; i < study->number_count; i++)
        if (study->numbers[i].place == place && strcmp(study->numbers[i].quantity, quantity) == 0)
            return &study->numbers[i];
    return NULL;
}

/* Every quantity that a value of the claim is of, in every cell; what it is per is PER. */
static void list_numbers(struct study *study)
{
    for (size_t place = 0; place < study->place_count; place++)
        for (unsigned i = 0; i < study->claim->values_count; i++) {
            const char *of = study->claim->values[i].of;
            if (number_of(study, place, of))
                continue;
            study->numbers = must_resize(study->numbers, study->number_count + 1, sizeof *study->numbers);
            study->numbers[study->number_count++] = (struct number){.place = place, .quantity = of};
        }
}

/* ---- tables as a run writes them */

static void put_key(FILE *file, const struct place *place, int process)
{
    const struct cell *cell = place->cell;
    fprintf(file, "%s,%s,%s,%s,%s,%" PRIu64 ",%d,0,", cell->strategy->name, cell->strategy_params,
            cell->allocator->name, cell->workload->name, cell->workload_params, place->heap_limit_bytes, process);
}

#define KEY "strategy,strategy_params,allocator,workload,workload_params,heap_limit_bytes,invocation,repetition,"

static FILE *open_table(const struct study *study, const char *name, const char *header)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", study->folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s\n", header);
    return file;
}

static double value_in(const struct number *number, int process)
{
    return process % 2 ? number->other : number->value;
}

static bool is_pause(const char *quantity)
{
    return strncmp(quantity, "pauses.", 7) == 0;
}

static void write_sample(const struct study *study, FILE *samples, size_t place, int process)
{
    const struct table *table = &schema_tables[TABLE_SAMPLES];
    put_key(samples, &study->places[place], process);
    fprintf(samples, "ok");
    for (int i = SAMPLES_iterations; i < SAMPLES_COUNT; i++) {
        const struct number *number = number_of(study, place, table->columns[i].name);
        if (table->columns[i].type != COLUMN_INTEGER)
            continue;
        fprintf(samples, ",%.0f", number ? value_in(number, process) : (double)PER);
    }
    fputc('\n', samples);
}

static void write_other(const struct study *study, FILE *figures, FILE *pauses, const struct number *number,
                        int process)
{
    const struct place *place = &study->places[number->place];
    if (schema_find(&schema_tables[TABLE_SAMPLES], number->quantity) >= 0)
        return;
    for (int i = 0; is_pause(number->quantity) && i < PAUSES; i++) {
        put_key(pauses, place, process);
        fprintf(pauses, "collection,0,%.0f\n", value_in(number, process));
    }
    if (is_pause(number->quantity))
        return;
    put_key(figures, place, process);
    fprintf(figures, "%s,%.17g\n", number->quantity, value_in(number, process));
}

static void write_smallest(const struct study *study)
{
    FILE *file = open_table(study, "minheap.csv",
                            "strategy,strategy_params,allocator,workload,workload_params,"
                            "smallest_bytes");
    for (size_t i = 0; i < study->place_count; i++) {
        const struct cell *cell = study->places[i].cell;
        if (study->places[i].heap_limit_bytes)
            fprintf(file, "%s,%s,%s,%s,%s,%d\n", cell->strategy->name, cell->strategy_params, cell->allocator->name,
                    cell->workload->name, cell->workload_params, SMALLEST);
    }
    fclose(file);
}

static void write_tables(const struct study *study)
{
    const struct table *table = &schema_tables[TABLE_SAMPLES];
    struct text header = {0};
    text_add(&header, KEY "status");
    for (int i = SAMPLES_iterations; i < SAMPLES_COUNT; i++)
        if (table->columns[i].type == COLUMN_INTEGER)
            text_add(&header, ",%s", table->columns[i].name);
    FILE *samples = open_table(study, "samples.csv", header.bytes);
    FILE *figures = open_table(study, "figures.csv", KEY "name,value");
    FILE *pauses = open_table(study, "pauses.csv", KEY "cause,generation,length_ns");
    for (int process = 0; process < PROCESSES; process++) {
        for (size_t i = 0; i < study->place_count; i++)
            write_sample(study, samples, i, process);
        for (size_t i = 0; i < study->number_count; i++)
            write_other(study, figures, pauses, &study->numbers[i], process);
    }
    fclose(samples);
    fclose(figures);
    fclose(pauses);
    write_smallest(study);
    text_free(&header);
}

/* ---- finding the numbers */

/* A judged point: its expression over numbers, and what is wanted of it. */
struct goal {
    struct expression expression;
    const struct rule *rule;
    size_t numbers[EXPRESSION_VALUES_MAX]; /* of study->numbers */
    double scale[EXPRESSION_VALUES_MAX];
};

static double result_of(const struct study *study, const struct goal *goal)
{
    double means[EXPRESSION_VALUES_MAX];
    for (unsigned i = 0; i < goal->expression.value_count; i++)
        means[i] = study->numbers[goal->numbers[i]].value * goal->scale[i];
    return expression_result(&goal->expression, means);
}

static bool is_reached(const struct study *study, const struct goal *goal)
{
    double result = result_of(study, goal);
    return isfinite(result) && rule_is_met(goal->rule, (struct interval){result, result});
}

static size_t reached(const struct study *study, const struct goal *goals, size_t count)
{
    size_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += is_reached(study, &goals[i]);
    return sum;
}

/* How good the numbers are for a goal: goals that are reached count, and of as many this one decides. */
static size_t worth(const struct study *study, const struct goal *goals, size_t count, size_t goal)
{
    return 2 * reached(study, goals, count) + is_reached(study, &goals[goal]);
}

/* Changes one number at a time, and keeps what is worth more. */
static bool solve(struct study *study, const struct goal *goals, size_t count)
{
    /* 0 late: nothing can be smaller, so that a ratio that it is in has no way to go. */
    static const double tries[] = {1e5,  3e5,  4.5e5, 5e5, 8e5, 1e6, 1.1e6, 1.5e6, 2e6, 4e6, 1e4,
                                   1100, 1000, 900,   100, 1,   10,  0,     1e7,   1e8, 1e9, 1e10};
    for (int round = 0; round < 20 && reached(study, goals, count) < count; round++)
        for (size_t g = 0; g < count; g++)
            for (unsigned i = 0; i < goals[g].expression.value_count && !is_reached(study, &goals[g]); i++) {
                unsigned which =
                    (i + (unsigned)round) % goals[g].expression.value_count; /* else it may go in circles */
                double *value = &study->numbers[goals[g].numbers[which]].value, best = *value;
                size_t most = worth(study, goals, count, g);
                for (size_t t = 0; t < sizeof tries / sizeof *tries; t++) {
                    *value = tries[t];
                    size_t now = worth(study, goals, count, g);
                    best = now > most ? tries[t] : best;
                    most = now > most ? now : most;
                }
                *value = best;
            }
    return reached(study, goals, count) == count;
}

/* The place of an operand's cell. */
static size_t place_of(const struct study *study, const struct rows *rows, const struct rows_cell *cell)
{
    for (size_t i = 0; i < study->place_count; i++) {
        const struct cell *planned = study->places[i].cell;
        if (strcmp(planned->strategy->name, rows_text(rows, cell->strategy)) == 0 &&
            strcmp(planned->strategy_params, rows_text(rows, cell->strategy_params)) == 0 &&
            strcmp(planned->allocator->name, rows_text(rows, cell->allocator)) == 0 &&
            strcmp(planned->workload->name, rows_text(rows, cell->workload)) == 0 &&
            strcmp(planned->workload_params, rows_text(rows, cell->workload_params)) == 0 &&
            study->places[i].heap_limit_bytes == cell->heap_limit_bytes)
            return i;
    }
    fail_msg("%s: a cell that is not planned", study->claim->id);
    return 0;
}

static struct goal goal_of(const struct study *study, const struct claim_verdict *verdict,
                           const struct judgement_verdict *judged, const struct point_verdict *at)
{
    struct goal goal = {.rule = NULL};
    char why[128];
    assert_true(expression_read(&goal.expression, study->claim, judged->judgement->figure, why));
    for (unsigned i = 0; i < goal.expression.value_count; i++) {
        const struct claim_value *value = &study->claim->values[goal.expression.values[i]];
        const struct rows_cell *cell = &verdict->rows->cells[at->figure.operands[i].cell];
        struct number *number = number_of(study, place_of(study, verdict->rows, cell), value->of);
        assert_non_null(number);
        goal.numbers[i] = (size_t)(number - study->numbers);
        goal.scale[i] = value->per ? 1.0 / PER : 1;
    }
    return goal;
}

/* All alike, or, so that no difference is 0, no two. */
static void reset(struct study *study, double step)
{
    for (size_t i = 0; i < study->number_count; i++)
        study->numbers[i].value = study->numbers[i].other = 1e6 + step * (double)i;
}

/* Where every point is to be: which[i % 2] of the two rules. */
static void aim(struct study *study, struct claim_verdict *verdict, bool first_holds, bool others_hold)
{
    struct goal goals[512];
    size_t count = 0;
    for (unsigned i = 0; i < study->claim->judgements_count; i++) {
        struct judgement_verdict *judged = &verdict->judgements[i];
        for (size_t j = 0; judgement_judges(judged->judgement) && j < judged->point_count; j++) {
            assert_true(count < sizeof goals / sizeof *goals);
            if (judged->points[j].figure.why[0])
                fail_msg("%s: %s", study->claim->id, judged->points[j].figure.why);
            goals[count] = goal_of(study, verdict, judged, &judged->points[j]);
            goals[count].rule = (count ? others_hold : first_holds) ? &judged->holds_if : &judged->fails_if;
            count++;
        }
    }
    reset(study, 0);
    bool solved = solve(study, goals, count);
    if (!solved) {
        reset(study, 1e3);
        solved = solve(study, goals, count);
    }
    for (size_t i = 0; i < count && !solved; i++)
        if (!is_reached(study, &goals[i]))
            print_message("  point %zu: %g\n", i, result_of(study, &goals[i]));
    if (!solved)
        fail_msg("%s: no rows make %zu points %s, %s: is the rule one that can go both ways?", study->claim->id, count,
                 first_holds ? "hold" : "fail", others_hold ? "hold" : "fail");
}

/* ---- one claim */

static struct claim_verdict judge(struct study *study, struct rows *rows)
{
    struct claim_verdict verdict;
    write_tables(study);
    assert_int_equal(rows_load(rows, study->folder), 0);
    verdict_make(&verdict, study->claim, rows, NULL);
    return verdict;
}

static void forget(struct claim_verdict *verdict)
{
    struct rows *rows = verdict->rows;
    verdict_free(verdict);
    rows_free(rows);
}

static void same_everywhere(struct study *study)
{
    for (size_t i = 0; i < study->number_count; i++)
        study->numbers[i].other = study->numbers[i].value;
}

static void expect(struct study *study, enum verdict wanted)
{
    struct rows rows;
    struct claim_verdict verdict = judge(study, &rows);
    if (verdict.verdict != wanted)
        fail_msg("%s: %s, expected %s (%s)", study->claim->id, verdict_names[verdict.verdict], verdict_names[wanted],
                 verdict.condition);
    if (wanted == VERDICT_DEPENDS)
        assert_true(*verdict.condition);
    forget(&verdict);
}

static size_t judged_points(const struct claim_verdict *verdict)
{
    size_t count = 0;
    for (unsigned i = 0; i < verdict->claim->judgements_count; i++)
        if (judgement_judges(verdict->judgements[i].judgement))
            count += verdict->judgements[i].point_count;
    return count;
}

/* Of a single point: processes that disagree, half for the claim and half against. */
static void disagree(struct study *study, struct claim_verdict *structure)
{
    aim(study, structure, true, true);
    same_everywhere(study);
    double *values = must_resize(NULL, study->number_count + 1, sizeof *values);
    for (size_t i = 0; i < study->number_count; i++)
        values[i] = study->numbers[i].value;
    aim(study, structure, false, false);
    for (size_t i = 0; i < study->number_count; i++)
        study->numbers[i].other = values[i];
    free(values);
}

static void three_ways(struct study *study)
{
    struct rows rows;
    reset(study, 1e3);
    struct claim_verdict structure = judge(study, &rows);
    for (int holds = 0; holds < 2; holds++) {
        aim(study, &structure, holds, holds);
        same_everywhere(study);
        expect(study, holds ? VERDICT_HOLDS : VERDICT_FAILS);
    }
    if (judged_points(&structure) > 1) {
        aim(study, &structure, true, false);
        same_everywhere(study);
    } else {
        disagree(study, &structure);
    }
    expect(study, VERDICT_DEPENDS);
    forget(&structure);
}

/* A cell that failed leaves its points without a figure. */
static void without_rows(struct study *study)
{
    FILE *samples = open_table(study, "samples.csv", KEY "status,detail,wall_ns");
    for (size_t i = 0; i < study->place_count; i++) {
        put_key(samples, &study->places[i], 0);
        fprintf(samples, "timeout,it took too long,\n");
    }
    fclose(samples);
    struct rows rows;
    assert_int_equal(rows_load(&rows, study->folder), 0);
    struct claim_verdict verdict;
    verdict_make(&verdict, study->claim, &rows, NULL);
    assert_int_equal(verdict.verdict, VERDICT_NOT_MEASURED);
    assert_non_null(strstr(verdict.condition, "timeout: it took too long"));
    forget(&verdict);
}

/* ---- all claims */

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"samples.csv", "figures.csv", "pauses.csv", "minheap.csv"};
    char path[128];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void study_claim(const char *path, const struct catalogue *catalogue)
{
    struct study study = {.folder = "/tmp/reclaim-claims.XXXXXX"};
    study.claim = claim_read(path, &study.source);
    assert_non_null(study.claim);
    assert_non_null(mkdtemp(study.folder));
    experiment_complete(study.claim->experiment);
    assert_int_equal(plan_check_names(study.claim->experiment, &study.source, catalogue), 0);
    assert_int_equal(plan_make(&study.plan, study.claim->experiment, &study.source, catalogue), 0);
    list_places(&study);
    list_numbers(&study);
    three_ways(&study);
    without_rows(&study);
    remove_folder(study.folder);
    plan_free(&study.plan);
    claim_free(study.claim);
    experiment_source_free(&study.source);
    free(study.places);
    free(study.numbers);
}

static void test_every_claim(void **state)
{
    (void)state;
    struct catalogue catalogue = {0};
    glob_t found;
    assert_int_equal(catalogue_add(&catalogue, BIN, NULL), 0);
    assert_int_equal(glob(RECLAIM_SOURCE_DIR "/experiments/claims/*.yaml", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        print_message("%s\n", strrchr(found.gl_pathv[i], '/') + 1);
        study_claim(found.gl_pathv[i], &catalogue);
    }
    globfree(&found);
    catalogue_free(&catalogue);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_claim)};
    child_watch_signals();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
