// A customer is made of one value for each column, out of what its set has left: a round number, a
// label. Where something computed does not come to lie where it should, one column that it reads is
// moved, out in doubling steps and back by halves, as long as that leaves fewer of them wrong. The
// conditions themselves are evaluated at the end, by the evaluator of rows.
#include <math.h>

#include "base/date.h"
#include "base/money.h"
#include "expr/claim.h"

enum { ROUNDS = 24, PARTS = 4, OPTIONS = 40 };

struct option {
    int64_t place;
    bool missing;
};

struct trial {
    struct prover *s;
    int columns;
    int *column;          // the variables of all columns that the conditions read, at any remove
    struct option *value; // by variable
    const int *narrowed;
    int n;
};

// ---- what is computed -------------------------------------------------------------------------

static bool place_of_value(struct prover *s, struct variable *v, const struct value *x,
                           int64_t *out) {
    switch (v->type) {
    case TYPE_FLAG: *out = x->boolean; return true;
    case TYPE_LABEL:
    case TYPE_TEXT: *out = variable_code(s, v, x->string); return *out >= 0;
    case TYPE_NUMBER: *out = grid_of_double(value_float(x)); return isfinite(value_float(x));
    case TYPE_MONEY: return money_round(value_float(x), v->decimals, out);
    default: *out = x->tag == VALUE_INTEGER ? x->integer : 0;
    }
    return v->type != TYPE_DATE || (*out >= DATE_MIN && *out <= DATE_MAX);
}

// What a column comes to that is computed from others.
static struct option computed(struct prover *s, struct variable *v) {
    struct row r = variable_row(s);
    struct option o = {0, true};
    struct value x;
    if (v->known.value) {
        o.missing = !row_eval(v->known.value->root, &r, &x) || !place_of_value(s, v, &x, &o.place);
        return o;
    }
    for (int i = 0; i < v->known.classes; i++) {
        bool there = !v->known.class[i] || row_eval(v->known.class[i] -> root, &r, &x);
        if (there && (!v->known.class[i] || x.boolean))
            return (struct option){i, false};
        if (!there && r.stop.kind == OUTCOME_FAULT)
            break;
    }
    return o;
}

// Columns stand behind those that they are computed from.
static void compute(struct trial *t) {
    for (int i = 0; i < t->columns; i++) {
        struct variable *v = t->s->variable[t->column[i]];
        if (v->derived)
            t->value[t->column[i]] = computed(t->s, v);
        variable_try(t->s, t->column[i], t->value[t->column[i]].place,
                     t->value[t->column[i]].missing);
    }
}

static bool lies_in(struct set in, int64_t place) {
    for (int i = 0; i < in.n; i++)
        if (place >= in.part[i].low && place <= in.part[i].high)
            return true;
    return false;
}

// Where a variable lies: 0 in its set, -1 below all of it, 1 elsewhere; or missing where it may not
// be (or no number, likewise).
static int side_of(struct set in, int64_t place) {
    return lies_in(in, place) ? 0 : in.n > 0 && place < in.part[0].low ? -1 : 1;
}

static int term_side(const struct variable *v, struct set in, const struct value *x) {
    if (v->kind == VARIABLE_OPAQUE)
        return side_of(in, x->boolean);
    if (v->type == TYPE_INTEGER)
        return side_of(in, x->integer);
    return isnan(x->number) ? !in.nan : side_of(in, grid_of_double(x->number));
}

static int relation_side(struct set in, const struct value *x, const struct value *y) {
    if (x->tag == VALUE_STRING || x->tag == VALUE_BOOLEAN)
        return side_of(in, value_compare(OP_EQ, x, y));
    if (value_compare(OP_LT, x, y))
        return side_of(in, 0);
    if (value_compare(OP_EQ, x, y))
        return side_of(in, 1);
    return value_compare(OP_GT, x, y) ? side_of(in, 2) : !in.nan;
}

static int side(struct trial *t, int variable) {
    const struct variable *v = t->s->variable[variable];
    struct set in = t->s->in[variable];
    struct row r = variable_row(t->s);
    struct value x, y = {0};
    if (v->kind == VARIABLE_COLUMN) {
        struct option o = t->value[variable];
        return o.missing ? !in.missing : side_of(in, o.place);
    }
    if (!row_eval(v->node, &r, &x) || (v->other && !row_eval(v->other, &r, &y)))
        return r.stop.kind != OUTCOME_MISSING || !in.missing;
    return v->kind == VARIABLE_RELATION ? relation_side(in, &x, &y) : term_side(v, in, &x);
}

