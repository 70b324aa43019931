// Referral programmes: who gets what for bringing whom.
#ifndef PATRON_POLICY_REFERRAL_H
#define PATRON_POLICY_REFERRAL_H

#include "policy/campaign.h"

// Who gets a reward for a referral.
enum party { PARTY_REFERRER, PARTY_FRIEND, PARTIES };

// What a referral brings, if it is the first prize of its block that fits.
struct prize {
    struct rule when;            // the class of customer; not given: any
    int64_t least;               // it is at least the referrer's so many-th qualified referral
    struct rule amount[PARTIES]; // not given: nothing
    struct place at;
};

struct referral {
    struct str name, programme; // programme: of the rows that it is about; empty: all
    struct rule qualifies, block, claw_back, value;
    struct duration hold; // from the day of the referral
    int prizes;
    struct prize *prize;
    struct caps caps; // per customer: per referrer
    struct place at;
};

#endif
