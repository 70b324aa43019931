// An online shop: orders of one or more products, some of them returned. Orders follow Pareto/NBD
// with the parameters that were estimated for CDNOW, so that most customers buy once.
#include <math.h>

#include "generate/world.h"

enum {
    CUSTOMERS,
    TRANSACTIONS,
    PRODUCTS,
    EVENTS,
    REFERRALS,
    CONTACTS,
    RELATIONS,
    TRUTH,
};

static const struct field customers[] = {
    {"customer", "label"}, {"name", "text"},         {"gender", "label"},   {"born", "integer"},
    {"city", "label"},     {"acquired_by", "label"}, {"opted_out", "flag"}, {NULL},
};
static const struct field transactions[] = {
    {"customer", "label"}, {"date", "date"},
    {"order", "label"},    {"product", "label"},
    {"category", "label"}, {"quantity", "integer"},
    {"amount", "money"},   {"margin", "money"},
    {"channel", "label"},  {NULL},
};
static const struct field products[] = {
    {"product", "label"}, {"category", "label"}, {"price", "number"}, {"margin", "money"}, {NULL},
};
static const struct field events[] = {
    {"customer", "label"},
    {"date", "date"},
    {"type", "label"},
    {NULL},
};
static const struct field truth[] = {
    {"customer", "label"},
    {"left", "date"},
    {"orders_a_week", "number"},
    {"responds_control", "flag"},
    {"responds_email", "flag"},
    {"responds_voucher", "flag"},
    {NULL},
};

static const struct sheet sheets[] = {
    [CUSTOMERS] = {"customers", customers},
    [TRANSACTIONS] = {"transactions", transactions},
    [PRODUCTS] = {"products", products},
    [EVENTS] = {"events", events},
    [REFERRALS] = {"referrals", person_referral_fields},
    [CONTACTS] = {"contacts", campaign_fields},
    [RELATIONS] = {"relations", person_relation_fields},
    [TRUTH] = {"truth", truth},
    {NULL},
};

enum parameter_name {
    RATE_SHAPE,
    RATE_WEEKS,
    HAZARD_SHAPE,
    HAZARD_WEEKS,
    COMPLAINS,
    FURTHER_LINES,
    FAVOURITE,
    TOGETHER,
    RETURNED,
    REDUCED,
};

static const struct parameter parameters[] = {
    // Pareto/NBD on CDNOW, in weeks: Fader, Hardie and Lee 2005, "Counting your customers" the easy
    // way, table 2.
    [RATE_SHAPE] = {"orders a week: gamma, shape", 0.553},
    [RATE_WEEKS] = {"orders a week: gamma, rate in weeks", 10.578},
    [HAZARD_SHAPE] = {"leaving: gamma, shape", 0.606},
    [HAZARD_WEEKS] = {"leaving: gamma, rate in weeks", 11.669},
    [COMPLAINS] = {"complaints per order", 0.02},
    [FURTHER_LINES] = {"further lines in an order: exponential, mean before cutting", 1.44},
    [FAVOURITE] = {"share of products from the customer's favourite category", 0.5},
    [TOGETHER] = {"share of second products that are the first one's partner", 0.3},
    [RETURNED] = {"share of products returned", 0.04},
    [REDUCED] = {"share of orders at a tenth less", 0.15},
    {NULL, 0},
};

static double parameter(enum parameter_name name) {
    return parameters[name].value;
}

// ---- what is sold -----------------------------------------------------------------------------

static const struct {
    struct str name;
    double price;  // the level of the category's prices, in yuan
    double margin; // share of the price
} categories[] = {{STR("tea"), 68, 0.45},
                  {STR("kitchen"), 129, 0.35},
                  {STR("books"), 45, 0.25},
                  {STR("toys"), 99, 0.40},
                  {STR("garden"), 159, 0.30}};
static const double category_share[] = {0.30, 0.22, 0.20, 0.16, 0.12};

enum { CATEGORIES = sizeof categories / sizeof *categories, IN_CATEGORY = 40, ORDER_MAX = 12 };

// Products have numbers from 0; the even one and the odd one behind it are partners.
struct product {
    int number, category;
    int64_t price, margin; // of one piece, fen
};

