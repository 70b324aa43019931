// A rule over a block of customers. A missing value or a fault of a rule closes the customer: no
// offer is made on what is not known.
#include "decide/verdict.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "metric/lots.h"

// A stop of a kind that means "no offer": by a missing value, or by a fault.
static uint8_t stopped(uint8_t stop, enum reason missing) {
    return stop == STOP_FAULT ? REASON_FAULT : (uint8_t)missing;
}

// Those that are not closed yet.
static struct rule_rows rows_of(const struct batch *b, const struct verdict *v) {
    return (struct rule_rows){b->columns, b->first, b->n, v->reason};
}

enum status verdict_when(const struct batch *b, const struct rule *when, struct verdict *v,
                         struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    const int n = b->n;
    if (!rule_given(when))
        return DONE;
    const struct rule_rows rows = rows_of(b, v);
    TRY(rule_condition(when, b->evaluator, &rows, truth, stop, err));
    for (int i = 0; i < n; i++) { // without branches
        uint8_t closed = stop[i] == STOP_FAULT     ? REASON_FAULT
                         : stop[i] == STOP_MISSING ? REASON_UNKNOWN
                                                   : REASON_INELIGIBLE;
        v->reason[i] = v->reason[i] == REASON_GRANTED && !truth[i] ? closed : v->reason[i];
    }
    return DONE;
}

bool verdict_any_open(const struct batch *b, const struct verdict *v) {
    return memchr(v->reason, REASON_GRANTED, (size_t)b->n) != NULL;
}

enum status verdict_never(const struct batch *b, const struct rule *never, struct verdict *v,
                          struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    if (!rule_given(never) || !verdict_any_open(b, v))
        return DONE;
    const struct rule_rows rows = rows_of(b, v);
    TRY(rule_condition(never, b->evaluator, &rows, truth, stop, err));
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && (truth[i] || stop[i]))
            v->reason[i] = truth[i] ? REASON_NEVER : stopped(stop[i], REASON_SUPPRESSED);
    return DONE;
}

static bool any_stop(const uint8_t *stop, int n) {
    uint8_t any = 0;
    for (int i = 0; i < n; i++)
        any |= stop[i];
    return any;
}

// What is made of such amounts, and of chances that are drawn for them, is to stay finite.
static const double AMOUNT_MOST = 0x1p60;

static void stop_beyond(const struct batch *b, const struct rule *amount, const struct verdict *v,
                        const double *x, uint8_t *stop) {
    for (int i = 0; i < b->n; i++) {
        if (fabs(x[i]) <= AMOUNT_MOST || stop[i] || v->reason[i] != REASON_GRANTED)
            continue;
        evaluator_fail(b->evaluator, amount, b->first + i, amount->formula.at.line,
                       "it is not finite, or too large an amount");
        stop[i] = STOP_FAULT;
    }
}

enum status verdict_amount(const struct batch *b, const struct rule *amount, struct verdict *v,
                           double *out, struct err *err) {
    uint8_t stop[BLOCK];
    if (!rule_given(amount) || !verdict_any_open(b, v)) {
        memset(out, 0, (size_t)b->n * sizeof *out);
        return DONE;
    }
    const struct rule_rows rows = rows_of(b, v);
    TRY(rule_number(amount, b->evaluator, &rows, out, stop, err));
    stop_beyond(b, amount, v, out, stop);
    if (!any_stop(stop, b->n))
        return DONE;
    for (int i = 0; i < b->n; i++)
        if (v->reason[i] == REASON_GRANTED && stop[i])
            v->reason[i] = stopped(stop[i], REASON_UNKNOWN);
    return DONE;
}

bool verdict_money(const struct batch *b, int i, const struct rule *rule, double amount,
                   int64_t *out) {
    if (money_round(amount, b->d->data->decimals, out))
        return true;
    evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line,
                   "it is not finite, or too large an amount of money");
    return false;
}

bool verdict_cost(const struct batch *b, int i, const struct rule *rule, double amount,
                  int64_t *out) {
    if (!verdict_money(b, i, rule, amount, out))
        return false;
    if (*out >= 0)
        return true;
    evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line,
                   "a cost is not below 0; what an offer brings belongs in `value`");
    return false;
}

// Nobody is kept with more than certainty; who leaves for sure can't be kept less.
static double saturate(double base, double uplift) {
    return uplift > 1 - base ? 1 - base : uplift < -base ? -base : uplift;
}

static void take_measured(const struct batch *b, const double *by_class, double *uplift) {
    for (int i = 0; i < b->n; i++)
        uplift[i] = by_class[decide_class(b->d, b->first + i)];
}

// A share that can't be one fails the customer's candidate.
static void check_shares(const struct batch *b, const struct rule *rule, const double *share,
                         double least, const char *what, struct verdict *v) {
    for (int i = 0; i < b->n; i++) {
        if (v->reason[i] != REASON_GRANTED || (share[i] >= least && share[i] <= 1))
            continue;
        evaluator_fail(b->evaluator, rule, b->first + i, rule->formula.at.line, what);
        v->reason[i] = REASON_FAULT;
    }
}

enum status verdict_effect(const struct batch *b, const struct effect *e, struct verdict *v,
                           struct err *err) {
    double *base = v->base, *uplift = v->uplift;
    bool stay = e->kind == EFFECT_RETENTION;
    for (int i = 0; i < b->n; i++) {
        base[i] = NAN;
        uplift[i] = 1;
    }
    if (e->kind == EFFECT_NONE)
        return DONE;
    TRY(verdict_amount(b, &e->size, v, uplift, err));
    if (e->measured)
        take_measured(b, e->measured, uplift);
    if (stay && !e->relative)
        check_shares(b, &e->size, uplift, -1,
                     "an effect on retention is from -1 to 1: 0.12 is 12 in a hundred", v);
    if (!rule_given(&e->base))
        return DONE;
    TRY(verdict_amount(b, &e->base, v, base, err));
    if (stay)
        check_shares(b, &e->base, base, 0, "a chance to stay is from 0 to 1", v);
    for (int i = 0; i < b->n; i++) {
        if (v->reason[i] != REASON_GRANTED)
            continue;
        uplift[i] *= e->relative ? base[i] : 1;
        uplift[i] = stay ? saturate(base[i], uplift[i]) : uplift[i];
    }
    return DONE;
}

bool verdict_offer(const struct batch *b, int i, const struct offer *o, double amount,
                   double *out) {
    int decimals = b->d->data->decimals;
    *out = o->number;
    if (!rule_given(&o->amount))
        return true;
    bool cash = str_is(o->kind, "cash");
    int64_t points = cash ? 0 : points_whole(amount), minor;
    if (cash && !verdict_money(b, i, &o->amount, amount, &minor))
        return false;
    *out = cash ? money_major(minor, decimals) : (double)points;
    if (*out >= 0)
        return true;
    evaluator_fail(b->evaluator, &o->amount, b->first + i, o->at.line,
                   points == LOTS_FAILED ? "it is not finite, or too many points"
                                         : "an offer is not below 0");
    return false;
}
