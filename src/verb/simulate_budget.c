// What a budget is worth (--budget), and the plan that makes the most of it (--plan).
#include <math.h>
#include <string.h>

#include "base/format.h"
#include "base/money.h"
#include "base/number.h"
#include "budget/budget.h"
#include "sink/plan.h"
#include "verb/figures.h"
#include "verb/simulate.h"

struct simulated_budget {
    int64_t budget;
    struct budget *of;
    struct spread net; // of its offers, forecast as the page's
    double positive;   // share of the draws in which that is above 0
};

static enum status read_budget(const struct simulation *s, const char *text, int64_t *out,
                               struct err *err) {
    bool rounded;
    int decimals = s->opened.loaded.data.decimals;
    bool thousands = decimals < 3 && number_grouped(str_of(text)); // "20.000"
    if (!thousands && money_parse(str_of(text), '.', decimals, out, &rounded) && *out >= 0 &&
        !rounded)
        return DONE;
    return err_set(
        err, MISUSED,
        "--budget takes an amount from 0 on, with %d decimals at most and nothing between "
        "thousands, got %s",
        decimals, text);
}

// ---- the plan -----------------------------------------------------------------------------------

static enum status write_manifest(const struct simulation *s, const struct output *output,
                                  struct err *err) {
    const struct simulated_budget *k = s->budget;
    int decimals = s->opened.loaded.data.decimals;
    struct buf counts = {.arena = s->call->arena};
    struct json j = {.out = &counts};
    json_open(&j, '{');
    json_field_money(&j, "budget", k->budget, decimals);
    json_field_integer(&j, "offers", k->of->offers);
    json_field_money(&j, "cost", k->of->best.cost, decimals);
    json_field_money(&j, "value", k->of->promise, decimals);
    json_close(&j, '}');
    return call_manifest(s->call, &s->opened, &counts, output->path, output, 1, err);
}

// Texts are written as they are, to be read back.
static enum status write_plan(const struct simulation *s, const char *path, struct err *err) {
    struct sheet_options options = {.path = path, .raw = true};
    struct output output = {.path = path};
    struct sheet sheet;
    plan_rows(s->call->arena, s->budget->of, &sheet);
    TRY(sheet_write(s->call->arena, s->call->host, &sheet, &options, &output.out, err));
    call_output(s->call, output.out);
    return write_manifest(s, &output, err);
}

// ---- how sure that is ---------------------------------------------------------------------------

// Decisions that grant what the optimum gives, and have no other candidates; effects are as they
// are believed.
static struct decisions granted_at_best(struct arena *a, const struct decisions *d,
                                        const struct budget *b) {
    struct decisions out = *d;
    size_t campaigns = (size_t)d->policy->campaigns, n = (size_t)d->data->customers;
    out.candidates = 0;
    out.candidate = arena_array(a, n, sizeof *out.candidate);
    out.stake = arena_array(a, n, sizeof *out.stake);
    out.count = arena_array(a, campaigns, sizeof *out.count);
    out.reason = arena_array(a, campaigns, sizeof *out.reason);
    for (size_t k = 0; k < campaigns; k++) {
        out.reason[k] = arena_array(a, n, 1);
        memset(out.reason[k], REASON_INELIGIBLE, n);
    }
    for (int64_t i = 0; i < b->market->choices.customers; i++) {
        if (b->best.choice[i] < 0)
            continue;
        const struct way way = market_way(b->market, i, b->best.choice[i]);
        if (way.choice->control)
            continue;
        struct stake *stake = &out.stake[out.candidates];
        struct candidate *c = &out.candidate[out.candidates++];
        *stake = d->stake[way.candidate];
        *c = d->candidate[way.candidate];
        stake->uplift *= b->market->believed[c->campaign];
        c->channel = way.channel;
        out.reason[c->campaign][c->customer] = REASON_GRANTED;
        out.count[c->campaign][REASON_GRANTED]++;
    }
    return out;
}

static enum status forecast_best(const struct simulation *s, struct simulated_budget *k,
                                 struct err *err) {
    struct arena *own = arena_child(s->call->arena);
    struct decisions d = granted_at_best(own, s->decisions, k->of);
    struct forecast *f;
    TRY(forecast(own, s->call->host, &d, &s->options, &f, err));
    k->net = f->all.net;
    k->positive = f->all.positive;
    arena_free(own);
    return DONE;
}

static enum status check(struct simulation *s, struct err *err) {
    const char *plan = args_value(&s->call->args, "--plan");
    if (!plan)
        return DONE;
    if (!args_value(&s->call->args, "--budget"))
        return err_set(err, MISUSED,
                       "--plan writes the best use of a budget: give --budget X, too");
    if (!format_ends_in(plan, ".csv"))
        return err_set(err, MISUSED, "--plan %s: a plan is a file that ends in .csv", plan);
    return out_check(s->call->arena, plan, err);
}

