// A search over goals: each wants a claim to come to one of some outcomes. A leaf narrows the set
// of its variable; an `and` or `or` that leaves one way goes that way, and what leaves several is
// branched on. When nothing is left to do and every set has something in it, arithmetic narrows the
// sets further, and a customer is looked for in what remains. Every narrowing is written down, so a
// branch is undone by going back, and an empty set names the leaves that emptied it.
//
// Sets are never smaller than they must be, so no way left is a proof; and a witness is evaluated,
// so it needs no trust. A search that ends with neither, or takes too long, leaves the question
// open.
//
// To tell a proof the search is done again without looking ahead, so that every way ends at a leaf.
#include "expr/prove.h"

#include <math.h>
#include <stdlib.h>

#include "base/money.h"
#include "expr/claim.h"
#include "expr/kind.h"

enum {
    EFFORT = 20000, // leaves that are looked at for one question
    TELLING = 5000, // and for telling its proof
    TRIES = 6,      // ways in which a customer is looked for
    CLASHES = 64,
};

// The set of a variable before it was narrowed, and what narrowed it: a leaf, or arithmetic (NULL).
struct step {
    int variable;
    struct set before, to;
    const struct claim *leaf;
    unsigned outcomes;
};

struct goal {
    const struct claim *claim;
    unsigned want;
    struct goal *next;
};

struct search {
    struct prover *prover;
    struct arena *arena, *out; // of the search; of the answer
    const struct asked *asked;
    int n;
    bool telling;
    bool open;   // it took too long
    bool unsure; // a way was left in which no customer was found
    int effort, tries;
    int steps, size;
    struct step *step;
    struct answer *answer;
    int clashes;
    struct clash clash[CLASHES];
};

static unsigned turned(unsigned outcomes) {
    return (outcomes & LACKS) | (outcomes & HOLDS ? FAILS : 0) | (outcomes & FAILS ? HOLDS : 0);
}

// ---- what a claim can come to -----------------------------------------------------------------

static unsigned look(struct search *q, const struct claim *c);

// Of `and` (through = HOLDS) and `or` (FAILS): the left side goes through to the right, or decides.
static unsigned look_both(struct search *q, const struct claim *c, unsigned through) {
    unsigned left = look(q, c->left);
    return (left & ~through) | (left & through ? look(q, c->right) : 0);
}

static unsigned look_classes(struct search *q, const struct claim *c) {
    unsigned outcomes = 0;
    for (int i = 0; i < c->classes; i++) {
        unsigned one = c->class[i] ? look(q, c->class[i]) : HOLDS;
        if (one & HOLDS)
            outcomes |= c->in_class[i];
        if (one == HOLDS)
            return outcomes;
    }
    return outcomes | c->in_class[c->classes];
}

static bool is_spent(const struct search *q) {
    return q->effort > (q->telling ? TELLING : EFFORT);
}

// Classes may read classes, so that even a look can have no end: what is not looked at can come to
// anything.
static unsigned look(struct search *q, const struct claim *c) {
    if (is_spent(q))
        return HOLDS | FAILS | LACKS;
    q->effort++;
    switch (c->kind) {
    case CLAIM_CONSTANT: return c->outcome;
    case CLAIM_LEAF: return claim_outcomes(c, q->prover->in[c->variable]);
    case CLAIM_NOT: return turned(look(q, c->left));
    case CLAIM_AND: return look_both(q, c, HOLDS);
    case CLAIM_OR: return look_both(q, c, FAILS);
    case CLAIM_CLASS: return look_classes(q, c);
    }
    return HOLDS | FAILS | LACKS;
}

// ---- narrowing --------------------------------------------------------------------------------

static void undo(struct search *q, int steps) {
    while (q->steps > steps) {
        q->steps--;
        q->prover->in[q->step[q->steps].variable] = q->step[q->steps].before;
    }
}

static void add_clash(struct search *q, const struct claim *leaf, unsigned outcomes) {
    for (int i = 0; i < q->clashes; i++)
        if (q->clash[i].expr == leaf->expr && q->clash[i].offset == leaf->node->span.offset &&
            !(q->clash[i].outcomes & HOLDS) == !(outcomes & HOLDS))
            return;
    if (q->clashes < CLASHES)
        q->clash[q->clashes++] =
            (struct clash){leaf->expr, leaf->node->span.offset, leaf->node->span.length, outcomes};
}

