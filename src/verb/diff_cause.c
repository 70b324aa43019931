// Why a decision is another one: the rule that comes out otherwise on the other side, and in it the
// clause. Rules are compared by where they stand (the `when` of gold, the `never` of a campaign),
// clauses by their text or, if that was rewritten, by the first column that they read or by where
// they stand among as many.
#include <string.h>

#include "base/money.h"
#include "base/number.h"
#include "verb/diff.h"

struct place cause_place(const struct cause_side *s) {
    return formula_place(&s->site->rule->formula, s->clause ? s->clause->offset : 0);
}

// ---- clauses ------------------------------------------------------------------------------------

// "recency_days" of "recency_days = 45, churn_cut = 0.35".
static struct str first_column(const struct clause *c) {
    const char *end = c->values.n ? memmem(c->values.p, c->values.n, " = ", 3) : NULL;
    return end ? (struct str){c->values.p, (size_t)(end - c->values.p)} : c->missing;
}

static const struct clause *same_text(const struct told *t, struct str text) {
    for (int i = 0; i < t->clauses; i++)
        if (str_eq(t->clause[i].text, text))
            return &t->clause[i];
    return NULL;
}

// The clause of `other` that stands for this one of `own`, or NULL.
static const struct clause *counterpart(const struct told *own, const struct clause *clause,
                                        const struct told *other) {
    const struct clause *same = same_text(other, clause->text);
    struct str column = first_column(clause);
    for (int i = 0; !same && column.n && i < other->clauses; i++) {
        const struct clause *c = &other->clause[i];
        if (str_eq(first_column(c), column) && !same_text(own, c->text))
            same = c;
    }
    ptrdiff_t nth = clause - own->clause;
    if (!same && own->clauses == other->clauses && !same_text(own, other->clause[nth].text))
        same = &other->clause[nth];
    return same;
}

// The first pair of clauses that stand for each other and came out otherwise; a deciding one keeps
// its rule from holding on the one side and not on the other.
static bool find_pair(struct cause_side *lost, struct cause_side *held, bool deciding) {
    for (int i = 0; i < lost->told.clauses; i++) {
        const struct clause *c = &lost->told.clause[i];
        const struct clause *other = counterpart(&lost->told, c, &held->told);
        if (!other || other->alone == c->alone ||
            (deciding && (!clause_is_wrong(c) || clause_is_wrong(other))))
            continue;
        lost->clause = c;
        held->clause = other;
        return true;
    }
    return false;
}

// The first clause that is as `wrong` says and has none on the other side that stands for it.
static const struct clause *find_lone(const struct told *own, const struct told *other,
                                      bool wrong) {
    for (int i = 0; i < own->clauses; i++)
        if (clause_is_wrong(&own->clause[i]) == wrong && !counterpart(own, &own->clause[i], other))
            return &own->clause[i];
    return NULL;
}

// On the side where the rule does not hold, the clause that does not either and did where it holds,
// or is not there; failing that, a clause there that is gone here; failing that, any that differs.
static void find_clauses(struct cause_side *lost, struct cause_side *held) {
    if (find_pair(lost, held, true))
        return;
    lost->clause = find_lone(&lost->told, &held->told, true);
    if (!lost->clause)
        held->clause = find_lone(&held->told, &lost->told, false);
    if (!lost->clause && !held->clause)
        find_pair(lost, held, false);
}

// ---- rules --------------------------------------------------------------------------------------

// The rules among which a cause is looked for: those of a scheme, or of one of its classes, or of a
// campaign, or of a channel, or of a referral block.
struct part {
    struct str scheme, class, campaign;
    enum site_kind kind;
    struct str channel, referral;
    int64_t edge; // about which a referral's rules are asked
};

static bool names(struct str wanted, struct str name) {
    return !wanted.n || str_eq(wanted, name);
}

static struct str scheme_of(const struct site *s) {
    return s->scheme ? s->scheme->name : STR("");
}

static struct str class_of(const struct site *s) {
    return s->class ? s->class->name : STR("");
}