static enum status open(struct simulation *s, struct err *err) {
    const char *text = args_value(&s->call->args, "--budget");
    if (!text)
        return DONE;
    s->budget = arena_alloc(s->call->arena, sizeof *s->budget);
    return read_budget(s, text, &s->budget->budget, err);
}

static enum status run(struct simulation *s, struct err *err) {
    const char *plan = args_value(&s->call->args, "--plan");
    struct simulated_budget *k = s->budget;
    if (!k)
        return DONE;
    TRY(budget_of(s->call->arena, s->call->host, s->decisions, s->decisions->stake, k->budget,
                  &k->of, err));
    TRY(forecast_best(s, k, err));
    return plan ? write_plan(s, plan, err) : DONE;
}

// ---- showing ----------------------------------------------------------------------------------

enum {
    APART = 50, // two nets differ, if by more than 1 part in so many of what is earned
    NEAR = 3,   // digits of what is only found about
};

struct page {
    const struct simulation *s;
    struct buf *out;
    int decimals;
};

static void put_exact(const struct page *p, int64_t minor) {
    char text[NUMBER_MAX];
    buf_printf(p->out, "%.*s", money_print(minor, p->decimals, text), text);
}

// An amount of the curve: exact, if that is.
static void put_found(const struct page *p, int64_t minor) {
    char text[NUMBER_MAX];
    double x = round_digits(money_major(minor, p->decimals), NEAR);
    if (!p->s->budget->of->best.sided)
        put_exact(p, minor);
    else
        buf_printf(p->out, "about %.*s", number_print(x, text), text);
}

static void put_about(const struct page *p, int64_t minor) {
    money_about(p->out, money_major(minor, p->decimals), p->s->forecast->all.grade);
}

// More is spent than pays.
static void excess_text(const struct page *p, const struct budget *b) {
    if (b->top.cost == 0) {
        buf_z(p->out, "         no offer earns what it costs: best would be none\n");
        return;
    }
    buf_z(p->out, "         that is too much: offers beyond ");
    put_found(p, b->top.cost);
    buf_z(p->out, ", the best budget, earn less than they cost\n");
}

// The net to believe, and why `score` counts another one for the same offers.
static void net_text(const struct page *p, const struct simulated_budget *k) {
    const struct budget *b = k->of;
    buf_z(p->out, "         net ");
    spread_about(p->out, &k->net, p->s->forecast->all.grade);
    buf_z(p->out, ", P(net > 0) ");
    chance_about(p->out, k->positive);
    buf_char(p->out, '\n');
    double counted = money_major(b->best.value - b->best.cost, p->decimals);
    if (fabs(k->net.mean - counted) > money_major(b->best.value, p->decimals) / APART) {
        buf_z(p->out, "         with effects just as expected, as all below counts, net ");
        put_about(p, b->best.value - b->best.cost);
        buf_char(p->out, '\n');
    }
    if (!b->apart)
        return;
    buf_z(p->out, b->believed ? "         above and in `score` they count net "
                              : "         `score` counts net ");
    put_about(p, b->promise - b->best.cost);
    buf_z(p->out, !b->believed ? " for them: it does not ask who would stay anyway\n"
                  : b->promise > b->best.value ? ": what looks best is in part luck\n"
                                               : ": effects like these promise more\n");
}

static void use_text(const struct page *p, const struct simulated_budget *k) {
    const struct budget *b = k->of;
    buf_z(p->out, "budget   ");
    put_exact(p, k->budget);
    buf_printf(p->out, " at best: %lld offer%s, cost ", (long long)b->offers, plural(b->offers));
    put_exact(p, b->best.cost);
    buf_z(p->out, ", earn ");
    put_about(p, b->best.value);
    buf_char(p->out, '\n');
    if (b->offers > 0)
        net_text(p, k);
    else if (b->cheapest > k->budget) {
        buf_z(p->out, "         nobody: the cheapest offer costs ");
        put_exact(p, b->cheapest);
        buf_char(p->out, '\n');
    }
    buf_z(p->out, "         no other use of it earns more");
    if (b->best.bound > b->best.value) {
        buf_z(p->out, " than ");
        put_exact(p, b->best.bound - b->best.value);
        buf_z(p->out, " beyond that");
    }
    buf_char(p->out, '\n');
    if (b->best.cost > b->flat_to && b->best.value - b->best.cost < b->top.value - b->top.cost)
        excess_text(p, b);
}

static void more_text(const struct page *p, const struct budget *b) {
    if (b->best.price.cost == 0) {
        buf_z(p->out, "         more money changes nothing\n");
        return;
    }
    buf_z(p->out, "         the next ");
    put_exact(p, b->next.cost);
    buf_z(p->out, " earn ");
    put_about(p, b->next.value);
    buf_z(p->out, "; beyond ");
    put_found(p, b->all);
    buf_z(p->out, " more changes nothing\n");
}

