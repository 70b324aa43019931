// Slopes are sorted into buckets by the leading bits of their quotient as a double: exact division
// rounds monotonously, so a steeper step is never in a lower bucket. Only within the buckets around
// the end of the budget are steps compared one by one, exactly.
#include "budget/curve.h"

#include <stdlib.h>
#include <string.h>

#include "budget/tally.h"
#include "metric/block.h"

enum {
    LEAST = 1023 - 64,  // a slope's exponent: costs and values are below 2^51
    BUCKETS = 128 << 5, // 5 bits of the fraction for each exponent
    FILL = 1 << 16,
    NEAR = 128, // steps on either side of a budget's end that may change places
};

// The steps of a bucket together.
struct bucket {
    int64_t steps, cost, value;
};

struct curve {
    const struct offers *offers;
    int64_t cost, value; // of what is free
    struct bucket bucket[BUCKETS];
};

// The bits of a positive double grow with it.
static int bucket_of(struct step s) {
    double slope = (double)s.value / (double)s.cost;
    uint64_t bits;
    memcpy(&bits, &slope, sizeof bits);
    return (int)(bits >> 47) - (LEAST << 5);
}

static int hull_at(const struct offers *o, int64_t customer, struct point *point) {
    return hull_of(point, o->get(o->ctx, customer, point));
}

// What a step of the hull adds to the sums, below 0 where it leads to a control.
static struct step drawn_by(const struct point *hull, int i) {
    return (struct step){point_cost(&hull[i + 1]) - point_cost(&hull[i]),
                         point_value(&hull[i + 1]) - point_value(&hull[i])};
}

// ---- adding up --------------------------------------------------------------------------------

struct adding {
    const struct offers *offers;
    struct curve **part; // by worker
};

static void add_customer(struct curve *part, const struct offers *o, int64_t customer, bool *over) {
    struct point hull[HULL_MOST + 1];
    int points = hull_at(o, customer, hull);
    tally_add(&part->cost, point_cost(hull), over);
    tally_add(&part->value, point_value(hull), over);
    for (int i = 0; i + 1 < points; i++) {
        struct bucket *bucket = &part->bucket[bucket_of(hull_step(hull, i))];
        struct step drawn = drawn_by(hull, i);
        bucket->steps++;
        tally_add(&bucket->cost, drawn.cost, over);
        tally_add(&bucket->value, drawn.value, over);
    }
}

static enum status add_block(const struct block *b, struct err *err) {
    const struct adding *adding = b->arg;
    bool over = false;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++)
        add_customer(adding->part[b->worker], adding->offers, customer, &over);
    return over ? tally_refuse(err) : DONE;
}

static void merge(struct curve *into, const struct curve *part, bool *over) {
    tally_add(&into->cost, part->cost, over);
    tally_add(&into->value, part->value, over);
    for (int i = 0; i < BUCKETS; i++) {
        into->bucket[i].steps += part->bucket[i].steps;
        tally_add(&into->bucket[i].cost, part->bucket[i].cost, over);
        tally_add(&into->bucket[i].value, part->bucket[i].value, over);
    }
}

// Whether everything can be bought without a sum running over.
static void check_sums(const struct curve *c, bool *over) {
    int64_t cost = c->cost, value = c->value;
    for (int i = 0; i < BUCKETS; i++) {
        tally_add(&cost, c->bucket[i].cost, over);
        tally_add(&value, c->bucket[i].value, over);
    }
}

enum status curve_new(struct arena *a, const struct host *host, const struct offers *offers,
                      struct curve **out, struct err *err) {
    int workers = block_threads(host);
    struct adding adding = {offers, arena_array(a, (size_t)workers, sizeof *adding.part)};
    struct arena *parts = arena_child(a);
    struct curve *c = arena_alloc(a, sizeof *c);
    bool over = false;
    for (int i = 0; i < workers; i++)
        adding.part[i] = arena_alloc(parts, sizeof *c);
    TRY(block_run(host, offers->customers, add_block, &adding, err));
    c->offers = offers;
    for (int i = 0; i < workers; i++)
        merge(c, adding.part[i], &over);
    check_sums(c, &over);
    arena_free(parts);
    *out = c;
    return over ? tally_refuse(err) : DONE;
}

