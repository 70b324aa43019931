// What becomes of the base month after month: --months N.
#include "months/pair.h"

#include <math.h>
#include <stddef.h>

#include "verb/figures.h"
#include "verb/lineup.h"
#include "verb/simulate.h"

enum { RUNS = 200, SAMPLE = 100000, QUARTER = 3, CLASSES_SHOWN = 8 };

struct simulated_months {
    struct months_options options;
    struct months *months;
    struct months *changed; // with --elasticity, else NULL
    struct months *idle;    // under nobody's offers; NULL: the policy makes none
    struct months *other;   // under the policy of --vs, or NULL
    const char *change;
    double *room; // by run
    double scale; // minor units of money in a major one
};

// ---- running -----------------------------------------------------------------------------------

// Of every campaign with an effect that is drawn: in each run, which multiple of it is the true
// one.
static const double *const *draw_effects(const struct simulation *s, const struct policy *p,
                                         const struct factors *f, int runs) {
    struct arena *a = s->call->arena;
    const double **list = arena_array(a, (size_t)p->campaigns, sizeof *list);
    for (const struct factor *k = f->factor; k < f->factor + f->n; k++) {
        if (k->kind != FACTOR_EFFECT || k->mean == 0)
            continue;
        double *draw = factor_draws(a, k, s->options.seed, runs);
        for (int i = 0; i < runs; i++)
            draw[i] /= k->mean;
        list[k->campaign] = draw;
    }
    return list;
}

// These mean nothing by themselves.
static enum status check_alone(const struct call *c, struct err *err) {
    static const char *const options[] = {"--runs", "--sample", "--elasticity"};
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (args_value(&c->args, options[i]))
            return err_set(err, MISUSED, "%s is about months: add --months N", options[i]);
    return DONE;
}

static enum status check(struct simulation *s, struct err *err) {
    struct call *c = s->call;
    int64_t months = 0, runs = RUNS, sample = SAMPLE;
    if (!args_value(&c->args, "--months"))
        return check_alone(c, err);
    struct simulated_months *m = arena_alloc(c->arena, sizeof *m);
    m->change = args_value(&c->args, "--elasticity");
    TRY(m->change ? elasticity_read(m->change, &m->options.change, err) : DONE);
    TRY(args_whole(&c->args, "--months", 1, MONTHS_MOST, &months, err));
    TRY(args_whole(&c->args, "--runs", 1, RUNS_MOST, &runs, err));
    TRY(args_whole(&c->args, "--sample", 1, INT32_MAX, &sample, err));
    m->options.months = (int)months;
    m->options.runs = (int)runs;
    m->options.sample = sample;
    m->options.seed = s->options.seed;
    m->options.assume = s->options.assume;
    s->months = m;
    return DONE;
}

// What the months are compared with: doing nothing, and another policy.
static enum status run_others(struct simulation *s, struct months_options o, struct err *err) {
    struct call *c = s->call;
    struct simulated_months *m = s->months;
    const struct versus *v = s->versus;
    if (v) {
        o.effect = draw_effects(s, v->opened.policy, &v->forecast->factors, o.runs);
        TRY(months_run(c->arena, c->host, v->decisions, &o, &m->other, err));
    }
    o.idle = true;
    if (s->opened.policy->campaigns == 0 && s->opened.policy->referrals == 0)
        return DONE;
    return months_run(c->arena, c->host, s->decisions, &o, &m->idle, err);
}

static enum status run(struct simulation *s, struct err *err) {
    struct call *c = s->call;
    const struct policy *p = s->opened.policy;
    struct simulated_months *m = s->months;
    if (!m)
        return DONE;
    struct months_options o = m->options;
    o.change = (struct elasticity){0};
    m->scale = pow(10, s->decisions->data->decimals);
    m->room = arena_array(c->arena, (size_t)o.runs, sizeof *m->room);
    o.effect = draw_effects(s, p, &s->forecast->factors, o.runs);
    TRY(months_run(c->arena, c->host, s->decisions, &o, &m->months, err));
    TRY(run_others(s, o, err));
    o.change = m->options.change;
    return m->change ? months_run(c->arena, c->host, s->decisions, &o, &m->changed, err) : DONE;
}

// ---- figures -----------------------------------------------------------------------------------

