// A leaf that reads one column is an exact set of that column's values: labels and flags are tried
// one by one; a side that moves one way with the column is searched for the place where the
// comparison flips, which meets every rounding. A leaf over several columns, or one that no search
// can read, is a variable of its own, so that the same leaf elsewhere is the same variable.
#include "expr/claim.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "expr/apply.h"
#include "expr/function.h"
#include "expr/kind.h"

enum { TRIED = 512, MENTIONED = 1 << 20 }; // labels that are tried; codes of open labels

#define WHOLE ((int64_t)1 << 53) // whole numbers of columns stay within it

// ---- nodes ------------------------------------------------------------------------------------

static bool same_value(const struct value *x, const struct value *y) {
    if (x->tag != y->tag)
        return false;
    return x->tag == VALUE_STRING ? str_eq(x->string, y->string) : x->integer == y->integer;
}

static bool same(const struct node *x, const struct node *y) {
    if (x == y)
        return true;
    if (x->constant || y->constant)
        return x->constant && y->constant && x->kind.shape == y->kind.shape &&
               same_value(&x->value, &y->value);
    if (x->op != y->op || x->slot != y->slot || x->function != y->function || x->n != y->n)
        return false;
    for (int i = 0; i < x->n; i++)
        if (!same(x->arg[i], y->arg[i]))
            return false;
    return true;
}

// Whether it is missing exactly when a column that it reads is.
static bool strict(const struct node *n) {
    if (n->op == OP_HAS || n->op == OP_DEFAULT || n->op == OP_AND || n->op == OP_OR)
        return false;
    for (int i = 0; i < n->n; i++)
        if (!n->constant && !strict(n->arg[i]))
            return false;
    return true;
}

// Whether evaluating it cannot fault.
static bool safe(const struct node *n) {
    if (n->constant)
        return true;
    if (n->op == OP_CALL && n->function->apply != apply_abs &&
        n->function->apply != apply_starts_with && n->function->apply != apply_ends_with &&
        n->function->apply != apply_contains)
        return false;
    if ((n->op == OP_FLOOR_DIVIDE || n->op == OP_MODULO) && n->kind.shape != SHAPE_FLOAT)
        return false;
    for (int i = 0; i < n->n; i++)
        if (!safe(n->arg[i]))
            return false;
    return true;
}

// ---- variables --------------------------------------------------------------------------------

static int add_variable(struct prover *s, struct variable v) {
    int size = s->size; // of both lists
    s->variable = arena_more(s->arena, s->variable, s->n, &size, sizeof *s->variable);
    s->in = arena_more(s->arena, s->in, s->n, &s->size, sizeof *s->in);
    s->variable[s->n] = arena_alloc(s->arena, sizeof v);
    *s->variable[s->n] = v;
    s->in[s->n] = v.all;
    return s->n++;
}

static void add_read(struct prover *s, struct variable *v, int column) {
    for (int i = 0; i < v->n; i++)
        if (v->reads[i] == column)
            return;
    v->reads = arena_resize(s->arena, v->reads, (size_t)v->n * sizeof column,
                            ((size_t)v->n + 1) * sizeof column);
    v->reads[v->n++] = column;
}

static void add_reads(struct prover *s, struct variable *v, const struct node *n) {
    if (is_column(n))
        add_read(s, v, claim_column(s, n));
    for (int i = 0; i < n->n; i++)
        add_reads(s, v, n->arg[i]);
}

// The place of a number that bounds a column from below or, turned, from above.
static int64_t place_of(const struct variable *v, double bound, bool below) {
    int64_t least = v->grid.least, most = v->grid.most, at;
    if (v->type == TYPE_INTEGER) {
        least = -WHOLE;
        most = WHOLE;
    }
    if (isinf(bound))
        return bound < 0 ? least : most;
    if (v->type == TYPE_NUMBER)
        return grid_of_double(bound);
    if (v->type == TYPE_MONEY && money_round(bound, v->decimals, &at))
        return at;
    bound = below ? ceil(bound) : floor(bound);
    return bound <= (double)least ? least : bound >= (double)most ? most : (int64_t)bound;
}

