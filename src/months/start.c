#include "months/start.h"

#include "decide/past.h"
#include "months/odds.h"

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

enum status start_of(struct arena *a, const struct decisions *d, const struct months *m,
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
