// A quota is one number for the whole run, so its expression reads params and nothing of customers.
// It is computed when the policy is loaded, behind --set; from then on it is the plain number that
// might have stood there.
#include "policy/quota.h"

#include <math.h>

#include "policy/read.h"

static struct quota *add_quota(struct reader *r) {
    struct policy *p = r->policy;
    p->quota = arena_more(r->arena, p->quota, p->quotas, &r->quotas, sizeof *p->quota);
    return &p->quota[p->quotas++];
}

static bool put(const struct quota *q, double number) {
    if (!(number >= 0 && number <= QUOTA_MOST) || (q->whole && number != floor(number)))
        return false;
    if (q->number)
        *q->number = number;
    else
        *q->count = (int64_t)number;
    return true;
}

bool quota_read(struct reader *r, const char *word, const struct node *v, bool whole,
                double *number, int64_t *count) {
    struct quota q = {.word = word, .whole = whole, .number = number, .count = count};
    double given;
    if (read_formula(r, v, &q.formula)) {
        *add_quota(r) = q;
        return true;
    }
    return read_double(v, &given) && (!whole || v->kind == NODE_INTEGER) && put(&q, given);
}

// ---- computing them -----------------------------------------------------------------------------

static bool find_param(void *ctx, struct str name, struct symbol *out) {
    const struct policy *p = ctx;
    int i = policy_param(p, name);
    if (i < 0)
        return false;
    *out = (struct symbol){.type = p->param[i].type, .slot = -1, .constant = p->param[i].value};
    return true;
}

static double number_of(const struct outcome *o) {
    if (o->kind != OUTCOME_VALUE)
        return NAN;
    return o->value.tag == VALUE_INTEGER ? (double)o->value.integer : o->value.number;
}

void quotas_settle(struct arena *a, const struct policy *p, struct findings *findings) {
    struct scope scope = {(void *)p, find_param, policy_param_name};
    for (const struct quota *q = p->quota; q < p->quota + p->quotas; q++) {
        struct expr_error error;
        struct expr *e;
        if (!expr_parse(a, q->formula.text, &scope, WANT_NUMBER, &e, &error)) {
            findings_add(
                findings, SEVERITY_ERROR, "expression", formula_place(&q->formula, error.offset),
                "%s (`%s` is one number for all, so it reads params only)", error.text, q->word);
            continue;
        }
        struct outcome o = expr_row(e, NULL, 0, a);
        double number = number_of(&o);
        if (!put(q, number))
            findings_add(findings, SEVERITY_ERROR, "wrong-kind", q->formula.at,
                         "`%s` takes %s from 0 to 10^12, and this comes to %.14g", q->word,
                         q->whole ? "a whole number" : "an amount", number);
    }
}