static void best_text(const struct page *p, const struct budget *b) {
    buf_z(p->out, "         best budget ");
    put_found(p, b->top.cost);
    buf_z(p->out, ", net ");
    put_about(p, b->top.value - b->top.cost);
    if (b->flat_from < b->flat_to) {
        buf_z(p->out, "; within 1 % of that from ");
        put_found(p, b->flat_from);
        buf_z(p->out, " to ");
        put_found(p, b->flat_to);
    }
    buf_char(p->out, '\n');
}

static void rival_text(const struct page *p, const char *name, int64_t offers, int64_t cost,
                       int64_t value) {
    buf_printf(p->out, "           %s: %lld offer%s, cost ", name, (long long)offers,
               plural(offers));
    put_exact(p, cost);
    buf_z(p->out, ", earn ");
    put_about(p, value);
    buf_z(p->out, ", net ");
    put_about(p, value - cost);
    buf_char(p->out, '\n');
}

static void text(const struct simulation *s, struct buf *out) {
    struct page p = {s, out, s->opened.loaded.data.decimals};
    if (!s->budget)
        return;
    const struct budget *b = s->budget->of;
    use_text(&p, s->budget);
    more_text(&p, b);
    best_text(&p, b);
    buf_z(out, "         others with this budget\n");
    for (int i = 0; i < RIVALS; i++)
        if (b->rival[i].known)
            rival_text(&p, rival_name((enum rival_kind)i), b->rival[i].offers, b->rival[i].cost,
                       b->rival[i].value);
    if (!b->rival[RIVAL_RISK].known)
        buf_printf(out, "           %s: not known, no effect has a `base`\n",
                   rival_name(RIVAL_RISK));
}

// ---- JSON ---------------------------------------------------------------------------------------

static void compare_json(struct json *j, const char *name, int64_t offers, int64_t cost,
                         int64_t value, int decimals) {
    json_open(j, '{');
    json_field_z(j, "name", name);
    json_field_integer(j, "offers", offers);
    json_field_money(j, "cost", cost, decimals);
    json_field_money(j, "value", value, decimals);
    json_field_money(j, "net", value - cost, decimals);
    json_close(j, '}');
}

static void curve_json(struct json *j, const struct budget *b, int decimals) {
    json_field_open(j, "curve", '[');
    for (int i = 0; i < b->points; i++) {
        json_open(j, '{');
        json_field_money(j, "cost", b->point[i].cost, decimals);
        json_field_money(j, "value", b->point[i].value, decimals);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void use_json(struct json *j, const struct simulated_budget *k, int decimals) {
    const struct budget *b = k->of;
    json_field_money(j, "budget", k->budget, decimals);
    json_field_integer(j, "offers", b->offers);
    json_field_money(j, "cost", b->best.cost, decimals);
    json_field_money(j, "value", b->best.value, decimals);
    json_field_money(j, "promise", b->promise, decimals);
    json_field_money(j, "bound", b->best.bound, decimals);
    json_field_money(j, "gap", b->best.bound - b->best.value, decimals);
    spread_field(j, "net", &k->net);
    json_field_number(j, "probability_positive", k->positive);
    json_field_open(j, "price", '{');
    json_field_money(j, "cost", b->next.cost, decimals);
    json_field_money(j, "value", b->next.value, decimals);
    json_close(j, '}');
    json_field_open(j, "best", '{');
    json_field_money(j, "budget", b->top.cost, decimals);
    json_field_money(j, "net", b->top.value - b->top.cost, decimals);
    json_close(j, '}');
    json_field_open(j, "flat", '{');
    json_field_money(j, "from", b->flat_from, decimals);
    json_field_money(j, "to", b->flat_to, decimals);
    json_close(j, '}');
    json_field_money(j, "all", b->all, decimals);
    json_field_bool(j, "exact", !b->best.sided);
}

static void json(const struct simulation *s, struct json *j) {
    int decimals = s->opened.loaded.data.decimals;
    if (!s->budget)
        return;
    const struct budget *b = s->budget->of;
    json_field_open(j, "budget", '{');
    use_json(j, s->budget, decimals);
    curve_json(j, b, decimals);
    json_field_open(j, "compare", '[');
    compare_json(j, "best", b->offers, b->best.cost, b->best.value, decimals);
    for (int i = 0; i < RIVALS; i++)
        if (b->rival[i].known)
            compare_json(j, rival_name((enum rival_kind)i), b->rival[i].offers, b->rival[i].cost,
                         b->rival[i].value, decimals);
    json_close(j, ']');
    json_close(j, '}');
}

const struct simulation_part simulate_budget = {check, open, run, text, json};
