#include "ranks.h"

#include <errno.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sort.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Room for one test: the values of both sets, their order, and the rank of each: twice it where there are ties, which
 * is whole then too. */
struct ranking {
    double *values;
    size_t *order, *ranks;
    size_t count;
};

static int ranking_open(struct ranking *ranking, size_t count)
{
    *ranking = (struct ranking){malloc(count * sizeof(double)), malloc(count * sizeof(size_t)),
                                malloc(count * sizeof(size_t)), count};
    return ranking->values && ranking->order && ranking->ranks ? 0 : -ENOMEM;
}

static void ranking_close(struct ranking *ranking)
{
    free(ranking->values);
    free(ranking->order);
    free(ranking->ranks);
}

/* Fills in the doubled midranks; without ties, the ranks themselves, and *unit is 1 instead of 2. Returns the sum of
 * t^3 - t over the ties. */
static double rank_all(struct ranking *ranking, size_t *unit)
{
    double ties = 0;
    gsl_sort_index(ranking->order, ranking->values, 1, ranking->count);
    for (size_t i = 0, end; i < ranking->count; i = end) {
        for (end = i; end < ranking->count; end++)
            if (ranking->values[ranking->order[end]] > ranking->values[ranking->order[i]])
                break;
        double tied = (double)(end - i);
        ties += tied * tied * tied - tied;
        for (size_t j = i; j < end; j++)
            ranking->ranks[ranking->order[j]] = i + end + 1; /* the mean of ranks i + 1 .. end, twice */
    }
    *unit = ties > 0 ? 2 : 1;
    for (size_t i = 0; ties == 0 && i < ranking->count; i++)
        ranking->ranks[i] /= 2;
    return ties;
}

/* ways[k][s]: in how many ways k of the values have ranks that sum up to s, added value by value. Returns the
 * share of ways to choose `chosen` whose sum is at least `distance` from `centre`. NaN when memory is out. */
static double tail_share(const struct ranking *ranking, size_t chosen, double centre, double distance)
{
    size_t width = 1;
    for (size_t i = 0; i < ranking->count; i++)
        width += ranking->ranks[i];
    double *ways = calloc((chosen + 1) * width, sizeof *ways);
    if (!ways)
        return NAN;
    ways[0] = 1;
    size_t reached = 0; /* no sum is above it yet */
    for (size_t i = 0; i < ranking->count; i++) {
        size_t rank = ranking->ranks[i];
        reached += rank;
        for (size_t k = i < chosen ? i + 1 : chosen; k > 0; k--)
            for (size_t sum = rank; sum <= reached; sum++)
                ways[k * width + sum] += ways[(k - 1) * width + sum - rank];
    }
    double all = 0, far = 0;
    for (size_t sum = 0; sum < width; sum++) {
        all += ways[chosen * width + sum];
        far += fabs((double)sum - centre) >= distance ? ways[chosen * width + sum] : 0;
    }
    free(ways);
    return far / all;
}

static double normal_p(double u, double first, double second, double ties)
{
    double count = first + second;
    double variance = first * second / 12 * (count + 1 - ties / (count * (count - 1)));
    double distance = fmax(fabs(u - first * second / 2) - 0.5, 0);
    return variance > 0 ? fmin(2 * gsl_cdf_ugaussian_Q(distance / sqrt(variance)), 1) : 1;
}

static int compare(struct ranking *ranking, size_t first_count, size_t second_count, struct rank_test *test)
{
    size_t unit;
    double ties = rank_all(ranking, &unit), first = (double)first_count, second = (double)second_count, sum = 0;
    for (size_t i = first_count; i < ranking->count; i++)
        sum += (double)ranking->ranks[i];
    test->u = sum / (double)unit - second * (second + 1) / 2;
    test->delta = 2 * test->u / (first * second) - 1;
    if (ranking->count > RANKS_EXACT) {
        test->p = normal_p(test->u, first, second, ties);
        return 0;
    }
    double centre = second * (first + second + 1) / 2 * (double)unit;
    if (fabs(sum - centre) == 0) {
        test->p = 1;
        return 0;
    }
    test->p = tail_share(ranking, second_count, centre, fabs(sum - centre));
    return isnan(test->p) ? -ENOMEM : 0;
}

int ranks_compare(const double *first, size_t first_count, const double *second, size_t second_count,
                  struct rank_test *test)
{
    struct ranking ranking;
    int error = ranking_open(&ranking, first_count + second_count);
    if (!error) {
        memcpy(ranking.values, first, first_count * sizeof *first);
        memcpy(ranking.values + first_count, second, second_count * sizeof *second);
        error = compare(&ranking, first_count, second_count, test);
    }
    ranking_close(&ranking);
    return error;
}

double ranks_least_p(size_t first_count, size_t second_count)
{
    unsigned all = (unsigned)(first_count + second_count);
    return fmin(2 / exp(gsl_sf_lnchoose(all, (unsigned)first_count)), 1);
}

/* `tests`, `place` and `order` have room for all p values. */
static void adjust(double *p, size_t count, double *tests, size_t *place, size_t *order)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (!isnan(p[i])) {
            place[used] = i;
            tests[used++] = p[i];
        }
    gsl_sort_index(order, tests, 1, used);
    double least = 1;
    for (size_t i = used; i-- > 0;) {
        least = fmin(least, tests[order[i]] * (double)used / (double)(i + 1));
        p[place[order[i]]] = least;
    }
}

int ranks_adjust(double *p, size_t count)
{
    double *tests = calloc(count + 1, sizeof *tests);
    size_t *numbers = calloc(count + 1, 2 * sizeof *numbers);
    bool enough = tests && numbers;
    if (enough)
        adjust(p, count, tests, numbers, numbers + count + 1);
    free(tests);
    free(numbers);
    return enough ? 0 : -ENOMEM;
}
