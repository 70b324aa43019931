// What an arm cost and brought, in money: exact where it is counted, rounded once where it is
// estimated.
#ifndef PATRON_TRIAL_EARNINGS_H
#define PATRON_TRIAL_EARNINGS_H

#include "trial/contrast.h"
#include "trial/experiment.h"

struct amount {
    int64_t value, low, high; // minor units; low and high are NO_AMOUNT where no error is known
};
#define NO_AMOUNT INT64_MIN

struct earnings {
    int64_t customers, cost;
    struct amount earned; // the difference, times the customers, times what a unit is worth
    struct amount net;    // after the cost
    double roi, roi_low, roi_high; // net by cost; NAN where nothing was spent
    double breakeven;              // the difference that would have paid the cost; NAN likewise
};

// `worth` of one unit of the outcome, in major units, above 0. REFUSED where an amount is beyond
// what one may be.
enum status earnings_of(int64_t customers, int64_t cost, const struct estimate *difference,
                        double worth, int decimals, struct earnings *out, struct err *err);

// Those who answered in an arm (0: in all but the control), and those of them who would have
// without (p0 / p1, if the arm put nobody off): the cost that went to them bought nothing.
struct sure_things {
    double share; // NAN where nobody answered
    int64_t answered;
    int64_t cost; // of all who answered; NO_AMOUNT where costs are not known
    int64_t wasted;
};

struct sure_things sure_things_of(const struct experiment *x, int arm, const double *answer,
                                  const struct contrast *e);

#endif
