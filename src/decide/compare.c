// One walk over the customers. A state is compared by its name, which two policies share; where it
// stands among the others is each policy's own business.
#include "decide/compare.h"

#include <stdlib.h>

static const struct {
    const char *name, *help;
} changes[CHANGES] = {
    [CHANGE_CLASS] = {"class", "another tier or segment, or another state of the tier"},
    [CHANGE_OFFER] = {"offer", "another offer, one more or one less"},
    [CHANGE_TERMS] = {"terms", "the same campaign, but other terms of its offer"},
    [CHANGE_CHANNEL] = {"channel", "the same offer by another channel"},
    [CHANGE_AMOUNT] = {"amount", "the same offer at another amount, cost or value"},
    [CHANGE_REWARD] = {"reward", "more or less paid for referrals"},
    [CHANGE_FAILED] = {"failed", "a rule failed, so nothing was decided"},
};

const char *side_name(enum side s) {
    return s == BEFORE ? "before" : "after";
}

const char *change_name(enum change c) {
    return changes[c].name;
}

const char *change_help(enum change c) {
    return changes[c].help;
}

// What moves with a customer, whichever change it is counted for.
struct difference {
    int64_t customer, cost, value, net;
};

static void join(struct movers *m, const struct difference *d) {
    if (m->customers < EXAMPLES_EACH)
        m->example[m->customers] = d->customer;
    m->customers++;
    m->cost += d->cost;
    m->value += d->value;
    m->net += d->net;
}

// ---- flows --------------------------------------------------------------------------------------

static void flow_open(struct arena *a, struct flow *f, const struct str *before, int n_before,
                      const struct str *after, int n_after) {
    f->n[BEFORE] = n_before;
    f->n[AFTER] = n_after;
    f->name_of[BEFORE] = before;
    f->name_of[AFTER] = after;
    f->cell = arena_array(a, (size_t)n_before * (size_t)n_after, sizeof *f->cell);
    for (int from = 0; from < n_before; from++)
        for (int to = 0; to < n_after; to++) {
            f->cell[from * n_after + to].from = from;
            f->cell[from * n_after + to].to = to;
        }
}

static bool stays(const struct flow *f, const struct move *m) {
    return str_eq(f->name_of[BEFORE][m->from], f->name_of[AFTER][m->to]);
}

bool move_failed(const struct flow *f, const struct move *m) {
    return (m->from == f->n[BEFORE] - 1) != (m->to == f->n[AFTER] - 1);
}

static int by_customers(const void *a, const void *b) {
    const struct move *x = *(const struct move *const *)a, *y = *(const struct move *const *)b;
    if (x->movers.customers != y->movers.customers)
        return x->movers.customers < y->movers.customers ? 1 : -1;
    return x->from != y->from ? x->from - y->from : x->to - y->to;
}

static void flow_close(struct arena *a, struct flow *f) {
    int cells = f->n[BEFORE] * f->n[AFTER];
    f->move = arena_array(a, (size_t)cells, sizeof *f->move);
    for (int i = 0; i < cells; i++) {
        const struct move *m = &f->cell[i];
        if (m->movers.customers == 0 || stays(f, m))
            continue;
        f->move[f->moves++] = m;
        f->changed += move_failed(f, m) ? 0 : m->movers.customers;
    }
    if (f->moves > 1)
        qsort(f->move, (size_t)f->moves, sizeof *f->move, by_customers);
}

// The scheme's classes, then none, then failed.
static const struct str *class_names(struct arena *a, const struct scheme *t) {
    struct str *list = arena_array(a, (size_t)t->n + 2, sizeof *list);
    for (int i = 0; i < t->n; i++)
        list[i] = t->class[i].name;
    list[t->n] = STR("(none)");
    list[t->n + 1] = STR("(failed)");
    return list;
}

// The campaigns, then held out, then none, then failed.
static const struct str *offer_names(struct arena *a, const struct policy *p) {
    struct str *list = arena_array(a, (size_t)p->campaigns + 3, sizeof *list);
    for (int i = 0; i < p->campaigns; i++)
        list[i] = p->campaign[i].name;
    list[p->campaigns] = STR("(held out)");
    list[p->campaigns + 1] = STR("(none)");
    list[p->campaigns + 2] = STR("(failed)");
    return list;
}

