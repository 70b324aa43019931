// A bank's credit cards: each use of a card is a transaction; fees, complaints and a relative who
// leaves raise the chance of leaving; who leaves uses the card less, spends the points and
// withdraws the balance first.
#include <math.h>

#include "base/date.h"
#include "generate/world.h"

enum {
    CUSTOMERS,
    TRANSACTIONS,
    EVENTS,
    POINTS,
    REFERRALS,
    CONTACTS,
    RELATIONS,
    ACCOUNTS,
    TRUTH,
};

static const struct field customers[] = {
    {"customer", "label"},
    {"name", "text"},
    {"gender", "label"},
    {"born", "integer"},
    {"city", "label"},
    {"opened", "date"},
    {"acquired_by", "label"},
    {"card_type", "label"},
    {"annual_fee", "money"},
    {"fee_due", "date"},
    {"salary", "money"},
    {"balance", "money"},
    {"potential", "label", "low,high"},
    {"opted_out", "flag"},
    {"in_collections", "flag"},
    {NULL},
};
static const struct field transactions[] = {
    {"customer", "label"},
    {"date", "date"},
    {"amount", "money"},
    {"margin", "money"},
    {"merchant", "label"},
    {"channel", "label"},
    {NULL},
};
static const struct field events[] = {
    {"customer", "label"}, {"date", "date"}, {"type", "label"}, {"value", "money"}, {NULL},
};
static const struct field points[] = {
    {"customer", "label"}, {"date", "date"}, {"points", "integer"}, {"type", "label"}, {NULL},
};
static const struct field accounts[] = {
    {"customer", "label"}, {"product", "label"}, {"date", "date"}, {"balance", "money"}, {NULL},
};
static const struct field truth[] = {
    {"customer", "label"},
    {"left", "date"},
    {"uses_a_week", "number"},
    {"responds_control", "flag"},
    {"responds_sms", "flag"},
    {"responds_phone", "flag"},
    {NULL},
};

static const struct sheet sheets[] = {
    [CUSTOMERS] = {"customers", customers},
    [TRANSACTIONS] = {"transactions", transactions},
    [EVENTS] = {"events", events},
    [POINTS] = {"points", points},
    [REFERRALS] = {"referrals", person_referral_fields},
    [CONTACTS] = {"contacts", campaign_fields},
    [RELATIONS] = {"relations", person_relation_fields},
    [ACCOUNTS] = {"accounts", accounts},
    [TRUTH] = {"truth", truth},
    {NULL},
};

enum parameter_name {
    RATE_SHAPE,
    RATE_WEEKS,
    HAZARD_SHAPE,
    HAZARD_WEEKS,
    SPEND_SIGMA,
    COMPLAINS,
    REFERRED,
    PAYROLL,
    PER_ACCOUNT,
    DECLINE_DAYS,
    DECLINE,
    REDEEMS_ALL,
    WITHDRAWS,
    CLOSES,
};

static const struct parameter parameters[] = {
    [RATE_SHAPE] = {"uses a week: gamma, shape", 0.8},
    [RATE_WEEKS] = {"uses a week: gamma, rate in weeks", 3.9},
    [HAZARD_SHAPE] = {"leaving: gamma, shape", 0.8},
    [HAZARD_WEEKS] = {"leaving: gamma, rate in weeks", 260},
    [SPEND_SIGMA] = {"amount: lognormal, deviation of its logarithm", 0.8},
    [COMPLAINS] = {"complaints per use", 0.008},
    // Schmitt, Skiera and Van den Bulte 2011: referred customers of a bank left 18 % less often.
    [REFERRED] = {"leaving, factor for who was referred", 0.82},
    [PAYROLL] = {"leaving, factor for who has the salary paid in", 0.6},
    [PER_ACCOUNT] = {"leaving, factor per further account", 0.8},
    [DECLINE_DAYS] = {"days of less use before leaving", 90},
    [DECLINE] = {"share of uses that remains in them", 0.4},
    [REDEEMS_ALL] = {"share of leavers who redeem all points before", 0.6},
    [WITHDRAWS] = {"share of leavers who withdraw their balance before", 0.5},
    [CLOSES] = {"share of leavers who close the card", 0.35},
    {NULL, 0},
};

static double parameter(enum parameter_name name) {
    return parameters[name].value;
}

// ---- who they are -----------------------------------------------------------------------------

static const struct {
    struct str name;
    int64_t fee;
} cards[] = {{STR("classic"), 30000}, {STR("gold"), 60000}, {STR("platinum"), 120000}};

static const char *const products[] = {"savings", "fund", "insurance", "mortgage"};
static const double product_share[] = {0.55, 0.20, 0.15, 0.08};

enum { PRODUCTS = 4 };

