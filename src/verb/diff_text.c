// The comparison as a page for people: first who and how much, then from what to what, then why.
#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "verb/diff.h"
#include "verb/lineup.h"

enum { PAGE = 100, MOVES_SHOWN = 12 };

// ---- tables -------------------------------------------------------------------------------------

// An empty cell is a dot, so that the eye keeps the line.
static void put_count(struct lineup *g, int64_t n) {
    lineup_put_z(g, n ? arena_printf(g->arena, "%lld", (long long)n) : ".");
}

static const char *sign(int64_t n) {
    return n > 0 ? "+" : "";
}

static void put_change(struct lineup *g, int64_t n) {
    lineup_put_z(g, n ? arena_printf(g->arena, "%s%lld", sign(n), (long long)n) : ".");
}

static void put_money_change(struct lineup *g, int64_t minor, int decimals) {
    char text[NUMBER_MAX];
    int n = money_print(minor, decimals, text);
    lineup_put_z(g, minor ? arena_printf(g->arena, "%s%.*s", sign(minor), n, text) : ".");
}

// ---- who and how much ---------------------------------------------------------------------------

static void settings_text(struct buf *out, const struct policy *p) {
    for (int i = 0, some = 0; i < p->params; i++) {
        const struct param *k = &p->param[i];
        if (!k->changed)
            continue;
        buf_printf(out, "%s%.*s = ", some++ ? ", " : " with ", (int)k->name.n, k->name.p);
        value_print(&k->value, k->type, out);
    }
    buf_char(out, '\n');
}

static void head_text(struct buf *out, const struct diff *x) {
    const struct dataset *data = &x->opened[BEFORE].loaded.data;
    char date[10];
    date_print(data->as_of, date);
    buf_printf(out, "%.*s, %lld customer%s as of %.10s\n", (int)data->name.n, data->name.p,
               (long long)data->customers, plural(data->customers), date);
    for (int s = BEFORE; s < SIDES; s++) {
        const struct policy *p = x->opened[s].policy;
        buf_printf(out, "  %-7s %s, policy \"%.*s\"", side_name(s), x->path[s], (int)p->title.n,
                   p->title.p);
        settings_text(out, p);
    }
}

static void changed_text(struct buf *out, const struct diff *x) {
    const struct comparison *k = x->compared;
    int64_t customers = x->opened[BEFORE].loaded.data.customers;
    if (!k->changed) {
        buf_z(out, "\nnobody gets anything else\n");
        return;
    }
    buf_printf(out, "\n%lld of %lld customers change (%.1f %%):", (long long)k->changed,
               (long long)customers, 100.0 * (double)k->changed / (double)customers);
    const char *comma = "";
    for (int s = 0; s < k->schemes; s++) {
        const struct flow *f = &k->scheme[s];
        if (!f->changed)
            continue;
        buf_printf(out, "%s %.*s %lld", comma, (int)f->name.n, f->name.p, (long long)f->changed);
        comma = ",";
    }
    for (int c = CHANGE_OFFER; c < CHANGE_FAILED; c++) {
        if (!k->kind[c].customers)
            continue;
        buf_printf(out, "%s %s %lld", comma, change_name((enum change)c),
                   (long long)k->kind[c].customers);
        comma = ",";
    }
    buf_char(out, '\n');
}

static void failed_text(struct buf *out, const struct comparison *k) {
    int64_t n = k->kind[CHANGE_FAILED].customers;
    if (n)
        buf_printf(out,
                   "for %lld customer%s a rule failed on one side only: nothing was decided there, "
                   "and it is no change\n",
                   (long long)n, plural(n));
}

