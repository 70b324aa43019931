// What could be done for each customer, and what all of that draws on: the money of the budget, and
// further supplies (budgets and caps of campaigns, capacities of channels).
#ifndef PATRON_BUDGET_CHOICE_H
#define PATRON_BUDGET_CHOICE_H

#include "budget/hull.h"

// Of what is there only so much.
struct supply {
    int64_t size; // minor units or pieces, from 0 on
    bool money;   // a choice draws its cost; else one piece
};

enum { SUPPLIES_EACH = 5 };

// What a choice draws on; many draw alike.
struct kind {
    int32_t supply[SUPPLIES_EACH];
    int n;
};

// An offer to a customer by one way.
struct choice {
    int64_t cost, value; // minor units, below 2^50
    int32_t kind;
    uint8_t candidate; // which one, of the customer's, and
    int8_t place;      // by which way: for who asks (market.h)
    bool control;      // held out: it takes its place at every price, but draws and brings nothing
};

// They are gone through hundreds of times: so all of them lie one behind the other.
struct choices {
    int64_t customers;
    const int64_t *first; // [customer] choices, HULL_MOST at most; one more
    const struct choice *choice;
    int kinds, supplies;
    const struct kind *kind; // all draw on the first supply, the budget
    const struct supply *supply;
};

// The choices of a customer; returns how many.
static inline int choices_of(const struct choices *c, int64_t customer, const struct choice **out) {
    *out = c->choice + c->first[customer];
    return (int)(c->first[customer + 1] - c->first[customer]);
}

// What a choice draws on a supply of its kind.
static inline int64_t choice_draws(const struct choices *c, const struct choice *x, int supply) {
    return c->supply[supply].money ? x->cost : 1;
}

// What it draws on any supply.
static inline int64_t choice_draws_on(const struct choices *c, const struct choice *x, int supply) {
    const struct kind *kind = &c->kind[x->kind];
    for (int i = 0; i < kind->n; i++)
        if (kind->supply[i] == supply)
            return choice_draws(c, x, supply);
    return 0;
}

#endif
