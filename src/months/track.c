#include "months/track.h"

#include <math.h>

#include "months/effects.h"

// What tiers a customer had, as the next decision reads it.
struct memory_columns {
    struct column *tier, *since, *reviewed;
};

struct track {
    const struct start *start, *part; // of all, and of those whose turn it is
    struct arena *arena, *monthly;
    struct host host; // one thread, which says nothing
    struct policy *policy;
    struct board *board;
    struct dataset data;
    const struct table *table[2];
    struct evaluator *evaluator;
    struct contacts *contacts; // NULL: nothing counts them
    struct memory_columns *memory;
    struct state state;
    struct effects effects;
    struct kindred kindred;
};

// ---- making ------------------------------------------------------------------------------------

// Columns of a scheme's memory that the policy does not name get names of our own.
static void name_memory(struct arena *a, struct scheme *s) {
    struct memory *m = &s->memory;
    struct named *list[] = {&m->previous, &m->since, &m->reviewed};
    static const char *const words[] = {"before", "since", "reviewed"};
    for (int i = 0; i < 3; i++)
        if (list[i]->name.n == 0)
            list[i]->name =
                str_of(arena_printf(a, "%.*s (%s)", (int)s->name.n, s->name.p, words[i]));
}

static void make_memory(struct track *c) {
    int64_t n = c->part->crowd->n;
    c->memory = arena_array(c->arena, (size_t)c->policy->schemes, sizeof *c->memory);
    for (int k = 0; k < c->policy->schemes; k++) {
        struct scheme *s = &c->policy->scheme[k];
        if (!s->memory.on)
            continue;
        name_memory(c->arena, s);
        c->memory[k] =
            (struct memory_columns){column_new(c->arena, s->memory.previous.name, TYPE_LABEL, n),
                                    column_new(c->arena, s->memory.since.name, TYPE_DATE, n),
                                    column_new(c->arena, s->memory.reviewed.name, TYPE_DATE, n)};
        c->memory[k].tier->dict = s->labels;
    }
}

// Stocks are for the whole base, and so for a sample of it less.
static void scale_stocks(struct track *c) {
    double weight = crowd_weight(c->start->crowd);
    for (int i = 0; i < c->policy->campaigns && weight > 1; i++) {
        struct caps *caps = &c->policy->campaign[i].caps;
        int n = caps->most ? c->policy->scheme[caps->scheme].n : 0;
        int64_t *most = arena_array(c->arena, (size_t)n, sizeof *most);
        caps->budget.most /= weight;
        caps->total.most = floor(caps->total.most / weight);
        for (int k = 0; k < n; k++)
            most[k] = caps->most[k] < 0 ? -1 : (int64_t)((double)caps->most[k] / weight);
        caps->most = caps->most ? most : NULL;
    }
    for (int i = 0; i < c->policy->channels && weight > 1; i++)
        if (c->policy->channel[i].capacity > 0)
            c->policy->channel[i].capacity =
                (int64_t)((double)c->policy->channel[i].capacity / weight);
}

// ---- the board ---------------------------------------------------------------------------------

static void put_date(struct track *c, struct arena *a, const char *name, const struct column *at,
                     const int32_t *date, const uint64_t *valid) {
    struct column *own = arena_alloc(a, sizeof *own);
    if (!at)
        return;
    *own = *at;
    own->name = str_of(name);
    own->date = date;
    own->valid = at->valid ? valid : NULL;
    board_put(c->board, own);
}

static void put_counter(struct track *c, struct arena *a, int k, int month) {
    const struct counter *of = &c->part->evolution->counter[k];
    const struct column *real = of->real[month];
    struct column *own = arena_alloc(a, sizeof *own);
    *own = *real;
    own->name = of->name;
    if (month > 0)
        own->integer = c->state.counter[k];
    board_put(c->board, own);
}

