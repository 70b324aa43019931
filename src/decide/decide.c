#include "decide/decide.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "decide/stages.h"
#include "table/seal.h"

const struct channel *decide_channel(const struct decisions *d, const struct candidate *c) {
    const struct campaign *campaign = &d->policy->campaign[c->campaign];
    return c->channel < 0 ? NULL : &d->policy->channel[campaign->channel[c->channel]];
}

int64_t decide_contact_cost(const struct decisions *d, const struct candidate *c) {
    const struct channel *channel = decide_channel(d, c);
    const struct reach *r = channel ? &d->reach[channel - d->policy->channel] : NULL;
    return r && r->cost ? r->cost[c->customer] : 0;
}

const struct candidate *decide_grant(const struct decisions *d, int64_t customer) {
    int64_t chosen = d->chosen[customer];
    return chosen >= 0 && decide_granted(d, &d->candidate[chosen]) ? &d->candidate[chosen] : NULL;
}

int decide_class(const struct decisions *d, int64_t customer) {
    const struct column *c = d->policy->schemes ? d->standing[0].class : NULL;
    return !c ? 0 : column_has(c, customer) ? c->code[customer] : d->policy->scheme[0].n;
}

static enum status refuse_sum(const struct decisions *d, const struct candidate *c,
                              struct err *err) {
    const struct campaign *campaign = &d->policy->campaign[c->campaign];
    struct str id = column_str(d->data->id, c->customer);
    return err_at(err, REFUSED, campaign->at,
                  "campaign '%.*s': up to customer %.*s, what is granted adds up to more than an "
                  "amount of money can be; look at its `cost` and `value`",
                  (int)campaign->name.n, campaign->name.p, (int)id.n, id.p);
}

static enum status sum_granted(struct decisions *d, struct err *err) {
    for (int64_t i = 0; i < d->candidates; i++) {
        const struct candidate *c = &d->candidate[i];
        if (!decide_granted(d, c))
            continue;
        if (__builtin_add_overflow(d->granted_cost, c->cost, &d->granted_cost) ||
            __builtin_add_overflow(d->granted_value, c->value, &d->granted_value))
            return refuse_sum(d, c, err);
        d->losing += decide_losing(d, c);
    }
    return DONE;
}

// Most customers have the same reason, and a figure that has just been written is not there to be
// read at once: so there are several of each.
static void count_reasons(const uint8_t *reason, int64_t n, int64_t *out) {
    enum { SIDES = 4 };
    int64_t side[SIDES][REASONS] = {{0}};
    for (int64_t i = 0; i < n; i++)
        side[i % SIDES][reason[i]]++;
    for (int k = 0; k < SIDES; k++)
        for (int r = 0; r < REASONS; r++)
            out[r] += side[k][r];
}

static void count(struct arena *a, struct decisions *d) {
    for (int s = 0; s < d->policy->schemes; s++)
        standing_count(a, &d->standing[s]);
    d->count = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->count);
    for (int c = 0; c < d->policy->campaigns; c++)
        count_reasons(d->reason[c], d->data->customers, d->count[c]);
}

// ---- what failed ------------------------------------------------------------------------------

enum status decide_blocks(const struct host *host, struct decisions *d,
                          enum status (*fn)(const struct block *b, struct err *err), void *arg,
                          struct err *err) {
    int workers = block_threads(host);
    for (int i = 0; i < workers; i++)
        d->evaluator[i].settled = d->evaluator[i].failures;
    do {
        for (int i = 0; i < workers; i++)
            d->evaluator[i].failures = d->evaluator[i].settled;
        TRY(block_run(host, d->data->customers, fn, arg, err));
    } while (policy_settle(d->policy, host));
    return DONE;
}

static int compare_failures(const void *a, const void *b) {
    const struct failure *x = a, *y = b;
    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    if (x->edge != y->edge)
        return x->edge < y->edge ? -1 : 1;
    return x->line != y->line ? (x->line < y->line ? -1 : 1) : strcmp(x->text, y->text);
}

