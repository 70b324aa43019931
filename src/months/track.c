#include "months/track.h"

#include <math.h>
#include <string.h>

#include "decide/stake.h"
#include "months/luck.h"
#include "months/odds.h"

// What tiers a customer had, as the next decision reads it.
struct memory_columns {
    struct column *tier, *since, *reviewed;
};

struct track {
    const struct start *start;
    struct arena *arena, *monthly;
    struct host host; // one thread, which says nothing
    struct policy *policy;
    struct board *board;
    struct dataset data;
    const struct table *table[2];
    struct evaluator *evaluator;
    struct contacts *contacts; // NULL: nothing counts them
    struct memory_columns *memory;
    // The state of the run:
    uint8_t *gone;
    double *kept, *pace;         // beside what the customer does alone
    double *now_kept, *now_pace; // of moving chances: what it does alone this month
    uint32_t *leave;
    double *none;
    int64_t *worth;
    uint16_t **bought; // [month][customer]; without windows all months have the same
    uint16_t *now;     // of this month
    uint32_t **count;  // [window][customer] purchases in it
    int64_t **counter; // [counter][customer]
    int32_t *last, *first;
    uint64_t *last_valid, *first_valid;
    uint64_t *contacted; // [customer] a bit for each month
    double fresh[13];    // by contacts of the last year: what is left of an effect
    uint32_t *word[LUCK_WORDS];
    struct grants grants;
    int granted[MONTHS_MOST + 1]; // how many of them before that month
    int run;
    struct kindred kindred;
    double joining[MONTHS_MOST]; // by referral, expected
};

// ---- making ------------------------------------------------------------------------------------

// Columns of a scheme's memory that the policy does not name get names of our own.
static void name_memory(struct arena *a, struct scheme *s) {
    struct memory *m = &s->memory;
    struct named *list[] = {&m->previous, &m->since, &m->reviewed};
    static const char *const words[] = {"before", "since", "reviewed"};
    for (int i = 0; i < 3; i++)
        if (list[i]->name.n == 0)
            list[i]->name =
                str_of(arena_printf(a, "%.*s (%s)", (int)s->name.n, s->name.p, words[i]));
}

static void make_memory(struct track *c) {
    int64_t n = c->data.customers;
    c->memory = arena_array(c->arena, (size_t)c->policy->schemes, sizeof *c->memory);
    for (int k = 0; k < c->policy->schemes; k++) {
        struct scheme *s = &c->policy->scheme[k];
        if (!s->memory.on)
            continue;
        name_memory(c->arena, s);
        c->memory[k] =
            (struct memory_columns){column_new(c->arena, s->memory.previous.name, TYPE_LABEL, n),
                                    column_new(c->arena, s->memory.since.name, TYPE_DATE, n),
                                    column_new(c->arena, s->memory.reviewed.name, TYPE_DATE, n)};
        c->memory[k].tier->dict = s->labels;
    }
}

// Stocks are for the whole base, and so for a sample of it less.
static void scale_stocks(struct track *c) {
    double weight = crowd_weight(c->start->crowd);
    for (int i = 0; i < c->policy->campaigns && weight > 1; i++) {
        struct caps *caps = &c->policy->campaign[i].caps;
        int n = caps->most ? c->policy->scheme[caps->scheme].n : 0;
        int64_t *most = arena_array(c->arena, (size_t)n, sizeof *most);
        caps->budget.most /= weight;
        caps->total.most = floor(caps->total.most / weight);
        for (int k = 0; k < n; k++)
            most[k] = caps->most[k] < 0 ? -1 : (int64_t)((double)caps->most[k] / weight);
        caps->most = caps->most ? most : NULL;
    }
    for (int i = 0; i < c->policy->channels && weight > 1; i++)
        if (c->policy->channel[i].capacity > 0)
            c->policy->channel[i].capacity =
                (int64_t)((double)c->policy->channel[i].capacity / weight);
}

static void *room(struct track *c, size_t size) {
    return arena_array(c->arena, (size_t)c->data.customers, size);
}

