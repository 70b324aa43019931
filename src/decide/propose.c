// Propose: every customer alone against every campaign, a block of customers at a time. What could
// be offered becomes a candidate; what could not keeps its reason.
#include <string.h>

#include "base/money.h"
#include "decide/stages.h"
#include "metric/lots.h"

// The candidates of one block, in its own arena until they are put together.
struct list {
    struct arena *arena;
    struct candidate *p;
    int64_t n, size;
};

struct run {
    struct decisions *d;
    const struct column *const *columns;
    struct verdict **verdict; // by worker, made at its first block; then by campaign, and one more
                              // for the channel that is being tried
    bool *running;            // by campaign: it is within its period
    struct list *list;        // by block
};

// A block, with what is needed to judge it.
struct batch {
    int64_t first;
    int n;
    struct evaluator *evaluator;
    const struct column *const *columns;
};

// What became of a campaign there.
struct verdict {
    uint8_t reason[BLOCK];
    uint32_t ways[BLOCK]; // the channels that are left, a bit each, by their place
    double cost[BLOCK], value[BLOCK], amount[BLOCK];
};

// A stop of a kind that means "no offer": by a missing value, or by a fault.
static uint8_t stopped(uint8_t stop, enum reason missing) {
    return stop == STOP_FAULT ? REASON_FAULT : (uint8_t)missing;
}