static struct set universe(struct prover *s, const struct variable *v) {
    const struct dict *labels = v->node->kind.labels;
    struct set all;
    if (v->type == TYPE_FLAG)
        all = set_stretch(s->arena, 0, 1);
    else if (v->type == TYPE_LABEL || v->type == TYPE_TEXT)
        all = set_stretch(s->arena, 0, labels ? labels->n - 1 : MENTIONED);
    else
        all = set_stretch(s->arena, place_of(v, v->known.least, true),
                          place_of(v, v->known.most, false));
    all.missing = !v->known.present;
    return all;
}

static void reserve_slot(struct prover *s, int slot) {
    if (slot < s->slots)
        return;
    int slots = slot + 64;
    s->of_slot = arena_resize(s->arena, s->of_slot, (size_t)s->slots * sizeof *s->of_slot,
                              (size_t)slots * sizeof *s->of_slot);
    s->column = arena_resize(s->arena, s->column, (size_t)s->slots * sizeof *s->column,
                             (size_t)slots * sizeof *s->column);
    for (int i = s->slots; i < slots; i++) {
        s->of_slot[i] = -1;
        s->column[i] = NULL;
    }
    s->slots = slots;
}

struct column *claim_blank(struct arena *a, const struct variable *v) {
    enum type type =
        v->type == TYPE_TEXT ? TYPE_LABEL : v->type; // its values are written as labels
    struct column *c = column_new(a, v->node->name, type, 1);
    c->decimals = v->decimals;
    return c;
}

int claim_column(struct prover *s, const struct node *name) {
    reserve_slot(s, name->slot);
    if (s->of_slot[name->slot] >= 0)
        return s->of_slot[name->slot];
    struct variable v = {VARIABLE_COLUMN, .slot = name->slot, .node = name, .type = name->type};
    v.known = (struct known){.least = -INFINITY, .most = INFINITY};
    s->know(s->ctx, name->slot, &v.known);
    v.decimals = v.known.decimals;
    v.derived = v.known.value || v.known.classes;
    v.strict = v.known.value && strict(v.known.value->root);
    struct column *c = claim_blank(s->arena, &v);
    v.grid = grid_of(c);
    v.all = universe(s, &v);
    int at = add_variable(s, v);
    s->of_slot[name->slot] = at;
    s->column[name->slot] = c;
    if (v.known.value)
        add_reads(s, s->variable[at], v.known.value->root);
    for (int i = 0; i < v.known.classes; i++)
        if (v.known.class[i])
            add_reads(s, s->variable[at], v.known.class[i] -> root);
    return at;
}

// The code of a label; of a column without a closed set it is given one.
int64_t claim_code(struct prover *s, struct variable *v, struct str label) {
    if (v->node->kind.labels)
        return dict_find(v->node->kind.labels, label);
    for (int i = 0; i < v->labels; i++)
        if (str_eq(v->label[i], label))
            return i;
    v->label = arena_resize(s->arena, v->label, (size_t)v->labels * sizeof label,
                            ((size_t)v->labels + 1) * sizeof label);
    v->label[v->labels] = label;
    return v->labels++;
}

void claim_write(struct prover *s, int variable, struct column *c, int64_t place, bool missing) {
    const struct variable *v = s->variable[variable];
    column_set_missing(c, 0);
    if (missing)
        return;
    switch (v->type) {
    case TYPE_NUMBER: column_set_number(c, 0, grid_value(&v->grid, place).number); break;
    case TYPE_DATE: column_set_date(c, 0, (int32_t)place); break;
    case TYPE_FLAG: column_set_flag(c, 0, place != 0); break;
    case TYPE_LABEL:
    case TYPE_TEXT:
        c->dict = v->node->kind.labels;
        if (!c->dict) {
            struct str label = place < v->labels ? v->label[place] : STR("another");
            c->dict = dict_new(s->arena, &label, 1, false);
            place = 0;
        }
        column_set_code(c, 0, (int32_t)place);
        break;
    default: column_set_integer(c, 0, place); break;
    }
}

