#include "months/pair.h"

const char *const paired_name[PAIRED_FIGURES] = {"earned", "customers", "equity", "cost"};

static double figure_of(const struct months *m, enum paired k, int run) {
    const struct figures *f = m->figures + (size_t)run * (size_t)m->options.months;
    const struct figures *last = f + m->options.months - 1;
    int64_t cost = 0;
    switch (k) {
    case PAIRED_EARNED: return months_earned(m, run);
    case PAIRED_CUSTOMERS: return (double)last->customers;
    case PAIRED_EQUITY: return (double)last->equity;
    default: break;
    }
    for (; f <= last; f++)
        cost += f->cost;
    return (double)cost;
}

struct pair pair_of(struct arena *a, const struct months *before, const struct months *after) {
    struct pair p = {0};
    int runs = before->options.runs;
    struct arena *own = arena_child(a);
    double *more = arena_array(own, (size_t)runs, sizeof *more);
    for (int k = 0; k < PAIRED_FIGURES; k++) {
        int often = 0;
        for (int r = 0; r < runs; r++) {
            more[r] = figure_of(after, k, r) - figure_of(before, k, r);
            often += more[r] > 0;
        }
        p.more[k] = spread_of(more, runs);
        p.chance[k] = (double)often / runs;
    }
    arena_free(own);
    return p;
}
