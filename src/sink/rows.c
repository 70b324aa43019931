#include "sink/rows.h"

#include "sink/fault.h"

// What a candidate costs and brings.
struct amounts {
    struct column *cost, *value, *net;
};

// The columns of the decisions file, one row a customer.
struct rows {
    struct column *campaign, *offer, *channel, *reason;
    struct column *amount; // NULL: no offer differs by customer
    struct amounts amounts;
};

static struct dict *names_of(struct arena *a, const struct policy *p,
                             struct str (*name)(const struct campaign *c)) {
    struct str *list = arena_array(a, (size_t)p->campaigns, sizeof *list);
    for (int i = 0; i < p->campaigns; i++)
        list[i] = name(&p->campaign[i]);
    return dict_new(a, list, p->campaigns, true);
}

static struct str campaign_name(const struct campaign *c) {
    return c->name;
}

static struct str campaign_offer(const struct campaign *c) {
    return c->offer.text;
}

static struct dict *channel_dict(struct arena *a, const struct policy *p) {
    struct str list[CHANNELS_MOST];
    for (int i = 0; i < p->channels; i++)
        list[i] = p->channel[i].name;
    return dict_new(a, list, p->channels, true);
}

static void set_channel(const struct decisions *d, struct column *column, int64_t row,
                        const struct candidate *c) {
    const struct channel *channel = decide_channel(d, c);
    if (channel)
        column_set_code(column, row, (int32_t)(channel - d->policy->channel));
}

static struct dict *reason_dict(struct arena *a) {
    struct str list[REASONS];
    for (int r = 0; r < REASONS; r++)
        list[r] = str_of(reason_name((enum reason)r));
    return dict_new(a, list, REASONS, true);
}

static struct column *label_column(struct arena *a, const char *name, const struct dict *dict,
                                   int64_t n) {
    struct column *c = column_new(a, str_of(name), TYPE_LABEL, n);
    c->dict = dict;
    return c;
}

static struct column *money_column(struct arena *a, const char *name, int decimals, int64_t n) {
    struct column *c = column_new(a, str_of(name), TYPE_MONEY, n);
    c->decimals = decimals;
    return c;
}

static struct amounts amounts_new(struct arena *a, int decimals, int64_t n) {
    return (struct amounts){money_column(a, "cost", decimals, n),
                            money_column(a, "value", decimals, n),
                            money_column(a, "net", decimals, n)};
}

static void set_amounts(struct amounts *m, int64_t row, const struct candidate *c) {
    column_set_integer(m->cost, row, c->cost);
    column_set_integer(m->value, row, c->value);
    column_set_integer(m->net, row, candidate_net(c));
}

static struct column *renamed(struct arena *a, const struct column *c, const char *name) {
    struct column *copy = arena_alloc(a, sizeof *copy);
    *copy = *c;
    copy->name = str_of(name);
    return copy;
}

// How much of what is offered: where that differs by customer, of all offers that count.
static struct column *offered_column(struct arena *a, const struct decisions *d, int64_t n) {
    for (int i = 0; i < d->policy->campaigns; i++)
        if (rule_given(&d->policy->campaign[i].offer.amount))
            return column_new(a, STR("amount"), TYPE_NUMBER, n);
    return NULL;
}

static void set_offered(const struct decisions *d, struct column *column, int64_t row,
                        const struct candidate *c) {
    if (column && d->policy->campaign[c->campaign].offer.counts)
        column_set_number(column, row, c->amount);
}

// Why a customer gets nothing: the most telling of the campaigns' reasons, which is the lowest.
static int reason_for_nothing(const struct decisions *d, int64_t customer) {
    int reason = REASONS;
    for (int c = 0; c < d->policy->campaigns; c++)
        if (d->reason[c][customer] < reason)
            reason = d->reason[c][customer];
    return reason;
}

// A control row names the offer, and gets nothing: no channel, no money.
static void fill_row(const struct decisions *d, struct rows *r, int64_t i) {
    if (d->chosen[i] < 0) {
        int reason = reason_for_nothing(d, i);
        if (reason < REASONS)
            column_set_code(r->reason, i, reason);
        return;
    }
    const struct candidate *c = &d->candidate[d->chosen[i]];
    const struct campaign *campaign = &d->policy->campaign[c->campaign];
    int reason = d->reason[c->campaign][i];
    column_set_code(r->campaign, i, c->campaign);
    column_set_code(r->reason, i, reason);
    if (campaign->offer.text.n)
        column_set_code(r->offer, i, c->campaign);
    if (reason_is_control((enum reason)reason))
        return;
    set_offered(d, r->amount, i, c);
    set_channel(d, r->channel, i, c);
    set_amounts(&r->amounts, i, c);
}