static void totals_text(struct buf *out, const struct diff *x) {
    const struct granted *a = &x->compared->all[BEFORE], *b = &x->compared->all[AFTER];
    const struct dataset *data = &x->opened[BEFORE].loaded.data;
    struct lineup g = {.arena = out->arena, .columns = 4};
    const struct {
        const char *name;
        int64_t before, after;
    } rows[] = {{"cost", a->cost, b->cost}, {"value", a->value, b->value}, {"net", a->net, b->net}};
    lineup_put_z(&g, data->currency.n ? arena_printf(out->arena, "all offers, in %.*s",
                                                     (int)data->currency.n, data->currency.p)
                                      : "all offers");
    lineup_put_z(&g, "before");
    lineup_put_z(&g, "after");
    lineup_put_z(&g, "difference");
    lineup_put_z(&g, "customers");
    put_count(&g, a->customers);
    put_count(&g, b->customers);
    put_change(&g, b->customers - a->customers);
    for (int i = 0; i < 3; i++) {
        lineup_put_z(&g, rows[i].name);
        lineup_put_money(&g, rows[i].before, data->decimals);
        lineup_put_money(&g, rows[i].after, data->decimals);
        put_money_change(&g, rows[i].after - rows[i].before, data->decimals);
    }
    buf_char(out, '\n');
    lineup_text(out, &g);
}

// ---- from what to what --------------------------------------------------------------------------

static int64_t state_count(const struct flow *f, enum side side, int state) {
    int64_t n = 0;
    for (int i = 0; i < f->n[!side]; i++)
        n += f->cell[side == BEFORE ? state * f->n[AFTER] + i : i * f->n[AFTER] + state]
                 .movers.customers;
    return n;
}

// Classes are shown even if nobody has them; none and failed, the last two, only if somebody does.
static bool is_shown(const struct flow *f, enum side side, int state) {
    return state < f->n[side] - 2 || state_count(f, side, state) > 0;
}

static void matrix(struct lineup *g, const struct flow *f, int64_t customers) {
    lineup_put_z(g, "before \\ after");
    for (int to = 0; to < f->n[AFTER]; to++)
        if (is_shown(f, AFTER, to))
            lineup_put(g, f->name_of[AFTER][to]);
    lineup_put_z(g, "all");
    g->columns = g->n;
    for (int from = 0; from < f->n[BEFORE]; from++) {
        if (!is_shown(f, BEFORE, from))
            continue;
        lineup_put(g, f->name_of[BEFORE][from]);
        for (int to = 0; to < f->n[AFTER]; to++)
            if (is_shown(f, AFTER, to))
                put_count(g, f->cell[from * f->n[AFTER] + to].movers.customers);
        put_count(g, state_count(f, BEFORE, from));
    }
    lineup_put_z(g, "all");
    for (int to = 0; to < f->n[AFTER]; to++)
        if (is_shown(f, AFTER, to))
            put_count(g, state_count(f, AFTER, to));
    put_count(g, customers);
}

// `what` moves and costs; of customers also the net.
static void moves_text(struct buf *out, const struct diff *x, const struct flow *f,
                       const char *what, const char *cost) {
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    bool net = f == &x->compared->offer;
    struct lineup g = {.arena = out->arena, .columns = 3 + net};
    lineup_put_z(&g, "from -> to");
    lineup_put_z(&g, what);
    lineup_put_z(&g, cost);
    if (net)
        lineup_put_z(&g, "net");
    for (int i = 0; i < f->moves && i < MOVES_SHOWN; i++) {
        const struct move *m = f->move[i];
        struct str from = f->name_of[BEFORE][m->from], to = f->name_of[AFTER][m->to];
        lineup_put_z(
            &g, arena_printf(out->arena, "%.*s -> %.*s", (int)from.n, from.p, (int)to.n, to.p));
        put_count(&g, m->movers.customers);
        put_money_change(&g, m->movers.cost, decimals);
        if (net)
            put_money_change(&g, m->movers.net, decimals);
    }
    lineup_text(out, &g);
    if (f->moves > MOVES_SHOWN)
        buf_printf(out, "  and %d more, which --json lists\n", f->moves - MOVES_SHOWN);
}

