// Whether a score finds those in whom an offer changes something: the uplift curves of Radcliffe.
//
// The customers stand by falling score. Among the first k of them, n treated and m controls brought
// T and C in all; of all, N treated.
//   Qini curve:   (T - C n / m) / N               at k / all customers
//   uplift curve: (T / n - C / m) k / all         likewise
// Both end at the effect over all. A score that knows nothing gives the straight line to there.
// Customers of one score stand together: a curve has no points between them. While there are no
// controls (or no treated), what they would bring counts as 0.
#ifndef PATRON_TRIAL_UPLIFT_H
#define PATRON_TRIAL_UPLIFT_H

#include <stdbool.h>
#include <stdint.h>

struct scored {
    double score, reward;
    bool treated;
    uint8_t part; // 0 to UPLIFT_PARTS - 1, for the errors: by a hash of the customer
};

#define UPLIFT_PARTS 20

struct area {
    double value; // below the curve, from 0 to 1
    double above; // that less the area below the straight line: 0 for a score that knows nothing
    double error; // standard error of `above`, by the jackknife over the parts
};

#define UPLIFT_POINTS 10

struct uplift {
    int64_t treated, control;
    double effect;    // over all
    struct area qini; // its `above` is the Qini coefficient
    struct area auuc;
    double qini_at[UPLIFT_POINTS]; // the Qini curve at 10 %, 20 % ... of the customers
};

// Sorts the customers. False where there are no treated or no controls.
bool uplift_curve(struct scored *customer, int64_t n, struct uplift *out);

#endif
