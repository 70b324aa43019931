// What the clauses of a policy's conditions came to, for every customer: written down as the rules
// are evaluated, so that a decision can be explained later from that alone.
#ifndef PATRON_POLICY_OUTCOMES_H
#define PATRON_POLICY_OUTCOMES_H

#include <stdatomic.h>

#include "policy/policy.h"

// A word has a digit for each clause of a group, an enum truth; so many are as fit 16 bits.
enum { CLAUSES_A_GROUP = 6, WORDS = TRUTHS * TRUTHS * TRUTHS * TRUTHS * TRUTHS * TRUTHS };
_Static_assert(WORDS <= UINT16_MAX, "a word is of 16 bits");

struct outcomes {
    int clauses; // of all conditions, in the order of the sites
    struct recorded {
        const struct site *site;
        int number;      // of the rule's clauses, from 0
        struct str text; // of a function its head
        struct place at;
        bool constant;    // comes to the same for everybody
        int group, digit; // group -1: the rule is not about a customer
        atomic_uint seen; // and has a bit for every enum truth that a row came to
    } * clause;
    int groups; // of clauses of one scheme, campaign or channel, at most CLAUSES_A_GROUP
    const struct group {
        int first, n; // clauses
    } * group;
    int64_t customers;
    uint16_t **word;   // [group][customer]
    uint8_t **written; // [group][customer / EXPR_BLOCK]: whose digits were, a bit each
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

static inline uint16_t outcomes_power(int digit) {
    uint16_t power = 1;
    for (; digit > 0; digit--)
        power = (uint16_t)(power * TRUTHS);
    return power;
}

static inline enum truth outcomes_truth(uint16_t word, int digit) {
    return (enum truth)(word / outcomes_power(digit) % TRUTHS);
}

#endif
