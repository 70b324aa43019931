// Nothing is drawn by customer, only the factors: a result follows from sums (result.c).
#include "simulate/forecast.h"

#include <math.h>
#include <stdlib.h>

#include "metric/block.h"
#include "model/cuts.h"

struct drawing {
    struct forecast *f;
    struct result *result; // [campaigns][draws], behind them of all together
};

enum { DRAWS_A_TASK = 256 };

static enum status draw_task(struct task *t, struct err *err) {
    const struct drawing *g = t->arg;
    const struct forecast *f = g->f;
    int draws = f->options->draws, campaigns = f->cells->campaigns;
    int first = (int)t->index * DRAWS_A_TASK;
    struct arena *own = arena_child(t->arena);
    double *x = arena_array(own, (size_t)f->factors.n, sizeof *x);
    struct result *by = arena_array(own, (size_t)campaigns, sizeof *by);
    (void)err;
    for (int r = first; r < draws && r < first + DRAWS_A_TASK; r++) {
        for (int i = 0; i < f->factors.n; i++)
            x[i] = f->draw[i][r];
        g->result[(int64_t)campaigns * draws + r] = forecast_at(own, f, x, by);
        for (int k = 0; k < campaigns; k++)
            g->result[(int64_t)k * draws + r] = by[k];
    }
    arena_free(own);
    return DONE;
}

static int compare_numbers(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct spread spread_of(double *x, int n) {
    const struct sample sample = {.n = n, .x = x};
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i];
    qsort(x, (size_t)n, sizeof *x, compare_numbers);
    return (struct spread){sum / n, cuts_quantile(&sample, 5, 100), cuts_quantile(&sample, 50, 100),
                           cuts_quantile(&sample, 95, 100)};
}

// The net itself: what is lost in the worst draws, and how much more draws would move the mean.
static void weigh_net(struct prospect *p, const double *sorted, int n) {
    int worst = n / 20 > 0 ? n / 20 : 1, positive = 0;
    double squares = 0;
    p->worst = 0;
    for (int i = 0; i < n; i++) {
        p->worst += i < worst ? sorted[i] / worst : 0;
        positive += sorted[i] > 0;
        squares += (sorted[i] - p->net.mean) * (sorted[i] - p->net.mean);
    }
    p->positive = (double)positive / n;
    p->error = n > 1 ? sqrt(squares / (n - 1) / n) : 0;
}

static struct prospect prospect_of(const struct result *r, int n, double *room) {
    struct prospect p = {0};
    struct {
        struct spread *to;
        double (*of)(const struct result *r);
    } const part[] = {
        {&p.contact, result_contact}, {&p.offers, result_offers}, {&p.sure, result_sure},
        {&p.gain, result_gain},       {&p.cost, result_cost},     {&p.roi, result_roi},
        {&p.net, result_net},
    };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        for (int k = 0; k < n; k++)
            room[k] = part[i].of(&r[k]);
        *part[i].to = spread_of(room, n);
    }
    weigh_net(&p, room, n); // the net came last
    return p;
}

// ---- by campaign --------------------------------------------------------------------------------

static double net_at(struct arena *a, const struct forecast *f, double *x, int factor, double value,
                     struct result *by) {
    double kept = x[factor];
    x[factor] = value;
    forecast_at(a, f, x, by);
    x[factor] = kept;
    return result_net(&by[f->factors.factor[factor].campaign]);
}

// The mean uplift at which a campaign nets nothing. The net is a straight line of it, but where a
// chance to stay ends; there the bounds are finite, and halved.
static double find_break_even(struct arena *a, const struct forecast *f, double *x, int factor,
                              struct result *by) {
    const struct factor *k = &f->factors.factor[factor];
    double low = k->low, high = k->high;
    if (isinf(low) || isinf(high)) {
        double step = fmax(fabs(k->mean), 1), at = net_at(a, f, x, factor, k->mean, by);
        double slope = (net_at(a, f, x, factor, k->mean + step, by) - at) / step;
        return slope != 0 ? k->mean - at / slope : NAN;
    }
    bool up = net_at(a, f, x, factor, high, by) > 0;
    if (up == (net_at(a, f, x, factor, low, by) > 0))
        return NAN;
    for (int i = 0; i < 100; i++) {
        double middle = (low + high) / 2;
        if ((net_at(a, f, x, factor, middle, by) > 0) == up)
            high = middle;
        else
            low = middle;
    }
    return (low + high) / 2;
}