static int misfits(struct trial *t, int *first) {
    int n = 0;
    compute(t);
    for (int i = 0; i < t->n; i++)
        if (side(t, t->narrowed[i]) != 0 && n++ == 0)
            *first = t->narrowed[i];
    return n;
}

// ---- values to try ----------------------------------------------------------------------------

static bool place_near(const struct variable *v, double x, int64_t *out) {
    if (v->type == TYPE_MONEY)
        return money_round(x, v->decimals, out);
    *out = v->type == TYPE_NUMBER ? grid_of_double(x) : (int64_t)x;
    return fabs(x) < 0x1p53;
}

// The roundest place between two: 0, or the lower end with as few digits as can be.
static int64_t roundest(const struct variable *v, struct stretch part) {
    bool numeric = v->type == TYPE_INTEGER || v->type == TYPE_NUMBER || v->type == TYPE_MONEY;
    int64_t at;
    if (!numeric)
        return part.low == DATE_MIN && part.high == DATE_MAX ? 0 : part.low;
    if (part.low <= 0 && part.high >= 0)
        return 0;
    struct value v_low = grid_value(&v->grid, part.low);
    struct value v_high = grid_value(&v->grid, part.high);
    double near = part.low > 0 ? value_float(&v_low) : value_float(&v_high);
    for (double unit = 1; unit < 1e7 && part.low != part.high; unit *= 10) {
        double x = (part.low > 0 ? ceil(near * unit) : floor(near * unit)) / unit;
        if (place_near(v, x, &at) && at >= part.low && at <= part.high)
            return at;
    }
    return part.low > 0 ? part.low : part.high;
}

// The first is where to begin: in a second and third try not at 0, where much is no number.
static int list_options(const struct prover *s, int variable, int try, struct option *out) {
    const struct variable *v = s->variable[variable];
    struct set in = s->in[variable];
    int64_t at;
    int n = 0;
    if (try > 0 && type_numeric(v->type) && place_near(v, try == 1 ? 1 : 1000, &at) &&
        lies_in(in, at))
        out[n++] = (struct option){at, false};
    for (int i = 0; i < in.n && i < PARTS; i++)
        out[n++] = (struct option){roundest(v, in.part[i]), false};
    if (in.missing)
        out[n++] = (struct option){0, true};
    for (int i = 0; i < in.n && i < PARTS; i++) {
        out[n++] = (struct option){in.part[i].low, false};
        out[n++] = (struct option){in.part[i].high, false};
    }
    for (int i = 0; i < v->labels && n < OPTIONS; i++)
        if (lies_in(in, i))
            out[n++] = (struct option){i, false};
    return n;
}

// ---- moving one column ------------------------------------------------------------------------

static int side_with(struct trial *t, int column, int64_t place, int misfit) {
    t->value[column] = (struct option){place, false};
    compute(t);
    return side(t, misfit);
}

struct walk {
    struct trial *trial;
    int column, misfit, from; // from: the side on which the misfit was
};

static bool has_changed(void *ctx, int64_t at) {
    struct walk *w = ctx;
    return side_with(w->trial, w->column, at, w->misfit) != w->from;
}

// Goes out from where the column is, up or down, until the misfit changes sides; and back by halves
// to the first place where it has.
static bool walk(struct trial *t, int column, bool up, int misfit, struct option *out) {
    struct set in = t->s->in[column];
    int64_t near = t->value[column].place;
    if (in.n == 0 || t->value[column].missing)
        return false;
    struct grid range = {.least = in.part[0].low, .most = in.part[in.n - 1].high};
    struct walk w = {t, column, misfit, side_with(t, column, near, misfit)};
    int64_t far = grid_step(&range, near, 1, up);
    for (uint64_t step = 2; far != near && !has_changed(&w, far); step *= 2) {
        near = far;
        far = grid_step(&range, near, step, up);
    }
    if (far == near)
        return false;
    *out = (struct option){grid_halve(near, far, has_changed, &w), false};
    return lies_in(in, out->place);
}