static enum status apply_when(const struct batch *b, const struct rule *when, struct verdict *v,
                              struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    if (!rule_given(when))
        return DONE;
    TRY(rule_condition(when, b->evaluator, b->columns, b->first, b->n, v->reason, truth, stop,
                       err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && !truth[i])
            v->reason[i] = stop[i] ? stopped(stop[i], REASON_UNKNOWN) : REASON_INELIGIBLE;
    return DONE;
}

// Who is still open has REASON_GRANTED, which is 0; the others are skipped.
static bool any_open(const struct batch *b, const struct verdict *v) {
    return memchr(v->reason, REASON_GRANTED, (size_t)b->n) != NULL;
}

static enum status apply_never(const struct batch *b, const struct rule *never, struct verdict *v,
                               struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    if (!rule_given(never) || !any_open(b, v))
        return DONE;
    TRY(rule_condition(never, b->evaluator, b->columns, b->first, b->n, v->reason, truth, stop,
                       err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && (truth[i] || stop[i]))
            v->reason[i] = truth[i] ? REASON_NEVER : stopped(stop[i], REASON_SUPPRESSED);
    return DONE;
}

static enum status apply_amount(const struct batch *b, const struct rule *amount, struct verdict *v,
                                double *out, struct err *err) {
    uint8_t stop[BLOCK];
    memset(out, 0, (size_t)b->n * sizeof *out);
    if (!rule_given(amount) || !any_open(b, v))
        return DONE;
    TRY(rule_number(amount, b->evaluator, b->columns, b->first, b->n, v->reason, out, stop, err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && stop[i])
            v->reason[i] = stopped(stop[i], REASON_UNKNOWN);
    return DONE;
}

// Amounts become minor units here. One that is not finite or too large is a fault.
static bool round_amount(const struct run *r, const struct batch *b, int i, const struct rule *rule,
                         double amount, int64_t *out) {
    if (money_round(amount, r->d->data->decimals, out))
        return true;
    evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line,
                   "it is not finite, or too large an amount of money");
    return false;
}

// A cost below nothing would fill a budget again.
static bool round_cost(const struct run *r, const struct batch *b, int i, const struct rule *rule,
                       double amount, int64_t *out) {
    if (!round_amount(r, b, i, rule, amount, out))
        return false;
    if (*out >= 0)
        return true;
    evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line,
                   "a cost is not below 0; what an offer brings belongs in `value`");
    return false;
}

// Of an offer that counts how much it is: whole points, or money to the minor unit.
static bool round_offer(const struct run *r, const struct batch *b, int i, const struct offer *o,
                        double amount, double *out) {
    int decimals = r->d->data->decimals;
    bool cash = str_is(o->kind, "cash");
    int64_t points = cash ? 0 : points_whole(amount), minor;
    *out = o->number;
    if (!rule_given(&o->amount))
        return true;
    if (cash && !round_amount(r, b, i, &o->amount, amount, &minor))
        return false;
    *out = cash ? money_major(minor, decimals) : (double)points;
    if (*out >= 0)
        return true;
    evaluator_fail(b->evaluator, &o->amount, b->first + i, o->at.line,
                   points == LOTS_FAILED ? "it is not finite, or too many points"
                                         : "an offer is not below 0");
    return false;
}

static int64_t reach_cost(const struct reach *r, int64_t customer) {
    return r->cost ? r->cost[customer] : 0;
}

// ---- what the history and the channels leave --------------------------------------------------

static void apply_cap(const struct run *r, const struct batch *b, int campaign, struct verdict *v) {
    const uint64_t *capped = r->d->history.capped[campaign];
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
static bool skip_channel(const struct run *r, const struct batch *b, int channel,
                         const struct verdict *verdicts, uint8_t *skip) {
    const struct policy *p = r->d->policy;
    memset(skip, 1, (size_t)b->n);
    for (int c = 0; c < p->campaigns; c++)
        for (int i = 0; i < b->n && uses_channel(&p->campaign[c], channel); i++)
            skip[i] &= verdicts[c].reason[i] != REASON_GRANTED;
    return memchr(skip, 0, (size_t)b->n) != NULL;
}

// Whom a channel reaches: its `when` holds, its `never` does not, and its cost is known.
static enum status try_channel(const struct run *r, const struct batch *b, int channel,
                               const struct verdict *verdicts, struct verdict *v, struct err *err) {
    const struct channel *k = &r->d->policy->channel[channel];
    const struct reach *reach = &r->d->reach[channel];
    if (!reach->state || !skip_channel(r, b, channel, verdicts, v->reason))
        return DONE;
    TRY(apply_when(b, &k->when, v, err));
    TRY(apply_never(b, &k->never, v, err));
    TRY(apply_amount(b, &k->cost, v, v->cost, err));
    for (int i = 0; i < b->n; i++) {
        if (v->reason[i] == REASON_GRANTED && reach->cost &&
            !round_cost(r, b, i, &k->cost, v->cost[i], &reach->cost[b->first + i]))
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
static void press(const struct run *r, const struct batch *b, int campaign, int channel,
                  uint8_t *pressed) {
    const struct policy *p = r->d->policy;
    memset(pressed, 0, (size_t)b->n);
    for (int q = 0; q < p->contact_policies; q++)
        for (int i = 0; i < b->n && policy_covers(&p->contact_policy[q], campaign, channel); i++)
            pressed[i] |= bit_get(r->d->history.pressed[q], b->first + i);
}

// The channels that are left. One that failed counts as closed, but if none is left, that is why.
static void apply_channels(const struct run *r, const struct batch *b, int campaign,
                           struct verdict *v) {
    const struct campaign *c = &r->d->policy->campaign[campaign];
    uint8_t pressed[BLOCK], any_pressed[BLOCK] = {0}, failed[BLOCK] = {0};
    memset(v->ways, 0, (size_t)b->n * sizeof *v->ways);
    for (int k = 0; k < c->channels; k++) {
        const uint8_t *state = r->d->reach[c->channel[k]].state;
        press(r, b, campaign, c->channel[k], pressed);
        for (int i = 0; i < b->n; i++) {
            uint8_t at = state ? state[b->first + i] : REACH_OPEN;
            v->ways[i] |= (uint32_t)(at == REACH_OPEN && !pressed[i]) << k;
            any_pressed[i] |= at == REACH_OPEN && pressed[i];
            failed[i] |= at == REACH_FAULT;
        }
    }
    if (c->channels == 0 && !str_is(c->offer.kind, "let_go"))
        press(r, b, campaign, -1, any_pressed);
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && !v->ways[i] && (c->channels > 0 || any_pressed[i]))
            v->reason[i] = any_pressed[i] ? REASON_CONTACT_POLICY
                           : failed[i]    ? REASON_FAULT
                                          : REASON_NO_CHANNEL;
}

// ---- candidates -------------------------------------------------------------------------------

static void list_add(struct list *l, struct candidate c) {
    if (l->n == l->size) {
        int64_t size = l->size ? 2 * l->size : 64;
        l->p = arena_resize(l->arena, l->p, (size_t)l->size * sizeof *l->p,
                            (size_t)size * sizeof *l->p);
        l->size = size;
    }
    l->p[l->n++] = c;
}

// Value is what the effect is worth: uplift x value.
static enum status apply_effect(const struct batch *b, const struct effect *e, struct verdict *v,
                                struct err *err) {
    double size[BLOCK], base[BLOCK];
    if (e->kind == EFFECT_NONE)
        return DONE;
    TRY(apply_amount(b, &e->size, v, size, err));
    if (e->relative)
        TRY(apply_amount(b, &e->base, v, base, err));
    for (int i = 0; i < b->n; i++)
        v->value[i] *= e->relative ? size[i] * base[i] : size[i];
    return DONE;
}

static void add_candidate(const struct run *r, const struct batch *b, int i, int campaign,
                          struct verdict *v, struct list *list) {
    const struct campaign *rules = &r->d->policy->campaign[campaign];
    struct candidate c = {.customer = b->first + i, .campaign = campaign, .channel = -1};
    if (!round_cost(r, b, i, &rules->cost, v->cost[i], &c.cost) ||
        !round_amount(r, b, i, &rules->value, v->value[i], &c.value) ||
        !round_offer(r, b, i, &rules->offer, v->amount[i], &c.amount)) {
        v->reason[i] = REASON_FAULT;
        return;
    }
    if (rules->channels > 0) {
        c.ways = v->ways[i];
        c.channel = __builtin_ctz(c.ways);
        c.cost += reach_cost(&r->d->reach[rules->channel[c.channel]], c.customer);
    }
    c.net = c.value - c.cost;
    v->reason[i] = REASON_OUTBID; // until it is granted, or something else is in its way
    list_add(list, c);
}

static enum status propose_batch(const struct run *r, const struct batch *b,
                                 struct verdict *verdicts, struct list *list, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int c = 0; c < p->campaigns; c++) {
        memset(verdicts[c].reason, r->running[c] ? REASON_GRANTED : REASON_PERIOD, (size_t)b->n);
        if (!r->running[c])
            continue;
        TRY(apply_when(b, &p->campaign[c].when, &verdicts[c], err));
        TRY(apply_never(b, &p->campaign[c].never, &verdicts[c], err));
        apply_cap(r, b, c, &verdicts[c]);
    }
    for (int k = 0; k < p->channels; k++)
        TRY(try_channel(r, b, k, verdicts, &verdicts[p->campaigns], err));
    for (int c = 0; c < p->campaigns; c++) {
        if (!any_open(b, &verdicts[c]))
            continue;
        apply_channels(r, b, c, &verdicts[c]);
        if (rule_given(&p->campaign[c].offer.amount))
            TRY(apply_amount(b, &p->campaign[c].offer.amount, &verdicts[c], verdicts[c].amount,
                             err));
        TRY(apply_amount(b, &p->campaign[c].cost, &verdicts[c], verdicts[c].cost, err));
        TRY(apply_amount(b, &p->campaign[c].value, &verdicts[c], verdicts[c].value, err));
        TRY(apply_effect(b, &p->campaign[c].effect, &verdicts[c], err));
    }
    for (int i = 0; i < b->n; i++)
        for (int c = 0; c < p->campaigns; c++)
            if (verdicts[c].reason[i] == REASON_GRANTED)
                add_candidate(r, b, i, c, &verdicts[c], list);
    for (int c = 0; c < p->campaigns; c++)
        memcpy(r->d->reason[c] + b->first, verdicts[c].reason, (size_t)b->n);
    return DONE;
}

static enum status propose_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct evaluator *own = &r->d->evaluator[b->worker];
    struct verdict **verdict = &r->verdict[b->worker];
    struct list *list = &r->list[b->index];
    if (!*verdict)
        *verdict = arena_array(own->arena, (size_t)r->d->policy->campaigns + 1, sizeof **verdict);
    list->n = 0;
    struct batch batch = {b->first, b->n, own, r->columns};
    return propose_batch(r, &batch, *verdict, list, err);
}

static enum status gather_columns(struct run *r, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int i = 0; i < p->sites; i++)
        if (p->site[i].campaign || p->site[i].channel)
            TRY(rule_columns(r->d->board, p->site[i].rule, &r->columns, err));
    return DONE;
}