static void make_state(struct track *c) {
    const struct start *s = c->start;
    const struct evolution *e = s->evolution;
    c->gone = room(c, sizeof *c->gone);
    c->last_valid = arena_array(c->arena, (size_t)bit_words(c->data.customers), sizeof(uint64_t));
    c->first_valid = arena_array(c->arena, (size_t)bit_words(c->data.customers), sizeof(uint64_t));
    c->kept = room(c, sizeof *c->kept);
    c->pace = room(c, sizeof *c->pace);
    c->now_kept = s->moving ? room(c, sizeof *c->now_kept) : s->life->kept;
    c->now_pace = s->moving ? room(c, sizeof *c->now_pace) : s->life->pace;
    c->leave = room(c, sizeof *c->leave);
    c->none = room(c, sizeof *c->none);
    c->worth = s->moving ? room(c, sizeof *c->worth) : s->worth;
    c->last = room(c, sizeof *c->last);
    c->first = room(c, sizeof *c->first);
    c->contacted = room(c, sizeof *c->contacted);
    for (int k = 0; k < LUCK_WORDS; k++)
        c->word[k] = room(c, sizeof **c->word);
    c->bought = arena_array(c->arena, MONTHS_MOST, sizeof *c->bought);
    for (int m = 0; m < (s->windows > 0 ? e->months : 1); m++)
        c->bought[m] = room(c, sizeof **c->bought);
    c->count = arena_array(c->arena, (size_t)s->windows, sizeof *c->count);
    for (int k = 0; k < s->windows; k++)
        c->count[k] = room(c, sizeof **c->count);
    c->counter = arena_array(c->arena, (size_t)e->counters, sizeof *c->counter);
    for (int k = 0; k < e->counters; k++)
        c->counter[k] = room(c, sizeof **c->counter);
    c->grants.arena = c->arena;
    for (int i = 0; i <= 12; i++)
        c->fresh[i] = pow(s->months->options.assume.value[ASSUME_FATIGUE], i);
}

// ---- the board ---------------------------------------------------------------------------------

static void put_date(struct track *c, struct arena *a, const char *name, const struct column *at,
                     const int32_t *date, const uint64_t *valid) {
    struct column *own = arena_alloc(a, sizeof *own);
    if (!at)
        return;
    *own = *at;
    own->name = str_of(name);
    own->date = date;
    own->valid = at->valid ? valid : NULL;
    board_put(c->board, own);
}

static void put_counter(struct track *c, struct arena *a, int k, int month) {
    const struct counter *of = &c->start->evolution->counter[k];
    const struct column *real = of->real[month];
    struct column *own = arena_alloc(a, sizeof *own);
    *own = *real;
    own->name = of->name;
    if (month > 0)
        own->integer = c->counter[k];
    board_put(c->board, own);
}

// All columns that rules read, or that what they read follows from, as they are when a month
// begins.
static void put_columns(struct track *c, struct arena *a, int month) {
    const struct evolution *e = c->start->evolution;
    board_put(c->board, e->today_column[month]);
    for (int i = 0; i < e->frozen; i++)
        board_put(c->board, e->frozen_column[i]);
    for (int i = 0; i < e->calendars; i++)
        board_put(c->board, e->calendar[month][i]);
    for (int i = 0; i < e->counters; i++)
        put_counter(c, a, i, month);
    put_date(c, a, "last_purchase", e->last_purchase, c->last, c->last_valid);
    put_date(c, a, "first_purchase", e->first_purchase, c->first, c->first_valid);
    for (int i = 0; i < c->policy->schemes; i++) {
        const struct memory_columns *m = &c->memory[i];
        if (!c->policy->scheme[i].memory.on)
            continue;
        board_put(c->board, m->tier);
        board_put(c->board, m->since);
        board_put(c->board, m->reviewed);
    }
}

// All other metrics are columns already, or nobody reads them.
static void keep_derived(struct track *c) {
    const struct evolution *e = c->start->evolution;
    struct policy *p = c->policy;
    struct declared *list = arena_array(c->arena, (size_t)p->metrics, sizeof *list);
    int n = 0;
    for (int i = 0; i < p->metrics; i++)
        for (int k = 0; k < e->derived; k++)
            if (str_eq(p->metric[i].name, e->derived_name[k]))
                list[n++] = p->metric[i];
    p->metric = list;
    p->metrics = n;
}

