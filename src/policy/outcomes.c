// A word of a customer holds the clauses of one group, and a group those of one scheme or campaign:
// so few distinct words there are, whatever the customers.
//
// The bits of a word are of as many rules as write it, one after the other; a customer's are
// written by one thread at a time, since every rule is evaluated for a block of customers by one
// thread.
#include "policy/outcomes.h"

#include <string.h>

int rule_clauses(const struct rule *r) {
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

static struct recorded describe(struct arena *a, const struct site *site, int k) {
    const struct rule *r = site->rule;
    struct recorded c = {.site = site, .at = r->formula.at};
    if (!r->expr) {
        c.text = function_head(a, r->routine);
        return c;
    }
    struct clause_text text = expr_clause(r->expr, k);
    c.text = text.text;
    c.constant = text.constant;
    c.at = formula_place(&r->formula, text.offset);
    return c;
}

static bool recordable(const struct site *s) {
    return s->kind == SITE_CONDITION;
}

static bool same_owner(const struct site *x, const struct site *y) {
    return x->scheme == y->scheme && x->campaign == y->campaign;
}

// Puts clause i into the last group, or into one behind it.
static void join_group(struct group *group, int *groups, struct recorded *list, int i) {
    struct group *last = *groups ? &group[*groups - 1] : NULL;
    if (!last || last->n == CLAUSES_A_GROUP || !same_owner(list[i].site, list[i - 1].site)) {
        last = &group[(*groups)++];
        *last = (struct group){.first = i};
    }
    list[i].group = *groups - 1;
    list[i].shift = CLAUSE_BITS * last->n++;
}

struct outcomes *outcomes_new(struct arena *a, struct policy *p, int64_t customers) {
    struct outcomes *o = arena_alloc(a, sizeof *o);
    int n = 0;
    for (int s = 0; s < p->sites; s++)
        n += recordable(&p->site[s]) ? rule_clauses(p->site[s].rule) : 0;
    struct recorded *list = arena_array(a, (size_t)n, sizeof *list);
    struct group *group = arena_array(a, (size_t)n, sizeof *group);
    for (int s = 0; s < p->sites; s++)
        for (int k = 0; recordable(&p->site[s]) && k < rule_clauses(p->site[s].rule); k++) {
            list[o->clauses] = describe(a, &p->site[s], k);
            join_group(group, &o->groups, list, o->clauses++);
        }
    o->clause = list;
    o->group = group;
    o->customers = customers;
    o->word = arena_array(a, (size_t)o->groups, sizeof *o->word);
    for (int g = 0; g < o->groups; g++)
        o->word[g] = arena_array(a, (size_t)customers, sizeof **o->word);
    p->outcomes = o;
    return o;
}

// ---- recording --------------------------------------------------------------------------------

static void put(uint32_t *restrict word, int shift, const uint8_t *restrict outcome, int n) {
    uint32_t keep = ~(((1U << CLAUSE_BITS) - 1) << shift);
    for (int i = 0; i < n; i++)
        word[i] = (word[i] & keep) | (uint32_t)outcome[i] << shift;
}

static void put_open(uint32_t *restrict word, int shift, const uint8_t *restrict outcome,
                     const uint8_t *restrict skip, int n) {
    uint32_t keep = ~(((1U << CLAUSE_BITS) - 1) << shift);
    for (int i = 0; i < n; i++)
        word[i] = (word[i] & keep) | (uint32_t)(skip[i] ? CLAUSE_NOT_REACHED : outcome[i]) << shift;
}

void outcomes_put(struct outcomes *o, const struct rule *r, int64_t first, int n,
                  const uint8_t *skip, const uint8_t *outcome, size_t stride) {
    int at = 0;
    while (at < o->clauses && o->clause[at].site->rule != r)
        at++;
    for (int k = 0; at + k < o->clauses && o->clause[at + k].site->rule == r; k++) {
        const struct recorded *c = &o->clause[at + k];
        uint32_t *word = o->word[c->group] + first;
        if (skip)
            put_open(word, c->shift, outcome + (size_t)k * stride, skip, n);
        else
            put(word, c->shift, outcome + (size_t)k * stride, n);
    }
}
