// The amounts of candidates are evaluated once more: a run that only decides need not keep them.
#include "decide/stake.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "decide/verdict.h"

struct run {
    struct decisions *d;
    const struct column *const *columns;
    struct verdict *verdict; // by worker
    struct stake *stake;
};

// Opens who is a candidate of the campaign; false if nobody is.
static bool open_candidates(const struct batch *b, int64_t from, int64_t to, int campaign,
                            struct verdict *v) {
    bool any = false;
    memset(v->reason, REASON_INELIGIBLE, (size_t)b->n);
    for (int64_t i = from; i < to; i++) {
        const struct candidate *c = &b->d->candidate[i];
        if (c->campaign != campaign)
            continue;
        v->reason[c->customer - b->first] = REASON_GRANTED;
        any = true;
    }
    return any;
}

static double contact_cost(const struct decisions *d, const struct candidate *c) {
    const struct channel *channel = decide_channel(d, c);
    const struct reach *r = channel ? &d->reach[channel - d->policy->channel] : NULL;
    return r && r->cost ? money_major(r->cost[c->customer], d->data->decimals) : 0;
}

static enum status weigh_campaign(const struct run *r, const struct batch *b, int64_t from,
                                  int64_t to, int campaign, struct verdict *v, struct err *err) {
    const struct campaign *rules = &r->d->policy->campaign[campaign];
    double base[BLOCK], uplift[BLOCK];
    bool effect = rules->effect.kind != EFFECT_NONE;
    if (!open_candidates(b, from, to, campaign, v))
        return DONE;
    TRY(verdict_amount(b, &rules->cost, v, v->cost, err));
    TRY(verdict_amount(b, &rules->value, v, v->value, err));
    if (effect)
        TRY(verdict_effect(b, &rules->effect, v, base, uplift, err));
    for (int64_t i = from; i < to; i++) {
        const struct candidate *c = &r->d->candidate[i];
        int64_t k = c->customer - b->first;
        if (c->campaign == campaign)
            r->stake[i] = (struct stake){effect ? base[k] : NAN, effect ? uplift[k] : 1,
                                         v->value[k], v->cost[k], contact_cost(r->d, c)};
    }
    return DONE;
}

static enum status weigh_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct evaluator *own = &r->d->evaluator[b->worker];
    struct batch batch = {r->d, b->first, b->n, own, r->columns};
    int64_t from = decide_candidates_from(r->d, b->first, 0);
    int64_t to = decide_candidates_from(r->d, b->first + b->n, 0);
    for (int c = 0; c < r->d->policy->campaigns && from < to; c++)
        TRY(weigh_campaign(r, &batch, from, to, c, &r->verdict[b->worker], err));
    return DONE;
}

enum status stakes_of(struct arena *a, const struct host *host, struct decisions *d,
                      struct stake **out, struct err *err) {
    const struct policy *p = d->policy;
    struct run r = {.d = d};
    r.verdict = arena_array(a, (size_t)block_threads(host), sizeof *r.verdict);
    r.stake = arena_array(a, (size_t)d->candidates, sizeof *r.stake);
    for (int i = 0; i < p->sites; i++)
        if (p->site[i].campaign && p->site[i].kind == SITE_AMOUNT)
            TRY(rule_columns(d->board, p->site[i].rule, &r.columns, err));
    TRY(decide_blocks(host, d, weigh_block, &r, err));
    *out = r.stake;
    return DONE;
}
