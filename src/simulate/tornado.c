// Knowing a factor is worth E[max(0, m(x))] - max(0, E[m(x)]), where m(x) is the mean net once the
// factor is x: who knows it launches where m is above 0, who does not launches if its mean is.
//
// m is found at some values of the factor and is straight between them, so that both means are sums
// of parts of the factor's own distribution: exact where the net is linear in the factor. At each
// value the other factors are at their mean, one standard deviation above it or below, in an
// orthogonal design of strength three: exact where the net is linear in each of them, also in
// products of up to three. The net is so but where a chance to stay reaches its ends.
#include "simulate/tornado.h"

#include <math.h>
#include <stdlib.h>

#include "base/chance.h"

enum {
    INNER = 33,
    NODES = INNER + 2
}; // from -4 to 4 standard deviations; 9 is as good as infinity

static double node_z(int i) {
    return i == 0 ? -9 : i == NODES - 1 ? 9 : -4 + 8.0 * (i - 1) / (INNER - 1);
}

// ---- the mean net, once a factor is known -------------------------------------------------------

static bool is_odd(unsigned bits) {
    bool odd = false;
    for (; bits; bits &= bits - 1)
        odd = !odd;
    return odd;
}

// Row r of the design: a Hadamard matrix, and behind it the same with all signs turned.
static void place_factors(const struct forecast *f, unsigned r, unsigned half, double *x) {
    for (int i = 0; i < f->factors.n; i++) {
        const struct factor *k = &f->factors.factor[i];
        bool below = is_odd(r & (unsigned)(i + 1)) != (r >= half);
        x[i] = below ? k->mean - k->sd : k->mean + k->sd;
    }
}

// Mean nets with that factor at that value: of each campaign, and behind them of all together.
static void find_means(struct arena *a, const struct forecast *f, int factor, double value,
                       double *net) {
    int campaigns = f->cells->campaigns;
    double *x = arena_array(a, (size_t)f->factors.n, sizeof *x);
    struct result *by = arena_array(a, (size_t)campaigns, sizeof *by);
    unsigned half = 1;
    while (half <= (unsigned)f->factors.n)
        half *= 2;
    for (unsigned r = 0; r < 2 * half; r++) {
        place_factors(f, r, half, x);
        x[factor] = value;
        struct result all = forecast_at(a, f, x, by);
        for (int k = 0; k < campaigns; k++)
            net[k] += result_net(&by[k]) / (2 * half);
        net[campaigns] += result_net(&all) / (2 * half);
    }
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

struct sway *tornado(struct arena *a, const struct forecast *f) {
    struct sway *out = arena_array(a, (size_t)f->factors.n, sizeof *out);
    for (int i = 0; i < f->factors.n; i++) {
        struct sway *s = &out[i];
        s->factor = &f->factors.factor[i];
        s->low = net_at_quantile(a, f, i, 0.05);
        s->high = net_at_quantile(a, f, i, 0.95);
        s->swing = fabs(s->high - s->low);
        s->flips = (s->low > 0) != (s->high > 0);
        if (s->factor->sd > 0)
            weigh_knowing(a, f, i, s);
    }
    if (f->factors.n > 0)
        qsort(out, (size_t)f->factors.n, sizeof *out, compare_sways);
    return out;
}

const struct sway *tornado_first(const struct sway *sways, int n) {
    const struct sway *first = NULL;
    for (const struct sway *s = sways; s < sways + n; s++)
        if (s->worth_each > (first ? first->worth_each : 0))
            first = s;
    return first;
}
