// A way down from prices: the mean of the last slopes, by steps that would reach `value` were the
// bound a line (Polyak's), shorter whenever that does not help. Prices count here by what the whole
// supply is worth at them, so that all have one scale.
#include "budget/refine.h"

#include <string.h>

enum {
    STEPS = 150,
    STEPS_MOST = 3000, // where customers are few:
    WORK = 1000000,    // so many are weighed in all
    PATIENCE = 30,     // 1 part in so many of the steps: without a lower bound
};

struct descent {
    const struct choices *choices;
    const struct prices *from;
    struct prices at;
    struct weighed weighed;
    double *mean;  // [supply]
    double share;  // of a step
    int64_t since; // steps without a lower bound
};

static int64_t steps_for(int64_t customers) {
    int64_t steps = WORK / (customers + 1);
    return steps < STEPS ? STEPS : steps < STEPS_MOST ? steps : STEPS_MOST;
}

static double size_of(const struct descent *d, int supply) {
    int64_t size = d->choices->supply[supply].size;
    return size > 0 ? (double)size : 1;
}

// The mean slope, which it turns towards the slope here; returns its square.
static double turn(struct descent *d) {
    double square = 0;
    for (int i = 0; i < d->from->scarces; i++) {
        int k = d->from->scarce[i];
        int64_t more = d->weighed.used[k] - d->choices->supply[k].size;
        d->mean[k] = 0.3 * ((double)more / size_of(d, k)) + 0.7 * d->mean[k];
        square += d->mean[k] * d->mean[k];
    }
    return square;
}

static void go(struct descent *d, double by) {
    for (int i = 0; i < d->from->scarces; i++) {
        int k = d->from->scarce[i];
        double to = (double)d->at.at[k] + by * d->mean[k] / size_of(d, k);
        d->at.at[k] = to <= 0 ? 0 : to < 0x1p61 ? (int64_t)to : (int64_t)1 << 61;
    }
}

enum status refine_prices(struct arena *a, const struct host *host, const struct choices *c,
                          struct prices *p, int64_t value, struct err *err) {
    struct arena *own = arena_child(a);
    size_t bytes = (size_t)c->supplies * sizeof *p->at;
    struct descent d = {.choices = c, .from = p, .at = prices_copy(own, c, p), .share = 1};
    int64_t least = INT64_MAX, steps = steps_for(c->customers);
    d.weighed.used = arena_alloc(own, bytes);
    d.mean = arena_array(own, (size_t)c->supplies, sizeof *d.mean);
    for (int64_t step = 0; step < steps && least > value; step++) {
        TRY(prices_weigh(own, host, c, &d.at, &d.weighed, err));
        bool lower = d.weighed.bound < least;
        d.since = lower ? 0 : d.since + 1;
        if (lower) {
            least = d.weighed.bound;
            memcpy(p->at, d.at.at, bytes);
        } else if (d.since % (steps / PATIENCE) == 0) {
            d.share /= 2;
        }
        double square = turn(&d), unit = (double)((int64_t)1 << p->shift);
        if (square > 0)
            go(&d, d.share * (double)(d.weighed.bound - value) / square * unit);
    }
    arena_free(own);
    return DONE;
}
