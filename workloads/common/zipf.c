#include "common/zipf.h"

#include <math.h>

#include "common/outside.h"

/* In the paper's names: h(x) = x^-exponent, H its integral with H(1) = 0, H^-1 the inverse. expm1 and log1p, and series
 * near 0, keep H exact where the exponent is 1 or near it. */
static double zipf_h(double exponent, double x)
{
    return exp(-exponent * log(x));
}

static double zipf_integral(double exponent, double x)
{
    double log_x = log(x);
    double t = (1 - exponent) * log_x;
    double ratio = fabs(t) > 1e-8 ? expm1(t) / t : 1 + t / 2 * (1 + t / 3);
    return ratio * log_x;
}

static double zipf_integral_inverse(double exponent, double area)
{
    double t = area * (1 - exponent);
    if (t < -1) /* by rounding only: the true area has no such value */
        t = -1;
    double ratio = fabs(t) > 1e-8 ? log1p(t) / t : 1 - t * (0.5 - t / 3);
    return exp(ratio * area);
}

struct zipf zipf_new(uint64_t count, double exponent)
{
    return (struct zipf){
        .exponent = exponent,
        .count = (double)count,
        .area_first = zipf_integral(exponent, 1.5) - 1,
        .area_last = zipf_integral(exponent, (double)count + 0.5),
        .shortcut = 2 - zipf_integral_inverse(exponent, zipf_integral(exponent, 2.5) - zipf_h(exponent, 2)),
    };
}

uint64_t zipf_draw(const struct zipf *zipf, struct draw *draw)
{
    for (;;) {
        double area = zipf->area_last + draw_unit(draw) * (zipf->area_first - zipf->area_last);
        double x = zipf_integral_inverse(zipf->exponent, area);
        double k = floor(x + 0.5);
        if (k < 1)
            k = 1;
        else if (k > zipf->count)
            k = zipf->count;
        if (k - x <= zipf->shortcut || area >= zipf_integral(zipf->exponent, k + 0.5) - zipf_h(zipf->exponent, k))
            return (uint64_t)k;
    }
}

uint32_t *zipf_draws_new(size_t draws, uint64_t count, double exponent, uint64_t seed)
{
    uint32_t *values = outside_new(draws, sizeof *values);
    struct draw draw = draw_seeded(seed);
    struct zipf zipf = zipf_new(count, exponent);
    for (size_t i = 0; values && i < draws; i++)
        values[i] = (uint32_t)zipf_draw(&zipf, &draw);
    return values;
}
