#include "trial/offpolicy.h"

#include <math.h>

static double weight(const struct logged *r) {
    return r->target / r->propensity;
}

// ---- the values ---------------------------------------------------------------------------------

static double inverse(const struct logged *r) {
    return weight(r) * r->reward;
}

static double direct(const struct logged *r) {
    return r->expected;
}

static double robust(const struct logged *r) {
    return r->expected + weight(r) * (r->reward - r->fitted);
}

// The log by what was drawn by itself.
struct log {
    const struct logged *row;
    int64_t n;
    int64_t units, used; // used: those that have rows
    double *off;         // by unit
};

static struct log log_of(struct arena *a, const struct logged *row, int64_t n, int64_t units) {
    struct log l = {row, n, units, 0, arena_array(a, (size_t)units, sizeof *l.off)};
    for (int64_t i = 0; i < n; i++)
        if (l.off[row[i].unit]++ == 0)
            l.used++;
    return l;
}

// Sums by unit of how far the terms of a mean, or of a ratio, are off it, squared.
static double squares_of(const struct log *l, double (*of)(const struct logged *), double mean,
                         bool ratio) {
    double squares = 0;
    for (int64_t k = 0; k < l->units; k++)
        l->off[k] = 0;
    for (int64_t i = 0; i < l->n; i++)
        l->off[l->row[i].unit] += of(&l->row[i]) - mean * (ratio ? weight(&l->row[i]) : 1);
    for (int64_t k = 0; k < l->units; k++)
        squares += l->off[k] * l->off[k];
    return squares;
}

static struct estimate_of_policy mean_of(const struct log *l, double (*of)(const struct logged *)) {
    double sum = 0, n = (double)l->n, units = (double)l->used;
    for (int64_t i = 0; i < l->n; i++)
        sum += of(&l->row[i]);
    double squares = squares_of(l, of, sum / n, false);
    return (struct estimate_of_policy){sum / n, sqrt(squares * units / (units - 1)) / n};
}

// A ratio of two sums; its error by the delta method.
static struct estimate_of_policy ratio_of(const struct log *l, double weights) {
    double sum = 0;
    for (int64_t i = 0; i < l->n; i++)
        sum += inverse(&l->row[i]);
    double value = sum / weights;
    return (struct estimate_of_policy){value, sqrt(squares_of(l, inverse, value, true)) / weights};
}

struct offpolicy offpolicy_value(struct arena *a, const struct logged *row, int64_t n,
                                 int64_t units) {
    struct offpolicy o = {.n = n};
    double weights = 0, squares = 0, most = 0, least = INFINITY, greatest = -INFINITY;
    for (int64_t i = 0; i < n; i++) {
        double w = weight(&row[i]);
        o.matched += w > 0;
        least = w > 0 ? fmin(least, row[i].reward) : least;
        greatest = w > 0 ? fmax(greatest, row[i].reward) : greatest;
        weights += w;
        squares += w * w;
        most = fmax(most, w);
    }
    if (o.matched == 0)
        return o;
    struct arena *scratch = arena_child(a);
    struct log l = log_of(scratch, row, n, units);
    o.effective = weights * weights / squares;
    o.heaviest = most / weights;
    o.alike = least == greatest;
    o.inverse = mean_of(&l, inverse);
    o.normalised = ratio_of(&l, weights);
    o.direct = mean_of(&l, direct);
    o.robust = mean_of(&l, robust);
    arena_free(scratch);
    return o;
}

bool offpolicy_means(const struct offpolicy *o) {
    return o->effective >= OFFPOLICY_LEAST && o->heaviest <= OFFPOLICY_HEAVIEST && !o->alike;
}

// ---- the model ----------------------------------------------------------------------------------

struct tally {
    double n, sum;
};

// Sums of each arm, by cell and fold; what stands in a fold is taken off again for its members.
struct fit {
    int arms;
    struct tally *cell; // [cell][arm][fold], and their sums over the folds at [OFFPOLICY_FOLDS]
    struct tally *arm;  // [arm][fold], likewise
};

enum { SLOTS = OFFPOLICY_FOLDS + 1 };

static void count(struct tally *folds, int fold, double reward) {
    folds[fold].n++;
    folds[fold].sum += reward;
    folds[OFFPOLICY_FOLDS].n++;
    folds[OFFPOLICY_FOLDS].sum += reward;
}

static struct tally without(const struct tally *folds, int fold) {
    const struct tally *all = &folds[OFFPOLICY_FOLDS];
    return (struct tally){all->n - folds[fold].n, all->sum - folds[fold].sum};
}

static double fitted(const struct fit *f, int32_t cell, int arm, int fold) {
    struct tally all = without(f->arm + arm * SLOTS, fold);
    struct tally own = without(f->cell + ((int64_t)cell * f->arms + arm) * SLOTS, fold);
    double mean = all.n > 0 ? all.sum / all.n : 0;
    return (own.sum + mean) / (own.n + 1);
}

void offpolicy_fit(struct arena *a, struct logged *row, int64_t n, const double *chance, int arms,
                   const int32_t *cell, int32_t cells, const uint8_t *fold) {
    struct arena *scratch = arena_child(a);
    struct fit f = {arms,
                    arena_array(scratch, (size_t)cells * (size_t)arms * SLOTS, sizeof *f.cell),
                    arena_array(scratch, (size_t)arms * SLOTS, sizeof *f.arm)};
    for (int64_t i = 0; i < n; i++) {
        count(f.arm + row[i].arm * SLOTS, fold[i], row[i].reward);
        count(f.cell + ((int64_t)cell[i] * arms + row[i].arm) * SLOTS, fold[i], row[i].reward);
    }
    for (int64_t i = 0; i < n; i++) {
        row[i].fitted = fitted(&f, cell[i], row[i].arm, fold[i]);
        row[i].expected = 0;
        for (int k = 0; k < arms; k++)
            if (chance[i * arms + k] > 0)
                row[i].expected += chance[i * arms + k] * fitted(&f, cell[i], k, fold[i]);
    }
    arena_free(scratch);
}