static enum status compile(struct track *c, struct err *err) {
    struct findings findings = {.arena = c->arena};
    c->policy = policy_copy(c->arena, c->start->decisions->policy);
    c->policy->referrals = c->policy->tests = c->policy->playbooks = 0;
    keep_derived(c);
    make_memory(c);
    c->board = policy_board(c->arena, c->policy, &c->host, &c->data);
    c->policy->inputs = 0; // they were looked for in the data
    policy_list_sites(c->arena, c->policy);
    board_use_model(c->board, board_learned(c->start->decisions->board));
    put_columns(c, c->arena, 0);
    TRY(policy_compile(c->arena, c->policy, c->board, &c->data, &findings, err));
    scale_stocks(c);
    return DONE;
}

enum status track_new(struct arena *a, const struct host *host, int worker,
                      const struct start *start, struct track **out, struct err *err) {
    struct track *c = arena_alloc(a, sizeof *c);
    *c = (struct track){.start = start, .arena = a, .data = start->data};
    c->host = (struct host){.threads = 1, .stopping = host->stopping, .helper = host->helper};
    c->data.table = c->table;
    c->monthly = arena_child(a);
    make_state(c);
    TRY(compile(c, err));
    c->evaluator = evaluators_new(a, c->policy, &c->host);
    c->evaluator->worker = worker;
    c->contacts = contacts_open(a, c->policy, start->contacts, c->data.customers);
    *out = c;
    return DONE;
}

// ---- what is granted ---------------------------------------------------------------------------

static void set_odds(struct track *c, int64_t i) {
    double kept = c->now_kept[i] + c->kept[i], pace = c->now_pace[i] + c->pace[i];
    c->leave[i] = odds_leave(kept < 0 ? 0 : kept > 1 ? 1 : kept);
    c->none[i] = odds_none(c->start->single, pace > 0 ? pace : 0);
}

static void add_effect(struct track *c, const struct grant *g, double kept, double pace) {
    if (kept == 0 && pace == 0)
        return;
    c->kept[g->customer] += kept;
    c->pace[g->customer] += pace;
    set_odds(c, g->customer);
}

// Each contact of the last year weakens the next one's effect.
static double freshness(const struct track *c, int64_t customer, int month) {
    uint64_t bits = c->contacted[customer];
    uint64_t year = month >= 12 ? bits >> (month - 12) : bits;
    return c->fresh[__builtin_popcountll(year)];
}

// By how much the effect changes the chance to stay a year, or the purchases a month; of referrals
// it makes others join.
static void find_effect(struct track *c, const struct effect *e, const struct stake *stake,
                        struct grant *g) {
    const double *assumed = c->start->months->options.assume.value;
    const double *const *effect = c->start->months->options.effect;
    double uplift = stake->uplift * freshness(c, g->customer, g->month);
    if (effect && effect[g->campaign])
        uplift *= effect[g->campaign][c->run];
    int64_t amount = c->start->life->amount[g->customer];
    switch (e->kind) {
    case EFFECT_RETENTION: g->kept = uplift; break;
    case EFFECT_FREQUENCY: g->pace = uplift / assumed[ASSUME_HORIZON]; break;
    case EFFECT_SPEND:
        uplift *= pow(10, c->data.decimals);
        g->pace = amount > 0 ? uplift / (double)amount / assumed[ASSUME_HORIZON] : 0;
        break;
    case EFFECT_REFERRAL: c->joining[g->month] += uplift > 0 ? uplift : 0; break;
    case EFFECT_NONE: break;
    }
}

static void take_grant(struct track *c, const struct candidate *x, const struct stake *stake,
                       int month, struct figures *out) {
    const struct campaign *campaign = &c->policy->campaign[x->campaign];
    struct grant g = {.customer = x->customer,
                      .month = month,
                      .campaign = (int16_t)x->campaign,
                      .channel = x->channel < 0 ? -1 : (int16_t)campaign->channel[x->channel],
                      .cost = x->cost};
    out->cost += g.cost;
    if (campaign_lets_go(campaign)) // which is no offer, and no contact
        return;
    out->offers++;
    if (stake && campaign->effect.kind != EFFECT_NONE)
        find_effect(c, &campaign->effect, stake, &g);
    if (c->start->effects) {
        c->contacted[g.customer] |= (uint64_t)1 << month;
        add_effect(c, &g, g.kept, g.pace);
    }
    if (c->contacts || g.kept != 0 || g.pace != 0)
        grants_add(&c->grants, g);
}

