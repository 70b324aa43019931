// What the offers cost and earn, and what that rests on.
#include <math.h>

#include "base/money.h"
#include "base/number.h"
#include "verb/figures.h"
#include "verb/simulate.h"

static void cost_text(const struct forecast *f, struct buf *out) {
    const struct prospect *p = &f->all;
    buf_z(out, "cost     ");
    spread_about(out, &p->cost, p->grade);
    buf_z(out, "   contacts ");
    money_about(out, p->contact.mean, p->grade);
    buf_z(out, "   to those who come anyway ");
    if (p->sure_known && p->offers.mean == 0 && p->contact.mean > 0) {
        buf_z(out, "nothing: only contacts cost");
    } else if (p->sure_known) {
        money_about(out, p->sure.mean, p->grade);
        if (p->cost.mean > 0)
            buf_printf(out, " (%.0f %%)", 100 * p->sure.mean / p->cost.mean);
    } else {
        buf_z(out, "not known: no `base` says how many do");
        if (f->bases.unknown)
            buf_printf(out, ", and %s", f->bases.unknown);
    }
    buf_char(out, '\n');
}

static void payback_text(const struct forecast *f, struct buf *out) {
    if (f->payback)
        buf_printf(out, "   paid back in month %d\n", f->payback);
    else
        buf_z(out, "   not paid back within the horizon\n");
}

// By the values that `score` has: what is earned as the policy states it, and the net of that.
static void count_scored(const struct decisions *d, double *value, double *net) {
    *value = *net = 0;
    for (const struct candidate *c = d->candidate; c < d->candidate + d->candidates; c++)
        if (decide_granted(d, c)) {
            *value += money_major(c->value, d->data->decimals);
            *net += money_major(candidate_net(c), d->data->decimals);
        }
}

// Where that is another net by more than a fiftieth of what it earns.
static void scored_text(const struct forecast *f, struct buf *out) {
    double value, net;
    count_scored(f->decisions, &value, &net);
    if (fabs(net - f->all.net.mean) <= value / 50)
        return;
    buf_z(out, "         `score` counts net ");
    money_about(out, net, f->all.grade);
    buf_z(out, ", its effects as stated; here nobody stays\n"
               "         more than surely, as the history knows, too: believe this net\n");
}

static void earnings_text(const struct forecast *f, struct buf *out) {
    const struct prospect *p = &f->all;
    char roi[NUMBER_MAX];
    if (f->factors.n == 0) {
        buf_z(out, "earns    nothing: no offer with a `value` is made\n");
        return;
    }
    buf_z(out, "earns    ");
    spread_about(out, &p->gain, p->grade);
    buf_z(out, "   net ");
    spread_about(out, &p->net, p->grade);
    buf_z(out, "\n         P(net > 0) ");
    chance_about(out, p->positive);
    buf_z(out, "   worst 5 %: ");
    money_about(out, p->worst, p->grade);
    if (p->cost.mean > 0) {
        buf_printf(out, "   net for each unit of cost %.*s",
                   number_print(round_digits(p->roi.mean, 2), roi), roi);
        payback_text(f, out);
    } else {
        buf_z(out, "   nothing to pay back\n");
    }
    scored_text(f, out);
}

// What is hoped of an offer, and from where on it pays.
static void uplift_text(const struct forecast *f, int k, enum grade grade, struct buf *out) {
    const struct campaign *c = &f->decisions->policy->campaign[k];
    const struct campaign_prospect *p = &f->campaign[k];
    buf_printf(out, "    %s: expected ",
               c->effect.kind ? effect_name(c->effect.kind) : "of the stated value");
    shares_about(out, &p->uplift, grade);
    if (!isnan(p->base) && f->bases.base[k].from != BASE_STATED) {
        buf_z(out, " above ");
        share_about(out, p->base, grade);
        if (c->effect.kind == EFFECT_RETENTION && p->base + p->uplift.p95 > 1) {
            buf_z(out, ", of which at most ");
            share_about(out, 1 - p->base, grade);
            buf_z(out, " is possible");
        }
    }
    if (!isnan(p->break_even)) {
        buf_z(out, ", breaks even at ");
        share_about(out, p->break_even, grade);
        buf_z(out, ", P(more) ");
        chance_about(out, p->above);
    } else if (p->all.net.mean < 0) {
        buf_z(out, ", and no effect that there can be would pay");
    }
    if (!isnan(p->largest_offer)) {
        buf_printf(out, "; on average %s may cost up to ",
                   c->effect.on_success ? "a success" : "an offer");
        money_about(out, p->largest_offer, grade);
    }
    buf_char(out, '\n');
}

