#include "months/contacts.h"

#include <string.h>

struct contacts {
    const struct policy *policy;
    const struct table *base;
    struct dict *campaigns, *channels;
    int32_t *campaign, *channel;           // by the policy's: their codes
    int32_t *base_campaign, *base_channel; // by row of the base: codes, -1 missing
};

void grants_add(struct grants *g, struct grant x) {
    g->grant = arena_more(g->arena, g->grant, g->n, &g->size, sizeof *g->grant);
    g->grant[g->n++] = x;
}

static bool counts(const struct policy *p) {
    for (int i = 0; i < p->campaigns; i++) {
        const struct caps *c = &p->campaign[i].caps;
        if (c->customer.given || c->total.given || c->budget.given || c->most)
            return true;
    }
    return p->contact_policies > 0;
}

static struct dict *both(struct arena *a, const struct str *own, int n, const struct dict *base) {
    struct str *list = arena_array(a, (size_t)(n + (base ? base->n : 0)), sizeof *list);
    memcpy(list, own, (size_t)n * sizeof *list);
    for (int32_t i = 0; base && i < base->n; i++)
        list[n++] = dict_at(base, i);
    return dict_new(a, list, n, false);
}

static int32_t *codes(struct arena *a, const struct dict *d, const struct str *name, int n) {
    int32_t *code = arena_array(a, (size_t)n, sizeof *code);
    for (int i = 0; i < n; i++)
        code[i] = dict_find(d, name[i]);
    return code;
}

static const struct column *label_column(const struct table *t, const char *name) {
    const struct column *c = t ? table_column(t, str_of(name)) : NULL;
    return c && c->type == TYPE_LABEL ? c : NULL;
}

static int32_t *recoded(struct arena *a, const struct column *c, const struct dict *d, int64_t n) {
    int32_t *code = arena_array(a, (size_t)n, sizeof *code);
    for (int64_t i = 0; i < n; i++)
        code[i] = c && column_has(c, i) ? dict_find(d, dict_at(c->dict, c->code[i])) : -1;
    return code;
}

struct contacts *contacts_open(struct arena *a, const struct policy *p, const struct table *base) {
    struct contacts *c = arena_alloc(a, sizeof *c);
    const struct column *campaign = label_column(base, "campaign");
    const struct column *channel = label_column(base, "channel");
    struct str *names = arena_array(a, (size_t)(p->campaigns + p->channels), sizeof *names);
    struct str *ways = names + p->campaigns;
    if (!counts(p))
        return NULL;
    for (int i = 0; i < p->campaigns; i++)
        names[i] = p->campaign[i].name;
    for (int i = 0; i < p->channels; i++)
        ways[i] = p->channel[i].name;
    *c = (struct contacts){.policy = p, .base = base};
    c->campaigns = both(a, names, p->campaigns, campaign ? campaign->dict : NULL);
    c->channels = both(a, ways, p->channels, channel ? channel->dict : NULL);
    c->campaign = codes(a, c->campaigns, names, p->campaigns);
    c->channel = codes(a, c->channels, ways, p->channels);
    c->base_campaign = recoded(a, campaign, c->campaigns, base ? base->n : 0);
    c->base_channel = recoded(a, channel, c->channels, base ? base->n : 0);
    return c;
}

struct columns {
    struct column *date, *campaign, *channel, *arm, *cost;
};

static void set_code(struct column *c, int64_t row, int32_t code) {
    if (code >= 0)
        column_set_code(c, row, code);
}

static void copy_row(const struct contacts *c, const struct columns *to, int64_t row,
                     int64_t from) {
    const struct column *arm = label_column(c->base, "arm");
    const struct column *cost = table_column(c->base, STR("cost"));
    column_set_date(to->date, row, c->base->date->date[from]);
    set_code(to->campaign, row, c->base_campaign[from]);
    set_code(to->channel, row, c->base_channel[from]);
    if (arm && column_has(arm, from))
        column_set_code(to->arm, row, arm->code[from]);
    if (cost && column_has(cost, from))
        column_set_integer(to->cost, row, cost->integer[from]);
}

static struct columns columns_new(struct arena *a, const struct contacts *c, int64_t n) {
    const struct column *arm = label_column(c->base, "arm");
    struct columns to = {
        column_new(a, STR("date"), TYPE_DATE, n), column_new(a, STR("campaign"), TYPE_LABEL, n),
        column_new(a, STR("channel"), TYPE_LABEL, n), column_new(a, STR("arm"), TYPE_LABEL, n),
        column_new(a, STR("cost"), TYPE_MONEY, n)};
    to.campaign->dict = c->campaigns;
    to.channel->dict = c->channels;
    to.arm->dict = arm ? arm->dict : dict_new(a, NULL, 0, false);
    return to;
}

// Where each customer's rows begin, those of the base and behind them those that were granted.
static int64_t *starts(struct arena *a, const int64_t *base, int64_t n, const struct grants *g) {
    int64_t *start = arena_array(a, (size_t)n + 1, sizeof *start);
    for (int i = 0; i < g->n; i++)
        start[g->grant[i].customer + 1]++;
    for (int64_t i = 0; i < n; i++)
        start[i + 1] += start[i] + (base ? base[i + 1] - base[i] : 0);
    return start;
}

const struct table *contacts_at(struct arena *a, const struct contacts *c, int64_t first, int64_t n,
                                const struct grants *g, const int32_t *today) {
    struct table *t = arena_alloc(a, sizeof *t);
    const int64_t *base = c->base ? c->base->start + first : NULL;
    int64_t *start = starts(a, base, n, g), rows = start[n];
    struct columns to = columns_new(a, c, rows);
    int64_t *next = arena_array(a, (size_t)n, sizeof *next);
    for (int64_t i = 0; i < n; i++) {
        next[i] = start[i];
        for (int64_t k = base ? base[i] : 0; base && k < base[i + 1]; k++)
            copy_row(c, &to, next[i]++, k);
    }
    for (const struct grant *x = g->grant; x < g->grant + g->n; x++) {
        int64_t row = next[x->customer]++;
        column_set_date(to.date, row, today[x->month]);
        column_set_code(to.campaign, row, c->campaign[x->campaign]);
        set_code(to.channel, row, x->channel < 0 ? -1 : c->channel[x->channel]);
        column_set_integer(to.cost, row, x->cost);
    }
    const struct column **list = arena_array(a, 5, sizeof *list);
    struct column *all[] = {to.date, to.campaign, to.channel, to.arm, to.cost};
    for (int i = 0; i < 5; i++) {
        column_finish(all[i]);
        list[i] = all[i];
    }
    *t = (struct table){.name = STR("contacts"),
                        .n = rows,
                        .columns = 5,
                        .column = list,
                        .start = start,
                        .date = to.date};
    return t;
}
