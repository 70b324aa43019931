// Granted offers folded into cells: customers of one campaign, of one class, and of about the same
// share who come anyway count together, so that what comes after costs as much for ten million as
// for ten.
#ifndef PATRON_SIMULATE_CELLS_H
#define PATRON_SIMULATE_CELLS_H

#include "decide/decide.h"

enum { BASE_BINS = 20 }; // of a share; what is no share, or not said, is in one more

// Sums over the offers of a cell: of something, and of that times each one's base rate, uplift, and
// size of a relative effect (uplift / base). Where no base is said it counts as 0.
struct sums {
    double all, base, uplift, size;
};

struct cell {
    int campaign, class; // of the policy's first scheme; its number of classes: none
    int64_t offers;
    struct sums one;          // of 1
    double contact;           // money, major units
    struct sums offer, worth; // likewise, as in struct stake
};

struct cells {
    int n;
    struct cell *cell; // none is empty; by campaign, class, base
    int campaigns, classes;
    const bool *base_known; // by campaign: of every offer
};

// Of the candidates that were granted. The same for any number of threads.
enum status cells_fold(struct arena *a, const struct host *host, const struct decisions *d,
                       struct cells **out, struct err *err);

#endif
