// What two policies decide differently for the same customers: who moves from which class to which
// and from which offer to which, and what that costs and earns.
//
// Where a rule failed nothing was decided: that is a state of its own, and who comes to it or
// leaves it is told apart from those who change.
#ifndef PATRON_DECIDE_COMPARE_H
#define PATRON_DECIDE_COMPARE_H

#include "decide/decide.h"

enum side { BEFORE, AFTER, SIDES };

const char *side_name(enum side s); // "before", "after"

// What of a customer's decision can change. Those about the offer exclude each other.
enum change {
    CHANGE_CLASS,   // in any scheme that both policies have
    CHANGE_OFFER,   // another campaign's offer, or none, or held out as a control
    CHANGE_TERMS,   // the same campaign offers something else
    CHANGE_CHANNEL, // ... the same by another channel
    CHANGE_AMOUNT,  // ... the same at another amount, cost or value
    CHANGE_REWARD,  // more or less for referrals, in sum
    CHANGE_FAILED,  // a rule failed on one side, so that there is nothing to compare
    CHANGES
};

const char *change_name(enum change c); // as files have it: "class", ...
const char *change_help(enum change c);

enum { EXAMPLES_EACH = 3 };

// Customers who make one and the same change, and what it adds. (Of referrals: what is paid more.)
struct movers {
    int64_t customers;
    int64_t cost, value, net; // after less before, minor units
    int64_t example[EXAMPLES_EACH];
};

struct move {
    int from, to; // states
    struct movers movers;
};

// Where the customers were and where they are: classes of a scheme, what these say of themselves
// (an owner), what became of the tier before, or the offers that they get.
struct flow {
    struct str name;                  // of the column; "offer"
    int index[SIDES];                 // of the scheme in each policy
    int n[SIDES];                     // states on each side
    const struct str *name_of[SIDES]; // the states' names
    const int *state[SIDES];          // of what the classes say, by class; NULL: the classes
    bool remembers;                   // or what became of the tier before: tier_states
    struct move *cell;                // [from * n[AFTER] + to]: also those who stay
    int moves;
    const struct move **move; // those who do not, the most customers first
    int64_t changed;          // customers in them, without those for whom a rule failed
};

// Customers who are given something, and what it costs and brings.
struct granted {
    int64_t customers, cost, value, net; // minor units
};

struct comparison {
    const struct decisions *d[SIDES];
    // Of schemes that both have, their classes; of a decision table that takes the first row, and
    // where classes of one name say something else, what they say.
    int schemes;
    struct flow *scheme;
    int referrals;               // blocks of the same name
    struct flow *referral;       // what became of every row of referrals: its movers are rows
    int64_t *reward[SIDES];      // [customer]: what is paid for referrals in sum
    struct flow offer;           // states: the campaigns, held out as a control, nothing, failed
    uint8_t *change;             // [customer]: 1 << enum change of all that changed
    struct movers kind[CHANGES]; // who changes so
    int64_t changed;             // customers of whom more changes than that a rule failed
    struct granted *campaign[SIDES]; // [campaign], of all customers
    struct granted all[SIDES];
};

// Whether the move is into or out of the state that a rule failed.
bool move_failed(const struct flow *f, const struct move *m);

// Whether the state of that name before is gone, and the very same customers are in one after that
// was not there before: the state after, else -1.
int flow_renamed(const struct flow *f, int from);

// The customer's class in the scheme of a flow; behind the last class: none, then failed.
int compare_class(const struct comparison *c, const struct flow *f, enum side side,
                  int64_t customer);
// The customer's move in a flow; NULL: stays.
const struct move *compare_move(const struct comparison *c, const struct flow *f, int64_t customer);
// What the customer is granted, or NULL.
const struct candidate *compare_grant(const struct comparison *c, enum side side, int64_t customer);
// What it offers, and by which channel (empty: none).
struct str compare_terms(const struct comparison *c, enum side side, const struct candidate *g);
struct str compare_channel(const struct comparison *c, enum side side, const struct candidate *g);

// Two decisions about the same dataset.
struct comparison *compare(struct arena *a, const struct decisions *before,
                           const struct decisions *after);

#endif
