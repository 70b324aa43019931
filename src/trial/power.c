#include "trial/power.h"

#include <math.h>

#include "base/chance.h"

// Both quantiles together: how many standard errors an effect must be away from 0.
static double distance(const struct test_design *t) {
    return chance_normal_quantile(1 - t->alpha / 2) + chance_normal_quantile(t->power);
}

static double variance(const struct outcome_spread *y, double effect) {
    double p = y->mean + effect;
    return y->factor * (y->rate ? p * (1 - p) : y->sd * y->sd);
}

// With d = z * standard error, d^2 = z^2 (v(0) / control + v(d) / treated). Of a rate,
// v(d) = v(0) + factor (d (1 - 2 mean) - d^2): a quadratic equation.
double power_smallest(const struct test_design *t, const struct outcome_spread *y, double control,
                      double treated) {
    double z = distance(t), c = z * z * variance(y, 0) * (1 / control + 1 / treated);
    if (!(c > 0))
        return NAN;
    if (!y->rate)
        return sqrt(c);
    double k = z * z * y->factor / treated, b = k * (1 - 2 * y->mean);
    double effect = (b + sqrt(b * b + 4 * (1 + k) * c)) / (2 * (1 + k));
    return y->mean + effect <= 1 ? effect : NAN;
}

double power_customers(const struct test_design *t, const struct outcome_spread *y, double effect,
                       double control, double treated) {
    double z = distance(t);
    double each = variance(y, 0) / control + variance(y, effect) / treated;
    return z * z * each / (effect * effect);
}

double power_of(double alpha, const struct outcome_spread *y, double effect, double control,
                double treated) {
    double error = sqrt(variance(y, 0) / control + variance(y, effect) / treated);
    double z = chance_normal_quantile(1 - alpha / 2), shift = fabs(effect) / error;
    return chance_normal(shift - z) + chance_normal(-shift - z);
}
