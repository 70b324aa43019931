// Who gets an offer, and why others do not.
#include "verb/simulate.h"

int64_t simulation_offers(const struct decisions *d) {
    int64_t offers = 0;
    for (int c = 0; c < d->policy->campaigns; c++)
        offers += campaign_lets_go(&d->policy->campaign[c]) ? 0 : d->count[c][REASON_GRANTED];
    return offers;
}

struct reached {
    int64_t offers, let_go;
    int64_t why_not[REASONS]; // customers by the reason that stands highest; granted ones are in 0
};

// Of a customer without an offer the reason that says most, as in the rows of `score`.
static struct reached count_reached(const struct decisions *d) {
    struct reached r = {0};
    for (int64_t i = 0; i < d->data->customers; i++) {
        int best = d->policy->campaigns ? REASON_PERIOD : REASON_INELIGIBLE;
        for (int c = 0; c < d->policy->campaigns; c++)
            best = d->reason[c][i] < best ? d->reason[c][i] : best;
        r.why_not[best]++;
    }
    r.offers = simulation_offers(d);
    r.let_go = r.why_not[REASON_GRANTED] - r.offers;
    return r;
}

// What the customer is offered; the decision to do nothing is no offer.
static const struct candidate *offer_to(const struct decisions *d, int64_t customer) {
    const struct candidate *c = decide_grant(d, customer);
    return c && !campaign_lets_go(&d->policy->campaign[c->campaign]) ? c : NULL;
}

// Offers by class of a scheme; at its number of classes, of those without one.
static int64_t *offers_by_class(struct arena *a, const struct decisions *d, int scheme) {
    const struct standing *t = &d->standing[scheme];
    int64_t *out = arena_array(a, (size_t)t->scheme->n + 1, sizeof *out);
    for (int64_t i = 0; i < d->data->customers; i++)
        if (offer_to(d, i))
            out[column_has(t->class, i) ? t->class->code[i] : t->scheme->n]++;
    return out;
}

static int64_t *offers_by_channel(struct arena *a, const struct decisions *d) {
    int64_t *out = arena_array(a, (size_t)d->policy->channels, sizeof *out);
    for (int64_t i = 0; i < d->data->customers; i++) {
        const struct candidate *c = offer_to(d, i);
        const struct channel *channel = c ? decide_channel(d, c) : NULL;
        if (channel)
            out[channel - d->policy->channel]++;
    }
    return out;
}

static void text(const struct simulation *s, struct buf *out) {
    const struct decisions *d = s->decisions;
    struct reached r = count_reached(d);
    buf_printf(out, "reach    %lld of %lld get an offer", (long long)r.offers,
               (long long)d->data->customers);
    if (r.let_go)
        buf_printf(out, ", %lld are let go", (long long)r.let_go);
    for (int i = 1, some = 0; i < REASONS; i++)
        if (r.why_not[i])
            buf_printf(out, "%s %s %lld", some++ ? "," : "; not:", reason_name((enum reason)i),
                       (long long)r.why_not[i]);
    buf_char(out, '\n');
    for (int k = 0; k < d->policy->schemes; k++) {
        const struct scheme *scheme = d->standing[k].scheme;
        int64_t *offers = offers_by_class(s->call->arena, d, k);
        buf_printf(out, "  by %.*s  ", (int)scheme->name.n, scheme->name.p);
        for (int i = 0, some = 0; i <= scheme->n; i++) {
            struct str name = scheme_class_name(scheme, i);
            if (d->standing[k].count[i])
                buf_printf(out, "%s %.*s: %lld of %lld", some++ ? "," : "", (int)name.n, name.p,
                           (long long)offers[i], (long long)d->standing[k].count[i]);
        }
        buf_char(out, '\n');
    }
    int64_t *offers = offers_by_channel(s->call->arena, d);
    for (int i = 0; i < d->policy->channels; i++)
        buf_printf(out, "%s %.*s: %lld", i ? "," : "  by channel  ",
                   (int)d->policy->channel[i].name.n, d->policy->channel[i].name.p,
                   (long long)offers[i]);
    buf_z(out, d->policy->channels ? "\n" : "");
}

static void json(const struct simulation *s, struct json *j) {
    const struct decisions *d = s->decisions;
    struct reached r = count_reached(d);
    json_field_open(j, "reach", '{');
    json_field_integer(j, "customers", d->data->customers);
    json_field_integer(j, "offers", r.offers);
    json_field_integer(j, "let_go", r.let_go);
    json_field_open(j, "campaigns", '[');
    for (int c = 0; c < d->policy->campaigns; c++) {
        json_open(j, '{');
        json_field_str(j, "campaign", d->policy->campaign[c].name);
        json_field_integer(j, "offers", d->count[c][REASON_GRANTED]);
        json_field_open(j, "reasons", '{');
        for (int i = 0; i < REASONS; i++)
            json_field_integer(j, reason_name((enum reason)i), d->count[c][i]);
        json_close(j, '}');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_open(j, "by", '[');
    for (int k = 0; k < d->policy->schemes; k++) {
        const struct scheme *scheme = d->standing[k].scheme;
        int64_t *offers = offers_by_class(s->call->arena, d, k);
        json_open(j, '{');
        json_field_str(j, "scheme", scheme->name);
        json_field_open(j, "classes", '[');
        for (int i = 0; i <= scheme->n; i++) {
            json_open(j, '{');
            json_field_str(j, "class", scheme_class_name(scheme, i));
            json_field_integer(j, "customers", d->standing[k].count[i]);
            json_field_integer(j, "offers", offers[i]);
            json_close(j, '}');
        }
        json_close(j, ']');
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_open(j, "channels", '[');
    int64_t *offers = offers_by_channel(s->call->arena, d);
    for (int i = 0; i < d->policy->channels; i++) {
        json_open(j, '{');
        json_field_str(j, "channel", d->policy->channel[i].name);
        json_field_integer(j, "offers", offers[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
    json_field_open(j, "why_not", '{');
    for (int i = 1; i < REASONS; i++)
        json_field_integer(j, reason_name((enum reason)i), r.why_not[i]);
    json_close(j, '}');
}

const struct simulation_part simulate_reach = {.text = text, .json = json};
