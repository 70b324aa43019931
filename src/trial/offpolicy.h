// What another policy would have brought, from customers who got something by a known chance: those
// who by that chance got what it would have given speak for all.
#ifndef PATRON_TRIAL_OFFPOLICY_H
#define PATRON_TRIAL_OFFPOLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/mem.h"

// A customer of the log.
struct logged {
    int32_t arm;       // that the customer got,
    double propensity; // by this chance, in (0, 1]
    double target;     // with which the other policy would have given it
    double reward;
    double fitted;   // a model's reward of that arm, learned without this customer
    double expected; // and of what the policy gives, over all arms
    int64_t unit;    // the number of what was drawn by itself: the customer, or a cluster
};

struct estimate_of_policy {
    double value, error; // the mean reward of a customer, and its standard error
};

struct offpolicy {
    int64_t n, matched; // customers, and those for whom the policy could give what they got
    double effective;   // sample size: (sum of weights)^2 / sum of their squares
    double heaviest;    // share of the greatest weight
    bool alike;         // all of these brought the same: the errors, of 0, know nothing
    struct estimate_of_policy inverse;    // inverse propensity: mean of weight x reward
    struct estimate_of_policy normalised; // self-normalised: by the sum of the weights
    struct estimate_of_policy direct;     // the model alone; its error is not that of the model
    struct estimate_of_policy robust;     // the model, mended by the weighted residuals
};

// Fewer effective customers, or a heavier one, or all alike, and the values mean nothing.
#define OFFPOLICY_LEAST    100
#define OFFPOLICY_HEAVIEST 0.05

// `units` is above the number of every row's.
struct offpolicy offpolicy_value(struct arena *a, const struct logged *row, int64_t n,
                                 int64_t units);
bool offpolicy_means(const struct offpolicy *o);

// Fills in `fitted` and `expected` with means of the arms within cells (0 to cells - 1), each
// learned from the folds in which the customer is not, and drawn to the arm's mean by one
// customer's weight. `chance` is the policy's, by customer and arm.
void offpolicy_fit(struct arena *a, struct logged *row, int64_t n, const double *chance, int arms,
                   const int32_t *cell, int32_t cells, const uint8_t *fold);
#define OFFPOLICY_FOLDS 5

#endif
