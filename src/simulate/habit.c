#include "simulate/habit.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/number.h"
#include "trial/shrink.h"

// Those who were in a state a period ago: what they did since, beside what was likely by their
// pace.
struct group {
    int64_t n;
    double done, likely, squares; // the last of what was done beyond the state's multiple of likely
};

struct known {
    const struct past *past;
    int64_t customers;   // of the base
    double level, slope; // of the line that makes what is likely of a pace
    struct group state[PAST_STATES], all;
};

// ---- all together -------------------------------------------------------------------------------

static bool counts(const struct past *p, int64_t customer) {
    return p->then[customer] < PAST_STATES;
}

// Of one who did nothing something is likely all the same: a month's mean of thirteen.
enum { LEAST = 13 };

// The straight line through what all did, by their paces before. Who did more then does not do less
// since.
static void find_line(struct known *k) {
    const struct past *p = k->past;
    double n = 0, done = 0, pace = 0, both = 0, squares = 0;
    for (int64_t i = 0; i < k->customers; i++) {
        if (!counts(p, i))
            continue;
        n++;
        done += (p->recent[i] - done) / n;
        double off = p->before[i] - pace;
        pace += off / n;
        squares += off * (p->before[i] - pace);
        both += off * (p->recent[i] - done);
    }
    k->slope = squares > 0 ? fmax(both / squares, 0) : 0;
    k->level = fmax(fmax(done - k->slope * pace, done / LEAST), 0);
}

static double likely(const struct known *k, double pace) {
    return k->past->kind == EFFECT_RETENTION ? 1 : k->level + k->slope * fmax(pace, 0);
}

static double ratio(double x, double y) {
    return y > 0 ? x / y : 0;
}

static void know(const struct past *p, int64_t customers, struct known *k) {
    *k = (struct known){.past = p, .customers = customers};
    find_line(k);
    for (int64_t i = 0; i < customers; i++) {
        if (!counts(p, i))
            continue;
        struct group *g = &k->state[p->then[i]];
        g->n++;
        g->done += p->recent[i];
        g->likely += likely(k, p->before[i]);
    }
    for (int64_t i = 0; i < customers; i++) {
        if (!counts(p, i))
            continue;
        struct group *g = &k->state[p->then[i]];
        double off = p->recent[i] - ratio(g->done, g->likely) * likely(k, p->before[i]);
        g->squares += off * off;
    }
    for (int s = 0; s < PAST_STATES; s++) {
        k->all.n += k->state[s].n;
        k->all.done += k->state[s].done;
        k->all.likely += k->state[s].likely;
        k->all.squares += k->state[s].squares;
    }
}

// ---- states -------------------------------------------------------------------------------------

// The states draw near to what all have in common, the more so the fewer are in one. Few who did
// all the same are not sure to do it: one customer more counts, who does one, or as much as they,
// and is as far off as all are.
static void weigh_states(const struct known *k, struct habit *out) {
    struct group_effect group[PAST_STATES];
    struct common_effect common = {.spread = 0.5};
    double apart = ratio(fmax(k->all.squares, 1), k->all.likely);
    int n = 0;
    for (int s = 0; s < PAST_STATES; s++) {
        const struct group *g = &k->state[s];
        if (g->n > 0)
            group[n++] = (struct group_effect){
                ratio(g->done, g->likely),
                sqrt(g->squares + apart * fmax(ratio(g->likely, (double)g->n), 1)) / g->likely};
    }
    shrink(group, n, &common);
    out->shared = common.shared;
    out->spread = common.spread;
    for (int s = 0, i = 0; s < PAST_STATES; s++) {
        if (k->state[s].n == 0)
            continue;
        out->multiple[s] = fmax(group[i].shrunk, 0);
        if (k->past->kind == EFFECT_RETENTION)
            out->multiple[s] = fmin(out->multiple[s], 1);
        out->deviation[s] = group[i++].deviation;
    }
}

// How far apart two states are: mostly in how often, then in how lately, then in how long.
static int distance(int s, int t) {
    int frequency = abs(s % PAST_FREQUENCIES - t % PAST_FREQUENCIES);
    int recency =
        abs(s / PAST_FREQUENCIES % PAST_RECENCIES - t / PAST_FREQUENCIES % PAST_RECENCIES);
    int tenure = abs(s - t) / (PAST_FREQUENCIES * PAST_RECENCIES);
    return (frequency * PAST_RECENCIES + recency) * PAST_TENURES + tenure;
}

// A state that nobody was in does as the nearest one: stays as surely as states are apart, and of
// all else does nothing, or twice as much.
static void lend(const struct known *k, struct habit *out) {
    for (int s = 0; s < PAST_STATES; s++) {
        int from = -1;
        for (int t = 0; k->state[s].n == 0 && t < PAST_STATES; t++)
            if (k->state[t].n > 0 && (from < 0 || distance(s, t) < distance(s, from)))
                from = t;
        if (from < 0)
            continue;
        out->lent[s] = true;
        out->multiple[s] = out->multiple[from];
        bool share = k->past->kind == EFFECT_RETENTION;
        out->deviation[s] = share ? out->spread : out->multiple[from];
    }
}