static void gather_failures(struct arena *a, struct decisions *d, int workers) {
    for (int i = 0; i < workers; i++)
        d->failures += d->evaluator[i].failures;
    struct failure *all = arena_array(a, (size_t)d->failures, sizeof *all), *next = all;
    for (int i = 0; i < workers; i++)
        for (int64_t k = 0; k < d->evaluator[i].failures; k++)
            *next++ = d->evaluator[i].failure[k];
    if (d->failures > 1)
        qsort(all, (size_t)d->failures, sizeof *all, compare_failures);
    d->failure = all;
    d->first_faulty = d->failures ? all[0].customer : -1;
    for (int64_t i = 0; i < d->failures; i++)
        d->faulty += i == 0 || all[i].customer != all[i - 1].customer;
}

static bool reaches_by(const struct policy *p, const struct campaign *c,
                       const struct channel *channel) {
    for (int i = 0; i < c->channels; i++)
        if (&p->channel[c->channel[i]] == channel)
            return true;
    return false;
}

int64_t decide_candidates_from(const struct decisions *d, int64_t customer, int campaign) {
    int64_t low = 0, high = d->candidates;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        const struct candidate *c = &d->candidate[middle];
        if (c->customer < customer || (c->customer == customer && c->campaign < campaign))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct failure *decide_failures_from(const struct decisions *d, int64_t customer,
                                           int64_t edge) {
    int64_t low = 0, high = d->failures;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        const struct failure *f = &d->failure[middle];
        if (f->customer < customer || (f->customer == customer && f->edge < edge))
            low = middle + 1;
        else
            high = middle;
    }
    return d->failure + low;
}

const struct failure *decide_failure(const struct decisions *d, int64_t customer, int campaign) {
    const struct campaign *c = &d->policy->campaign[campaign];
    const struct failure *f = decide_failures_from(d, customer, -1);
    for (; f < d->failure + d->failures && f->customer == customer; f++) {
        const struct site *site = policy_site(d->policy, f->rule);
        if (site->campaign == c || (site->channel && reaches_by(d->policy, c, site->channel)))
            return f;
    }
    return NULL;
}

struct str decide_offer(struct arena *a, const struct decisions *d, const struct candidate *c) {
    const struct offer *o = &d->policy->campaign[c->campaign].offer;
    char number[NUMBER_MAX];
    if (!rule_given(&o->amount))
        return o->text;
    int n = number_print(c->amount, number);
    return str_of(arena_printf(a, "%.*s %.*s", (int)o->text.n, o->text.p, n, number));
}

enum status decide_by(struct arena *a, const struct host *host, struct decisions *d,
                      struct err *err) {
    const struct policy *p = d->policy;
    TRY(seal_check(d->data->id, err));
    for (int i = 0; i < block_threads(host); i++)
        d->evaluator[i].failures = 0;
    d->standing = arena_array(a, (size_t)p->schemes, sizeof *d->standing);
    for (int s = 0; s < p->schemes; s++)
        TRY(decide_scheme(a, host, d, p->order[s], err));
    TRY(history_read(a, host, d, err));
    TRY(propose(a, host, d, err));
    TRY(decide_referrals(a, host, d, err));
    gather_failures(a, d, block_threads(host));
    TRY(allocate(a, host, d, err));
    return sum_granted(d, err);
}

static struct decisions *decisions_new(struct arena *a, const struct host *host,
                                       const struct policy *p, struct board *board,
                                       const struct dataset *data) {
    struct decisions *d = arena_alloc(a, sizeof *d);
    *d = (struct decisions){.policy = p, .data = data, .board = board};
    d->evaluator = evaluators_new(a, p, host);
    return d;
}

static enum status decide_anew(struct arena *a, const struct host *host, struct decisions *d,
                               struct err *err) {
    TRY(decide_by(a, host, d, err));
    count(a, d);
    return DONE;
}

enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err) {
    *out = decisions_new(a, host, p, board, data);
    return decide_anew(a, host, *out, err);
}

enum status decide_staking(struct arena *a, const struct host *host, const struct policy *p,
                           struct board *board, const struct dataset *data, struct decisions **out,
                           struct err *err) {
    *out = decisions_new(a, host, p, board, data);
    (*out)->staking = true;
    return decide_anew(a, host, *out, err);
}
