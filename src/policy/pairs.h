// What the rules of a referral read: two customers and the row that joins them. `friend.spend` is a
// column of the referee, `referral.status` one of the row of referrals, and any other name is the
// referrer's, as in other rules.
#ifndef PATRON_POLICY_PAIRS_H
#define PATRON_POLICY_PAIRS_H

#include "metric/board.h"

struct policy;

enum pair_side { PAIR_REFERRER, PAIR_FRIEND, PAIR_ROW };

// A column that some rule reads. Its slot in the rules' expressions is its index.
struct pair_column {
    struct str name; // as rules have it: "friend.spend"
    enum pair_side side;
    int slot; // on the board; not of a row
    enum type type;
};

struct pairs {
    struct arena *arena;
    const struct policy *policy;
    struct board *board;
    const struct table *table; // referrals; NULL: there is no dataset
    int n, size;
    struct pair_column *column;
};

// Keeps what it is given.
struct pairs *pairs_new(struct arena *a, const struct policy *p, struct board *board,
                        const struct dataset *data);
// The scope in which such rules are parsed; it lists what they read.
struct scope pairs_scope(struct pairs *pairs);
// The name without whose it is; empty where it is the row's own.
struct str pairs_bare(struct str name);
// Of a name that is the row's own, what follows "referral."; else empty.
struct str pairs_row_name(struct str name);

#endif
