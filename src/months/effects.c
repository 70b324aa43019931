#include "months/effects.h"

#include <math.h>
#include <string.h>

struct effects effects_new(struct arena *a, struct state *state, bool counted) {
    double fatigue = state->start->months->options.assume.value[ASSUME_FATIGUE];
    struct effects e = {.state = state, .counted = counted, .grants = {.arena = a}};
    const struct policy *p = state->start->decisions->policy;
    e.is_none = arena_array(a, (size_t)p->campaigns, sizeof *e.is_none);
    for (int i = 0; i < p->campaigns; i++)
        e.is_none[i] = campaign_lets_go(&p->campaign[i]);
    e.contacted = arena_array(a, (size_t)state->n, sizeof *e.contacted);
    for (int i = 0; i <= 12; i++)
        e.fresh[i] = pow(fatigue, i);
    return e;
}

void effects_begin(struct effects *e, int run) {
    e->run = run;
    memset(e->joining, 0, sizeof e->joining);
}

void effects_part(struct effects *e) {
    e->grants.n = 0;
    memset(e->contacted, 0, (size_t)e->state->n * sizeof *e->contacted);
}

// ---- what is granted ---------------------------------------------------------------------------

// Each contact of the last year weakens the next one's effect.
static double freshness(const struct effects *e, int64_t customer, int month) {
    uint64_t bits = e->contacted[customer];
    uint64_t year = month >= 12 ? bits >> (month - 12) : bits;
    return e->fresh[__builtin_popcountll(year)];
}

// By how much the effect changes the chance to stay a year, or the purchases a month; of referrals
// it makes others join.
static void find_effect(struct effects *e, enum effect_kind kind, double stated, struct grant *g) {
    const struct start *start = e->state->start;
    const double *assumed = start->months->options.assume.value;
    const double *const *effect = start->months->options.effect;
    double uplift = stated * freshness(e, g->customer, g->month);
    if (effect && effect[g->campaign])
        uplift *= effect[g->campaign][e->run];
    int64_t amount = start->life->amount[g->customer];
    switch (kind) {
    case EFFECT_RETENTION: g->kept = uplift; break;
    case EFFECT_FREQUENCY: g->pace = uplift / assumed[ASSUME_HORIZON]; break;
    case EFFECT_SPEND:
        uplift *= pow(10, start->data.decimals);
        g->pace = amount > 0 ? uplift / (double)amount / assumed[ASSUME_HORIZON] : 0;
        break;
    case EFFECT_REFERRAL: e->joining[g->month] += uplift > 0 ? uplift : 0; break;
    case EFFECT_NONE: break;
    }
}

static void take_grant(struct effects *e, const struct campaign *campaign,
                       const struct candidate *x, int month, struct figures *out) {
    struct grant g = {.customer = x->customer,
                      .month = month,
                      .campaign = (int16_t)x->campaign,
                      .channel = x->channel < 0 ? -1 : (int16_t)campaign->channel[x->channel],
                      .cost = x->cost};
    out->cost += g.cost;
    if (e->is_none[g.campaign])
        return;
    out->offers++;
    out->again += month > 0 && !campaign->caps.customer.given &&
                  (e->contacted[g.customer] >> (month - 1) & 1);
    find_effect(e, campaign->effect.kind, x->uplift, &g);
    e->contacted[g.customer] |= (uint64_t)1 << month;
    state_add(e->state, g.customer, g.kept, g.pace);
    if (e->counted || g.kept != 0 || g.pace != 0)
        grants_add(&e->grants, g);
}

void effects_take(struct effects *e, const struct decisions *d, int month, struct figures *out) {
    for (int64_t i = 0; i < d->candidates; i++) {
        const struct candidate *c = &d->candidate[i];
        if (decide_granted(d, c))
            take_grant(e, &d->policy->campaign[c->campaign], c, month, out);
    }
    e->before[month + 1] = e->grants.n;
}

// ---- what wears off ----------------------------------------------------------------------------

// The grants of a month; of one that lies before the first, none.
static struct grants granted_in(const struct effects *e, int month) {
    int from = month >= 0 ? e->before[month] : 0, to = month >= 0 ? e->before[month + 1] : 0;
    return (struct grants){.n = to - from, .grant = e->grants.grant + from};
}

// What an effect pulled forward is missing when it has worn off, for some months.
void effects_end(struct effects *e, int month) {
    const double *assumed = e->state->start->months->options.assume.value;
    int ends = (int)assumed[ASSUME_HORIZON], dip = (int)assumed[ASSUME_DIP];
    struct grants ending = granted_in(e, month - ends), over = granted_in(e, month - ends - dip);
    double missing = dip > 0 ? assumed[ASSUME_PULL_FORWARD] * ends / dip : 0; // of the pace
    for (const struct grant *g = ending.grant; g < ending.grant + ending.n; g++)
        state_add(e->state, g->customer, -g->kept,
                  -g->pace - (g->pace > 0 ? missing * g->pace : 0));
    for (const struct grant *g = over.grant; missing > 0 && g < over.grant + over.n; g++)
        state_add(e->state, g->customer, 0, g->pace > 0 ? missing * g->pace : 0);
}
