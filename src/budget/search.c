// At prices everybody has a best choice; each other choice loses something against it, and what is
// left over of a supply loses its price. What all lose together is how far an allocation is below
// the bound. So all that lose no more than some amount are gone through: sets of changes against
// everybody's best, those that lose least first. Where none of these is better than the bound less
// that amount, the bound comes down by it, and the next search is for twice as much.
#include "budget/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    NODES = 1 << 20, // sets that are gone through at most
    ASK = 1 << 10,   // so many of them between two questions whether to go on
    RATES = 1 << 22, // what changes times supplies may be: 64 MB
    FIRST = 64,      // the first of them lose no more than 1 part in so many of the gap
    DRAWS = 2 * SUPPLIES_EACH,
};

// One customer's choice in place of their best.
struct change {
    int64_t loss; // in units of the prices
    int64_t value;
    int32_t customer, to;
    int n;
    int32_t supply[DRAWS];
    int64_t more[DRAWS]; // is drawn on it
};

struct searching {
    const struct choices *choices;
    const struct prices *prices;
    struct tariff tariff;
    struct best *out;
    int32_t *best; // [customer], at the prices
    int64_t *left; // [supply]
    int overdrawn; // supplies
    int64_t value, bound;
    int n, size;
    struct change *change; // those that lose least first
    // [change][supply], and one change more: the least that a unit loses by those from it on ...
    double *back, *forth; // ... that is drawn less, or more, or left over
    bool *changed;        // [customer]
    int path, *at;        // the changes that are made
    int64_t nodes;
};

// ---- what can be changed ------------------------------------------------------------------------

static void draw(struct change *x, int supply, int64_t more) {
    for (int i = 0; i < x->n; i++)
        if (x->supply[i] == supply) {
            x->more[i] += more;
            return;
        }
    x->supply[x->n] = supply;
    x->more[x->n++] = more;
}

static void draw_all(const struct choices *c, struct change *x, const struct choice *of, int sign) {
    const struct kind *kind = &c->kind[of->kind];
    for (int i = 0; i < kind->n; i++)
        draw(x, kind->supply[i], sign * choice_draws(c, of, kind->supply[i]));
    x->value += sign * of->value;
}

// The changes of a customer that lose no more than `most`: to another choice, or to none (-1).
static void list_changes(struct arena *a, struct searching *s, int32_t customer, int64_t most) {
    const struct choices *c = s->choices;
    const struct choice *list;
    int n = choices_of(c, customer, &list), best = s->best[customer];
    if (best >= 0 && list[best].control)
        return;
    __int128 gain = best < 0 ? 0 : tariff_gain(&s->tariff, &list[best]);
    for (int i = -1; i < n; i++) {
        __int128 loss = gain - (i < 0 ? 0 : tariff_gain(&s->tariff, &list[i]));
        if (i == best || loss > most || (i >= 0 && list[i].control))
            continue;
        struct change x = {.loss = (int64_t)loss, .customer = customer, .to = i};
        if (best >= 0)
            draw_all(c, &x, &list[best], -1);
        if (i >= 0)
            draw_all(c, &x, &list[i], 1);
        s->change = arena_more(a, s->change, s->n, &s->size, sizeof x);
        s->change[s->n++] = x;
    }
}

static int compare(const void *a, const void *b) {
    const struct change *x = a, *y = b;
    if (x->loss != y->loss)
        return x->loss < y->loss ? -1 : 1;
    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    return x->to - y->to;
}

static double least(double x, double y) {
    return x < y ? x : y;
}

// From the last change to the first.
static void find_rates(struct arena *a, struct searching *s) {
    size_t supplies = (size_t)s->choices->supplies, all = ((size_t)s->n + 1) * supplies;
    s->back = arena_array(a, all, sizeof *s->back);
    s->forth = arena_array(a, all, sizeof *s->forth);
    for (size_t k = 0; k < supplies; k++) {
        s->back[(size_t)s->n * supplies + k] = INFINITY;
        s->forth[(size_t)s->n * supplies + k] = (double)s->prices->at[k];
    }
    for (int i = s->n - 1; i >= 0; i--) {
        const struct change *x = &s->change[i];
        double *back = s->back + (size_t)i * supplies, *forth = s->forth + (size_t)i * supplies;
        memcpy(back, back + supplies, supplies * sizeof *back);
        memcpy(forth, forth + supplies, supplies * sizeof *forth);
        for (int k = 0; k < x->n; k++) {
            double rate = (double)x->loss / fabs((double)x->more[k]);
            if (x->more[k] < 0)
                back[x->supply[k]] = least(back[x->supply[k]], rate);
            else if (x->more[k] > 0)
                forth[x->supply[k]] = least(forth[x->supply[k]], rate);
        }
    }
}

