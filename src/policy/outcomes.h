// What the clauses of a policy's conditions came to, for every customer: written down as the rules
// are evaluated, so that a decision can be explained later from that alone.
#ifndef PATRON_POLICY_OUTCOMES_H
#define PATRON_POLICY_OUTCOMES_H

#include "policy/policy.h"

enum { CLAUSES_A_GROUP = 8, CLAUSE_BITS = 4 };

struct outcomes {
    int clauses; // of all conditions over a customer, in the order of the sites
    const struct recorded {
        const struct site *site;
        struct str text; // of a function its head
        struct place at;
        bool constant; // comes to the same for everybody
        int group, shift;
    } * clause;
    int groups; // of clauses of one scheme or campaign, at most CLAUSES_A_GROUP
    const struct group {
        int first, n; // clauses
    } * group;
    int64_t customers;
    uint32_t **word; // [group][customer]: an enum truth for each clause, in CLAUSE_BITS bits
};

// For a policy that is compiled: all not reached. What is evaluated from here on is recorded, until
// the policy is compiled again.
struct outcomes *outcomes_new(struct arena *a, struct policy *p, int64_t customers);

// Records outcome[k * stride + i] for clause k of the rule and customer first + i; not reached
// where `skip` (unless NULL) is not 0. A rule that is about no customer is left out.
void outcomes_put(struct outcomes *o, const struct rule *r, int64_t first, int n,
                  const uint8_t *skip, const uint8_t *outcome, size_t stride);

static inline enum truth outcomes_truth(uint32_t word, int shift) {
    return (enum truth)(word >> shift & ((1U << CLAUSE_BITS) - 1));
}

// The clauses of a rule: an expression's, or one of a function.
int rule_clauses(const struct rule *r);

#endif
