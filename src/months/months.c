#include "months/months.h"

#include <math.h>

#include "decide/past.h"
#include "months/odds.h"
#include "months/track.h"

// ---- what all runs begin with ------------------------------------------------------------------

static void make_odds(struct arena *a, struct start *s, const struct assumptions *assume) {
    int64_t n = s->crowd->n;
    s->single = assume->value[ASSUME_PURCHASES] >= 1;
    const struct life *l = s->life;
    s->leave = arena_array(a, (size_t)n, sizeof *s->leave);
    s->none = arena_array(a, (size_t)n, sizeof *s->none);
    s->worth = arena_array(a, (size_t)n, sizeof *s->worth);
    for (int64_t i = 0; i < n; i++) {
        s->leave[i] = odds_leave(l->kept[i]);
        s->none[i] = odds_none(s->single, l->pace[i]);
        s->worth[i] = odds_worth(l, i, l->kept[i], l->pace[i]);
    }
}

static void make_windows(struct arena *a, struct start *s) {
    const struct evolution *e = s->evolution;
    s->window = arena_array(a, (size_t)e->counters, sizeof *s->window);
    s->window_of = arena_array(a, (size_t)e->counters, sizeof *s->window_of);
    for (int i = 0; i < e->counters; i++) {
        int k = 0;
        while (k < s->windows && (s->window[k].last != e->counter[i].last ||
                                  s->window[k].ending != e->counter[i].ending))
            k++;
        if (k == s->windows)
            s->window[s->windows++] = (struct window){e->counter[i].last, e->counter[i].ending};
        s->window_of[i] = k;
    }
}

// Which tiers the customers had before, and since when.
static enum status make_memory(struct arena *a, struct start *s, struct err *err) {
    const struct decisions *d = s->decisions;
    s->memory = arena_array(a, (size_t)d->policy->schemes, sizeof *s->memory);
    for (int k = 0; k < d->policy->schemes; k++) {
        const struct scheme *scheme = &d->policy->scheme[k];
        struct past past;
        if (!scheme->memory.on)
            continue;
        TRY(past_open(a, d, scheme, &past, err));
        struct column *tier = column_new(a, STR(""), TYPE_LABEL, s->crowd->n);
        struct column *since = column_new(a, STR(""), TYPE_DATE, s->crowd->n);
        struct column *reviewed = column_new(a, STR(""), TYPE_DATE, s->crowd->n);
        for (int64_t i = 0; i < s->crowd->n; i++) {
            struct before b = past_of(&past, crowd_row(s->crowd, i));
            if (b.tenure.tier >= 0)
                column_set_code(tier, i, b.tenure.tier);
            if (b.tenure.since != NO_DAY)
                column_set_date(since, i, b.tenure.since);
            if (b.tenure.reviewed != NO_DAY)
                column_set_date(reviewed, i, b.tenure.reviewed);
        }
        tier->dict = scheme->labels;
        s->memory[k] = (struct memory_start){tier, since, reviewed};
    }
    return DONE;
}

static void make_data(struct arena *a, struct start *s) {
    const struct dataset *d = s->decisions->data;
    const struct column **id = arena_alloc(a, sizeof *id);
    struct table *people = arena_alloc(a, sizeof *people);
    *id = crowd_column(a, s->crowd, d->id);
    *people =
        (struct table){.name = STR("customers"), .n = s->crowd->n, .columns = 1, .column = id};
    s->data = *d;
    s->data.customers = s->crowd->n;
    s->data.people = people;
    s->data.id = *id;
    s->data.tables = 0;
    s->contacts = crowd_table(a, s->crowd, dataset_table(d, STR("contacts")));
    s->rewards = s->crowd->row ? NULL : dataset_table(d, STR("rewards"));
}

static enum status make_start(struct arena *a, const struct decisions *d, const struct months *m,
                              struct start *s, struct err *err) {
    *s = (struct start){
        .decisions = d, .months = m, .crowd = m->crowd, .evolution = m->evolution, .life = m->life};
    for (int i = 0; i < d->policy->campaigns; i++)
        s->effects |= d->policy->campaign[i].effect.kind != EFFECT_NONE;
    s->moving =
        m->evolution->retention != MOTION_FROZEN || m->evolution->purchases != MOTION_FROZEN;
    make_odds(a, s, &m->options.assume);
    make_windows(a, s);
    make_data(a, s);
    TRY(kin_of(d, s->crowd, s->life, &s->kin, err));
    return make_memory(a, s, err);
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

enum status months_run(struct arena *a, const struct host *host, const struct decisions *d,
                       const struct months_options *o, struct months **out, struct err *err) {
    struct months *m = arena_alloc(a, sizeof *m);
    struct start start;
    TRY(check(o, d, err));
    *m = (struct months){.options = *o, .policy = d->policy, .customers = d->data->customers};
    m->classes = d->policy->schemes > 0 ? d->policy->scheme[0].n + 1 : 0;
    m->crowd = crowd_of(a, d->data, o->sample);
    m->figures = arena_array(a, (size_t)o->runs * (size_t)o->months, sizeof *m->figures);
    TRY(life_of(a, d, m->crowd, &o->assume, &o->change, &m->life, err));
    TRY(evolution_of(a, host, d, m->crowd, o->months, &m->evolution, err));
    TRY(make_start(a, d, m, &start, err));
    for (int i = 0; i < d->policy->campaigns; i++)
        m->ineffective += d->policy->campaign[i].effect.kind == EFFECT_NONE &&
                          !campaign_lets_go(&d->policy->campaign[i]);
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