static void make_rows(struct arena *a, const struct decisions *d, struct rows *r) {
    int64_t n = d->data->customers;
    r->campaign = label_column(a, "campaign", names_of(a, d->policy, campaign_name), n);
    r->offer = label_column(a, "offer", names_of(a, d->policy, campaign_offer), n);
    r->amount = offered_column(a, d, n);
    r->channel = label_column(a, "channel", channel_dict(a, d->policy), n);
    r->amounts = amounts_new(a, d->data->decimals, n);
    r->reason = label_column(a, "reason", reason_dict(a), n);
    for (int64_t i = 0; i < n; i++)
        fill_row(d, r, i);
}

// A list of columns that a sheet points to.
struct list {
    const struct column **column;
    int n;
};

static void add(struct list *l, const struct column *c) {
    l->column[l->n++] = c;
}

static void finish(struct list *l, struct column *c) {
    column_finish(c);
    add(l, c);
}

static void finish_amounts(struct list *l, struct amounts *m) {
    finish(l, m->cost);
    finish(l, m->value);
    finish(l, m->net);
}

// The scheme whose class is the column `tier`; NULL if there is none.
static const struct standing *first_tiers(const struct decisions *d) {
    for (int i = 0; i < d->policy->schemes; i++)
        if (d->policy->scheme[i].kind == SCHEME_TIERS)
            return &d->standing[i];
    return NULL;
}

// The class, unless it is there as `tier`, and its details.
static void add_standing(struct list *l, const struct standing *t, bool tier) {
    for (int i = 0; i < t->scheme->columns; i++) {
        const struct scheme_column *c = &t->scheme->column[i];
        if (!c->again && c->aspect != ASPECT_UNDECIDED && !(tier && c->aspect == ASPECT_CLASS))
            add(l, t->column[i]);
    }
}

void decision_rows(struct arena *a, const struct decisions *d, const struct column *const *extra,
                   int n_extra, struct sheet *out) {
    const struct standing *tiers = first_tiers(d);
    int most = 11 + n_extra;
    for (int i = 0; i < d->policy->schemes; i++)
        most += d->policy->scheme[i].columns;
    struct rows r;
    struct list l = {arena_array(a, (size_t)most, sizeof *l.column), 0};
    make_rows(a, d, &r);
    add(&l, d->data->id);
    if (tiers)
        add(&l, renamed(a, tiers->class, "tier"));
    finish(&l, r.campaign);
    finish(&l, r.offer);
    if (r.amount)
        finish(&l, r.amount);
    finish(&l, r.channel);
    finish_amounts(&l, &r.amounts);
    finish(&l, r.reason);
    for (const struct standing *t = d->standing; t < d->standing + d->policy->schemes; t++)
        add_standing(&l, t, t == tiers);
    for (int i = 0; i < n_extra; i++)
        add(&l, extra[i]);
    *out = (struct sheet){l.n, l.column, d->data->customers};
}

void candidate_rows(struct arena *a, const struct decisions *d, struct sheet *out) {
    int campaigns = d->policy->campaigns;
    int64_t n = d->data->customers * campaigns, next = 0;
    struct column *customer = label_column(a, "customer", d->data->id->dict, n);
    struct column *campaign = label_column(a, "campaign", names_of(a, d->policy, campaign_name), n);
    struct column *reason = label_column(a, "reason", reason_dict(a), n);
    struct column *offered = offered_column(a, d, n);
    struct column *channel = label_column(a, "channel", channel_dict(a, d->policy), n);
    struct amounts amounts = amounts_new(a, d->data->decimals, n);
    struct column *line = column_new(a, STR("line"), TYPE_INTEGER, n);
    struct column *fault = label_column(a, "fault", fault_dict(a, d), n);
    for (int64_t row = 0; row < n; row++) {
        int64_t i = row / campaigns;
        int k = (int)(row % campaigns);
        column_set_code(customer, row, (int32_t)i);
        column_set_code(campaign, row, k);
        column_set_code(reason, row, d->reason[k][i]);
        if (d->reason[k][i] == REASON_FAULT)
            fault_set(line, fault, row, decide_failure(d, i, k));
        const struct candidate *c = d->candidate + next;
        if (next == d->candidates || c->customer != i || c->campaign != k)
            continue;
        set_offered(d, offered, row, c);
        set_channel(d, channel, row, c);
        set_amounts(&amounts, row, c);
        next++;
    }
    struct list l = {arena_array(a, 10, sizeof *l.column), 0};
    finish(&l, customer);
    finish(&l, campaign);
    finish(&l, reason);
    if (offered)
        finish(&l, offered);
    finish(&l, channel);
    finish_amounts(&l, &amounts);
    finish(&l, line);
    finish(&l, fault);
    *out = (struct sheet){l.n, l.column, n};
}
