// The referrals of one customer: those it made and those that brought it, under each block of the
// policy.
#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "verb/explain.h"

enum { TOLD_MOST = 100 };

struct str told_column(struct board *board, const struct told *t, int slot, enum type *type) {
    const struct pair_column *c = t->pairs ? &t->pairs->column[slot] : NULL;
    const struct dict *labels;
    struct err none = {DONE}; // it is there: it was evaluated
    if (!c)
        board_type(board, board_slot_name(board, slot), type, &labels, &none);
    else
        *type = c->type;
    return c ? c->name : board_slot_name(board, slot);
}

// ---- finding out ----------------------------------------------------------------------------

static const struct reward *reward_of(const struct referred *r, int64_t edge) {
    int64_t low = 0, high = r->rewards;
    while (low < high) { // rewards stand in order of edge
        int64_t middle = low + (high - low) / 2;
        if (r->reward[middle].edge < edge)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->rewards && r->reward[low].edge == edge ? &r->reward[low] : NULL;
}

static bool was_asked(enum referral_reason r) {
    return r < REFERRAL_OTHER;
}

void explain_edge_rule(struct call *c, const struct decisions *d, int64_t edge,
                       const struct site *site, struct told *out) {
    const struct rule *rule = site->rule;
    *out = (struct told){.rule = rule, .pairs = d->policy->pairs};
    out->clauses = expr_explain(rule->expr, referral_columns(c->arena, d, edge, rule), 0, c->arena,
                                &out->clause, &out->reading);
}

static void tell_rules(struct call *c, const struct explanation *x, struct told_referral *told) {
    const struct policy *p = x->d->policy;
    told->rule = arena_array(c->arena, (size_t)p->sites, sizeof *told->rule);
    for (const struct site *s = p->site; s < p->site + p->sites; s++) {
        if (s->referral != told->referred->referral || s->kind != SITE_CONDITION)
            continue;
        explain_edge_rule(c, x->d, told->edge, s, &told->rule[told->rules++]);
    }
}

static void tell(struct call *c, struct explanation *x, const struct referred *r, int64_t edge) {
    enum referral_reason reason = (enum referral_reason)r->reason[edge];
    if (reason == REFERRAL_ELSEWHERE || x->all_referrals++ >= TOLD_MOST)
        return;
    struct told_referral *told = &x->referral[x->referrals++];
    *told = (struct told_referral){
        .referred = r, .edge = edge, .reason = reason, .reward = reward_of(r, edge)};
    if (was_asked(reason))
        tell_rules(c, x, told);
}

enum status explain_referrals(struct call *c, struct explanation *x, struct err *err) {
    const struct edges *e = x->d->edges;
    (void)err;
    if (!e)
        return DONE;
    x->referral = arena_array(c->arena, TOLD_MOST, sizeof *x->referral);
    for (int64_t i = 0; i < e->n; i++)
        for (int k = 0; k < x->d->policy->referrals; k++)
            if (e->referrer[i] == x->customer || e->friend[i] == x->customer)
                tell(c, x, &x->d->referred[k], i);
    return DONE;
}

// ---- showing --------------------------------------------------------------------------------

static bool made(const struct explanation *x, const struct told_referral *t) {
    return x->d->edges->referrer[t->edge] == x->customer;
}

// The friend's id as the row has it, or the referrer's.
static struct str other(const struct explanation *x, const struct told_referral *t) {
    const struct edges *e = x->d->edges;
    const struct column *referee = table_column(e->table, STR("referee"));
    if (!made(x, t))
        return column_str(x->d->data->id, e->referrer[t->edge]);
    return column_has(referee, e->row[t->edge]) ? column_str(referee, e->row[t->edge])
                                                : STR("(nobody)");
}

static struct str date_text(const struct edges *e, int64_t edge, char out[10]) {
    if (!column_has(e->table->date, e->row[edge]))
        return STR("");
    date_print(edge_date(e, edge), out);
    return (struct str){out, 10};
}

static struct str due_text(const struct explanation *x, const struct told_referral *t,
                           char out[10]) {
    const struct edges *e = x->d->edges;
    if (t->reason != REFERRAL_PENDING)
        return STR("");
    date_print(referral_due(t->referred->referral, edge_date(e, t->edge)), out);
    return (struct str){out, 10};
}

static void amounts_text(struct buf *out, const struct explanation *x,
                         const struct told_referral *t) {
    char amount[PARTIES][NUMBER_MAX];
    int n[PARTIES], decimals = x->d->data->decimals;
    if (!t->reward)
        return;
    for (int party = 0; party < PARTIES; party++)
        n[party] = money_print(t->reward->amount[party], decimals, amount[party]);
    buf_printf(out, "    to the referrer %.*s, to the friend %.*s\n", n[PARTY_REFERRER],
               amount[PARTY_REFERRER], n[PARTY_FRIEND], amount[PARTY_FRIEND]);
}

static void referral_text(struct buf *out, const struct explanation *x,
                          const struct told_referral *t) {
    char day[10], until[10];
    struct str name = t->referred->referral->name, id = other(x, t);
    struct str date = date_text(x->d->edges, t->edge, day), due = due_text(x, t, until);
    const struct failure *f = referral_failure(x->d, t->referred->referral, t->edge);
    buf_printf(out, "  %.*s, %s %.*s on %.*s: %s%s%.*s: %s\n", (int)name.n, name.p,
               made(x, t) ? "brought" : "brought by", (int)id.n, id.p, (int)date.n, date.p,
               referral_reason_name(t->reason), due.n ? " until " : "", (int)due.n, due.p,
               referral_reason_help(t->reason));
    for (int i = 0; i < t->rules; i++) {
        const struct site *site = policy_site(x->d->policy, t->rule[i].rule);
        buf_printf(out, "    %s\n", site->word);
        told_text(out, x, &t->rule[i]);
    }
    if (f)
        buf_printf(out, "    failed in line %ld: %s\n", f->line, f->text);
    amounts_text(out, x, t);
}

void explain_referrals_text(struct buf *out, const struct explanation *x) {
    if (x->referrals)
        buf_z(out, "referrals\n");
    for (int i = 0; i < x->referrals; i++)
        referral_text(out, x, &x->referral[i]);
    if (x->all_referrals > x->referrals)
        buf_printf(out, "  and %lld more\n", (long long)(x->all_referrals - x->referrals));
}

static void referral_json(struct json *j, const struct explanation *x,
                          const struct told_referral *t) {
    static const char *const roles[] = {"friend", "referrer"};
    char day[10], until[10];
    struct str date = date_text(x->d->edges, t->edge, day), due = due_text(x, t, until);
    json_open(j, '{');
    json_field_str(j, "referral", t->referred->referral->name);
    json_field_z(j, "role", roles[made(x, t)]);
    json_field_str(j, "other", other(x, t));
    json_field_str(j, "date", date);
    json_field_z(j, "reason", referral_reason_name(t->reason));
    if (due.n)
        json_field_str(j, "until", due);
    json_field_open(j, "rules", '[');
    for (int i = 0; i < t->rules; i++) {
        json_open(j, '{');
        told_json(j, x, policy_site(x->d->policy, t->rule[i].rule)->word, &t->rule[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
    if (t->reward) {
        json_field_money(j, "to_referrer", t->reward->amount[PARTY_REFERRER], x->d->data->decimals);
        json_field_money(j, "to_friend", t->reward->amount[PARTY_FRIEND], x->d->data->decimals);
    }
    json_close(j, '}');
}

void explain_referrals_json(struct json *j, const struct explanation *x) {
    if (!x->d->edges)
        return;
    json_field_integer(j, "all_referrals", x->all_referrals);
    json_field_open(j, "referrals", '[');
    for (int i = 0; i < x->referrals; i++)
        referral_json(j, x, &x->referral[i]);
    json_close(j, ']');
}