void claim_try(struct prover *s, int variable, int64_t place, bool missing) {
    int slot = s->variable[variable]->slot;
    claim_write(s, variable, (struct column *)s->column[slot], place, missing);
}

static struct row row_of(struct prover *s) {
    return (struct row){.columns = s->column, .arena = s->arena, .given_slot = -1};
}

// What a condition comes to with the values that are tried; 0: it faults.
static unsigned outcome(struct prover *s, const struct node *n) {
    struct row r = row_of(s);
    struct value v;
    if (row_eval(n, &r, &v))
        return v.boolean ? HOLDS : FAILS;
    return r.stop.kind == OUTCOME_MISSING ? LACKS : 0;
}

// ---- leaves over one column -------------------------------------------------------------------

// Every value is tried.
static bool by_trial(struct prover *s, const struct node *n, struct claim *c) {
    struct set all = s->variable[c->variable]->all;
    int64_t last = all.part[0].high;
    if (last >= TRIED)
        return false;
    for (int64_t code = 0; code <= last; code++) {
        claim_try(s, c->variable, code, false);
        unsigned o = outcome(s, n);
        struct set one = set_stretch(s->arena, code, code);
        if (o == HOLDS)
            c->yes = set_join(s->arena, c->yes, one);
        else if (o != FAILS)
            return false;
    }
    return true;
}

static bool by_label(struct prover *s, const struct node *n, struct claim *c) {
    struct variable *v = s->variable[c->variable];
    bool equality = n->op == OP_EQ || n->op == OP_NE;
    if (equality ? !n->arg[0]->constant && !n->arg[1]->constant
                 : n->op != OP_ONE_OF || !is_column(n->arg[0]))
        return false;
    for (int i = 0; i < n->n; i++) {
        if (!n->arg[i]->constant && !is_column(n->arg[i]))
            return false;
        if (!n->arg[i]->constant)
            continue;
        int64_t code = claim_code(s, v, n->arg[i]->value.string);
        c->yes = set_join(s->arena, c->yes, set_stretch(s->arena, code, code));
    }
    if (n->op == OP_NE)
        c->yes = set_rest(s->arena, c->yes, 0, MENTIONED);
    return true;
}

// Whether `x op y` holds with the column at a place; -1 where it cannot be said.
static int compares(struct prover *s, const struct node *x, const struct node *y, enum op op,
                    int variable, int64_t place) {
    struct row r = row_of(s);
    struct value a, b;
    claim_try(s, variable, place, false);
    if (!row_eval(x, &r, &a) || !row_eval(y, &r, &b))
        return -1;
    return value_compare(op, &a, &b);
}

// The first place from low to high where the comparison is as at `high`, though not at `low`.
static int64_t flip(struct prover *s, const struct node *x, const struct node *y, enum op op,
                    int variable, int64_t low, int64_t high) {
    int at_high = compares(s, x, y, op, variable, high);
    while ((uint64_t)high - (uint64_t)low > 1) {
        int64_t middle = (int64_t)((uint64_t)low + ((uint64_t)high - (uint64_t)low) / 2);
        if (compares(s, x, y, op, variable, middle) == at_high)
            high = middle;
        else
            low = middle;
    }
    return high;
}

// The places where `x op y`, which is monotone in the column, holds.
static bool half(struct prover *s, const struct node *x, const struct node *y, enum op op,
                 int variable, struct set *out) {
    struct set all = s->variable[variable]->all;
    int64_t low = all.part[0].low, high = all.part[all.n - 1].high;
    int at_low = compares(s, x, y, op, variable, low);
    int at_high = compares(s, x, y, op, variable, high);
    if (at_low < 0 || at_high < 0)
        return false;
    *out = (struct set){0};
    if (at_low == at_high) {
        if (at_low)
            *out = set_stretch(s->arena, low, high);
        return true;
    }
    int64_t at = flip(s, x, y, op, variable, low, high);
    *out = at_low ? set_stretch(s->arena, low, at - 1) : set_stretch(s->arena, at, high);
    return true;
}