// What pays with the earnings less the contacts, for each offer, or each success.
static double find_largest_offer(const struct forecast *f, int campaign, const struct result *r) {
    double all = 0;
    for (const struct cell *c = f->cells->cell; c < f->cells->cell + f->cells->n; c++)
        all += c->campaign == campaign ? c->offer.all : 0;
    double mean = all / (double)f->campaign[campaign].offers;
    return r->offers > 0 ? (r->gain - r->contact) / r->offers * mean : NAN;
}

static void weigh_effect(struct arena *a, const struct forecast *f, int factor, double *room) {
    const struct factor *k = &f->factors.factor[factor];
    struct campaign_prospect *p = &f->campaign[k->campaign];
    int draws = f->options->draws, above = 0;
    struct arena *own = arena_child(a);
    double *x = forecast_means(own, f);
    struct result *by = arena_array(own, (size_t)f->cells->campaigns, sizeof *by);
    p->break_even = find_break_even(own, f, x, factor, by);
    arena_free(own);
    for (int r = 0; r < draws; r++) {
        room[r] = f->draw[factor][r];
        above += room[r] > p->break_even;
    }
    p->uplift = spread_of(room, draws);
    p->above = isnan(p->break_even) ? NAN : (double)above / draws;
    p->all.grade = k->grade;
}

// Less of the variance than this share does not count for a grade.
#define GRADE_SHARE 0.05

// The weakest of the factors that move the net: of the whole, and of each campaign, for which its
// effect counts in any case. A factor counts by the square of how far one deviation of it moves the
// net. If nothing moves it, all count.
static enum status grade_all(struct arena *a, const struct host *host, struct forecast *f,
                             struct err *err) {
    int campaigns = f->cells->campaigns, factors = f->factors.n;
    double *x = forecast_means(a, f);
    double *square = arena_array(a, (size_t)(campaigns + 1) * (size_t)factors, sizeof *square);
    struct result *low = arena_array(a, (size_t)campaigns + 1, sizeof *low);
    struct result *high = arena_array(a, (size_t)campaigns + 1, sizeof *high);
    for (int i = 0; i < factors; i++) {
        const struct factor *k = &f->factors.factor[i];
        TRY(host_poll(host, err));
        x[i] = k->mean - k->sd;
        low[campaigns] = forecast_at(a, f, x, low);
        x[i] = k->mean + k->sd;
        high[campaigns] = forecast_at(a, f, x, high);
        x[i] = k->mean;
        for (int c = 0; c <= campaigns; c++)
            square[c * factors + i] = pow(result_net(&high[c]) - result_net(&low[c]), 2);
    }
    for (int c = 0; c <= campaigns; c++) {
        enum grade *grade = c < campaigns ? &f->campaign[c].all.grade : &f->all.grade;
        double sum = 0;
        for (int i = 0; i < factors; i++)
            sum += square[c * factors + i];
        for (int i = 0; i < factors; i++)
            if (square[c * factors + i] >= GRADE_SHARE * sum && f->factors.factor[i].grade > *grade)
                *grade = f->factors.factor[i].grade;
    }
    return DONE;
}

static double mean_base(const struct forecast *f, int campaign) {
    double sum = 0;
    if (!f->cells->base_known[campaign])
        return NAN;
    for (const struct cell *c = f->cells->cell; c < f->cells->cell + f->cells->n; c++)
        sum += c->campaign == campaign ? c->one.base : 0;
    return sum / (double)f->campaign[campaign].offers;
}

// The cost is paid at once; what is earned, in money of today as the cost is, comes in evenly over
// the horizon.
static int find_payback(const struct forecast *f) {
    double gain = f->all.gain.mean, cost = f->all.cost.mean;
    double months = ceil(f->options->assume.value[ASSUME_HORIZON] * (cost / gain));
    return gain > 0 && cost <= gain ? (int)fmax(months, 1) : 0;
}

