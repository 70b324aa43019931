// From formulas to expressions: every rule is parsed against the board, and what is wrong with any
// of them is found in one go.
#include "policy/compile.h"

#include <string.h>

#include "policy/pairs.h"
#include "policy/pool.h"
#include "policy/routine.h"

static const struct constant *constants_of(struct arena *a, const struct policy *p) {
    struct constant *list = arena_array(a, (size_t)p->params, sizeof *list);
    for (int i = 0; i < p->params; i++)
        list[i] = (struct constant){p->param[i].name, p->param[i].type, p->param[i].value};
    return list;
}

// The inputs, and the columns that tell of the tiers before.
static const struct expected *expected_of(struct arena *a, const struct policy *p, int *n) {
    struct expected *list =
        arena_array(a, (size_t)p->inputs + 3 * (size_t)p->schemes, sizeof *list);
    *n = 0;
    for (int i = 0; i < p->inputs; i++)
        list[(*n)++] = (struct expected){p->input[i].name, p->input[i].type, p->input[i].labels};
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++) {
        const struct memory *m = &s->memory;
        if (m->previous.name.n)
            list[(*n)++] = (struct expected){m->previous.name, TYPE_LABEL, NULL};
        if (m->since.name.n)
            list[(*n)++] = (struct expected){m->since.name, TYPE_DATE, NULL};
        if (m->reviewed.name.n)
            list[(*n)++] = (struct expected){m->reviewed.name, TYPE_DATE, NULL};
    }
    return list;
}

struct board *policy_board(struct arena *a, const struct policy *p, const struct host *host,
                           const struct dataset *data) {
    struct board_options o = {.host = host,
                              .data = data,
                              .declared = p->metric,
                              .n_declared = p->metrics,
                              .constants = constants_of(a, p),
                              .n_constants = p->params,
                              .currency = p->currency};
    o.expected = expected_of(a, p, &o.n_expected);
    struct board *b = board_new(a, &o);
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++)
        for (int i = 0; i < s->columns; i++)
            board_announce(b, scheme_expected(s, &s->column[i]));
    if (p->playbooks > 0)
        facts_announce(b);
    return b;
}

static void *copied(struct arena *a, const void *list, int n, size_t size) {
    void *copy = arena_array(a, (size_t)n, size);
    if (n > 0)
        memcpy(copy, list, (size_t)n * size);
    return copy;
}

// Functions, and the processes that call them, are a copy's own: so is what is found out about
// them.
static void copy_routines(struct arena *a, struct policy *p) {
    struct declared *metric = copied(a, p->metric, p->metrics, sizeof *metric);
    struct routine **routine = copied(a, p->routine, p->routines, sizeof *routine);
    for (int i = 0; i < p->routines; i++)
        routine[i] = copied(a, routine[i], 1, sizeof **routine);
    p->pool = pool_copy(a, p->pool);
    p->routine = routine;
    p->metric = metric;
    for (int i = 0; i < p->metrics; i++) {
        const struct computed *c = metric[i].computed;
        if (c)
            metric[i].computed =
                routine_metric(a, p, routine[routine_of(c)->index], c->type, c->labels);
    }
    for (int i = 0; i < p->sites; i++) {
        struct rule *rule = p->site[i].rule;
        rule->routine = rule->routine ? routine[rule->routine->index] : NULL;
    }
}

static void copy_template(struct arena *a, struct template *t) {
    t->piece = copied(a, t->piece, t->pieces, sizeof *t->piece);
}

struct policy *policy_copy(struct arena *a, const struct policy *p) {
    struct policy *copy = copied(a, p, 1, sizeof *p);
    copy->campaign = copied(a, p->campaign, p->campaigns, sizeof *p->campaign);
    copy->channel = copied(a, p->channel, p->channels, sizeof *p->channel);
    copy->scheme = copied(a, p->scheme, p->schemes, sizeof *p->scheme);
    for (int i = 0; i < p->schemes; i++)
        copy->scheme[i].class =
            copied(a, p->scheme[i].class, p->scheme[i].n, sizeof *p->scheme[i].class);
    copy->referral = copied(a, p->referral, p->referrals, sizeof *p->referral);
    for (int i = 0; i < p->referrals; i++)
        copy->referral[i].prize =
            copied(a, p->referral[i].prize, p->referral[i].prizes, sizeof *p->referral[i].prize);
    copy->playbook = copied(a, p->playbook, p->playbooks, sizeof *p->playbook);
    for (int i = 0; i < p->playbooks; i++) {
        copy_template(a, &copy->playbook[i].title);
        copy_template(a, &copy->playbook[i].text);
    }
    policy_list_sites(a, copy);
    copy_routines(a, copy);
    return copy;
}

