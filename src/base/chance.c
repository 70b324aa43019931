// The incomplete gamma and beta functions by series and continued fractions (Abramowitz and Stegun
// 6.5.29, 6.5.31, 26.5.8), each where it converges in few steps; all else comes from these two, and
// the quantiles from Newton's steps kept inside a bracket.
#include "base/chance.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

// ---- the normal distribution ----------------------------------------------------------------

double chance_normal(double x) {
    return 0.5 * erfc(-x * M_SQRT1_2);
}

static double polynomial(const double c[8], double x) {
    double y = c[7];
    for (int i = 6; i >= 0; i--)
        y = y * x + c[i];
    return y;
}

// Wichura 1988, algorithm AS 241 (PPND16): to about 16 digits, and without the C library's
// functions for 85 of 100 draws.
double chance_normal_quantile(double p) {
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        return q * polynomial(a, r) / polynomial(b, r);
    }
    double r = sqrt(-log(q < 0 ? p : 1 - p));
    double x = r <= 5 ? polynomial(c, r - 1.6) / polynomial(d, r - 1.6)
                      : polynomial(e, r - 5) / polynomial(f, r - 5);
    return q < 0 ? -x : x;
}

// ---- continued fractions ----------------------------------------------------------------------

// Lentz's way: the value is multiplied by one factor a term until that is 1.
struct fraction {
    double value, c, d;
};

static double not_zero(double x) {
    return fabs(x) < DBL_MIN ? DBL_MIN : x;
}

static struct fraction fraction_start(double b) {
    return (struct fraction){not_zero(b), not_zero(b), 0};
}

// One more term a / (b + ...); false once it changed nothing.
static bool fraction_add(struct fraction *f, double a, double b) {
    f->d = 1 / not_zero(b + a * f->d);
    f->c = not_zero(b + a / f->c);
    f->value *= f->c * f->d;
    return fabs(f->c * f->d - 1) > DBL_EPSILON;
}

// ---- the incomplete gamma function --------------------------------------------------------------

// The C library's own lgamma writes a global.
static double log_gamma(double x) {
    int sign;
    return lgamma_r(x, &sign);
}

static double gamma_density(double shape, double x) { // times x
    return exp(shape * log(x) - x - log_gamma(shape));
}

static double gamma_by_series(double shape, double x) {
    double term = 1 / shape, sum = term;
    for (double k = shape + 1; term > sum * DBL_EPSILON; k++)
        sum += term *= x / k;
    return gamma_density(shape, x) * sum;
}

static double gamma_by_fraction(double shape, double x) {
    struct fraction f = fraction_start(x + 1 - shape);
    for (double k = 1; fraction_add(&f, k * (shape - k), x + 1 - shape + 2 * k); k++)
        ;
    return gamma_density(shape, x) / f.value;
}

double chance_chi_square_above(double freedom, double x) {
    double shape = freedom / 2;
    x /= 2;
    if (x <= 0)
        return 1;
    return x < shape + 1 ? 1 - gamma_by_series(shape, x) : gamma_by_fraction(shape, x);
}

// ---- the incomplete beta function ---------------------------------------------------------------

static double beta_density(double a, double b, double x, double y) { // times x y
    return exp(log_gamma(a + b) - log_gamma(a) - log_gamma(b) + a * log(x) + b * log(y));
}

// y is 1 - x, which who calls may know better than a subtraction would.
static double beta_by_fraction(double a, double b, double x, double y) {
    struct fraction f = fraction_start(1);
    bool more = fraction_add(&f, -(a + b) * x / (a + 1), 1);
    for (double m = 1; more; m++) {
        fraction_add(&f, m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), 1);
        more = fraction_add(&f, -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)), 1);
    }
    return beta_density(a, b, x, y) / (a * f.value);
}

static double beta_below(double a, double b, double x, double y) {
    if (x <= 0 || y <= 0)
        return x <= 0 ? 0 : 1;
    return x < (a + 1) / (a + b + 2) ? beta_by_fraction(a, b, x, y)
                                     : 1 - beta_by_fraction(b, a, y, x);
}

double chance_beta(double a, double b, double x) {
    return beta_below(a, b, x, 1 - x);
}

double chance_t(double freedom, double x) {
    double square = x * x, all = freedom + square;
    double tail = beta_below(freedom / 2, 0.5, freedom / all, square / all) / 2;
    return x > 0 ? 1 - tail : tail;
}

// ---- quantiles ----------------------------------------------------------------------------------

// Newton's steps from the mean, halving the bracket where one would leave it.
double chance_beta_quantile(double a, double b, double p) {
    double low = 0, high = 1, at = a / (a + b);
    for (int i = 0; i < 1100; i++) { // a bracket of doubles cannot be halved more often
        double off = chance_beta(a, b, at) - p;
        if (off == 0)
            return at;
        *(off < 0 ? &low : &high) = at;
        double next = at - off * at * (1 - at) / beta_density(a, b, at, 1 - at);
        if (!(next > low && next < high))
            next = low + (high - low) / 2;
        if (fabs(next - at) <= 2 * DBL_EPSILON * at)
            return next;
        at = next;
    }
    return at;
}

// Of freedom / (freedom + x^2), which is Beta(freedom/2, 1/2), or of the rest of 1: the smaller.
double chance_t_quantile(double freedom, double p) {
    double outside = 2 * fmin(p, 1 - p);
    double small = chance_beta_quantile(freedom / 2, 0.5, outside), odds = (1 - small) / small;
    if (small > 0.5) {
        small = chance_beta_quantile(0.5, freedom / 2, 1 - outside);
        odds = small / (1 - small);
    }
    return copysign(sqrt(freedom * odds), p - 0.5);
}
