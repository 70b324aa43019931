// The clauses of a condition are the leaves of its and/or/not tree. The walk does what evaluation
// does, in the same order with the same short cuts, but writes down what it meets; a leaf that
// evaluation does not reach is judged by itself, to know what the condition lacks.
#include "expr/clause.h"
#include "expr/threshold.h"

struct explain {
    const struct expr *expr;
    struct arena *arena;
    struct row row;
    struct clause *list;
    int n;
};

// ---- the values that a clause read --------------------------------------------------------------

static void print_name(const struct explain *x, const struct node *n, struct buf *out) {
    const struct column *c = n->slot < 0 ? NULL : x->row.columns[n->slot];
    if (out->n)
        buf_z(out, ", ");
    buf_str(out, n->name);
    buf_z(out, " = ");
    if (!c)
        value_print(&n->value, n->type, out);
    else if (column_has(c, x->row.row))
        column_print(c, x->row.row, out);
    else
        buf_z(out, "missing");
}

// The names below a node, each once, in the order of the text.
struct names {
    const struct node **list;
    int n, size;
};

static void collect(struct explain *x, const struct node *n, struct names *names) {
    for (int i = 0; i < n->n; i++)
        collect(x, n->arg[i], names);
    if (n->op != OP_NAME)
        return;
    for (int i = 0; i < names->n; i++)
        if (str_eq(names->list[i]->name, n->name))
            return;
    names->list = arena_more(x->arena, names->list, names->n, &names->size, sizeof *names->list);
    names->list[names->n++] = n;
}

// The value of every name below the node; of a name that was missing, which it was.
static struct str values_of(struct explain *x, const struct node *n, struct str *missing) {
    struct names names = {0};
    struct buf out = {.arena = x->arena};
    collect(x, n, &names);
    for (int i = 0; i < names.n; i++) {
        print_name(x, names.list[i], &out);
        if (missing && names.list[i]->slot == x->row.stop.slot)
            *missing = names.list[i]->name;
    }
    return (struct str){buf_text(&out), out.n};
}

// ---- the walk -----------------------------------------------------------------------------------

static enum truth leaf_truth(struct explain *x, const struct node *n) {
    struct value v;
    if (row_eval(n, &x->row, &v))
        return v.boolean ? CLAUSE_TRUE : CLAUSE_FALSE;
    return x->row.stop.kind == OUTCOME_MISSING ? CLAUSE_MISSING : CLAUSE_FAULT;
}

// A part of the tree: what evaluation made of it, and what it lacks to be as wanted.
struct part {
    enum truth truth;
    int misses;
    const struct clause *nearest;
};

// The clause by itself.
static void fill_clause(struct explain *x, const struct node *n, struct clause *c) {
    c->text = (struct str){x->expr->text.p + n->span.offset, n->span.length};
    c->offset = n->span.offset;
    c->alone = leaf_truth(x, n);
    c->values = values_of(x, n, c->alone == CLAUSE_MISSING ? &c->missing : NULL);
}

static struct part leaf(struct explain *x, const struct node *n, bool wanted, bool reached) {
    struct clause *c = &x->list[x->n++];
    fill_clause(x, n, c);
    c->wanted = wanted;
    c->truth = reached ? c->alone : CLAUSE_NOT_REACHED;
    if (c->alone == (wanted ? CLAUSE_FALSE : CLAUSE_TRUE))
        threshold_find(n, &x->row, c);
    bool missed = c->alone != (wanted ? CLAUSE_TRUE : CLAUSE_FALSE);
    return (struct part){c->truth, missed, missed && c->has_threshold ? c : NULL};
}

// Whether a is the nearer of two; one without a threshold is never nearer.
static bool nearer(const struct clause *a, const struct clause *b) {
    return a && (!b || a->distance < b->distance);
}

static struct part both(struct part left, struct part right) {
    left.misses += right.misses;
    if (nearer(right.nearest, left.nearest))
        left.nearest = right.nearest;
    return left;
}

static struct part either(struct part left, struct part right) {
    bool fewer = right.misses < left.misses;
    bool as_few = right.misses == left.misses;
    return fewer || (as_few && nearer(right.nearest, left.nearest)) ? right : left;
}

static struct part walk(struct explain *x, const struct node *n, bool wanted, bool reached) {
    if (clause_is(n))
        return leaf(x, n, wanted, reached);
    if (n->op == OP_NOT) {
        struct part p = walk(x, n->arg[0], !wanted, reached);
        if (p.truth == CLAUSE_TRUE || p.truth == CLAUSE_FALSE)
            p.truth = p.truth == CLAUSE_TRUE ? CLAUSE_FALSE : CLAUSE_TRUE;
        return p;
    }
    enum truth on = n->op == OP_AND ? CLAUSE_TRUE : CLAUSE_FALSE;
    struct part left = walk(x, n->arg[0], wanted, reached);
    struct part right = walk(x, n->arg[1], wanted, reached && left.truth == on);
    // Under `not`, what must come out false: all sides of an `or`, one side of an `and`.
    struct part p = (n->op == OP_AND) == wanted ? both(left, right) : either(left, right);
    p.truth = left.truth == on ? right.truth : left.truth;
    return p;
}

static struct explain explain(const struct expr *e, const struct column *const *columns,
                              int64_t row, struct arena *a) {
    return (struct explain){
        .expr = e,
        .arena = a,
        .row = {.columns = columns, .row = row, .arena = a, .given_slot = -1},
    };
}

int expr_explain(const struct expr *e, const struct column *const *columns, int64_t row,
                 struct arena *a, struct clause **clauses, struct reading *out) {
    struct explain x = explain(e, columns, row, a);
    x.list = arena_array(a, (size_t)clause_count(e->root), sizeof *x.list);
    struct part whole = walk(&x, e->root, true, true);
    *out = (struct reading){expr_row(e, columns, row, a), whole.misses, whole.nearest};
    *clauses = x.list;
    return x.n;
}

struct str expr_values(const struct expr *e, const struct column *const *columns, int64_t row,
                       struct arena *a) {
    struct explain x = explain(e, columns, row, a);
    return values_of(&x, e->root, NULL);
}

struct clause expr_flip(const struct expr *e, int k, const struct column *const *columns,
                        int64_t row, struct arena *a) {
    struct explain x = explain(e, columns, row, a);
    const struct node *n = clause_at(e->root, k);
    struct clause c = {0};
    fill_clause(&x, n, &c);
    c.truth = c.alone;
    c.wanted = c.alone == CLAUSE_FALSE;
    if (c.alone == CLAUSE_FALSE || c.alone == CLAUSE_TRUE)
        threshold_find(n, &x.row, &c);
    return c;
}
