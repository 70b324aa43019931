// The explanation as people read it.
#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "verb/explain.h"
#include "verb/figures.h"
#include "verb/limits.h"

// In brackets: evaluation did not get there, since what stood before had decided.
const char *const truth_marks[TRUTHS] = {"", "no", "yes", "?", "!"};
static const char *const not_reached[] = {"", "(no)", "(yes)", "(?)", "(!)"};

static void threshold_text(struct buf *out, const struct explanation *x, const struct told *t,
                           const struct clause *c) {
    enum type type;
    struct str name = told_column(x->opened.board, t, c->slot, &type);
    buf_printf(out, "%.*s = ", (int)name.n, name.p);
    buf_z(out, c->threshold.tag == VALUE_STRING ? "'" : "");
    value_print(&c->threshold, type, out);
    buf_z(out, c->threshold.tag == VALUE_STRING ? "'" : "");
}

static void clause_text(struct buf *out, const struct explanation *x, const struct told *t,
                        const struct clause *c) {
    bool reached = c->truth != CLAUSE_NOT_REACHED;
    buf_printf(out, "      %-5s %.*s", reached ? truth_marks[c->alone] : not_reached[c->alone],
               (int)c->text.n, c->text.p);
    if (c->alone == CLAUSE_MISSING)
        buf_printf(out, "   (%.*s is missing)", (int)c->missing.n, c->missing.p);
    else if (c->values.n)
        buf_printf(out, "   (%.*s)", (int)c->values.n, c->values.p);
    if (clause_is_wrong(c) && c->has_threshold) {
        buf_z(out, c->wanted ? "   would hold at " : "   would not hold at ");
        threshold_text(out, x, t, c);
    }
    buf_char(out, '\n');
}

static void value_text(struct buf *out, const struct value *v, enum type type) {
    buf_z(out, v->tag == VALUE_STRING ? "'" : "");
    value_print(v, type, out);
    buf_z(out, v->tag == VALUE_STRING ? "'" : "");
}

// "function(orders = 3, segment = 'old') gave true (line 12)"
void explain_call(struct buf *out, const struct board *board, const struct told *t) {
    const struct called *c = &t->called;
    const struct outcome *o = &c->outcome;
    static const char *const marks[] = {
        [OUTCOME_VALUE] = "", [OUTCOME_MISSING] = "?", [OUTCOME_FAULT] = "!"};
    const char *mark = marks[o->kind];
    if (o->kind == OUTCOME_VALUE)
        mark = o->value.tag != VALUE_BOOLEAN ? "" : o->value.boolean ? "yes" : "no";
    buf_printf(out, "%-5s function(", mark);
    for (int i = 0; i < c->n; i++) {
        buf_printf(out, "%s%.*s = ", i ? ", " : "", (int)c->argument[i].name.n,
                   c->argument[i].name.p);
        if (c->argument[i].missing)
            buf_z(out, "missing");
        else
            value_text(out, &c->argument[i].value, c->argument[i].type);
    }
    buf_z(out, ")");
    if (o->kind == OUTCOME_VALUE) {
        buf_z(out, " gave ");
        value_text(out, &o->value, TYPE_NUMBER);
    } else if (o->kind == OUTCOME_FAULT) {
        buf_printf(out, " failed: %s", c->fault);
    } else {
        struct str name = board_slot_name(board, o->slot);
        buf_printf(out, " was not called: %.*s is missing", (int)name.n, name.p);
    }
    if (c->line > 0)
        buf_printf(out, " (line %ld)", c->line);
}

static void call_text(struct buf *out, const struct explanation *x, const struct told *t) {
    buf_z(out, "      ");
    explain_call(out, x->opened.board, t);
    buf_char(out, '\n');
}

void told_text(struct buf *out, const struct explanation *x, const struct told *t) {
    if (t->rule->bound)
        call_text(out, x, t);
    for (int i = 0; i < t->clauses; i++)
        clause_text(out, x, t, &t->clause[i]);
    if (t->reading.outcome.kind == OUTCOME_FAULT && t->rule->expr)
        buf_printf(out, "      failed: %s\n", fault_text(t->reading.outcome.fault));
}

static void day_text(struct buf *out, const char *what, const struct column *c, int64_t customer) {
    if (!column_has(c, customer))
        return;
    buf_z(out, what);
    column_print(c, customer, out);
}

static void state_text(struct buf *out, const struct standing *t, int64_t customer) {
    if (!t->state || !column_has(t->state, customer))
        return;
    buf_printf(out, ", %s", tier_states[t->state->code[customer]]);
    day_text(out, " until ", t->until, customer);
    day_text(out, ", entered ", t->entered, customer);
    day_text(out, ", reviewed ", t->reviewed, customer);
}

