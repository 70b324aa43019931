// Why a customer gets what a campaign offers, or does not.
#ifndef PATRON_DECIDE_REASON_H
#define PATRON_DECIDE_REASON_H

#include <stdbool.h>

#include "base/str.h"

// What became of a customer and a campaign.
enum reason {
    REASON_GRANTED,        // the offer is made
    REASON_HOLDOUT,        // won, but held out as a control of the campaign
    REASON_POLICY_HOLDOUT, // won, but held out as a control of the policy
    REASON_OUTBID,         // the customer got another offer
    REASON_BUDGET,         // what was left of the budget was too little
    REASON_CAPACITY,       // the channels were full
    REASON_TOTAL_CAP,      // the offer was made as often as it may
    REASON_CLASS_CAP,      // ... to the customer's class
    REASON_PLAN,           // the plan that is carried out does not give it
    REASON_CUSTOMER_CAP,   // ... to the customer, by the history
    REASON_CONTACT_POLICY, // the customer was contacted as often as may be, by the history
    REASON_NO_CHANNEL,     // no channel of the campaign reaches the customer
    REASON_NEVER,          // `never` holds
    REASON_SUPPRESSED,     // a value that `never` needs is missing: no contact
    REASON_UNKNOWN,        // a value that another rule needs is missing: no offer
    REASON_FAULT,          // a rule failed, which is recorded
    REASON_INELIGIBLE,     // `when` does not hold
    REASON_PERIOD,         // the campaign is not running on that day
    REASONS
};

const char *reason_name(enum reason r); // as files have it: "granted", ...
const char *reason_help(enum reason r);
bool reason_is_control(enum reason r); // won, and held out
// Whether an arm of that name, in `contacts`, was held out: "control", or as our own rows call it.
bool reason_is_control_arm(struct str arm);
bool reason_is_won(enum reason r); // granted or held out

#endif
