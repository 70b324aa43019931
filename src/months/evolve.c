#include "months/evolve.h"

#include <string.h>

#include "base/date.h"
#include "metric/lack.h"

enum { NAMES = 512 };

struct planning {
    struct arena *arena;
    const struct host *host;
    const struct decisions *d;
    const struct crowd *crowd;
    struct policy *policy; // a copy, compiled on
    struct board *board;   // a board on which today is a column
    struct evolution *out;
    int seen, calendars;
    int slot[NAMES];             // that were asked about
    struct str calendar[NAMES];  // names
    const struct column **whole; // frozen columns of all customers
};

// ---- the motion of a column --------------------------------------------------------------------

static enum motion follow(enum motion x, enum motion of) {
    enum motion y = of == MOTION_EVOLVING ? MOTION_DERIVED : of;
    return x > y ? x : y;
}

static enum motion motion_of(struct planning *p, int slot);

static enum motion of_slots(struct planning *p, const int *slots, int n) {
    enum motion motion = MOTION_FROZEN;
    for (int i = 0; i < n; i++)
        motion = follow(motion, motion_of(p, slots[i]));
    return motion;
}

// The slots that a metric of the registry reads.
static int inputs_of(struct planning *p, const struct metric *m, int *slot, int most) {
    struct need need;
    const char *inputs = m->inputs;
    int n = 0;
    while (n < most && need_next(&inputs, &need))
        if ((slot[n] = lack_slot(p->board, &need)) >= 0)
            n++;
    return n;
}

static bool whole_months(const struct declared *d) {
    return d->last.days == 0 && d->ending.days == 0;
}

static bool unit_of(const struct planning *p, const struct entry *e, enum unit *out) {
    const struct table *t = dataset_table(p->d->data, STR("transactions"));
    const struct declared *m = e->declared;
    bool counted = m->aggregate == AGGREGATE_COUNT;
    if (!t || !str_is(m->table, "transactions") || m->where.text.p || !whole_months(m) ||
        (!counted && m->aggregate != AGGREGATE_SUM))
        return false;
    if (counted) {
        *out = UNIT_PURCHASE;
        return !table_column(t, STR("order")); // else a purchase has several rows
    }
    *out = str_is(m->value.text, "margin") ? UNIT_MARGIN : UNIT_AMOUNT;
    return e->opened.column && e->opened.column->type == TYPE_MONEY &&
           (*out == UNIT_MARGIN || str_is(m->value.text, "amount"));
}

static bool unit_of_metric(const struct metric *m, enum unit *out) {
    static const struct {
        const char *name;
        enum unit unit;
    } list[] = {{"orders", UNIT_PURCHASE},
                {"purchase_days", UNIT_PURCHASE},
                {"spend", UNIT_AMOUNT},
                {"margin", UNIT_MARGIN}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (strcmp(m->name, list[i].name) == 0) {
            *out = list[i].unit;
            return true;
        }
    return false;
}

static enum motion of_declared(struct planning *p, const struct entry *e) {
    enum unit unit;
    const int *slots;
    const struct declared *d = e->declared;
    if (d->points || d->line.kind != LINE_NONE)
        return MOTION_FROZEN;
    if (d->computed)
        return of_slots(p, e->slots, e->n_slots);
    if (d->aggregate != AGGREGATE_NONE)
        return unit_of(p, e, &unit) ? MOTION_EVOLVING : MOTION_FROZEN;
    int n = expr_slots(e->expr, &slots);
    return of_slots(p, slots, n);
}

static enum motion of_metric(struct planning *p, const struct metric *m) {
    enum unit unit;
    int slots[16];
    if (unit_of_metric(m, &unit) || strcmp(m->name, "last_purchase") == 0 ||
        strcmp(m->name, "first_purchase") == 0)
        return MOTION_EVOLVING;
    if (m->table || m->others)
        return MOTION_FROZEN;
    return of_slots(p, slots, inputs_of(p, m, slots, 16));
}

// What tiers had before is a column of theirs, though the data has one of that name.
static bool is_memory(const struct policy *p, struct str name) {
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++)
        if (s->memory.on &&
            (str_eq(name, s->memory.previous.name) || str_eq(name, s->memory.since.name) ||
             str_eq(name, s->memory.reviewed.name)))
            return true;
    return false;
}

static enum motion motion_of(struct planning *p, int slot) {
    const struct entry *e = p->board->entry[slot];
    if (is_memory(p->policy, e->name))
        return MOTION_EVOLVING;
    switch (e->origin) {
    case ORIGIN_PUT: return str_is(e->name, "today") ? MOTION_CALENDAR : MOTION_EVOLVING;
    case ORIGIN_DECLARED: return of_declared(p, e);
    case ORIGIN_METRIC: return of_metric(p, e->metric);
    default: return MOTION_FROZEN;
    }
}

// ---- what is to be put on a worker's board -----------------------------------------------------

static enum status keep_frozen(struct planning *p, struct str name, struct err *err) {
    const struct column *c;
    struct evolution *out = p->out;
    TRY(board_column(p->d->board, name, &c, err));
    p->whole[out->frozen] = c;
    out->frozen_column[out->frozen++] = crowd_column(p->arena, p->crowd, c);
    if (!str_eq(name, p->d->data->id->name))
        out->frozen_name[out->listed++] = name;
    return DONE;
}