static bool is_granted(const struct decisions *d, const struct candidate *c) {
    return d->reason[c->campaign][c->customer] == REASON_GRANTED;
}

static enum status take_grants(struct track *c, struct arena *a, struct decisions *d, int month,
                               struct figures *out, struct err *err) {
    struct stake *stake = NULL;
    if (c->start->effects && d->candidates > 0)
        TRY(uplifts_of(a, &c->host, d, &stake, err));
    for (int64_t i = 0; i < d->candidates; i++)
        if (is_granted(d, &d->candidate[i]))
            take_grant(c, &d->candidate[i], stake ? &stake[i] : NULL, month, out);
    return DONE;
}

// The grants of a month; of one that lies before the first, none.
static struct grants granted_in(const struct track *c, int month) {
    int from = month >= 0 ? c->granted[month] : 0, to = month >= 0 ? c->granted[month + 1] : 0;
    return (struct grants){.n = to - from, .grant = c->grants.grant + from};
}

// What an effect pulled forward is missing when it has worn off, for some months.
static void end_effects(struct track *c, int month) {
    const double *assumed = c->start->months->options.assume.value;
    int ends = (int)assumed[ASSUME_HORIZON], dip = (int)assumed[ASSUME_DIP];
    struct grants ending = granted_in(c, month - ends), over = granted_in(c, month - ends - dip);
    double missing = dip > 0 ? assumed[ASSUME_PULL_FORWARD] * ends / dip : 0; // of the pace
    for (const struct grant *g = ending.grant; g < ending.grant + ending.n; g++)
        add_effect(c, g, -g->kept, -g->pace - (g->pace > 0 ? missing * g->pace : 0));
    for (const struct grant *g = over.grant; missing > 0 && g < over.grant + over.n; g++)
        add_effect(c, g, 0, g->pace > 0 ? missing * g->pace : 0);
}

// ---- what customers do -------------------------------------------------------------------------

static void add_each(uint32_t *restrict to, const uint16_t *restrict x, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        to[i] += x[i];
}

static void take_each(uint32_t *restrict from, const uint16_t *restrict x, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        from[i] -= x[i];
}

static void count_window(struct track *c, int k, int month) {
    const struct window *w = &c->start->window[k];
    int comes = month - 1 - w->ending, goes = comes - w->last;
    if (comes >= 0)
        add_each(c->count[k], c->bought[comes], c->data.customers);
    if (goes >= 0 && w->last > 0)
        take_each(c->count[k], c->bought[goes], c->data.customers);
}

static void fill_each(int64_t *restrict out, const int64_t *restrict real,
                      const int64_t *restrict unit, const uint32_t *restrict count, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        out[i] = real[i] + (unit ? unit[i] : 1) * count[i];
}

static void fill_counter(struct track *c, int k, int month) {
    const struct start *s = c->start;
    const struct counter *of = &s->evolution->counter[k];
    const int64_t *unit = of->unit == UNIT_AMOUNT   ? s->life->amount
                          : of->unit == UNIT_MARGIN ? s->life->margin
                                                    : NULL;
    fill_each(c->counter[k], of->real[month]->integer, unit, c->count[s->window_of[k]],
              c->data.customers);
}

static void draw(struct track *c, int month) {
    const struct months *m = c->start->months;
    if (month % 2 == 0)
        luck_draw(m->options.seed, (uint32_t)c->run, (uint32_t)month / 2, c->start->crowd->luck,
                  c->data.customers, c->word);
}

// Whose purchases somebody reads has them dated in the middle of the month.
static void date_purchases(struct track *c, int month) {
    const struct evolution *e = c->start->evolution;
    int32_t day = e->today[month] + (e->today[month + 1] - e->today[month]) / 2;
    for (int64_t i = 0; i < c->data.customers; i++) {
        if (c->now[i] == 0)
            continue;
        c->last[i] = day;
        bit_set(c->last_valid, i);
        if (!bit_get(c->first_valid, i)) {
            c->first[i] = day;
            bit_set(c->first_valid, i);
        }
    }
}

