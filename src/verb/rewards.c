#include "verb/rewards.h"

#include "base/money.h"
#include "base/number.h"
#include "verb/verb.h"

static void referral_text(struct buf *out, const struct decisions *d, const struct referred *r) {
    char paid[NUMBER_MAX], back[NUMBER_MAX], value[NUMBER_MAX];
    int decimals = d->data->decimals;
    struct str name = r->referral->name;
    buf_printf(out, "  %.*s, %lld referral%s:", (int)name.n, name.p, (long long)d->edges->n,
               plural(d->edges->n));
    for (int i = 0, some = 0; i < REFERRAL_REASONS; i++)
        if (r->count[i] || i == REFERRAL_GRANTED)
            buf_printf(out, "%s %s %lld", some++ ? "," : "",
                       referral_reason_name((enum referral_reason)i), (long long)r->count[i]);
    buf_printf(out, "; to be paid %.*s", money_print(r->paid, decimals, paid), paid);
    if (r->taken_back)
        buf_printf(out, ", clawed back %.*s", money_print(-r->taken_back, decimals, back), back);
    if (rule_given(&r->referral->value))
        buf_printf(out, ", value %.*s", money_print(r->value, decimals, value), value);
    buf_printf(out, "%s%.*s\n", d->data->currency.n ? " " : "", (int)d->data->currency.n,
               d->data->currency.p);
}

void rewards_text(const struct decisions *d, struct buf *out) {
    for (int k = 0; d->referred && k < d->policy->referrals; k++)
        referral_text(out, d, &d->referred[k]);
}

void rewards_json(const struct decisions *d, struct json *j) {
    int decimals = d->data->decimals;
    if (!d->referred)
        return;
    json_field_open(j, "referrals", '{');
    for (int k = 0; k < d->policy->referrals; k++) {
        const struct referred *r = &d->referred[k];
        json_key(j, r->referral->name);
        json_open(j, '{');
        for (int i = 0; i < REFERRAL_REASONS; i++)
            json_field_integer(j, referral_reason_name((enum referral_reason)i), r->count[i]);
        json_field_money(j, "(paid)", r->paid, decimals);
        json_field_money(j, "(clawed back)", r->taken_back, decimals);
        json_field_money(j, "(value)", r->value, decimals);
        json_close(j, '}');
    }
    json_close(j, '}');
}
