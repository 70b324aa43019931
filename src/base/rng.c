// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2,
// 3"): a keyed bijection of counters, which passes the known batteries of tests. The key is the
// seed; the counter holds the draw, the stream and the customer.
#include "base/rng.h"

#include <math.h>

static void round_of(uint32_t x[4], uint32_t key0, uint32_t key1) {
    uint64_t a = (uint64_t)0xD2511F53 * x[0], b = (uint64_t)0xCD9E8D57 * x[2];
    uint32_t y0 = (uint32_t)(b >> 32) ^ x[1] ^ key0, y2 = (uint32_t)(a >> 32) ^ x[3] ^ key1;
    x[1] = (uint32_t)b;
    x[3] = (uint32_t)a;
    x[0] = y0;
    x[2] = y2;
}

void rng_block(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]) {
    uint32_t key0 = key[0], key1 = key[1];
    for (int i = 0; i < 4; i++)
        out[i] = counter[i];
    for (int i = 0; i < 10; i++) {
        round_of(out, key0, key1);
        key0 += 0x9E3779B9;
        key1 += 0xBB67AE85;
    }
}

void rng_start(struct rng *r, uint64_t seed, uint64_t customer, uint32_t stream) {
    *r = (struct rng){.key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
                      .counter = {0, stream, (uint32_t)customer, (uint32_t)(customer >> 32)},
                      .used = 4};
}

uint64_t rng_bits(struct rng *r) {
    if (r->used == 4) {
        rng_block(r->key, r->counter, r->block);
        r->counter[0]++;
        r->used = 0;
    }
    uint64_t low = r->block[r->used], high = r->block[r->used + 1];
    r->used += 2;
    return low | high << 32;
}

// The middles of 2^52 equal parts of (0, 1), each exact as a double.
double rng_uniform(struct rng *r) {
    return ((double)(rng_bits(r) >> 12) + 0.5) * 0x1p-52;
}

int64_t rng_below(struct rng *r, int64_t n) {
    return (int64_t)((rng_bits(r) >> 32) * (uint64_t)n >> 32);
}

int rng_pick(struct rng *r, const double *share, int n) {
    double at = rng_uniform(r);
    int i = 0;
    for (; i < n - 1 && at >= share[i]; i++)
        at -= share[i];
    return i;
}

double rng_exponential(struct rng *r) {
    return -log(rng_uniform(r));
}

static double polynomial(const double c[8], double x) {
    double y = c[7];
    for (int i = 6; i >= 0; i--)
        y = y * x + c[i];
    return y;
}

// Wichura 1988, algorithm AS 241 (PPND16): to about 16 digits, and without the C library's
// functions for 85 of 100 draws.
double rng_normal_quantile(double p) {
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

double rng_normal(struct rng *r) {
    return rng_normal_quantile(rng_uniform(r));
}

// Marsaglia and Tsang 2000, "A simple method for generating gamma variables".
double rng_gamma(struct rng *r, double shape) {
    if (shape < 1) {
        double x = rng_gamma(r, shape + 1);
        return x * pow(rng_uniform(r), 1 / shape);
    }
    double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        double x = rng_normal(r), v = 1 + c * x;
        if (v <= 0)
            continue;
        v = v * v * v;
        if (log(rng_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}