// The leaves that emptied the set of a variable, of all that narrowed it only those that it takes:
// whichever empties what the ones found leave is one of them.
static void tell_leaves(struct search *q, int variable) {
    struct set left = q->prover->variable[variable]->all;
    while (!set_empty(left)) {
        struct set rest = left;
        const struct step *last = NULL;
        for (int i = 0; i < q->steps && !set_empty(rest); i++)
            if (q->step[i].variable == variable) {
                last = &q->step[i];
                rest = set_meet(q->arena, rest, last->to);
            }
        if (!last || !set_empty(rest))
            return;
        left = set_meet(q->arena, left, last->to);
        add_clash(q, last->leaf, last->outcomes);
    }
}

static bool linked(const struct prover *s, int x, int y) {
    const struct variable *v = s->variable[x], *w = s->variable[y];
    for (int i = 0; i < v->n; i++)
        if (v->reads[i] == y)
            return true;
    for (int i = 0; i < w->n; i++)
        if (w->reads[i] == x)
            return true;
    return x == y;
}

// Where arithmetic had a part: every leaf about what the variable is linked with.
static void tell_linked(struct search *q, int variable) {
    bool *in = arena_array(q->arena, (size_t)q->prover->n, sizeof *in);
    in[variable] = true;
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < q->steps; i++)
            for (int k = 0; k < q->prover->n && !in[q->step[i].variable]; k++)
                if (in[k] && linked(q->prover, k, q->step[i].variable))
                    in[q->step[i].variable] = more = true;
    }
    for (int i = 0; i < q->steps; i++)
        if (in[q->step[i].variable] && q->step[i].leaf)
            add_clash(q, q->step[i].leaf, q->step[i].outcomes);
}

static void tell(struct search *q, int variable) {
    for (int i = 0; i < q->steps; i++)
        if (q->step[i].variable == variable && !q->step[i].leaf) {
            tell_linked(q, variable);
            return;
        }
    tell_leaves(q, variable);
}

// False if nothing is left.
static bool narrow(struct search *q, int variable, struct set to, const struct claim *leaf,
                   unsigned outcomes) {
    struct set *in = &q->prover->in[variable], met = set_meet(q->arena, *in, to);
    if (set_equal(met, *in))
        return true;
    q->step = arena_more(q->arena, q->step, q->steps, &q->size, sizeof *q->step);
    q->step[q->steps++] = (struct step){variable, *in, to, leaf, outcomes};
    *in = met;
    if (!set_empty(met))
        return true;
    if (q->telling)
        tell(q, variable);
    return false;
}

// ---- what arithmetic says ---------------------------------------------------------------------

static struct set everything(void) {
    static const struct stretch all = {INT64_MIN, INT64_MAX};
    return (struct set){true, true, 1, &all};
}

static bool may_be_missing(const struct search *q, const struct variable *v) {
    if (!v->strict)
        return true;
    for (int i = 0; i < v->n; i++)
        if (q->prover->in[v->reads[i]].missing)
            return true;
    return false;
}

// What is there needs all that it reads.
static bool need_reads(struct search *q, const struct variable *v) {
    struct set there = everything();
    there.missing = false;
    for (int i = 0; i < v->n; i++)
        if (!narrow(q, v->reads[i], there, NULL, 0))
            return false;
    return true;
}

static int64_t whole(double x) {
    return x <= -0x1p62 ? INT64_MIN : x >= 0x1p62 ? INT64_MAX : (int64_t)x;
}

static struct set between(struct search *q, int64_t low, int64_t high) {
    struct set s = set_stretch(q->arena, low, high);
    s.missing = s.nan = true;
    return s;
}

static bool bound_term(struct search *q, int variable) {
    const struct variable *v = q->prover->variable[variable];
    struct bound b = bound_of(q->prover, v->node, q->prover->in);
    struct set to = v->type == TYPE_NUMBER
                        ? between(q, grid_of_double(b.low), grid_of_double(b.high))
                        : between(q, whole(floor(b.low)), whole(ceil(b.high)));
    to.nan = b.nan;
    to.missing = may_be_missing(q, v);
    return narrow(q, variable, to, NULL, 0);
}