static enum status keep_date(struct planning *p, struct str name, struct err *err) {
    const struct column *c;
    TRY(board_column(p->d->board, name, &c, err));
    c = crowd_column(p->arena, p->crowd, c);
    *(str_is(name, "last_purchase") ? &p->out->last_purchase : &p->out->first_purchase) = c;
    return DONE;
}

// What a scheme remembers is kept by the worker.
static enum status keep_evolving(struct planning *p, const struct entry *e, struct err *err) {
    struct counter c = {.name = e->name, .type = e->type, .decimals = p->d->data->decimals};
    if (e->origin == ORIGIN_METRIC && !unit_of_metric(e->metric, &c.unit))
        return keep_date(p, e->name, err);
    if (e->origin == ORIGIN_DECLARED) {
        unit_of(p, e, &c.unit);
        c.last = (int)e->declared->last.months;
        c.ending = (int)e->declared->ending.months;
    }
    if (e->origin == ORIGIN_DECLARED || e->origin == ORIGIN_METRIC)
        p->out->counter[p->out->counters++] = c;
    return DONE;
}

static enum status ask(struct planning *p, int slot, struct err *err) {
    const struct entry *e = p->board->entry[slot];
    int slots[16], n = 0;
    const int *reads = slots;
    for (int i = 0; i < p->seen; i++)
        if (p->slot[i] == slot)
            return DONE;
    if (p->seen == NAMES)
        return err_set(err, REFUSED, "the policy reads more than %d columns", NAMES);
    p->slot[p->seen++] = slot;
    switch (motion_of(p, slot)) {
    case MOTION_FROZEN: return keep_frozen(p, e->name, err);
    case MOTION_CALENDAR: p->calendar[p->calendars++] = e->name; return DONE;
    case MOTION_EVOLVING: return keep_evolving(p, e, err);
    case MOTION_DERIVED: break;
    }
    if (e->origin == ORIGIN_DECLARED)
        p->out->derived_name[p->out->derived++] = e->name;
    if (e->origin == ORIGIN_METRIC)
        n = inputs_of(p, e->metric, slots, 16);
    else if (e->declared->computed) {
        reads = e->slots;
        n = e->n_slots;
    } else
        n = expr_slots(e->expr, &reads);
    for (int i = 0; i < n; i++)
        TRY(ask(p, reads[i], err));
    return DONE;
}

static enum status ask_name(struct planning *p, const char *name, enum motion *motion,
                            struct err *err) {
    struct need need = {str_of(name), false};
    int slot = lack_slot(p->board, &need);
    *motion = MOTION_FROZEN;
    if (slot < 0 || p->board->entry[slot]->origin == ORIGIN_CONSTANT)
        return DONE;
    *motion = motion_of(p, slot);
    return ask(p, slot, err);
}

static enum status ask_all(struct planning *p, struct err *err) {
    for (int i = 0; i < p->policy->sites; i++) {
        const struct site *site = &p->policy->site[i];
        const int *slots;
        int n = rule_slots(site->rule, &slots);
        if (!site->campaign && !site->channel && !site->scheme)
            continue;
        for (int k = 0; k < n; k++)
            TRY(ask(p, slots[k], err));
    }
    TRY(ask_name(p, "retention_rate", &p->out->retention, err));
    return ask_name(p, "purchases_a_year", &p->out->purchases, err);
}

// ---- by calendar -------------------------------------------------------------------------------

static const struct column *zeros(struct arena *a, const struct counter *c, int64_t n) {
    struct column *out = arena_alloc(a, sizeof *out);
    *out = (struct column){.name = c->name, .type = c->type, .decimals = c->decimals, .n = n};
    out->integer = arena_array(a, (size_t)n, sizeof *out->integer);
    return out;
}

// A column for the customers who are followed, without anything of the board that it is from.
static const struct column *keep(const struct planning *p, const struct column *c) {
    const struct column *kept = crowd_column(p->arena, p->crowd, c);
    if (kept == c || c->type != TYPE_LABEL)
        return kept;
    struct column *own = arena_alloc(p->arena, sizeof *own);
    struct str *label = arena_array(p->arena, (size_t)c->dict->n, sizeof *label);
    for (int32_t i = 0; i < c->dict->n; i++)
        label[i] = dict_at(c->dict, i);
    *own = *kept;
    own->dict = dict_new(p->arena, label, c->dict->n, c->dict->ordered);
    return own;
}