static void campaign_text(const struct forecast *f, int k, struct buf *out) {
    const struct campaign *c = &f->decisions->policy->campaign[k];
    const struct campaign_prospect *p = &f->campaign[k];
    enum grade grade = p->all.grade;
    const char *what = campaign_lets_go(c) ? "customer" : "offer";
    buf_printf(out, "  %.*s: %lld %s%s", (int)c->name.n, c->name.p, (long long)p->offers, what,
               plural(p->offers));
    if (grade != f->all.grade && p->offers > 0)
        buf_printf(out, ", evidence %s", grade_letter(grade));
    if (p->offers == 0) {
        buf_z(out, "; it reaches nobody\n");
        return;
    }
    buf_z(out, ", cost ");
    money_about(out, p->all.cost.mean, grade);
    buf_z(out, ", net ");
    spread_about(out, &p->all.net, grade);
    buf_char(out, '\n');
    if (rule_given(&c->value))
        uplift_text(f, k, grade, out);
}

static const struct belief *belief_at(const struct forecast *f, const struct factor *k) {
    const struct policy *p = f->decisions->policy;
    return k->kind == FACTOR_EFFECT ? p->campaign[k->campaign].effect.belief : NULL;
}

// What an experiment measured of an effect that the policy states by itself.
static void measured_text(const struct forecast *f, const struct factor *k, struct buf *out) {
    const struct belief *b = belief_at(f, k);
    if (!b || f->decisions->policy->campaign[k->campaign].effect.measured)
        return;
    const struct estimate *e = b->relative ? &b->all.lift : &b->all.difference;
    buf_printf(out, "    not counted: %.*s measured ", (int)b->source.n, b->source.p);
    share_about(out, e->value, GRADE_EXPERIMENT);
    buf_z(out, " [");
    share_about(out, e->fixed.low, GRADE_EXPERIMENT);
    buf_z(out, "..");
    share_about(out, e->fixed.high, GRADE_EXPERIMENT);
    buf_z(out, "]; `from` would take it\n");
}

static const char *scale_of(const struct factor *k) {
    bool multiple = k->kind == FACTOR_VALUE || k->multiple;
    return multiple ? "times " : k->kind == FACTOR_BASE ? "shift " : "";
}

static void inputs_text(const struct forecast *f, struct buf *out) {
    buf_z(out, f->factors.n > 0 ? "inputs\n" : "");
    for (const struct factor *k = f->factors.factor; k < f->factors.factor + f->factors.n; k++) {
        buf_printf(out, "  %s %.*s   %s", grade_letter(k->grade), (int)k->name.n, k->name.p,
                   scale_of(k));
        share_about(out, k->mean, k->grade);
        buf_z(out, ", sd ");
        share_about(out, k->sd, k->grade);
        buf_printf(out, "%s   %.*s\n", k->assumed ? " (assumed)" : "", (int)k->source.n,
                   k->source.p);
        measured_text(f, k, out);
    }
}

// The spreads count where a factor has them, the others always.
static bool is_used(const struct forecast *f, int assumed) {
    if (assumed > ASSUME_VALUE_SPREAD)
        return f->factors.n > 0;
    for (const struct factor *k = f->factors.factor; k < f->factors.factor + f->factors.n; k++)
        if ((int)k->spread == assumed)
            return true;
    return false;
}

static void assumptions_text(const struct forecast *f, const struct assumptions *a,
                             struct buf *out) {
    buf_z(out, f->factors.n > 0 ? "assumed unless --assume says otherwise\n" : "");
    for (int i = 0; i < ASSUMPTIONS_OF_MONTHS; i++)
        if (a->given[i] || is_used(f, i))
            assumption_about(out, a, i);
}

