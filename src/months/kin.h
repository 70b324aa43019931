// Customers whom others bring. They are people nobody has data about: the policy has nothing to
// decide by, so they are counted, not followed. Each stays, buys and brings others as the base's
// mean does; whoever has joined brings friends once, in the month after.
#ifndef PATRON_MONTHS_KIN_H
#define PATRON_MONTHS_KIN_H

#include "months/life.h"

// What a referral block pays.
struct terms {
    double share;  // of the friends: those whom it is about
    double reward; // for one, minor units
    int64_t most;  // friends of a referrer who are rewarded; -1: any number
    double budget; // of rewards in all, minor units; infinite: none
};

// How friends come, and what is paid for them.
struct kin {
    double rate;      // friends a month of a customer of the base; 0 without a referral block
    double branching; // friends of one who was brought
    double refused;   // share of them who are the referrer, close a ring or were brought before
    int blocks;       // of referrals
    struct terms *terms;
    bool counted;                             // a block counts a referrer's friends
    double kept, pace, amount, margin, worth; // the base's means
    const char *from;                         // for people; NULL: nobody is brought
};

enum status kin_of(struct arena *a, const struct decisions *d, const struct crowd *crowd,
                   const struct life *l, struct kin *out, struct err *err);

// Of a run.
struct kindred {
    int64_t there, fresh; // who were brought and are there; of them, who joined last month
    struct account {
        int64_t come, over; // in the month: friends, and of them those beyond what a referrer may
        double paid;
    } * account; // by block
};
struct kindred kindred_new(struct arena *a, const struct kin *k);
void kindred_begin(const struct kin *k, struct kindred *s);

struct kin_month {
    int64_t joined, customers, purchases, rewards; // rewards in minor units
};
// A month goes by: `base` customers of the base are there, and campaigns bring `brought`, expected.
struct kin_month kin_live(const struct kin *k, struct kindred *s, uint64_t seed, int run, int month,
                          int64_t base, double brought);

#endif