// Moves the column to the value that leaves the fewest misfits; false if none leaves fewer.
static bool move(struct trial *t, int column, int misfit, int before) {
    struct option list[OPTIONS + 2], was = t->value[column], best = was;
    int n = list_options(t->s, column, 1, list), least = before, first;
    if (t->s->variable[column]->kind == VARIABLE_COLUMN &&
        t->s->variable[column]->type <= TYPE_DATE) {
        n += walk(t, column, true, misfit, &list[n]);
        t->value[column] = was;
        n += walk(t, column, false, misfit, &list[n]);
    }
    for (int i = 0; i < n; i++) {
        t->value[column] = list[i];
        int now = misfits(t, &first);
        if (now < least) {
            least = now;
            best = list[i];
        }
    }
    t->value[column] = best;
    return least < before;
}

static bool reads(const struct prover *s, int variable, int column) {
    const struct variable *v = s->variable[variable];
    for (int i = 0; i < v->n; i++)
        if (v->reads[i] == column || reads(s, v->reads[i], column))
            return true;
    return false;
}

static bool mend(struct trial *t) {
    for (int round = 0; round < ROUNDS; round++) {
        int misfit = -1, wrong = misfits(t, &misfit);
        bool moved = false;
        if (wrong == 0)
            return true;
        for (int i = 0; i < t->columns && !moved; i++)
            if (!t->s->variable[t->column[i]]->derived && reads(t->s, misfit, t->column[i]))
                moved = move(t, t->column[i], misfit, wrong);
        if (!moved)
            return false;
    }
    return false;
}

// ---- the customer -----------------------------------------------------------------------------

static void add_column(struct trial *t, int variable) {
    const struct variable *v = t->s->variable[variable];
    for (int i = 0; i < t->columns; i++)
        if (t->column[i] == variable)
            return;
    for (int i = 0; i < v->n; i++)
        add_column(t, v->reads[i]);
    t->column[t->columns++] = variable;
}

static void begin(struct trial *t, int try) {
    struct option list[OPTIONS + 2];
    for (int i = 0; i < t->columns; i++)
        if (list_options(t->s, t->column[i], try, list) > 0)
            t->value[t->column[i]] = list[0];
}

static bool confirmed(struct trial *t, const struct asked *asked, int n) {
    for (int i = 0; i < n; i++) {
        struct outcome o = expr_row(asked[i].expr, t->s->column, 0, t->s->arena);
        unsigned is = o.kind == OUTCOME_MISSING ? LACKS
                      : o.kind == OUTCOME_FAULT ? 0
                      : o.value.boolean         ? HOLDS
                                                : FAILS;
        if (!(is & asked[i].outcomes))
            return false;
    }
    return true;
}

static void hand_over(struct trial *t, struct arena *a, struct answer *out) {
    const struct column **list = arena_array(a, (size_t)t->columns, sizeof *list);
    out->columns = 0;
    out->column = list;
    for (int i = 0; i < t->columns; i++) {
        const struct variable *v = t->s->variable[t->column[i]];
        if (v->derived)
            continue;
        struct column *c = variable_blank(a, v);
        variable_write(t->s, t->column[i], c, t->value[t->column[i]].place,
                       t->value[t->column[i]].missing);
        list[out->columns++] = c;
    }
}

bool witness_find(struct prover *s, struct arena *a, const int *narrowed, int n,
                  const struct asked *asked, int conditions, struct answer *out) {
    struct trial t = {.s = s, .narrowed = narrowed, .n = n};
    struct arena *own = arena_child(s->arena);
    t.column = arena_array(own, (size_t)s->n, sizeof *t.column);
    t.value = arena_array(own, (size_t)s->n, sizeof *t.value);
    for (int i = 0; i < conditions; i++) {
        const int *slots;
        int k = expr_slots(asked[i].expr, &slots);
        for (int j = 0; j < k; j++)
            if (slots[j] < s->slots && s->of_slot[slots[j]] >= 0)
                add_column(&t, s->of_slot[slots[j]]);
    }
    bool found = false;
    for (int try = 0; try < 3 && !found; try++) {
        begin(&t, try);
        found = mend(&t) && confirmed(&t, asked, conditions);
    }
    if (found)
        hand_over(&t, a, out);
    arena_free(own);
    return found;
}