// What the classes say of one detail, each value once, then none, then failed.
struct values {
    int n;
    struct str *name;
    int *state; // by class
};

static int value_state(struct values *v, struct str text) {
    int i = 0;
    while (i < v->n && !str_eq(v->name[i], text))
        i++;
    if (i == v->n)
        v->name[v->n++] = text;
    return i;
}

static struct values values_of(struct arena *a, const struct scheme *s,
                               const struct column *detail) {
    size_t most = (size_t)s->n + 2;
    struct values v = {0, arena_array(a, most, sizeof *v.name),
                       arena_array(a, most, sizeof *v.state)};
    for (int i = 0; i < s->n; i++) {
        struct buf b = {.arena = a};
        if (column_has(detail, i))
            column_print(detail, i, &b);
        v.state[i] = column_has(detail, i) ? value_state(&v, (struct str){buf_text(&b), b.n}) : -1;
    }
    for (int i = 0; i < s->n; i++)
        v.state[i] = v.state[i] < 0 ? v.n : v.state[i];
    v.state[s->n] = v.n;
    v.state[s->n + 1] = v.n + 1;
    v.name[v.n++] = STR("(none)");
    v.name[v.n++] = STR("(failed)");
    return v;
}

// Whether classes of one name say the same of the detail.
static bool says_the_same(const struct scheme *x, const struct values *v, const struct scheme *y,
                          const struct values *w) {
    for (int i = 0; i < x->n; i++)
        for (int k = 0; k < y->n; k++)
            if (str_eq(x->class[i].name, y->class[k].name) &&
                !str_eq(v->name[v->state[i]], w->name[w->state[k]]))
                return false;
    return true;
}

static bool by_values(const struct scheme *s) {
    return s->kind == SCHEME_TABLE && !s->collects;
}

static void open_detail(struct arena *a, struct comparison *c, const struct flow *of,
                        const struct scheme *x, const struct scheme_column *p,
                        const struct scheme *y, const struct scheme_column *q) {
    if (p->aspect != ASPECT_DETAIL || q->aspect != ASPECT_DETAIL || p->again || q->again ||
        !str_eq(p->name, q->name))
        return;
    struct values v = values_of(a, x, p->detail), w = values_of(a, y, q->detail);
    if (!by_values(x) && says_the_same(x, &v, y, &w))
        return;
    struct flow *f = &c->scheme[c->schemes++];
    *f = (struct flow){.name = p->name,
                       .index = {of->index[BEFORE], of->index[AFTER]},
                       .state = {v.state, w.state}};
    flow_open(a, f, v.name, v.n, w.name, w.n);
}

// The states of a memory, then none, then failed.
static const struct str *state_names(struct arena *a) {
    struct str *list = arena_array(a, TIER_STATES + 2, sizeof *list);
    for (int i = 0; i < TIER_STATES; i++)
        list[i] = str_of(tier_states[i]);
    list[TIER_STATES] = STR("(none)");
    list[TIER_STATES + 1] = STR("(failed)");
    return list;
}

// What became of the tier before, where both remember.
static void open_memory(struct arena *a, struct comparison *c, const struct flow *of) {
    const struct scheme *s = &c->d[BEFORE]->policy->scheme[of->index[BEFORE]];
    if (!s->memory.on || !c->d[AFTER]->policy->scheme[of->index[AFTER]].memory.on)
        return;
    struct flow *f = &c->scheme[c->schemes++];
    const struct str *names = state_names(a);
    *f = (struct flow){.index = {of->index[BEFORE], of->index[AFTER]}, .remembers = true};
    f->name = str_of(arena_printf(a, "%.*s_state", (int)s->name.n, s->name.p));
    flow_open(a, f, names, TIER_STATES + 2, names, TIER_STATES + 2);
}

