// Why a decision is another one: for each kind of change, among which rules the one is looked for
// that flipped, and what is said where none did.
#include "verb/flip.h"

struct place cause_place(const struct cause_side *s) {
    return formula_place(&s->site->rule->formula, s->clause ? s->clause->offset : 0);
}

// ---- classes ------------------------------------------------------------------------------------

static enum status class_side(const struct inquiry *q, enum side side, struct told_change *t,
                              struct err *err) {
    const struct scheme *own = &q->x->opened[side].policy->scheme[t->flow->index[side]];
    const struct scheme *other = &q->x->opened[!side].policy->scheme[t->flow->index[!side]];
    int class = compare_class(q->x->compared, t->flow, side, q->customer);
    if (class >= own->n)
        return DONE;
    struct str name = own->class[class].name;
    struct part part = {.scheme = own->name, .class = name, .kind = SITE_CONDITION};
    if (scheme_class(other, name) < 0)
        return flip_only(q, side, name, &part, &t->cause, err);
    return flip_find(q, &part, &t->cause, err);
}

// Whether the class is the same, and only what it says of itself is not.
static bool same_class(const struct inquiry *q, const struct flow *f, struct str *name) {
    struct str names[SIDES] = {STR(""), STR("")};
    for (int s = BEFORE; s < SIDES; s++) {
        const struct scheme *own = &q->x->opened[s].policy->scheme[f->index[s]];
        int class = compare_class(q->x->compared, f, s, q->customer);
        if (class < own->n)
            names[s] = own->class[class].name;
    }
    *name = names[AFTER];
    return f->state[AFTER] && names[AFTER].n && str_eq(names[BEFORE], names[AFTER]);
}

// The class that was had, then the one that is had now, then any other of the scheme.
static enum status class_cause(const struct inquiry *q, struct told_change *t, struct err *err) {
    struct str name;
    if (same_class(q, t->flow, &name)) {
        t->cause.text = str_of(arena_printf(q->call->arena, "%.*s has another %.*s", (int)name.n,
                                            name.p, (int)t->flow->name.n, t->flow->name.p));
        return DONE;
    }
    const struct scheme *scheme = &q->x->opened[BEFORE].policy->scheme[t->flow->index[BEFORE]];
    struct part any = {.scheme = scheme->name, .kind = SITE_CONDITION};
    TRY(class_side(q, BEFORE, t, err));
    if (!t->cause.text.n)
        TRY(class_side(q, AFTER, t, err));
    if (!t->cause.text.n)
        TRY(flip_find(q, &any, &t->cause, err));
    if (!t->cause.text.n)
        t->cause.text =
            STR("every rule comes out alike: their order is another, or the memory of the tiers");
    return DONE;
}

// ---- offers -------------------------------------------------------------------------------------

// The campaign whose offer the customer won, held out or not; NULL: none.
static const struct campaign *won(const struct inquiry *q, enum side side) {
    const struct decisions *d = q->x->d[side];
    int64_t chosen = d->chosen[q->customer];
    return chosen < 0 ? NULL : &d->policy->campaign[d->candidate[chosen].campaign];
}

static enum reason reason_of(const struct inquiry *q, enum side side, struct str campaign) {
    return q->x->d[side]->reason[policy_campaign(q->x->opened[side].policy, campaign)][q->customer];
}

// "lift: outbid before, granted after"
static struct str reasons_text(const struct inquiry *q, struct str campaign) {
    return str_of(arena_printf(q->call->arena, "%.*s: %s before, %s after", (int)campaign.n,
                               campaign.p, reason_name(reason_of(q, BEFORE, campaign)),
                               reason_name(reason_of(q, AFTER, campaign))));
}

static enum status offer_side(const struct inquiry *q, enum side side, struct told_change *t,
                              struct err *err) {
    const struct campaign *k = won(q, side);
    if (!k)
        return DONE;
    struct part part = {.campaign = k->name, .kind = SITE_CONDITION};
    if (policy_campaign(q->x->opened[!side].policy, k->name) < 0)
        return flip_only(q, side, k->name, &part, &t->cause, err);
    enum reason other = reason_of(q, !side, k->name);
    if (reason_is_won(other) || other == REASON_OUTBID)
        return DONE;
    TRY(flip_find(q, &part, &t->cause, err));
    for (int i = 0; other == REASON_NO_CHANNEL && i < k->channels && !t->cause.text.n; i++) {
        struct part way = {.kind = SITE_CONDITION,
                           .channel = q->x->opened[side].policy->channel[k->channel[i]].name};
        TRY(flip_find(q, &way, &t->cause, err));
    }
    if (!t->cause.text.n)
        t->cause.text = reasons_text(q, k->name);
    return DONE;
}

static enum status amount_flip(const struct inquiry *q, struct str campaign, struct told_change *t,
                               struct err *err) {
    struct part part = {.campaign = campaign, .kind = SITE_AMOUNT};
    return flip_find(q, &part, &t->cause, err);
}