static void renamed_text(struct buf *out, const struct flow *f) {
    for (int from = 0; from < f->n[BEFORE]; from++) {
        int to = flow_renamed(f, from);
        if (to < 0)
            continue;
        struct str old = f->name_of[BEFORE][from], new = f->name_of[AFTER][to];
        buf_printf(out,
                   "  note: %.*s before has the very customers of %.*s after; was it renamed?\n",
                   (int)old.n, old.p, (int)new.n, new.p);
    }
}

static void scheme_text(struct buf *out, const struct diff *x, const struct flow *f) {
    struct lineup g = {.arena = out->arena};
    if (!f->moves)
        return;
    buf_printf(out, "\n%.*s: %lld customer%s change%s\n", (int)f->name.n, f->name.p,
               (long long)f->changed, plural(f->changed), f->changed == 1 ? "s" : "");
    matrix(&g, f, x->opened[BEFORE].loaded.data.customers);
    if (lineup_width(&g) <= PAGE)
        lineup_text(out, &g);
    else
        moves_text(out, x, f, "customers", "cost");
    renamed_text(out, f);
}

// A scheme that the other policy lacks: nothing to compare it with.
static void lone_schemes_text(struct buf *out, const struct diff *x) {
    for (int s = BEFORE; s < SIDES; s++)
        for (int i = 0; i < x->opened[s].policy->schemes; i++) {
            const struct scheme *own = &x->opened[s].policy->scheme[i];
            if (policy_scheme(x->opened[!s].policy, own->name) >= 0)
                continue;
            buf_printf(out, "\n%.*s stands only in %s:", (int)own->name.n, own->name.p, x->path[s]);
            for (int k = 0; k < own->n; k++)
                buf_printf(out, "%s %.*s %lld", k ? "," : "", (int)own->class[k].name.n,
                           own->class[k].name.p, (long long)x->d[s]->standing[i].count[k]);
            buf_char(out, '\n');
        }
}

// ---- by campaign --------------------------------------------------------------------------------

// What stands in one policy only is marked.
static void put_name(struct lineup *g, struct str name, const void *before, const void *after) {
    const char *mark = !before ? " (new)" : !after ? " (gone)" : "";
    lineup_put_z(g, arena_printf(g->arena, "%.*s%s", (int)name.n, name.p, mark));
}

static void campaign_row(struct lineup *g, const struct diff *x, struct str name,
                         const struct granted *before, const struct granted *after) {
    static const struct granted none;
    const struct granted *a = before ? before : &none, *b = after ? after : &none;
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    put_name(g, name, before, after);
    put_count(g, a->customers);
    put_count(g, b->customers);
    lineup_put_money(g, a->cost, decimals);
    lineup_put_money(g, b->cost, decimals);
    put_money_change(g, b->cost - a->cost, decimals);
    lineup_put_money(g, a->net, decimals);
    lineup_put_money(g, b->net, decimals);
    put_money_change(g, b->net - a->net, decimals);
}

static void campaigns_text(struct buf *out, const struct diff *x) {
    static const char *const head[] = {"by campaign", "offers before", "after",
                                       "cost before", "after",         "+/-",
                                       "net before",  "after",         "+/-"};
    const struct policy *p = x->opened[BEFORE].policy, *q = x->opened[AFTER].policy;
    const struct granted *const *sums = (const struct granted *const *)x->compared->campaign;
    struct lineup g = {.arena = out->arena, .columns = 9};
    if (p->campaigns + q->campaigns == 0)
        return;
    for (int i = 0; i < g.columns; i++)
        lineup_put_z(&g, head[i]);
    for (int i = 0; i < p->campaigns; i++) {
        int k = policy_campaign(q, p->campaign[i].name);
        campaign_row(&g, x, p->campaign[i].name, &sums[BEFORE][i], k < 0 ? NULL : &sums[AFTER][k]);
    }
    for (int k = 0; k < q->campaigns; k++)
        if (policy_campaign(p, q->campaign[k].name) < 0)
            campaign_row(&g, x, q->campaign[k].name, NULL, &sums[AFTER][k]);
    buf_char(out, '\n');
    lineup_text(out, &g);
}

