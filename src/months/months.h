// Month after month: the policy decides on the day a month begins, customers get what it grants,
// then stay or leave, and buy. Each run is one course that things may take, with effects, chances
// to stay and what purchases bring drawn from what is known of them; runs are independent, so any
// number of threads gives the same figures.
#ifndef PATRON_MONTHS_MONTHS_H
#define PATRON_MONTHS_MONTHS_H

#include "months/evolve.h"
#include "months/life.h"

enum { MONTHS_MOST = 60, RUNS_MOST = 10000, CLASSES_MOST = 64 };

struct months_options {
    int months, runs;
    int64_t sample; // customers, at most
    uint64_t seed;
    struct assumptions assume;
    struct elasticity change;
    bool idle; // nothing is offered, and no friend is rewarded; tiers go on
    // [campaign][run] which multiple of its effect is the true one; NULL: it is as the policy says
    const double *const *effect;
};

// Sums over the customers of a run in a month, money in minor units.
struct figures {
    int64_t customers; // who are there at its end
    int64_t revenue, margin, cost, offers;
    int64_t again;  // offers to who had one the month before, of campaigns without a customer's cap
    int64_t equity; // what those who are there at its end will bring, discounted to that day
    // Of it what customers had been worth at the start, what they have come to be worth since, and
    // what those are who joined.
    int64_t retained, developed, acquired;
    int64_t joined;              // by referrals
    int64_t class[CLASSES_MOST]; // customers by class of the first scheme when it begins; then none
};

struct months {
    struct months_options options;
    const struct policy *policy;
    // [run] by which multiple of the policy's data the odds to stay, and what purchases bring, are
    // the true ones; NULL: it is as the data say. Odds, so that who surely stays does so.
    const double *stay, *worth;
    double stay_sd, worth_sd; // of the chance to stay, on average, and of that multiple
    struct crowd *crowd;
    struct evolution *evolution;
    struct life *life;
    int classes;              // of the first scheme, and one for none; 0: no scheme
    struct figures *figures;  // [run][month]
    int64_t equity;           // at the start, of all customers
    int64_t customers;        // at the start
    const char *friends_from; // from where it is known who brings whom; NULL: nobody is brought
    int ineffective;          // campaigns without an effect: their offers cost, and change nothing
};

enum status months_run(struct arena *a, const struct host *host, const struct decisions *d,
                       const struct months_options *o, struct months **out, struct err *err);

// What margins less costs of all months are worth at the start, with what is to come after them.
double months_earned(const struct months *m, int run);

#endif
