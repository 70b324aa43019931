// What explain found out about one customer; explain.c fills it, explain_text.c and explain_json.c
// show it.
#ifndef PATRON_VERB_EXPLAIN_H
#define PATRON_VERB_EXPLAIN_H

#include "decide/decide.h"
#include "verb/open.h"

// One rule of the policy at this customer: its clauses and how far it is from holding.
struct told {
    const struct rule *rule;
    struct reading reading; // of an amount only its outcome
    int clauses;
    struct clause *clause;
    struct called called; // of a function
};

struct told_tier {
    const struct tier *tier;
    bool reached; // no tier above held
    struct told when;
};

struct told_tiers {
    const struct tiering *tiering;
    struct told_tier *tier;
};

struct told_campaign {
    const struct campaign *campaign;
    enum reason reason;
    struct told when, never, cost, value;
    const struct candidate *candidate; // NULL if it came to none
};

struct explanation {
    struct opened opened;
    struct decisions *d;
    int64_t customer;
    struct told_tiers *tiers;
    struct told_campaign *campaigns;
    const struct told_campaign *nearest; // the campaign that came nearest to being offered, or NULL
};

// Fills tiers, campaigns and nearest; opened, d and customer are given.
enum status explain_customer(struct call *c, struct explanation *x, struct err *err);

// Whether the clause would have to change for its rule to hold.
bool clause_is_wrong(const struct clause *c);

void explain_text(const void *result, struct buf *out);
void explain_json(const void *result, struct json *j);

#endif
