// What a policy proposes as choices: every candidate by every way that reaches the customer, and
// what they draw on: one budget over all, and the policy's own budgets, caps and capacities as they
// stood before anything was given.
//
// The market's customers are those who have candidates, in their order: they are few where a
// policy is narrow.
//
// Values count as far as their evidence carries (`believed`): an optimum picks what looks best, and
// with it the errors of what is only estimated. And nobody stays more than surely, whatever the
// effect: where the history knows a base that the policy does not say, that counts, too.
#ifndef PATRON_BUDGET_MARKET_H
#define PATRON_BUDGET_MARKET_H

#include "budget/choice.h"
#include "decide/decide.h"

struct market {
    struct choices choices;
    const struct decisions *decisions;
    const struct stake *stake; // [candidate]
    const int64_t *first;      // [customer] candidates; one more
    const uint8_t *outcome;    // [candidate] an enum reason: what becomes of it when it wins
    const double *believed;    // [campaign] share of its candidates' value that counts
    const struct ties *ties;   // [campaign] what its offers draw on
};

// REFUSED if a customer could have more than HULL_MOST choices.
enum status market_new(struct arena *a, const struct host *host, const struct decisions *d,
                       const struct stake *stake, int64_t budget, const double *believed,
                       struct market **out, struct err *err);
// A candidate's value, as far as it is believed and possible.
int64_t market_value(const struct market *m, const struct candidate *c);

// A candidate by one way.
struct way {
    const struct choice *choice;
    int64_t candidate;
    int32_t channel; // by its place among the campaign's; -1: it has none
};

// That of the customer's k-th choice.
struct way market_way(const struct market *m, int64_t customer, int32_t k);

#endif
