#include "simulate/factor.h"

#include <math.h>

#include "base/chance.h"
#include "base/hash.h"
#include "base/rng.h"

const char *grade_letter(enum grade g) {
    static const char *const letters[] = {"A", "B", "C"};
    return letters[g];
}

const char *grade_help(enum grade g) {
    static const char *const help[] = {"an experiment of one's own", "one's own history",
                                       "stated or assumed, not measured"};
    return help[g];
}

static bool is_lognormal(const struct factor *f) {
    return f->shape == SHAPE_LOGNORMAL && f->mean > 0;
}

// The standard deviation of the logarithm.
static double log_sd(const struct factor *f) {
    return sqrt(log1p((f->sd / f->mean) * (f->sd / f->mean)));
}

double factor_at(const struct factor *f, double z) {
    double x = f->mean + f->sd * z;
    if (is_lognormal(f)) {
        double s = log_sd(f);
        x = f->mean * exp(s * z - s * s / 2);
    }
    return fmin(fmax(x, f->low), f->high);
}

double factor_score(const struct factor *f, double x) {
    if (!is_lognormal(f))
        return (x - f->mean) / f->sd;
    double s = log_sd(f);
    return log(x / f->mean) / s + s / 2;
}

static double density(double z) {
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

double factor_between(const struct factor *f, double from, double to) {
    double s = is_lognormal(f) ? log_sd(f) : 0;
    double all = f->mean * (chance_normal(to - s) - chance_normal(from - s));
    return s > 0 ? all : all + f->sd * (density(from) - density(to));
}

double factor_quantile(const struct factor *f, double p) {
    return factor_at(f, chance_normal_quantile(p));
}

double *factor_draws(struct arena *a, const struct factor *f, uint64_t seed, int n) {
    enum { STREAM = 0x464143 }; // of factors: no other purpose has it
    double *out = arena_array(a, (size_t)n, sizeof *out);
    struct rng r;
    rng_start(&r, seed, (uint64_t)ldexp(hash_share(STR("factor"), f->name), 53), STREAM);
    for (int i = 0; i < n; i++)
        out[i] = factor_quantile(f, rng_uniform(&r));
    return out;
}
