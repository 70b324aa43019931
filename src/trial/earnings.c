#include "trial/earnings.h"

#include <math.h>

#include "base/money.h"

static enum status amount_of(double per_head, int64_t customers, double worth, int decimals,
                             int64_t *out, struct err *err) {
    *out = NO_AMOUNT;
    if (isnan(per_head) || money_round(per_head * (double)customers * worth, decimals, out))
        return DONE;
    return err_set(err, REFUSED,
                   "what the campaign earned is beyond what an amount may be; is --worth %g right?",
                   worth);
}

static int64_t after(int64_t amount, int64_t cost) {
    return amount == NO_AMOUNT ? NO_AMOUNT : amount - cost;
}

static double by_cost(int64_t net, int64_t cost) {
    return net == NO_AMOUNT || cost <= 0 ? NAN : (double)net / (double)cost;
}

enum status earnings_of(int64_t customers, int64_t cost, const struct estimate *difference,
                        double worth, int decimals, struct earnings *out, struct err *err) {
    const struct estimate *d = difference;
    struct earnings e = {.customers = customers, .cost = cost};
    TRY(amount_of(d->value, customers, worth, decimals, &e.earned.value, err));
    TRY(amount_of(d->fixed.low, customers, worth, decimals, &e.earned.low, err));
    TRY(amount_of(d->fixed.high, customers, worth, decimals, &e.earned.high, err));
    e.net = (struct amount){e.earned.value - cost, after(e.earned.low, cost),
                            after(e.earned.high, cost)};
    e.roi = by_cost(e.net.value, cost);
    e.roi_low = by_cost(e.net.low, cost);
    e.roi_high = by_cost(e.net.high, cost);
    e.breakeven = cost > 0 ? money_major(cost, decimals) / ((double)customers * worth) : NAN;
    *out = e;
    return DONE;
}

struct sure_things sure_things_of(const struct experiment *x, int arm, const double *answer,
                                  const struct contrast *e) {
    struct sure_things s = {.share = NAN};
    if (e->treated.mean > 0)
        s.share = fmin(1, e->control.mean / e->treated.mean);
    for (int64_t i = 0; i < x->customers; i++)
        if ((arm ? x->of[i] == arm : x->of[i] > 0) && answer[i] == 1) {
            s.answered++;
            s.cost += x->cost ? x->cost[i] : 0;
        }
    s.wasted = s.answered ? (int64_t)nearbyint((double)s.cost * s.share) : 0;
    if (!x->cost)
        s.cost = s.wasted = NO_AMOUNT;
    return s;
}