// The further behind in its category, the dearer.
static struct product product_at(int number) {
    int category = number / IN_CATEGORY;
    double at = (number % IN_CATEGORY + 0.5) / IN_CATEGORY;
    int64_t yuan = (int64_t)(categories[category].price * (0.35 + 2.4 * at * at));
    int64_t price = yuan * 100 + 90;
    int64_t margin = (int64_t)((double)price * categories[category].margin);
    return (struct product){number, category, price, margin};
}

static void things(struct desk *d) {
    for (int i = 0; i < CATEGORIES * IN_CATEGORY; i++) {
        struct product product = product_at(i);
        char *at = cells_id(cells_open(&d->rows[PRODUCTS]), 'P', i + 1);
        at = cells_text(at, categories[product.category].name);
        at = cells_money(at, product.price);
        cells_close(&d->rows[PRODUCTS], cells_money(at, product.margin));
    }
}

// ---- who buys ---------------------------------------------------------------------------------

struct traits {
    double rate, hazard; // a day
    double level;        // from the cheap (0) to the dear (1) products
    double pieces;       // how many of one product
    int favourite;
};

static int32_t joined(const void *ctx, uint64_t seed, int64_t number) {
    const struct base *b = ctx;
    struct rng r;
    rng_start(&r, seed, (uint64_t)number, STREAM_JOIN);
    return clock_day(&b->clock, DAYS * rng_uniform(&r));
}

static void draw_traits(struct rng *r, struct traits *t) {
    t->rate = rng_gamma(r, parameter(RATE_SHAPE)) / parameter(RATE_WEEKS) / 7;
    t->hazard = rng_gamma(r, parameter(HAZARD_SHAPE)) / parameter(HAZARD_WEEKS) / 7;
    t->level = rng_uniform(r);
    t->pieces = 0.6 * exp(0.4 * rng_normal(r));
    t->favourite = rng_pick(r, category_share, CATEGORIES);
}

// ---- what they buy ----------------------------------------------------------------------------

static struct product choose(const struct traits *t, struct rng *r) {
    bool favourite = rng_uniform(r) < parameter(FAVOURITE);
    int category = favourite ? t->favourite : rng_pick(r, category_share, CATEGORIES);
    double at = t->level + 0.5 * (rng_uniform(r) + rng_uniform(r) - 1);
    at = fmin(fmax(at, 0), 0.999);
    return product_at(category * IN_CATEGORY + (int)(at * IN_CATEGORY));
}

struct line {
    const struct person *person;
    int32_t date;
    int order; // the customer's own count
    struct product product;
    int64_t quantity; // negative: returned
    bool reduced;
    struct str channel;
};

static void write_line(const struct line *l, struct rows *out) {
    int64_t list = l->product.price * l->quantity, off = l->reduced ? list / 10 : 0;
    char *at = cells_id(cells_open(out), 'C', l->person->number);
    at = cells_date(at, l->date);
    at = cells_id(at, 'O', l->person->number) - 1;
    *at++ = '-';
    at = cells_integer(at, l->order);
    at = cells_id(at, 'P', l->product.number + 1);
    at = cells_text(at, categories[l->product.category].name);
    at = cells_integer(at, l->quantity);
    at = cells_money(at, list - off);
    at = cells_money(at, l->product.margin * l->quantity - off);
    cells_close(out, cells_text(at, l->channel));
}

// An order, and what of it comes back.
static void write_order(const struct traits *t, struct line line, struct rng *r, struct rows *out) {
    static const struct str channels[] = {STR("app"), STR("web"), STR("store")};
    static const double channel_share[] = {0.45, 0.35, 0.20};
    int lines = 1 + (int)(parameter(FURTHER_LINES) * rng_exponential(r));
    line.channel = channels[rng_pick(r, channel_share, 3)];
    line.reduced = rng_uniform(r) < parameter(REDUCED);
    for (int i = 0; i < lines && i < ORDER_MAX; i++) {
        int partner = line.product.number ^ 1;
        line.product = choose(t, r);
        if (rng_uniform(r) < parameter(TOGETHER) && i == 1)
            line.product = product_at(partner);
        line.quantity = 1 + (int64_t)(t->pieces * rng_exponential(r));
        write_line(&line, out);
        bool returned = rng_uniform(r) < parameter(RETURNED);
        struct line back = line;
        back.quantity = -line.quantity;
        back.date += 3 + (int32_t)rng_below(r, 12);
        if (returned && back.date <= LAST_DAY)
            write_line(&back, out);
    }
}