// All columns that rules read, or that what they read follows from, as they are when a month
// begins.
static void put_columns(struct track *c, struct arena *a, int month) {
    const struct evolution *e = c->part->evolution;
    const struct state *s = &c->state;
    board_put(c->board, e->today_column[month]);
    for (int i = 0; i < e->frozen; i++)
        board_put(c->board, e->frozen_column[i]);
    for (int i = 0; i < e->calendars; i++)
        board_put(c->board, e->calendar[month][i]);
    for (int i = 0; i < e->counters; i++)
        put_counter(c, a, i, month);
    put_date(c, a, "last_purchase", e->last_purchase, s->last, s->last_valid);
    put_date(c, a, "first_purchase", e->first_purchase, s->first, s->first_valid);
    for (int i = 0; i < c->policy->schemes; i++) {
        const struct memory_columns *m = &c->memory[i];
        if (!c->policy->scheme[i].memory.on)
            continue;
        board_put(c->board, m->tier);
        board_put(c->board, m->since);
        board_put(c->board, m->reviewed);
    }
}

// All other metrics are columns already, or nobody reads them.
static void keep_derived(struct track *c) {
    const struct evolution *e = c->start->evolution;
    struct policy *p = c->policy;
    struct declared *list = arena_array(c->arena, (size_t)p->metrics, sizeof *list);
    int n = 0;
    for (int i = 0; i < p->metrics; i++)
        for (int k = 0; k < e->derived; k++)
            if (str_eq(p->metric[i].name, e->derived_name[k]))
                list[n++] = p->metric[i];
    p->metric = list;
    p->metrics = n;
}

static enum status compile(struct track *c, struct err *err) {
    struct findings findings = {.arena = c->arena};
    c->policy = policy_copy(c->arena, c->start->decisions->policy);
    c->policy->referrals = c->policy->tests = c->policy->playbooks = 0;
    keep_derived(c);
    make_memory(c);
    c->board = policy_board(c->arena, c->policy, &c->host, &c->data);
    c->policy->inputs = 0; // they were looked for in the data
    policy_list_sites(c->arena, c->policy);
    board_use_model(c->board, board_learned(c->start->decisions->board));
    put_columns(c, c->arena, 0);
    TRY(policy_compile(c->arena, c->policy, c->board, &c->data, &findings, err));
    scale_stocks(c);
    return DONE;
}

enum status track_new(struct arena *a, const struct host *host, int worker,
                      const struct start *start, struct track **out, struct err *err) {
    struct track *c = arena_alloc(a, sizeof *c);
    *c = (struct track){.start = start, .part = start->part, .arena = a, .data = start->part->data};
    c->host = (struct host){.threads = 1, .stopping = host->stopping, .helper = host->helper};
    c->data.table = c->table;
    c->monthly = arena_child(a);
    c->state = state_new(a, c->part);
    TRY(compile(c, err));
    c->evaluator = evaluators_new(a, c->policy, &c->host);
    c->evaluator->worker = worker;
    c->contacts = contacts_open(a, c->policy, start->contacts);
    c->effects = effects_new(a, &c->state, c->contacts != NULL);
    c->kindred = kindred_new(a, &c->start->kin);
    *out = c;
    return DONE;
}

// ---- a run -------------------------------------------------------------------------------------

static void count_classes(const struct track *c, const struct decisions *d, struct figures *out) {
    if (c->policy->schemes == 0)
        return;
    const struct column *class = d->standing[0].class;
    int none = c->policy->scheme[0].n;
    for (int64_t i = 0; i < c->state.n; i++)
        if (!c->state.gone[i])
            out->class[column_has(class, i) ? class->code[i] : none]++;
}

static void copy_column(struct column *to, const struct column *from) {
    state_copy((int32_t *)to->date, (uint64_t *)to->valid, from);
}

static void copy_memory(const struct memory_columns *to, const struct column *tier,
                        const struct column *since, const struct column *reviewed) {
    copy_column(to->tier, tier);
    copy_column(to->since, since);
    copy_column(to->reviewed, reviewed);
}

static void remember(struct track *c, const struct decisions *d) {
    for (int k = 0; k < c->policy->schemes; k++) {
        const struct standing *t = &d->standing[k];
        if (c->policy->scheme[k].memory.on)
            copy_memory(&c->memory[k], t->class, t->entered, t->reviewed);
    }
}

