// Allocate: of a customer's candidates the best net wins, ties by declared order. Holdout comes
// last, on winners only: holding out earlier would compare the control with people who would not
// have got the offer, and bias the evaluation.
#include "base/hash.h"
#include "decide/stages.h"

// The index of the best candidate of first .. end - 1, all of one customer.
static int64_t best(const struct candidate *c, int64_t first, int64_t end) {
    int64_t winner = first;
    for (int64_t i = first + 1; i < end; i++)
        if (c[i].net > c[winner].net)
            winner = i;
    return winner;
}

// Whether the customer falls in the campaign's holdout: the same at every run of this policy.
static bool held_out(const struct decisions *d, struct str salt, const struct candidate *c) {
    double share = d->policy->campaign[c->campaign].holdout;
    return share > 0 && hash_share(salt, column_str(d->data->id, c->customer)) < share;
}

// What keeps the holdouts of different policies and campaigns independent of each other.
static struct str *holdout_salts(struct arena *a, const struct policy *p) {
    struct str *salts = arena_array(a, (size_t)p->campaigns, sizeof *salts);
    for (int c = 0; c < p->campaigns; c++) {
        struct buf b = {.arena = a};
        buf_str(&b, p->title);
        buf_char(&b, '\n');
        buf_str(&b, p->campaign[c].name);
        salts[c] = (struct str){b.p, b.n};
    }
    return salts;
}

void allocate(struct arena *a, struct decisions *d) {
    const struct candidate *c = d->candidate;
    const struct str *salts = holdout_salts(a, d->policy);
    d->chosen = arena_array(a, (size_t)d->data->customers, sizeof *d->chosen);
    for (int64_t i = 0; i < d->data->customers; i++)
        d->chosen[i] = -1;
    for (int64_t first = 0, end; first < d->candidates; first = end) {
        int64_t customer = c[first].customer;
        for (end = first; end < d->candidates && c[end].customer == customer; end++)
            d->reason[c[end].campaign][customer] = REASON_OUTBID;
        int64_t winner = best(c, first, end);
        bool control = held_out(d, salts[c[winner].campaign], &c[winner]);
        d->reason[c[winner].campaign][customer] = control ? REASON_HOLDOUT : REASON_GRANTED;
        d->chosen[customer] = winner;
    }
}