int curve_corners(struct arena *a, const struct curve *c, const struct corner **out) {
    struct corner at = {.cost = c->cost, .value = c->value};
    struct corner *corner = arena_array(a, BUCKETS + 1, sizeof *corner);
    int n = 0;
    for (int k = BUCKETS - 1; k >= 0; k--) {
        const struct bucket *bucket = &c->bucket[k];
        at.price = (struct step){bucket->cost, bucket->value};
        if (bucket->cost > 0)
            corner[n++] = at;
        at.cost += bucket->cost;
        at.value += bucket->value;
    }
    at.price = (struct step){0, 0};
    corner[n++] = at;
    *out = corner;
    return n;
}

// ---- one budget -------------------------------------------------------------------------------

// A step of a customer, where steps are compared one by one.
struct taken {
    struct step step, drawn;
    int64_t customer;
    int index; // of the step on the customer's hull
};

// Those of a block.
struct list {
    struct arena *arena;
    int n, size;
    struct taken *p;
};

// Those of all.
struct line {
    int64_t n;
    struct taken *p;
};

struct choosing {
    const struct curve *curve;
    int low, high;     // steps of these buckets are listed; those above are taken
    struct list *list; // by block
    uint8_t *level;    // [customer]: so many steps are taken
};

static void list_add(struct list *l, struct taken t) {
    l->p = arena_more(l->arena, l->p, l->n, &l->size, sizeof *l->p);
    l->p[l->n++] = t;
}

static enum status choose_block(const struct block *b, struct err *err) {
    const struct choosing *g = b->arg;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        struct point hull[HULL_MOST + 1];
        int points = hull_at(g->curve->offers, customer, hull);
        for (int i = 0; i + 1 < points; i++) {
            struct step s = hull_step(hull, i);
            int bucket = bucket_of(s);
            if (bucket > g->high)
                g->level[customer]++;
            else if (bucket >= g->low)
                list_add(&g->list[b->index], (struct taken){s, drawn_by(hull, i), customer, i});
        }
    }
    return DONE;
}

static int compare(const void *a, const void *b) {
    const struct taken *x = a, *y = b;
    if (step_steeper(x->step, y->step) || step_steeper(y->step, x->step))
        return step_steeper(x->step, y->step) ? -1 : 1;
    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    return x->index - y->index;
}

static struct line join(struct arena *a, const struct list *list, size_t blocks) {
    struct line all = {0};
    size_t n = 0;
    for (size_t i = 0; i < blocks; i++)
        n += (size_t)list[i].n;
    all.p = arena_array(a, n, sizeof *all.p);
    bool sorted = true;
    for (size_t i = 0; i < blocks; i++)
        for (int k = 0; k < list[i].n; k++) {
            all.p[all.n] = list[i].p[k];
            sorted = sorted && (all.n == 0 || compare(&all.p[all.n - 1], &all.p[all.n]) < 0);
            all.n++;
        }
    if (!sorted)
        qsort(all.p, n, sizeof *all.p, compare);
    return all;
}

// The buckets that are listed: the one in which the budget ends, above it those of the steps that
// may change places, and below it as many as hold no more than so many steps to look in for what
// fits in what is left.
static void find_end(struct choosing *g, int64_t fill, struct optimum *o) {
    const struct bucket *bucket = g->curve->bucket;
    int64_t listed = 0, near = 0;
    int k = BUCKETS - 1;
    for (; k >= 0 && o->cost + bucket[k].cost <= o->budget; k--) {
        o->cost += bucket[k].cost;
        o->value += bucket[k].value;
    }
    g->high = k;
    for (; g->high + 1 < BUCKETS && near + bucket[g->high + 1].steps <= NEAR; g->high++) {
        near += bucket[g->high + 1].steps;
        o->cost -= bucket[g->high + 1].cost;
        o->value -= bucket[g->high + 1].value;
    }
    for (int end = k; k >= 0 && (k == end || listed + bucket[k].steps <= fill); k--)
        listed += bucket[k].steps;
    g->low = k + 1;
}

static bool leads_to_control(const struct taken *t) {
    return t->drawn.cost != t->step.cost || t->drawn.value != t->step.value;
}

// Takes steps, the steepest first, while they fit; the first that does not gives price and bound.
// Behind it whatever still fits is taken, of customers who have all steps before it; who is held
// out at that price stays so.
static void take(struct choosing *g, const struct line *l, struct optimum *o) {
    for (const struct taken *t = l->p; t < l->p + l->n; t++) {
        int64_t rest = o->budget - o->cost;
        bool priced = o->price.cost > 0;
        if (t->drawn.cost <= rest && g->level[t->customer] == t->index &&
            !(priced && leads_to_control(t))) {
            g->level[t->customer]++;
            o->cost += t->drawn.cost;
            o->value += t->drawn.value;
        } else if (!priced) {
            o->price = t->step;
            o->bound = o->value + (int64_t)((__int128)t->step.value * rest / t->step.cost);
        }
    }
    if (o->price.cost == 0)
        o->bound = o->value;
}