struct traits {
    double rate, hazard; // a day
    double level;        // the median amount of a use
    double income;       // standard normal; income rules amounts and potential
    int card;
    bool payroll, has[PRODUCTS];
    int64_t salary, balance;
    bool high_potential, opted_out, in_collections;
};

// The higher the income, the dearer the card.
static int draw_card(double income, struct rng *r) {
    double x = rng_uniform(r) + 0.12 * income;
    return x < 0.62 ? 0 : x < 0.9 ? 1 : 2;
}

static void draw_traits(const struct person *p, struct rng *r, struct traits *t) {
    t->rate = rng_gamma(r, parameter(RATE_SHAPE)) / parameter(RATE_WEEKS) / 7;
    t->hazard = rng_gamma(r, parameter(HAZARD_SHAPE)) / parameter(HAZARD_WEEKS) / 7;
    t->income = rng_normal(r);
    t->level = 400 * exp(0.5 * t->income + 0.4 * rng_normal(r));
    t->card = draw_card(t->income, r);
    t->salary = (int64_t)(9000 * exp(0.5 * t->income)) * 100;
    t->payroll = p->employer && rng_uniform(r) < 0.4;
    t->balance = (int64_t)(8000 * exp(0.6 * t->income + 0.9 * rng_normal(r)) * 100);
    for (int i = 0; i < PRODUCTS; i++)
        t->has[i] = rng_uniform(r) < product_share[i];
    t->high_potential = 0.7 * t->income + 0.7 * rng_normal(r) > 0.4;
    t->opted_out = rng_uniform(r) < 0.05;
    t->in_collections = rng_uniform(r) < 0.015;
    for (int i = 0; i < PRODUCTS; i++)
        t->hazard *= t->has[i] ? parameter(PER_ACCOUNT) : 1;
    t->hazard *= t->payroll ? parameter(PAYROLL) : 1;
    t->hazard *= p->referrer ? parameter(REFERRED) : 1;
}

enum { JOINED_FROM = FIRST_DAY - 1096 }; // 2020-01-01

static int32_t joined(const void *ctx, uint64_t seed, int64_t number) {
    (void)ctx;
    struct rng r;
    rng_start(&r, seed, (uint64_t)number, STREAM_JOIN);
    return JOINED_FROM + (int32_t)rng_below(&r, LAST_DAY - JOINED_FROM + 1);
}

// The first fee falls due four months after the opening, then one a year.
static int32_t fee_day(int32_t opened, int i) {
    return date_add_months(opened, 4 + 12L * i);
}

static int32_t next_fee(int32_t opened, int32_t after) {
    int i = 0;
    while (fee_day(opened, i) <= after)
        i++;
    return fee_day(opened, i);
}

// ---- what they do -----------------------------------------------------------------------------

// What a leaver does in the weeks before; NEVER: does not.
struct signs {
    int32_t redeems, withdraws, closes;
};

static void draw_signs(int32_t left, int32_t from, struct rng *r, struct signs *s) {
    bool redeems = rng_uniform(r) < parameter(REDEEMS_ALL);
    bool withdraws = rng_uniform(r) < parameter(WITHDRAWS);
    bool closes = rng_uniform(r) < parameter(CLOSES);
    int32_t a = left - 1 - (int32_t)rng_below(r, 30), b = left - 1 - (int32_t)rng_below(r, 30);
    *s = (struct signs){NEVER, NEVER, NEVER};
    if (left == NEVER)
        return;
    if (redeems)
        s->redeems = a > from ? a : from;
    if (withdraws)
        s->withdraws = b > from ? b : from;
    if (closes)
        s->closes = left;
}

// Who is about to leave uses the card less.
static void decline(struct course *c, struct rng *r) {
    size_t n = 0;
    if (c->left == NEVER)
        return;
    int32_t from = c->left - (int32_t)parameter(DECLINE_DAYS);
    for (size_t i = 0; i < c->n; i++)
        if (c->day[i] < from || rng_uniform(r) < parameter(DECLINE))
            c->day[n++] = c->day[i];
    c->n = n;
}

// From when on the files tell of a customer.
static int32_t seen_from(const struct person *p) {
    return p->joined > FIRST_DAY ? p->joined : FIRST_DAY;
}

static void run_course(const struct base *b, const struct person *p, const struct traits *t,
                       int32_t family_left, struct course *out) {
    int32_t from = seen_from(p);
    struct plan plan = {.clock = &b->clock,
                        .from = from,
                        .rate = t->rate,
                        .hazard = t->hazard,
                        .complains = parameter(COMPLAINS),
                        .family_left = family_left};
    int32_t due = next_fee(p->joined, from - 1);
    while (due <= LAST_DAY && plan.fees < FEES_MAX) {
        plan.fee_day[plan.fees++] = due;
        due = next_fee(p->joined, due);
    }
    struct rng r;
    rng_start(&r, b->seed, (uint64_t)p->number, STREAM_COURSE);
    course_run(&plan, &r, out);
    decline(out, &r);
}