bool claim_compare(struct prover *s, const struct node *x, const struct node *y, enum op op,
                   int variable, struct set *out) {
    int slot = s->variable[variable]->slot;
    enum course c = course_joined(bound_course(x, slot), course_turned(bound_course(y, slot)));
    struct set all = s->variable[variable]->all, least, more;
    if (all.n == 0 || c == MIXED || !bound_fits(s, x) || !bound_fits(s, y))
        return false;
    if (op != OP_EQ && op != OP_NE)
        return half(s, x, y, op, variable, out);
    if (!half(s, x, y, OP_GE, variable, &least) || !half(s, x, y, OP_GT, variable, &more))
        return false;
    struct set unequal = set_rest(s->arena, least, INT64_MIN, INT64_MAX);
    unequal = set_meet(s->arena, set_join(s->arena, unequal, more), all);
    *out = op == OP_NE ? unequal
                       : set_rest(s->arena, unequal, all.part[0].low, all.part[all.n - 1].high);
    return true;
}

static bool by_search(struct prover *s, const struct node *n, struct claim *c) {
    if (is_comparison(n->op) && kind_numeric(n->arg[0]->kind))
        return claim_compare(s, n->arg[0], n->arg[1], n->op, c->variable, &c->yes);
    if (n->op != OP_ONE_OF || !kind_numeric(n->arg[0]->kind))
        return false;
    for (int i = 1; i < n->n; i++) {
        struct set one;
        if (!claim_compare(s, n->arg[0], n->arg[i], OP_EQ, c->variable, &one))
            return false;
        c->yes = set_join(s->arena, c->yes, one);
    }
    return true;
}

static bool read_column(struct prover *s, const struct node *n, struct claim *c) {
    const struct variable *v = s->variable[c->variable];
    if (v->type == TYPE_FLAG || v->node->kind.labels)
        return by_trial(s, n, c);
    if (v->type == TYPE_LABEL || v->type == TYPE_TEXT)
        return by_label(s, n, c);
    return by_search(s, n, c);
}

static bool one_column(struct prover *s, const struct node *n, struct claim *c) {
    struct variable *v = s->variable[c->variable];
    if (!read_column(s, n, c))
        return false;
    claim_try(s, c->variable, 0, true);
    c->if_missing = outcome(s, n);
    c->no = set_rest(s->arena, c->yes, v->all.part[0].low, v->all.part[v->all.n - 1].high);
    return c->if_missing != 0;
}

// ---- leaves that are variables ----------------------------------------------------------------

static int find_variable(struct prover *s, struct variable v) {
    for (int i = 0; i < s->n; i++) {
        const struct variable *w = s->variable[i];
        if (w->kind == v.kind && same(w->node, v.node) && !v.other == !w->other &&
            (!v.other || same(w->other, v.other)))
            return i;
    }
    int at = add_variable(s, v);
    struct variable *made = s->variable[at];
    add_reads(s, made, v.node);
    if (v.other)
        add_reads(s, made, v.other);
    made->strict = strict(v.node) && (!v.other || strict(v.other));
    return at;
}

static void take(struct prover *s, struct claim *c, struct variable v, struct set yes) {
    c->variable = find_variable(s, v);
    c->yes = yes;
    c->no = set_rest(s->arena, yes, v.all.part[0].low, v.all.part[0].high);
    c->if_missing = LACKS;
}

