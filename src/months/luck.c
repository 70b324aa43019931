#include "months/luck.h"

#include <xxhash.h>

#include "base/clones.h"

enum { LANES = 8, STREAM = 0x4D000000 }; // "M": no other purpose draws by these counters

uint64_t luck_of_id(struct str id) {
    return XXH3_64bits(id.p, id.n);
}

// Philox4x32-10 as rng_block has it, over lanes: compilers make vectors of the inner loops.
static inline __attribute__((always_inline)) void rounds(uint32_t x[LUCK_WORDS][LANES],
                                                         uint32_t key0, uint32_t key1) {
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < LANES; i++) {
            uint64_t a = (uint64_t)0xD2511F53 * x[0][i], b = (uint64_t)0xCD9E8D57 * x[2][i];
            uint32_t y0 = (uint32_t)(b >> 32) ^ x[1][i] ^ key0;
            uint32_t y2 = (uint32_t)(a >> 32) ^ x[3][i] ^ key1;
            x[1][i] = (uint32_t)b;
            x[3][i] = (uint32_t)a;
            x[0][i] = y0;
            x[2][i] = y2;
        }
        key0 += 0x9E3779B9;
        key1 += 0xBB67AE85;
    }
}

ALSO_AVX2 static void draw(uint64_t seed, uint32_t run, uint32_t pair, const uint64_t *customer,
                           int64_t n, uint32_t *const word[LUCK_WORDS]) {
    for (int64_t first = 0; first < n; first += LANES) {
        int lanes = n - first < LANES ? (int)(n - first) : LANES;
        uint32_t x[LUCK_WORDS][LANES] = {{0}};
        for (int i = 0; i < lanes; i++) {
            x[0][i] = pair;
            x[1][i] = STREAM | run;
            x[2][i] = (uint32_t)customer[first + i];
            x[3][i] = (uint32_t)(customer[first + i] >> 32);
        }
        rounds(x, (uint32_t)seed, (uint32_t)(seed >> 32));
        for (int k = 0; k < LUCK_WORDS; k++)
            for (int i = 0; i < lanes; i++)
                word[k][first + i] = x[k][i];
    }
}

void luck_draw(uint64_t seed, uint32_t run, uint32_t pair, const uint64_t *customer, int64_t n,
               uint32_t *const word[LUCK_WORDS]) {
    draw(seed, run, pair, customer, n, word);
}
