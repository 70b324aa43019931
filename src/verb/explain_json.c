// The explanation as one JSON document.
#include <math.h>

#include "base/date.h"
#include "verb/explain.h"
#include "verb/limits.h"

const char *const truth_words[TRUTHS] = {"not reached", "false", "true", "missing", "fault"};

void value_json(struct json *j, const struct value *v) {
    switch (v->tag) {
    case VALUE_BOOLEAN: json_bool(j, v->boolean); break;
    case VALUE_INTEGER: json_integer(j, v->integer); break;
    case VALUE_FLOAT: json_number(j, v->number); break;
    case VALUE_STRING: json_str(j, v->string); break;
    }
}

static void call_json(struct json *j, const struct called *c) {
    json_field_open(j, "arguments", '{');
    for (int i = 0; i < c->n; i++) {
        json_key(j, c->argument[i].name);
        if (c->argument[i].missing)
            json_null(j);
        else
            value_json(j, &c->argument[i].value);
    }
    json_close(j, '}');
    if (c->line > 0)
        json_field_integer(j, "at_line", c->line);
}

void told_json(struct json *j, const struct explanation *x, const char *key, const struct told *t) {
    enum type type;
    if (!rule_given(t->rule))
        return;
    json_field_open(j, key, '{');
    if (t->rule->expr)
        json_field_str(j, "expression", expr_text(t->rule->expr));
    else
        call_json(j, &t->called);
    json_field_integer(j, "line", t->rule->formula.at.line);
    if (t->reading.outcome.kind == OUTCOME_VALUE) {
        json_key(j, STR("result"));
        value_json(j, &t->reading.outcome.value);
    } else if (t->reading.outcome.kind == OUTCOME_MISSING) {
        json_field_str(j, "missing",
                       told_column(x->opened.board, t, t->reading.outcome.slot, &type));
    } else {
        json_field_z(j, "fault",
                     t->rule->bound ? t->called.fault : fault_text(t->reading.outcome.fault));
    }
    if (t->rule->bound) {
        json_close(j, '}');
        return;
    }
    json_field_open(j, "clauses", '[');
    for (int i = 0; i < t->clauses; i++) {
        const struct clause *c = &t->clause[i];
        json_open(j, '{');
        json_field_str(j, "text", c->text);
        json_field_z(j, "truth", truth_words[c->truth]);
        json_field_z(j, "alone", truth_words[c->alone]);
        json_field_bool(j, "wanted", c->wanted);
        json_field_str(j, "values", c->values);
        if (c->alone == CLAUSE_MISSING)
            json_field_str(j, "missing", c->missing);
        if (c->has_threshold && clause_is_wrong(c)) {
            json_field_str(j, "column", told_column(x->opened.board, t, c->slot, &type));
            json_key(j, STR("threshold"));
            value_json(j, &c->threshold);
            json_field_number(j, "distance", c->distance);
        }
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static void effect_json(struct json *j, const struct explanation *x,
                        const struct told_campaign *c) {
    const struct effect *e = &c->campaign->effect;
    if (e->kind == EFFECT_NONE)
        return;
    json_field_open(j, "effect", '{');
    json_field_z(j, "of", effect_name(e->kind));
    told_json(j, x, "size", &c->size);
    if (e->measured)
        json_field_number(j, "measured", e->measured[decide_class(x->d, x->customer)]);
    told_json(j, x, "base", &c->base);
    json_field_z(j, "paid", e->on_success ? "on success" : "always");
    json_field_number(j, "sd", e->sd < 0 ? NAN : e->sd);
    json_field_str(j, "evidence", e->evidence);
    json_close(j, '}');
}

static void campaign_json(struct json *j, const struct explanation *x,
                          const struct told_campaign *c) {
    int decimals = x->d->data->decimals;
    json_open(j, '{');
    json_field_str(j, "campaign", c->campaign->name);
    json_field_z(j, "reason", reason_name(c->reason));
    told_json(j, x, "when", &c->when);
    told_json(j, x, "never", &c->never);
    told_json(j, x, "offer_rule", &c->amount);
    told_json(j, x, "cost_rule", &c->cost);
    told_json(j, x, "value_rule", &c->value);
    effect_json(j, x, c);
    if (c->candidate) {
        const struct channel *channel = decide_channel(x->d, c->candidate);
        json_field_str(j, "offer", c->campaign->offer.text);
        if (c->campaign->offer.counts)
            json_field_number(j, "amount", c->candidate->amount);
        if (channel)
            json_field_str(j, "channel", channel->name);
        json_field_money(j, "cost", c->candidate->cost, decimals);
        json_field_money(j, "value", c->candidate->value, decimals);
        json_field_money(j, "net", candidate_net(c->candidate), decimals);
    }
    json_key(j, STR("limits"));
    limits_json_of(j, x->d, c->candidate);
    explain_history_json(j, x, c);
    json_close(j, '}');
}

static void day_json(struct json *j, const char *key, const struct column *c, int64_t customer) {
    char day[10];
    if (!column_has(c, customer))
        return;
    date_print(c->date[customer], day);
    json_field_str(j, key, (struct str){day, sizeof day});
}

static void state_json(struct json *j, const struct standing *t, int64_t customer) {
    if (!t->state || !column_has(t->state, customer))
        return;
    json_field_z(j, "state", tier_states[t->state->code[customer]]);
    day_json(j, "until", t->until, customer);
    day_json(j, "entered", t->entered, customer);
    day_json(j, "reviewed", t->reviewed, customer);
}

static void advice_json(struct json *j, const struct explanation *x, const struct told_scheme *t) {
    const struct scheme *s = t->standing->scheme;
    json_field_open(j, "advice", '[');
    for (int i = 0; i < t->advices; i++) {
        const struct advice *a = &t->advice[i];
        struct buf text = {.arena = j->out->arena};
        char day[10];
        json_open(j, '{');
        json_field_z(j, "to", a->keeps ? "keep" : "raise");
        json_field_str(j, "tier", s->class[a->tier].name);
        json_field_str(j, "column", a->column->name);
        json_field_bool(j, "monotone", a->solution.kind == SOLVE_VALUE);
        if (a->solution.kind == SOLVE_VALUE) {
            json_key(j, STR("value"));
            value_json(j, &a->solution.value);
        }
        if (a->has_by) {
            date_print(a->by, day);
            json_field_str(j, "by", (struct str){day, sizeof day});
        }
        advice_print(x->d, (int)(s - x->d->policy->scheme), x->customer, a, &text);
        json_field_str(j, "text", (struct str){text.p, text.n});
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void column_json(struct json *j, const struct column *c, int64_t customer) {
    if (!column_has(c, customer))
        json_null(j);
    else if (c->type == TYPE_LABEL)
        json_str(j, column_str(c, customer));
    else if (c->type == TYPE_FLAG)
        json_bool(j, bit_get(c->flag, customer));
    else
        json_number(j, column_double(c, customer));
}

// What the customer's class says.
static void details_json(struct json *j, const struct standing *t, int64_t customer) {
    json_field_open(j, "details", '{');
    for (int i = 0; i < t->scheme->columns; i++) {
        const struct scheme_column *c = &t->scheme->column[i];
        if (c->again || c->aspect != ASPECT_DETAIL)
            continue;
        json_key(j, c->name);
        column_json(j, t->column[i], customer);
    }
    json_close(j, '}');
}

static void scheme_json(struct json *j, const struct explanation *x, const struct told_scheme *t) {
    const struct standing *standing = t->standing;
    json_open(j, '{');
    json_field_str(j, "scheme", standing->scheme->name);
    json_field_z(j, "kind", scheme_words[standing->scheme->kind].block);
    json_key(j, STR("class"));
    column_json(j, standing->class, x->customer);
    details_json(j, standing, x->customer);
    json_field_bool(j, "undecided", bit_get(standing->undecided->flag, x->customer));
    state_json(j, standing, x->customer);
    json_field_open(j, "classes", '[');
    for (int i = 0; i < standing->scheme->n; i++) {
        json_open(j, '{');
        json_field_str(j, "name", t->class[i].class->name);
        json_field_bool(j, "reached", t->class[i].reached);
        json_field_bool(j, "holds", t->class[i].holds);
        told_json(j, x, "when", &t->class[i].when);
        if (t->class[i].keep.rule)
            told_json(j, x, "keep", &t->class[i].keep);
        json_close(j, '}');
    }
    json_close(j, ']');
    advice_json(j, x, t);
    json_close(j, '}');
}

void explain_json(const void *result, struct json *j) {
    const struct explanation *x = result;
    char date[10];
    date_print(x->d->data->as_of, date);
    json_open(j, '{');
    json_field_str(j, "customer", column_str(x->d->data->id, x->customer));
    json_field_str(j, "as_of", (struct str){date, sizeof date});
    json_field_str(j, "policy", x->d->policy->title);
    json_field_open(j, "schemes", '[');
    for (int i = 0; i < x->d->policy->schemes; i++)
        scheme_json(j, x, &x->schemes[i]);
    json_close(j, ']');
    json_field_open(j, "channels", '[');
    for (int i = 0; i < x->d->policy->channels; i++) {
        json_open(j, '{');
        json_field_str(j, "channel", x->channels[i].channel->name);
        told_json(j, x, "when", &x->channels[i].when);
        told_json(j, x, "never", &x->channels[i].never);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_open(j, "campaigns", '[');
    for (int i = 0; i < x->d->policy->campaigns; i++)
        campaign_json(j, x, &x->campaigns[i]);
    json_close(j, ']');
    explain_referrals_json(j, x);
    if (x->nearest)
        json_field_str(j, "nearest_miss", x->nearest->campaign->name);
    json_close(j, '}');
}
