// Customers are folded in so many runs of neighbours, whatever the threads: the sums of each are
// then added in their order, so that no digit depends on who did which.
#include "simulate/cells.h"

#include <math.h>

#include "base/money.h"
#include "metric/block.h"

enum { PARTS = 64 };

struct fold {
    const struct decisions *d;
    int classes, all; // cells, empty ones, too
    struct cell *part[PARTS];
    bool *unknown[PARTS]; // by campaign
};

// A chance to stay as it is; of all else, how much of what there is with the offer comes anyway.
static int bin_of(enum effect_kind kind, const struct stake *s) {
    double share = kind == EFFECT_RETENTION ? s->base : s->base / (s->base + s->uplift);
    if (!(share >= 0 && share <= 1))
        return BASE_BINS;
    int bin = (int)(share * BASE_BINS);
    return bin < BASE_BINS ? bin : BASE_BINS - 1;
}

static void add_sums(struct sums *into, double x, double base, double uplift, double size) {
    into->all += x;
    into->base += x * base;
    into->uplift += x * uplift;
    into->size += x * size;
}

static void add_offer(struct cell *c, const struct stake *s) {
    double base = isnan(s->base) ? 0 : s->base, size = base > 0 ? s->uplift / base : 0;
    c->offers++;
    add_sums(&c->one, 1, base, s->uplift, size);
    add_sums(&c->offer, s->offer, base, s->uplift, size);
    add_sums(&c->worth, s->worth, base, s->uplift, size);
}

static enum status fold_part(struct task *t, struct err *err) {
    const struct fold *f = t->arg;
    const struct decisions *d = f->d;
    int64_t first = d->candidates * (int64_t)t->index / PARTS;
    int64_t end = d->candidates * ((int64_t)t->index + 1) / PARTS;
    (void)err;
    for (int64_t i = first; i < end; i++) {
        const struct candidate *c = &d->candidate[i];
        if (!decide_granted(d, c))
            continue;
        enum effect_kind kind = d->policy->campaign[c->campaign].effect.kind;
        int class = decide_class(d, c->customer), bin = bin_of(kind, &d->stake[i]);
        int at = (c->campaign * (f->classes + 1) + class) * (BASE_BINS + 1) + bin;
        f->part[t->index][at].contact += money_major(decide_contact_cost(d, c), d->data->decimals);
        add_offer(&f->part[t->index][at], &d->stake[i]);
        f->unknown[t->index][c->campaign] |= isnan(d->stake[i].base);
    }
    return DONE;
}

static void join_sums(struct sums *into, const struct sums *s) {
    into->all += s->all;
    into->base += s->base;
    into->uplift += s->uplift;
    into->size += s->size;
}

static void join_cell(struct cell *into, const struct cell *c) {
    into->offers += c->offers;
    into->contact += c->contact;
    join_sums(&into->one, &c->one);
    join_sums(&into->offer, &c->offer);
    join_sums(&into->worth, &c->worth);
}

static void join(struct arena *a, struct fold *f, struct cells *out) {
    bool *known = arena_array(a, (size_t)out->campaigns, sizeof *known);
    out->cell = arena_array(a, (size_t)f->all, sizeof *out->cell);
    out->base_known = known;
    for (int at = 0; at < f->all; at++) {
        struct cell *c = &out->cell[out->n];
        *c = (struct cell){.campaign = at / (BASE_BINS + 1) / (f->classes + 1),
                           .class = at / (BASE_BINS + 1) % (f->classes + 1)};
        for (int part = 0; part < PARTS; part++)
            join_cell(c, &f->part[part][at]);
        out->n += c->offers > 0;
    }
    for (int k = 0; k < out->campaigns; k++) {
        known[k] = true;
        for (int part = 0; part < PARTS; part++)
            known[k] &= !f->unknown[part][k];
    }
}

enum status cells_fold(struct arena *a, const struct host *host, const struct decisions *d,
                       struct cells **out, struct err *err) {
    struct arena *own = arena_child(a);
    struct cells *cells = arena_alloc(a, sizeof *cells);
    struct fold f = {.d = d};
    f.classes = d->policy->schemes ? d->policy->scheme[0].n : 0;
    f.all = d->policy->campaigns * (f.classes + 1) * (BASE_BINS + 1);
    *cells = (struct cells){.campaigns = d->policy->campaigns, .classes = f.classes};
    for (int i = 0; i < PARTS; i++) {
        f.part[i] = arena_array(own, (size_t)f.all, sizeof *f.part[i]);
        f.unknown[i] = arena_array(own, (size_t)cells->campaigns, sizeof *f.unknown[i]);
    }
    TRY(parallel_run(host, PARTS, fold_part, &f, err));
    join(a, &f, cells);
    arena_free(own);
    *out = cells;
    return DONE;
}
