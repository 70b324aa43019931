#include "expr/trail.h"

void trail_undo(struct trail *t, int steps) {
    while (t->steps > steps) {
        t->steps--;
        t->prover->in[t->step[t->steps].variable] = t->step[t->steps].before;
    }
}

void trail_tell(struct trail *t, const struct claim *leaf, unsigned outcomes) {
    for (int i = 0; i < t->clashes; i++)
        if (t->clash[i].expr == leaf->expr && t->clash[i].offset == leaf->node->span.offset &&
            !(t->clash[i].outcomes & HOLDS) == !(outcomes & HOLDS))
            return;
    if (t->clashes < CLASHES)
        t->clash[t->clashes++] =
            (struct clash){leaf->expr, leaf->node->span.offset, leaf->node->span.length, outcomes};
}

// The leaves that emptied the set of a variable, of all that narrowed it only those that it takes:
// whichever empties what the ones found leave is one of them.
static void tell_leaves(struct trail *t, int variable) {
    struct set left = t->prover->variable[variable]->all;
    while (!set_empty(left)) {
        struct set rest = left;
        const struct step *last = NULL;
        for (int i = 0; i < t->steps && !set_empty(rest); i++)
            if (t->step[i].variable == variable) {
                last = &t->step[i];
                rest = set_meet(t->arena, rest, last->to);
            }
        if (!last || !set_empty(rest))
            return;
        left = set_meet(t->arena, left, last->to);
        trail_tell(t, last->leaf, last->outcomes);
    }
}

static bool linked(const struct prover *s, int x, int y) {
    const struct variable *v = s->variable[x], *w = s->variable[y];
    for (int i = 0; i < v->n; i++)
        if (v->reads[i] == y)
            return true;
    for (int i = 0; i < w->n; i++)
        if (w->reads[i] == x)
            return true;
    return x == y;
}

// Where arithmetic had a part: every leaf about what the variable is linked with.
static void tell_linked(struct trail *t, int variable) {
    bool *in = arena_array(t->arena, (size_t)t->prover->n, sizeof *in);
    in[variable] = true;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < t->steps; i++)
            for (int k = 0; k < t->prover->n && !in[t->step[i].variable]; k++)
                if (in[k] && linked(t->prover, k, t->step[i].variable))
                    in[t->step[i].variable] = more = true;
    }
    for (int i = 0; i < t->steps; i++)
        if (in[t->step[i].variable] && t->step[i].leaf)
            trail_tell(t, t->step[i].leaf, t->step[i].outcomes);
}

static void tell(struct trail *t, int variable) {
    for (int i = 0; i < t->steps; i++)
        if (t->step[i].variable == variable && !t->step[i].leaf) {
            tell_linked(t, variable);
            return;
        }
    tell_leaves(t, variable);
}

bool trail_narrow(struct trail *t, int variable, struct set to, const struct claim *leaf,
                  unsigned outcomes) {
    struct set *in = &t->prover->in[variable], met = set_meet(t->arena, *in, to);
    if (set_equal(met, *in))
        return true;
    t->step = arena_more(t->arena, t->step, t->steps, &t->size, sizeof *t->step);
    t->step[t->steps++] = (struct step){variable, *in, to, leaf, outcomes};
    *in = met;
    if (!set_empty(met))
        return true;
    if (t->telling)
        tell(t, variable);
    return false;
}
