// Columns of referrals: for a block of edges, the values of the referrer, of the friend and of the
// row stand side by side, so that rules run over them as over customers.
#ifndef PATRON_DECIDE_GATHER_H
#define PATRON_DECIDE_GATHER_H

#include "decide/referral.h"
#include "metric/block.h"
#include "policy/pairs.h"

struct gather; // one worker's

// `board` has the columns of customers by slot: those that the rules read are computed.
struct gather *gather_new(struct arena *a, const struct pairs *pairs, const struct edges *edges,
                          const struct column *const *board);
// Turns to edges first .. first + n - 1, n <= BLOCK.
void gather_turn(struct gather *g, int64_t first, int n);
// The columns by the rules' slots, for rows 0 .. n - 1; those that the rule reads are there.
const struct column *const *gather_columns(struct gather *g, const struct rule *rule);

#endif