// Who is held out hangs on the policy's title, among others.
static void holdout_text(struct buf *out, const struct diff *x) {
    const struct policy *p = x->opened[BEFORE].policy, *q = x->opened[AFTER].policy;
    bool held = q->holdout > 0;
    for (int i = 0; i < q->campaigns; i++)
        held |= q->campaign[i].holdout > 0;
    if (held && !str_eq(p->title, q->title))
        buf_z(out, "  note: the policies have different titles, so other customers are held out\n");
}

static void offers_text(struct buf *out, const struct diff *x) {
    const struct flow *f = &x->compared->offer;
    if (f->moves) {
        buf_printf(out, "\noffers: %lld customer%s get%s another one, one more or one less\n",
                   (long long)f->changed, plural(f->changed), f->changed == 1 ? "s" : "");
        moves_text(out, x, f, "customers", "cost");
        holdout_text(out, x);
    }
    renamed_text(out, f);
}

// ---- referrals ----------------------------------------------------------------------------------

static void referral_row(struct lineup *g, const struct diff *x, struct str name,
                         const struct referred *before, const struct referred *after) {
    static const struct referred none;
    const struct referred *a = before ? before : &none, *b = after ? after : &none;
    int decimals = x->opened[BEFORE].loaded.data.decimals;
    int64_t paid[SIDES] = {a->paid + a->taken_back, b->paid + b->taken_back};
    put_name(g, name, before, after);
    put_count(g, a->count[REFERRAL_GRANTED]);
    put_count(g, b->count[REFERRAL_GRANTED]);
    lineup_put_money(g, paid[BEFORE], decimals);
    lineup_put_money(g, paid[AFTER], decimals);
    put_money_change(g, paid[AFTER] - paid[BEFORE], decimals);
}

static void rewards_text(struct buf *out, const struct diff *x) {
    static const char *const head[] = {"by referral block", "rewarded before", "after",
                                       "paid before",       "after",           "+/-"};
    const struct policy *p = x->opened[BEFORE].policy, *q = x->opened[AFTER].policy;
    const struct referred *a = x->d[BEFORE]->referred, *b = x->d[AFTER]->referred;
    struct lineup g = {.arena = out->arena, .columns = 6};
    if (!x->compared->kind[CHANGE_REWARD].customers)
        return;
    for (int i = 0; i < g.columns; i++)
        lineup_put_z(&g, head[i]);
    for (int i = 0; i < p->referrals; i++) {
        int k = policy_referral(q, p->referral[i].name);
        referral_row(&g, x, p->referral[i].name, &a[i], k < 0 ? NULL : &b[k]);
    }
    for (int k = 0; k < q->referrals; k++)
        if (policy_referral(p, q->referral[k].name) < 0)
            referral_row(&g, x, q->referral[k].name, NULL, &b[k]);
    buf_char(out, '\n');
    lineup_text(out, &g);
    for (int i = 0; i < x->compared->referrals; i++) {
        const struct flow *f = &x->compared->referral[i];
        if (!f->moves)
            continue;
        buf_printf(out, "\n%.*s: what became of its referrals\n", (int)f->name.n, f->name.p);
        moves_text(out, x, f, "referrals", "paid");
    }
}

// ---- why ----------------------------------------------------------------------------------------

static void place_text(struct buf *out, struct place at) {
    buf_printf(out, "   %s:%ld", at.file, at.line);
    if (at.column)
        buf_printf(out, ":%ld", at.column);
}

static void clause_text(struct buf *out, const struct clause *c) {
    buf_printf(out, "%-5s %.*s", truth_marks[c->alone], (int)c->text.n, c->text.p);
    if (c->alone == CLAUSE_MISSING)
        buf_printf(out, "   (%.*s is missing)", (int)c->missing.n, c->missing.p);
    else if (c->values.n)
        buf_printf(out, "   (%.*s)", (int)c->values.n, c->values.p);
}