static void write_event(const struct person *p, int32_t day, const char *type, struct rows *out) {
    if (day > LAST_DAY)
        return;
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = cells_date(at, day);
    cells_close(out, cells_text(at, str_of(type)));
}

static void write_customer(const struct person *p, bool opted_out, struct rows *out) {
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = cells_text(at, p->name);
    at = cells_text(at, p->female ? STR("F") : STR("M"));
    at = cells_integer(at, p->born);
    at = cells_text(at, p->city);
    at = cells_text(at, p->acquired_by);
    cells_close(out, cells_flag(at, opted_out));
}

static void run_course(const struct base *b, const struct person *p, const struct traits *t,
                       struct course *out) {
    struct plan plan = {.clock = &b->clock,
                        .from = p->joined,
                        .buys_at_once = true,
                        .rate = t->rate,
                        .hazard = t->hazard,
                        .complains = parameter(COMPLAINS),
                        .family_left = NEVER};
    struct rng r;
    rng_start(&r, b->seed, (uint64_t)p->number, STREAM_COURSE);
    course_run(&plan, &r, out);
}

static void make_customer(const struct base *b, const struct person *p, struct desk *d) {
    struct rng r;
    struct traits t;
    struct contact contact;
    struct course *c = &d->course;
    const struct campaign *k = &world_retail.campaign;
    uint64_t number = (uint64_t)p->number;
    rng_start(&r, b->seed, number, STREAM_TRAITS);
    draw_traits(&r, &t);
    write_customer(p, rng_uniform(&r) < 0.05, &d->rows[CUSTOMERS]);
    run_course(b, p, &t, c);
    rng_start(&r, b->seed, number, STREAM_CAMPAIGN);
    campaign_run(k, &r, c, &contact);
    campaign_count(&contact, k, &d->tally);
    campaign_row(&contact, k, p->number, &d->rows[CONTACTS]);
    rng_start(&r, b->seed, number, STREAM_ROWS);
    for (size_t i = 0; i < c->n; i++)
        write_order(&t, (struct line){.person = p, .date = c->day[i], .order = (int)i + 1}, &r,
                    &d->rows[TRANSACTIONS]);
    for (int i = 0; i < c->complaints; i++) {
        write_event(p, c->complaint[i].day, "complaint", &d->rows[EVENTS]);
        write_event(p, c->complaint[i].resolved, "resolved", &d->rows[EVENTS]);
    }
    campaign_truth(&contact, &world_retail.campaign, p->number, c, t.rate * 7, &d->rows[TRUTH]);
}

static void neighbours(const struct base *b, int64_t first, int n, struct desk *d) {
    for (int i = 0; i < n; i++) {
        struct person p;
        person_make(&p, b->seed, first + i, joined, b);
        make_customer(b, &p, d);
        person_relations(&p, &d->rows[RELATIONS]);
        person_referral(&p, &d->rows[REFERRALS]);
    }
}

const struct world world_retail = {
    .name = "retail",
    .title = "an online shop",
    .sheet = sheets,
    .season = {.month = {0.95, 0.75, 0.9, 0.95, 1, 1.15, 0.9, 0.9, 1, 1, 1.4, 1.2},
               .weekday = {0.95, 0.9, 0.9, 0.9, 0.95, 1.2, 1.2},
               .feast = {{6, 18, 2.5}, {11, 11, 4}, {12, 12, 2}, {8, 18, 1.5}}},
    .campaign = {.name = "we miss you",
                 .day = 20193, // 2025-04-15
                 .window = 30,
                 .silent_least = 60,
                 .silent_most = 540,
                 .arms = 3,
                 .share = {0.3, 0.35, 0.35},
                 .arm = {{"control", "", 0, 0},
                         {"email", "email", 0.05, 2},
                         {"voucher", "email", 0.12, 500}}},
    .parameter = parameters,
    .effects = FEE_CHARGED, // those before it
    .things = things,
    .neighbours = neighbours,
};