static void open_scheme(struct arena *a, struct comparison *c, int i, int k) {
    const struct scheme *x = &c->d[BEFORE]->policy->scheme[i];
    const struct scheme *y = &c->d[AFTER]->policy->scheme[k];
    struct flow f = {.name = x->name, .index = {i, k}};
    if (!by_values(x) || !by_values(y)) {
        flow_open(a, &f, class_names(a, x), x->n + 2, class_names(a, y), y->n + 2);
        c->scheme[c->schemes++] = f;
    }
    open_memory(a, c, &f);
    for (int p = 0; p < x->columns; p++)
        for (int q = 0; q < y->columns; q++)
            open_detail(a, c, &f, x, &x->column[p], y, &y->column[q]);
}

static void open_schemes(struct arena *a, struct comparison *c) {
    const struct policy *before = c->d[BEFORE]->policy, *after = c->d[AFTER]->policy;
    size_t most = 0;
    for (int i = 0; i < before->schemes; i++)
        most += 2 + (size_t)before->scheme[i].columns;
    c->scheme = arena_array(a, most, sizeof *c->scheme);
    for (int i = 0; i < before->schemes; i++) {
        int k = policy_scheme(after, before->scheme[i].name);
        if (k >= 0)
            open_scheme(a, c, i, k);
    }
}

static bool has_state(const struct flow *f, enum side side, struct str name) {
    for (int i = 0; i < f->n[side]; i++)
        if (str_eq(f->name_of[side][i], name))
            return true;
    return false;
}

static int64_t in_column(const struct flow *f, int to) {
    int64_t n = 0;
    for (int from = 0; from < f->n[BEFORE]; from++)
        n += f->cell[from * f->n[AFTER] + to].movers.customers;
    return n;
}

int flow_renamed(const struct flow *f, int from) {
    int to = -1, used = 0;
    if (has_state(f, AFTER, f->name_of[BEFORE][from]))
        return -1;
    for (int i = 0; i < f->n[AFTER]; i++)
        if (f->cell[from * f->n[AFTER] + i].movers.customers > 0) {
            to = i;
            used++;
        }
    if (used != 1 || has_state(f, BEFORE, f->name_of[AFTER][to]))
        return -1;
    return in_column(f, to) == f->cell[from * f->n[AFTER] + to].movers.customers ? to : -1;
}

// ---- referrals ----------------------------------------------------------------------------------

static const struct str *referral_names(struct arena *a) {
    struct str *list = arena_array(a, REFERRAL_REASONS, sizeof *list);
    for (int r = 0; r < REFERRAL_REASONS; r++)
        list[r] = str_of(referral_reason_name((enum referral_reason)r));
    return list;
}

static int64_t paid(const struct reward *r) {
    return r->amount[PARTY_REFERRER] + r->amount[PARTY_FRIEND];
}

// What of the next rewards is the edge's, 0 if nothing; they stand in order of edge.
static int64_t paid_for(const struct referred *r, int64_t edge, int64_t *next) {
    int64_t sum = 0;
    for (; *next < r->rewards && r->reward[*next].edge == edge; ++*next)
        sum += paid(&r->reward[*next]);
    return sum;
}

static void add_edges(const struct comparison *c, struct flow *f) {
    const struct referred *x = &c->d[BEFORE]->referred[f->index[BEFORE]];
    const struct referred *y = &c->d[AFTER]->referred[f->index[AFTER]];
    int64_t next[SIDES] = {0, 0};
    for (int64_t i = 0; i < c->d[BEFORE]->edges->n; i++) {
        struct difference d = {.customer = c->d[BEFORE]->edges->referrer[i]};
        d.cost = -paid_for(x, i, &next[BEFORE]);
        d.cost += paid_for(y, i, &next[AFTER]);
        join(&f->cell[x->reason[i] * REFERRAL_REASONS + y->reason[i]].movers, &d);
    }
}

