// Which names the formulas of a policy read, directly and through metrics: what nothing reads is
// pointed out, and tiers may not depend on themselves.
//
// Names are taken from the text as Lua's lexer cuts it, so a formula that is wrong counts too. A
// string counts as the name of a column, since c["a column"] is one: at worst something unused is
// not pointed out.
#include <stdlib.h>

#include "metric/metric.h"
#include "metric/need.h"
#include "policy/compile.h"
#include "policy/routine.h"
#include "policy/source.h"

enum own_kind { OWN_INPUT, OWN_PARAM, OWN_METRIC, OWN_TIERS };

struct own {
    struct str name;
    enum own_kind kind;
    int index; // in its list
    struct place at;
    bool read;
};

struct uses {
    const struct compile *c;
    int n;
    struct own *own;              // by name
    const struct declared **open; // metrics that are read, and whose formulas are still to be
    int opened;
};

static int compare(const void *a, const void *b) {
    return str_cmp(((const struct own *)a)->name, ((const struct own *)b)->name);
}

static void add(struct uses *u, struct str name, enum own_kind kind, int index, struct place at) {
    u->own[u->n++] = (struct own){name, kind, index, at, false};
}

static void list_own(struct uses *u, const struct policy *p) {
    int most = p->inputs + p->params + p->metrics + 2 * p->schemes + 2;
    u->own = arena_array(u->c->arena, (size_t)most, sizeof *u->own);
    u->open = arena_array(u->c->arena, (size_t)p->metrics, sizeof *u->open);
    for (int i = 0; i < p->inputs; i++)
        add(u, p->input[i].name, OWN_INPUT, i, p->input[i].at);
    for (int i = 0; i < p->params; i++)
        add(u, p->param[i].name, OWN_PARAM, i, p->param[i].at);
    for (int i = 0; i < p->metrics; i++)
        add(u, p->metric[i].name, OWN_METRIC, i, p->metric[i].at);
    for (int i = 0; i < p->schemes; i++) {
        add(u, p->scheme[i].name, OWN_TIERS, i, p->scheme[i].at);
        add(u, p->scheme[i].undecided, OWN_TIERS, i, p->scheme[i].at);
    }
    if (p->schemes > 0 && !str_is(p->scheme[0].name, "tier")) {
        add(u, STR("tier"), OWN_TIERS, 0, p->scheme[0].at);
        add(u, STR("tier_undecided"), OWN_TIERS, 0, p->scheme[0].at);
    }
    qsort(u->own, (size_t)u->n, sizeof *u->own, compare);
}

static void read_needs(struct uses *u, const char *list);

static void read_name(struct uses *u, struct str name) {
    struct own key = {.name = name};
    struct own *own = bsearch(&key, u->own, (size_t)u->n, sizeof key, compare);
    const struct metric *metric = own ? NULL : metric_find(name);
    if (metric)
        read_needs(u, metric->inputs);
    if (!own || own->read)
        return;
    own->read = true;
    if (own->kind == OWN_METRIC)
        u->open[u->opened++] = &u->c->policy->metric[own->index];
}

// What a metric of the registry takes.
static void read_needs(struct uses *u, const char *list) {
    struct need need;
    struct str name;
    while (need_next(&list, &need))
        while (need_name(&need.names, &name))
            read_name(u, name);
}

// From a name to the end of the one behind a dot, `referral.status`; empty if there is none.
static struct str dotted(const struct token *t) {
    bool has = t[1].kind == TOKEN_SYMBOL && str_is(t[1].text, ".") && t[2].kind == TOKEN_NAME;
    const char *end = has ? t[2].text.p + t[2].text.n : t->text.p;
    return (struct str){t->text.p, (size_t)(end - t->text.p)};
}

static void read_formula(struct uses *u, const struct formula *f) {
    if (!f->text.p)
        return;
    struct arena *a = arena_child(u->c->arena);
    const struct source *s = source_new(a, NULL, f->text);
    for (size_t i = 0; i < s->n; i++)
        if (s->token[i].kind == TOKEN_NAME) {
            read_name(u, s->token[i].text);
            read_name(u, dotted(&s->token[i]));
        } else if (s->token[i].kind == TOKEN_STRING) {
            read_name(u, s->token[i].content);
        }
    arena_free(a);
}

static void read_parameters(struct uses *u, const struct routine *r) {
    for (int i = 0; r && i < r->parameters; i++)
        read_name(u, r->parameter[i].name);
}

static void read_rule(struct uses *u, const struct rule *rule) {
    read_formula(u, &rule->formula);
    read_parameters(u, rule->routine);
    while (u->opened > 0) {
        const struct declared *m = u->open[--u->opened];
        read_formula(u, &m->value);
        read_formula(u, &m->where);
        read_parameters(u, m->computed ? routine_of(m->computed) : NULL);
    }
}

// ---- tiers that depend on themselves ----------------------------------------------------------

static void check_order(struct uses *u, int scheme) {
    const struct scheme *t = &u->c->policy->scheme[scheme];
    for (int i = 0; i < u->n; i++)
        u->own[i].read = false;
    for (int i = 0; i < t->n; i++)
        read_rule(u, &t->class[i].when);
    for (int i = 0; i < u->n; i++) {
        const struct own *own = &u->own[i];
        if (own->kind == OWN_TIERS && own->read && own->index >= scheme)
            findings_add(u->c->findings, SEVERITY_ERROR, "tier-order", t->at,
                         "tiers '%.*s' depend on `%.*s`, which is not known before them; a tiers "
                         "block can only read those above it",
                         (int)t->name.n, t->name.p, (int)own->name.n, own->name.p);
    }
}

// ---- what nothing reads -----------------------------------------------------------------------

static void check_unused(struct uses *u) {
    static const char *const what[] = {"input", "param", "metric"};
    const struct policy *p = u->c->policy;
    for (int i = 0; i < u->n; i++)
        u->own[i].read = false;
    for (int i = 0; i < p->sites; i++)
        read_rule(u, p->site[i].rule);
    for (int i = 0; i < u->n; i++) {
        const struct own *own = &u->own[i];
        if (own->read || own->kind == OWN_TIERS)
            continue;
        // A metric may still be wanted beside the decisions, and reads what it reads then.
        bool metric = own->kind == OWN_METRIC;
        findings_add(u->c->findings, metric ? SEVERITY_NOTE : SEVERITY_WARNING, "unused", own->at,
                     "no rule reads the %s `%.*s`", what[own->kind], (int)own->name.n, own->name.p);
    }
}

void compile_uses(const struct compile *c) {
    struct uses u = {.c = c};
    list_own(&u, c->policy);
    for (int s = 0; s < c->policy->schemes; s++)
        check_order(&u, s);
    check_unused(&u);
}
