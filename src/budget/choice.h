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

// An offer to a customer by one way.
struct choice {
    int64_t cost, value; // minor units, below 2^50
    int32_t draws[SUPPLIES_EACH];
    int n_draws;
    bool control; // held out: it takes its place at every price, but draws and brings nothing
};

struct choices {
    const void *ctx;
    int64_t customers;
    int supplies; // the first is the budget, on which every choice draws
    const struct supply *supply;
    // The choices of a customer, at most HULL_MOST; returns how many. Asked on any thread, more
    // than once, always with the same answer.
    int (*get)(const void *ctx, int64_t customer, struct choice *out);
};

// What a choice draws on its i-th supply.
static inline int64_t choice_draws(const struct choices *c, const struct choice *x, int i) {
    return c->supply[x->draws[i]].money ? x->cost : 1;
}

// What it draws on a supply.
static inline int64_t choice_draws_on(const struct choices *c, const struct choice *x, int supply) {
    for (int i = 0; i < x->n_draws; i++)
        if (x->draws[i] == supply)
            return choice_draws(c, x, i);
    return 0;
}

#endif
