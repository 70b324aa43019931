// The rule that comes out otherwise under the other policy, and in it the clause.
#ifndef PATRON_VERB_FLIP_H
#define PATRON_VERB_FLIP_H

#include "verb/diff.h"

// Why one customer's decision is another one.
struct inquiry {
    struct call *call;
    const struct diff *x;
    int64_t customer;
};

// The rules among which a cause is looked for: those of a scheme, or of one of its classes, or of a
// campaign, or of a channel, or of a referral block.
struct part {
    struct str scheme, class, campaign;
    enum site_kind kind;
    struct str channel, referral;
    int64_t edge; // about which a referral's rules are asked
};

// The first rule of the part that comes out otherwise; out->text stays empty if there is none.
enum status flip_find(const struct inquiry *q, const struct part *part, struct cause *out,
                      struct err *err);

// What stands in the policy of that side only, by its name, with the first clause of the part that
// holds.
enum status flip_only(const struct inquiry *q, enum side side, struct str name,
                      const struct part *part, struct cause *out, struct err *err);

#endif
