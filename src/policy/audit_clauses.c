// Conditions by themselves: whether they say something, and whether each of their clauses does.
//
// A clause is redundant if the condition without it comes to the same for every customer, as far as
// that decides.
#include <string.h>

#include "policy/audit.h"

// Where a missing value counts as a yes: in what suppresses, and in what keeps.
static bool missing_is_yes(const struct site *s) {
    static const char *const words[] = {"never", "block", "keep"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(s->word, words[i]) == 0)
            return true;
    return false;
}

// Of a condition that is wrong as a whole, nothing is said clause by clause.
static bool said_already(const struct audit *a, const struct site *s) {
    const struct place *at = s->class ? &s->class->at : &s->rule->formula.at;
    for (int i = 0; i < a->findings->n; i++) {
        const struct finding *f = &a->findings->list[i];
        if (f->at.line == at->line && f->at.column == at->column && f->severity == SEVERITY_WARNING)
            return true;
    }
    return false;
}

static bool check_whole(const struct audit *a, const struct site *s) {
    struct part part = part_of(s->rule, FAILS);
    struct question q;
    const int *slots;
    bool reads = expr_slots(s->rule->expr, &slots) > 0;
    if (audit_ask(a, &part, 1, &q) == ANSWER_PROOF) {
        audit_report(a, SEVERITY_WARNING, "always-true", s->rule->formula.at, &q,
                     "this holds for every customer%s", reads ? " whose values are known" : "");
        return true;
    }
    part.outcomes = HOLDS;
    if (audit_ask(a, &part, 1, &q) != ANSWER_PROOF)
        return false;
    audit_report(a, SEVERITY_WARNING, "never-holds", s->rule->formula.at, &q,
                 "this holds for nobody");
    return true;
}

static enum answer_kind ask_two(const struct audit *a, const struct rule *rule, struct part x,
                                struct part y, struct question *q) {
    struct part *part = arena_array(a->arena, 2, sizeof *part);
    part[0] = x;
    part[1] = y;
    part[0].rule = part[1].rule = rule;
    return audit_ask(a, part, 2, q);
}

// Whether the rule without the clause decides as with it for everybody. Told by what is clearest:
// the others imply the clause (in an `and`), or it implies them (in an `or`).
static bool same_without(const struct audit *a, const struct site *s, int clause,
                         struct question *q) {
    unsigned yes = missing_is_yes(s) ? HOLDS | LACKS : HOLDS,
             no = missing_is_yes(s) ? FAILS : FAILS | LACKS;
    const struct rule *r = s->rule;
    struct part with = {.outcomes = yes}, without = {NULL, yes, CUT_CLAUSE, clause};
    struct part alone = {NULL, HOLDS, CUT_OTHERS, clause};
    struct part fails = with, rest_fails = without, alone_fails = alone;
    struct question clear;
    fails.outcomes = rest_fails.outcomes = no;
    alone_fails.outcomes = FAILS | LACKS;
    if (ask_two(a, r, with, rest_fails, q) != ANSWER_PROOF ||
        ask_two(a, r, without, fails, q) != ANSWER_PROOF)
        return false;
    if (ask_two(a, r, without, alone_fails, &clear) == ANSWER_PROOF ||
        ask_two(a, r, alone, rest_fails, &clear) == ANSWER_PROOF)
        *q = clear;
    return true;
}

static void check_clauses(const struct audit *a, const struct site *s) {
    int n = expr_clauses(s->rule->expr);
    for (int i = n - 1; i >= 0 && n > 1; i--) {
        struct question q;
        if (!same_without(a, s, i, &q))
            continue;
        struct clause_text c = expr_clause(s->rule->expr, i);
        q.end = formula_place(&s->rule->formula, c.offset + c.text.n);
        audit_report(a, SEVERITY_WARNING, "redundant-clause",
                     formula_place(&s->rule->formula, c.offset), &q,
                     "`%.*s` says nothing here: without it the same customers are meant",
                     (int)c.text.n, c.text.p);
        return; // of two that say the same each is redundant, and one has to stay
    }
}

// Whether the condition is put together from the cells of a row or the branches on a way: that one
// of them follows from others is no mistake there.
static bool is_composed(const struct site *s) {
    return s->scheme && s->scheme->kind != SCHEME_TIERS && s->scheme->kind != SCHEME_SEGMENTS;
}

// `true` or `false` alone is meant.
static bool is_plain(const struct expr *e) {
    return str_is(expr_text(e), "true") || str_is(expr_text(e), "false");
}

void audit_clauses(const struct audit *a) {
    for (const struct site *s = a->policy->site; s < a->policy->site + a->policy->sites; s++) {
        if (s->kind != SITE_CONDITION || !s->rule->expr || is_plain(s->rule->expr))
            continue;
        if (said_already(a, s) || check_whole(a, s))
            continue;
        if (!is_composed(s))
            check_clauses(a, s);
    }
}