// A derived number stays near what its expression can give: amounts are rounded.
static bool bound_derived(struct search *q, int variable) {
    const struct variable *v = q->prover->variable[variable];
    const struct node *root = v->known.value ? v->known.value->root : NULL;
    if (!root || !kind_numeric(root->kind))
        return true;
    struct bound b = bound_of(q->prover, root, q->prover->in);
    if (v->type == TYPE_NUMBER)
        return narrow(q, variable, between(q, grid_of_double(b.low), grid_of_double(b.high)), NULL,
                      0);
    double scale = v->type == TYPE_MONEY ? money_scale(v->decimals) : 1;
    return narrow(q, variable,
                  between(q, whole(floor(b.low * scale) - 1), whole(ceil(b.high * scale) + 1)),
                  NULL, 0);
}

// The column of one side, which reads nothing else, within what the other side can be.
static bool bound_side(struct search *q, const struct variable *v, const struct node *side,
                       struct bound other, enum op op, double limit) {
    struct node with = {.op = OP_LITERAL, .kind = {.shape = SHAPE_FLOAT}, .constant = true};
    struct set to;
    with.value = (struct value){VALUE_FLOAT, .number = limit};
    if (other.nan || !isfinite(limit))
        return true;
    for (int i = 0; i < v->n; i++) {
        const struct variable *column = q->prover->variable[v->reads[i]];
        enum course c = bound_course(side, column->slot);
        if (c != RISING && c != FALLING)
            continue;
        return !exact_compare(q->prover, side, &with, op, v->reads[i], &to) ||
               narrow(q, v->reads[i], to, NULL, 0);
    }
    return true;
}

static bool bound_relation(struct search *q, int variable) {
    struct prover *s = q->prover;
    const struct variable *v = s->variable[variable];
    if (!kind_numeric(v->node->kind))
        return true;
    struct bound x = bound_of(s, v->node, s->in), y = bound_of(s, v->other, s->in);
    struct set to = {may_be_missing(q, v), x.nan || y.nan, 0, NULL};
    bool can[] = {x.low < y.high, x.low <= y.high && y.low <= x.high, x.high > y.low};
    for (int i = 0; i < 3; i++)
        if (can[i])
            to = set_join(q->arena, to, set_stretch(q->arena, i, i));
    if (!narrow(q, variable, to, NULL, 0))
        return false;
    struct set in = s->in[variable];
    if (in.missing || in.nan || in.n == 0)
        return true;
    int64_t least = in.part[0].low, most = in.part[in.n - 1].high;
    if (most < 2 && (!bound_side(q, v, v->node, y, most ? OP_LE : OP_LT, y.high) ||
                     !bound_side(q, v, v->other, x, most ? OP_GE : OP_GT, x.low)))
        return false;
    return least == 0 || (bound_side(q, v, v->node, y, least == 1 ? OP_GE : OP_GT, y.low) &&
                          bound_side(q, v, v->other, x, least == 1 ? OP_LE : OP_LT, x.high));
}

static bool bound_variable(struct search *q, int variable) {
    const struct variable *v = q->prover->variable[variable];
    if (v->strict && !q->prover->in[variable].missing && !need_reads(q, v))
        return false;
    if (v->kind == VARIABLE_TERM)
        return bound_term(q, variable);
    if (v->kind == VARIABLE_RELATION)
        return bound_relation(q, variable);
    return v->kind != VARIABLE_COLUMN || bound_derived(q, variable);
}

// Until nothing narrows any more; three rounds are enough for what people write.
static bool propagate(struct search *q) {
    for (int round = 0; round < 3; round++) {
        int before = q->steps;
        for (int i = 0; i < q->steps; i++)
            if (!bound_variable(q, q->step[i].variable))
                return false;
        if (q->steps == before)
            break;
    }
    return true;
}

// ---- the search -------------------------------------------------------------------------------

static struct goal *push(struct search *q, const struct claim *c, unsigned want,
                         struct goal *next) {
    struct goal *g = arena_alloc(q->arena, sizeof *g);
    *g = (struct goal){c, want, next};
    return g;
}

// The ways in which a claim that is no leaf can come out as wanted: each a list of goals before
// `rest`. The number of a way is the side that decides, or the class.
static int ways(const struct claim *c) {
    return c->kind == CLAIM_CLASS ? c->classes + 1 : c->kind == CLAIM_NOT ? 1 : 2;
}

