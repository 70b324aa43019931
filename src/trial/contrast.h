// The effect of an arm on an outcome: the difference to the control, with its intervals.
#ifndef PATRON_TRIAL_CONTRAST_H
#define PATRON_TRIAL_CONTRAST_H

#include "trial/clusters.h"

// What is known of an outcome in a group of customers.
struct moments {
    int64_t n, units; // customers, and those that are independent: customers, or clusters of them
    double mean, squares; // of the deviations from the mean,
    double unit_squares;  // of their sums by unit
};

// The moments of every group: value[i], unless it is NAN, is of group[i], unless that is negative.
void moments_of(const double *value, const int32_t *group, int64_t n, int groups,
                struct moments *out);
// The same, with clusters for units; NULL: the customers.
void moments_of_clusters(struct arena *a, const double *value, const int32_t *group,
                         const struct clusters *clusters, int64_t n, int groups,
                         struct moments *out);
struct moments moments_merge(struct moments a, struct moments b); // as of one group of customers
double moments_variance(struct moments m); // of a customer's value, with n - 1
double moments_error(struct moments m);    // of the mean; NAN with fewer than two units
// The error of a mean of few: their own variance says little, so that `within` groups counts as one
// more of them. Three who all answered are not sure to answer.
double moments_cautious_error(const struct moments *m, double within);

struct interval {
    double low, high;
};

struct estimate {
    double value, error;    // the error is NAN where an arm has fewer than two units
    double freedom;         // degrees, of Student's t
    double p;               // how often chance alone would give at least this much
    struct interval fixed;  // holds if it is looked at once, when all are in
    struct interval always; // holds however often it is looked at
};

// `alpha` is how often an interval may miss. The always-valid interval is tightest at `planned`
// units, a number that must not hang on what the trial shows.
struct precision {
    double alpha, planned;
};

// The intervals of a value that so many units gave.
struct estimate estimate_of(double value, double error, double freedom, int64_t units,
                            const struct precision *precision);

struct contrast {
    struct moments control, treated;
    struct estimate difference;
    struct estimate lift; // relative to the control's mean; value NAN where that is not above 0
};

struct contrast contrast_of(struct moments control, struct moments treated,
                            const struct precision *precision);
// Whether there is an error to go by: enough units, and not all the same.
bool contrast_known(const struct contrast *e);

#endif
