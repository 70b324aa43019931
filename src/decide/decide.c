#include "decide/decide.h"

#include "decide/stages.h"
#include "table/seal.h"

static const struct {
    const char *name, *help;
} reasons[REASONS] = {
    [REASON_GRANTED] = {"granted", "the offer is made"},
    [REASON_HOLDOUT] = {"holdout", "won the offer, but is held out as a control and gets nothing"},
    [REASON_OUTBID] = {"outbid", "another campaign had the better net"},
    [REASON_NEVER] = {"never", "the campaign's `never` holds"},
    [REASON_SUPPRESSED] = {"suppressed", "a value that `never` needs is missing: no contact"},
    [REASON_UNKNOWN] = {"missing value", "a value that `when`, `cost` or `value` needs is missing"},
    [REASON_FAULT] = {"fault", "an expression failed for this customer"},
    [REASON_INELIGIBLE] = {"ineligible", "the campaign's `when` does not hold"},
};

const char *reason_name(enum reason r) {
    return reasons[r].name;
}

const char *reason_help(enum reason r) {
    return reasons[r].help;
}

static bool is_faulty(const struct decisions *d, int64_t customer) {
    for (int s = 0; s < d->policy->tier_systems; s++)
        if (d->tiering[s].fault[customer])
            return true;
    for (int c = 0; c < d->policy->campaigns; c++)
        if (d->reason[c][customer] == REASON_FAULT)
            return true;
    return false;
}

static void sum_granted(struct decisions *d) {
    for (int64_t i = 0; i < d->candidates; i++) {
        const struct candidate *c = &d->candidate[i];
        if (d->reason[c->campaign][c->customer] != REASON_GRANTED)
            continue;
        d->granted_cost += c->cost;
        d->granted_value += c->value;
    }
}

static void count(struct arena *a, struct decisions *d) {
    d->count = arena_array(a, (size_t)d->policy->campaigns, sizeof *d->count);
    d->first_faulty = -1;
    for (int c = 0; c < d->policy->campaigns; c++)
        for (int64_t i = 0; i < d->data->customers; i++)
            d->count[c][d->reason[c][i]]++;
    for (int64_t i = 0; i < d->data->customers; i++) {
        if (!is_faulty(d, i))
            continue;
        if (d->faulty++ == 0)
            d->first_faulty = i;
    }
}

enum status decide(struct arena *a, const struct host *host, const struct policy *p,
                   struct board *board, const struct dataset *data, struct decisions **out,
                   struct err *err) {
    struct decisions *d = arena_alloc(a, sizeof *d);
    TRY(seal_check(data->id, err));
    *d = (struct decisions){.policy = p, .data = data, .board = board};
    d->tiering = arena_array(a, (size_t)p->tier_systems, sizeof *d->tiering);
    for (int s = 0; s < p->tier_systems; s++)
        TRY(decide_tiers(a, host, d, s, err));
    TRY(propose(a, host, d, err));
    allocate(a, d);
    count(a, d);
    sum_granted(d);
    *out = d;
    return DONE;
}
