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
    struct str values;    // of an amount: what it read
    struct called called; // of a function
};

struct told_class {
    const struct class *class;
    bool reached; // no class above held
    struct told when;
};

struct told_scheme {
    const struct standing *standing;
    struct told_class *class;
};

struct told_campaign {
    const struct campaign *campaign;
    enum reason reason;
    struct told when, never, cost, value;
    const struct candidate *candidate; // NULL if it came to none
};

struct explanation {
    struct opened opened;
    const struct decisions *d;
    int64_t customer;
    struct told_scheme *schemes;
    struct told_campaign *campaigns;
    const struct told_campaign *nearest; // the campaign that came nearest to being offered, or NULL
};

// Fills schemes, campaigns and nearest; opened, d and customer are given.
enum status explain_customer(struct call *c, struct explanation *x, struct err *err);

// One rule at one customer of whom everything is decided.
enum status explain_rule(struct call *c, const struct decisions *d, int64_t customer,
                         const struct site *site, struct told *out, struct err *err);

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