// False if there is no such way at all, whatever the sets are.
static bool take_way(struct search *q, const struct goal *g, int way, struct goal *rest,
                     struct goal **out) {
    const struct claim *c = g->claim;
    unsigned through = c->kind == CLAIM_AND ? HOLDS : FAILS;
    if (c->kind == CLAIM_NOT) {
        *out = push(q, c->left, turned(g->want), rest);
        return true;
    }
    if (c->kind != CLAIM_CLASS) {
        *out = way == 0 ? push(q, c->left, g->want & ~through, rest)
                        : push(q, c->left, through, push(q, c->right, g->want, rest));
        return way == 1 || (g->want & ~through);
    }
    if (!(c->in_class[way] & g->want))
        return false;
    for (int i = 0; i < way; i++) {
        if (!c->class[i])
            return false; // it holds always
        rest = push(q, c->class[i], FAILS | LACKS, rest);
    }
    *out = way < c->classes && c->class[way] ? push(q, c->class[way], HOLDS, rest) : rest;
    return true;
}

// Whether the sets leave the way open.
static bool viable(struct search *q, const struct goal *g, int way) {
    const struct claim *c = g->claim;
    unsigned through = c->kind == CLAIM_AND ? HOLDS : FAILS;
    if (c->kind == CLAIM_NOT)
        return true;
    if (c->kind != CLAIM_CLASS) {
        unsigned left = look(q, c->left);
        return way == 0 ? left & ~through & g->want
                        : (left & through) && (look(q, c->right) & g->want);
    }
    if (!(c->in_class[way] & g->want))
        return false;
    for (int i = 0; i < way; i++)
        if (!c->class[i] || look(q, c->class[i]) == HOLDS)
            return false;
    return way == c->classes || !c->class[way] || (look(q, c->class[way]) & HOLDS);
}

static int count_ways(struct search *q, const struct goal *g, int *last) {
    int n = 0;
    for (int i = 0; i < ways(g->claim); i++)
        if (viable(q, g, i)) {
            *last = i;
            n++;
        }
    return n;
}

// Does what there is one way to do. False if a goal cannot be had; what is left needs branches.
static bool settle(struct search *q, struct goal **goals) {
    for (bool changed = true; changed;) {
        changed = false;
        for (struct goal **at = goals, *g; (g = *at);) {
            unsigned can = look(q, g->claim);
            int way;
            if ((can & ~g->want) == 0) {
                *at = g->next;
                continue;
            }
            if (g->claim->kind == CLAIM_LEAF) {
                struct set to = claim_set(q->arena, g->claim, g->want);
                if (!narrow(q, g->claim->variable, to, g->claim, g->want))
                    return false;
                *at = g->next;
                changed = true;
                continue;
            }
            if (!(can & g->want) && !q->telling)
                return false;
            if (g->claim->kind == CLAIM_CONSTANT) {
                add_clash(q, g->claim, g->want);
                return false;
            }
            if (g->claim->kind == CLAIM_NOT || (!q->telling && count_ways(q, g, &way) == 1)) {
                struct goal *next = g->next;
                take_way(q, g, g->claim->kind == CLAIM_NOT ? 0 : way, next, at);
                changed = true;
                continue;
            }
            at = &g->next;
        }
        q->open = q->open || is_spent(q);
        if (q->open)
            return false;
    }
    return true;
}

static bool search(struct search *q, struct goal *goals);

// Takes out the goal with the fewest ways left.
static struct goal *choose(struct search *q, struct goal **goals) {
    struct goal **best = goals;
    int least = 1 << 30;
    for (struct goal **at = goals; *at && least > 0; at = &(*at)->next) {
        int way, n = q->telling || (*goals)->next ? count_ways(q, *at, &way) : 0;
        if (n < least) {
            least = n;
            best = at;
        }
    }
    struct goal *g = *best;
    *best = g->next;
    return g;
}

static bool branch(struct search *q, struct goal *goals) {
    struct goal *g = choose(q, &goals), *next;
    for (int i = 0; i < ways(g->claim) && !q->open; i++) {
        // The list is shared by the ways, and settling changes it.
        struct goal *copy = NULL, **end = &copy;
        for (struct goal *k = goals; k; k = k->next) {
            *end = push(q, k->claim, k->want, NULL);
            end = &(*end)->next;
        }
        if (take_way(q, g, i, copy, &next) && (q->telling || viable(q, g, i)) && search(q, next))
            return true;
    }
    return false;
}

