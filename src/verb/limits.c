#include "verb/limits.h"

#include "base/money.h"
#include "base/number.h"

static void amount_text(struct buf *out, const struct decisions *d, const struct stock *s,
                        int64_t amount) {
    char number[NUMBER_MAX];
    int n = s->kind == STOCK_BUDGET ? money_print(amount, d->data->decimals, number)
                                    : number_print_integer(amount, number);
    buf_put(out, number, (size_t)n);
}

static int64_t used(const struct stock *s) {
    return (s->size > s->before ? s->size - s->before : 0) - s->left;
}

static struct str class_of(const struct decisions *d, const struct stock *s) {
    return d->policy->scheme[d->policy->campaign[s->campaign].caps.scheme].class[s->owner].name;
}

void limit_text(struct buf *out, const struct decisions *d, const struct stock *s) {
    char net[NUMBER_MAX];
    buf_printf(out, "%s of ", stock_name(s->kind));
    amount_text(out, d, s, s->size);
    if (s->kind == STOCK_CLASS) {
        struct str name = class_of(d, s);
        buf_printf(out, " for %.*s", (int)name.n, name.p);
    }
    buf_z(out, ": ");
    if (s->before > 0) {
        amount_text(out, d, s, s->before);
        buf_z(out, " used before, ");
    }
    amount_text(out, d, s, used(s));
    buf_z(out, " used");
    if (s->first < 0)
        return;
    struct str id = column_str(d->data->id, s->first);
    buf_printf(out, ", ran dry at net %.*s (customer %.*s)",
               money_print(s->net, d->data->decimals, net), net, (int)id.n, id.p);
    if (s->refused > 1)
        buf_printf(out, ", too little for %lld more", (long long)(s->refused - 1));
}

static void amount_json(struct json *j, const char *key, const struct decisions *d,
                        const struct stock *s, int64_t amount) {
    json_key(j, str_of(key));
    if (s->kind == STOCK_BUDGET)
        json_money(j, amount, d->data->decimals);
    else
        json_integer(j, amount);
}

static void limit_json(struct json *j, const struct decisions *d, const struct stock *s) {
    json_open(j, '{');
    json_field_z(j, "limit", stock_name(s->kind));
    if (s->kind == STOCK_CAPACITY)
        json_field_str(j, "channel", d->policy->channel[s->owner].name);
    else
        json_field_str(j, "campaign", d->policy->campaign[s->campaign].name);
    if (s->kind == STOCK_CLASS)
        json_field_str(j, "class", class_of(d, s));
    amount_json(j, "size", d, s, s->size);
    amount_json(j, "before", d, s, s->before);
    amount_json(j, "used", d, s, used(s));
    json_field_integer(j, "refused", s->refused);
    if (s->first >= 0) {
        json_field_open(j, "ran_dry", '{');
        json_field_str(j, "customer", column_str(d->data->id, s->first));
        json_field_money(j, "net", s->net, d->data->decimals);
        json_close(j, '}');
    }
    json_close(j, '}');
}

void limits_json(struct json *j, const struct decisions *d) {
    json_open(j, '[');
    for (int i = 0; i < d->stocks; i++)
        limit_json(j, d, &d->stock[i]);
    json_close(j, ']');
}

static bool may_go_by(const struct decisions *d, const struct candidate *c, int channel) {
    const struct campaign *k = &d->policy->campaign[c->campaign];
    for (int i = 0; i < k->channels; i++)
        if (k->channel[i] == channel)
            return c->ways >> i & 1;
    return false;
}

bool limit_refused(const struct decisions *d, const struct stock *s, const struct candidate *c) {
    if (!c || s->refused == 0 || d->reason[c->campaign][c->customer] != stock_reason(s->kind))
        return false;
    if (s->kind == STOCK_CAPACITY)
        return may_go_by(d, c, s->owner);
    if (s->campaign != c->campaign || s->kind != STOCK_CLASS)
        return s->campaign == c->campaign;
    const struct column *class = d->standing[d->policy->campaign[c->campaign].caps.scheme].class;
    return column_has(class, c->customer) && class->code[c->customer] == s->owner;
}

void limits_json_of(struct json *j, const struct decisions *d, const struct candidate *c) {
    json_open(j, '[');
    for (int i = 0; i < d->stocks; i++)
        if (limit_refused(d, &d->stock[i], c))
            limit_json(j, d, &d->stock[i]);
    json_close(j, ']');
}
