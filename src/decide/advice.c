// Several rules can have the effect that is asked for: the tier stays by `keep` and by `when`, and
// any tier above is a rise. The least value of a column that fulfils one of them is the answer, and
// it is the answer only if it is known of each of them: one step less changes nothing then.
#include "decide/advice.h"

#include <math.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "metric/block.h"

// One question about a customer: which rules would do, and what for.
struct question {
    const struct decisions *d;
    int64_t customer;
    const struct column *const *columns;
    const struct scheme *scheme;
    bool keeps;
    int tier; // that is kept, or above which a tier is asked for
    int rules;
    const struct rule **rule;
    int32_t *gives; // by rule: the tier
    bool closed;    // a function is among them, of which nothing is known
};

struct list {
    struct arena *arena;
    struct advice *p;
    int n, size;
};

static void list_add(struct list *l, struct advice x) {
    l->p = arena_more(l->arena, l->p, l->n, &l->size, sizeof *l->p);
    l->p[l->n++] = x;
}

// Nobody can change what is the same for everybody, or what the policy decides.
static bool is_theirs(const struct policy *p, struct str name) {
    if (str_is(name, "today") || scheme_find_column(p, name, NULL))
        return false;
    for (int i = 0; i < p->metrics; i++)
        if (str_eq(p->metric[i].name, name) && p->metric[i].line.kind)
            return false;
    return true;
}

static bool can_change(const struct question *q, int slot) {
    const struct column *c = q->columns[slot];
    bool numeric = c->type != TYPE_LABEL && c->type != TYPE_TEXT;
    return numeric && column_has(c, q->customer) &&
           is_theirs(q->d->policy, board_slot_name(q->d->board, slot));
}

static double distance(const struct column *c, int64_t row, const struct value *v) {
    double to = v->tag == VALUE_BOOLEAN   ? v->boolean
                : v->tag == VALUE_INTEGER ? (double)v->integer
                                          : v->number;
    return fabs(to - column_double(c, row));
}

// What a column can do, by all rules that read it.
static struct advice ask(const struct question *q, int slot, struct arena *a) {
    const struct column *c = q->columns[slot];
    struct advice x = {.keeps = q->keeps, .column = c, .solution = {.kind = SOLVE_NEVER}};
    for (int i = 0; i < q->rules; i++) {
        struct solution s = expr_solve(q->rule[i]->expr, q->columns, q->customer, slot, a);
        if (s.kind == SOLVE_NEVER || x.solution.kind == SOLVE_MIXED)
            continue;
        bool nearer =
            s.kind == SOLVE_MIXED || x.solution.kind == SOLVE_NEVER ||
            distance(c, q->customer, &s.value) < distance(c, q->customer, &x.solution.value);
        if (nearer) {
            x.solution = s;
            x.tier = q->gives[i];
        }
    }
    return x;
}

static bool asked_before(const struct question *q, int rule, int slot) {
    const int *slots;
    for (int i = 0; i < rule; i++)
        for (int k = expr_slots(q->rule[i]->expr, &slots); k-- > 0;)
            if (slots[k] == slot)
                return true;
    return false;
}

static void answer(const struct question *q, struct list *l) {
    const struct column *until =
        q->keeps ? q->d->standing[q->scheme - q->d->policy->scheme].until : NULL;
    const int *slots;
    for (int i = 0; i < q->rules; i++)
        for (int k = 0, n = expr_slots(q->rule[i]->expr, &slots); k < n; k++) {
            if (asked_before(q, i, slots[k]) || !can_change(q, slots[k]))
                continue;
            struct advice x = ask(q, slots[k], l->arena);
            x.has_by = until && column_has(until, q->customer);
            x.by = x.has_by ? until->date[q->customer] : 0;
            if (x.solution.kind != SOLVE_NEVER)
                list_add(l, x);
        }
}

// ---- the questions ------------------------------------------------------------------------------

