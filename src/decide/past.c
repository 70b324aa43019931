// The past of a customer is a tenure: a tier, the day of its entry, and the last review that it
// passed. Both ways of telling it say no more than that: three columns, which a run writes and the
// next one reads, or a log of rows, which is folded into it. So a run can be repeated, and what it
// says does not depend on how often one was made.
#include "decide/past.h"

#include "base/date.h"
#include "table/seal.h"

static bool given(const struct duration *d) {
    return d->days > 0 || d->months > 0;
}

// n times as long after a day, at most to the end of the calendar.
static int32_t later(int32_t day, const struct duration *d, long n) {
    int64_t to = date_add_months(day, (long)d->months * n) + d->days * n;
    return to > DATE_MAX ? DATE_MAX : (int32_t)to;
}

// How many whole periods lie between two days.
static long periods(int32_t from, int32_t to, const struct duration *d) {
    return d->months ? date_months_between(from, to) / (long)d->months
                     : (long)((to - from) / d->days);
}

// ---- reviews ------------------------------------------------------------------------------------

// Runs are made at least as often as reviews: if none took a tier that has long been due, none was
// made, and all reviews but the last are forgiven.
int32_t past_due(const struct memory *m, const struct tenure *t, int32_t today) {
    const struct duration *first = given(&m->valid) ? &m->valid : &m->review;
    int32_t due =
        t->reviewed != NO_DAY ? later(t->reviewed, &m->review, 1) : later(t->since, first, 1);
    bool forgiven = today > later(later(due, &m->grace, 1), &m->review, 1);
    return forgiven && given(&m->review) ? past_passed(m, due, today) : due;
}

int32_t past_grace(const struct memory *m, int32_t due) {
    return given(&m->grace) ? later(due, &m->grace, 1) : NO_DAY;
}

int32_t past_passed(const struct memory *m, int32_t due, int32_t today) {
    if (!given(&m->review))
        return today;
    return later(due, &m->review, periods(due, today, &m->review));
}

// ---- opening ------------------------------------------------------------------------------------

// By label of the data: the tier of that name, -1 if there is none.
static const int32_t *tiers_of(struct arena *a, const struct scheme *s, const struct dict *labels) {
    int32_t *code = arena_array(a, (size_t)(labels ? labels->n : 0), sizeof *code);
    for (int32_t i = 0; labels && i < labels->n; i++)
        code[i] = dict_find(s->labels, dict_at(labels, i));
    return code;
}

static enum status open_named(const struct decisions *d, const struct named *n,
                              const struct column **out, struct err *err) {
    *out = NULL;
    if (n->name.n && board_column(d->board, n->name, out, err) != DONE)
        return err_place(err, n->at);
    return DONE;
}

static int32_t label_of(const struct column *c, struct str name) {
    return c ? dict_find(c->dict, name) : -1;
}

static enum status open_history(struct arena *a, const struct decisions *d, const struct scheme *s,
                                struct tier_history *h, struct err *err) {
    const struct table *t = h->table;
    h->tier = table_column(t, STR("tier"));
    h->scheme = table_column(t, STR("scheme"));
    h->state = table_column(t, STR("state"));
    TRY(seal_check_table(t, err));
    h->code = tiers_of(a, s, h->tier->dict);
    h->own = label_of(h->scheme, s->name);
    h->grace = label_of(h->state, str_of(tier_states[STATE_GRACE]));
    const struct scheme *first = d->policy->scheme;
    while (first->kind != SCHEME_TIERS || !first->memory.on)
        first++;
    h->first = first == s;
    return DONE;
}

enum status past_open(struct arena *a, const struct decisions *d, const struct scheme *s,
                      struct past *out, struct err *err) {
    const struct memory *m = &s->memory;
    *out = (struct past){.scheme = s};
    TRY(board_column(d->board, STR("today"), &out->today, err));
    TRY(open_named(d, &m->previous, &out->previous, err));
    TRY(open_named(d, &m->since, &out->since, err));
    TRY(open_named(d, &m->reviewed, &out->reviewed, err));
    if (out->previous)
        out->tier = tiers_of(a, s, out->previous->dict);
    else
        out->history.table = dataset_table(d->data, STR("tier_history"));
    return out->history.table ? open_history(a, d, s, &out->history, err) : DONE;
}

// ---- one customer -------------------------------------------------------------------------------

static int32_t day_of(const struct column *c, int64_t row) {
    return c && column_has(c, row) ? c->date[row] : NO_DAY;
}

static int32_t tier_in(const struct past *p, int64_t customer) {
    const struct column *c = p->previous;
    if (!column_has(c, customer))
        return -1;
    return c->type == TYPE_LABEL ? p->tier[c->code[customer]]
                                 : dict_find(p->scheme->labels, column_str(c, customer));
}

static struct before from_columns(const struct past *p, int64_t customer) {
    struct before b = {.today = day_of(p->today, customer)};
    b.tenure = (struct tenure){tier_in(p, customer), day_of(p->since, customer),
                               day_of(p->reviewed, customer)};
    b.strange = b.tenure.tier < 0 && column_has(p->previous, customer);
    b.later = b.today != NO_DAY && b.tenure.since != NO_DAY && b.tenure.since > b.today;
    if (b.later)
        b.tenure.tier = -1;
    bool known = b.tenure.reviewed >= b.tenure.since && b.tenure.reviewed <= b.today;
    if (!known)
        b.tenure.reviewed = NO_DAY;
    return b;
}

static bool is_about(const struct tier_history *h, int64_t row) {
    if (!h->scheme || !column_has(h->scheme, row))
        return h->first;
    return h->scheme->code[row] == h->own;
}

// A row with another tier is an entry; one with the same tier, on a day on which a review was due,
// is a review that was passed, unless it says that the customer was in grace.
static void fold(const struct past *p, int64_t row, struct tenure *t) {
    const struct tier_history *h = &p->history;
    const struct memory *m = &p->scheme->memory;
    int32_t tier = h->code[h->tier->code[row]], day = h->table->date->date[row];
    if (tier != t->tier) {
        *t = (struct tenure){tier, day, NO_DAY};
        return;
    }
    if (tier < 0 || (h->state && column_has(h->state, row) && h->state->code[row] == h->grace))
        return;
    int32_t due = past_due(m, t, day);
    if (day >= due)
        t->reviewed = past_passed(m, due, day);
}

static struct before from_history(const struct past *p, int64_t customer) {
    const struct tier_history *h = &p->history;
    struct before b = {.tenure = {-1, NO_DAY, NO_DAY}, .today = day_of(p->today, customer)};
    int64_t rows = 0;
    for (int64_t row = h->table->start[customer]; row < h->table->start[customer + 1]; row++)
        if (column_has(h->tier, row) && is_about(h, row)) {
            fold(p, row, &b.tenure);
            rows++;
        }
    b.strange = rows > 0 && b.tenure.tier < 0;
    return b;
}

struct before past_of(const struct past *p, int64_t customer) {
    if (p->previous)
        return from_columns(p, customer);
    if (p->history.table)
        return from_history(p, customer);
    return (struct before){.tenure = {-1, NO_DAY, NO_DAY}, .today = day_of(p->today, customer)};
}