static enum status draw_all(struct arena *a, const struct host *host, struct forecast *f,
                            struct err *err) {
    int draws = f->options->draws, campaigns = f->cells->campaigns;
    struct arena *own = arena_child(a);
    double *room = arena_array(own, (size_t)draws, sizeof *room);
    struct drawing g = {.f = f};
    g.result = arena_array(own, (size_t)(campaigns + 1) * (size_t)draws, sizeof *g.result);
    TRY(parallel_run(host, (size_t)(draws + DRAWS_A_TASK - 1) / DRAWS_A_TASK, draw_task, &g, err));
    const struct result *all = &g.result[(int64_t)campaigns * draws];
    for (int r = 0; r < draws; r++) {
        f->net[r] = result_net(&all[r]);
        f->cost[r] = result_cost(&all[r]);
        f->gain[r] = result_gain(&all[r]);
    }
    f->all = prospect_of(all, draws, room);
    for (int k = 0; k < campaigns; k++) {
        struct campaign_prospect *p = &f->campaign[k];
        TRY(host_poll(host, err));
        p->offers = f->decisions->count[k][REASON_GRANTED];
        p->base = p->break_even = p->above = p->largest_offer = NAN;
        p->all = prospect_of(&g.result[(int64_t)k * draws], draws, room);
    }
    arena_free(own);
    return DONE;
}

static enum status weigh_all(struct arena *a, const struct host *host, struct forecast *f,
                             struct err *err) {
    struct arena *own = arena_child(a);
    double *room = arena_array(own, (size_t)f->options->draws, sizeof *room);
    struct result *at_means = arena_array(own, (size_t)f->cells->campaigns, sizeof *at_means);
    forecast_at(own, f, forecast_means(own, f), at_means);
    f->all.sure_known = true;
    for (int i = 0; i < f->factors.n; i++) {
        const struct factor *k = &f->factors.factor[i];
        if (k->kind != FACTOR_EFFECT)
            continue;
        TRY(host_poll(host, err));
        weigh_effect(own, f, i, room);
        struct campaign_prospect *p = &f->campaign[k->campaign];
        p->largest_offer = find_largest_offer(f, k->campaign, &at_means[k->campaign]);
        p->base = mean_base(f, k->campaign);
        p->all.sure_known = f->cells->base_known[k->campaign];
        f->all.sure_known &= f->cells->base_known[k->campaign];
    }
    TRY(grade_all(own, host, f, err));
    f->payback = find_payback(f);
    arena_free(own);
    return DONE;
}

// Of every factor a number, and of every campaign a result, are kept for each draw.
static enum status check_room(const struct forecast *f, struct err *err) {
    const double room = 4e9; // bytes
    double each =
        (double)f->factors.n * sizeof(double) + (f->cells->campaigns + 1.0) * sizeof(struct result);
    if (f->options->draws * each <= room)
        return DONE;
    return err_set(
        err, REFUSED, "%d draws of %d campaigns take %.0f GB of memory: take %.0f draws at most",
        f->options->draws, f->cells->campaigns, f->options->draws * each / 1e9, floor(room / each));
}

static enum status draw_factors(struct arena *a, const struct host *host, struct forecast *f,
                                struct err *err) {
    TRY(check_room(f, err));
    f->draw = arena_array(a, (size_t)f->factors.n, sizeof *f->draw);
    for (int i = 0; i < f->factors.n; i++) {
        TRY(host_poll(host, err));
        f->draw[i] = factor_draws(a, &f->factors.factor[i], f->options->seed, f->options->draws);
    }
    return DONE;
}

enum status forecast(struct arena *a, const struct host *host, struct decisions *d,
                     const struct forecast_options *options, struct forecast **out,
                     struct err *err) {
    struct forecast *f = arena_alloc(a, sizeof *f);
    size_t draws = (size_t)options->draws;
    *f = (struct forecast){.decisions = d, .options = options};
    TRY(bases_of(a, host, d, &options->assume, d->stake, &f->bases, err));
    TRY(cells_fold(a, host, d, &f->cells, err));
    f->factors = factors_of(a, d->policy, f->cells, &f->bases, &options->assume);
    TRY(draw_factors(a, host, f, err));
    f->net = arena_array(a, draws, sizeof *f->net);
    f->cost = arena_array(a, draws, sizeof *f->cost);
    f->gain = arena_array(a, draws, sizeof *f->gain);
    f->campaign = arena_array(a, (size_t)d->policy->campaigns, sizeof *f->campaign);
    TRY(draw_all(a, host, f, err));
    TRY(weigh_all(a, host, f, err));
    *out = f;
    return DONE;
}
