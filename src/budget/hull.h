// What is worth offering to one customer, for some price of money: the upper hull of the offers'
// values over their costs. An offer below the hull never is the best use of a budget.
#ifndef PATRON_BUDGET_HULL_H
#define PATRON_BUDGET_HULL_H

#include <stdbool.h>
#include <stdint.h>

// Costs and values are minor units, below 2^50 either way.
struct point {
    int64_t cost, value;
    int32_t offer; // -1: none
    bool control;  // held out: it takes its place at every price, but costs and brings nothing
};

enum { HULL_MOST = 255 }; // points

// From one point of a hull to the next: more cost for more value, each step less value for its cost
// than the one before.
struct step {
    int64_t cost, value; // both above 0
};

// Makes of n points (at most HULL_MOST, with room for one more) their hull, in rising order of
// cost; returns how many there are. The first is the best that costs nothing: none, unless an offer
// for free brings more. Of equal points the one with the lowest offer stays.
int hull_of(struct point *point, int n);
// The i-th step of a hull, from point i to point i + 1.
struct step hull_step(const struct point *hull, int i);
// What a point adds to the sums.
static inline int64_t point_cost(const struct point *p) {
    return p->control ? 0 : p->cost;
}

static inline int64_t point_value(const struct point *p) {
    return p->control ? 0 : p->value;
}

// Whether step x brings more for its cost than y; exact.
bool step_steeper(struct step x, struct step y);

#endif
