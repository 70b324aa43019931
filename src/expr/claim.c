// The tree of a condition, leaf by leaf. What was made once is kept: expressions may share nodes.
#include "expr/claim.h"

#include "expr/apply.h"
#include "expr/clause.h"
#include "expr/function.h"

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
    there->variable = variable_column(s, n);
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
    if (n->op == OP_HAS && variable_strict(n->arg[0]) && safe(n->arg[0]))
        return all_there(s, c, n->arg[0], NULL);
    bool more = false;
    const struct node *column = only_column(n, NULL, &more);
    if (column && !more) {
        c->variable = variable_column(s, column);
        const struct known *known = &s->variable[c->variable]->known;
        if (n == column && known->value && safe(known->value->root))
            return compile(s, known->value, known->value->root);
        if (exact_leaf(s, n, c)) {
            if (known->classes > 0)
                by_class(s, c);
            return c;
        }
        c->yes = c->no = (struct set){0};
    }
    term_leaf(s, c);
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
    if (clause_is(n)) {
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
