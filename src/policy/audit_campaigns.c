// Campaigns: that somebody can get the offer, that its cost is known, and that its caps can be met.
#include "policy/audit.h"

static void check_when(const struct audit *a, const struct campaign *c) {
    struct part part[] = {part_of(&c->when, HOLDS), part_of(&c->never, FAILS)};
    struct question q;
    if (!rule_given(&c->when))
        return;
    if (audit_ask(a, part, 1, &q) == ANSWER_PROOF)
        audit_report(a, SEVERITY_WARNING, "never-fires", c->when.formula.at, &q,
                     "nobody gets \"%.*s\", since its `when` never holds", (int)c->name.n,
                     c->name.p);
    else if (rule_given(&c->never) && audit_ask(a, part, 2, &q) == ANSWER_PROOF)
        audit_report(a, SEVERITY_WARNING, "always-suppressed", c->never.formula.at, &q,
                     "nobody gets \"%.*s\", since `never` takes all for whom `when` holds",
                     (int)c->name.n, c->name.p);
}

// Where it does not hold for anybody who could be offered something, it can only stop those whose
// values are missing.
static void check_never(const struct audit *a, const struct campaign *c) {
    struct part part[] = {part_of(&c->when, HOLDS), part_of(&c->never, HOLDS)};
    struct question q;
    if (!rule_given(&c->never) || !rule_given(&c->when) ||
        audit_ask(a, part, 1, &q) == ANSWER_PROOF)
        return;
    if (audit_ask(a, part, 2, &q) == ANSWER_PROOF)
        audit_report(a, SEVERITY_NOTE, "idle-never", c->never.formula.at, &q,
                     "`never` of \"%.*s\" holds for nobody for whom `when` does", (int)c->name.n,
                     c->name.p);
}

static void check_cost(const struct audit *a, const struct campaign *c) {
    if (rule_given(&c->cost) || str_is(c->offer.kind, "let_go") || c->offer.kind.n == 0)
        return;
    findings_add(
        a->findings, SEVERITY_WARNING, "no-cost", c->offer.at,
        "the offer of \"%.*s\" has no cost, so it counts as free: give its cost, or say so "
        "with cost = \"0\"",
        (int)c->name.n, c->name.p);
}

void audit_campaigns(const struct audit *a) {
    for (int i = 0; i < a->policy->campaigns; i++) {
        check_when(a, &a->policy->campaign[i]);
        check_never(a, &a->policy->campaign[i]);
        check_cost(a, &a->policy->campaign[i]);
    }
}