// Where in struct figures a figure is, and what it is called.
static const struct series {
    const char *name;
    size_t at;
    bool money;
} series[] = {{"customers", offsetof(struct figures, customers), false},
              {"revenue", offsetof(struct figures, revenue), true},
              {"margin", offsetof(struct figures, margin), true},
              {"cost", offsetof(struct figures, cost), true},
              {"offers", offsetof(struct figures, offers), false},
              {"joined", offsetof(struct figures, joined), false},
              {"equity", offsetof(struct figures, equity), true}};
enum { SERIES = sizeof series / sizeof *series };

// Of the equity after the last month.
static const struct series parts[] = {{"retained", offsetof(struct figures, retained), true},
                                      {"developed", offsetof(struct figures, developed), true},
                                      {"acquired", offsetof(struct figures, acquired), true}};
enum { PARTS = sizeof parts / sizeof *parts };

static const struct figures *figures_of(const struct months *m, int run, int month) {
    return &m->figures[(size_t)run * (size_t)m->options.months + (size_t)month];
}

static struct spread spread_at(const struct simulated_months *s, size_t at, bool money, int month) {
    const struct months *m = s->months;
    for (int r = 0; r < m->options.runs; r++) {
        const char *f = (const char *)figures_of(m, r, month);
        double x = (double)*(const int64_t *)(const void *)(f + at);
        s->room[r] = money ? x / s->scale : x;
    }
    return spread_of(s->room, m->options.runs);
}

static struct spread spread_of_class(const struct simulated_months *s, int class, int month) {
    size_t at = offsetof(struct figures, class) + (size_t) class * sizeof(int64_t);
    return spread_at(s, at, false, month);
}

static double earned_in(const struct simulated_months *s, int run) {
    return months_earned(s->months, run) / s->scale;
}

static struct spread earned(const struct simulated_months *s) {
    for (int r = 0; r < s->months->options.runs; r++)
        s->room[r] = earned_in(s, r);
    return spread_of(s->room, s->months->options.runs);
}

// The part of it that comes after the last month: the equity then, as it is worth at the start.
static struct spread earned_after(const struct simulated_months *s) {
    const struct months *m = s->months;
    double years = m->options.months / 12.0, now = pow(1 + m->life->discount, years);
    for (int r = 0; r < m->options.runs; r++)
        s->room[r] = (double)figures_of(m, r, m->options.months - 1)->equity / now / s->scale;
    return spread_of(s->room, m->options.runs);
}

// By how many runs leave open what the mean is.
static double error_of_earned(const struct simulated_months *s) {
    int n = s->months->options.runs;
    double mean = 0, squares = 0;
    for (int r = 0; r < n; r++)
        mean += earned_in(s, r) / n;
    for (int r = 0; r < n; r++)
        squares += pow(earned_in(s, r) - mean, 2);
    return n > 1 ? sqrt(squares / (n - 1) / n) : 0;
}

// By which share a change changes what is earned, run by run with the same luck.
static struct spread earned_by_change(const struct simulated_months *s) {
    for (int r = 0; r < s->months->options.runs; r++)
        s->room[r] = months_earned(s->changed, r) / months_earned(s->months, r) - 1;
    return spread_of(s->room, s->months->options.runs);
}

static double equity_by_change(const struct simulated_months *s) {
    return (double)s->changed->equity / (double)s->months->equity - 1;
}

static struct spread paired_spread(const struct simulated_months *m, const struct pair *p,
                                   enum paired k) {
    struct spread x = p->more[k];
    double unit = k == PAIRED_CUSTOMERS ? 1 : m->scale;
    return (struct spread){x.mean / unit, x.p5 / unit, x.p50 / unit, x.p95 / unit};
}

// What chances rest on.
struct footing {
    const char *name, *from;
    double value; // NAN: it is each customer's own
    double sd;    // of all alike, drawn once a run; 0: it is not drawn
    bool assumed;
};
enum { FOOTINGS = 5 };

