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

static struct estimate_of_policy mean_of(const struct logged *row, int64_t n,
                                         double (*of)(const struct logged *)) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++)
        sum += of(&row[i]);
    double mean = sum / (double)n;
    for (int64_t i = 0; i < n; i++)
        squares += (of(&row[i]) - mean) * (of(&row[i]) - mean);
    return (struct estimate_of_policy){mean, sqrt(squares / ((double)n - 1) / (double)n)};
}

// A ratio of two sums; its error by the delta method.
static struct estimate_of_policy ratio_of(const struct logged *row, int64_t n, double weights) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < n; i++)
        sum += inverse(&row[i]);
    double value = sum / weights;
    for (int64_t i = 0; i < n; i++) {
        double d = weight(&row[i]) * (row[i].reward - value);
        squares += d * d;
    }
    return (struct estimate_of_policy){value, sqrt(squares) / weights};
}

struct offpolicy offpolicy_value(const struct logged *row, int64_t n) {
    struct offpolicy o = {.n = n};
    double weights = 0, squares = 0, most = 0;
    for (int64_t i = 0; i < n; i++) {
        double w = weight(&row[i]);
        o.matched += w > 0;
        weights += w;
        squares += w * w;
        most = fmax(most, w);
    }
    if (o.matched == 0)
        return o;
    o.effective = weights * weights / squares;
    o.heaviest = most / weights;
    o.inverse = mean_of(row, n, inverse);
    o.normalised = ratio_of(row, n, weights);
    o.direct = mean_of(row, n, direct);
    o.robust = mean_of(row, n, robust);
    return o;
}

bool offpolicy_means(const struct offpolicy *o) {
    return o->effective >= OFFPOLICY_LEAST && o->heaviest <= OFFPOLICY_HEAVIEST;
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
