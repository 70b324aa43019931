// Shor's r-algorithm: a descent whose space is stretched, after each step, across the direction in
// which the slope has turned, so that it goes along valleys instead of from side to side. Prices
// count by what the whole supply is worth at them, so that all have one scale; below 0 it leads
// back. Of very many prices the space stays as it is, which would be a table of each against each.
//
// It follows the slope and not the bound: who is held out is so at a price, and prices at which
// more are held out have a lower bound, but are no better.
#include "budget/refine.h"

#include <math.h>
#include <string.h>

enum {
    STEPS = 200,
    STEPS_MOST = 2000, // where customers are few:
    WORK = 1000000,    // so many are weighed in all
    STEPS_MANY = 100,  // where prices are many
    STRAIGHT = 50,     // steps in one direction
};

static const double NARROWER = 0.5, LONGER = 1.2, SHORTER = 0.95;
static const double FINE = 0x1p-17; // share of the bound: shorter steps change nothing that counts

struct descent {
    const struct choices *choices;
    const struct prices *from;
    struct prices at;
    struct weighed weighed;
    int n;
    double *point;          // [n], by scarce supply, what it is worth as a whole
    double *slope, *before; // [n]
    double *stretch;        // [n][n], or NULL: not at all
    double *way, *turned;   // [n]
    double length;          // of a step
    int64_t left;           // steps
};

static int64_t steps_for(const struct descent *d) {
    if (!d->stretch)
        return STEPS_MANY;
    int64_t steps = WORK / (d->choices->customers + 1);
    return steps < STEPS ? STEPS : steps < STEPS_MOST ? steps : STEPS_MOST;
}

static double size_of(const struct descent *d, int i) {
    int64_t size = d->choices->supply[d->from->scarce[i]].size;
    return size > 0 ? (double)size : 1;
}

static double product(const double *x, const double *y, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * y[i];
    return sum;
}

// The prices at the point, what they come to, and the slope.
static enum status weigh(struct arena *a, const struct host *host, struct descent *d,
                         struct err *err) {
    double unit = (double)((int64_t)1 << d->from->shift);
    for (int i = 0; i < d->n; i++) {
        double to = d->point[i] / size_of(d, i) * unit;
        d->at.at[d->from->scarce[i]] = to <= 0 ? 0 : to < 0x1p60 ? (int64_t)to : (int64_t)1 << 60;
    }
    TRY(prices_weigh(a, host, d->choices, &d->at, &d->weighed, err));
    for (int i = 0; i < d->n; i++) {
        int k = d->from->scarce[i];
        int64_t rest = d->choices->supply[k].size - d->weighed.used[k];
        d->slope[i] = d->point[i] < 0 ? -1 : (double)rest / size_of(d, i);
    }
    return DONE;
}

// What `of` is in the stretched space; returns its length there, and makes that 1.
static double stretched(const struct descent *d, const double *of, double *out) {
    for (int i = 0; i < d->n; i++) {
        out[i] = d->stretch ? 0 : of[i];
        for (int k = 0; d->stretch && k < d->n; k++)
            out[i] += d->stretch[k * d->n + i] * of[k];
    }
    double length = sqrt(product(out, out, d->n));
    for (int i = 0; i < d->n && length > 0; i++)
        out[i] /= length;
    return length;
}

// Of a direction there the one here.
static void unstretched(const struct descent *d, const double *of, double *out) {
    for (int i = 0; i < d->n; i++)
        out[i] = d->stretch ? product(d->stretch + i * d->n, of, d->n) : of[i];
}

static void narrow(struct descent *d) {
    for (int i = 0; i < d->n; i++)
        d->turned[i] = d->slope[i] - d->before[i];
    double *there = d->before;
    if (stretched(d, d->turned, there) == 0)
        return;
    unstretched(d, there, d->turned);
    for (int i = 0; i < d->n; i++)
        for (int k = 0; k < d->n; k++)
            d->stretch[i * d->n + k] += (NARROWER - 1) * d->turned[i] * there[k];
}

static struct descent descent_new(struct arena *a, const struct choices *c,
                                  const struct prices *p) {
    size_t n = (size_t)p->scarces;
    struct descent d = {.choices = c, .from = p, .at = prices_copy(a, c, p), .n = p->scarces};
    d.weighed.used = arena_array(a, (size_t)c->supplies, sizeof *d.weighed.used);
    d.point = arena_array(a, n, sizeof *d.point);
    d.slope = arena_array(a, n, sizeof *d.slope);
    d.before = arena_array(a, n, sizeof *d.before);
    d.way = arena_array(a, n, sizeof *d.way);
    d.turned = arena_array(a, n, sizeof *d.turned);
    for (int i = 0; i < d.n; i++)
        d.point[i] =
            (double)p->at[p->scarce[i]] * size_of(&d, i) / (double)((int64_t)1 << p->shift);
    if (prices_many(p))
        return d;
    d.stretch = arena_array(a, n * n, sizeof *d.stretch);
    for (int i = 0; i < d.n; i++)
        d.stretch[i * d.n + i] = 1;
    return d;
}

// Along the slope as the stretched space shows it, on as long as that goes down.
static enum status go(struct arena *a, const struct host *host, struct descent *d,
                      struct err *err) {
    int steps = 0;
    memcpy(d->before, d->slope, (size_t)d->n * sizeof *d->slope);
    unstretched(d, d->turned, d->way);
    do {
        for (int i = 0; i < d->n; i++)
            d->point[i] -= d->length * d->way[i];
        TRY(weigh(a, host, d, err));
        d->length *= ++steps > 2 ? LONGER : 1;
    } while (steps < STRAIGHT && product(d->slope, d->way, d->n) > 0);
    d->length *= steps == 1 ? SHORTER : 1;
    d->left -= steps;
    return DONE;
}

enum status refine_prices(struct arena *a, const struct host *host, const struct choices *c,
                          struct prices *p, int64_t value, struct err *err) {
    struct arena *own = arena_child(a);
    struct descent d = descent_new(own, c, p);
    TRY(weigh(own, host, &d, err));
    // Not stretched, each moves by about half its part of the gap.
    d.length = (double)(d.weighed.bound - value) / (d.stretch ? 1 : 2 * sqrt(d.n));
    d.left = steps_for(&d);
    while (d.left > 0 && stretched(&d, d.slope, d.turned) > 0) {
        TRY(go(own, host, &d, err));
        if (d.stretch)
            narrow(&d);
        if (d.length * sqrt(product(d.way, d.way, d.n)) < FINE * (double)d.weighed.bound)
            break;
    }
    memcpy(p->at, d.at.at, (size_t)c->supplies * sizeof *p->at);
    arena_free(own);
    return DONE;
}
