// Who is paid: first come, first served, by the day of the referral, then by ids.
#include "base/date.h"
#include "base/money.h"
#include "decide/decide.h"
#include "decide/programme.h"
#include "metric/filter.h"

// What has been paid under the caps, those of before included.
struct spent {
    int64_t *customer; // [referrer]
    int64_t total, budget, most_budget;
};

static bool counts(const struct programme *r, const struct limit *l, int32_t date) {
    bool window = l->per.days || l->per.months;
    return !window || date > filter_before(r->d->data->as_of, l->per);
}

static void add_past(const struct programme *r, const struct paid *p, struct spent *s) {
    const struct caps *caps = &r->referral->caps;
    int32_t date = DATE_MIN;
    for (int party = 0; party < PARTIES; party++) {
        const struct payment *given = &p->given[party], *back = &p->back[party];
        if (given->there && given->date > date)
            date = given->date;
        if (given->there && counts(r, &caps->budget, given->date))
            s->budget += given->amount;
        if (back->there && counts(r, &caps->budget, back->date))
            s->budget += back->amount;
    }
    if (paid_back(p))
        return;
    s->customer[p->referrer] += counts(r, &caps->customer, date);
    s->total += counts(r, &caps->total, date);
}

static enum status spent_before(struct arena *a, const struct programme *r, struct spent *out,
                                struct err *err) {
    const struct limit *budget = &r->referral->caps.budget;
    *out = (struct spent){.customer =
                              arena_array(a, (size_t)r->d->data->customers, sizeof *out->customer)};
    for (int64_t i = 0; i < r->paid.n; i++)
        if (r->paid.paid[i].block == r->index)
            add_past(r, &r->paid.paid[i], out);
    if (budget->given && !money_round(budget->most, r->d->data->decimals, &out->most_budget))
        return err_at(err, REFUSED, r->referral->at, "the budget is too large an amount of money");
    return DONE;
}

// Pays one referral, or says why not. Of what was paid in part before only the rest is due, and
// that counts as one of before.
static enum referral_reason pay_one(const struct programme *r, int64_t edge, struct spent *s) {
    const struct caps *caps = &r->referral->caps;
    const struct paid *p = r->past[edge];
    int64_t due = 0, *customer = &s->customer[r->edges->referrer[edge]];
    for (int party = 0; party < PARTIES; party++) {
        if (p && p->given[party].there)
            r->amount[party][edge] = 0;
        due += r->amount[party][edge];
    }
    if (due == 0)
        return REFERRAL_PAID;
    if (!p && ((caps->customer.given && (double)*customer >= caps->customer.most) ||
               (caps->total.given && (double)s->total >= caps->total.most)))
        return REFERRAL_CAP;
    if (caps->budget.given && s->budget + due > s->most_budget)
        return REFERRAL_BUDGET;
    *customer += !p;
    s->total += !p;
    s->budget += due;
    return REFERRAL_GRANTED;
}

// The edges by date, those of one day in their own order, for whom comes first is paid first.
static int64_t *by_date(struct arena *a, const struct edges *e, const uint8_t *reason, int64_t *n) {
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (int64_t i = 0; i < e->n; i++) {
        if (reason[i] != REFERRAL_GRANTED)
            continue;
        first = edge_date(e, i) < first ? edge_date(e, i) : first;
        last = edge_date(e, i) > last ? edge_date(e, i) : last;
    }
    *n = 0;
    if (first > last)
        return NULL;
    int64_t *start = arena_array(a, (size_t)(last - first) + 2, sizeof *start);
    int64_t *order = arena_array(a, (size_t)e->n, sizeof *order);
    for (int64_t i = 0; i < e->n; i++)
        if (reason[i] == REFERRAL_GRANTED)
            start[edge_date(e, i) - first + 1]++;
    for (int32_t day = 0; day <= last - first; day++)
        start[day + 1] += start[day];
    *n = start[last - first + 1];
    for (int64_t i = 0; i < e->n; i++)
        if (reason[i] == REFERRAL_GRANTED)
            order[start[edge_date(e, i) - first]++] = i;
    return order;
}

enum status programme_pay(struct arena *a, struct programme *r, struct err *err) {
    struct spent spent;
    int64_t n;
    TRY(spent_before(a, r, &spent, err));
    const int64_t *order = by_date(a, r->edges, r->out->reason, &n);
    for (int64_t i = 0; i < n; i++)
        r->out->reason[order[i]] = (uint8_t)pay_one(r, order[i], &spent);
    return DONE;
}
