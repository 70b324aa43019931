#include "sink/referrals.h"

#include "decide/paid.h"
#include "sink/fault.h"

// Columns under construction, all of n rows.
struct making {
    struct arena *arena;
    int64_t n;
    int columns;
    struct column *column[16];
};

static struct column *add(struct making *m, const char *name, enum type type) {
    return m->column[m->columns++] = column_new(m->arena, str_of(name), type, m->n);
}

static struct column *add_label(struct making *m, const char *name, const struct dict *dict) {
    struct column *c = add(m, name, TYPE_LABEL);
    c->dict = dict;
    return c;
}

static struct column *add_money(struct making *m, const char *name, int decimals) {
    struct column *c = add(m, name, TYPE_MONEY);
    c->decimals = decimals;
    return c;
}

static void finish(const struct making *m, struct sheet *out) {
    const struct column **list = arena_array(m->arena, (size_t)m->columns, sizeof *list);
    for (int i = 0; i < m->columns; i++) {
        column_finish(m->column[i]);
        list[i] = m->column[i];
    }
    *out = (struct sheet){m->columns, list, m->n};
}

static struct str name_of(const struct referral *k) {
    return k->name;
}

static const struct dict *texts(struct arena *a, const struct policy *p,
                                struct str (*text)(const struct referral *k)) {
    struct str *list = arena_array(a, (size_t)p->referrals, sizeof *list);
    for (int i = 0; i < p->referrals; i++)
        list[i] = text(&p->referral[i]);
    return dict_new(a, list, p->referrals, true);
}

// ---- rewards --------------------------------------------------------------------------------

struct reward_columns {
    struct column *customer, *date, *programme, *amount, *key, *other, *referral, *role;
    struct buf keys;
};

static void put_reward(struct reward_columns *c, const struct decisions *d, int block,
                       const struct reward *reward, enum party party, int64_t row) {
    int32_t id[PARTIES] = {d->edges->referrer[reward->edge], d->edges->friend[reward->edge]};
    struct buf key = {.arena = c->keys.arena};
    paid_key(d, &d->policy->referral[block], reward->edge, party, reward->amount[party] < 0, &key);
    column_set_code(c->customer, row, id[party]);
    column_set_date(c->date, row, d->data->as_of);
    column_set_code(c->programme, row, block);
    column_set_integer(c->amount, row, reward->amount[party]);
    column_set_text(c->key, row, (struct str){key.p, key.n}, &c->keys);
    column_set_code(c->other, row, id[!party]);
    column_set_code(c->referral, row, block);
    column_set_code(c->role, row, party);
}

static int64_t count_rewards(const struct decisions *d) {
    int64_t n = 0;
    for (int k = 0; k < d->policy->referrals && d->referred; k++)
        for (int64_t i = 0; i < d->referred[k].rewards; i++)
            for (int party = 0; party < PARTIES; party++)
                n += d->referred[k].reward[i].amount[party] != 0;
    return n;
}

void reward_rows(struct arena *a, const struct decisions *d, struct sheet *out) {
    static const struct str roles[PARTIES] = {
        [PARTY_REFERRER] = {"referrer", 8}, [PARTY_FRIEND] = {"friend", 6}};
    struct making m = {.arena = a, .n = count_rewards(d)};
    struct reward_columns c = {
        .customer = add_label(&m, "customer", d->data->id->dict),
        .date = add(&m, "date", TYPE_DATE),
        .programme = add_label(&m, "programme", texts(a, d->policy, paid_programme)),
        .amount = add_money(&m, "amount", d->data->decimals),
        .key = add(&m, "key", TYPE_TEXT),
        .other = add_label(&m, "other", d->data->id->dict),
        .referral = add_label(&m, "referral", texts(a, d->policy, name_of)),
        .role = add_label(&m, "role", dict_new(a, roles, PARTIES, true)),
        .keys = {.arena = a},
    };
    int64_t row = 0;
    for (int k = 0; k < d->policy->referrals && d->referred; k++)
        for (int64_t i = 0; i < d->referred[k].rewards; i++)
            for (int party = 0; party < PARTIES; party++)
                if (d->referred[k].reward[i].amount[party] != 0)
                    put_reward(&c, d, k, &d->referred[k].reward[i], (enum party)party, row++);
    finish(&m, out);
}

