// patron explain: one customer's decision, clause by clause, and what came nearest to holding.
#include "verb/explain.h"

#include "verb/all.h"
#include "verb/planned.h"

bool clause_is_wrong(const struct clause *c) {
    return c->alone != (c->wanted ? CLAUSE_TRUE : CLAUSE_FALSE);
}

// The columns that the rule reads; decide() has computed them.
static enum status columns_of_rule(const struct explanation *x, const struct rule *rule,
                                   const struct column *const **columns, struct err *err) {
    const int *slots;
    int n = rule_slots(rule, &slots);
    *columns = NULL;
    return board_columns(x->opened.board, slots, n, columns, err);
}

// A condition that does not hold as a function is one clause away, at an unknown distance.
static enum status tell_call(const struct explanation *x, const struct rule *rule,
                             const struct column *const *columns, struct told *out,
                             struct err *err) {
    TRY(rule_call(rule, &x->d->evaluator[0], columns, x->customer, &out->called, err));
    const struct outcome *o = &out->called.outcome;
    bool holds = o->kind == OUTCOME_VALUE && o->value.tag == VALUE_BOOLEAN && o->value.boolean;
    out->reading = (struct reading){.outcome = *o, .misses = !holds};
    return DONE;
}

enum told_kind { TOLD_CONDITION, TOLD_AMOUNT };

static enum status tell_rule(struct call *c, const struct explanation *x, enum told_kind kind,
                             const struct rule *rule, struct told *out, struct err *err) {
    const struct column *const *columns;
    *out = (struct told){.rule = rule};
    if (!rule_given(rule))
        return DONE;
    TRY(columns_of_rule(x, rule, &columns, err));
    if (rule->bound)
        return tell_call(x, rule, columns, out, err);
    if (kind == TOLD_CONDITION) {
        out->clauses =
            expr_explain(rule->expr, columns, x->customer, c->arena, &out->clause, &out->reading);
        return DONE;
    }
    out->reading.outcome = expr_row(rule->expr, columns, x->customer, c->arena);
    out->values = expr_values(rule->expr, columns, x->customer, c->arena);
    return DONE;
}

enum status explain_rule(struct call *c, const struct decisions *d, int64_t customer,
                         const struct site *site, struct told *out, struct err *err) {
    struct explanation x = {.opened.board = d->board, .d = d, .customer = customer};
    enum told_kind kind = site->kind == SITE_CONDITION ? TOLD_CONDITION : TOLD_AMOUNT;
    return tell_rule(c, &x, kind, site->rule, out, err);
}

// Whether nothing was asked of a customer for whom a rule failed after this class.
static bool ended_there(const struct standing *t, const struct outcome *when) {
    return when->kind == OUTCOME_FAULT ||
           (when->kind == OUTCOME_VALUE && when->value.boolean && !t->hits);
}

static enum status tell_scheme(struct call *c, struct explanation *x, int scheme, struct err *err) {
    const struct standing *t = &x->d->standing[scheme];
    struct told_scheme *told = &x->schemes[scheme];
    bool first = column_has(t->class, x->customer) && !t->hits;
    int last = first ? t->class->code[x->customer] : t->scheme->n; // that was looked at
    told->standing = t;
    told->class = arena_array(c->arena, (size_t)t->scheme->n, sizeof *told->class);
    for (int i = 0; i < t->scheme->n; i++) {
        told->class[i] = (struct told_class){.class = &t->scheme->class[i],
                                             .reached = i <= last,
                                             .holds = standing_holds(t, x->customer, i)};
        TRY(tell_rule(c, x, TOLD_CONDITION, &t->scheme->class[i].when, &told->class[i].when, err));
        if (t->fault[x->customer] && ended_there(t, &told->class[i].when.reading.outcome))
            last = i < last ? i : last;
        if (t->before && t->before[x->customer] == i && i <= last)
            TRY(tell_rule(c, x, TOLD_CONDITION, &t->scheme->class[i].keep, &told->class[i].keep,
                          err));
    }
    return advice_find(c->arena, x->d, scheme, x->customer, &told->advice, &told->advices, err);
}

static const struct candidate *candidate_for(const struct decisions *d, int64_t customer,
                                             int campaign) {
    int64_t at = decide_candidates_from(d, customer, campaign);
    const struct candidate *c = &d->candidate[at];
    bool found = at < d->candidates && c->customer == customer && c->campaign == campaign;
    return found ? c : NULL;
}