// ---- what is written --------------------------------------------------------------------------

static const struct {
    struct str name;
    double level; // of amounts, against the customer's
} merchants[] = {{STR("餐饮"), 0.6}, {STR("超市"), 0.5}, {STR("网购"), 0.9}, {STR("交通"), 0.3},
                 {STR("加油"), 0.9}, {STR("百货"), 2.0}, {STR("酒店"), 2.5}, {STR("航空"), 4.5}};
static const double merchant_share[] = {0.25, 0.22, 0.20, 0.10, 0.08, 0.07, 0.04, 0.04};
static const struct str channels[] = {STR("mobile"), STR("card"), STR("web")};
static const double channel_share[] = {0.5, 0.35, 0.15};

enum { MERCHANTS = 8, CHANNELS = 3, QUARTERS = 12, FEN_A_POINT = 100, MARGIN_PER_MILLE = 18 };

static int32_t quarter_end(int i) { // the last day of the i-th quarter from FIRST_DAY on
    return date_add_months(FIRST_DAY, 3L * (i + 1)) - 1;
}

// One row a use. Adds up each quarter's points.
static void write_uses(const struct person *p, const struct traits *t, const struct course *c,
                       struct rng *r, struct rows *out, int64_t earned[QUARTERS]) {
    int quarter = 0;
    int32_t end = quarter_end(0);
    for (size_t i = 0; i < c->n; i++) {
        int merchant = rng_pick(r, merchant_share, MERCHANTS);
        int channel = rng_pick(r, channel_share, CHANNELS);
        double spread = exp(parameter(SPEND_SIGMA) * rng_normal(r));
        int64_t fen = 100 + (int64_t)(t->level * merchants[merchant].level * spread * 100);
        char *at = cells_id(cells_open(out), 'C', p->number);
        at = cells_date(at, c->day[i]);
        at = cells_money(at, fen);
        at = cells_money(at, (fen * MARGIN_PER_MILLE + 500) / 1000);
        at = cells_text(at, merchants[merchant].name);
        cells_close(out, cells_text(at, channels[channel]));
        while (c->day[i] > end)
            end = quarter_end(++quarter);
        earned[quarter] += fen / FEN_A_POINT;
    }
}

static void write_points_row(const struct person *p, int32_t day, int64_t n, struct rows *out) {
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = cells_date(at, day);
    at = cells_integer(at, n);
    cells_close(out, cells_text(at, n < 0 ? STR("redeemed") : STR("earned")));
}

// Points are credited at the end of a quarter. Now and then some of them are spent; all of them at
// once only by who leaves.
static void write_points(const struct person *p, const struct course *c, const struct signs *s,
                         const int64_t earned[QUARTERS], struct rng *r, struct rows *out) {
    int64_t balance = 0;
    int32_t last = s->redeems < LAST_DAY ? s->redeems : LAST_DAY;
    for (int i = 0; i < QUARTERS && quarter_end(i) <= last && quarter_end(i) < c->left; i++) {
        if (earned[i])
            write_points_row(p, quarter_end(i), earned[i], out);
        balance += earned[i];
        bool spends = rng_uniform(r) < 0.06;
        int64_t part = (int64_t)((double)balance * (0.2 + 0.5 * rng_uniform(r)));
        int32_t day = quarter_end(i) + 1 + (int32_t)rng_below(r, 60);
        if (!spends || part == 0 || day >= last || day >= c->left)
            continue;
        write_points_row(p, day, -part, out);
        balance -= part;
    }
    if (s->redeems <= LAST_DAY && balance)
        write_points_row(p, s->redeems, -balance, out);
}

static void write_event(const struct person *p, int32_t day, const char *type, int64_t fen,
                        struct rows *out) {
    if (day > LAST_DAY)
        return;
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = cells_date(at, day);
    at = cells_text(at, str_of(type));
    cells_close(out, fen ? cells_money(at, fen) : cells_empty(at));
}

static void write_events(const struct person *p, const struct traits *t, const struct course *c,
                         const struct signs *s, struct rows *out) {
    int32_t due = next_fee(p->joined, seen_from(p) - 1);
    for (int i = 0; i < c->fees; i++, due = next_fee(p->joined, due))
        write_event(p, due, c->fee_waived[i] ? "fee_waived" : "fee_charged", cards[t->card].fee,
                    out);
    for (int i = 0; i < c->complaints; i++) {
        write_event(p, c->complaint[i].day, "complaint", 0, out);
        write_event(p, c->complaint[i].resolved, "resolved", 0, out);
    }
    write_event(p, s->withdraws, "balance_withdrawn", t->balance, out);
    write_event(p, s->closes, "card_closed", 0, out);
}

