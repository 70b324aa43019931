// Sums of money and of pieces that are never to run over.
#ifndef PATRON_BUDGET_TALLY_H
#define PATRON_BUDGET_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { TALLY_BITS = 61 };

// Sums stay within 2^TALLY_BITS either way; once *over is set, they mean nothing.
static inline void tally_add(int64_t *sum, int64_t x, bool *over) {
    const int64_t most = (int64_t)1 << TALLY_BITS;
    *over |= __builtin_add_overflow(*sum, x, sum) || *sum > most || *sum < -most;
}

// Of all offers together.
static inline enum status tally_refuse(struct err *err) {
    return err_set(err, REFUSED,
                   "the costs or values of all offers together are more than an amount of money "
                   "can be; `score --candidates` lists them: look at the largest");
}

#endif
