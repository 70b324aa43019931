// The sense of a compiled policy: questions to the prover about its rules, and findings made of the
// answers. Internal to the files audit*.c, each of which looks at one thing.
#ifndef PATRON_POLICY_AUDIT_H
#define PATRON_POLICY_AUDIT_H

#include "expr/prove.h"
#include "policy/policy.h"

struct audit {
    struct arena *arena;
    const struct policy *policy;
    struct board *board;
    struct findings *findings;
    struct prover *prover, *pairs; // of rules over customers, and over pairs of them
};

// A part of a question: a rule, or what is left of it, comes to one of some outcomes.
struct part {
    const struct rule *rule;
    unsigned outcomes;
    enum cut {
        CUT_NOTHING,
        CUT_CLAUSE,
        CUT_OTHERS
    } cut; // it without a clause, or that clause alone
    int clause;
};

struct question {
    int n;
    struct part *part; // all over customers, or all over pairs
    struct answer answer;
    struct place end; // of what a finding about it stands at; or nowhere
};

static inline struct part part_of(const struct rule *rule, unsigned outcomes) {
    return (struct part){rule, outcomes, CUT_NOTHING, 0};
}

// Asks; parts without an expression (functions) are left out, so that what is proven holds whatever
// they do, and what is shown might not: then the answer is open.
enum answer_kind audit_ask(const struct audit *a, struct part *part, int n, struct question *out);
// A finding from an answer: the sentence, then what shows it, then on which params it depends.
void audit_report(const struct audit *a, enum severity severity, const char *code, struct place at,
                  const struct question *q, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

// ---- between audit.c and audit_params.c

// Puts the question with these expressions for its rules, NULL for one that has none.
enum answer_kind audit_put(const struct audit *a, struct prover *prover, struct question *q,
                           const struct expr *const *expr);
bool audit_over_pairs(const struct audit *a, const struct rule *rule);
// What is known of a column of customers; ctx is the audit.
void audit_know(void *ctx, int slot, struct known *out);
// The scheme whose class the column is; NULL if it is none.
const struct scheme *audit_scheme_of(const struct audit *a, int slot);
// What a proof says of the params that it reads.
void audit_add_params(const struct audit *a, const struct question *q, struct buf *out);

// ---- what is looked at

void audit_schemes(const struct audit *a);   // classes that nobody has, gaps, overlaps
void audit_campaigns(const struct audit *a); // campaigns that never fire, costs, caps
void audit_clauses(const struct audit *a);   // clauses that are always true, never, or redundant
void audit_numbers(const struct audit *a);   // numbers that look like thousands

#endif