static void find_footing(const struct months *m, struct footing out[FOOTINGS]) {
    const struct life *l = m->life;
    out[0] =
        (struct footing){"chance to stay a year", l->kept_from, NAN, m->stay_sd, l->kept_assumed};
    out[1] = (struct footing){"purchases a year", l->pace_from, NAN, 0, false};
    out[2] = (struct footing){"margin of a purchase", l->margin_from, NAN, m->worth_sd,
                              l->margin_assumed};
    out[3] =
        (struct footing){"discount a year", l->discount_from, l->discount, 0, l->discount_assumed};
    out[4] = (struct footing){"friends brought", m->friends_from ? m->friends_from : "none", NAN, 0,
                              false};
}

// A param is only a number that the policy states.
static bool is_stated(const struct policy *p) {
    return policy_param(p, STR("retention_rate")) >= 0 ||
           policy_param(p, STR("purchases_a_year")) >= 0 ||
           policy_param(p, STR("yearly_margin")) >= 0;
}

// No better than what is said of customers left alone.
static enum grade grade_of(const struct simulation *s) {
    const struct life *l = s->months->months->life;
    enum grade offers = s->forecast->all.grade;
    bool known = !l->kept_assumed && !l->margin_assumed && !is_stated(s->opened.policy);
    enum grade alone = known ? GRADE_HISTORY : GRADE_ASSUMED;
    return alone > offers ? alone : offers;
}

static enum grade grade_of_other(const struct simulation *s) {
    enum grade grade = grade_of(s);
    return grade > s->versus->grade ? grade : s->versus->grade;
}

// ---- what is to be said ------------------------------------------------------------------------

// Nobody brings anything.
static bool is_barren(const struct months *m) {
    return m->customers > 0 && m->equity == 0 && m->life->paceless;
}

// Of the offers after the first month, the share that nothing keeps from the same customers.
static double share_again(const struct months *m) {
    int64_t offers = 0, again = 0;
    for (int i = 0; i < m->options.runs * m->options.months; i++) {
        offers += i % m->options.months > 0 ? m->figures[i].offers : 0;
        again += m->figures[i].again;
    }
    return offers > 0 && m->policy->contact_policies == 0 ? (double)again / (double)offers : 0;
}

enum { NOTES = 2 };

// Sentences for people; how many there are.
static int find_notes(const struct simulation *s, const char *note[NOTES]) {
    const struct months *m = s->months->months;
    double again = share_again(m);
    int n = 0;
    if (is_barren(m))
        note[n++] = "nobody bought again in the last year, so nobody brings anything: let metrics "
                    "`purchases_a_year` and `yearly_margin` of the policy say what a customer "
                    "brings, or give the table transactions";
    if (again > 0.5)
        note[n++] = arena_printf(s->call->arena,
                                 "%.0f %% of the offers after the first month go to who had one "
                                 "the month before: no contact_policy and no `caps`, such "
                                 "as { customer = { 1, per = months(6) } }, says how often",
                                 100 * again);
    return n;
}

// What is assumed is told where it matters: where nobody said it, and something rests on it.
static bool matters(const struct simulation *s, enum assumed k) {
    const struct months *m = s->months->months;
    const struct life *l = m->life;
    bool effects = false, buying = false;
    for (int i = 0; i < m->policy->campaigns; i++) {
        enum effect_kind kind = m->policy->campaign[i].effect.kind;
        effects |= kind != EFFECT_NONE;
        buying |= kind == EFFECT_FREQUENCY || kind == EFFECT_SPEND;
    }
    switch (k) {
    case ASSUME_DISCOUNT: return l->discount_assumed;
    case ASSUME_RETENTION: return l->kept_assumed;
    case ASSUME_MARGIN: return l->margin_assumed;
    case ASSUME_HISTORY: return !l->pace_told;
    case ASSUME_FATIGUE: return effects;
    case ASSUME_PULL_FORWARD:
    case ASSUME_DIP: return buying;
    default: return true;
    }
}

// ---- text --------------------------------------------------------------------------------------

static const char *short_of(struct arena *a, const struct spread *s, enum grade grade, bool whole) {
    struct buf b = {.arena = a};
    if (whole)
        spread_about(&b, s, grade);
    else
        money_about(&b, s->mean, grade);
    return buf_text(&b);
}

// Unless there are too many; where every customer always has a class, none is not shown.
static int classes_shown(const struct months *m) {
    int none = m->classes - 1;
    int64_t without = 0;
    for (int i = 0; m->classes > 0 && i < m->options.months * m->options.runs; i++)
        without += m->figures[i].class[none];
    return m->classes > CLASSES_SHOWN ? 0 : without > 0 ? m->classes : none > 0 ? none : 0;
}

