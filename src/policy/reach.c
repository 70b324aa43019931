// Tiers that nobody can have, told without data: every number with which such a tier could hold
// already gives a tier above it. Only what is certain is said; anything else may be reached.
#include "expr/range.h"
#include "policy/compile.h"

struct reach {
    const struct compile *c;
    const struct scheme *scheme;
};

static struct range possible(const struct reach *r, const struct class *t, int slot) {
    return range_possible(r->c->arena, t->when.expr, slot);
}

static struct range certain(const struct reach *r, const struct class *t, int slot) {
    return range_certain(r->c->arena, t->when.expr, slot);
}

// Whether every customer has this tier or one above it.
static bool always(const struct reach *r, const struct class *t) {
    const int *slots;
    if (!rule_given(&t->when))
        return true;
    return t->when.expr && expr_slots(t->when.expr, &slots) == 0 &&
           range_is(certain(r, t, -1), true);
}

static bool never(const struct reach *r, const struct class *t) {
    const int *slots;
    int n = t->when.expr ? expr_slots(t->when.expr, &slots) : 0;
    for (int i = 0; i < n; i++)
        if (range_is(possible(r, t, slots[i]), false))
            return true;
    return t->when.expr && range_is(possible(r, t, -1), false);
}

// Whether the tiers from `first` to before `end` leave nothing of the column for `t`. (Where any
// number lets `t` hold, it may be missing as well, and then they may not hold.)
static bool covered(const struct reach *r, const struct class *first, const struct class *end,
                    const struct class *t, int slot) {
    struct range own = possible(r, t, slot), above = {0};
    for (const struct class *other = first; other < end; other++)
        if (other->when.expr)
            above = range_union(r->c->arena, above, certain(r, other, slot));
    return !range_is(own, true) && range_within(r->c->arena, own, above);
}

static bool takes_all(const struct reach *r, const struct class *first, const struct class *end,
                      const struct class *t) {
    const int *slots;
    int n = t->when.expr ? expr_slots(t->when.expr, &slots) : 0;
    for (int i = 0; i < n; i++)
        if (covered(r, first, end, t, slots[i]))
            return true;
    return false;
}

static bool same_text(const struct class *x, const struct class *y) {
    return x->when.expr && y->when.expr && str_eq(x->when.formula.text, y->when.formula.text);
}

static void unreachable(const struct reach *r, const struct class *t, const char *why) {
    findings_add(r->c->findings, SEVERITY_WARNING, "unreachable-tier", t->at,
                 "nobody can have the tier \"%.*s\": %s", (int)t->name.n, t->name.p, why);
}

static void check_tier(const struct reach *r, const struct class *t) {
    const struct class *first = r->scheme->class;
    for (const struct class *other = first; other < t; other++) {
        if (!always(r, other) && !same_text(other, t) && !takes_all(r, other, other + 1, t))
            continue;
        unreachable(r, t,
                    arena_printf(r->c->arena, "\"%.*s\" above it takes them all",
                                 (int)other->name.n, other->name.p));
        return;
    }
    if (never(r, t))
        unreachable(r, t, "its `when` never holds");
    else if (takes_all(r, first, t, t))
        unreachable(r, t, "the tiers above it take them all");
}

void compile_reach(const struct compile *c) {
    for (int s = 0; s < c->policy->schemes; s++) {
        struct reach r = {c, &c->policy->scheme[s]};
        const struct class *last = &r.scheme->class[r.scheme->n - 1];
        for (const struct class *t = r.scheme->class; t <= last; t++)
            check_tier(&r, t);
        if (rule_given(&last->when) && !always(&r, last))
            findings_add(c->findings, SEVERITY_NOTE, "no-last-tier", last->at,
                         "who fits no tier of '%.*s' has none; a last tier without `when` takes "
                         "everyone left",
                         (int)r.scheme->name.n, r.scheme->name.p);
    }
}
