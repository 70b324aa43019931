// Rules are compared by where they stand (the `when` of gold, the `never` of a campaign), clauses
// by their text or, if that was rewritten, by the first column that they read or by where they
// stand among as many.
#include "verb/flip.h"

#include <string.h>

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
static enum status tell_side(const struct inquiry *q, enum side side, const struct part *part,
                             const struct site *site, struct cause_side *out, struct err *err) {
    *out = (struct cause_side){.site = site};
    if (!site)
        return DONE;
    if (!site->referral)
        return explain_rule(q->call, q->x->d[side], q->customer, site, &out->told, err);
    explain_edge_rule(q->call, q->x->d[side], part->edge, site, &out->told);
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

static void name_rule(const struct inquiry *q, const struct site *site, struct cause *k) {
    struct str owner = site->class      ? site->class->name
                       : site->referral ? site->referral->name
                       : site->channel  ? site->channel->name
                                        : campaign_of(site);
    k->text = str_of(arena_printf(q->call->arena, "%.*s, %s", (int)owner.n, owner.p, site->word));
}

enum status flip_find(const struct inquiry *q, const struct part *part, struct cause *k,
                      struct err *err) {
    for (int own = BEFORE; own < SIDES; own++) {
        const struct policy *p = q->x->opened[own].policy, *others = q->x->opened[!own].policy;
        for (const struct site *s = p->site; s < p->site + p->sites; s++) {
            const struct site *other = is_in(s, part) ? other_site(p, s, others) : NULL;
            if (!is_in(s, part) || (other && own == AFTER))
                continue; // seen from the other side
            TRY(tell_side(q, own, part, s, &k->side[own], err));
            TRY(tell_side(q, !own, part, other, &k->side[!own], err));
            if (!is_flipped(k, s))
                continue;
            name_rule(q, s, k);
            return DONE;
        }
    }
    k->side[BEFORE] = k->side[AFTER] = (struct cause_side){0};
    return DONE;
}

enum status flip_only(const struct inquiry *q, enum side side, struct str name,
                      const struct part *part, struct cause *k, struct err *err) {
    const struct policy *p = q->x->opened[side].policy;
    struct cause_side *own = &k->side[side];
    k->only = true;
    k->text = str_of(arena_printf(q->call->arena, "%.*s stands only in %s", (int)name.n, name.p,
                                  q->x->path[side]));
    for (const struct site *s = p->site; s < p->site + p->sites && !own->site; s++)
        if (is_in(s, part))
            TRY(tell_side(q, side, part, s, own, err));
    for (int i = 0; i < own->told.clauses && !own->clause; i++)
        if (!clause_is_wrong(&own->told.clause[i]))
            own->clause = &own->told.clause[i];
    return DONE;
}