static struct str campaign_of(const struct site *s) {
    return s->campaign ? s->campaign->name : STR("");
}

static struct str channel_of(const struct site *s) {
    return s->channel ? s->channel->name : STR("");
}

static struct str referral_of(const struct site *s) {
    return s->referral ? s->referral->name : STR("");
}

static bool is_in(const struct site *s, const struct part *p) {
    return s->kind == p->kind && names(p->scheme, scheme_of(s)) && names(p->class, class_of(s)) &&
           names(p->campaign, campaign_of(s)) && names(p->channel, channel_of(s)) &&
           names(p->referral, referral_of(s));
}

static bool same_site(const struct site *a, const struct site *b) {
    return strcmp(a->word, b->word) == 0 && str_eq(scheme_of(a), scheme_of(b)) &&
           str_eq(class_of(a), class_of(b)) && str_eq(campaign_of(a), campaign_of(b)) &&
           str_eq(channel_of(a), channel_of(b)) && str_eq(referral_of(a), referral_of(b));
}

// The rule of the other policy that stands where this one does: the n-th of those alike.
static const struct site *other_site(const struct policy *own, const struct site *site,
                                     const struct policy *other) {
    int nth = 0;
    for (const struct site *s = own->site; s < site; s++)
        nth += same_site(s, site);
    for (const struct site *s = other->site; s < other->site + other->sites; s++)
        if (same_site(s, site) && nth-- == 0)
            return s;
    return NULL;
}

// A referral's rule is asked about the edge, any other about the customer.
static enum status tell_side(struct call *c, const struct diff *x, enum side side, int64_t customer,
                             const struct part *part, const struct site *site,
                             struct cause_side *out, struct err *err) {
    *out = (struct cause_side){.site = site};
    if (!site)
        return DONE;
    if (!site->referral)
        return explain_rule(c, x->d[side], customer, site, &out->told, err);
    explain_edge_rule(c, x->d[side], part->edge, site, &out->told);
    return DONE;
}

// What a condition came to. One that is not there lets everybody pass.
enum holding { HOLDS_NOT, HOLDS, HOLDS_MISSING, HOLDS_FAULT };

static enum holding holding(const struct cause_side *s, const char *word) {
    const struct outcome *o = &s->told.reading.outcome;
    if (!s->site)
        return strcmp(word, "when") == 0 ? HOLDS : HOLDS_NOT;
    if (o->kind != OUTCOME_VALUE)
        return o->kind == OUTCOME_MISSING ? HOLDS_MISSING : HOLDS_FAULT;
    return o->value.boolean ? HOLDS : HOLDS_NOT;
}

static double number_of(const struct outcome *o) {
    return o->value.tag == VALUE_INTEGER ? (double)o->value.integer : o->value.number;
}

static bool same_amount(const struct cause_side *a, const struct cause_side *b) {
    const struct outcome *x = &a->told.reading.outcome, *y = &b->told.reading.outcome;
    if (!a->site || !b->site || x->kind != y->kind || x->kind != OUTCOME_VALUE)
        return a->site == b->site;
    return number_of(x) == number_of(y);
}

// Whether the rule comes out otherwise; the clauses that did it.
static bool is_flipped(struct cause *k, const struct site *site) {
    if (site->kind == SITE_AMOUNT)
        return !same_amount(&k->side[BEFORE], &k->side[AFTER]);
    enum holding before = holding(&k->side[BEFORE], site->word),
                 after = holding(&k->side[AFTER], site->word);
    if (before == after)
        return false;
    enum side held = after == HOLDS ? AFTER : BEFORE;
    find_clauses(&k->side[!held], &k->side[held]);
    return true;
}

static void name_rule(struct call *c, const struct site *site, struct cause *k) {
    struct str owner = site->class      ? site->class->name
                       : site->referral ? site->referral->name
                       : site->channel  ? site->channel->name
                                        : campaign_of(site);
    k->text = str_of(arena_printf(c->arena, "%.*s, %s", (int)owner.n, owner.p, site->word));
}

