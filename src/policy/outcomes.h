// What the clauses of a policy's conditions came to, for every customer: written down as the rules
// are evaluated, so that a decision can be explained later from that alone.
#ifndef PATRON_POLICY_OUTCOMES_H
#define PATRON_POLICY_OUTCOMES_H

#include <stdatomic.h>

#include "policy/policy.h"

enum { CLAUSES_A_GROUP = 8, CLAUSE_BITS = 4 };

struct outcomes {
    int clauses; // of all conditions, in the order of the sites
    struct recorded {
        const struct site *site;
        int number;      // of the rule's clauses, from 0
        struct str text; // of a function its head
        struct place at;
        bool constant;    // comes to the same for everybody
        int group, shift; // group -1: the rule is not about a customer
        atomic_uint seen; // and has a bit for every enum truth that a row came to
    } * clause;
    int groups; // of clauses of one scheme, campaign or channel, at most CLAUSES_A_GROUP
    const struct group {
        int first, n; // clauses
    } * group;
    int64_t customers;
    uint32_t **word;   // [group][customer]: an enum truth for each clause, in CLAUSE_BITS bits
    uint8_t **touched; // [group][customer / EXPR_BLOCK]: words there were set
};

// For a policy that is compiled: all not reached. What is evaluated from here on is recorded, until
// the policy is compiled again.
struct outcomes *outcomes_new(struct arena *a, struct policy *p, int64_t customers);

// Records outcome[k * EXPR_BLOCK + i] for clause k of the rule and customer first + i (n <=
// EXPR_BLOCK, which divides `first`); not reached where `skip` (unless NULL) is not 0, which is put
// into `outcome`, too.
void outcomes_put(struct outcomes *o, const struct rule *r, int64_t first, int n,
                  const uint8_t *skip, uint8_t *outcome);

// Whether the clause came to that for anybody. Of one over customers it looks at all of them.
bool outcomes_seen(const struct outcomes *o, int clause, enum truth truth);

static inline enum truth outcomes_truth(uint32_t word, int shift) {
    return (enum truth)(word >> shift & ((1U << CLAUSE_BITS) - 1));
}

// The clauses of a rule: an expression's, or one of a function.
int rule_clauses(const struct rule *r);

#endif