static void give_and_take(struct choosing *g, const struct taken *t, int sign, struct optimum *o) {
    g->level[t->customer] = (uint8_t)(g->level[t->customer] + sign);
    o->cost += sign * t->drawn.cost;
    o->value += sign * t->drawn.value;
}

// The step that best gives way to t, which does not fit; NULL: none.
static const struct taken *gives_way(const struct choosing *g, const struct taken *from,
                                     const struct taken *t, const struct optimum *o) {
    const struct taken *least = NULL;
    for (const struct taken *u = from; u < t; u++)
        if (g->level[u->customer] == u->index + 1 && u->customer != t->customer &&
            !leads_to_control(u) && u->step.value < (least ? least : t)->step.value &&
            o->cost - u->step.cost + t->step.cost <= o->budget)
            least = u;
    return least;
}

// Where steps are large for the budget, what a steep one leaves over may be worth more than it: one
// step each gives way to a later one that brings more.
static void exchange(struct choosing *g, const struct line *l, struct optimum *o) {
    int64_t end = 0;
    while (end < l->n && g->level[l->p[end].customer] > l->p[end].index)
        end++;
    const struct taken *from = l->p + (end > NEAR ? end - NEAR : 0);
    const struct taken *to = l->p + (l->n - end > NEAR ? end + NEAR : l->n);
    for (const struct taken *t = l->p + end; t < to; t++) {
        bool open = g->level[t->customer] == t->index && !leads_to_control(t);
        const struct taken *u = open ? gives_way(g, from, t, o) : NULL;
        if (!u)
            continue;
        give_and_take(g, u, -1, o);
        give_and_take(g, t, 1, o);
    }
}

// All but the offers.
static enum status choose(struct arena *a, const struct host *host, struct choosing *g,
                          int64_t budget, int64_t fill, struct optimum *out, struct err *err) {
    const struct curve *c = g->curve;
    int64_t customers = c->offers->customers;
    size_t blocks = block_count(customers);
    *out = (struct optimum){.budget = budget, .cost = c->cost, .value = c->value};
    find_end(g, fill, out);
    g->level = arena_alloc(a, (size_t)customers);
    g->list = arena_array(a, blocks, sizeof *g->list);
    for (size_t i = 0; i < blocks; i++)
        g->list[i].arena = arena_child(a);
    TRY(block_run(host, customers, choose_block, g, err));
    struct line all = join(a, g->list, blocks);
    take(g, &all, out);
    exchange(g, &all, out);
    return DONE;
}

enum status curve_price(struct arena *a, const struct host *host, const struct curve *c,
                        int64_t budget, struct step *out, struct err *err) {
    struct arena *own = arena_child(a);
    struct choosing g = {.curve = c};
    struct optimum o;
    TRY(choose(own, host, &g, budget, 0, &o, err));
    arena_free(own);
    *out = o.price;
    return DONE;
}

struct writing {
    const struct choosing *choosing;
    int32_t *offer; // [customer]
};

static enum status write_block(const struct block *b, struct err *err) {
    const struct writing *w = b->arg;
    (void)err;
    for (int64_t customer = b->first; customer < b->first + b->n; customer++) {
        struct point hull[HULL_MOST + 1];
        hull_at(w->choosing->curve->offers, customer, hull);
        w->offer[customer] = hull[w->choosing->level[customer]].offer;
    }
    return DONE;
}

enum status curve_best(struct arena *a, const struct host *host, const struct curve *c,
                       int64_t budget, struct optimum *out, struct err *err) {
    int64_t customers = c->offers->customers;
    struct arena *own = arena_child(a);
    struct choosing g = {.curve = c};
    if (budget < 0)
        return err_set(err, MISUSED, "a budget is an amount from 0 on");
    TRY(choose(own, host, &g, budget, FILL, out, err));
    struct writing w = {&g, arena_array(a, (size_t)customers, sizeof *w.offer)};
    TRY(block_run(host, customers, write_block, &w, err));
    out->offer = w.offer;
    arena_free(own);
    return DONE;
}
