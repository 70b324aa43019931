// What became of campaigns, and of a channel, for a block of customers, each alone.
#ifndef PATRON_DECIDE_VERDICT_H
#define PATRON_DECIDE_VERDICT_H

#include "decide/stages.h"

// A block, with what is needed to judge it.
struct batch {
    struct decisions *d;
    int64_t first;
    int n;
    struct evaluator *evaluator;
    const struct column *const *columns;
};

// Who is still open has REASON_GRANTED, which is 0; the others are skipped.
struct verdict {
    uint8_t reason[BLOCK];
    uint32_t ways[BLOCK]; // the channels that are left, a bit each, by their place
    double cost[BLOCK], value[BLOCK], amount[BLOCK];
    double base[BLOCK], uplift[BLOCK]; // of an effect
};

bool verdict_any_open(const struct batch *b, const struct verdict *v);
// Each closes those against whom the rule speaks, or for whom it stops. A rule that is not there
// speaks against nobody, and its amount is 0.
enum status verdict_when(const struct batch *b, const struct rule *when, struct verdict *v,
                         struct err *err);
enum status verdict_never(const struct batch *b, const struct rule *never, struct verdict *v,
                          struct err *err);
enum status verdict_amount(const struct batch *b, const struct rule *amount, struct verdict *v,
                           double *out, struct err *err);

// What the effect of an offer comes to, in `base` and `uplift`: what there is without it (NAN: not
// said), and how much more with it. Without an effect that is NAN and 1. A chance to stay never
// passes 1, or 0, whatever the uplift; one that is no share itself, or an uplift of it, is a fault.
enum status verdict_effect(const struct batch *b, const struct effect *e, struct verdict *v,
                           struct err *err);

// The i-th customer's amount in minor units. False if it can't be one, which is recorded.
bool verdict_money(const struct batch *b, int i, const struct rule *rule, double amount,
                   int64_t *out);
// The same of a cost: one below nothing would fill a budget again.
bool verdict_cost(const struct batch *b, int i, const struct rule *rule, double amount,
                  int64_t *out);
// Of an offer that counts how much it is: whole points, or money to the minor unit.
bool verdict_offer(const struct batch *b, int i, const struct offer *o, double amount, double *out);

// ---- what the history and the channels leave (reach.c) ----------------------------------------

// Makes d->reach: it is not known of anybody yet.
void reach_open(struct arena *a, struct decisions *d);
// Closes who had the campaign as often as may be.
void reach_cap(const struct batch *b, int campaign, struct verdict *v);
// Whom the channel reaches of those for whom a campaign that uses it is open; `v` is for its use.
enum status reach_try(const struct batch *b, int channel, const struct verdict *verdicts,
                      struct verdict *v, struct err *err);
// The channels that are left to the campaign; closes whom none of them reaches.
void reach_apply(const struct batch *b, int campaign, struct verdict *v);

#endif