static void compare_referrals(struct arena *a, struct comparison *c) {
    const struct policy *before = c->d[BEFORE]->policy, *after = c->d[AFTER]->policy;
    const struct str *names = referral_names(a);
    c->referral = arena_array(a, (size_t)before->referrals, sizeof *c->referral);
    for (int i = 0; i < before->referrals; i++) {
        int k = policy_referral(after, before->referral[i].name);
        if (k < 0)
            continue;
        struct flow *f = &c->referral[c->referrals++];
        *f = (struct flow){.name = before->referral[i].name, .index = {i, k}};
        flow_open(a, f, names, REFERRAL_REASONS, names, REFERRAL_REASONS);
        add_edges(c, f);
        flow_close(a, f);
    }
}

static void sum_rewards(struct arena *a, struct comparison *c, enum side side) {
    const struct decisions *d = c->d[side];
    c->reward[side] = arena_array(a, (size_t)d->data->customers, sizeof **c->reward);
    for (int k = 0; k < d->policy->referrals; k++)
        for (int64_t i = 0; i < d->referred[k].rewards; i++) {
            const struct reward *r = &d->referred[k].reward[i];
            c->reward[side][d->edges->referrer[r->edge]] += r->amount[PARTY_REFERRER];
            c->reward[side][d->edges->friend[r->edge]] += r->amount[PARTY_FRIEND];
        }
}

// ---- one customer -------------------------------------------------------------------------------

static bool any_failed(const struct decisions *d, int64_t customer) {
    for (int c = 0; c < d->policy->campaigns; c++)
        if (d->reason[c][customer] == REASON_FAULT)
            return true;
    return false;
}

static int offer_state(const struct decisions *d, int64_t customer) {
    int campaigns = d->policy->campaigns;
    const struct candidate *g = decide_grant(d, customer);
    if (g)
        return g->campaign;
    return campaigns + (d->chosen[customer] >= 0 ? 0 : any_failed(d, customer) ? 2 : 1);
}

static int class_state(const struct decisions *d, int scheme, int64_t customer) {
    const struct standing *t = &d->standing[scheme];
    if (t->fault[customer])
        return t->scheme->n + 1;
    return column_has(t->class, customer) ? t->class->code[customer] : t->scheme->n;
}

static int memory_state(const struct decisions *d, int scheme, int64_t customer) {
    const struct standing *t = &d->standing[scheme];
    if (t->fault[customer])
        return TIER_STATES + 1;
    return column_has(t->state, customer) ? t->state->code[customer] : TIER_STATES;
}

int compare_class(const struct comparison *c, const struct flow *f, enum side side,
                  int64_t customer) {
    return class_state(c->d[side], f->index[side], customer);
}

static int state_of(const struct comparison *c, const struct flow *f, enum side side,
                    int64_t customer) {
    if (f == &c->offer)
        return offer_state(c->d[side], customer);
    if (f->remembers)
        return memory_state(c->d[side], f->index[side], customer);
    int class = compare_class(c, f, side, customer);
    return f->state[side] ? f->state[side][class] : class;
}

static struct move *move_of(const struct comparison *c, const struct flow *f, int64_t customer) {
    int from = state_of(c, f, BEFORE, customer);
    return &f->cell[from * f->n[AFTER] + state_of(c, f, AFTER, customer)];
}

const struct move *compare_move(const struct comparison *c, const struct flow *f,
                                int64_t customer) {
    const struct move *m = move_of(c, f, customer);
    return stays(f, m) ? NULL : m;
}

const struct candidate *compare_grant(const struct comparison *c, enum side side,
                                      int64_t customer) {
    return decide_grant(c->d[side], customer);
}

struct str compare_channel(const struct comparison *c, enum side side, const struct candidate *g) {
    const struct channel *channel = decide_channel(c->d[side], g);
    return channel ? channel->name : STR("");
}

struct str compare_terms(const struct comparison *c, enum side side, const struct candidate *g) {
    return c->d[side]->policy->campaign[g->campaign].offer.text;
}

// As a change of that kind, CHANGES if the customer stays.
static enum change flow_add(const struct comparison *c, const struct flow *f, enum change kind,
                            const struct difference *d) {
    struct move *m = move_of(c, f, d->customer);
    join(&m->movers, d);
    return stays(f, m) ? CHANGES : move_failed(f, m) ? CHANGE_FAILED : kind;
}

