#include "sink/plan.h"

#include "budget/hull.h"

struct making {
    struct arena *arena;
    int64_t n;
    int columns;
    struct column *column[8];
};

static struct column *add(struct making *m, const char *name, enum type type,
                          const struct dict *dict) {
    struct column *c = column_new(m->arena, str_of(name), type, m->n);
    c->dict = dict;
    return m->column[m->columns++] = c;
}

static const struct dict *campaigns(struct arena *a, const struct policy *p) {
    struct str *list = arena_array(a, (size_t)p->campaigns, sizeof *list);
    for (int i = 0; i < p->campaigns; i++)
        list[i] = p->campaign[i].name;
    return dict_new(a, list, p->campaigns, true);
}

static const struct dict *channels(struct arena *a, const struct policy *p) {
    struct str *list = arena_array(a, (size_t)p->channels, sizeof *list);
    for (int i = 0; i < p->channels; i++)
        list[i] = p->channel[i].name;
    return dict_new(a, list, p->channels, true);
}

static const struct dict *reasons(struct arena *a) {
    struct str list[REASONS];
    for (int r = 0; r < REASONS; r++)
        list[r] = str_of(reason_name((enum reason)r));
    return dict_new(a, list, REASONS, true);
}

static int64_t count_rows(const struct budget *b) {
    int64_t n = 0;
    for (int64_t i = 0; i < b->market->choices.customers; i++)
        n += b->best.choice[i] >= 0;
    return n;
}

struct columns {
    struct column *customer, *campaign, *channel, *cost, *value, *reason;
};

static void put(const struct budget *b, const struct columns *k, int64_t customer, int64_t row) {
    const struct way way = market_way(b->market, customer, b->best.choice[customer]);
    const struct candidate *c = &b->market->decisions->candidate[way.candidate];
    column_set_code(k->customer, row, c->customer);
    column_set_code(k->campaign, row, c->campaign);
    column_set_code(k->reason, row, b->market->outcome[way.candidate]);
    if (way.channel >= 0)
        column_set_code(k->channel, row,
                        b->market->decisions->policy->campaign[c->campaign].channel[way.channel]);
    if (way.choice->control)
        return;
    column_set_integer(k->cost, row, way.choice->cost);
    column_set_integer(k->value, row, c->value);
}

void plan_rows(struct arena *a, const struct budget *b, struct sheet *out) {
    const struct decisions *d = b->market->decisions;
    struct making m = {a, count_rows(b), 0, {0}};
    struct columns k;
    k.customer = add(&m, "customer", TYPE_LABEL, d->data->id->dict);
    k.campaign = add(&m, "campaign", TYPE_LABEL, campaigns(a, d->policy));
    k.channel = add(&m, "channel", TYPE_LABEL, channels(a, d->policy));
    k.cost = add(&m, "cost", TYPE_MONEY, NULL);
    k.value = add(&m, "value", TYPE_MONEY, NULL);
    k.reason = add(&m, "reason", TYPE_LABEL, reasons(a));
    k.cost->decimals = k.value->decimals = d->data->decimals;
    for (int64_t i = 0, row = 0; i < b->market->choices.customers; i++)
        if (b->best.choice[i] >= 0)
            put(b, &k, i, row++);
    const struct column **list = arena_array(a, (size_t)m.columns, sizeof *list);
    for (int i = 0; i < m.columns; i++) {
        column_finish(m.column[i]);
        list[i] = m.column[i];
    }
    *out = (struct sheet){m.columns, list, m.n, NULL};
}