static void amount_text(struct buf *out, const struct told *t) {
    const struct outcome *o = &t->reading.outcome;
    buf_str(out, expr_text(t->rule->expr));
    if (!t->values.n)
        return; // it says itself what it is
    buf_z(out, " = ");
    if (o->kind == OUTCOME_VALUE)
        value_print(&o->value, TYPE_NUMBER, out);
    else
        buf_z(out, o->kind == OUTCOME_MISSING ? "?" : "!");
    buf_printf(out, "   (%.*s)", (int)t->values.n, t->values.p);
}

static void side_text(struct buf *out, const struct diff *x, enum side side,
                      const struct cause *k) {
    const struct cause_side *s = &k->side[side];
    if (!s->site && (k->only || !k->side[!side].site))
        return;
    buf_printf(out, "      %-7s ", side_name(side));
    if (!s->site) {
        buf_z(out, "has no such rule");
    } else if (s->told.rule->bound) {
        explain_call(out, x->opened[side].board, &s->told);
    } else if (s->site->kind == SITE_AMOUNT) {
        amount_text(out, &s->told);
    } else if (s->clause) {
        clause_text(out, s->clause);
    } else {
        buf_z(out, "has no such clause");
    }
    if (s->site)
        place_text(out, cause_place(s));
    buf_char(out, '\n');
}

static void paid_text(struct buf *out, const struct diff *x, int64_t customer) {
    char was[NUMBER_MAX], is[NUMBER_MAX];
    int decimals = x->d[AFTER]->data->decimals;
    int n = money_print(x->compared->reward[BEFORE][customer], decimals, was);
    int m = money_print(x->compared->reward[AFTER][customer], decimals, is);
    buf_printf(out, "    paid for referrals: %.*s -> %.*s\n", n, was, m, is);
}

static void change_text(struct buf *out, const struct diff *x, int64_t customer,
                        const struct told_change *t) {
    if (t->flow) {
        struct str from = t->flow->name_of[BEFORE][t->move->from];
        struct str to = t->flow->name_of[AFTER][t->move->to];
        buf_printf(out, "    %.*s: %.*s -> %.*s\n", (int)t->flow->name.n, t->flow->name.p,
                   (int)from.n, from.p, (int)to.n, to.p);
    } else if (t->kind == CHANGE_REWARD) {
        paid_text(out, x, customer);
    } else {
        buf_printf(out, "    %s\n", change_help(t->kind));
    }
    buf_printf(out, "      %.*s\n", (int)t->cause.text.n, t->cause.text.p);
    for (int s = BEFORE; s < SIDES; s++)
        side_text(out, x, s, &t->cause);
}

static void examples_text(struct buf *out, const struct diff *x) {
    if (x->examples)
        buf_z(out, "\nfor example\n");
    for (int i = 0; i < x->examples; i++) {
        const struct example *e = &x->example[i];
        struct str id = column_str(x->opened[BEFORE].loaded.data.id, e->customer);
        buf_printf(out, "  %.*s\n", (int)id.n, id.p);
        for (int k = 0; k < e->changes; k++)
            change_text(out, x, e->customer, &e->change[k]);
    }
}

void diff_text(const void *result, struct buf *out) {
    const struct diff *x = result;
    head_text(out, x);
    changed_text(out, x);
    failed_text(out, x->compared);
    if (x->compared->changed)
        totals_text(out, x);
    for (int s = 0; s < x->compared->schemes; s++)
        scheme_text(out, x, &x->compared->scheme[s]);
    lone_schemes_text(out, x);
    offers_text(out, x);
    if (x->compared->changed)
        campaigns_text(out, x);
    rewards_text(out, x);
    examples_text(out, x);
}