// The first rule of the part that comes out otherwise; k->text stays empty if there is none.
static enum status find_flip(struct call *c, const struct diff *x, int64_t customer,
                             struct part part, struct cause *k, struct err *err) {
    for (int own = BEFORE; own < SIDES; own++) {
        const struct policy *p = x->opened[own].policy, *q = x->opened[!own].policy;
        for (const struct site *s = p->site; s < p->site + p->sites; s++) {
            const struct site *other = is_in(s, &part) ? other_site(p, s, q) : NULL;
            if (!is_in(s, &part) || (other && own == AFTER))
                continue; // seen from the other side
            TRY(tell_side(c, x, own, customer, &part, s, &k->side[own], err));
            TRY(tell_side(c, x, !own, customer, &part, other, &k->side[!own], err));
            if (!is_flipped(k, s))
                continue;
            name_rule(c, s, k);
            return DONE;
        }
    }
    k->side[BEFORE] = k->side[AFTER] = (struct cause_side){0};
    return DONE;
}

// What stands in one policy only, with the first clause of its `when` that holds.
static enum status only_in(struct call *c, const struct diff *x, enum side side, int64_t customer,
                           struct str name, struct part part, struct cause *k, struct err *err) {
    const struct policy *p = x->opened[side].policy;
    struct cause_side *own = &k->side[side];
    k->only = true;
    k->text = str_of(
        arena_printf(c->arena, "%.*s stands only in %s", (int)name.n, name.p, x->path[side]));
    for (const struct site *s = p->site; s < p->site + p->sites && !own->site; s++)
        if (is_in(s, &part))
            TRY(tell_side(c, x, side, customer, &part, s, own, err));
    for (int i = 0; i < own->told.clauses && !own->clause; i++)
        if (!clause_is_wrong(&own->told.clause[i]))
            own->clause = &own->told.clause[i];
    return DONE;
}

// ---- classes ------------------------------------------------------------------------------------

static int class_in(const struct scheme *s, struct str name) {
    for (int i = 0; i < s->n; i++)
        if (str_eq(s->class[i].name, name))
            return i;
    return -1;
}

static enum status class_side(struct call *c, const struct diff *x, enum side side,
                              int64_t customer, struct told_change *t, struct err *err) {
    const struct scheme *own = &x->opened[side].policy->scheme[t->flow->index[side]];
    const struct scheme *other = &x->opened[!side].policy->scheme[t->flow->index[!side]];
    int class = compare_class(x->compared, t->flow, side, customer);
    if (class >= own->n)
        return DONE;
    struct str name = own->class[class].name;
    struct part part = {own->name, name, STR(""), SITE_CONDITION};
    if (class_in(other, name) < 0)
        return only_in(c, x, side, customer, name, part, &t->cause, err);
    return find_flip(c, x, customer, part, &t->cause, err);
}

// Whether the class is the same, and only what it says of itself is not.
static bool same_class(const struct diff *x, int64_t customer, const struct flow *f,
                       struct str *name) {
    struct str names[SIDES] = {STR(""), STR("")};
    for (int s = BEFORE; s < SIDES; s++) {
        const struct scheme *own = &x->opened[s].policy->scheme[f->index[s]];
        int class = compare_class(x->compared, f, s, customer);
        if (class < own->n)
            names[s] = own->class[class].name;
    }
    *name = names[AFTER];
    return f->state[AFTER] && names[AFTER].n && str_eq(names[BEFORE], names[AFTER]);
}

// The class that was had, then the one that is had now, then any other of the scheme.
static enum status class_cause(struct call *c, const struct diff *x, int64_t customer,
                               struct told_change *t, struct err *err) {
    struct str name;
    if (same_class(x, customer, t->flow, &name)) {
        t->cause.text = str_of(arena_printf(c->arena, "%.*s has another %.*s", (int)name.n, name.p,
                                            (int)t->flow->name.n, t->flow->name.p));
        return DONE;
    }
    const struct scheme *scheme = &x->opened[BEFORE].policy->scheme[t->flow->index[BEFORE]];
    struct part any = {scheme->name, STR(""), STR(""), SITE_CONDITION};
    TRY(class_side(c, x, BEFORE, customer, t, err));
    if (!t->cause.text.n)
        TRY(class_side(c, x, AFTER, customer, t, err));
    if (!t->cause.text.n)
        TRY(find_flip(c, x, customer, any, &t->cause, err));
    if (!t->cause.text.n)
        t->cause.text =
            STR("every rule comes out alike: their order is another, or the memory of the tiers");
    return DONE;
}

