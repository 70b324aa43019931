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

const struct expr *expr_without(struct arena *a, const struct expr *e, int clause) {
    struct node *root = without(a, e->root, clause);
    if (!root)
        return NULL;
    struct expr *out = arena_alloc(a, sizeof *out);
    *out = *e;
    out->root = root;
    return out;
}
