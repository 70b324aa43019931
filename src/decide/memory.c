// The higher of what is earned now and what was had before, as long as that lasts: it lasts until a
// review is due, then as long as its own rule holds or a value for that is missing, and then
// through its grace. So what a customer gets better at never lowers a tier, and what is not known
// never does.
#include "decide/memory.h"

#include <string.h>

void memory_begin(const struct remembered *m, int64_t first, int n, struct verdicts *v) {
    for (int i = 0; i < n; i++) {
        struct before *b = &v->before[i];
        *b = past_of(&m->past, first + i);
        m->odd[first + i] = b->strange ? 1 : b->later ? 2 : 0;
        m->before[first + i] = b->tenure.tier;
        if (b->tenure.tier >= 0 && b->tenure.since == NO_DAY)
            b->tenure.since = b->today; // the clock starts now
    }
}

// ---- reviews ------------------------------------------------------------------------------------

// What a review found of the tier before: nothing if none is due.
enum found { FOUND_NOTHING, FOUND_PASSED, FOUND_FAILED, FOUND_UNKNOWN };

static bool is_due(const struct memory *m, const struct before *b) {
    return m->fall != FALL_NEVER && b->today != NO_DAY && b->tenure.since != NO_DAY &&
           past_due(m, &b->tenure, b->today) <= b->today;
}

// Without a rule of its own a tier is kept by its `when`, which has been judged. Whoever meets that
// keeps the tier in any case.
static uint8_t found_by_when(const struct remembered *m, const struct verdicts *v, int i) {
    const struct before *b = &v->before[i];
    bool open = b->tenure.tier >= 0 && b->tenure.tier <= v->code[i] && !v->fault[i];
    if (!open || !is_due(&m->scheme->memory, b))
        return FOUND_NOTHING;
    return v->code[i] == b->tenure.tier ? FOUND_PASSED : v->lacks[i] ? FOUND_UNKNOWN : FOUND_FAILED;
}

static enum status review(const struct remembered *m, int tier, struct evaluator *e,
                          const struct column *const *columns, int64_t first, int n,
                          struct verdicts *v, uint8_t *found, struct err *err) {
    uint8_t skip[BLOCK], truth[BLOCK], stop[BLOCK];
    const struct rule *keep = &m->scheme->class[tier].keep;
    if (!rule_given(keep))
        return DONE;
    for (int i = 0; i < n; i++)
        skip[i] = found[i] < FOUND_FAILED || v->before[i].tenure.tier != tier;
    if (!memchr(skip, 0, (size_t)n))
        return DONE;
    const struct rule_rows rows = {columns, first, n, skip};
    TRY(rule_condition(keep, e, &rows, truth, stop, err));
    for (int i = 0; i < n; i++) {
        if (skip[i])
            continue;
        v->fault[i] |= stop[i] == STOP_FAULT;
        v->undecided[i] |= stop[i] == STOP_MISSING;
        found[i] = truth[i] ? FOUND_PASSED : stop[i] == STOP_MISSING ? FOUND_UNKNOWN : FOUND_FAILED;
    }
    return DONE;
}

// ---- what becomes of it ------------------------------------------------------------------------

static void set_day(struct column *c, int64_t row, int32_t day) {
    if (day == NO_DAY)
        column_set_missing(c, row);
    else
        column_set_date(c, row, day);
}

static void set_state(const struct remembered *m, int64_t row, int32_t state,
                      const struct tenure *t, int32_t until) {
    column_set_code(m->state, row, state);
    set_day(m->until, row, until);
    set_day(m->entered, row, t->since);
    set_day(m->reviewed, row, t->reviewed);
}

static void forget(const struct remembered *m, int64_t row) {
    static const struct tenure none = {-1, NO_DAY, NO_DAY};
    set_state(m, row, STATE_NEW, &none, NO_DAY);
    column_set_missing(m->state, row);
}