// How two grants of one campaign differ; CHANGES if they do not.
static enum change grant_change(const struct comparison *c, const struct candidate *x,
                                const struct candidate *y) {
    if (!str_eq(compare_terms(c, BEFORE, x), compare_terms(c, AFTER, y)))
        return CHANGE_TERMS;
    if (!str_eq(compare_channel(c, BEFORE, x), compare_channel(c, AFTER, y)))
        return CHANGE_CHANNEL;
    bool same = x->cost == y->cost && x->value == y->value && x->amount == y->amount;
    return same ? CHANGES : CHANGE_AMOUNT;
}

static uint8_t bit_of(enum change kind) {
    return kind < CHANGES ? (uint8_t)(1 << kind) : 0;
}

static uint8_t changes_of(struct comparison *c, const struct difference *d,
                          const struct candidate *const grants[SIDES]) {
    uint8_t mask = 0;
    for (int s = 0; s < c->schemes; s++)
        mask |= bit_of(flow_add(c, &c->scheme[s], CHANGE_CLASS, d));
    enum change offer = flow_add(c, &c->offer, CHANGE_OFFER, d);
    if (offer == CHANGES && grants[BEFORE] && grants[AFTER])
        offer = grant_change(c, grants[BEFORE], grants[AFTER]);
    if (c->reward[BEFORE][d->customer] != c->reward[AFTER][d->customer])
        mask |= bit_of(CHANGE_REWARD);
    return mask | bit_of(offer);
}

static void add_granted(struct comparison *c, enum side side, const struct candidate *g) {
    struct granted *sums[] = {&c->campaign[side][g->campaign], &c->all[side]};
    for (int i = 0; i < 2; i++) {
        sums[i]->customers++;
        sums[i]->cost += g->cost;
        sums[i]->value += g->value;
        sums[i]->net += candidate_net(g);
    }
}

static void compare_customer(struct comparison *c, int64_t customer) {
    const struct candidate *grants[SIDES];
    struct difference d = {.customer = customer};
    for (int s = BEFORE; s < SIDES; s++) {
        const struct candidate *g = grants[s] = decide_grant(c->d[s], customer);
        if (!g)
            continue;
        add_granted(c, s, g);
        d.cost += s == AFTER ? g->cost : -g->cost;
        d.value += s == AFTER ? g->value : -g->value;
        d.net += s == AFTER ? candidate_net(g) : -candidate_net(g);
    }
    uint8_t mask = c->change[customer] = changes_of(c, &d, grants);
    c->changed += (mask & ~bit_of(CHANGE_FAILED)) != 0;
    struct difference reward = {.customer = customer};
    reward.cost = c->reward[AFTER][customer] - c->reward[BEFORE][customer];
    for (int k = 0; k < CHANGES; k++)
        if (mask >> k & 1)
            join(&c->kind[k], k == CHANGE_REWARD ? &reward : &d);
}

struct comparison *compare(struct arena *a, const struct decisions *before,
                           const struct decisions *after) {
    struct comparison *c = arena_alloc(a, sizeof *c);
    int64_t customers = before->data->customers;
    *c = (struct comparison){.d = {before, after}, .offer.name = STR("offer")};
    open_schemes(a, c);
    flow_open(a, &c->offer, offer_names(a, before->policy), before->policy->campaigns + 3,
              offer_names(a, after->policy), after->policy->campaigns + 3);
    c->change = arena_alloc(a, (size_t)customers);
    for (int s = BEFORE; s < SIDES; s++) {
        c->campaign[s] = arena_array(a, (size_t)c->d[s]->policy->campaigns, sizeof **c->campaign);
        sum_rewards(a, c, s);
    }
    compare_referrals(a, c);
    for (int64_t i = 0; i < customers; i++)
        compare_customer(c, i);
    for (int s = 0; s < c->schemes; s++)
        flow_close(a, &c->scheme[s]);
    flow_close(a, &c->offer);
    return c;
}
