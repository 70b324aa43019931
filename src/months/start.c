#include "months/start.h"

#include "decide/past.h"
#include "metric/block.h"
#include "months/odds.h"

enum { PART = BLOCK };

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

// Whether what a customer gets depends on what others get.
static bool is_shared(const struct policy *p) {
    bool shared = p->plan;
    for (int i = 0; i < p->campaigns; i++) {
        const struct caps *c = &p->campaign[i].caps;
        shared |= c->budget.given || c->total.given || c->most;
    }
    for (int i = 0; i < p->channels; i++)
        shared |= p->channel[i].capacity >= 0;
    return shared;
}

static void make_people(struct arena *a, struct dataset *d, const struct column *id) {
    const struct column **column = arena_alloc(a, sizeof *column);
    struct table *people = arena_alloc(a, sizeof *people);
    *column = id;
    *people = (struct table){.name = STR("customers"), .n = id->n, .columns = 1, .column = column};
    d->customers = id->n;
    d->people = people;
    d->id = id;
}

static void make_data(struct arena *a, struct start *s) {
    const struct dataset *d = s->decisions->data;
    s->data = *d;
    s->data.tables = 0;
    make_people(a, &s->data, crowd_column(a, s->crowd, d->id));
    s->contacts = crowd_table(a, s->crowd, dataset_table(d, STR("contacts")));
    if (!s->crowd->row && is_shared(s->decisions->policy)) // they draw on budgets
        s->rewards = dataset_table(d, STR("rewards"));
}

// ---- parts -------------------------------------------------------------------------------------

static struct memory_start *part_memory(struct arena *a, const struct start *s, int64_t first,
                                        int64_t n) {
    int schemes = s->decisions->policy->schemes;
    struct memory_start *part = arena_array(a, (size_t)schemes, sizeof *part);
    for (int k = 0; k < schemes; k++) {
        const struct memory_start *of = &s->memory[k];
        if (of->tier)
            part[k] = (struct memory_start){evolution_column(a, of->tier, first, n),
                                            evolution_column(a, of->since, first, n),
                                            evolution_column(a, of->reviewed, first, n)};
    }
    return part;
}

static struct start part_of(struct arena *a, const struct start *s, int64_t first, int64_t n) {
    struct start part = *s;
    struct crowd *crowd = arena_alloc(a, sizeof *crowd);
    struct life *life = arena_alloc(a, sizeof *life);
    part.first = first;
    *crowd = *s->crowd;
    crowd->n = n;
    crowd->luck += first;
    part.crowd = crowd;
    *life = *s->life;
    life->kept += first;
    life->pace += first;
    life->amount += first;
    life->margin += first;
    part.life = life;
    part.leave += first;
    part.none += first;
    part.worth += first;
    part.evolution = evolution_part(a, s->evolution, first, n);
    make_people(a, &part.data, evolution_column(a, s->data.id, first, n));
    part.memory = part_memory(a, s, first, n);
    return part;
}

static void make_parts(struct arena *a, struct start *s) {
    int64_t n = s->crowd->n, size = is_shared(s->decisions->policy) ? n : PART;
    s->parts = n > size ? (int)((n + size - 1) / size) : 1;
    struct start *part = arena_array(a, (size_t)s->parts, sizeof *part);
    for (int64_t k = 0, first = 0; k < s->parts; k++, first += size)
        part[k] = part_of(a, s, first, n - first < size ? n - first : size);
    s->part = part;
}

enum status start_of(struct arena *a, const struct decisions *d, const struct months *m,
                     struct start *s, struct err *err) {
    *s = (struct start){
        .decisions = d, .months = m, .crowd = m->crowd, .evolution = m->evolution, .life = m->life};
    s->moving =
        m->evolution->retention != MOTION_FROZEN || m->evolution->purchases != MOTION_FROZEN;
    make_odds(a, s, &m->options.assume);
    make_windows(a, s);
    make_data(a, s);
    TRY(kin_of(a, d, s->crowd, s->life, &s->kin, err));
    for (int i = 0; m->options.idle && i < s->kin.blocks; i++)
        s->kin.terms[i].reward = 0;
    TRY(make_memory(a, s, err));
    make_parts(a, s);
    return DONE;
}
