// Prices for what is limited (Lagrange multipliers). At prices every customer is alone: theirs is
// the choice that brings most beyond what it draws, at these prices. Whatever the prices are, what
// all these bring together, and the supplies at their prices, is more than any allocation within
// the supplies can bring: a bound that everybody can check.
//
// A price is found with the others held, as that at which the curve of values over this supply ends
// (curve.h); this goes round until nothing moves.
#ifndef PATRON_BUDGET_DUAL_H
#define PATRON_BUDGET_DUAL_H

#include "base/host.h"
#include "base/mem.h"
#include "budget/choice.h"

struct prices {
    int shift;   // all are in 1 / 2^shift minor units
    int64_t *at; // [supply], of a piece or a minor unit, at most 2^60; 0: it is plentiful
    int scarces; // supplies that would not suffice for all choices together,
    int *scarce; // the budget last
};

// So many cannot be gone through one by one, nor each against each: they move together only.
static inline bool prices_many(const struct prices *p) {
    return p->scarces > 100;
}

// Prices of 0, and what is scarce. REFUSED if values or costs together pass an amount of money.
enum status prices_new(struct arena *a, const struct host *host, const struct choices *c,
                       struct prices *out, struct err *err);
struct prices prices_copy(struct arena *a, const struct choices *c, const struct prices *p);
// Moves the prices towards the least bound, one after the other, at most so many times.
enum status prices_find(struct arena *a, const struct host *host, const struct choices *c,
                        struct prices *p, int rounds, struct err *err);

// What everybody's best choice comes to at these prices; whether there is enough is not asked.
struct weighed {
    int64_t value;
    int64_t bound;   // no allocation within the supplies brings more
    int64_t *used;   // [supply]: the caller's
    int32_t *choice; // [customer]: its number among the customer's, -1: none; the caller's, or NULL
};
enum status prices_weigh(struct arena *a, const struct host *host, const struct choices *c,
                         const struct prices *p, struct weighed *out, struct err *err);

// What a kind of choice pays at prices: for what it draws a piece of, and for each minor unit.
struct fee {
    int64_t piece, money;
};
struct tariff {
    int shift;
    const struct fee *fee; // [kind]
};
struct tariff prices_tariff(struct arena *a, const struct choices *c, const struct prices *p);

// What a choice pays, and what it brings beyond that, in units of the prices.
static inline __int128 tariff_cost(const struct tariff *t, const struct choice *x) {
    const struct fee *fee = &t->fee[x->kind];
    return (__int128)fee->money * x->cost + fee->piece;
}

static inline __int128 tariff_gain(const struct tariff *t, const struct choice *x) {
    return (__int128)x->value * ((int64_t)1 << t->shift) - tariff_cost(t, x);
}

// The best of n choices; -1: none brings anything. Of equals, the cheaper.
int tariff_best(const struct tariff *t, const struct choice *x, int n);

#endif