static void write_customer(const struct person *p, const struct traits *t, const struct signs *s,
                           struct rows *out) {
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = cells_text(at, p->name);
    at = cells_text(at, p->female ? STR("F") : STR("M"));
    at = cells_integer(at, p->born);
    at = cells_text(at, p->city);
    at = cells_date(at, p->joined);
    at = cells_text(at, p->acquired_by);
    at = cells_text(at, cards[t->card].name);
    at = cells_money(at, cards[t->card].fee);
    at = cells_date(at, next_fee(p->joined, LAST_DAY));
    at = t->payroll ? cells_money(at, t->salary) : cells_empty(at);
    at = cells_money(at, s->withdraws <= LAST_DAY ? 0 : t->balance);
    at = cells_text(at, t->high_potential ? STR("high") : STR("low"));
    at = cells_flag(at, t->opted_out);
    cells_close(out, cells_flag(at, t->in_collections));
}

static void write_accounts(const struct person *p, const struct traits *t, struct rng *r,
                           struct rows *out) {
    for (int i = 0; i < PRODUCTS; i++) {
        int32_t day = p->joined + (int32_t)rng_below(r, LAST_DAY - p->joined + 1);
        double balance = 20000 * exp(0.6 * t->income + rng_normal(r));
        if (!t->has[i])
            continue;
        char *at = cells_id(cells_open(out), 'C', p->number);
        at = cells_text(at, str_of(products[i]));
        at = cells_date(at, day);
        cells_close(out, cells_money(at, (int64_t)(balance * 100)));
    }
}

// Returns the day on which the customer leaves.
static int32_t make_customer(const struct base *b, const struct person *p, int32_t family_left,
                             struct desk *d) {
    struct rng r;
    struct traits t = {0};
    struct signs signs;
    struct contact contact;
    struct course *c = &d->course;
    const struct campaign *k = &world_bank.campaign;
    int64_t earned[QUARTERS] = {0};
    uint64_t number = (uint64_t)p->number;
    rng_start(&r, b->seed, number, STREAM_TRAITS);
    draw_traits(p, &r, &t);
    run_course(b, p, &t, family_left, c);
    draw_signs(c->left, seen_from(p), &r, &signs);
    write_customer(p, &t, &signs, &d->rows[CUSTOMERS]);
    write_accounts(p, &t, &r, &d->rows[ACCOUNTS]);
    rng_start(&r, b->seed, number, STREAM_CAMPAIGN);
    campaign_run(k, &r, c, &contact);
    campaign_count(&contact, k, &d->tally);
    campaign_row(&contact, k, p->number, &d->rows[CONTACTS]);
    rng_start(&r, b->seed, number, STREAM_ROWS);
    write_uses(p, &t, c, &r, &d->rows[TRANSACTIONS], earned);
    rng_start(&r, b->seed, number, STREAM_POINTS);
    write_points(p, c, &signs, earned, &r, &d->rows[POINTS]);
    write_events(p, &t, c, &signs, &d->rows[EVENTS]);
    campaign_truth(&contact, &world_bank.campaign, p->number, c, t.rate * 7, &d->rows[TRUTH]);
    return c->left;
}

static void neighbours(const struct base *b, int64_t first, int n, struct desk *d) {
    int32_t left[HOUSEHOLD_MAX];
    for (int i = 0; i < n; i++) {
        struct person p;
        person_make(&p, b->seed, first + i, joined, b);
        bool is_head = p.head == p.number;
        left[i] = make_customer(b, &p, is_head ? NEVER : left[p.head - first], d);
        person_relations(&p, &d->rows[RELATIONS]);
        person_referral(&p, &d->rows[REFERRALS]);
    }
}

const struct world world_bank = {
    .name = "bank",
    .title = "a bank's credit cards",
    .sheet = sheets,
    .season = {.month = {1.05, 0.9, 0.95, 0.95, 1, 1.05, 0.95, 0.95, 1, 1.05, 1.2, 1.1},
               .weekday = {0.9, 0.9, 0.95, 0.95, 1.1, 1.15, 1.05},
               .feast = {{6, 18, 1.6}, {11, 11, 2.5}, {10, 1, 1.5}, {5, 1, 1.5}}},
    .campaign = {.name = "use it again",
                 .day = 20162, // 2025-03-15
                 .window = 60,
                 .silent_least = 45,
                 .silent_most = 270,
                 .arms = 3,
                 .share = {0.2, 0.4, 0.4},
                 .arm = {{"control", "", 0, 0},
                         {"sms", "sms", 0.06, 10},
                         {"phone", "phone", 0.15, 800}}},
    .parameter = parameters,
    .effects = EFFECTS,
    .neighbours = neighbours,
};