static void put_month(const struct simulation *s, int month, struct lineup *l) {
    const struct simulated_months *m = s->months;
    enum grade grade = grade_of(s);
    lineup_put_z(l, arena_printf(l->arena, "  %d", month + 1));
    for (int i = 0; i < SERIES; i++) {
        struct spread x = spread_at(m, series[i].at, series[i].money, month);
        lineup_put_z(l, short_of(l->arena, &x, grade, i == SERIES - 1));
    }
    for (int k = 0; k < classes_shown(m->months); k++) {
        struct spread x = spread_of_class(m, k, month);
        lineup_put_z(l, short_of(l->arena, &x, grade, false));
    }
}

static void table_text(const struct simulation *s, struct buf *out) {
    const struct months *m = s->months->months;
    struct lineup l = {.arena = s->call->arena, .columns = 1 + SERIES + classes_shown(m)};
    lineup_put_z(&l, "  month");
    for (int i = 0; i < SERIES; i++)
        lineup_put_z(&l, series[i].name);
    for (int k = 0; k < classes_shown(m); k++)
        lineup_put(&l, scheme_class_name(m->policy->scheme, k));
    for (int i = 0; i < m->options.months; i++)
        if (i == 0 || (i + 1) % QUARTER == 0 || i + 1 == m->options.months)
            put_month(s, i, &l);
    lineup_text(out, &l);
    if (classes_shown(m) > 0)
        buf_z(out,
              "  customers and equity are those of the month's end, classes of its beginning\n");
}

// At the start and, part by part, after the last month.
static void equity_text(const struct simulated_months *m, enum grade grade, struct buf *out) {
    int last = m->months->options.months - 1;
    buf_z(out, "  equity at the start ");
    money_about(out, (double)m->months->equity / m->scale, grade);
    buf_printf(out, "; after month %d:", last + 1);
    for (const struct series *k = parts; k < parts + PARTS; k++) {
        struct spread x = spread_at(m, k->at, k->money, last);
        buf_printf(out, "%s %s ", k == parts ? "" : ",", k->name);
        money_about(out, x.mean, grade);
    }
    buf_char(out, '\n');
}

static const char *chance_of(const struct pair *p, enum paired k, struct arena *a) {
    struct buf b = {.arena = a};
    if (p->more[k].p5 == 0 && p->more[k].p95 == 0)
        return "the same";
    chance_about(&b, p->chance[k]);
    return buf_text(&b);
}

// By what one of two is more, figure by figure.
static void pair_text(const struct simulation *s, const char *title, const struct months *before,
                      const struct months *after, enum grade grade, struct buf *out) {
    static const char *const name[PAIRED_FIGURES] = {"  earned", "  customers after the last month",
                                                     "  equity after the last month",
                                                     "  cost of all months"};
    struct arena *a = s->call->arena;
    struct pair p = pair_of(a, before, after);
    struct lineup l = {.arena = a, .columns = 3};
    lineup_put_z(&l, title);
    lineup_put_z(&l, "more, by the same luck");
    lineup_put_z(&l, "P(more)");
    for (int k = 0; k < PAIRED_FIGURES; k++) {
        struct spread x = paired_spread(s->months, &p, k);
        lineup_put_z(&l, name[k]);
        lineup_put_z(&l, short_of(a, &x, grade, true));
        lineup_put_z(&l, chance_of(&p, k, a));
    }
    lineup_text(out, &l);
}

static void pairs_text(const struct simulation *s, struct buf *out) {
    const struct simulated_months *m = s->months;
    if (m->idle)
        pair_text(s, "against doing nothing", m->idle, m->months, grade_of(s), out);
    if (m->other)
        pair_text(s, arena_printf(s->call->arena, "with %s instead", s->versus->path), m->months,
                  m->other, grade_of_other(s), out);
}

