// What diff found: the decisions of two policies compared and, for some customers of each kind of
// change, the clause that flipped. diff.c fills it, diff_cause.c says why (with flip.c),
// diff_text.c and diff_json.c show it.
#ifndef PATRON_VERB_DIFF_H
#define PATRON_VERB_DIFF_H

#include "decide/compare.h"
#include "verb/explain.h"

// One side of a rule that came out otherwise than on the other.
struct cause_side {
    const struct site *site; // NULL: that policy has no such rule
    struct told told;
    const struct clause *clause; // that decided; NULL: the rule is a function or has no such clause
};

// Why a customer's decision is another one: a rule, or what stands in `text` alone.
struct cause {
    struct str text; // "gold, when"; "waive the fee: outbid before, granted after"
    bool only;       // what `text` names stands in one policy only
    struct cause_side side[SIDES];
};

// Something of a customer that changed.
struct told_change {
    const struct flow *flow; // NULL: the same offer, but otherwise, or a reward
    const struct move *move;
    enum change kind;
    struct cause cause;
};

struct example {
    int64_t customer;
    int changes;
    struct told_change *change;
};

struct diff {
    struct opened opened[SIDES];
    const char *path[SIDES];
    struct decisions *d[SIDES];
    const struct comparison *compared;
    int examples;
    struct example *example;
};

// Why a change came about at this customer; of `change` all but that is given.
enum status find_cause(struct call *c, const struct diff *x, int64_t customer,
                       struct told_change *change, struct err *err);

// Where the clause, or else the rule, stands in the file.
struct place cause_place(const struct cause_side *s);

void diff_text(const void *result, struct buf *out);
void diff_json(const void *result, struct json *j);

#endif