// Why the old offer is not made any more, or the new one was not; else the two compete, and an
// amount decided.
static enum status offer_cause(const struct inquiry *q, struct told_change *t, struct err *err) {
    TRY(offer_side(q, BEFORE, t, err));
    if (!t->cause.text.n)
        TRY(offer_side(q, AFTER, t, err));
    for (int s = BEFORE; s < SIDES && !t->cause.text.n; s++) {
        const struct campaign *k = won(q, s);
        if (k)
            TRY(amount_flip(q, k->name, t, err));
    }
    const struct campaign *last = won(q, won(q, AFTER) ? AFTER : BEFORE);
    if (!t->cause.text.n)
        t->cause.text = reasons_text(q, last->name);
    return DONE;
}

static struct str terms_text(const struct inquiry *q,
                             struct str (*of)(const struct comparison *k, enum side side,
                                              const struct candidate *g)) {
    struct str text[SIDES];
    for (int s = BEFORE; s < SIDES; s++)
        text[s] = of(q->x->compared, s, compare_grant(q->x->compared, s, q->customer));
    return str_of(arena_printf(q->call->arena, "%.*s before, %.*s after", (int)text[BEFORE].n,
                               text[BEFORE].p, (int)text[AFTER].n, text[AFTER].p));
}

static enum status amount_cause(const struct inquiry *q, struct told_change *t, struct err *err) {
    struct str name = won(q, AFTER)->name;
    TRY(amount_flip(q, name, t, err));
    if (!t->cause.text.n)
        t->cause.text = reasons_text(q, name);
    return DONE;
}

// ---- rewards ------------------------------------------------------------------------------------

static bool is_of(const struct edges *e, int64_t edge, int64_t customer) {
    return e->referrer[edge] == customer || e->friend[edge] == customer;
}

// The first referral of the customer of which a block of both policies made something else.
static bool find_edge(const struct inquiry *q, const struct flow **flow, int64_t *edge) {
    const struct comparison *k = q->x->compared;
    for (int i = 0; i < k->referrals; i++) {
        const struct flow *f = *flow = &k->referral[i];
        const struct edges *e = q->x->d[BEFORE]->edges;
        const uint8_t *before = q->x->d[BEFORE]->referred[f->index[BEFORE]].reason;
        const uint8_t *after = q->x->d[AFTER]->referred[f->index[AFTER]].reason;
        for (*edge = 0; *edge < e->n; ++*edge)
            if (is_of(e, *edge, q->customer) && before[*edge] != after[*edge])
                return true;
    }
    return false;
}

static enum status reward_cause(const struct inquiry *q, struct told_change *t, struct err *err) {
    const struct flow *f;
    int64_t edge;
    if (!find_edge(q, &f, &edge)) {
        t->cause.text =
            STR("the same referrals are rewarded, with other amounts or by other blocks");
        return DONE;
    }
    struct part part = {.kind = SITE_CONDITION, .referral = f->name, .edge = edge};
    TRY(flip_find(q, &part, &t->cause, err));
    const char *was[SIDES];
    for (int s = BEFORE; s < SIDES; s++)
        was[s] = referral_reason_name(q->x->d[s]->referred[f->index[s]].reason[edge]);
    struct str rule = t->cause.text.n ? t->cause.text : f->name;
    t->cause.text = str_of(arena_printf(q->call->arena, "%.*s: %s before, %s after", (int)rule.n,
                                        rule.p, was[BEFORE], was[AFTER]));
    return DONE;
}

// ---- all ----------------------------------------------------------------------------------------

static const struct failure *failure_of(const struct decisions *d, int64_t customer) {
    for (int64_t i = 0; i < d->failures; i++)
        if (d->failure[i].customer == customer)
            return &d->failure[i];
    return NULL;
}

static struct str failure_text(const struct inquiry *q, const struct told_change *t) {
    enum side side = t->move->from == t->flow->n[BEFORE] - 1 ? BEFORE : AFTER;
    const struct failure *f = failure_of(q->x->d[side], q->customer);
    return str_of(
        arena_printf(q->call->arena, "%s:%ld failed: %s", q->x->path[side], f->line, f->text));
}

enum status find_cause(struct call *c, const struct diff *x, int64_t customer,
                       struct told_change *change, struct err *err) {
    const struct inquiry about = {c, x, customer}, *q = &about;
    switch (change->kind) {
    case CHANGE_CLASS: return class_cause(q, change, err);
    case CHANGE_OFFER: return offer_cause(q, change, err);
    case CHANGE_TERMS: change->cause.text = terms_text(q, compare_terms); break;
    case CHANGE_CHANNEL: change->cause.text = terms_text(q, compare_channel); break;
    case CHANGE_AMOUNT: return amount_cause(q, change, err);
    case CHANGE_REWARD: return reward_cause(q, change, err);
    case CHANGE_FAILED: change->cause.text = failure_text(q, change); break;
    case CHANGES: break;
    }
    return DONE;
}
