// Schemes, which sort customers into classes: tiers, segments, the cells of a matrix, the leaves of
// a tree, the rows of a decision table.
#ifndef PATRON_POLICY_SCHEME_H
#define PATRON_POLICY_SCHEME_H

#include "metric/board.h"
#include "policy/rule.h"

// One class of a scheme: who has it, and what they are called.
struct class {
    struct str name;
    struct rule when; // not given: always holds
    struct rule keep; // what keeps it; not given: `when`
    struct place at;
};

// How a tier came to be a customer's; a scheme without memory has none.
enum tier_state { STATE_NEW, STATE_ENTERED, STATE_KEPT, STATE_GRACE, STATE_FELL, TIER_STATES };
extern const char *const tier_states[TIER_STATES]; // as files have them: "in grace"

// Where a customer goes who keeps a tier no more.
enum fall { FALL_TO_WHAT_HOLDS, FALL_ONE_TIER, FALL_NEVER };

// A column of the data that a block names.
struct named {
    struct str name; // empty: none
    struct place at;
};

// What tiers know of the tier before, and how long that stands. docs/tiers.md
struct memory {
    bool on;
    struct named previous, since, reviewed; // without `previous`: from the table tier_history
    struct duration review;                 // how often; 0/0: every run is one
    struct duration valid;                  // before the first; 0/0: as `review`
    struct duration grace;
    enum fall fall;
};

enum scheme_kind { SCHEME_TIERS, SCHEME_SEGMENTS, SCHEME_MATRIX, SCHEME_TREE, SCHEME_TABLE };

// What the kinds of schemes are called, by kind.
struct scheme_words {
    const char *block;   // the word that declares one: "tiers"
    const char *class;   // one of its classes: "tier",
    const char *classes; // and several
    const char *first;   // what the first of them is called beside its own name: "tier"; or NULL
};
extern const struct scheme_words scheme_words[];

// A column that a scheme brings.
enum aspect {
    ASPECT_CLASS,
    ASPECT_UNDECIDED,
    ASPECT_STATE,    // these with a memory only
    ASPECT_UNTIL,    // how long nothing takes the tier away
    ASPECT_ENTERED,  // since when it is the customer's
    ASPECT_REVIEWED, // and which review it passed last
    ASPECT_DETAIL,
};

struct scheme_column {
    struct str name; // "card", "card_undecided", "card_owner"
    enum aspect aspect;
    bool again;                  // of the first of a kind: "tier", "tier_undecided", "tier_owner"
    const struct column *detail; // by class: what the class says of it, or missing
    struct place at;
};

// What sorts customers: of its classes, in order, the first that holds is a customer's. Tiers,
// from high to low, are ordered.
struct scheme {
    enum scheme_kind kind;
    struct str name; // of the column: "card"
    bool collects;   // of a table: all rows that hold count, not the first alone
    int n;
    struct class *class;
    const struct dict *labels; // the names of the classes, in their order
    const struct dict *names;  // the same as expressions see them: only tiers have an order
    const struct dict *states; // of a memory: tier_states
    struct memory memory;
    int columns; // the class, whether it is undecided, the details; then perhaps all of them again
    const struct scheme_column *column;
    struct place at;
};

struct policy;

// A class by its number; at their number, that of who has none: "(none)".
struct str scheme_class_name(const struct scheme *s, int class);
// The class of that name, or -1.
int scheme_class(const struct scheme *s, struct str name);
// The type (and the labels) of a column of a scheme.
struct expected scheme_expected(const struct scheme *s, const struct scheme_column *c);
// "a tiers block", "the mark of a tiers block", "a detail of a tiers block".
const char *scheme_column_what(struct arena *a, const struct scheme *s,
                               const struct scheme_column *c);
// The column of that name, and in *scheme (unless NULL) whose it is; NULL if no scheme has it.
const struct scheme_column *scheme_find_column(const struct policy *p, struct str name,
                                               const struct scheme **scheme);

#endif