// What the data has at the day of a month; its columns stay as long as those that are not sampled.
static enum status fill_month(struct planning *p, int month, struct err *err) {
    struct evolution *out = p->out;
    struct arena *a = p->crowd->row ? arena_child(p->arena) : p->arena;
    struct dataset *data = arena_alloc(a, sizeof *data);
    *data = *p->d->data;
    data->as_of = out->today[month];
    struct board *b = policy_board(a, p->d->policy, p->host, data);
    board_use_model(b, board_learned(p->d->board));
    for (int i = 0; i < out->frozen; i++)
        board_put(b, p->whole[i]);
    for (int i = 0; i < p->calendars; i++) {
        const struct column *c;
        TRY(board_column(b, p->calendar[i], &c, err));
        out->calendar[month][i] = keep(p, c);
    }
    for (int i = 0; i < out->counters; i++) {
        struct counter *c = &out->counter[i];
        const struct column *real;
        if (month > 0 && c->last == 0 && c->ending == 0) {
            c->real[month] = c->real[0];
        } else if (c->last > 0 && month >= c->last + c->ending) {
            c->real[month] = zeros(p->arena, c, p->crowd->n);
        } else {
            TRY(board_column(b, c->name, &real, err));
            c->real[month] = crowd_column(p->arena, p->crowd, real);
        }
    }
    if (a != p->arena)
        arena_free(a);
    return DONE;
}

static enum status fill(struct planning *p, struct err *err) {
    struct evolution *out = p->out;
    size_t months = (size_t)out->months;
    out->calendars = p->calendars;
    out->calendar = arena_array(p->arena, months, sizeof *out->calendar);
    for (int i = 0; i < out->counters; i++)
        out->counter[i].real = arena_array(p->arena, months, sizeof *out->counter[i].real);
    for (int m = 0; m < out->months; m++) {
        out->calendar[m] = arena_array(p->arena, (size_t)p->calendars, sizeof **out->calendar);
        TRY(fill_month(p, m, err));
    }
    return DONE;
}

// ---- all of it ---------------------------------------------------------------------------------

static struct column *day_column(struct arena *a, int32_t day, int64_t n) {
    struct column *c = column_new(a, STR("today"), TYPE_DATE, n);
    for (int64_t i = 0; i < n; i++)
        column_set_date(c, i, day);
    column_finish(c);
    return c;
}

enum status evolution_of(struct arena *a, const struct host *host, const struct decisions *d,
                         const struct crowd *s, int months, struct evolution **out,
                         struct err *err) {
    struct planning *p = arena_alloc(a, sizeof *p);
    struct evolution *e = arena_alloc(a, sizeof *e);
    struct findings findings = {.arena = a};
    *p = (struct planning){.arena = a, .host = host, .d = d, .crowd = s, .out = e};
    p->policy = policy_copy(a, d->policy);
    p->board = policy_board(a, p->policy, host, d->data);
    board_put(p->board, day_column(a, d->data->as_of, d->data->customers));
    TRY(policy_compile(a, p->policy, p->board, d->data, &findings, err));
    *e = (struct evolution){.months = months};
    e->today = arena_array(a, (size_t)months + 1, sizeof *e->today);
    for (int m = 0; m <= months; m++)
        e->today[m] = date_add_months(d->data->as_of, m);
    e->today_column = arena_array(a, (size_t)months, sizeof *e->today_column);
    for (int m = 0; m < months; m++)
        e->today_column[m] = day_column(a, e->today[m], s->n);
    p->whole = arena_array(a, NAMES, sizeof *p->whole);
    e->frozen_column = arena_array(a, NAMES, sizeof *e->frozen_column);
    e->frozen_name = arena_array(a, NAMES, sizeof *e->frozen_name);
    e->counter = arena_array(a, NAMES, sizeof *e->counter);
    e->derived_name = arena_array(a, NAMES, sizeof *e->derived_name);
    TRY(ask_all(p, err));
    TRY(fill(p, err));
    *out = e;
    return DONE;
}

// ---- a part of it ------------------------------------------------------------------------------

const struct column *evolution_column(struct arena *a, const struct column *c, int64_t first,
                                      int64_t n) {
    struct column *part = c ? arena_alloc(a, sizeof *part) : NULL;
    if (c)
        *part = column_part(c, first, n);
    return part;
}

static const struct column **columns_of(struct arena *a, const struct column *const *list,
                                        int count, int64_t first, int64_t n) {
    const struct column **part = arena_array(a, (size_t)count, sizeof *part);
    for (int i = 0; i < count; i++)
        part[i] = evolution_column(a, list[i], first, n);
    return part;
}

const struct evolution *evolution_part(struct arena *a, const struct evolution *e, int64_t first,
                                       int64_t n) {
    struct evolution *part = arena_alloc(a, sizeof *part);
    *part = *e;
    part->today_column = columns_of(a, e->today_column, e->months, first, n);
    part->frozen_column = columns_of(a, e->frozen_column, e->frozen, first, n);
    part->last_purchase = evolution_column(a, e->last_purchase, first, n);
    part->first_purchase = evolution_column(a, e->first_purchase, first, n);
    part->calendar = arena_array(a, (size_t)e->months, sizeof *part->calendar);
    for (int m = 0; m < e->months; m++)
        part->calendar[m] = columns_of(a, e->calendar[m], e->calendars, first, n);
    part->counter = arena_array(a, (size_t)e->counters, sizeof *part->counter);
    for (int i = 0; i < e->counters; i++) {
        part->counter[i] = e->counter[i];
        part->counter[i].real = columns_of(a, e->counter[i].real, e->months, first, n);
    }
    return part;
}