// ---- the search ---------------------------------------------------------------------------------

static void make(struct searching *s, const struct change *x, int sign) {
    s->value += sign * x->value;
    for (int i = 0; i < x->n; i++) {
        int64_t *left = &s->left[x->supply[i]];
        s->overdrawn -= *left < 0;
        *left -= sign * x->more[i];
        s->overdrawn += *left < 0;
    }
    s->changed[x->customer] = sign > 0;
}

// Whether changes from the i-th on that lose no more than `room` can make an end of what is
// overdrawn, and of what is left over.
static bool can_end(const struct searching *s, int i, double room) {
    size_t at = (size_t)i * (size_t)s->choices->supplies;
    for (int k = 0; k < s->choices->supplies; k++) {
        double left = (double)s->left[k];
        if (left < 0 ? -left * s->back[at + (size_t)k] > room
                     : left * s->forth[at + (size_t)k] > room)
            return false;
    }
    return true;
}

static void keep(struct searching *s) {
    struct best *out = s->out;
    memcpy(out->choice, s->best, (size_t)s->choices->customers * sizeof *s->best);
    for (int i = 0; i < s->path; i++)
        out->choice[s->change[s->at[i]].customer] = s->change[s->at[i]].to;
    out->value = s->value;
    out->cost = s->choices->supply[0].size - s->left[0];
}

// Goes through all sets of changes from the i-th on that lose no more than `room`.
static enum status descend(const struct host *host, struct searching *s, int i, int64_t room,
                           struct err *err) {
    if (s->overdrawn == 0 && s->value > s->out->value)
        keep(s);
    for (; i < s->n && s->change[i].loss <= room && s->nodes < NODES; i++) {
        const struct change *x = &s->change[i];
        if (!can_end(s, i, (double)room * (1 + 0x1p-40) + 1))
            return DONE;
        if (s->changed[x->customer])
            continue;
        if (s->nodes++ % ASK == 0)
            TRY(host_poll(host, err));
        s->at[s->path++] = i;
        make(s, x, 1);
        TRY(descend(host, s, i + 1, room - x->loss, err));
        make(s, x, -1);
        s->path--;
    }
    return DONE;
}

// Where everybody has their best choice.
static enum status start(struct arena *a, const struct host *host, struct searching *s,
                         struct err *err) {
    const struct choices *c = s->choices;
    size_t customers = (size_t)c->customers;
    s->best = arena_array(a, customers, sizeof *s->best);
    s->left = arena_array(a, (size_t)c->supplies, sizeof *s->left);
    s->changed = arena_array(a, customers, sizeof *s->changed);
    s->at = arena_array(a, customers, sizeof *s->at);
    struct weighed w = {.used = s->left, .choice = s->best};
    TRY(prices_weigh(a, host, c, s->prices, &w, err));
    s->value = w.value;
    s->bound = w.bound;
    for (int k = 0; k < c->supplies; k++) {
        s->left[k] = c->supply[k].size - w.used[k];
        s->overdrawn += s->left[k] < 0;
    }
    return DONE;
}

// From the bound at the prices down to what is reached, in units of the prices.
static int64_t gap_of(const struct searching *s) {
    __int128 gap = (__int128)(s->bound - s->out->value) << s->prices->shift;
    return gap < INT64_MAX / 2 ? (int64_t)gap : INT64_MAX / 2;
}

static void list_all(struct arena *a, struct searching *s) {
    const int64_t most = gap_of(s);
    for (int32_t i = 0; i < s->choices->customers; i++)
        list_changes(a, s, i, most);
    if (s->n > 1)
        qsort(s->change, (size_t)s->n, sizeof *s->change, compare);
}

enum status search(struct arena *a, const struct host *host, const struct choices *c,
                   struct best *best, struct err *err) {
    struct arena *own = arena_child(a);
    struct searching s = {.choices = c,
                          .prices = &best->prices,
                          .tariff = prices_tariff(own, c, &best->prices),
                          .out = best};
    TRY(start(own, host, &s, err));
    list_all(own, &s);
    const bool few = (int64_t)(s.n + 1) * c->supplies <= RATES;
    if (few)
        find_rates(own, &s);
    int64_t room = gap_of(&s) / FIRST + 1;
    for (bool all = !few; !all && best->value < best->bound; room *= 2) {
        all = room >= gap_of(&s);
        room = all ? gap_of(&s) : room;
        TRY(descend(host, &s, 0, room, err));
        if (s.nodes >= NODES)
            break;
        int64_t bound = s.bound - (room >> s.prices->shift);
        bound = bound > best->value ? bound : best->value;
        best->bound = bound < best->bound ? bound : best->bound;
    }
    arena_free(own);
    return DONE;
}
