// The comparison as one JSON document. Every flow has its whole matrix.
#include "verb/diff.h"

static void money_field(struct json *j, const char *key, int64_t minor, int decimals) {
    json_key(j, str_of(key));
    json_money(j, minor, decimals);
}

static void side_json(struct json *j, const struct diff *x, enum side side) {
    const struct policy *p = x->opened[side].policy;
    json_field_open(j, side_name(side), '{');
    json_field_z(j, "file", x->path[side]);
    json_field_str(j, "policy", p->title);
    json_field_z(j, "sha256", p->sha256);
    json_field_open(j, "set", '{');
    for (int i = 0; i < p->params; i++)
        if (p->param[i].changed) {
            json_key(j, p->param[i].name);
            value_json(j, &p->param[i].value);
        }
    json_close(j, '}');
    json_field_integer(j, "faulty_customers", x->d[side]->faulty);
    json_close(j, '}');
}

static void movers_json(struct json *j, const struct diff *x, const struct movers *m) {
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    json_field_integer(j, "customers", m->customers);
    money_field(j, "cost", m->cost, decimals);
    money_field(j, "value", m->value, decimals);
    money_field(j, "net", m->net, decimals);
}

static void kinds_json(struct json *j, const struct diff *x) {
    json_field_open(j, "changes", '{');
    for (int k = 0; k < CHANGES; k++) {
        json_field_open(j, change_name((enum change)k), '{');
        movers_json(j, x, &x->compared->kind[k]);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void granted_json(struct json *j, const char *key, const struct granted *g, int decimals) {
    json_field_open(j, key, '{');
    json_field_integer(j, "customers", g->customers);
    money_field(j, "cost", g->cost, decimals);
    money_field(j, "value", g->value, decimals);
    money_field(j, "net", g->net, decimals);
    json_close(j, '}');
}

static void both_json(struct json *j, const struct diff *x, const struct granted *before,
                      const struct granted *after) {
    static const struct granted none;
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    const struct granted *a = before ? before : &none, *b = after ? after : &none;
    struct granted change = {b->customers - a->customers, b->cost - a->cost, b->value - a->value,
                             b->net - a->net};
    if (before)
        granted_json(j, "before", before, decimals);
    if (after)
        granted_json(j, "after", after, decimals);
    granted_json(j, "difference", &change, decimals);
}

static void campaigns_json(struct json *j, const struct diff *x) {
    const struct policy *p = x->opened[BEFORE].policy, *q = x->opened[AFTER].policy;
    struct granted *const *sums = x->compared->campaign;
    json_field_open(j, "campaigns", '{');
    for (int i = 0; i < p->campaigns; i++) {
        int k = policy_campaign(q, p->campaign[i].name);
        json_key(j, p->campaign[i].name);
        json_open(j, '{');
        both_json(j, x, &sums[BEFORE][i], k < 0 ? NULL : &sums[AFTER][k]);
        json_close(j, '}');
    }
    for (int k = 0; k < q->campaigns; k++) {
        if (policy_campaign(p, q->campaign[k].name) >= 0)
            continue;
        json_key(j, q->campaign[k].name);
        json_open(j, '{');
        both_json(j, x, NULL, &sums[AFTER][k]);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void referred_json(struct json *j, const struct diff *x, enum side side, int k) {
    const struct referred *r = &x->d[side]->referred[k];
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    json_field_open(j, side_name(side), '{');
    json_field_integer(j, "rewarded", r->count[REFERRAL_GRANTED]);
    money_field(j, "paid", r->paid, decimals);
    money_field(j, "taken_back", r->taken_back, decimals);
    json_close(j, '}');
}

static void names_json(struct json *j, const struct flow *f, enum side side) {
    json_field_open(j, side_name(side), '[');
    for (int i = 0; i < f->n[side]; i++)
        json_str(j, f->name_of[side][i]);
    json_close(j, ']');
}

static void flow_json(struct json *j, const struct diff *x, const struct flow *f) {
    json_open(j, '{');
    json_field_integer(j, "changed", f->changed);
    names_json(j, f, BEFORE);
    names_json(j, f, AFTER);
    json_field_open(j, "matrix", '[');
    for (int from = 0; from < f->n[BEFORE]; from++) {
        json_open(j, '[');
        for (int to = 0; to < f->n[AFTER]; to++)
            json_integer(j, f->cell[from * f->n[AFTER] + to].movers.customers);
        json_close(j, ']');
    }
    json_close(j, ']');
    json_field_open(j, "moves", '[');
    for (int i = 0; i < f->moves; i++) {
        json_open(j, '{');
        json_field_str(j, "from", f->name_of[BEFORE][f->move[i]->from]);
        json_field_str(j, "to", f->name_of[AFTER][f->move[i]->to]);
        movers_json(j, x, &f->move[i]->movers);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_open(j, "renamed", '{');
    for (int from = 0; from < f->n[BEFORE]; from++)
        if (flow_renamed(f, from) >= 0) {
            json_key(j, f->name_of[BEFORE][from]);
            json_str(j, f->name_of[AFTER][flow_renamed(f, from)]);
        }
    json_close(j, '}');
    json_close(j, '}');
}

static void schemes_json(struct json *j, const struct diff *x) {
    json_field_open(j, "schemes", '{');
    for (int s = 0; s < x->compared->schemes; s++) {
        json_key(j, x->compared->scheme[s].name);
        flow_json(j, x, &x->compared->scheme[s]);
    }
    json_close(j, '}');
    json_field_open(j, "schemes_of_one", '{');
    for (int s = BEFORE; s < SIDES; s++)
        for (int i = 0; i < x->opened[s].policy->schemes; i++) {
            struct str name = x->opened[s].policy->scheme[i].name;
            if (policy_scheme(x->opened[!s].policy, name) >= 0)
                continue;
            json_key(j, name);
            json_z(j, side_name(s));
        }
    json_close(j, '}');
}

// Blocks by name: both sides, and of those that both policies have what became of the referrals.
static void referrals_json(struct json *j, const struct diff *x) {
    const struct policy *p = x->opened[BEFORE].policy, *q = x->opened[AFTER].policy;
    json_field_open(j, "referrals", '{');
    for (int i = 0; i < p->referrals; i++) {
        int k = policy_referral(q, p->referral[i].name);
        json_key(j, p->referral[i].name);
        json_open(j, '{');
        referred_json(j, x, BEFORE, i);
        if (k >= 0)
            referred_json(j, x, AFTER, k);
        for (int f = 0; f < x->compared->referrals; f++)
            if (x->compared->referral[f].index[BEFORE] == i) {
                json_key(j, STR("flow"));
                flow_json(j, x, &x->compared->referral[f]);
            }
        json_close(j, '}');
    }
    for (int k = 0; k < q->referrals; k++) {
        if (policy_referral(p, q->referral[k].name) >= 0)
            continue;
        json_key(j, q->referral[k].name);
        json_open(j, '{');
        referred_json(j, x, AFTER, k);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void cause_json(struct json *j, const char *key, const struct cause_side *s) {
    if (!s->site)
        return;
    struct place at = cause_place(s);
    json_field_open(j, key, '{');
    json_field_z(j, "file", at.file);
    json_field_integer(j, "line", at.line);
    json_field_integer(j, "column", at.column);
    json_field_z(j, "rule", s->site->word);
    if (s->told.rule->expr)
        json_field_str(j, "expression", expr_text(s->told.rule->expr));
    if (s->told.values.n)
        json_field_str(j, "values", s->told.values);
    if (s->told.reading.outcome.kind == OUTCOME_VALUE) {
        json_key(j, STR("result"));
        value_json(j, &s->told.reading.outcome.value);
    }
    if (s->clause) {
        json_field_str(j, "clause", s->clause->text);
        json_field_z(j, "truth", truth_words[s->clause->alone]);
        json_field_str(j, "values", s->clause->values);
    }
    json_close(j, '}');
}

static void change_json(struct json *j, const struct told_change *t) {
    json_open(j, '{');
    json_field_z(j, "change", change_name(t->kind));
    if (t->flow) {
        json_field_str(j, "of", t->flow->name);
        json_field_str(j, "from", t->flow->name_of[BEFORE][t->move->from]);
        json_field_str(j, "to", t->flow->name_of[AFTER][t->move->to]);
    }
    json_field_str(j, "cause", t->cause.text);
    cause_json(j, "before", &t->cause.side[BEFORE]);
    cause_json(j, "after", &t->cause.side[AFTER]);
    json_close(j, '}');
}

static void examples_json(struct json *j, const struct diff *x) {
    json_field_open(j, "examples", '[');
    for (int i = 0; i < x->examples; i++) {
        const struct example *e = &x->example[i];
        json_open(j, '{');
        json_field_str(j, "customer", column_str(x->opened[BEFORE].loaded.data.id, e->customer));
        json_field_open(j, "changes", '[');
        for (int k = 0; k < e->changes; k++)
            change_json(j, &e->change[k]);
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
}

void diff_json(const void *result, struct json *j) {
    const struct diff *x = result;
    const struct comparison *k = x->compared;
    json_open(j, '{');
    json_key(j, STR("data"));
    data_json(j, &x->opened[BEFORE].loaded);
    side_json(j, x, BEFORE);
    side_json(j, x, AFTER);
    json_field_integer(j, "changed", k->changed);
    kinds_json(j, x);
    json_field_open(j, "granted", '{');
    both_json(j, x, &k->all[BEFORE], &k->all[AFTER]);
    json_close(j, '}');
    schemes_json(j, x);
    json_key(j, STR("offers"));
    flow_json(j, x, &k->offer);
    campaigns_json(j, x);
    referrals_json(j, x);
    examples_json(j, x);
    json_key(j, STR("findings"));
    findings_json(j, &x->opened[BEFORE].findings);
    json_close(j, '}');
}
