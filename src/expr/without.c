#include "expr/clause.h"
#include "expr/prove.h"

static struct node *without(struct arena *a, const struct node *n, int clause) {
    if (clause_is(n))
        return NULL;
    int left = clause_count(n->arg[0]), at = clause >= left;
    struct node *rest = without(a, n->arg[at], at ? clause - left : clause);
    if (!rest)
        return n->op == OP_NOT ? NULL : n->arg[!at];
    struct node *copy = arena_alloc(a, sizeof *copy);
    *copy = *n;
    copy->arg = arena_array(a, (size_t)n->n, sizeof *copy->arg);
    for (int i = 0; i < n->n; i++)
        copy->arg[i] = i == at ? rest : n->arg[i];
    return copy;
}

static const struct expr *with_root(struct arena *a, const struct expr *e, struct node *root) {
    struct expr *out = arena_alloc(a, sizeof *out);
    *out = *e;
    out->root = root;
    return out;
}

const struct expr *expr_without(struct arena *a, const struct expr *e, int clause) {
    struct node *root = without(a, e->root, clause);
    return root ? with_root(a, e, root) : NULL;
}

const struct expr *expr_only(struct arena *a, const struct expr *e, int clause) {
    return with_root(a, e, (struct node *)clause_at(e->root, clause));
}