// Who is there, for the loop that is gone through most: nothing in it may be the same memory.
struct living {
    uint8_t *restrict gone;
    uint16_t *restrict bought;
    const uint32_t *restrict stays, *restrict buys, *restrict leave;
    const double *restrict none, *restrict alone, *restrict more; // pace: alone, and by effects
    const int64_t *restrict worth, *restrict amount, *restrict margin;
};

static void live_all(const struct living *l, int64_t customers, bool single, struct figures *out) {
    int64_t there = 0, equity = 0, revenue = 0, margin = 0;
    for (int64_t i = 0; i < customers; i++) {
        int n = 0;
        bool stays = !l->gone[i] && l->stays[i] >= l->leave[i];
        l->gone[i] = !stays;
        there += stays;
        equity += stays ? l->worth[i] : 0;
        if (stays && l->none[i] < 1)
            n = odds_purchases(l->buys[i], l->none[i], l->alone[i] + l->more[i], single);
        l->bought[i] = (uint16_t)n;
        revenue += n * l->amount[i];
        margin += n * l->margin[i];
    }
    out->customers = there;
    out->equity = equity;
    out->revenue = revenue;
    out->margin = margin;
}

static void live(struct track *c, int month, struct figures *out) {
    const struct start *s = c->start;
    uint32_t *const *word = c->word + month % 2 * 2;
    c->now = c->bought[s->windows > 0 ? month : 0];
    struct living l = {c->gone,     c->now,  word[0],  word[1],         c->leave,       c->none,
                       c->now_pace, c->pace, c->worth, s->life->amount, s->life->margin};
    live_all(&l, c->data.customers, s->single, out);
    if (s->evolution->last_purchase || s->evolution->first_purchase)
        date_purchases(c, month);
}

// Those who were brought by others.
static void live_kin(struct track *c, int month, struct figures *out) {
    const struct kin *k = &c->start->kin;
    struct kin_month m = kin_live(k, &c->kindred, c->start->months->options.seed, c->run, month,
                                  out->customers, c->joining[month]);
    out->joined = m.joined;
    out->customers += m.customers;
    out->cost += m.rewards;
    out->revenue += llround((double)m.purchases * k->amount);
    out->margin += llround((double)m.purchases * k->margin);
    out->equity += llround((double)m.customers * k->worth);
}

// ---- a run -------------------------------------------------------------------------------------

static void copy_column(struct column *to, const struct column *from, size_t each) {
    size_t words = (size_t)bit_words(to->n) * sizeof(uint64_t);
    memcpy((void *)to->integer, from->integer, (size_t)to->n * each);
    if (from->valid)
        memcpy((void *)to->valid, from->valid, words);
    else
        memset((void *)to->valid, 0xFF, words);
}

static void copy_memory(const struct memory_columns *to, const struct column *tier,
                        const struct column *since, const struct column *reviewed) {
    copy_column(to->tier, tier, sizeof(int32_t));
    copy_column(to->since, since, sizeof(int32_t));
    copy_column(to->reviewed, reviewed, sizeof(int32_t));
}

static void copy_dates(int32_t *date, uint64_t *valid, const struct column *from) {
    size_t words = (size_t)bit_words(from->n) * sizeof *valid;
    memcpy(date, from->date, (size_t)from->n * sizeof *date);
    if (from->valid)
        memcpy(valid, from->valid, words);
    else
        memset(valid, 0xFF, words);
}

static void begin(struct track *c) {
    const struct start *s = c->start;
    size_t n = (size_t)c->data.customers;
    memset(c->gone, 0, n * sizeof *c->gone);
    memset(c->contacted, 0, n * sizeof *c->contacted);
    memset(c->kept, 0, n * sizeof *c->kept);
    memset(c->pace, 0, n * sizeof *c->pace);
    memset(c->joining, 0, sizeof c->joining);
    memcpy(c->leave, s->leave, n * sizeof *c->leave);
    memcpy(c->none, s->none, n * sizeof *c->none);
    for (int k = 0; k < s->windows; k++)
        memset(c->count[k], 0, n * sizeof **c->count);
    if (s->evolution->last_purchase)
        copy_dates(c->last, c->last_valid, s->evolution->last_purchase);
    if (s->evolution->first_purchase)
        copy_dates(c->first, c->first_valid, s->evolution->first_purchase);
    for (int k = 0; k < c->policy->schemes; k++)
        if (s->memory[k].tier)
            copy_memory(&c->memory[k], s->memory[k].tier, s->memory[k].since,
                        s->memory[k].reviewed);
    c->grants.n = 0;
    c->kindred = (struct kindred){0};
}

