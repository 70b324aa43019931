// The evaluation as one JSON document. What is not known is null.
#include <math.h>

#include "base/date.h"
#include "verb/evaluate.h"

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
            json_field_number(j, "planned_share", x->ratio.share[k]);
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
    json_field_number(j, "chi_square", r->statistic);
    json_field_number(j, "freedom", r->freedom);
    json_field_number(j, "p", r->p);
    json_field_bool(j, "holds", r->holds);
    json_close(j, '}');
}

// ---- effects ------------------------------------------------------------------------------------

static void estimate_json(struct json *j, const char *key, const struct estimate *e) {
    json_field_open(j, key, '{');
    json_field_number(j, "value", e->value);
    json_field_number(j, "error", e->error);
    json_field_number(j, "freedom", e->freedom);
    json_field_number(j, "p", e->p);
    json_field_number(j, "low", e->fixed.low);
    json_field_number(j, "high", e->fixed.high);
    json_field_number(j, "always_low", e->always.low);
    json_field_number(j, "always_high", e->always.high);
    json_close(j, '}');
}

static void contrast_json(struct json *j, const struct contrast *e) {
    json_field_integer(j, "customers", e->treated.n);
    json_field_integer(j, "units", e->treated.units);
    json_field_number(j, "mean", e->treated.mean);
    json_field_number(j, "deviation", sqrt(moments_variance(e->treated)));
    estimate_json(j, "difference", &e->difference);
    estimate_json(j, "lift", &e->lift);
}

static void before_json(struct json *j, const struct evaluation *x, const struct adjustment *b) {
    json_field_open(j, "before", '{');
    json_field_z(j, "name", x->before);
    json_field_number(j, "rho2", b->rho2);
    json_field_number(j, "slope", b->slope);
    json_field_number(j, "narrower", b->narrower);
    json_field_number(j, "arms_differ_p", b->p);
    json_field_integer(j, "missing", b->missing);
    json_field_bool(j, "used", b->helps);
    json_close(j, '}');
}

static void sure_json(struct json *j, const struct sure_things *s, int decimals) {
    json_field_open(j, "sure_things", '{');
    json_field_number(j, "share", s->share);
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
            json_field_number(j, "value", g->shrunk);
            json_field_number(j, "deviation", g->deviation);
            json_field_number(j, "low", g->believed.low);
            json_field_number(j, "high", g->believed.high);
            json_close(j, '}');
        }
        json_close(j, '}');
    }
    json_close(j, ']');
    if (s->drawn) {
        json_field_open(j, "common", '{');
        json_field_number(j, "mean", s->common.mean);
        json_field_number(j, "spread", s->common.spread);
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
    json_field_number(j, "roi", e->roi);
    json_field_number(j, "roi_low", e->roi_low);
    json_field_number(j, "roi_high", e->roi_high);
    json_field_number(j, "break_even", e->breakeven);
    json_close(j, '}');
}

// ---- outcomes -----------------------------------------------------------------------------------

static void effect_json(struct json *j, const struct evaluation *x, const struct upshot *r, int e) {
    const struct arm_effect *f = &r->effect[e];
    int decimals = x->opened.loaded.data.decimals;
    json_open(j, '{');
    json_field_str(j, "arm", f->name);
    contrast_json(j, &f->plain);
    json_field_number(j, "p_holm", f->together);
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

static void winner_json(struct json *j, const struct upshot *r) {
    const struct winner *w = &r->winner;
    if (w->arm < 0)
        return;
    json_field_open(j, "winner", '{');
    json_field_str(j, "arm", r->effect[w->arm].name);
    json_field_number(j, "value", w->value);
    json_field_number(j, "low", w->any.low);
    json_field_number(j, "high", w->any.high);
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
    json_field_number(j, "mean", r->moments[0].mean);
    json_field_number(j, "deviation", sqrt(moments_variance(r->moments[0])));
    json_close(j, '}');
    if (x->before)
        before_json(j, x, &r->before);
    json_field_open(j, "effects", '[');
    for (int e = 0; e < r->effects; e++)
        effect_json(j, x, r, e);
    json_close(j, ']');
    winner_json(j, r);
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
        json_field_number(j, "mean", k->mean);
        json_field_number(j, "p5", k->p5);
        json_field_number(j, "p95", k->p95);
        json_field_number(j, "actual", k->actual);
        json_field_number(j, "low", k->low);
        json_field_number(j, "high", k->high);
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
    json_field_number(j, "confidence", 1 - x->comparing.precision.alpha);
    json_field_number(j, "planned", x->comparing.precision.planned);
    json_field_integer(j, "comparisons", x->together);
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
