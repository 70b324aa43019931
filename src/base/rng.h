// Random numbers that depend on nothing but (seed, customer, stream, counter): any thread, in any
// order, draws the same ones. A stream is one purpose, so that a new purpose changes no old draw.
#ifndef PATRON_BASE_RNG_H
#define PATRON_BASE_RNG_H

#include <stdint.h>

struct rng {
    uint32_t key[2], counter[4], block[4];
    int used; // words of the block
};

// The generator's function itself, Philox4x32-10: a counter and a key into four random words.
void rng_block(const uint32_t key[2], const uint32_t counter[4], uint32_t out[4]);

void rng_start(struct rng *r, uint64_t seed, uint64_t customer, uint32_t stream);
uint64_t rng_bits(struct rng *r);
double rng_uniform(struct rng *r);           // in (0, 1), neither end included
int64_t rng_below(struct rng *r, int64_t n); // 0 .. n - 1, n up to 2^32
// One of n choices, by their shares; these add up to 1.
int rng_pick(struct rng *r, const double *share, int n);
double rng_exponential(struct rng *r);         // of mean 1
double rng_normal(struct rng *r);              // of mean 0 and deviation 1
double rng_gamma(struct rng *r, double shape); // of scale 1

#endif
