// Where one column alone decides, its values with which a condition holds can be said outright.
#include "expr/claim.h"

static bool set_of(struct prover *p, struct arena *a, const struct claim *c, int variable,
                   struct set *out) {
    struct set all = p->variable[variable]->all, right;
    switch (c->kind) {
    case CLAIM_CONSTANT: *out = c->outcome == HOLDS ? all : (struct set){0}; return true;
    case CLAIM_LEAF: *out = c->yes; return c->variable == variable;
    case CLAIM_NOT:
        if (!set_of(p, a, c->left, variable, out))
            return false;
        *out = set_rest(a, *out, all.part[0].low, all.part[all.n - 1].high);
        return true;
    case CLAIM_AND:
    case CLAIM_OR:
        if (!set_of(p, a, c->left, variable, out) || !set_of(p, a, c->right, variable, &right))
            return false;
        *out = c->kind == CLAIM_AND ? set_meet(a, *out, right) : set_join(a, *out, right);
        return true;
    default: return false;
    }
}

bool prover_set(struct prover *p, struct arena *a, const struct expr *e, struct set *out) {
    const struct claim *c = claim_of(p, e);
    const int *slots;
    int n = expr_slots(e, &slots);
    bool known = n == 1 && slots[0] < p->slots && p->of_slot[slots[0]] >= 0;
    return known && set_of(p, a, c, p->of_slot[slots[0]], out);
}

const struct column *prover_column(struct prover *p, struct arena *a, int slot, int64_t place) {
    int variable = p->of_slot[slot];
    struct column *c = variable_blank(a, p->variable[variable]);
    variable_write(p, variable, c, place, false);
    return c;
}