// What a class came to for the customer.
static const char *class_verdict(const struct told_scheme *t, int i, int64_t customer) {
    const struct told_class *class = &t->class[i];
    const struct column *state = t->standing->state;
    const struct outcome *when = &class->when.reading.outcome;
    if (!class->reached)
        return "not reached";
    if (!class->holds)
        return "no";
    bool earned =
        !rule_given(&class->class->when) || (when->kind == OUTCOME_VALUE && when->value.boolean);
    return earned || !state ? "holds" : tier_states[state->code[customer]];
}

static void advice_text(struct buf *out, const struct explanation *x, const struct told_scheme *t) {
    int scheme = (int)(t->standing->scheme - x->d->policy->scheme);
    for (int i = 0; i < t->advices; i++) {
        buf_z(out, i ? "          " : "  advice: ");
        advice_print(x->d, scheme, x->customer, &t->advice[i], out);
        buf_char(out, '\n');
    }
}

// What the customer's class says: "  owner = Ms Li, rank = 2".
static void details_text(struct buf *out, const struct explanation *x, const struct standing *t) {
    int told = 0;
    for (int i = 0; i < t->scheme->columns; i++) {
        const struct scheme_column *c = &t->scheme->column[i];
        if (c->again || c->aspect != ASPECT_DETAIL || !column_has(t->column[i], x->customer))
            continue;
        buf_printf(out, "%s%.*s = ", told++ ? ", " : "  ", (int)c->name.n, c->name.p);
        column_print(t->column[i], x->customer, out);
    }
    buf_z(out, told ? "\n" : "");
}

static void scheme_text(struct buf *out, const struct explanation *x, const struct told_scheme *t) {
    const struct standing *standing = t->standing;
    const struct scheme *s = standing->scheme;
    buf_printf(out, "%.*s: ", (int)s->name.n, s->name.p);
    if (column_has(standing->class, x->customer))
        column_print(standing->class, x->customer, out);
    else
        buf_printf(out, "no %s", scheme_words[s->kind].class);
    state_text(out, standing, x->customer);
    if (bit_get(standing->undecided->flag, x->customer))
        buf_printf(out, " (undecided%s: a value was missing)",
                   s->kind == SCHEME_TIERS ? " above" : "");
    buf_char(out, '\n');
    details_text(out, x, standing);
    for (int i = 0; i < standing->scheme->n; i++) {
        const struct told_class *class = &t->class[i];
        buf_printf(out, "  %.*s: %s\n", (int)class->class->name.n, class->class->name.p,
                   class_verdict(t, i, x->customer));
        if (class->reached)
            told_text(out, x, &class->when);
        if (class->keep.rule && rule_given(class->keep.rule)) {
            buf_z(out, "    keep\n");
            told_text(out, x, &class->keep);
        }
    }
    advice_text(out, x, t);
}

static void amounts_text(struct buf *out, const struct explanation *x, const struct candidate *c) {
    char cost[NUMBER_MAX], value[NUMBER_MAX], net[NUMBER_MAX];
    int decimals = x->d->data->decimals;
    struct str currency = x->d->data->currency;
    buf_printf(out, "    cost %.*s, value %.*s, net %.*s%s%.*s\n",
               money_print(c->cost, decimals, cost), cost, money_print(c->value, decimals, value),
               value, money_print(candidate_net(c), decimals, net), net, currency.n ? " " : "",
               (int)currency.n, currency.p);
}

// An amount is in the sum; that it is a function's is told here.
static void amount_text(struct buf *out, const struct explanation *x, const char *what,
                        const struct told_campaign *c, const struct told *t) {
    bool asked = c->reason != REASON_INELIGIBLE && c->reason != REASON_NEVER &&
                 c->reason != REASON_SUPPRESSED;
    if (!t->rule->bound || !asked)
        return;
    buf_printf(out, "    %s\n", what);
    call_text(out, x, t);
}

// "retention 0.12 of 0.8, sd 0.05, from the pilot of 2025".
static void effect_text(struct buf *out, const struct explanation *x,
                        const struct told_campaign *c) {
    const struct effect *e = &c->campaign->effect;
    const struct told *amounts[] = {&c->size, &c->base};
    if (e->kind == EFFECT_NONE)
        return;
    buf_printf(out, "    effect %s", effect_name(e->kind));
    if (e->measured) {
        char size[NUMBER_MAX];
        double measured = round_digits(e->measured[decide_class(x->d, x->customer)], 4);
        buf_printf(out, " %.*s, measured, not", number_print(measured, size), size);
    }
    for (int i = 0; i < 1 + rule_given(&e->base); i++) {
        const struct outcome *o = rule_given(amounts[i]->rule) && amounts[i]->rule->bound
                                      ? &amounts[i]->called.outcome
                                      : &amounts[i]->reading.outcome;
        buf_z(out, i == 0 ? " " : e->relative ? " of " : " above ");
        if (o->kind == OUTCOME_VALUE)
            value_print(&o->value, TYPE_NUMBER, out);
        else
            buf_z(out, o->kind == OUTCOME_MISSING ? "?" : "!");
    }
    if (e->on_success)
        buf_z(out, ", paid on success");
    if (e->sd >= 0) {
        char sd[NUMBER_MAX];
        buf_printf(out, ", sd %.*s", number_print(e->sd, sd), sd);
    }
    if (e->evidence.n)
        buf_printf(out, ", from %.*s", (int)e->evidence.n, e->evidence.p);
    buf_char(out, '\n');
}

