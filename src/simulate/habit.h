// What customers do without an offer, by the firm's own history: who stayed in the last period, and
// how much was bought, spent and brought, of those who stood a period ago as each customer stands
// now.
//
// Where nobody tells who left, who is there on a day is who buys within a year from it. So the
// chance to buy within a year says who is there now, and to be there in a year is to buy in the
// year behind it.
#ifndef PATRON_SIMULATE_HABIT_H
#define PATRON_SIMULATE_HABIT_H

#include "simulate/past.h"

struct habit {
    const char *unknown;  // why nothing is known; NULL: it is
    const char *source;   // for people: what was counted, of whom, from when to when
    bool told;            // a column says who left
    const uint8_t *state; // [customer] now
    // [customer] what it is likely to do in a period by its own pace, whatever its state; of who
    // stays 1, so that the state says all.
    const double *likely;
    // Which multiple of that customers of a state do, and how sure that is.
    double multiple[PAST_STATES], deviation[PAST_STATES];
    double shared;             // of the variances of multiples, by all states
    double spread;             // between the multiples of states
    bool lent[PAST_STATES];    // nobody was in it, so it is as the nearest one
    double later[PAST_STATES]; // of who stays: is there in a year, who may have left today
};

// Of the period behind: a year of who stays.
enum status habit_of(struct arena *a, const struct host *host, const struct decisions *d,
                     enum effect_kind kind, int months, struct habit *out, struct err *err);

// What a customer does without an offer: NAN of who never bought, 0 of who has left.
double habit_expected(const struct habit *h, int64_t customer);
// The chance of a customer to be there in a year; NAN likewise.
double habit_later(const struct habit *h, int64_t customer);

// Customers together, who count differently: add each, then ask for their mean and how sure it is.
struct habit_mix {
    double all, sum, state[PAST_STATES];
};
void habit_add(const struct habit *h, int64_t customer, double weight, struct habit_mix *mix);
double habit_mean(const struct habit_mix *mix);
double habit_deviation(const struct habit *h, const struct habit_mix *mix);

#endif
