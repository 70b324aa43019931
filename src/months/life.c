#include "months/life.h"

#include <math.h>

#include "base/date.h"
#include "base/money.h"
#include "metric/lack.h"
#include "simulate/habit.h"
#include "simulate/told.h"

double life_worth(double yearly_margin, double kept, double discount) {
    return yearly_margin * kept / (1 + discount - kept);
}

// ---- history -----------------------------------------------------------------------------------

// The transactions, and where the last two years of them begin.
struct record {
    struct purchases bought;
    int32_t today, year_ago, two_years_ago;
};

// A customer's: purchases of the last year, of these those that followed another one, purchases of
// the year before, all of them, what they brought: some thousands of the largest amounts are beyond
// 64 bits.
struct pace {
    int64_t last_year, again, year_before, purchases;
    __int128 amount, margin;
    int32_t first;
};

static enum status record_of(const struct dataset *d, struct record *out, struct err *err) {
    *out = (struct record){.today = d->as_of};
    out->year_ago = date_add_months(d->as_of, -12);
    out->two_years_ago = date_add_months(d->as_of, -24);
    return purchases_of(d, &out->bought, err);
}

static struct pace pace_of(const struct record *r, int64_t customer) {
    const struct purchases *b = &r->bought;
    struct pace p = {.first = DATE_MAX};
    int64_t before = -1;
    for (int64_t row = b->table->start[customer]; row < b->table->start[customer + 1]; row++) {
        p.amount += purchase_money(b->amount, row);
        p.margin += purchase_money(b->margin, row);
        if (!purchase_at(b, row, before))
            continue;
        before = row;
        int32_t day = b->table->date->date[row];
        p.first = day < p.first ? day : p.first;
        p.purchases++;
        p.last_year += day > r->year_ago;
        p.year_before += day > r->two_years_ago && day <= r->year_ago;
    }
    p.again = p.last_year - (p.purchases > 0 && p.first > r->year_ago);
    return p;
}

// The base's: those who bought in the year before last, and of these in the last year.
struct base {
    int64_t there, kept, purchases, again;
    __int128 amount, margin;
    double months;
};

// Within the last year, as far as purchases could follow the first, which begins that time and says
// nothing of the pace.
static double months_seen(const struct record *r, const struct pace *p) {
    double months = p->purchases ? (double)(r->today - p->first) / 30.44 : 0;
    return months > 12 ? 12 : months;
}

static struct base base_of(const struct record *r, int64_t customers) {
    struct base b = {0};
    for (int64_t i = 0; r->bought.table && i < customers; i++) {
        struct pace p = pace_of(r, i);
        b.there += p.year_before > 0;
        b.kept += p.year_before > 0 && p.last_year > 0;
        b.purchases += p.purchases;
        b.again += p.again;
        b.amount += p.amount;
        b.margin += p.margin;
        b.months += months_seen(r, &p);
    }
    return b;
}

// ---- columns -----------------------------------------------------------------------------------

static const struct column *given(struct board *b, const char *name, struct err *err) {
    struct need need = {str_of(name), false};
    const struct column *c;
    if (lack_slot(b, &need) < 0)
        return NULL;
    return board_column(b, str_of(name), &c, err) == DONE ? c : NULL;
}

double life_kept(const struct life *l, const struct elasticity *change, const struct column *c,
                 int64_t row) {
    double kept = (column_has(c, row) ? column_double(c, row) : l->kept[row]) + change->retention;
    return kept < 0 ? 0 : kept > 1 ? 1 : kept;
}

double life_pace(const struct elasticity *change, const struct column *c, int64_t row) {
    double year = column_has(c, row) ? column_double(c, row) : 0;
    return year > 0 ? year / 12 * (1 + change->frequency) : 0;
}

static enum status find_discount(struct life *l, struct board *b, const struct assumptions *assume,
                                 struct err *err) {
    const struct column *c = given(b, "discount_rate", err);
    l->discount = assume->value[ASSUME_DISCOUNT];
    l->discount_assumed = !c || c->n == 0 || !column_has(c, 0);
    l->discount_from = l->discount_assumed ? "a stated default" : "discount_rate";
    if (!l->discount_assumed)
        l->discount = column_double(c, 0);
    if (l->discount > 0)
        return err->status;
    return err_set(err, REFUSED,
                   "discount_rate is %g a year: what is to come has no worth unless it is above 0",
                   l->discount);
}

// ---- one by one --------------------------------------------------------------------------------

struct making {
    const struct assumptions *assume;
    const struct elasticity *change;
    struct record record;
    struct base base;
    struct habit *habit; // NULL: not known, or not asked for
    const struct column *kept, *paces, *yearly;
    int decimals;
    double base_kept, base_pace, base_amount, base_margin;
};

static double ratio(double x, double y, double otherwise) {
    return y > 0 ? x / y : otherwise;
}

// A chance to stay from so few customers says little.
enum { FEW = 30 };

// Of those who are there, by what tells it of each.
static double mean_later(const struct habit *h, int64_t customers) {
    double sum = 0, n = 0;
    for (int64_t i = 0; i < customers; i++) {
        double later = habit_later(h, i);
        sum += later > 0 ? later : 0;
        n += later > 0;
    }
    return ratio(sum, n, 0);
}

static double kept_of_base(const struct making *m, int64_t customers) {
    if (m->base.there >= FEW)
        return (double)m->base.kept / (double)m->base.there;
    return m->habit ? mean_later(m->habit, customers) : m->assume->value[ASSUME_RETENTION];
}

