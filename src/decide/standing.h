// Where the customers stand in a scheme.
#ifndef PATRON_DECIDE_STANDING_H
#define PATRON_DECIDE_STANDING_H

#include "policy/policy.h"
#include "table/column.h"

// Every customer's class in a scheme.
struct standing {
    const struct scheme *scheme;
    const struct column *class;     // a label; missing where no class holds
    const struct column *undecided; // a flag: a class above was passed over for a missing value
    const struct column **column;   // all columns of the scheme, as in scheme->column
    const uint64_t *hits;           // of a table that collects, by customer: its rows as bits
    int64_t *count;                 // by class; at [n]: without one. (Collected: all that hold)
    const uint8_t *fault;           // [customer] 1: a rule failed, so no class
    int64_t undecided_count, faults;
    // Of a scheme with a memory, else NULL: labels and dates, by customer.
    const struct column *state, *until, *entered, *reviewed;
    int64_t state_count[TIER_STATES];
    const int32_t *before; // [customer] the class before, or -1
    int64_t strange;       // customers whose tier before is none of the policy's,
    int64_t later;         // or is from after the as-of date: to both it is as if there were none
};

// Whether the class is the customer's; where a table collects, whether it is one of them.
bool standing_holds(const struct standing *t, int64_t customer, int class);

#endif