static bool finish(struct search *q) {
    if (!propagate(q))
        return false;
    int *narrowed = arena_array(q->arena, (size_t)q->steps, sizeof *narrowed);
    for (int i = 0; i < q->steps; i++)
        narrowed[i] = q->step[i].variable;
    if (!q->telling && q->tries++ < TRIES &&
        witness_find(q->prover, q->out, narrowed, q->steps, q->asked, q->n, q->answer))
        return true;
    q->unsure = true;
    return false;
}

static bool search(struct search *q, struct goal *goals) {
    int steps = q->steps;
    bool found = settle(q, &goals) && (goals ? branch(q, goals) : finish(q));
    undo(q, steps);
    return found;
}

static struct goal *list_goals(struct search *q) {
    struct goal *goals = NULL;
    for (int i = q->n - 1; i >= 0; i--)
        goals = push(q, claim_of(q->prover, q->asked[i].expr), q->asked[i].outcomes, goals);
    return goals;
}

// ---- the proof --------------------------------------------------------------------------------

static int rank(const struct search *q, const struct clash *c) {
    int i = 0;
    while (i < q->n && q->asked[i].expr != c->expr)
        i++;
    return i;
}

static bool before(const struct search *q, const struct clash *x, const struct clash *y) {
    int a = rank(q, x), b = rank(q, y);
    return a != b ? a < b : x->offset < y->offset;
}

static void sort_clashes(struct search *q) {
    for (int i = 1; i < q->clashes; i++)
        for (int k = i; k > 0 && before(q, &q->clash[k], &q->clash[k - 1]); k--) {
            struct clash swap = q->clash[k];
            q->clash[k] = q->clash[k - 1];
            q->clash[k - 1] = swap;
        }
}

static void prove(struct search *q) {
    q->telling = true;
    q->effort = 0;
    search(q, list_goals(q));
    sort_clashes(q);
    struct clash *list = arena_array(q->out, (size_t)q->clashes, sizeof *list);
    for (int i = 0; i < q->clashes; i++)
        list[i] = q->clash[i];
    q->answer->kind = ANSWER_PROOF;
    q->answer->clash = list;
    q->answer->clashes = q->clashes;
}

struct answer prover_ask(struct prover *s, struct arena *a, const struct asked *asked, int n) {
    struct answer answer = {ANSWER_OPEN};
    struct search q = {.prover = s, .out = a, .asked = asked, .n = n, .answer = &answer};
    q.arena = arena_child(s->arena);
    if (search(&q, list_goals(&q)))
        answer.kind = ANSWER_WITNESS;
    else if (!q.open && !q.unsure)
        prove(&q);
    arena_free(q.arena);
    return answer;
}

struct prover *prover_new(struct arena *a, void (*know)(void *ctx, int slot, struct known *out),
                          void *ctx) {
    struct prover *s = arena_alloc(a, sizeof *s);
    *s = (struct prover){.arena = a, .know = know, .ctx = ctx};
    return s;
}

// ---- one column -------------------------------------------------------------------------------

static bool set_of(struct prover *p, struct arena *a, const struct claim *c, int variable,
                   struct set *out) {
    struct set all = p->variable[variable]->all, right;
    switch (c->kind) {
    case CLAIM_CONSTANT: *out = c->outcome == HOLDS ? all : (struct set){0}; return true;
    case CLAIM_LEAF: *out = c->yes; return c->variable == variable;
    case CLAIM_NOT:
        if (!set_of(p, a, c->left, variable, out))
            return false;
        *out = set_rest(a, *out, all.part[0].low, all.part[all.n - 1].high);
        return true;
    case CLAIM_AND:
    case CLAIM_OR:
        if (!set_of(p, a, c->left, variable, out) || !set_of(p, a, c->right, variable, &right))
            return false;
        *out = c->kind == CLAIM_AND ? set_meet(a, *out, right) : set_join(a, *out, right);
        return true;
    default: return false;
    }
}

bool prover_set(struct prover *p, struct arena *a, const struct expr *e, struct set *out) {
    const struct claim *c = claim_of(p, e);
    const int *slots;
    int n = expr_slots(e, &slots);
    bool known = n == 1 && slots[0] < p->slots && p->of_slot[slots[0]] >= 0;
    return known && set_of(p, a, c, p->of_slot[slots[0]], out);
}

const struct column *prover_column(struct prover *p, struct arena *a, int slot, int64_t place) {
    int variable = p->of_slot[slot];
    struct column *c = variable_blank(a, p->variable[variable]);
    variable_write(p, variable, c, place, false);
    return c;
}
