// A policy's own tests: a customer, and what the policy must give.
#include "policy/read.h"

static bool read_given(struct reader *r, const struct node *v, struct value *out) {
    switch (v->kind) {
    case NODE_BOOLEAN: *out = (struct value){VALUE_BOOLEAN, .boolean = v->boolean}; return true;
    case NODE_INTEGER: *out = (struct value){VALUE_INTEGER, .integer = v->integer}; return true;
    case NODE_NUMBER: out->tag = VALUE_FLOAT; return read_double(v, &out->number);
    case NODE_STRING: out->tag = VALUE_STRING; return read_name(r, v, &out->string);
    default: return false;
    }
}

bool read_customer(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    struct given *give = arena_array(r->arena, (size_t)v->fields, sizeof *give);
    read_no_items(r, v);
    for (int i = 0; i < v->fields; i++) {
        const struct field *f = &v->field[i];
        give[i] = (struct given){.name = f->name, .at = f->at};
        read_printable(r, f->name, f->at);
        if (!read_given(r, &f->value, &give[i].value))
            read_mismatch(r, f->name, "a value", &f->value);
    }
    e->given = v->fields;
    e->give = give;
    return true;
}

static bool next_scheme(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->schemes)
        return false;
    *out = p->scheme[i].name;
    return true;
}

static bool next_tier(void *ctx, size_t i, struct str *out) {
    const struct scheme *s = ctx;
    if (i >= (size_t)s->n)
        return false;
    *out = s->class[i].name;
    return true;
}

static bool next_campaign(void *ctx, size_t i, struct str *out) {
    const struct policy *p = ctx;
    if (i >= (size_t)p->campaigns)
        return false;
    *out = p->campaign[i].name;
    return true;
}

// Says that there is no such name, unless there is.
static bool known(struct reader *r, struct place at, const char *what, struct str name,
                  bool (*next)(void *ctx, size_t i, struct str *out), void *ctx) {
    struct str other, near = str_nearest(name, next, ctx);
    for (size_t i = 0; next(ctx, i, &other); i++)
        if (str_eq(name, other))
            return true;
    read_wrong(r, at, "unknown-name", "there is no %s '%s'%s%.*s%s", what, read_shown(r, name),
               near.n ? "; did you mean '" : "", (int)near.n, near.p, near.n ? "'?" : "");
    return false;
}

static bool read_tier_of(struct reader *r, struct str scheme, const struct node *v,
                         struct expected_class *out) {
    struct policy *p = r->policy;
    if (!read_name(r, v, &out->class))
        return false;
    if (str_is(scheme, "tier") && p->schemes > 0)
        scheme = p->scheme[0].name;
    out->scheme = scheme;
    if (!known(r, v->at, "tiers block", scheme, next_scheme, p))
        return true;
    for (int s = 0; s < p->schemes; s++)
        if (str_eq(p->scheme[s].name, scheme))
            known(r, v->at, "tier", out->class, next_tier, &p->scheme[s]);
    return true;
}

// The tier in the first scheme, or { scheme = tier, ... }.
bool read_expected_tier(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    int n = v->kind == NODE_STRING ? 1 : v->kind == NODE_TABLE && v->items == 0 ? v->fields : 0;
    struct expected_class *tier = arena_array(r->arena, (size_t)n, sizeof *tier);
    (void)row;
    e->classes = n;
    e->class = tier;
    if (v->kind == NODE_STRING)
        return read_tier_of(r, STR("tier"), v, tier);
    for (int i = 0; i < n; i++)
        if (!read_tier_of(r, v->field[i].name, &v->field[i].value, &tier[i]))
            return false;
    return n > 0;
}

bool read_expected_offers(struct reader *r, const struct row *row, const struct node *v,
                          void *into) {
    struct expectation *e = into;
    (void)row;
    if (!read_list(r, v, &e->offers, &e->offer))
        return false;
    e->has_offers = true;
    for (int i = 0; i < e->offers; i++)
        known(r, v->kind == NODE_TABLE ? v->item[i].at : v->at, "campaign", e->offer[i],
              next_campaign, r->policy);
    return true;
}

bool read_gives(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    read_fields(r, v, "gives", into);
    if (v->fields == 0)
        read_wrong(r, v->at, "gives-nothing",
                   "`gives` is empty: say which tier, or which offers ({ } for none)");
    return true;
}

bool read_test(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = &r->test[r->policy->tests];
    const struct node *body = read_body(r, v, &e->name);
    (void)row, (void)into;
    if (!body)
        return true;
    r->policy->tests++;
    e->at = v->at;
    read_no_items(r, body);
    read_fields(r, body, "test", e);
    return true;
}
