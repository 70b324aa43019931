// A word of a customer holds the clauses of one group, and a group those of one scheme, campaign or
// channel: so few distinct words there are, whatever the customers.
//
// The digits of a word are of as many rules as write it, one after the other; a customer's are
// written by one thread at a time, since every rule is evaluated for a block of customers by one
// thread.
#include "policy/outcomes.h"

#include "expr/kernel.h"

// An expression's, or the one of a function.
static int clauses_of(const struct rule *r) {
    return r->expr ? expr_clauses(r->expr) : 1;
}

// ---- which clauses there are ------------------------------------------------------------------

static struct str function_head(struct arena *a, const struct routine *r) {
    struct buf b = {.arena = a};
    buf_z(&b, "function(");
    for (int i = 0; i < r->parameters; i++)
        buf_printf(&b, "%s%.*s", i ? ", " : "", (int)r->parameter[i].name.n,
                   r->parameter[i].name.p);
    buf_char(&b, ')');
    return (struct str){b.p, b.n};
}

static void describe(struct arena *a, const struct site *site, int k, struct recorded *out) {
    const struct rule *r = site->rule;
    *out = (struct recorded){.site = site, .number = k, .at = r->formula.at};
    if (!r->expr) {
        out->text = function_head(a, r->routine);
        return;
    }
    struct clause_text text = expr_clause(r->expr, k);
    out->text = text.text;
    out->constant = text.constant;
    out->at = formula_place(&r->formula, text.offset);
}

static bool about_customer(const struct site *s) {
    return !s->referral;
}

static bool same_owner(const struct site *x, const struct site *y) {
    return x->scheme == y->scheme && x->campaign == y->campaign && x->channel == y->channel;
}

// Puts clause i into the last group, or into one behind it.
static void join_group(struct group *group, int *groups, struct recorded *list, int i) {
    struct group *last = *groups ? &group[*groups - 1] : NULL;
    list[i].group = -1;
    if (!about_customer(list[i].site))
        return;
    if (!last || last->n == CLAUSES_A_GROUP || !same_owner(list[i].site, list[i - 1].site)) {
        last = &group[(*groups)++];
        *last = (struct group){.first = i};
    }
    list[i].group = *groups - 1;
    list[i].digit = last->n++;
}

static int clauses_at(const struct site *s) {
    return s->kind == SITE_CONDITION ? clauses_of(s->rule) : 0;
}

struct outcomes *outcomes_new(struct arena *a, struct policy *p, int64_t customers) {
    struct outcomes *o = arena_alloc(a, sizeof *o);
    int n = 0;
    for (int s = 0; s < p->sites; s++)
        n += clauses_at(&p->site[s]);
    struct group *group = arena_array(a, (size_t)n, sizeof *group);
    o->clause = arena_array(a, (size_t)n, sizeof *o->clause);
    o->group = group;
    for (int s = 0; s < p->sites; s++)
        for (int k = 0; k < clauses_at(&p->site[s]); k++) {
            describe(a, &p->site[s], k, &o->clause[o->clauses]);
            join_group(group, &o->groups, o->clause, o->clauses++);
        }
    o->customers = customers;
    o->word = arena_array(a, (size_t)o->groups, sizeof *o->word);
    o->written = arena_array(a, (size_t)o->groups, sizeof *o->written);
    for (int g = 0; g < o->groups; g++) {
        o->word[g] = arena_array(a, (size_t)customers, sizeof **o->word);
        o->written[g] = arena_alloc(a, (size_t)(customers / EXPR_BLOCK + 1));
    }
    p->outcomes = o;
    return o;
}

// ---- recording --------------------------------------------------------------------------------

static void see(struct recorded *c, const uint8_t *outcome, int n) {
    unsigned seen = 0;
    for (int i = 0; i < n; i++)
        seen |= 1U << outcome[i];
    atomic_fetch_or(&c->seen, seen);
}

static void leave_out(uint8_t *restrict outcome, const uint8_t *restrict skip, int n) {
    for (int i = 0; i < n; i++)
        outcome[i] = skip[i] ? CLAUSE_NOT_REACHED : outcome[i];
}

// Memory that is read before it is written to costs the system two page faults instead of one: a
// quarter of the time that recording takes. A clause that was written before comes again when all
// rules do (decide_blocks): the words begin anew.
static void set(struct outcomes *o, const struct recorded *c, int64_t first, const uint8_t *outcome,
                int n) {
    uint16_t *word = o->word[c->group] + first;
    uint8_t *written = &o->written[c->group][first / EXPR_BLOCK], bit = (uint8_t)(1 << c->digit);
    uint16_t power = outcomes_power(c->digit);
    if (*written == 0 || *written & bit) {
        kernel_first_digits(word, power, outcome, n);
        *written = bit;
    } else {
        kernel_add_digits(word, power, outcome, n);
        *written |= bit;
    }
}

void outcomes_put(struct outcomes *o, const struct rule *r, int64_t first, int n,
                  const uint8_t *skip, uint8_t *outcome) {
    struct recorded *c = o->clause, *end = o->clause + o->clauses;
    while (c < end && c->site->rule != r)
        c++;
    for (; c < end && c->site->rule == r; c++, outcome += EXPR_BLOCK) {
        if (skip)
            leave_out(outcome, skip, n);
        if (c->group < 0)
            see(c, outcome, n);
        else
            set(o, c, first, outcome, n);
    }
}

bool outcomes_seen(const struct outcomes *o, int clause, enum truth truth) {
    const struct recorded *c = &o->clause[clause];
    if (c->group < 0)
        return atomic_load(&c->seen) >> truth & 1;
    for (int64_t i = 0; i < o->customers; i++)
        if (outcomes_truth(o->word[c->group][i], c->digit) == truth)
            return true;
    return false;
}
