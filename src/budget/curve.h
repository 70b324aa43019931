// The best use of every budget: to each customer one offer at most, all costs within the budget,
// the greatest sum of values (a multiple-choice knapsack). The steps of all customers' hulls, the
// steepest first, are the best use as far as the budget reaches exactly; between two steps the
// value stays below the certified bound by less than the one that does not fit.
//
// Of who is held out, it is the price that decides what they would get; their money goes on to the
// next. The bound is that of all uses of the budget among the others.
//
// Steps are never all stored: a first pass adds them up by slope, and a budget needs only those of
// about the slope at which it ends. So memory is flat, and any number of threads gives the same.
#ifndef PATRON_BUDGET_CURVE_H
#define PATRON_BUDGET_CURVE_H

#include "base/host.h"
#include "base/mem.h"
#include "budget/hull.h"

// Where the offers come from.
struct offers {
    const void *ctx;
    int64_t customers;
    // The offers to a customer, at most HULL_MOST; returns how many. Asked on any thread, more than
    // once.
    int (*get)(const void *ctx, int64_t customer, struct point *out);
};

struct curve;

// REFUSED if all costs or values together pass what tally.h holds.
enum status curve_new(struct arena *a, const struct host *host, const struct offers *offers,
                      struct curve **out, struct err *err);

// What a budget brings at best where it buys all steps down to some slope, and none below it.
struct corner {
    int64_t cost, value;
    struct step price; // the next step that is not bought; cost 0: there is none
};
// All corners, from no cost on to the last, at which more money changes nothing; returns how many.
// Their prices are known but for 1 part in 32.
int curve_corners(struct arena *a, const struct curve *c, const struct corner **out);

struct optimum {
    int64_t budget, cost, value;
    int64_t bound;     // no use of the budget brings more
    struct step price; // the steepest step that does not fit; cost 0: everything is bought
    int32_t *offer;    // [customer]: point.offer, a control's, too
};
// Only the price at which a budget from 0 on ends.
enum status curve_price(struct arena *a, const struct host *host, const struct curve *c,
                        int64_t budget, struct step *out, struct err *err);
// MISUSED for a budget below 0.
enum status curve_best(struct arena *a, const struct host *host, const struct curve *c,
                       int64_t budget, struct optimum *out, struct err *err);

#endif
