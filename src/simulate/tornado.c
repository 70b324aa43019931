// Knowing a factor is worth E[max(0, m(x))] - max(0, E[m(x)]), where m(x) is the mean net once the
// factor is x: who knows it launches where m is above 0, who does not launches if its mean is.
//
// m is found at some values of the factor and is straight between them, so that both means are sums
// of parts of the factor's own distribution: exact where the net is linear in the factor.
//
// At each value the other factors are so far above their mean or below it. A campaign's net depends
// on one factor of each kind, so those of a kind go up and down together, and the kinds in all
// ways: exact where the net is linear in each of them, also in their products, whatever the
// distance. The net is so but where a chance to stay reaches its ends; for that there are several
// distances, those of a normal variable.
#include "simulate/tornado.h"

#include <math.h>
#include <stdlib.h>

#include "base/chance.h"
#include "base/parallel.h"

// Nodes are from -4 to 4 standard deviations, and at 9, which is as good as infinity.
enum { INNER = 17, NODES = INNER + 2, ROUNDS = 4 };
enum { KINDS = FACTOR_VALUE + 1, WAYS = 1 << KINDS, ROWS = WAYS * ROUNDS };

static double node_z(int i) {
    return i == 0 ? -9 : i == NODES - 1 ? 9 : -4 + 8.0 * (i - 1) / (INNER - 1);
}

// ---- the mean net, once a factor is known -------------------------------------------------------

// How far factors of a kind are from their mean in a round, in standard deviations: in the middle
// of each of so many equally likely parts, the kinds in different ones.
static double distance(enum factor_kind kind, int round) {
    return chance_normal_quantile(0.5 + (((int)kind + round) % ROUNDS + 0.5) / (2 * ROUNDS));
}

static void place_factors(const struct forecast *f, int row, double *x) {
    double off[KINDS];
    for (int kind = 0; kind < KINDS; kind++)
        off[kind] = distance((enum factor_kind)kind, row / WAYS) * (row >> kind & 1 ? 1 : -1);
    for (int i = 0; i < f->factors.n; i++) {
        const struct factor *k = &f->factors.factor[i];
        x[i] = k->mean + k->sd * off[k->kind];
    }
}

// Mean nets with that factor at that value: of each campaign, and behind them of all together.
static void find_means(struct arena *a, const struct forecast *f, int factor, double value,
                       double *net) {
    int campaigns = f->cells->campaigns;
    struct arena *own = arena_child(a);
    double *x = arena_array(own, (size_t)f->factors.n, sizeof *x);
    struct result *by = arena_array(own, (size_t)campaigns, sizeof *by);
    for (int row = 0; row < ROWS; row++) {
        place_factors(f, row, x);
        x[factor] = value;
        struct result all = forecast_at(own, f, x, by);
        for (int k = 0; k < campaigns; k++)
            net[k] += result_net(&by[k]) / ROWS;
        net[campaigns] += result_net(&all) / ROWS;
    }
    arena_free(own);
}

// ---- the value of knowing it --------------------------------------------------------------------

// Over the factor's values between two z, the integral of a line through two points.
struct straight {
    double at, slope; // at + slope * x
};

static double integral(const struct factor *k, struct straight g, double from, double to) {
    double likely = chance_normal(to) - chance_normal(from);
    return g.at * likely + (g.slope != 0 ? g.slope * factor_between(k, from, to) : 0);
}

// Adds the mean of the net between two nodes, and that of what is above 0 of it.
static void add_piece(const struct factor *k, double from, double to, double first, double last,
                      double *all, double *positive) {
    double x = factor_at(k, from), width = factor_at(k, to) - x;
    struct straight g = {.at = first, .slope = width > 0 ? (last - first) / width : 0};
    g.at -= g.slope * x;
    double piece = integral(k, g, from, to);
    *all += piece;
    if (first >= 0 && last >= 0)
        *positive += piece;
    else if (g.slope != 0 && (first > 0 || last > 0)) {
        double zero = fmin(fmax(factor_score(k, -g.at / g.slope), from), to);
        *positive += first > 0 ? integral(k, g, from, zero) : integral(k, g, zero, to);
    }
}

static double worth_of(const struct factor *k, const double *net, int stride) {
    double all = 0, positive = 0;
    for (int i = 0; i + 1 < NODES; i++)
        add_piece(k, node_z(i), node_z(i + 1), net[i * stride], net[(i + 1) * stride], &all,
                  &positive);
    return fmax(0, positive - fmax(0, all));
}

static void weigh_knowing(struct arena *a, const struct forecast *f, int factor, struct sway *out) {
    int campaigns = f->cells->campaigns, stride = campaigns + 1;
    struct arena *own = arena_child(a);
    double *net = arena_array(own, (size_t)stride * NODES, sizeof *net);
    for (int i = 0; i < NODES; i++)
        find_means(own, f, factor, factor_at(out->factor, node_z(i)), &net[i * stride]);
    out->worth = worth_of(out->factor, &net[campaigns], stride);
    for (int k = 0; k < campaigns; k++)
        out->worth_each += worth_of(out->factor, &net[k], stride);
    arena_free(own);
}

// ---- the swing ----------------------------------------------------------------------------------

static double net_at_quantile(struct arena *a, const struct forecast *f, int factor, double p) {
    double *x = arena_array(a, (size_t)f->factors.n, sizeof *x);
    for (int i = 0; i < f->factors.n; i++)
        x[i] = factor_quantile(&f->factors.factor[i], i == factor ? p : 0.5);
    struct result r = forecast_at(a, f, x, NULL);
    return result_net(&r);
}

// Of equal swings the factor that is listed first.
static int compare_sways(const void *a, const void *b) {
    const struct sway *x = a, *y = b;
    if (x->swing != y->swing)
        return x->swing > y->swing ? -1 : 1;
    return (x->factor > y->factor) - (x->factor < y->factor);
}

struct weighing {
    const struct forecast *f;
    struct sway *out;
};

static enum status weigh_factor(struct task *t, struct err *err) {
    const struct weighing *w = t->arg;
    int factor = (int)t->index;
    struct sway *s = &w->out[factor];
    (void)err;
    s->factor = &w->f->factors.factor[factor];
    s->low = net_at_quantile(t->arena, w->f, factor, 0.05);
    s->high = net_at_quantile(t->arena, w->f, factor, 0.95);
    s->swing = fabs(s->high - s->low);
    s->flips = (s->low > 0) != (s->high > 0);
    if (s->factor->sd > 0)
        weigh_knowing(t->arena, w->f, factor, s);
    return DONE;
}

enum status tornado(struct arena *a, const struct host *host, const struct forecast *f,
                    struct sway **out, struct err *err) {
    size_t n = (size_t)f->factors.n;
    struct weighing w = {f, arena_array(a, n, sizeof *w.out)};
    TRY(parallel_run(host, n, weigh_factor, &w, err));
    if (n > 0)
        qsort(w.out, n, sizeof *w.out, compare_sways);
    *out = w.out;
    return DONE;
}

const struct sway *tornado_first(const struct sway *sways, int n) {
    static const double coin = 0.005; // what is worth less than any coin is worth no test
    const struct sway *first = NULL;
    for (const struct sway *s = sways; s < sways + n; s++)
        if (s->worth_each > (first ? first->worth_each : coin))
            first = s;
    return first;
}
