// What is proven is put again with the params that it reads as columns, each within its range: what
// is proven then holds for all of them, and a customer that is found comes with a value for which
// it does not.
#include "policy/audit.h"

#include "policy/source.h"

enum { PARAM_SLOTS = 1 << 14 }; // their slots as columns, behind all others

struct ranged {
    const struct audit *audit;
    struct scope scope; // of the rules
    bool *read;         // by param
};

static bool find_ranged(void *ctx, struct str name, struct symbol *out) {
    struct ranged *r = ctx;
    int i = policy_param(r->audit->policy, name);
    if (!r->scope.find(r->scope.ctx, name, out))
        return false;
    if (i < 0 || out->slot >= 0)
        return true;
    r->read[i] = true;
    if (r->audit->policy->param[i].ranged)
        out->slot = PARAM_SLOTS + i;
    return true;
}

static bool name_ranged(const void *ctx, size_t i, struct str *out) {
    (void)ctx, (void)i, (void)out;
    return false;
}

static const struct expr *reparse(struct ranged *r, const struct formula *f, enum want want) {
    struct scope scope = {r, find_ranged, name_ranged};
    struct expr_error error;
    struct expr *e;
    bool done = f->text.p && expr_parse(r->audit->arena, f->text, &scope, want, &e, &error);
    return done ? e : NULL;
}

static void know_ranged(void *ctx, int slot, struct known *out) {
    struct ranged *r = ctx;
    const struct audit *a = r->audit;
    if (slot >= PARAM_SLOTS) {
        const struct param *p = &a->policy->param[slot - PARAM_SLOTS];
        *out = (struct known){.least = p->from, .most = p->to, .present = true};
        return;
    }
    audit_know((void *)a, slot, out);
    struct str name = board_slot_name(a->board, slot);
    for (int i = 0; out->value && i < a->policy->metrics; i++)
        if (str_eq(a->policy->metric[i].name, name))
            out->value = reparse(r, &a->policy->metric[i].value, WANT_ANY);
    const struct scheme *s = out->classes ? audit_scheme_of(a, slot) : NULL;
    const struct expr **class = arena_array(a->arena, (size_t)out->classes, sizeof *class);
    for (int i = 0; i < out->classes; i++)
        class[i] = reparse(r, &s->class[i].when.formula, WANT_CONDITION);
    out->class = class;
}

// Whether the proof can depend on a param: a clause of it, or a metric, names it.
static bool counts(const struct audit *a, const struct question *q, struct str name) {
    for (int i = 0; i < q->answer.clashes; i++) {
        const struct clash *c = &q->answer.clash[i];
        if (source_has_name(a->arena, (struct str){expr_text(c->expr).p + c->offset, c->length},
                            name))
            return true;
    }
    for (int i = 0; i < a->policy->metrics; i++)
        if (source_has_name(a->arena, a->policy->metric[i].value.text, name))
            return true;
    return false;
}

// The params that count, as "gold is from 500 to 5000" or "gold = 1000".
static void list_params(const struct policy *p, const bool *listed, bool ranges, struct buf *out) {
    const char *before = ranges ? "; whatever " : "; with ";
    for (int i = 0; i < p->params; i++) {
        const struct param *k = &p->param[i];
        if (!listed[i])
            continue;
        buf_printf(out, "%s%.*s %s ", before, (int)k->name.n, k->name.p, ranges ? "is" : "=");
        if (ranges)
            buf_printf(out, "from %.14g to %.14g", k->from, k->to);
        else
            value_print(&k->value, k->type, out);
        before = " and ";
    }
}

static void list_counterexample(const struct policy *p, const struct answer *answer,
                                struct buf *out) {
    const char *before = ", but not with ";
    for (int i = 0; answer->kind == ANSWER_WITNESS && i < answer->columns; i++) {
        const struct column *c = answer->column[i];
        if (policy_param(p, c->name) < 0)
            continue;
        buf_printf(out, "%s%.*s = ", before, (int)c->name.n, c->name.p);
        column_print(c, 0, out);
        before = " and ";
    }
}

void audit_add_params(const struct audit *a, const struct question *q, struct buf *out) {
    const struct policy *p = a->policy;
    struct ranged r = {a, board_scope(a->board),
                       arena_array(a->arena, (size_t)p->params, sizeof *r.read)};
    const struct expr **expr = arena_array(a->arena, (size_t)q->n, sizeof *expr);
    struct question again = *q;
    bool all = true, any = false;
    for (int i = 0; i < p->params; i++)
        any = any || counts(a, q, p->param[i].name);
    if (!any || q->n == 0 || audit_over_pairs(a, q->part[0].rule))
        return;
    for (int i = 0; i < q->n; i++)
        expr[i] = reparse(&r, &q->part[i].rule->formula, WANT_CONDITION);
    audit_put(a, prover_new(a->arena, know_ranged, &r), &again, expr);
    for (int i = 0; i < p->params; i++) {
        r.read[i] = r.read[i] && counts(a, q, p->param[i].name);
        all = all && (!r.read[i] || p->param[i].ranged);
    }
    list_params(p, r.read, all && again.answer.kind == ANSWER_PROOF, out);
    list_counterexample(p, &again.answer, out);
}