// ---- offers -------------------------------------------------------------------------------------

// The campaign whose offer the customer won, held out or not; NULL: none.
static const struct campaign *won(const struct diff *x, enum side side, int64_t customer) {
    const struct decisions *d = x->d[side];
    int64_t chosen = d->chosen[customer];
    return chosen < 0 ? NULL : &d->policy->campaign[d->candidate[chosen].campaign];
}

static enum reason reason_of(const struct diff *x, enum side side, struct str campaign,
                             int64_t customer) {
    return x->d[side]->reason[policy_campaign(x->opened[side].policy, campaign)][customer];
}

// "lift: outbid before, granted after"
static struct str reasons_text(struct call *c, const struct diff *x, int64_t customer,
                               struct str campaign) {
    return str_of(arena_printf(c->arena, "%.*s: %s before, %s after", (int)campaign.n, campaign.p,
                               reason_name(reason_of(x, BEFORE, campaign, customer)),
                               reason_name(reason_of(x, AFTER, campaign, customer))));
}

static enum status offer_side(struct call *c, const struct diff *x, enum side side,
                              int64_t customer, struct told_change *t, struct err *err) {
    const struct campaign *k = won(x, side, customer);
    if (!k)
        return DONE;
    struct part part = {STR(""), STR(""), k->name, SITE_CONDITION};
    if (policy_campaign(x->opened[!side].policy, k->name) < 0)
        return only_in(c, x, side, customer, k->name, part, &t->cause, err);
    enum reason other = reason_of(x, !side, k->name, customer);
    if (reason_is_won(other) || other == REASON_OUTBID)
        return DONE;
    TRY(find_flip(c, x, customer, part, &t->cause, err));
    for (int i = 0; other == REASON_NO_CHANNEL && i < k->channels && !t->cause.text.n; i++) {
        struct part way = {.kind = SITE_CONDITION,
                           .channel = x->opened[side].policy->channel[k->channel[i]].name};
        TRY(find_flip(c, x, customer, way, &t->cause, err));
    }
    if (!t->cause.text.n)
        t->cause.text = reasons_text(c, x, customer, k->name);
    return DONE;
}

// Why the old offer is not made any more, or the new one was not; else the two compete, and an
// amount decided.
static enum status offer_cause(struct call *c, const struct diff *x, int64_t customer,
                               struct told_change *t, struct err *err) {
    TRY(offer_side(c, x, BEFORE, customer, t, err));
    if (!t->cause.text.n)
        TRY(offer_side(c, x, AFTER, customer, t, err));
    for (int s = BEFORE; s < SIDES && !t->cause.text.n; s++) {
        const struct campaign *k = won(x, s, customer);
        struct part part = {STR(""), STR(""), k ? k->name : STR(""), SITE_AMOUNT};
        if (k)
            TRY(find_flip(c, x, customer, part, &t->cause, err));
    }
    const struct campaign *last = won(x, won(x, AFTER, customer) ? AFTER : BEFORE, customer);
    if (!t->cause.text.n)
        t->cause.text = reasons_text(c, x, customer, last->name);
    return DONE;
}

static struct str terms_text(struct call *c, const struct diff *x, int64_t customer,
                             struct str (*of)(const struct comparison *k, enum side side,
                                              const struct candidate *g)) {
    struct str text[SIDES];
    for (int s = BEFORE; s < SIDES; s++)
        text[s] = of(x->compared, s, compare_grant(x->compared, s, customer));
    return str_of(arena_printf(c->arena, "%.*s before, %.*s after", (int)text[BEFORE].n,
                               text[BEFORE].p, (int)text[AFTER].n, text[AFTER].p));
}