static enum status tell_campaign(struct call *c, struct explanation *x, int i, struct err *err) {
    const struct campaign *campaign = &x->d->policy->campaign[i];
    struct told_campaign *told = &x->campaigns[i];
    told->campaign = campaign;
    told->reason = x->d->reason[i][x->customer];
    told->candidate = candidate_for(x->d, x->customer, i);
    TRY(tell_rule(c, x, TOLD_CONDITION, &campaign->when, &told->when, err));
    TRY(tell_rule(c, x, TOLD_CONDITION, &campaign->never, &told->never, err));
    TRY(tell_rule(c, x, TOLD_AMOUNT, &campaign->offer.amount, &told->amount, err));
    TRY(tell_rule(c, x, TOLD_AMOUNT, &campaign->cost, &told->cost, err));
    TRY(tell_rule(c, x, TOLD_AMOUNT, &campaign->value, &told->value, err));
    TRY(tell_rule(c, x, TOLD_AMOUNT, &campaign->effect.size, &told->size, err));
    return tell_rule(c, x, TOLD_AMOUNT, &campaign->effect.base, &told->base, err);
}

static enum status tell_channel(struct call *c, struct explanation *x, int i, struct err *err) {
    const struct channel *channel = &x->d->policy->channel[i];
    struct told_channel *told = &x->channels[i];
    told->channel = channel;
    TRY(tell_rule(c, x, TOLD_CONDITION, &channel->when, &told->when, err));
    return tell_rule(c, x, TOLD_CONDITION, &channel->never, &told->never, err);
}

// Fewest clauses, then the least distance, then order.
static bool nearer(const struct reading *a, const struct reading *b) {
    if (a->misses != b->misses)
        return a->misses < b->misses;
    if (!a->nearest || !b->nearest)
        return a->nearest && !b->nearest;
    return a->nearest->distance < b->nearest->distance;
}

static void find_nearest(struct explanation *x) {
    for (int i = 0; i < x->d->policy->campaigns; i++) {
        const struct told_campaign *c = &x->campaigns[i];
        bool missed = c->reason == REASON_INELIGIBLE || c->reason == REASON_UNKNOWN;
        if (missed && c->when.reading.misses > 0 &&
            (!x->nearest || nearer(&c->when.reading, &x->nearest->when.reading)))
            x->nearest = c;
    }
}

enum status explain_customer(struct call *c, struct explanation *x, struct err *err) {
    const struct policy *p = x->d->policy;
    x->schemes = arena_array(c->arena, (size_t)p->schemes, sizeof *x->schemes);
    x->campaigns = arena_array(c->arena, (size_t)p->campaigns, sizeof *x->campaigns);
    x->channels = arena_array(c->arena, (size_t)p->channels, sizeof *x->channels);
    for (int i = 0; i < p->schemes; i++)
        TRY(tell_scheme(c, x, i, err));
    for (int i = 0; i < p->channels; i++)
        TRY(tell_channel(c, x, i, err));
    for (int i = 0; i < p->campaigns; i++)
        TRY(tell_campaign(c, x, i, err));
    x->pressures = decide_pressures(c->arena, x->d, x->customer, &x->pressure);
    find_nearest(x);
    return explain_referrals(c, x, err);
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct explanation *x = arena_alloc(c->arena, sizeof *x);
    struct decisions *d;
    *result = x;
    TRY(open_both(c, c->args.positional[0], c->args.positional[1], &x->opened, err));
    TRY(plan_open(c, &x->opened, err));
    TRY(find_customer(&x->opened.loaded.data, c->args.positional[2], &x->customer, err));
    TRY(decide(c->arena, c->host, x->opened.policy, x->opened.board, &x->opened.loaded.data, &d,
               err));
    x->d = d;
    return explain_customer(c, x, err);
}

static const struct option options[] = {
    OPTION_OF_PLAN,  OPTION_OF_MODEL, OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA, OPTIONS_OF_ALL,  {NULL, NULL, NULL},
};

const struct verb verb_explain = {
    .name = "explain",
    .synopsis = "DATA POLICY CUSTOMER",
    .summary = "Show why one customer gets what a policy gives",
    .help =
        "Shows each tier and campaign clause by clause with the values that decided: yes, no,\n"
        "? a value is missing, ! failed; in brackets what was not reached, since the clauses\n"
        "before it had decided. Of a function it shows the arguments, what it gave, and the line\n"
        "that returned. The nearest miss is the campaign that needs the fewest clauses\n"
        "to change, with the value that would change the nearest of them. Then come the\n"
        "referrals that the customer made, and those that brought it.\n\n"
        "Examples:\n"
        "  patron explain samples/bank policies/card-retention.lua C005\n"
        "  patron explain samples/rfm-nine policies/churn-warning.lua 001 --json\n",
    .options = options,
    .least = 3,
    .most = 3,
    .run = run,
    .text = explain_text,
    .json = explain_json,
};
