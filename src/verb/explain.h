// What explain found out about one customer; explain.c fills it, explain_text.c and explain_json.c
// show it.
#ifndef PATRON_VERB_EXPLAIN_H
#define PATRON_VERB_EXPLAIN_H

#include "decide/advice.h"
#include "policy/pairs.h"
#include "verb/open.h"

// One rule of the policy at this customer: its clauses and how far it is from holding.
struct told {
    const struct rule *rule;
    const struct pairs *pairs; // of a referral's rule: whose columns its slots are; else NULL
    struct reading reading;    // of an amount only its outcome
    int clauses;
    struct clause *clause;
    struct str values;    // of an amount: what it read
    struct called called; // of a function
};

struct told_class {
    const struct class *class;
    bool reached; // no class above held, or failed
    bool holds;   // it is the customer's
    struct told when;
    struct told keep; // of the class that the customer had before
};

struct told_scheme {
    const struct standing *standing;
    struct told_class *class;
    const struct advice *advice; // of tiers
    int advices;
};

struct told_campaign {
    const struct campaign *campaign;
    enum reason reason;
    struct told when, never, amount, cost, value, size, base; // of its effect
    const struct candidate *candidate;                        // NULL if it came to none
};

// A channel that does not reach everybody.
struct told_channel {
    const struct channel *channel;
    struct told when, never;
};

// A referral that the customer made or that brought it, under one block of the policy.
struct told_referral {
    const struct referred *referred;
    int64_t edge;
    enum referral_reason reason;
    const struct reward *reward; // NULL if there is none
    int rules;                   // the conditions, unless it was closed before they were asked
    struct told *rule;
};

struct explanation {
    struct opened opened;
    const struct decisions *d;
    int64_t customer;
    struct told_scheme *schemes;
    struct told_campaign *campaigns;
    struct told_channel *channels; // policy->channels of them
    int pressures;
    const struct pressure *pressure; // of all limits on contacts with the customer
    int64_t all_referrals;           // of which the first are told
    int referrals;
    struct told_referral *referral;
    const struct told_campaign *nearest; // the campaign that came nearest to being offered, or NULL
};

// Fills schemes, campaigns, referrals and nearest; opened, d and customer are given.
enum status explain_customer(struct call *c, struct explanation *x, struct err *err);

// One rule at one customer of whom everything is decided.
enum status explain_rule(struct call *c, const struct decisions *d, int64_t customer,
                         const struct site *site, struct told *out, struct err *err);

// One condition of a referral block at one row of referrals. (explain_referral.c)
void explain_edge_rule(struct call *c, const struct decisions *d, int64_t edge,
                       const struct site *site, struct told *out);

// Fills the referrals. (explain_referral.c)
enum status explain_referrals(struct call *c, struct explanation *x, struct err *err);
void explain_referrals_text(struct buf *out, const struct explanation *x);
void explain_referrals_json(struct json *j, const struct explanation *x);

// The limits on contacts that keep the customer from an offer. (explain_history.c)
void explain_history_text(struct buf *out, const struct explanation *x,
                          const struct told_campaign *c);
void explain_history_json(struct json *j, const struct explanation *x,
                          const struct told_campaign *c);

// The column behind a slot of the rule, and its type.
struct str told_column(struct board *board, const struct told *t, int slot, enum type *type);
// The clauses of a rule, a line each; the rule as a JSON object under a key.
void told_text(struct buf *out, const struct explanation *x, const struct told *t);
void told_json(struct json *j, const struct explanation *x, const char *key, const struct told *t);

// Whether the clause would have to change for its rule to hold.
bool clause_is_wrong(const struct clause *c);

// One call of a function: its arguments, what it gave, and the line that returned.
void explain_call(struct buf *out, const struct board *board, const struct told *t);

// What a clause came to: "yes" on a page, "true" in JSON.
extern const char *const truth_marks[TRUTHS], *const truth_words[TRUTHS];

void value_json(struct json *j, const struct value *v);

void explain_text(const void *result, struct buf *out);
void explain_json(const void *result, struct json *j);

#endif
