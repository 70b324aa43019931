// What chances come to for a month.
#ifndef PATRON_MONTHS_ODDS_H
#define PATRON_MONTHS_ODDS_H

#include "months/life.h"

// A customer leaves in a month where a word of its luck is below that.
uint32_t odds_leave(double kept);
// The chance to buy nothing in a month, of who buys once at most or any number of times.
double odds_none(bool single, double pace);
// A chance, if its odds are that multiple of what they are.
double odds_times(double p, double multiple);
// What the i-th customer will bring, minor units, if that is what it does.
int64_t odds_worth(const struct life *l, int64_t i, double kept, double pace);

enum { PURCHASES_MOST = 1023 };

// How many purchases there are in a month, by its word: by inversion, so that a customer who buys
// more often buys at least as much by the same word.
static inline int odds_purchases(uint32_t word, double none, double pace, bool single) {
    double u = ((double)word + 0.5) * 0x1p-32, term = none;
    int n = 0;
    while (u >= term && n < PURCHASES_MOST) {
        u -= term;
        term *= pace / ++n;
        if (single)
            break;
    }
    return n;
}

#endif
