// Campaigns: that somebody can get the offer, that its cost is known, and that its caps can be met.
#include <string.h>

#include "base/money.h"
#include "base/number.h"
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

// Nobody is rewarded: nobody qualifies, or all who do are blocked.
static void check_referral(const struct audit *a, const struct referral *r) {
    struct part part[] = {part_of(&r->qualifies, HOLDS), part_of(&r->block, FAILS)};
    struct question q;
    if (!rule_given(&r->qualifies) || audit_ask(a, part, 1, &q) == ANSWER_PROOF)
        return; // which is said of the condition by itself
    if (rule_given(&r->block) && audit_ask(a, part, 2, &q) == ANSWER_PROOF)
        audit_report(a, SEVERITY_WARNING, "always-suppressed", r->block.formula.at, &q,
                     "nobody is rewarded by \"%.*s\", since `block` takes all who qualify",
                     (int)r->name.n, r->name.p);
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
    if (rule_given(&c->cost) || campaign_lets_go(c) || c->offer.kind.n == 0)
        return;
    findings_add(
        a->findings, SEVERITY_WARNING, "no-cost", c->offer.at,
        "the offer of \"%.*s\" has no cost, so it counts as free: give its cost, or say so "
        "with cost = \"0\"",
        (int)c->name.n, c->name.p);
}

// ---- caps -------------------------------------------------------------------------------------

// Whose caps they are: a campaign's, or a referral programme's.
struct capped {
    const struct audit *audit;
    struct str name;
    struct place at;
    const struct caps *caps;
};

static void contradiction(const struct capped *k, const char *text) {
    findings_add(k->audit->findings, SEVERITY_WARNING, "caps-contradict", k->at,
                 "the caps of \"%.*s\" contradict each other: %s", (int)k->name.n, k->name.p, text);
}

static bool same_window(const struct limit *x, const struct limit *y) {
    return x->per.days == y->per.days && x->per.months == y->per.months;
}

// The sum of the caps of all classes; -1 if some class has none.
static int64_t all_classes(const struct capped *k) {
    const struct scheme *s = &k->audit->policy->scheme[k->caps->scheme];
    int64_t sum = 0;
    for (int i = 0; i < s->n; i++) {
        if (k->caps->most[i] < 0)
            return -1;
        sum += k->caps->most[i];
    }
    return sum;
}

static void check_classes(const struct capped *k) {
    const struct scheme *s = &k->audit->policy->scheme[k->caps->scheme];
    struct arena *a = k->audit->arena;
    double total = k->caps->total.most;
    int64_t sum = all_classes(k);
    for (int i = 0; i < s->n; i++)
        if ((double)k->caps->most[i] > total)
            contradiction(k, arena_printf(a, "\"%.*s\" may have it %lld times, all together %.14g",
                                          (int)s->class[i].name.n, s->class[i].name.p,
                                          (long long)k->caps->most[i], total));
    if (sum >= 0 && (double)sum < total)
        contradiction(k, arena_printf(a,
                                      "the classes may have it %lld times in all, so the total "
                                      "of %.14g is never reached",
                                      (long long)sum, total));
}

static void check_caps(const struct capped *k) {
    const struct caps *c = k->caps;
    if (c->total.given && c->customer.given && same_window(&c->total, &c->customer) &&
        c->customer.most > c->total.most)
        contradiction(k, arena_printf(k->audit->arena,
                                      "a customer may have it %.14g times, all together %.14g",
                                      c->customer.most, c->total.most));
    if (c->total.given && c->most)
        check_classes(k);
}

// Whether for nobody for whom `when` holds the cost is that little. (It may be rounded down to it,
// by less than a minor unit.)
static bool always_above(const struct audit *a, const struct rule *when, const struct rule *cost,
                         double most, struct question *q) {
    struct scope scope = board_scope(a->board);
    struct expr_error error;
    struct expr *e;
    if (!cost->expr)
        return false;
    char number[NUMBER_MAX];
    double scale = (double)money_scale(board_decimals(a->board));
    struct str text = str_of(
        arena_printf(a->arena, "(%.*s) <= %.*s", (int)cost->formula.text.n, cost->formula.text.p,
                     number_print((most * scale + 1) / scale, number), number));
    if (!expr_parse(a->arena, text, &scope, WANT_CONDITION, &e, &error))
        return false;
    struct rule *within = arena_alloc(a->arena, sizeof *within);
    struct part *part = arena_array(a->arena, 2, sizeof *part);
    *within = (struct rule){.formula = {.text = text, .at = cost->formula.at}, .expr = e};
    part[0] = part_of(within, HOLDS);
    part[1] = part_of(when, HOLDS);
    return audit_ask(a, part, rule_given(when) ? 2 : 1, q) == ANSWER_PROOF;
}

static void check_budget(const struct audit *a, const struct campaign *c) {
    struct question q;
    if (c->caps.budget.given && always_above(a, &c->when, &c->cost, c->caps.budget.most, &q))
        audit_report(a, SEVERITY_WARNING, "budget-too-small", c->at, &q,
                     "the budget of \"%.*s\" is less than a single offer costs", (int)c->name.n,
                     c->name.p);
}

// The most that a waived fee comes to, which stands in the text of the offer only.
static bool find_most(const struct offer *o, double *out) {
    static const char word[] = " up_to=";
    const char *at =
        str_is(o->kind, "waive_fee") ? memmem(o->text.p, o->text.n, word, sizeof word - 1) : NULL;
    if (!at)
        return false;
    const char *number = at + sizeof word - 1, *end = o->text.p + o->text.n;
    const char *blank = memchr(number, ' ', (size_t)(end - number));
    return number_double((struct str){number, (size_t)((blank ? blank : end) - number)}, '.', out);
}

static void check_offer(const struct audit *a, const struct campaign *c) {
    struct question q;
    double most;
    if (find_most(&c->offer, &most) && always_above(a, &c->when, &c->cost, most, &q))
        audit_report(a, SEVERITY_NOTE, "cost-above-offer", c->cost.formula.at, &q,
                     "the cost of \"%.*s\" is above the %.14g that its offer waives at most",
                     (int)c->name.n, c->name.p, most);
}

void audit_campaigns(const struct audit *a) {
    for (int i = 0; i < a->policy->campaigns; i++) {
        const struct campaign *c = &a->policy->campaign[i];
        struct capped k = {a, c->name, c->at, &c->caps};
        check_when(a, c);
        check_never(a, c);
        check_cost(a, c);
        check_caps(&k);
        check_budget(a, c);
        check_offer(a, c);
    }
    for (int i = 0; i < a->policy->referrals; i++) {
        const struct referral *r = &a->policy->referral[i];
        check_referral(a, r);
        check_caps(&(struct capped){a, r->name, r->at, &r->caps});
    }
}