// One list from the blocks' lists, in order.
static void join(struct arena *a, struct decisions *d, struct list *list, size_t blocks) {
    for (size_t i = 0; i < blocks; i++)
        d->candidates += list[i].n;
    d->candidate = arena_array(a, (size_t)d->candidates, sizeof *d->candidate);
    for (size_t i = 0, at = 0; i < blocks; at += (size_t)list[i].n, i++) {
        if (list[i].n)
            memcpy(d->candidate + at, list[i].p, (size_t)list[i].n * sizeof *d->candidate);
        arena_free(list[i].arena);
    }
}

// A policy's own test may know no day, and then means one on which everything runs.
static void find_running(struct arena *a, struct run *r) {
    const struct policy *p = r->d->policy;
    bool known = r->d->data->people;
    int32_t day = r->d->data->as_of;
    r->running = arena_array(a, (size_t)p->campaigns, sizeof *r->running);
    for (int c = 0; c < p->campaigns; c++) {
        struct period period = p->campaign[c].period;
        r->running[c] = !known || (period.from <= day && day <= period.to);
    }
}

static void make_reach(struct arena *a, struct decisions *d) {
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

enum status propose(struct arena *a, const struct host *host, struct decisions *d,
                    struct err *err) {
    size_t blocks = block_count(d->data->customers);
    struct run r = {.d = d};
    r.verdict = arena_array(a, (size_t)block_threads(host), sizeof *r.verdict);
    r.list = arena_array(a, blocks, sizeof *r.list);
    TRY(gather_columns(&r, err));
    find_running(a, &r);
    make_reach(a, d);
    d->reason = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->reason);
    for (int c = 0; c < d->policy->campaigns; c++)
        d->reason[c] = arena_alloc(a, (size_t)d->data->customers);
    for (size_t i = 0; i < blocks; i++)
        r.list[i].arena = arena_child(a);
    TRY(decide_blocks(host, d, propose_block, &r, err));
    join(a, d, r.list, blocks);
    return DONE;
}
