// Variables, each once: columns as rules first read them, and what else leaves are about, found
// again by its form. Every column has one row of its own in which its values are tried.
#include <math.h>

#include "base/money.h"
#include "expr/claim.h"

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

bool variable_strict(const struct node *n) {
    if (n->op == OP_HAS || n->op == OP_DEFAULT || n->op == OP_AND || n->op == OP_OR)
        return false;
    for (int i = 0; i < n->n; i++)
        if (!n->constant && !variable_strict(n->arg[i]))
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
    v->reads = arena_more(s->arena, v->reads, v->n, &v->size, sizeof column);
    v->reads[v->n++] = column;
}

static void add_reads(struct prover *s, struct variable *v, const struct node *n) {
    if (is_column(n))
        add_read(s, v, variable_column(s, n));
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

struct column *variable_blank(struct arena *a, const struct variable *v) {
    enum type type =
        v->type == TYPE_TEXT ? TYPE_LABEL : v->type; // its values are written as labels
    struct column *c = column_new(a, v->node->name, type, 1);
    c->decimals = v->decimals;
    return c;
}

int variable_column(struct prover *s, const struct node *name) {
    reserve_slot(s, name->slot);
    if (s->of_slot[name->slot] >= 0)
        return s->of_slot[name->slot];
    struct variable v = {VARIABLE_COLUMN, .slot = name->slot, .node = name, .type = name->type};
    v.known = (struct known){.least = -INFINITY, .most = INFINITY};
    s->know(s->ctx, name->slot, &v.known);
    v.decimals = v.known.decimals;
    v.derived = v.known.value || v.known.classes;
    v.strict = v.known.value && variable_strict(v.known.value->root);
    struct column *c = variable_blank(s->arena, &v);
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

int64_t variable_code(struct prover *s, struct variable *v, struct str label) {
    if (v->node->kind.labels)
        return dict_find(v->node->kind.labels, label);
    for (int i = 0; i < v->labels; i++)
        if (str_eq(v->label[i], label))
            return i;
    v->label = arena_more(s->arena, v->label, v->labels, &v->label_room, sizeof label);
    v->label[v->labels] = label;
    return v->labels++;
}

void variable_write(struct prover *s, int variable, struct column *c, int64_t place, bool missing) {
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

void variable_try(struct prover *s, int variable, int64_t place, bool missing) {
    int slot = s->variable[variable]->slot;
    variable_write(s, variable, (struct column *)s->column[slot], place, missing);
}

struct row variable_row(const struct prover *s) {
    return (struct row){.columns = s->column, .arena = s->arena, .given_slot = -1};
}

int variable_find(struct prover *s, struct variable v) {
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
    made->strict = variable_strict(v.node) && (!v.other || variable_strict(v.other));
    return at;
}