static void text(const struct simulation *s, struct buf *out) {
    const struct forecast *f = s->forecast;
    cost_text(f, out);
    earnings_text(f, out);
    for (int k = 0; k < s->decisions->policy->campaigns; k++)
        campaign_text(f, k, out);
    inputs_text(f, out);
    assumptions_text(f, &s->options.assume, out);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void sure_field(struct json *j, const struct prospect *p) {
    json_key(j, STR("sure_things"));
    if (p->sure_known)
        spread_json(j, &p->sure);
    else
        json_null(j);
}

// Equal bins from the least net to the greatest.
static void distribution_json(const struct forecast *f, struct json *j) {
    enum { BINS = 40 };
    int draws = f->options->draws;
    int64_t count[BINS] = {0};
    double low = f->net[0], high = f->net[0];
    for (int r = 0; r < draws; r++) {
        low = fmin(low, f->net[r]);
        high = fmax(high, f->net[r]);
    }
    for (int r = 0; r < draws && high > low; r++) {
        int bin = (int)((f->net[r] - low) / (high - low) * BINS);
        count[bin < BINS ? bin : BINS - 1]++;
    }
    json_field_open(j, "distribution", '{');
    json_field_open(j, "edges", '[');
    for (int i = 0; i <= BINS && high > low; i++)
        json_number(j, low + (high - low) * i / BINS);
    json_close(j, ']');
    json_field_open(j, "counts", '[');
    for (int i = 0; i < BINS && high > low; i++)
        json_integer(j, count[i]);
    json_close(j, ']');
    json_close(j, '}');
}

static void campaigns_json(const struct forecast *f, struct json *j) {
    const struct policy *p = f->decisions->policy;
    json_field_open(j, "campaigns", '[');
    for (int k = 0; k < p->campaigns; k++) {
        const struct campaign_prospect *c = &f->campaign[k];
        json_open(j, '{');
        json_field_str(j, "campaign", p->campaign[k].name);
        json_field_integer(j, "offers", c->offers);
        spread_field(j, "cost", &c->all.cost);
        spread_field(j, "earns", &c->all.gain);
        spread_field(j, "net", &c->all.net);
        if (c->offers > 0) {
            json_field_open(j, "uplift", '{');
            json_field_z(j, "of", effect_name(p->campaign[k].effect.kind));
            spread_fields(j, &c->uplift);
            json_field_number(j, "base", c->base);
            json_field_number(j, "break_even", c->break_even);
            json_field_number(j, "probability_above", c->above);
            json_close(j, '}');
            json_field_number(j, "largest_offer", c->largest_offer);
            json_field_z(j, "grade", grade_letter(c->all.grade));
        }
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void measured_json(const struct forecast *f, const struct factor *k, struct json *j) {
    const struct belief *b = belief_at(f, k);
    if (!b)
        return;
    const struct estimate *e = b->relative ? &b->all.lift : &b->all.difference;
    json_field_open(j, "experiment", '{');
    json_field_str(j, "source", b->source);
    json_field_integer(j, "treated", b->all.treated.n);
    json_field_integer(j, "control", b->all.control.n);
    json_field_number(j, "measured", e->value);
    json_field_number(j, "low", e->fixed.low);
    json_field_number(j, "high", e->fixed.high);
    json_close(j, '}');
}

static void inputs_json(const struct forecast *f, struct json *j) {
    json_field_open(j, "inputs", '[');
    for (const struct factor *k = f->factors.factor; k < f->factors.factor + f->factors.n; k++) {
        json_open(j, '{');
        json_field_str(j, "name", k->name);
        json_field_number(j, "mean", k->mean);
        json_field_number(j, "sd", k->sd);
        json_field_number(j, "p5", factor_quantile(k, 0.05));
        json_field_number(j, "p95", factor_quantile(k, 0.95));
        json_field_z(j, "grade", grade_letter(k->grade));
        json_field_str(j, "source", k->source);
        json_field_bool(j, "assumed", k->assumed);
        measured_json(f, k, j);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void assumptions_json(const struct forecast *f, const struct assumptions *a,
                             struct json *j) {
    json_field_open(j, "assumptions", '[');
    for (int i = 0; i < ASSUMPTIONS_OF_MONTHS; i++) {
        const struct assumption *k = &assumption[i];
        json_open(j, '{');
        json_field_z(j, "name", k->name);
        json_field_number(j, "value", a->value[i]);
        json_field_z(j, "unit", k->unit);
        json_field_z(j, "help", k->help);
        json_field_z(j, "source", k->source);
        json_field_bool(j, "given", a->given[i]);
        json_field_bool(j, "counts", is_used(f, i));
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json(const struct simulation *s, struct json *j) {
    const struct forecast *f = s->forecast;
    const struct prospect *p = &f->all;
    double value, scored;
    count_scored(f->decisions, &value, &scored);
    json_field_open(j, "cost", '{');
    spread_field(j, "total", &p->cost);
    spread_field(j, "contact", &p->contact);
    spread_field(j, "offers", &p->offers);
    sure_field(j, p);
    json_close(j, '}');
    spread_field(j, "earns", &p->gain);
    json_field_open(j, "net", '{');
    spread_fields(j, &p->net);
    json_field_number(j, "worst_5_percent", p->worst);
    json_field_number(j, "probability_positive", p->positive);
    json_field_number(j, "monte_carlo_error", p->error);
    json_field_number(j, "scored", scored);
    json_close(j, '}');
    spread_field(j, "roi", &p->roi);
    json_key(j, STR("payback_months"));
    if (f->payback)
        json_integer(j, f->payback);
    else
        json_null(j);
    distribution_json(f, j);
    campaigns_json(f, j);
    inputs_json(f, j);
    assumptions_json(s->forecast, &s->options.assume, j);
}

const struct simulation_part simulate_page = {.text = text, .json = json};