// Chances that are columns which change.
static enum status move_chances(struct track *c, struct err *err) {
    const struct evolution *e = c->start->evolution;
    const struct column *kept = NULL, *pace = NULL;
    if (e->retention != MOTION_FROZEN)
        TRY(board_column(c->board, STR("retention_rate"), &kept, err));
    if (e->purchases != MOTION_FROZEN)
        TRY(board_column(c->board, STR("purchases_a_year"), &pace, err));
    if (c->start->moving)
        state_move(&c->state, kept, pace);
    return DONE;
}

static enum status decide_month(struct track *c, struct arena *a, int month, struct figures *out,
                                struct err *err) {
    struct decisions d = {.policy = c->policy,
                          .data = &c->data,
                          .board = c->board,
                          .gone = c->state.gone,
                          .evaluator = c->evaluator};
    c->data.as_of = c->start->evolution->today[month];
    c->data.tables = 0;
    if (c->contacts)
        c->table[c->data.tables++] = contacts_at(a, c->contacts, c->part->first, c->state.n,
                                                 &c->effects.grants, c->start->evolution->today);
    if (c->start->rewards)
        c->table[c->data.tables++] = c->start->rewards;
    board_renew(c->board, a);
    put_columns(c, a, month);
    TRY(move_chances(c, err));
    TRY(decide_by(a, &c->host, &d, err));
    effects_take(&c->effects, &d, month, out);
    count_classes(c, &d, out);
    remember(c, &d);
    return DONE;
}

// Those who were brought by others.
static void live_kin(struct track *c, int month, struct figures *out) {
    const struct kin *k = &c->start->kin;
    struct kin_month m = kin_live(k, &c->kindred, c->start->months->options.seed, c->effects.run,
                                  month, out->customers, c->effects.joining[month]);
    out->joined = m.joined;
    out->customers += m.customers;
    out->cost += m.rewards;
    out->revenue += llround((double)m.purchases * k->amount);
    out->margin += llround((double)m.purchases * k->margin);
    out->acquired = llround((double)m.customers * k->worth);
    out->equity += out->acquired;
}

// For the whole base.
static void scale(const struct crowd *s, struct figures *f) {
    int64_t *const sums[] = {&f->customers, &f->revenue,  &f->margin, &f->cost,
                             &f->offers,    &f->again,    &f->equity, &f->retained,
                             &f->developed, &f->acquired, &f->joined};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        *sums[i] = crowd_whole(s, *sums[i]);
    for (int i = 0; i < CLASSES_MOST; i++)
        f->class[i] = crowd_whole(s, f->class[i]);
}

static void begin_part(struct track *c, const struct start *part, int run) {
    c->part = part;
    c->data = part->data;
    c->data.table = c->table;
    state_begin(&c->state, part, run);
    effects_part(&c->effects);
    for (int k = 0; k < c->policy->schemes; k++) {
        const struct memory_start *m = &part->memory[k];
        if (m->tier)
            copy_memory(&c->memory[k], m->tier, m->since, m->reviewed);
    }
}

// What purchases bring in this run.
static void value(const struct track *c, int run, struct figures *f) {
    const double *worth = c->start->months->worth;
    int64_t *const sums[] = {&f->revenue,  &f->margin,    &f->equity,
                             &f->retained, &f->developed, &f->acquired};
    for (size_t i = 0; worth && i < sizeof sums / sizeof *sums; i++)
        *sums[i] = llround((double)*sums[i] * worth[run]);
}

static enum status run_month(struct track *c, int month, struct figures *out, struct err *err) {
    arena_clear(c->monthly);
    state_count(&c->state, month);
    effects_end(&c->effects, month);
    TRY(host_heard(&c->host, err));
    TRY(decide_month(c, c->monthly, month, out, err));
    state_live(&c->state, c->effects.run, month, out);
    return DONE;
}

enum status track_run(struct track *c, int run, struct figures *out, struct err *err) {
    int months = c->start->evolution->months;
    effects_begin(&c->effects, run);
    for (int k = 0; k < c->start->parts; k++) {
        begin_part(c, &c->start->part[k], run);
        for (int m = 0; m < months; m++)
            TRY(run_month(c, m, &out[m], err));
    }
    kindred_begin(&c->start->kin, &c->kindred);
    for (int m = 0; m < months; m++) {
        live_kin(c, m, &out[m]);
        scale(c->start->crowd, &out[m]);
        value(c, run, &out[m]);
    }
    return DONE;
}
