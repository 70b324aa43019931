// What decides: every uncertain input moved alone, and what it would be worth to know it.
#ifndef PATRON_SIMULATE_TORNADO_H
#define PATRON_SIMULATE_TORNADO_H

#include "simulate/forecast.h"

struct sway {
    const struct factor *factor;
    double low, high, swing; // net at its 5 % and its 95 % quantile, the others at their median
    bool flips;              // the net is above 0 at one of these only
    // What it is worth on average to know the factor before deciding (the expected value of perfect
    // information about it): whether to launch all that is offered or nothing, and, campaign by
    // campaign, whether to launch each. Money, major units.
    double worth, worth_each;
};

// One for each of the forecast's factors, the widest swing first.
enum status tornado(struct arena *a, const struct host *host, const struct forecast *f,
                    struct sway **out, struct err *err);
// What is worth testing first, where each campaign is launched or not: NULL if nothing is.
const struct sway *tornado_first(const struct sway *sways, int n);

#endif