// A metric's own errors have their place in the policy already.
static void check_metrics(const struct compile *c) {
    for (int i = 0; i < c->policy->metrics; i++) {
        const struct declared *m = &c->policy->metric[i];
        struct err err = {DONE};
        enum type type;
        const struct dict *labels;
        if (board_type(c->board, m->name, &type, &labels, &err) == DONE)
            continue;
        struct place at = {c->policy->path.p, err.line, err.column};
        findings_add(c->findings, SEVERITY_ERROR, "metric", err.line ? at : m->at, "%s", err.text);
    }
}

// A scope which also notices names whose metric is broken: what is wrong with a rule that reads one
// may be nothing but that.
struct noticing {
    const struct compile *compile;
    struct scope scope; // of the board, or of pairs
    bool broken;
};

static bool find_noticing(void *ctx, struct str name, struct symbol *out) {
    struct noticing *n = ctx;
    struct err err = {DONE};
    enum type type;
    const struct dict *labels;
    if (!n->scope.find(n->scope.ctx, name, out))
        return false;
    name = pairs_bare(name);
    n->broken |= name.n && board_type(n->compile->board, name, &type, &labels, &err) != DONE;
    return true;
}

static bool name_noticing(const void *ctx, size_t i, struct str *out) {
    const struct noticing *n = ctx;
    return n->scope.name(n->scope.ctx, i, out);
}

static void compile_routine(const struct compile *c, struct noticing *n, struct rule *rule,
                            const struct scope *scope, enum want want) {
    struct err err = {DONE};
    struct place at = rule->formula.at;
    enum shared_kind wanted = want == WANT_CONDITION ? SHARED_BOOLEAN : SHARED_NUMBER;
    if (routine_bind(c->arena, rule->routine, scope, wanted, NULL, &rule->bound, &at, &err) == DONE)
        compile_advice(c, rule->routine, scope, want);
    else if (!n->broken)
        findings_add(c->findings, SEVERITY_ERROR, "parameter", at, "%s", err.text);
}

static void compile_rule(const struct compile *c, const struct site *site) {
    static const enum want wants[] = {WANT_CONDITION, WANT_NUMBER, WANT_ANY}; // by kind of site
    struct rule *rule = site->rule;
    enum want want = wants[site->kind];
    struct scope of = site->referral ? pairs_scope(c->policy->pairs) : board_scope(c->board);
    struct noticing n = {c, of, false};
    struct scope scope = {&n, find_noticing, name_noticing};
    if (site->playbook)
        scope = facts_scope(c->arena, site->playbook, rule, scope);
    struct expr_error error;
    struct expr *expr;
    rule->expr = NULL;
    rule->bound = NULL;
    if (rule->routine)
        compile_routine(c, &n, rule, &scope, want);
    if (!rule->formula.text.p)
        return;
    if (expr_parse(c->arena, rule->formula.text, &scope, want, &expr, &error))
        rule->expr = expr;
    else if (!n.broken)
        findings_add(c->findings, SEVERITY_ERROR, "expression",
                     formula_place(&rule->formula, error.offset), "%s", error.text);
}

enum status policy_compile(struct arena *a, struct policy *p, struct board *board,
                           const struct dataset *data, struct findings *findings, struct err *err) {
    struct compile c = {a, p, board, data, findings};
    p->outcomes = NULL;
    compile_data(&c);
    check_metrics(&c);
    p->pairs = pairs_new(a, p, board, data);
    for (int i = 0; i < p->sites; i++)
        compile_rule(&c, &p->site[i]);
    compile_memory(&c);
    compile_tests(&c);
    compile_uses(&c);
    compile_playbooks(&c);
    return findings_err(findings, err);
}
