#include "months/months.h"

#include <math.h>

#include "metric/block.h"
#include "months/track.h"
#include "simulate/forecast.h"

// ---- what is not known, of all customers alike --------------------------------------------------

static void draw_stay(struct arena *a, struct months *m) {
    double p = m->life->kept_mean, steep = p * (1 - p); // by the logarithm of the odds
    const struct factor f = {
        .name = str_of(FACTOR_OF_HISTORY),
        .sd = hypot(m->life->kept_error, m->options.assume.value[ASSUME_BASE_SPREAD]),
        .low = -INFINITY,
        .high = INFINITY};
    if (!(steep > 0) || f.sd == 0)
        return;
    double *draw = factor_draws(a, &f, m->options.seed, m->options.runs);
    for (int i = 0; i < m->options.runs; i++)
        draw[i] = exp(draw[i] / steep);
    m->stay = draw;
    m->stay_sd = f.sd;
}

static void draw_worth(struct arena *a, struct months *m) {
    struct factor f = factor_of_value(&m->options.assume);
    m->worth_sd = f.sd;
    if (f.sd > 0)
        m->worth = factor_draws(a, &f, m->options.seed, m->options.runs);
}

// ---- runs --------------------------------------------------------------------------------------

struct running {
    struct months *months;
    const struct start *start;
    const struct host *host;
    struct track **track; // by worker, made at its first run
};

static enum status run_one(struct task *t, struct err *err) {
    const struct running *r = t->arg;
    struct months *m = r->months;
    struct track **own = &r->track[t->worker];
    struct figures *out = m->figures + t->index * (size_t)m->options.months;
    if (!*own)
        TRY(track_new(t->arena, r->host, t->worker, r->start, own, err));
    return track_run(*own, (int)t->index, out, err);
}

static enum status check(const struct months_options *o, const struct decisions *d,
                         struct err *err) {
    if (o->months < 1 || o->months > MONTHS_MOST)
        return err_set(err, MISUSED, "--months is a number of months from 1 to %d", MONTHS_MOST);
    if (o->runs < 1 || o->runs > RUNS_MOST)
        return err_set(err, MISUSED, "--runs is a number of runs from 1 to %d", RUNS_MOST);
    if (o->sample < 1)
        return err_set(err, MISUSED, "--sample is a number of customers from 1 on");
    if (d->policy->schemes > 0 && d->policy->scheme[0].n >= CLASSES_MOST)
        return err_set(err, REFUSED, "%.*s has %d classes: months can follow %d at most",
                       (int)d->policy->scheme[0].name.n, d->policy->scheme[0].name.p,
                       d->policy->scheme[0].n, CLASSES_MOST - 1);
    return DONE;
}

// Sums over customers are to stay well below what 64 bits hold, however lucky a month.
static enum status check_sums(const struct start *s, struct err *err) {
    const struct life *l = s->life;
    double sum = 0;
    for (int64_t i = 0; i < s->crowd->n; i++)
        sum += fabs((double)s->worth[i]) +
               l->pace[i] * (fabs((double)l->amount[i]) + fabs((double)l->margin[i]));
    if (sum * crowd_weight(s->crowd) < 0x1p60)
        return DONE;
    return err_set(err, REFUSED,
                   "what all customers bring together is more than an amount of money can be: look "
                   "at the amounts of transactions, yearly_margin and purchases_a_year");
}

// The same without campaigns. Tiers that nothing else reads, and that are in nobody's memory,
// change nothing for anybody: these need not be decided.
static const struct decisions *idle(struct arena *a, const struct decisions *d) {
    struct decisions *out = arena_alloc(a, sizeof *out);
    struct policy *p = policy_copy(a, d->policy);
    bool matter = p->referrals > 0;
    for (int i = 0; i < p->schemes; i++)
        matter |= p->scheme[i].memory.on;
    p->schemes = matter ? p->schemes : 0;
    p->campaigns = p->channels = p->playbooks = p->contact_policies = p->tests = 0;
    policy_list_sites(a, p);
    *out = *d;
    out->policy = p;
    return out;
}

enum status months_run(struct arena *a, const struct host *host, const struct decisions *d,
                       const struct months_options *o, struct months **out, struct err *err) {
    struct months *m = arena_alloc(a, sizeof *m);
    struct start start;
    d = o->idle ? idle(a, d) : d;
    TRY(check(o, d, err));
    *m = (struct months){.options = *o, .policy = d->policy, .customers = d->data->customers};
    m->classes = d->policy->schemes > 0 ? d->policy->scheme[0].n + 1 : 0;
    m->crowd = crowd_of(a, d->data, o->sample);
    m->figures = arena_array(a, (size_t)o->runs * (size_t)o->months, sizeof *m->figures);
    TRY(life_of(a, host, d, m->crowd, &o->assume, &o->change, &m->life, err));
    draw_stay(a, m);
    draw_worth(a, m);
    TRY(evolution_of(a, host, d, m->crowd, o->months, &m->evolution, err));
    TRY(start_of(a, d, m, &start, err));
    for (int i = 0; i < d->policy->campaigns; i++)
        m->ineffective += d->policy->campaign[i].effect.kind == EFFECT_NONE &&
                          !campaign_lets_go(&d->policy->campaign[i]);
    TRY(check_sums(&start, err));
    for (int64_t i = 0; i < m->crowd->n; i++)
        m->equity += start.worth[i];
    m->friends_from = start.kin.from;
    m->equity = crowd_whole(m->crowd, m->equity);
    struct running r = {m, &start, host, NULL};
    r.track = arena_array(a, (size_t)block_threads(host), sizeof *r.track);
    *out = m;
    return parallel_run(host, (size_t)o->runs, run_one, &r, err);
}

// ---- over the runs -----------------------------------------------------------------------------

double months_earned(const struct months *m, int run) {
    const struct figures *f = m->figures + (size_t)run * (size_t)m->options.months;
    double month = pow(1 + m->life->discount, 1.0 / 12), now = 1, sum = 0;
    for (int i = 0; i < m->options.months; i++) {
        sum -= (double)f[i].cost / now;
        now *= month;
        sum += (double)f[i].margin / now;
    }
    return sum + (double)f[m->options.months - 1].equity / now;
}