// The places on the grid of a term from which it compares so with a constant.
static struct set term_set(struct prover *s, const struct variable *v, enum op op,
                           const struct value *with) {
    int64_t ends[2] = {v->all.part[0].low, v->all.part[0].high}, cut[2];
    for (int i = 0; i < 2; i++) { // the first place that is at least it, and the first that is more
        int64_t low = ends[0], high = ends[1];
        struct value x = grid_value(&v->grid, high);
        cut[i] = high;
        if (!value_compare(i ? OP_GT : OP_GE, &x, with))
            return (struct set){0}; // beyond the grid: refused before
        while (low < high) {
            int64_t middle = (int64_t)((uint64_t)low + ((uint64_t)high - (uint64_t)low) / 2);
            x = grid_value(&v->grid, middle);
            if (value_compare(i ? OP_GT : OP_GE, &x, with))
                high = middle;
            else
                low = middle + 1;
        }
        cut[i] = low;
    }
    struct set out = {0};
    switch (op) {
    case OP_LT: return set_stretch(s->arena, ends[0], cut[0] - 1);
    case OP_LE: return set_stretch(s->arena, ends[0], cut[1] - 1);
    case OP_GT: return set_stretch(s->arena, cut[1], ends[1]);
    case OP_GE: return set_stretch(s->arena, cut[0], ends[1]);
    default: out = set_stretch(s->arena, cut[0], cut[1] - 1);
    }
    return op == OP_EQ ? out : set_rest(s->arena, out, ends[0], ends[1]);
}

// `constant op x` as `x op constant`.
static enum op turned(enum op op) {
    switch (op) {
    case OP_LT: return OP_GT;
    case OP_LE: return OP_GE;
    case OP_GT: return OP_LT;
    case OP_GE: return OP_LE;
    default: return op;
    }
}

static bool compare_term(struct prover *s, const struct node *n, struct claim *c) {
    static const struct column integer = {.type = TYPE_INTEGER}, number = {.type = TYPE_NUMBER};
    bool first = n->arg[1]->constant;
    const struct node *term = n->arg[first ? 0 : 1], *with = n->arg[first ? 1 : 0];
    struct variable v = {VARIABLE_TERM, .slot = -1, .node = term};
    if (!with->constant || fabs(value_float(&with->value)) >= (double)WHOLE)
        return false;
    if (term->kind.shape == SHAPE_INTEGER) {
        v.type = TYPE_INTEGER;
        v.grid.column = &integer;
        v.all = set_stretch(s->arena, INT64_MIN, INT64_MAX);
    } else if (term->kind.shape == SHAPE_FLOAT) {
        v.type = TYPE_NUMBER;
        v.grid.column = &number;
        v.all = set_stretch(s->arena, grid_of_double(-INFINITY), grid_of_double(INFINITY));
        v.all.nan = true;
    } else {
        return false;
    }
    v.all.missing = true;
    take(s, c, v, term_set(s, &v, first ? n->op : turned(n->op), &with->value));
    c->if_nan = n->op == OP_NE ? HOLDS : FAILS;
    return true;
}

// Two sides have one order, whichever stands first.
static bool in_order(const struct node *x, const struct node *y) {
    if (x->op != y->op)
        return x->op < y->op;
    if (x->slot != y->slot)
        return x->slot < y->slot;
    return x->span.length <= y->span.length;
}

static bool compare_sides(struct prover *s, const struct node *n, struct claim *c) {
    bool numeric = kind_numeric(n->arg[0]->kind), as_is = in_order(n->arg[0], n->arg[1]);
    struct variable v = {VARIABLE_RELATION, .slot = -1, .type = TYPE_INTEGER};
    enum op op = as_is ? n->op : turned(n->op);
    if (!numeric && n->op != OP_EQ && n->op != OP_NE)
        return false;
    v.node = n->arg[as_is ? 0 : 1];
    v.other = n->arg[as_is ? 1 : 0];
    v.all = set_stretch(s->arena, 0, numeric ? 2 : 1);
    v.all.missing = true;
    v.all.nan = numeric;
    struct set yes = set_stretch(s->arena,
                                 op == OP_GT                  ? 2
                                 : op == OP_GE || op == OP_EQ ? 1
                                                              : 0,
                                 op == OP_LT                  ? 0
                                 : op == OP_LE || op == OP_EQ ? 1
                                                              : 2);
    if (op == OP_NE)
        yes = set_rest(s->arena, set_stretch(s->arena, 1, 1), 0, numeric ? 2 : 1);
    take(s, c, v, yes);
    c->if_nan = n->op == OP_NE ? HOLDS : FAILS;
    return true;
}