// The next review, if one lies ahead.
static int32_t next_review(const struct memory *m, const struct tenure *t, int32_t today) {
    if (today == NO_DAY || t->since == NO_DAY || m->fall == FALL_NEVER)
        return NO_DAY;
    int32_t due = past_due(m, t, today);
    return due > today ? due : NO_DAY;
}

// Into a tier, or out of all.
static void enter(const struct remembered *m, int64_t row, enum tier_state state, int32_t tier,
                  int32_t today, int32_t *code) {
    struct tenure t = {tier, tier < m->scheme->n ? today : NO_DAY, NO_DAY};
    *code = tier;
    if (tier < m->scheme->n || state == STATE_FELL)
        set_state(m, row, state, &t, next_review(&m->scheme->memory, &t, today));
}

static void settle(const struct remembered *r, int64_t row, const struct before *b, uint8_t found,
                   int32_t *code) {
    const struct memory *m = &r->scheme->memory;
    struct tenure t = b->tenure;
    if (t.tier < 0 || *code < t.tier) {
        enter(r, row, t.tier < 0 ? STATE_NEW : STATE_ENTERED, *code, b->today, code);
        return;
    }
    int32_t due = found ? past_due(m, &t, b->today) : NO_DAY;
    int32_t grace = found == FOUND_FAILED ? past_grace(m, due) : NO_DAY;
    if (found == FOUND_FAILED && b->today > grace) {
        enter(r, row, STATE_FELL, m->fall == FALL_ONE_TIER ? t.tier + 1 : *code, b->today, code);
        return;
    }
    *code = t.tier;
    if (found == FOUND_PASSED)
        t.reviewed = past_passed(m, due, b->today);
    if (found == FOUND_FAILED)
        set_state(r, row, STATE_GRACE, &t, grace);
    else
        set_state(r, row, STATE_KEPT, &t, next_review(m, &t, b->today));
}

enum status memory_settle(const struct remembered *m, struct evaluator *e,
                          const struct column *const *columns, int64_t first, int n,
                          struct verdicts *v, struct err *err) {
    uint8_t found[BLOCK];
    for (int i = 0; i < n; i++) {
        found[i] = found_by_when(m, v, i);
        forget(m, first + i);
    }
    for (int tier = 0; tier < m->scheme->n; tier++)
        TRY(review(m, tier, e, columns, first, n, v, found, err));
    for (int i = 0; i < n; i++)
        if (v->fault[i])
            v->code[i] = m->scheme->n;
        else
            settle(m, first + i, &v->before[i], found[i], &v->code[i]);
    return DONE;
}

// ---- its columns -------------------------------------------------------------------------------

enum status memory_open(struct arena *a, const struct decisions *d, const struct scheme *s,
                        struct remembered *out, struct err *err) {
    int64_t n = d->data->customers;
    *out = (struct remembered){.scheme = s};
    TRY(past_open(a, d, s, &out->past, err));
    out->state = column_new(a, STR("state"), TYPE_LABEL, n);
    out->state->dict = s->states;
    out->until = column_new(a, STR("until"), TYPE_DATE, n);
    out->entered = column_new(a, STR("entered"), TYPE_DATE, n);
    out->reviewed = column_new(a, STR("reviewed"), TYPE_DATE, n);
    out->before = arena_array(a, (size_t)n, sizeof *out->before);
    out->odd = arena_alloc(a, (size_t)n);
    return DONE;
}

void memory_close(const struct remembered *m, struct standing *out) {
    struct column *const list[] = {m->state, m->until, m->entered, m->reviewed};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        column_finish(list[i]);
    out->state = m->state;
    out->until = m->until;
    out->entered = m->entered;
    out->reviewed = m->reviewed;
    out->before = m->before;
    for (int64_t i = 0; i < m->state->n; i++) {
        out->strange += m->odd[i] == 1;
        out->later += m->odd[i] == 2;
    }
}
