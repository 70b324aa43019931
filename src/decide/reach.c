// What the history and the channels leave of what could be offered: nothing to whom a cap or a
// contact policy was reached, and nothing by a channel that does not reach the customer.
#include <string.h>

#include "decide/verdict.h"

void reach_open(struct arena *a, struct decisions *d) {
    size_t n = (size_t)d->data->customers;
    d->reach = arena_array(a, (size_t)d->policy->channels, sizeof *d->reach);
    for (int i = 0; i < d->policy->channels; i++) {
        const struct channel *c = &d->policy->channel[i];
        struct reach *reach = &d->reach[i];
        bool costs = rule_given(&c->cost);
        reach->cost = costs ? arena_array(a, n, sizeof *reach->cost) : NULL;
        if (!costs && !rule_given(&c->when) && !rule_given(&c->never))
            continue;
        reach->state = arena_alloc(a, n);
        memset(reach->state, REACH_CLOSED, n);
    }
}

void reach_cap(const struct batch *b, int campaign, struct verdict *v) {
    const uint64_t *capped = b->d->history.capped[campaign];
    for (int i = 0; capped && i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && bit_get(capped, b->first + i))
            v->reason[i] = REASON_CUSTOMER_CAP;
}

static bool uses_channel(const struct campaign *c, int channel) {
    for (int i = 0; i < c->channels; i++)
        if (c->channel[i] == channel)
            return true;
    return false;
}

// Marks who need not be asked about a channel: no campaign that is still open would use it.
static bool skip_channel(const struct batch *b, int channel, const struct verdict *verdicts,
                         uint8_t *skip) {
    const struct policy *p = b->d->policy;
    memset(skip, 1, (size_t)b->n);
    for (int c = 0; c < p->campaigns; c++) {
        if (!uses_channel(&p->campaign[c], channel))
            continue;
        for (int i = 0; i < b->n; i++)
            skip[i] &= verdicts[c].reason[i] != REASON_GRANTED;
    }
    return memchr(skip, 0, (size_t)b->n) != NULL;
}

// It reaches those of whom its `when` holds, its `never` does not, and its cost is known.
enum status reach_try(const struct batch *b, int channel, const struct verdict *verdicts,
                      struct verdict *v, struct err *err) {
    const struct channel *k = &b->d->policy->channel[channel];
    const struct reach *reach = &b->d->reach[channel];
    if (!reach->state || !skip_channel(b, channel, verdicts, v->reason))
        return DONE;
    TRY(verdict_when(b, &k->when, v, err));
    TRY(verdict_never(b, &k->never, v, err));
    TRY(verdict_amount(b, &k->cost, v, v->cost, err));
    for (int i = 0; i < b->n; i++) {
        if (v->reason[i] == REASON_GRANTED && reach->cost &&
            !verdict_cost(b, i, &k->cost, v->cost[i], &reach->cost[b->first + i]))
            v->reason[i] = REASON_FAULT;
        reach->state[b->first + i] = v->reason[i] == REASON_GRANTED ? REACH_OPEN
                                     : v->reason[i] == REASON_FAULT ? REACH_FAULT
                                                                    : REACH_CLOSED;
    }
    return DONE;
}

// Whether a contact policy counts offers of the campaign by the channel (-1: by none).
static bool policy_covers(const struct contact_policy *q, int campaign, int channel) {
    return (!q->campaign || q->campaign[campaign]) &&
           (!q->channels || (channel >= 0 && q->channels >> channel & 1));
}

bool decide_presses(const struct decisions *d, int contact_policy, const struct campaign *c,
                    int64_t customer) {
    const struct contact_policy *q = &d->policy->contact_policy[contact_policy];
    int campaign = (int)(c - d->policy->campaign);
    bool covers = c->channels == 0 && policy_covers(q, campaign, -1);
    for (int i = 0; i < c->channels; i++)
        covers |= policy_covers(q, campaign, c->channel[i]);
    return covers && bit_get(d->history.pressed[contact_policy], customer);
}

// Marks whom contact policies keep from being contacted so.
static void press(const struct batch *b, int campaign, int channel, uint8_t *pressed) {
    const struct policy *p = b->d->policy;
    memset(pressed, 0, (size_t)b->n);
    for (int q = 0; q < p->contact_policies; q++) {
        if (!policy_covers(&p->contact_policy[q], campaign, channel))
            continue;
        for (int i = 0; i < b->n; i++)
            pressed[i] |= bit_get(b->d->history.pressed[q], b->first + i);
    }
}

// Whether nothing is in the way of any channel of the campaign, for anybody.
static bool reaches_all(const struct batch *b, const struct campaign *c) {
    bool all = b->d->policy->contact_policies == 0;
    for (int k = 0; k < c->channels; k++)
        all &= !b->d->reach[c->channel[k]].state;
    return all;
}

static void open_ways(const struct batch *b, const struct campaign *c, struct verdict *v) {
    uint32_t ways = (uint32_t)(((uint64_t)1 << c->channels) - 1);
    const int n = b->n;
    for (int i = 0; i < n; i++)
        v->ways[i] = ways;
}

// A channel that failed counts as closed, but if none is left, that is why.
void reach_apply(const struct batch *b, int campaign, struct verdict *v) {
    const struct campaign *c = &b->d->policy->campaign[campaign];
    if (reaches_all(b, c)) {
        open_ways(b, c, v);
        return;
    }
    uint8_t pressed[BLOCK], any_pressed[BLOCK] = {0}, failed[BLOCK] = {0};
    const int n = b->n;
    memset(v->ways, 0, (size_t)n * sizeof *v->ways);
    for (int k = 0; k < c->channels; k++) {
        const uint8_t *all = b->d->reach[c->channel[k]].state, *state = all ? all + b->first : NULL;
        press(b, campaign, c->channel[k], pressed);
        for (int i = 0; i < n; i++) {
            uint8_t at = state ? state[i] : REACH_OPEN;
            v->ways[i] |= (uint32_t)(at == REACH_OPEN && !pressed[i]) << k;
            any_pressed[i] |= at == REACH_OPEN && pressed[i];
            failed[i] |= at == REACH_FAULT;
        }
    }
    if (c->channels == 0 && !campaign_lets_go(c))
        press(b, campaign, -1, any_pressed);
    for (int i = 0; i < n; i++)
        if (v->reason[i] == REASON_GRANTED && !v->ways[i] && (c->channels > 0 || any_pressed[i]))
            v->reason[i] = any_pressed[i] ? REASON_CONTACT_POLICY
                           : failed[i]    ? REASON_FAULT
                                          : REASON_NO_CHANNEL;
}