// The texts in it are labels to try.
static void mention(struct prover *s, const struct variable *v, const struct node *n) {
    if (n->constant && n->value.tag == VALUE_STRING)
        for (int i = 0; i < v->n; i++)
            if (s->variable[v->reads[i]]->type == TYPE_LABEL ||
                s->variable[v->reads[i]]->type == TYPE_TEXT)
                claim_code(s, s->variable[v->reads[i]], n->value.string);
    for (int i = 0; i < n->n; i++)
        mention(s, v, n->arg[i]);
}

static void opaque(struct prover *s, const struct node *n, struct claim *c) {
    struct variable v = {VARIABLE_OPAQUE, .slot = -1, .node = n, .type = TYPE_FLAG};
    v.all = set_stretch(s->arena, 0, 1);
    v.all.missing = true;
    take(s, c, v, set_stretch(s->arena, 1, 1));
    mention(s, s->variable[c->variable], n);
}

// ---- a table with open addressing, at most half full -----------------------------------------

static struct compiled *place_in(struct compiled *table, int size, const void *key) {
    size_t at = ((uintptr_t)key >> 4) * 0x9E3779B97F4A7C15u >> 32;
    while (table[at % (size_t)size].key && table[at % (size_t)size].key != key)
        at++;
    return &table[at % (size_t)size];
}

static const struct claim *look_up(const struct prover *s, const void *key) {
    return s->table_size ? place_in(s->table, s->table_size, key)->claim : NULL;
}

static void enter(struct prover *s, const void *key, const struct claim *claim) {
    if (2 * s->claims >= s->table_size) {
        int size = s->table_size ? 2 * s->table_size : 64;
        struct compiled *table = arena_array(s->arena, (size_t)size, sizeof *table);
        for (int i = 0; i < s->table_size; i++)
            if (s->table[i].key)
                *place_in(table, size, s->table[i].key) = s->table[i];
        s->table = table;
        s->table_size = size;
    }
    s->claims++;
    *place_in(s->table, s->table_size, key) = (struct compiled){key, claim};
}

// ---- the tree ---------------------------------------------------------------------------------

static const struct claim *compile(struct prover *s, const struct expr *e, const struct node *n);

// The only column below a node, or NULL if there are more.
static const struct node *only_column(const struct node *n, const struct node *found, bool *more) {
    if (is_column(n)) {
        *more |= found && found->slot != n->slot;
        return n;
    }
    for (int i = 0; i < n->n; i++)
        found = only_column(n->arg[i], found, more);
    return found;
}

// A leaf about the classes of a scheme becomes one about their conditions.
static bool by_class(struct prover *s, struct claim *c) {
    const struct known *known = &s->variable[c->variable]->known;
    for (int i = 0; i < known->classes; i++)
        if (known->class[i] && !safe(known->class[i] -> root))
            return false;
    const struct claim **class = arena_array(s->arena, (size_t)known->classes, sizeof *class);
    unsigned *in_class = arena_array(s->arena, (size_t)known->classes + 1, sizeof *in_class);
    for (int i = 0; i < known->classes; i++) {
        struct set code = set_stretch(s->arena, i, i);
        class[i] = known->class[i] ? claim_of(s, known->class[i]) : NULL;
        in_class[i] = set_meets(c->yes, code) ? HOLDS : FAILS;
    }
    in_class[known->classes] = c->if_missing;
    c->kind = CLAIM_CLASS;
    c->classes = known->classes;
    c->class = class;
    c->in_class = in_class;
    return true;
}