// Who will buy in the second year from now: from each state customers go to others within a year,
// as those of a year ago went to where they stand now. Whom a state has none of is as likely to be
// there as now. Where it is told who left, who has not is there.
static void look_further(const struct known *k, struct habit *out) {
    const struct past *p = k->past;
    double sum[PAST_STATES] = {0};
    for (int64_t i = 0; i < k->customers; i++)
        if (counts(p, i))
            sum[p->then[i]] += habit_expected(out, i);
    for (int s = 0; s < PAST_STATES; s++) {
        bool seen = k->state[s].n > 0 && !p->left;
        out->later[s] = seen ? sum[s] / (double)k->state[s].n : out->multiple[s];
    }
}

// ---- the history --------------------------------------------------------------------------------

static const char *source_of(struct arena *a, const struct known *k) {
    const struct past *p = k->past;
    char from[16] = {0}, to[16] = {0}, sum[NUMBER_MAX] = {0};
    long long n = k->all.n;
    date_print(p->cut + 1, from);
    date_print(p->day, to);
    number_print(round(k->all.done), sum);
    const char *what = "";
    switch (p->kind) {
    case EFFECT_RETENTION:
        what = p->left ? arena_printf(a, "who of %lld customers did not leave", n)
                       : arena_printf(a, "who of %lld customers bought", n);
        break;
    case EFFECT_FREQUENCY: what = arena_printf(a, "%s purchases of %lld customers", sum, n); break;
    case EFFECT_SPEND: what = arena_printf(a, "%s spent by %lld customers", sum, n); break;
    case EFFECT_REFERRAL:
        what = arena_printf(a, "%s new customers whom %lld customers brought", sum, n);
        break;
    case EFFECT_NONE: break;
    }
    return arena_printf(a, "own history: %s from %s to %s, by how they stood before", what, from,
                        to);
}

enum status habit_of(struct arena *a, const struct host *host, const struct decisions *d,
                     enum effect_kind kind, int months, struct habit *out, struct err *err) {
    struct past *p = arena_alloc(a, sizeof *p);
    struct known *k = arena_alloc(a, sizeof *k);
    int64_t n = d->data->customers;
    double *each = arena_array(a, (size_t)n, sizeof *each);
    *out = (struct habit){0};
    TRY(past_read(a, host, d, kind, months, p, err));
    out->unknown = p->lack;
    if (p->lack)
        return DONE;
    know(p, n, k);
    if (!(k->all.likely > 0)) {
        out->unknown = "no customer of a period ago has done any of it since";
        return DONE;
    }
    for (int64_t i = 0; i < n; i++)
        each[i] = likely(k, p->own[i]);
    out->told = p->left;
    out->state = p->now;
    out->likely = each;
    out->source = source_of(a, k);
    weigh_states(k, out);
    lend(k, out);
    if (kind == EFFECT_RETENTION)
        look_further(k, out);
    return DONE;
}

// ---- customers ----------------------------------------------------------------------------------

double habit_expected(const struct habit *h, int64_t customer) {
    int s = h->state[customer];
    return s < PAST_STATES ? h->multiple[s] * h->likely[customer] : s == PAST_GONE ? 0 : NAN;
}

double habit_later(const struct habit *h, int64_t customer) {
    int s = h->state[customer];
    return s < PAST_STATES ? h->later[s] : s == PAST_GONE ? 0 : NAN;
}

void habit_add(const struct habit *h, int64_t customer, double weight, struct habit_mix *mix) {
    int s = h->state[customer];
    mix->all += weight;
    if (s >= PAST_STATES)
        return;
    mix->sum += weight * habit_expected(h, customer);
    mix->state[s] += weight * h->likely[customer];
}

double habit_mean(const struct habit_mix *mix) {
    return ratio(mix->sum, mix->all);
}

// What is lent is off everywhere at once.
double habit_deviation(const struct habit *h, const struct habit_mix *mix) {
    double weight[PAST_STATES], seen = 0, lent = 0;
    for (int s = 0; s < PAST_STATES; s++) {
        weight[s] = h->lent[s] ? 0 : ratio(mix->state[s], mix->all);
        seen += weight[s];
        lent += h->lent[s] ? ratio(mix->state[s], mix->all) * h->deviation[s] : 0;
    }
    for (int s = 0; s < PAST_STATES; s++)
        weight[s] = ratio(weight[s], seen);
    return hypot(seen * shrink_deviation(h->deviation, h->shared, weight, PAST_STATES), lent);
}
