// The evaluation as one JSON document. What is not known is null.
#include <math.h>

#include "base/date.h"
#include "verb/evaluate.h"

static void number_field(struct json *j, const char *key, double x) {
    json_key(j, str_of(key));
    json_number(j, x);
}

static void money_field(struct json *j, const char *key, int64_t minor, int decimals) {
    json_key(j, str_of(key));
    if (minor == NO_AMOUNT)
        json_null(j);
    else
        json_money(j, minor, decimals);
}

static void date_field(struct json *j, const char *key, int32_t day) {
    char text[10];
    date_print(day, text);
    json_field_str(j, key, (struct str){text, sizeof text});
}

// ---- the experiment -----------------------------------------------------------------------------

static void arms_json(struct json *j, const struct evaluation *x) {
    const struct experiment *e = &x->experiment;
    json_field_open(j, "arms", '[');
    for (int k = 0; k < e->arms; k++) {
        json_open(j, '{');
        json_field_str(j, "arm", e->arm[k].name);
        json_field_bool(j, "control", k == 0);
        json_field_integer(j, "customers", e->arm[k].customers);
        if (!x->propensity)
            number_field(j, "planned_share", x->ratio.share[k]);
        json_field_integer(j, "contacts", e->arm[k].contacts);
        money_field(j, "cost", e->cost ? e->arm[k].cost : NO_AMOUNT,
                    x->opened.loaded.data.decimals);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_integer(j, "left_out", e->armless);
}

static void ratio_json(struct json *j, const struct ratio *r) {
    json_field_open(j, "ratio", '{');
    number_field(j, "chi_square", r->statistic);
    number_field(j, "freedom", r->freedom);
    number_field(j, "p", r->p);
    json_field_bool(j, "holds", r->holds);
    json_close(j, '}');
}

// ---- effects ------------------------------------------------------------------------------------

static void estimate_json(struct json *j, const char *key, const struct estimate *e) {
    json_field_open(j, key, '{');
    number_field(j, "value", e->value);
    number_field(j, "error", e->error);
    number_field(j, "freedom", e->freedom);
    number_field(j, "p", e->p);
    number_field(j, "low", e->fixed.low);
    number_field(j, "high", e->fixed.high);
    number_field(j, "always_low", e->always.low);
    number_field(j, "always_high", e->always.high);
    json_close(j, '}');
}

static void contrast_json(struct json *j, const struct contrast *e) {
    json_field_integer(j, "customers", e->treated.n);
    json_field_integer(j, "units", e->treated.units);
    number_field(j, "mean", e->treated.mean);
    number_field(j, "deviation", sqrt(moments_variance(e->treated)));
    estimate_json(j, "difference", &e->difference);
    estimate_json(j, "lift", &e->lift);
}

static void before_json(struct json *j, const struct evaluation *x, const struct adjustment *b) {
    json_field_open(j, "before", '{');
    json_field_z(j, "name", x->before);
    number_field(j, "rho2", b->rho2);
    number_field(j, "slope", b->slope);
    number_field(j, "narrower", b->narrower);
    number_field(j, "arms_differ_p", b->p);
    json_field_integer(j, "missing", b->missing);
    json_field_bool(j, "used", b->helps);
    json_close(j, '}');
}

static void sure_json(struct json *j, const struct sure_things *s, int decimals) {
    json_field_open(j, "sure_things", '{');
    number_field(j, "share", s->share);
    json_field_integer(j, "answered", s->answered);
    money_field(j, "cost", s->cost, decimals);
    money_field(j, "wasted", s->wasted, decimals);
    json_close(j, '}');
}

static void segments_json(struct json *j, const struct evaluation *x,
                          const struct segment_effects *s) {
    json_field_open(j, "segments", '[');
    for (int i = 0; i < s->n; i++) {
        const struct segment_effect *g = &s->segment[i];
        json_open(j, '{');
        json_field_str(j, "segment", x->segment[g->segment]);
        json_field_integer(j, "control", g->effect.control.n);
        json_field_integer(j, "treated", g->effect.treated.n);
        estimate_json(j, "difference", &g->effect.difference);
        if (g->known) {
            json_field_open(j, "shrunk", '{');
            number_field(j, "value", g->shrunk);
            number_field(j, "deviation", g->deviation);
            number_field(j, "low", g->believed.low);
            number_field(j, "high", g->believed.high);
            json_close(j, '}');
        }
        json_close(j, '}');
    }
    json_close(j, ']');
    if (s->drawn) {
        json_field_open(j, "common", '{');
        number_field(j, "mean", s->common.mean);
        number_field(j, "spread", s->common.spread);
        json_close(j, '}');
    }
    estimate_json(j, "stratified", &s->stratified);
    json_field_integer(j, "outside", s->outside);
}

static void amount_json(struct json *j, const char *key, const struct amount *a, int decimals) {
    json_field_open(j, key, '{');
    money_field(j, "value", a->value, decimals);
    money_field(j, "low", a->low, decimals);
    money_field(j, "high", a->high, decimals);
    json_close(j, '}');
}

static void earnings_json(struct json *j, const struct earnings *e, int decimals) {
    json_field_open(j, "earnings", '{');
    money_field(j, "cost", e->cost, decimals);
    amount_json(j, "earned", &e->earned, decimals);
    amount_json(j, "net", &e->net, decimals);
    number_field(j, "roi", e->roi);
    number_field(j, "roi_low", e->roi_low);
    number_field(j, "roi_high", e->roi_high);
    number_field(j, "break_even", e->breakeven);
    json_close(j, '}');
}

// ---- outcomes -----------------------------------------------------------------------------------

static void effect_json(struct json *j, const struct evaluation *x, const struct upshot *r, int e) {
    const struct arm_effect *f = &r->effect[e];
    int decimals = x->opened.loaded.data.decimals;
    json_open(j, '{');
    json_field_str(j, "arm", f->name);
    contrast_json(j, &f->plain);
    if (r->before.helps) {
        json_field_open(j, "adjusted", '{');
        contrast_json(j, &f->best);
        json_close(j, '}');
    }
    if (r->answer)
        sure_json(j, &f->sure, decimals);
    if (x->earnings && r == x->result)
        earnings_json(j, &x->earnings[e], decimals);
    if (x->by)
        segments_json(j, x, &f->segments);
    json_close(j, '}');
}

static void result_json(struct json *j, const struct evaluation *x, const struct upshot *r) {
    int64_t missing = 0;
    for (int k = 0; k < x->experiment.arms; k++)
        missing += r->missing[k];
    json_open(j, '{');
    json_field_str(j, "outcome", r->name);
    json_field_z(j, "type", type_name(r->type));
    json_field_bool(j, "answer", r->answer);
    json_field_integer(j, "missing", missing);
    json_field_open(j, "control", '{');
    json_field_integer(j, "customers", r->moments[0].n);
    json_field_integer(j, "units", r->moments[0].units);
    number_field(j, "mean", r->moments[0].mean);
    number_field(j, "deviation", sqrt(moments_variance(r->moments[0])));
    json_close(j, '}');
    if (x->before)
        before_json(j, x, &r->before);
    json_field_open(j, "effects", '[');
    for (int e = 0; e < r->effects; e++)
        effect_json(j, x, r, e);
    json_close(j, ']');
    json_close(j, '}');
}

static void forecast_json(struct json *j, const struct evaluation *x) {
    json_field_open(j, "forecast", '{');
    json_field_z(j, "file", x->forecast);
    json_field_open(j, "figures", '[');
    for (int i = 0; i < x->foretold; i++) {
        const struct foretold *k = &x->figure[i];
        json_open(j, '{');
        json_field_z(j, "figure", k->what);
        number_field(j, "mean", k->mean);
        number_field(j, "p5", k->p5);
        number_field(j, "p95", k->p95);
        number_field(j, "actual", k->actual);
        number_field(j, "low", k->low);
        number_field(j, "high", k->high);
        if (k->ranged)
            json_field_bool(j, "inside", k->inside);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

void evaluate_json(const void *result, struct json *j) {
    const struct evaluation *x = result;
    json_open(j, '{');
    json_key(j, STR("data"));
    data_json(j, &x->opened.loaded);
    json_field_z(j, "policy", x->policy);
    json_field_str(j, "campaign", x->experiment.name);
    if (x->experiment.dated) {
        date_field(j, "first", x->experiment.first);
        date_field(j, "last", x->experiment.last);
    }
    arms_json(j, x);
    if (!x->propensity)
        ratio_json(j, &x->ratio);
    json_field_z(j, "cluster", x->cluster);
    number_field(j, "confidence", 1 - x->comparing.precision.alpha);
    number_field(j, "planned", x->comparing.precision.planned);
    json_field_open(j, "outcomes", '[');
    for (int i = 0; i < x->results; i++)
        result_json(j, x, &x->result[i]);
    json_close(j, ']');
    if (x->forecast)
        forecast_json(j, x);
    evaluate_offpolicy_json(j, x);
    evaluate_uplift_json(j, x);
    json_close(j, '}');
}