// has(x + y) asks for every column that it reads: `rest` and those below n.
static const struct claim *all_there(struct prover *s, const struct claim *has,
                                     const struct node *n, const struct claim *rest) {
    for (int i = 0; i < n->n; i++)
        rest = all_there(s, has, n->arg[i], rest);
    if (!is_column(n))
        return rest;
    struct claim *there = arena_alloc(s->arena, sizeof *there), *both;
    *there = *has;
    there->variable = claim_column(s, n);
    there->yes = s->variable[there->variable]->all;
    there->yes.missing = false;
    there->if_missing = FAILS;
    if (!rest)
        return there;
    both = arena_alloc(s->arena, sizeof *both);
    *both = (struct claim){CLAIM_AND, .expr = has->expr, .node = has->node, .left = rest,
                           .right = there};
    return both;
}

static const struct claim *leaf(struct prover *s, struct claim *c) {
    const struct node *n = c->node;
    if (n->op == OP_HAS && strict(n->arg[0]) && safe(n->arg[0]))
        return all_there(s, c, n->arg[0], NULL);
    bool more = false, sides = is_comparison(n->op);
    const struct node *column = only_column(n, NULL, &more);
    if (column && !more) {
        c->variable = claim_column(s, column);
        const struct known *known = &s->variable[c->variable]->known;
        if (n == column && known->value && safe(known->value->root))
            return compile(s, known->value, known->value->root);
        if (one_column(s, n, c)) {
            if (known->classes > 0)
                by_class(s, c);
            return c;
        }
        c->yes = c->no = (struct set){0};
    }
    if (sides && kind_numeric(n->arg[0]->kind) && compare_term(s, n, c))
        return c;
    if (sides && !n->arg[0]->constant && !n->arg[1]->constant && compare_sides(s, n, c))
        return c;
    opaque(s, n, c);
    return c;
}

static const struct claim *compile(struct prover *s, const struct expr *e, const struct node *n) {
    const struct claim *known = look_up(s, n);
    if (known)
        return known;
    struct claim *c = arena_alloc(s->arena, sizeof *c);
    *c = (struct claim){CLAIM_LEAF, .expr = e, .node = n, .variable = -1};
    if (n->constant) {
        c->kind = CLAIM_CONSTANT;
        c->outcome = n->value.boolean ? HOLDS : FAILS;
        return c;
    }
    if (n->op != OP_NOT && n->op != OP_AND && n->op != OP_OR) {
        known = leaf(s, c);
        enter(s, n, known);
        return known;
    }
    c->kind = n->op == OP_NOT ? CLAIM_NOT : n->op == OP_AND ? CLAIM_AND : CLAIM_OR;
    c->left = compile(s, e, n->arg[0]);
    if (n->op != OP_NOT)
        c->right = compile(s, e, n->arg[1]);
    return c;
}

const struct claim *claim_of(struct prover *s, const struct expr *e) {
    const struct claim *c = look_up(s, e);
    if (!c) {
        c = compile(s, e, e->root);
        enter(s, e, c);
    }
    return c;
}

// ---- sets and outcomes ------------------------------------------------------------------------

struct set claim_set(struct arena *a, const struct claim *leaf, unsigned outcomes) {
    struct set s = {0};
    if ((outcomes & (HOLDS | FAILS)) == (HOLDS | FAILS))
        s = set_join(a, leaf->yes, leaf->no);
    else if (outcomes & HOLDS)
        s = leaf->yes;
    else if (outcomes & FAILS)
        s = leaf->no;
    s.missing = (outcomes & leaf->if_missing) != 0;
    s.nan = (outcomes & leaf->if_nan) != 0;
    return s;
}

unsigned claim_outcomes(const struct claim *leaf, struct set in) {
    unsigned outcomes = 0;
    if (set_meets(in, leaf->yes))
        outcomes |= HOLDS;
    if (set_meets(in, leaf->no))
        outcomes |= FAILS;
    if (in.missing)
        outcomes |= leaf->if_missing;
    if (in.nan)
        outcomes |= leaf->if_nan;
    return outcomes;
}