static void count_classes(const struct track *c, const struct decisions *d, struct figures *out) {
    const struct column *class = c->start->months->classes > 0 ? d->standing[0].class : NULL;
    int none = c->start->months->classes - 1;
    for (int64_t i = 0; class && i < class->n; i++)
        if (!c->gone[i])
            out->class[column_has(class, i) ? class->code[i] : none]++;
}

// Chances that are columns which change.
static enum status move_chances(struct track *c, struct err *err) {
    const struct start *s = c->start;
    const struct evolution *e = s->evolution;
    const struct elasticity *change = &s->months->options.change;
    const struct column *kept = NULL, *pace = NULL;
    if (!s->moving)
        return DONE;
    if (e->retention != MOTION_FROZEN)
        TRY(board_column(c->board, STR("retention_rate"), &kept, err));
    if (e->purchases != MOTION_FROZEN)
        TRY(board_column(c->board, STR("purchases_a_year"), &pace, err));
    for (int64_t i = 0; i < c->data.customers; i++) {
        c->now_kept[i] = kept ? life_kept(s->life, change, kept, i) : s->life->kept[i];
        c->now_pace[i] = pace ? life_pace(change, pace, i) : s->life->pace[i];
        c->worth[i] = odds_worth(s->life, i, c->now_kept[i], c->now_pace[i]);
        set_odds(c, i);
    }
    return DONE;
}

static void remember(struct track *c, const struct decisions *d) {
    for (int k = 0; k < c->policy->schemes; k++) {
        const struct standing *t = &d->standing[k];
        if (c->policy->scheme[k].memory.on)
            copy_memory(&c->memory[k], t->class, t->entered, t->reviewed);
    }
}

static enum status decide_month(struct track *c, struct arena *a, int month, struct figures *out,
                                struct err *err) {
    struct decisions d = {.policy = c->policy,
                          .data = &c->data,
                          .board = c->board,
                          .gone = c->gone,
                          .evaluator = c->evaluator};
    c->data.as_of = c->start->evolution->today[month];
    c->data.tables = 0;
    if (c->contacts)
        c->table[c->data.tables++] =
            contacts_at(a, c->contacts, &c->grants, c->start->evolution->today);
    if (c->start->rewards)
        c->table[c->data.tables++] = c->start->rewards;
    board_renew(c->board, a);
    put_columns(c, a, month);
    TRY(move_chances(c, err));
    TRY(decide_by(a, &c->host, &d, err));
    TRY(take_grants(c, a, &d, month, out, err));
    count_classes(c, &d, out);
    remember(c, &d);
    return DONE;
}

// For the whole base.
static void scale(const struct crowd *s, struct figures *f) {
    int64_t *const sums[] = {&f->customers, &f->revenue, &f->margin, &f->cost,
                             &f->offers,    &f->equity,  &f->joined};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++)
        *sums[i] = crowd_whole(s, *sums[i]);
    for (int i = 0; i < CLASSES_MOST; i++)
        f->class[i] = crowd_whole(s, f->class[i]);
}

static enum status run_month(struct track *c, int month, struct figures *out, struct err *err) {
    struct arena *a = c->monthly;
    const struct start *s = c->start;
    arena_clear(a);
    for (int k = 0; month > 0 && k < s->windows; k++)
        count_window(c, k, month);
    for (int k = 0; month > 0 && k < s->evolution->counters; k++)
        fill_counter(c, k, month);
    end_effects(c, month);
    TRY(host_heard(&c->host, err));
    TRY(decide_month(c, a, month, out, err));
    c->granted[month + 1] = c->grants.n;
    draw(c, month);
    live(c, month, out);
    live_kin(c, month, out);
    return DONE;
}

enum status track_run(struct track *c, int run, struct figures *out, struct err *err) {
    c->run = run;
    begin(c);
    for (int m = 0; m < c->start->evolution->months; m++) {
        TRY(run_month(c, m, &out[m], err));
        scale(c->start->crowd, &out[m]);
    }
    return DONE;
}