static void change_text(const struct simulated_months *m, struct buf *out) {
    struct spread x = earned_by_change(m);
    if (!isfinite(equity_by_change(m)) || !isfinite(x.mean)) {
        buf_printf(out, "  %s: nothing is earned, of which it could be a share\n", m->change);
        return;
    }
    buf_printf(out, "  %s: equity at the start %+.1f %%, earned %+.1f %% [%+.1f..%+.1f]", m->change,
               100 * equity_by_change(m), 100 * x.mean, 100 * x.p5, 100 * x.p95);
    if (m->changed->life->clamped)
        buf_printf(out, "; %lld customers stay within 0 and 1",
                   (long long)crowd_whole(m->changed->crowd, m->changed->life->clamped));
    buf_char(out, '\n');
}

static void footing_text(const struct months *m, struct buf *out) {
    struct footing list[FOOTINGS];
    find_footing(m, list);
    for (const struct footing *g = list; g < list + FOOTINGS; g++) {
        buf_printf(out, "  %s%s: %s", g->name, g->assumed ? " (assumed)" : "", g->from);
        if (!isnan(g->value))
            buf_printf(out, ", %g", g->value);
        if (g->sd > 0)
            buf_printf(out, "; for all alike sd %.2g", g->sd);
        buf_char(out, '\n');
    }
    if (m->life->strangers && !is_barren(m))
        buf_printf(out,
                   "  customers without a purchase: %lld; they are taken to buy as the base does\n",
                   (long long)crowd_whole(m->crowd, m->life->strangers));
    if (m->ineffective)
        buf_printf(out,
                   "  campaigns without an effect: %d; their offers cost, and change nothing\n",
                   m->ineffective);
    buf_z(out, "  these stay as they are:");
    for (int i = 0; i < m->evolution->listed; i++)
        buf_printf(out, "%s %.*s", i ? "," : "", (int)m->evolution->frozen_name[i].n,
                   m->evolution->frozen_name[i].p);
    buf_z(out, m->evolution->listed ? "\n" : " nothing that rules read\n");
}

static void assumed_text(const struct simulation *s, struct buf *out) {
    for (int i = ASSUMPTIONS_OF_MONTHS; i < ASSUMPTIONS; i++)
        if (matters(s, i))
            assumption_about(out, &s->options.assume, i);
}

static void notes_text(const struct simulation *s, struct buf *out) {
    const char *note[NOTES];
    int n = find_notes(s, note);
    for (int i = 0; i < n; i++)
        buf_printf(out, "  %s\n", note[i]);
}

static void text(const struct simulation *s, struct buf *out) {
    const struct simulated_months *m = s->months;
    if (!m)
        return;
    enum grade grade = grade_of(s);
    struct spread all = earned(m), after = earned_after(m);
    buf_printf(out, "months   %d of %lld customers", m->months->options.months,
               (long long)m->months->customers);
    if (m->months->crowd->row)
        buf_printf(out, ", for whom %lld stand", (long long)m->months->crowd->n);
    buf_printf(out, ", %d run%s, evidence %s; earned by base and policy, with what is to come: ",
               m->months->options.runs, plural(m->months->options.runs), grade_letter(grade));
    spread_about(out, &all, grade);
    buf_z(out, ", give or take ");
    money_about(out, error_of_earned(m), grade);
    buf_printf(out, " for so few runs\n  of that in %s ",
               m->months->options.months == 1 ? "this month" : "these months");
    money_about(out, all.mean - after.mean, grade);
    buf_z(out, ", and what is to come then, as it is worth today, ");
    money_about(out, after.mean, grade);
    buf_char(out, '\n');
    pairs_text(s, out);
    notes_text(s, out);
    table_text(s, out);
    equity_text(m, grade, out);
    if (m->changed)
        change_text(m, out);
    footing_text(m->months, out);
    assumed_text(s, out);
}

// ---- JSON --------------------------------------------------------------------------------------

static void month_json(const struct simulated_months *m, int month, struct json *j) {
    json_open(j, '{');
    json_field_integer(j, "month", month + 1);
    for (int i = 0; i < SERIES; i++) {
        struct spread x = spread_at(m, series[i].at, series[i].money, month);
        spread_field(j, series[i].name, &x);
    }
    json_field_open(j, "classes", '{');
    for (int k = 0; k < m->months->classes; k++) {
        struct spread x = spread_of_class(m, k, month);
        json_key(j, scheme_class_name(m->months->policy->scheme, k));
        spread_json(j, &x);
    }
    json_close(j, '}');
    json_close(j, '}');
}

