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

#include "expr/trail.h"

enum {
    EFFORT = 20000, // leaves that are looked at for one question
    TELLING = 5000, // and for telling its proof
    TRIES = 6,      // ways in which a customer is looked for
};

struct goal {
    const struct claim *claim;
    unsigned want;
    struct goal *next;
};

struct search {
    struct trail trail;
    struct arena *out; // of the answer
    const struct asked *asked;
    int n;
    bool open;   // it took too long
    bool unsure; // a way was left in which no customer was found
    int effort, tries;
    struct answer *answer;
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
    return q->effort > (q->trail.telling ? TELLING : EFFORT);
}

// Classes may read classes, so that even a look can have no end: what is not looked at can come to
// anything.
static unsigned look(struct search *q, const struct claim *c) {
    if (is_spent(q))
        return HOLDS | FAILS | LACKS;
    q->effort++;
    switch (c->kind) {
    case CLAIM_CONSTANT: return c->outcome;
    case CLAIM_LEAF: return claim_outcomes(c, q->trail.prover->in[c->variable]);
    case CLAIM_NOT: return turned(look(q, c->left));
    case CLAIM_AND: return look_both(q, c, HOLDS);
    case CLAIM_OR: return look_both(q, c, FAILS);
    case CLAIM_CLASS: return look_classes(q, c);
    }
    return HOLDS | FAILS | LACKS;
}

// ---- the search -------------------------------------------------------------------------------

static struct goal *push(struct search *q, const struct claim *c, unsigned want,
                         struct goal *next) {
    struct goal *g = arena_alloc(q->trail.arena, sizeof *g);
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
                struct set to = claim_set(q->trail.arena, g->claim, g->want);
                if (!trail_narrow(&q->trail, g->claim->variable, to, g->claim, g->want))
                    return false;
                *at = g->next;
                changed = true;
                continue;
            }
            if (!(can & g->want) && !q->trail.telling)
                return false;
            if (g->claim->kind == CLAIM_CONSTANT) {
                trail_tell(&q->trail, g->claim, g->want);
                return false;
            }
            if (g->claim->kind == CLAIM_NOT || (!q->trail.telling && count_ways(q, g, &way) == 1)) {
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
        int way, n = q->trail.telling || (*goals)->next ? count_ways(q, *at, &way) : 0;
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
        if (take_way(q, g, i, copy, &next) && (q->trail.telling || viable(q, g, i)) &&
            search(q, next))
            return true;
    }
    return false;
}

static bool finish(struct search *q) {
    struct trail *t = &q->trail;
    if (!trail_propagate(t))
        return false;
    int *narrowed = arena_array(t->arena, (size_t)t->steps, sizeof *narrowed);
    for (int i = 0; i < t->steps; i++)
        narrowed[i] = t->step[i].variable;
    if (!t->telling && q->tries++ < TRIES &&
        witness_find(t->prover, q->out, narrowed, t->steps, q->asked, q->n, q->answer))
        return true;
    q->unsure = true;
    return false;
}

static bool search(struct search *q, struct goal *goals) {
    int steps = q->trail.steps;
    bool found = settle(q, &goals) && (goals ? branch(q, goals) : finish(q));
    trail_undo(&q->trail, steps);
    return found;
}

static struct goal *list_goals(struct search *q) {
    struct goal *goals = NULL;
    for (int i = q->n - 1; i >= 0; i--)
        goals = push(q, claim_of(q->trail.prover, q->asked[i].expr), q->asked[i].outcomes, goals);
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
    struct clash *list = q->trail.clash;
    for (int i = 1; i < q->trail.clashes; i++)
        for (int k = i; k > 0 && before(q, &list[k], &list[k - 1]); k--) {
            struct clash swap = list[k];
            list[k] = list[k - 1];
            list[k - 1] = swap;
        }
}

static void prove(struct search *q) {
    struct trail *t = &q->trail;
    t->telling = true;
    q->effort = 0;
    search(q, list_goals(q));
    sort_clashes(q);
    struct clash *list = arena_array(q->out, (size_t)t->clashes, sizeof *list);
    for (int i = 0; i < t->clashes; i++)
        list[i] = t->clash[i];
    q->answer->kind = ANSWER_PROOF;
    q->answer->clash = list;
    q->answer->clashes = t->clashes;
}

struct answer prover_ask(struct prover *s, struct arena *a, const struct asked *asked, int n) {
    struct answer answer = {ANSWER_OPEN};
    struct search q = {.out = a, .asked = asked, .n = n, .answer = &answer};
    q.trail = (struct trail){.prover = s, .arena = arena_child(s->arena)};
    if (search(&q, list_goals(&q)))
        answer.kind = ANSWER_WITNESS;
    else if (!q.open && !q.unsure)
        prove(&q);
    arena_free(q.trail.arena);
    return answer;
}

struct prover *prover_new(struct arena *a, void (*know)(void *ctx, int slot, struct known *out),
                          void *ctx) {
    struct prover *s = arena_alloc(a, sizeof *s);
    *s = (struct prover){.arena = a, .know = know, .ctx = ctx};
    return s;
}