// Adds the rule; *out is what it comes to now.
static enum status add_rule(struct question *q, const struct rule *rule, int32_t gives,
                            struct arena *a, struct outcome *out, struct err *err) {
    const int *slots;
    q->closed |= !rule->expr;
    if (!rule->expr)
        return DONE;
    int n = expr_slots(rule->expr, &slots);
    TRY(board_columns(q->d->board, slots, n, &q->columns, err));
    *out = expr_row(rule->expr, q->columns, q->customer, a);
    q->rule[q->rules] = rule;
    q->gives[q->rules++] = gives;
    return DONE;
}

static struct question question(struct arena *a, const struct decisions *d, const struct scheme *s,
                                int64_t customer, bool keeps) {
    struct question q = {.d = d, .customer = customer, .scheme = s, .keeps = keeps};
    q.rule = arena_array(a, (size_t)s->n + 2, sizeof *q.rule);
    q.gives = arena_array(a, (size_t)s->n + 2, sizeof *q.gives);
    return q;
}

static bool holds(const struct outcome *o) {
    return o->kind == OUTCOME_VALUE && o->value.boolean;
}

// Nothing is asked where the tier is earned, or stays because a value is missing.
static enum status ask_keeping(const struct decisions *d, const struct scheme *s, int64_t customer,
                               int32_t tier, struct list *l, struct err *err) {
    const struct class *class = &s->class[tier];
    struct question q = question(l->arena, d, s, customer, true);
    struct outcome keep = {.kind = OUTCOME_FAULT}, when = keep;
    if (!rule_given(&class->when))
        return DONE;
    if (rule_given(&class->keep))
        TRY(add_rule(&q, &class->keep, tier, l->arena, &keep, err));
    TRY(add_rule(&q, &class->when, tier, l->arena, &when, err));
    const struct outcome *decides = rule_given(&class->keep) ? &keep : &when;
    if (!q.closed && !holds(&when) && !holds(&keep) && decides->kind != OUTCOME_MISSING)
        answer(&q, l);
    return DONE;
}

// No tier above holds, or it would be the customer's.
static enum status ask_raising(const struct decisions *d, const struct scheme *s, int64_t customer,
                               int32_t tier, struct list *l, struct err *err) {
    struct question q = question(l->arena, d, s, customer, false);
    struct outcome now;
    for (int32_t above = 0; above < tier; above++)
        TRY(add_rule(&q, &s->class[above].when, above, l->arena, &now, err));
    if (!q.closed)
        answer(&q, l);
    return DONE;
}

enum status advice_find(struct arena *a, const struct decisions *d, int scheme, int64_t customer,
                        const struct advice **out, int *n, struct err *err) {
    const struct scheme *s = &d->policy->scheme[scheme];
    const struct standing *t = &d->standing[scheme];
    struct list l = {.arena = a};
    bool has = column_has(t->class, customer);
    if (s->kind == SCHEME_TIERS && !t->fault[customer]) {
        if (has && t->state && s->memory.fall != FALL_NEVER)
            TRY(ask_keeping(d, s, customer, t->class->code[customer], &l, err));
        TRY(ask_raising(d, s, customer, has ? t->class->code[customer] : s->n, &l, err));
    }
    *out = l.p;
    *n = l.n;
    return DONE;
}

// ---- in words -----------------------------------------------------------------------------------

static void print_more(const struct advice *x, int64_t customer, struct buf *out) {
    const struct column *c = x->column;
    const struct value *to = &x->solution.value;
    const char *more = x->solution.rising ? "more" : "less";
    char number[NUMBER_MAX];
    int64_t minor;
    switch (c->type) {
    case TYPE_INTEGER:
        buf_put(out, number,
                (size_t)number_print_integer(llabs(to->integer - c->integer[customer]), number));
        buf_printf(out, " %s %.*s", more, (int)c->name.n, c->name.p);
        break;
    case TYPE_MONEY:
        money_round(to->number, c->decimals, &minor);
        buf_put(out, number,
                (size_t)money_print(llabs(minor - c->integer[customer]), c->decimals, number));
        buf_printf(out, " %s %.*s", more, (int)c->name.n, c->name.p);
        break;
    case TYPE_FLAG:
        buf_printf(out, "%.*s = %s", (int)c->name.n, c->name.p, to->boolean ? "true" : "false");
        break;
    default:
        buf_printf(out, "%.*s = ", (int)c->name.n, c->name.p);
        value_print(to, c->type, out);
        if (c->type == TYPE_DATE)
            more = x->solution.rising ? "later" : "earlier";
        buf_printf(out, " or %s", more);
    }
}