static void pair_fields(const struct simulation *s, const struct months *before,
                        const struct months *after, struct json *j) {
    struct pair p = pair_of(s->call->arena, before, after);
    for (int k = 0; k < PAIRED_FIGURES; k++) {
        struct spread x = paired_spread(s->months, &p, k);
        json_field_open(j, paired_name[k], '{');
        spread_fields(j, &x);
        json_field_number(j, "probability_more", p.chance[k]);
        json_close(j, '}');
    }
    json_close(j, '}');
}

static void pairs_json(const struct simulation *s, struct json *j) {
    const struct simulated_months *m = s->months;
    if (m->idle) {
        json_field_open(j, "against_nothing", '{');
        pair_fields(s, m->idle, m->months, j);
    }
    if (m->other) {
        json_field_open(j, "versus", '{');
        json_field_z(j, "path", s->versus->path);
        json_field_z(j, "grade", grade_letter(grade_of_other(s)));
        pair_fields(s, m->months, m->other, j);
    }
}

static void change_json(const struct simulated_months *m, struct json *j) {
    struct spread x = earned_by_change(m);
    json_field_open(j, "elasticity", '{');
    json_field_z(j, "change", m->change);
    json_field_number(j, "equity", equity_by_change(m));
    spread_field(j, "earned", &x);
    json_field_integer(j, "clamped", crowd_whole(m->changed->crowd, m->changed->life->clamped));
    json_close(j, '}');
}

static void footing_json(const struct simulation *s, struct json *j) {
    struct footing list[FOOTINGS];
    find_footing(s->months->months, list);
    json_field_open(j, "inputs", '[');
    for (const struct footing *g = list; g < list + FOOTINGS; g++) {
        json_open(j, '{');
        json_field_z(j, "name", g->name);
        json_field_number(j, "value", g->value);
        json_field_number(j, "sd", g->sd);
        json_field_z(j, "source", g->from);
        json_field_bool(j, "assumed", g->assumed);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_field_open(j, "assumed", '{');
    for (int i = ASSUMPTIONS_OF_MONTHS; i < ASSUMPTIONS; i++)
        if (matters(s, i))
            json_field_number(j, assumption[i].name, s->options.assume.value[i]);
    json_close(j, '}');
}

static void notes_json(const struct simulation *s, struct json *j) {
    const char *note[NOTES];
    int n = find_notes(s, note);
    json_field_open(j, "notes", '[');
    for (int i = 0; i < n; i++)
        json_str(j, str_of(note[i]));
    json_close(j, ']');
}

static void json(const struct simulation *s, struct json *j) {
    const struct simulated_months *m = s->months;
    if (!m)
        return;
    struct spread all = earned(m), after = earned_after(m);
    json_field_open(j, "months", '[');
    for (int i = 0; i < m->months->options.months; i++)
        month_json(m, i, j);
    json_close(j, ']');
    json_field_open(j, "over_time", '{');
    json_field_z(j, "grade", grade_letter(grade_of(s)));
    json_field_integer(j, "runs", m->months->options.runs);
    json_field_integer(j, "sample", m->months->crowd->n);
    json_field_number(j, "equity", (double)m->months->equity / m->scale);
    json_field_open(j, "equity_after", '{');
    for (const struct series *k = parts; k < parts + PARTS; k++) {
        struct spread x = spread_at(m, k->at, k->money, m->months->options.months - 1);
        spread_field(j, k->name, &x);
    }
    json_close(j, '}');
    spread_field(j, "earned", &all);
    spread_field(j, "earned_after", &after);
    json_field_number(j, "monte_carlo_error", error_of_earned(m));
    pairs_json(s, j);
    notes_json(s, j);
    json_field_integer(j, "without_history",
                       crowd_whole(m->months->crowd, m->months->life->strangers));
    json_field_integer(j, "without_effect", m->months->ineffective);
    json_field_open(j, "frozen", '[');
    for (int i = 0; i < m->months->evolution->listed; i++)
        json_str(j, m->months->evolution->frozen_name[i]);
    json_close(j, ']');
    footing_json(s, j);
    if (m->changed)
        change_json(m, j);
    json_close(j, '}');
}

const struct simulation_part simulate_months = {
    .check = check, .run = run, .text = text, .json = json};