// ---- referrals ------------------------------------------------------------------------------

static const struct dict *reason_dict(struct arena *a) {
    struct str list[REFERRAL_REASONS];
    for (int r = 0; r < REFERRAL_REASONS; r++)
        list[r] = str_of(referral_reason_name((enum referral_reason)r));
    return dict_new(a, list, REFERRAL_REASONS, true);
}

struct referral_columns {
    struct column *referral, *referrer, *friend, *date, *reason, *until, *amount[PARTIES], *value;
    struct column *line, *fault;
};

static void put_edge(const struct referral_columns *c, const struct decisions *d, int64_t edge,
                     int64_t row) {
    const struct table *t = d->edges->table;
    const struct column *referee = table_column(t, STR("referee"));
    int64_t at = d->edges->row[edge];
    column_set_code(c->referrer, row, d->edges->referrer[edge]);
    if (column_has(referee, at))
        column_set_code(c->friend, row, referee->code[at]);
    if (column_has(t->date, at))
        column_set_date(c->date, row, t->date->date[at]);
}

static void put_reason(const struct referral_columns *c, const struct decisions *d, int block,
                       int64_t edge, int64_t row) {
    const struct referred *r = &d->referred[block];
    column_set_code(c->referral, row, block);
    column_set_code(c->reason, row, r->reason[edge]);
    if (r->reason[edge] == REFERRAL_PENDING)
        column_set_date(c->until, row, referral_due(r->referral, edge_date(d->edges, edge)));
    if (r->reason[edge] == REFERRAL_FAULT)
        fault_set(c->line, c->fault, row, referral_failure(d, r->referral, edge));
}

static void put_amounts(const struct referral_columns *c, const struct reward *reward,
                        int64_t row) {
    for (int party = 0; party < PARTIES; party++)
        column_set_integer(c->amount[party], row, reward->amount[party]);
    column_set_integer(c->value, row, reward->value);
}

void referral_rows(struct arena *a, const struct decisions *d, struct sheet *out) {
    int blocks = d->referred ? d->policy->referrals : 0, decimals = d->data->decimals;
    struct making m = {.arena = a, .n = blocks ? d->edges->n * blocks : 0};
    const struct dict *friends =
        blocks ? table_column(d->edges->table, STR("referee"))->dict : d->data->id->dict;
    struct referral_columns c = {
        .referral = add_label(&m, "referral", texts(a, d->policy, name_of)),
        .referrer = add_label(&m, "referrer", d->data->id->dict),
        .friend = add_label(&m, "friend", friends),
        .date = add(&m, "date", TYPE_DATE),
        .reason = add_label(&m, "reason", reason_dict(a)),
        .until = add(&m, "until", TYPE_DATE),
        .amount = {add_money(&m, "to_referrer", decimals), add_money(&m, "to_friend", decimals)},
        .value = add_money(&m, "value", decimals),
        .line = add(&m, "line", TYPE_INTEGER),
        .fault = add_label(&m, "fault", fault_dict(a, d)),
    };
    for (int k = 0; k < blocks; k++) {
        for (int64_t edge = 0; edge < d->edges->n; edge++) {
            put_edge(&c, d, edge, edge * blocks + k);
            put_reason(&c, d, k, edge, edge * blocks + k);
        }
        for (int64_t i = 0; i < d->referred[k].rewards; i++)
            put_amounts(&c, &d->referred[k].reward[i], d->referred[k].reward[i].edge * blocks + k);
    }
    finish(&m, out);
}
