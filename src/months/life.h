// What a customer does when left alone: how often it buys, what a purchase brings, and how likely
// it is to stay.
//
// In order: the columns (or params, or metrics) retention_rate and purchases_a_year, the customer's
// own history (of staying, that of those who stood a year ago as the customer stands now), the
// base's, a stated default.
#ifndef PATRON_MONTHS_LIFE_H
#define PATRON_MONTHS_LIFE_H

#include "decide/decide.h"
#include "months/crowd.h"
#include "months/elasticity.h"
#include "simulate/assume.h"

struct life {
    double *kept;                 // [customer] chance to stay a year
    double kept_mean, kept_error; // of all, and how sure the history is of that
    double *pace;                 // purchases a month
    int64_t *amount, *margin;     // of a purchase, minor units
    double discount;              // a year
    const char *kept_from, *pace_from, *margin_from, *discount_from; // for people
    bool kept_assumed, margin_assumed, discount_assumed;
    bool pace_told;  // of nobody by the history
    bool paceless;   // the history tells none: nobody bought a second time
    int64_t clamped; // customers whose chance to stay the elasticity would have taken out of 0 to 1
    int64_t strangers; // customers without a purchase: they are taken to buy as the base does
};

enum status life_of(struct arena *a, const struct host *host, const struct decisions *d,
                    const struct crowd *s, const struct assumptions *assume,
                    const struct elasticity *change, struct life **out, struct err *err);

// What a customer who stays with that chance a year is worth from now on: the margins of years to
// come, discounted (C6, Gupta and Lehmann 2003).
double life_worth(double yearly_margin, double kept, double discount);
// Of columns that evolve, at a row of them.
double life_kept(const struct life *l, const struct elasticity *change, const struct column *c,
                 int64_t row);
double life_pace(const struct elasticity *change, const struct column *c, int64_t row);

#endif