// What ran dry before it was the customer's turn.
static void limits_text(struct buf *out, const struct explanation *x,
                        const struct told_campaign *c) {
    for (int i = 0; i < x->d->stocks; i++) {
        if (!limit_refused(x->d, &x->d->stock[i], c->candidate))
            continue;
        buf_z(out, "    ");
        limit_text(out, x->d, &x->d->stock[i]);
        buf_char(out, '\n');
    }
}

static void channels_text(struct buf *out, const struct explanation *x) {
    for (int i = 0, some = 0; i < x->d->policy->channels; i++) {
        const struct told_channel *c = &x->channels[i];
        if (!rule_given(c->when.rule) && !rule_given(c->never.rule))
            continue;
        buf_z(out, some++ ? "" : "channels\n");
        buf_printf(out, "  %.*s\n", (int)c->channel->name.n, c->channel->name.p);
        if (rule_given(c->when.rule)) {
            buf_z(out, "    when\n");
            told_text(out, x, &c->when);
        }
        if (rule_given(c->never.rule)) {
            buf_z(out, "    never\n");
            told_text(out, x, &c->never);
        }
    }
}

static void campaign_text(struct buf *out, const struct explanation *x,
                          const struct told_campaign *c) {
    const struct campaign *k = c->campaign;
    buf_printf(out, "  %.*s: %s: %s\n", (int)k->name.n, k->name.p, reason_name(c->reason),
               reason_help(c->reason));
    if (rule_given(c->when.rule)) {
        buf_z(out, "    when\n");
        told_text(out, x, &c->when);
    }
    if (rule_given(c->never.rule) && c->reason != REASON_INELIGIBLE) {
        buf_z(out, "    never\n");
        told_text(out, x, &c->never);
    }
    amount_text(out, x, "offer", c, &c->amount);
    amount_text(out, x, "cost", c, &c->cost);
    amount_text(out, x, "value", c, &c->value);
    explain_history_text(out, x, c);
    if (!c->candidate)
        return;
    const struct channel *channel = decide_channel(x->d, c->candidate);
    struct str offer = decide_offer(out->arena, x->d, c->candidate);
    buf_printf(out, "    offer %.*s", (int)offer.n, offer.p);
    if (channel)
        buf_printf(out, ", by %.*s", (int)channel->name.n, channel->name.p);
    buf_char(out, '\n');
    effect_text(out, x, c);
    amounts_text(out, x, c->candidate);
    limits_text(out, x, c);
}

static void nearest_text(struct buf *out, const struct explanation *x) {
    const struct told_campaign *c = x->nearest;
    if (!c)
        return;
    buf_printf(out, "nearest miss: %.*s, %d clause%s away", (int)c->campaign->name.n,
               c->campaign->name.p, c->when.reading.misses, c->when.reading.misses == 1 ? "" : "s");
    if (c->when.reading.nearest) {
        buf_z(out, "; ");
        threshold_text(out, x, &c->when, c->when.reading.nearest);
        buf_printf(out, " would turn `%.*s`", (int)c->when.reading.nearest->text.n,
                   c->when.reading.nearest->text.p);
    }
    buf_char(out, '\n');
}

void explain_text(const void *result, struct buf *out) {
    const struct explanation *x = result;
    struct str id = column_str(x->d->data->id, x->customer);
    char date[10];
    date_print(x->d->data->as_of, date);
    buf_printf(out, "%.*s", (int)id.n, id.p);
    if (x->opened.loaded.sources > 0) // else it is the customer of a test, which knows no day
        buf_printf(out, " as of %.10s", date);
    buf_printf(out, ", policy \"%.*s\"\n\n", (int)x->d->policy->title.n, x->d->policy->title.p);
    for (int i = 0; i < x->d->policy->schemes; i++)
        scheme_text(out, x, &x->schemes[i]);
    channels_text(out, x);
    if (x->d->policy->campaigns)
        buf_z(out, "campaigns\n");
    for (int i = 0; i < x->d->policy->campaigns; i++)
        campaign_text(out, x, &x->campaigns[i]);
    explain_referrals_text(out, x);
    nearest_text(out, x);
}