static enum status amount_cause(struct call *c, const struct diff *x, int64_t customer,
                                struct told_change *t, struct err *err) {
    struct str name = won(x, AFTER, customer)->name;
    struct part part = {STR(""), STR(""), name, SITE_AMOUNT};
    TRY(find_flip(c, x, customer, part, &t->cause, err));
    if (!t->cause.text.n)
        t->cause.text = reasons_text(c, x, customer, name);
    return DONE;
}

// ---- rewards ------------------------------------------------------------------------------------

static bool is_of(const struct edges *e, int64_t edge, int64_t customer) {
    return e->referrer[edge] == customer || e->friend[edge] == customer;
}

// The first referral of the customer of which a block of both policies made something else.
static bool find_edge(const struct diff *x, int64_t customer, const struct flow **flow,
                      int64_t *edge) {
    const struct comparison *k = x->compared;
    for (int i = 0; i < k->referrals; i++) {
        const struct flow *f = *flow = &k->referral[i];
        const struct edges *e = x->d[BEFORE]->edges;
        const uint8_t *before = x->d[BEFORE]->referred[f->index[BEFORE]].reason;
        const uint8_t *after = x->d[AFTER]->referred[f->index[AFTER]].reason;
        for (*edge = 0; *edge < e->n; ++*edge)
            if (is_of(e, *edge, customer) && before[*edge] != after[*edge])
                return true;
    }
    return false;
}

static enum status reward_cause(struct call *c, const struct diff *x, int64_t customer,
                                struct told_change *t, struct err *err) {
    const struct flow *f;
    int64_t edge;
    if (!find_edge(x, customer, &f, &edge)) {
        t->cause.text =
            STR("the same referrals are rewarded, with other amounts or by other blocks");
        return DONE;
    }
    struct part part = {.kind = SITE_CONDITION, .referral = f->name, .edge = edge};
    TRY(find_flip(c, x, customer, part, &t->cause, err));
    const char *was[SIDES];
    for (int s = BEFORE; s < SIDES; s++)
        was[s] = referral_reason_name(x->d[s]->referred[f->index[s]].reason[edge]);
    struct str rule = t->cause.text.n ? t->cause.text : f->name;
    t->cause.text = str_of(arena_printf(c->arena, "%.*s: %s before, %s after", (int)rule.n, rule.p,
                                        was[BEFORE], was[AFTER]));
    return DONE;
}

// ---- all ----------------------------------------------------------------------------------------

static const struct failure *failure_of(const struct decisions *d, int64_t customer) {
    for (int64_t i = 0; i < d->failures; i++)
        if (d->failure[i].customer == customer)
            return &d->failure[i];
    return NULL;
}

static struct str failure_text(struct call *c, const struct diff *x, int64_t customer,
                               const struct told_change *t) {
    enum side side = t->move->from == t->flow->n[BEFORE] - 1 ? BEFORE : AFTER;
    const struct failure *f = failure_of(x->d[side], customer);
    return str_of(arena_printf(c->arena, "%s:%ld failed: %s", x->path[side], f->line, f->text));
}

enum status find_cause(struct call *c, const struct diff *x, int64_t customer,
                       struct told_change *change, struct err *err) {
    switch (change->kind) {
    case CHANGE_CLASS: return class_cause(c, x, customer, change, err);
    case CHANGE_OFFER: return offer_cause(c, x, customer, change, err);
    case CHANGE_TERMS: change->cause.text = terms_text(c, x, customer, compare_terms); break;
    case CHANGE_CHANNEL: change->cause.text = terms_text(c, x, customer, compare_channel); break;
    case CHANGE_AMOUNT: return amount_cause(c, x, customer, change, err);
    case CHANGE_REWARD: return reward_cause(c, x, customer, change, err);
    case CHANGE_FAILED: change->cause.text = failure_text(c, x, customer, change); break;
    case CHANGES: break;
    }
    return DONE;
}
