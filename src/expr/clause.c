// Clauses are found by walking to them: conditions are short, and nobody asks in a loop over rows.
#include "expr/clause.h"

int clause_count(const struct node *n) {
    int clauses = clause_is(n);
    for (int i = 0; i < n->n && !clause_is(n); i++)
        clauses += clause_count(n->arg[i]);
    return clauses;
}

const struct node *clause_at(const struct node *n, int k) {
    while (!clause_is(n)) {
        int i = 0;
        for (int below = clause_count(n->arg[0]); k >= below; below = clause_count(n->arg[i])) {
            k -= below;
            i++;
        }
        n = n->arg[i];
    }
    return n;
}

int expr_clauses(const struct expr *e) {
    return clause_count(e->root);
}

struct clause_text expr_clause(const struct expr *e, int k) {
    const struct node *n = clause_at(e->root, k);
    struct str text = {e->text.p + n->span.offset, n->span.length};
    return (struct clause_text){text, n->span.offset, n->constant};
}