static void find_base(struct making *m, int64_t customers, struct life *l) {
    const struct base *b = &m->base;
    bool own = m->habit != NULL;
    l->kept_assumed = !m->kept && !own && b->there < FEW;
    m->base_kept = kept_of_base(m, customers);
    l->kept_from = m->kept ? "retention_rate"
                   : l->kept_assumed
                       ? "a stated default: fewer than 30 bought in the year before last"
                   : own ? "own history: who is still there after a year, by how they stood before"
                         : "own history: who bought in the year before last, and again";
    l->pace_told = m->paces;
    l->paceless = !m->paces && b->again == 0;
    l->pace_from = m->paces            ? "purchases_a_year"
                   : b->purchases == 0 ? "none: nobody ever bought"
                   : l->paceless       ? "none: nobody bought again in the last year"
                                       : "own history, the customer's blended with the base's";
    m->base_pace = ratio((double)b->again, b->months, 0);
    m->base_amount = ratio((double)b->amount, (double)b->purchases, 0);
    l->margin_assumed = !m->record.bought.margin && !m->yearly;
    l->margin_from = m->yearly           ? "yearly_margin"
                     : l->margin_assumed ? "a stated default: a share of the revenue"
                                         : "own history";
    m->base_margin = l->margin_assumed ? m->base_amount * m->assume->value[ASSUME_MARGIN]
                                       : ratio((double)b->margin, (double)b->purchases, 0);
}

static double money_minor(const struct column *c, int64_t row, int decimals) {
    return c->type == TYPE_MONEY ? (double)c->integer[row]
                                 : column_double(c, row) * pow(10, decimals);
}

static void make(const struct making *m, struct life *l, int64_t row, int64_t i) {
    const struct elasticity *change = m->change;
    struct pace p = m->record.bought.table ? pace_of(&m->record, row) : (struct pace){0};
    double blend = m->assume->value[ASSUME_HISTORY];
    double months = months_seen(&m->record, &p);
    double pace = ratio((double)p.again + blend * m->base_pace, months + blend, m->base_pace);
    double amount = ratio((double)p.amount, (double)p.purchases, m->base_amount);
    double margin = l->margin_assumed
                        ? amount * m->assume->value[ASSUME_MARGIN]
                        : ratio((double)p.margin, (double)p.purchases, m->base_margin);
    double kept = m->habit ? habit_later(m->habit, row) : NAN;
    kept = isnan(kept) ? m->base_kept : kept;
    if (m->paces && column_has(m->paces, row))
        pace = column_double(m->paces, row) / 12;
    if (m->kept && column_has(m->kept, row))
        kept = column_double(m->kept, row);
    if (m->yearly && column_has(m->yearly, row))
        margin = ratio(money_minor(m->yearly, row, m->decimals), 12 * pace, 0);
    kept += change->retention;
    l->clamped += kept < 0 || kept > 1;
    l->strangers += p.purchases == 0;
    l->kept[i] = kept < 0 ? 0 : kept > 1 ? 1 : kept;
    l->pace[i] = pace * (1 + change->frequency);
    l->amount[i] = money_within(amount * (1 + change->spend));
    l->margin[i] = money_within(margin * (1 + change->spend) * (1 + change->margin));
}

// Of what tells who stays, where no column does.
static enum status find_habit(struct arena *a, const struct host *host, const struct decisions *d,
                              struct making *m, struct err *err) {
    struct habit *h = arena_alloc(a, sizeof *h);
    if (m->kept)
        return DONE;
    TRY(habit_of(a, host, d, EFFECT_RETENTION, 12, h, err));
    m->habit = h->unknown || (m->base.there < FEW && !h->told) ? NULL : h;
    return DONE;
}

// How far off the history may be of all of them together.
static double error_of_kept(const struct making *m, const struct crowd *s) {
    const struct base *b = &m->base;
    struct habit_mix mix = {0};
    double share = ratio((double)b->kept, (double)b->there, 0);
    if (!m->habit)
        return m->kept || b->there < FEW ? 0 : sqrt(share * (1 - share) / (double)b->there);
    for (int64_t i = 0; i < s->n; i++)
        habit_add(m->habit, crowd_row(s, i), 1, &mix);
    return habit_deviation(m->habit, &mix);
}

enum status life_of(struct arena *a, const struct host *host, const struct decisions *d,
                    const struct crowd *s, const struct assumptions *assume,
                    const struct elasticity *change, struct life **out, struct err *err) {
    struct making m = {.assume = assume, .change = change};
    struct life *l = arena_alloc(a, sizeof *l);
    size_t n = (size_t)s->n;
    *l = (struct life){.kept = arena_array(a, n, sizeof *l->kept),
                       .pace = arena_array(a, n, sizeof *l->pace),
                       .amount = arena_array(a, n, sizeof *l->amount),
                       .margin = arena_array(a, n, sizeof *l->margin)};
    TRY(record_of(d->data, &m.record, err));
    TRY(told_of(d, EFFECT_RETENTION, &m.kept, err));
    TRY(told_of(d, EFFECT_FREQUENCY, &m.paces, err));
    m.yearly = given(d->board, "yearly_margin", err);
    m.decimals = d->data->decimals;
    TRY(err->status);
    TRY(find_discount(l, d->board, assume, err));
    m.base = base_of(&m.record, d->data->customers);
    struct arena *own = arena_child(a);
    TRY(find_habit(own, host, d, &m, err));
    find_base(&m, d->data->customers, l);
    for (int64_t i = 0; i < s->n; i++) {
        make(&m, l, crowd_row(s, i), i);
        l->kept_mean += l->kept[i] / (double)s->n;
    }
    l->kept_error = error_of_kept(&m, s);
    arena_free(own);
    *out = l;
    return DONE;
}