void advice_print(const struct decisions *d, int scheme, int64_t customer, const struct advice *x,
                  struct buf *out) {
    struct str tier = d->policy->scheme[scheme].class[x->tier].name;
    char day[10];
    if (x->solution.kind == SOLVE_MIXED) {
        buf_printf(out, "%.*s: the rule is not monotone in it, so no number %s %.*s",
                   (int)x->column->name.n, x->column->name.p, x->keeps ? "keeps" : "raises to",
                   (int)tier.n, tier.p);
        return;
    }
    print_more(x, customer, out);
    if (x->has_by) {
        date_print(x->by, day);
        buf_printf(out, " by %.10s", day);
    }
    buf_printf(out, " %s %.*s", x->keeps ? "keeps" : "raises to", (int)tier.n, tier.p);
}

// ---- of everybody -------------------------------------------------------------------------------

struct writing {
    const struct decisions *d;
    int scheme;
    struct buf *block; // the texts of a block of customers, one after the other
    int64_t *length;   // [customer]
};

// The advice of one customer, all of it but what is not monotone.
static enum status write_one(const struct writing *w, int64_t customer, struct buf *out,
                             struct err *err) {
    struct arena *own = arena_child(out->arena);
    const struct advice *list;
    size_t before = out->n;
    int n;
    TRY(advice_find(own, w->d, w->scheme, customer, &list, &n, err));
    for (int i = 0; i < n; i++) {
        if (list[i].solution.kind == SOLVE_MIXED)
            continue;
        buf_z(out, out->n > before ? "; " : "");
        advice_print(w->d, w->scheme, customer, &list[i], out);
    }
    arena_free(own);
    w->length[customer] = (int64_t)(out->n - before);
    return DONE;
}

static enum status write_block(const struct block *b, struct err *err) {
    const struct writing *w = b->arg;
    for (int64_t i = b->first; i < b->first + b->n; i++)
        TRY(write_one(w, i, &w->block[b->index], err));
    return DONE;
}

static const struct column *join_blocks(struct arena *a, const struct writing *w, struct str name,
                                        int64_t customers) {
    struct column *c = column_new(a, name, TYPE_TEXT, customers);
    struct buf bytes = {.arena = a};
    size_t at = 0;
    for (int64_t i = 0; i < customers; i++) {
        struct buf *block = &w->block[i / BLOCK];
        at = i % BLOCK ? at : 0;
        column_set_text(c, i, (struct str){block->p + at, (size_t)w->length[i]}, &bytes);
        if (w->length[i] == 0)
            column_set_missing(c, i);
        at += (size_t)w->length[i];
    }
    column_finish(c);
    return c;
}

enum status advice_column(struct arena *a, const struct host *host, const struct decisions *d,
                          int scheme, const struct column **out, struct err *err) {
    const struct scheme *s = &d->policy->scheme[scheme];
    struct str name = str_of(arena_printf(a, "%.*s_advice", (int)s->name.n, s->name.p));
    if (scheme_find_column(d->policy, name, NULL))
        return err_at(err, REFUSED, s->at,
                      "the policy has a column %.*s of its own, which is where advice would stand: "
                      "give that detail another name",
                      (int)name.n, name.p);
    int64_t customers = d->data->customers;
    size_t blocks = block_count(customers);
    struct arena *own = arena_child(a);
    struct writing w = {.d = d, .scheme = scheme};
    w.block = arena_array(own, blocks, sizeof *w.block);
    w.length = arena_array(own, (size_t)customers, sizeof *w.length);
    for (size_t i = 0; i < blocks; i++)
        w.block[i].arena = arena_child(own);
    TRY(block_run(host, customers, write_block, &w, err));
    *out = join_blocks(a, &w, name, customers);
    arena_free(own);
    return DONE;
}
