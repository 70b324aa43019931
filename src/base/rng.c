// Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011, "Parallel random numbers: as easy as 1, 2,
// 3"): a keyed bijection of counters, which passes the known batteries of tests. The key is the
// seed; the counter holds the draw, the stream and the customer.
#include "base/rng.h"

#include <math.h>

#include "base/chance.h"

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

double rng_normal(struct rng *r) {
    return chance_normal_quantile(rng_uniform(r));
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
