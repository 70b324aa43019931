#include "simulate/factor.h"

#include <math.h>

#include "base/chance.h"
#include "base/hash.h"
#include "base/rng.h"

char grade_letter(enum grade g) {
    return "ABC"[g];
}

const char *grade_help(enum grade g) {
    static const char *const help[] = {"an experiment of one's own", "one's own history",
                                       "stated or assumed, not measured"};
    return help[g];
}

double factor_quantile(const struct factor *f, double p) {
    double z = chance_normal_quantile(p), x;
    if (f->shape == SHAPE_LOGNORMAL && f->mean > 0) {
        double variance = log1p((f->sd / f->mean) * (f->sd / f->mean));
        x = f->mean * exp(sqrt(variance) * z - variance / 2);
    } else {
        x = f->mean + f->sd * z;
    }
    return fmin(fmax(x, f->low), f->high);
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
