#include "simulate/past.h"

#include <math.h>

#include "base/date.h"
#include "base/money.h"
#include "decide/edges.h"
#include "metric/block.h"
#include "table/seal.h"

// ---- one customer -------------------------------------------------------------------------------

// What was bought up to a day.
struct stand {
    int32_t first, last;
    int64_t all, recent; // purchases; those of the period behind the day
};

static void add_purchase(struct stand *s, int32_t date, int32_t from) {
    s->first = s->all || s->first < date ? s->first : date;
    s->last = date;
    s->all++;
    s->recent += date > from;
}

static int band(int64_t x, const int *bound, int bounds) {
    int i = 0;
    while (i < bounds && x > bound[i])
        i++;
    return i;
}

// Who never bought is known only where it is told when customers come and leave.
static uint8_t state_of(const struct past *p, const struct stand *s, int32_t day) {
    static const int days[] = {30, 60, 120, 210, 365, 600}, purchases[] = {1, 3, 11};
    const int months[] = {p->months / 2 - 1, p->months - 1};
    if (s->first > day)
        return PAST_STRANGER;
    int tenure = band(date_months_between(s->first, day), months, PAST_TENURES - 1);
    int recency = s->all ? band(day - s->last, days, PAST_RECENCIES - 1) : PAST_RECENCIES - 1;
    int frequency = band(s->recent, purchases, PAST_FREQUENCIES - 1);
    return (uint8_t)((tenure * PAST_RECENCIES + recency) * PAST_FREQUENCIES + frequency);
}

static bool is_gone(const struct past *p, int64_t customer, int32_t day) {
    return p->left && column_has(p->left, customer) && p->left->date[customer] <= day;
}

static double major(const struct past *p, __int128 minor) {
    return (double)minor / (double)money_scale(p->decimals);
}

static void read_customer(const struct past *p, int64_t customer) {
    const struct table *t = p->bought.table;
    bool known = p->opened && column_has(p->opened, customer);
    struct stand now = {.first = known ? p->opened->date[customer] : INT32_MAX}, then = now;
    int32_t first = INT32_MAX;
    int64_t before = -1;
    __int128 spent = 0, spent_before = 0; // thousands of the largest amounts are beyond 64 bits
    for (int64_t row = t ? t->start[customer] : 0; t && row < t->start[customer + 1]; row++) {
        int32_t date = column_has(t->date, row) ? t->date->date[row] : INT32_MIN;
        int64_t amount = purchase_money(p->bought.amount, row);
        spent += date > p->cut ? amount : 0;
        spent_before += date > p->from && date <= p->cut ? amount : 0;
        if (!purchase_at(&p->bought, row, before))
            continue;
        before = row;
        first = date < first ? date : first;
        if (date <= p->cut)
            add_purchase(&then, date, p->from);
        add_purchase(&now, date, p->cut);
    }
    p->now[customer] = is_gone(p, customer, p->day) ? PAST_GONE : state_of(p, &now, p->day);
    p->then[customer] = is_gone(p, customer, p->cut) ? PAST_GONE : state_of(p, &then, p->cut);
    p->gaps[customer] = now.all > 1 ? now.all - 1 : 0;
    p->days[customer] = now.all > 1 ? now.last - now.first : 0;
    p->first[customer] = first;
    switch (p->kind) {
    case EFFECT_RETENTION:
        p->recent[customer] = p->left ? p->now[customer] != PAST_GONE : now.recent > 0;
        break;
    case EFFECT_FREQUENCY:
        p->recent[customer] = (double)now.recent;
        p->before[customer] = (double)then.recent;
        break;
    case EFFECT_SPEND:
        p->recent[customer] = major(p, spent);
        p->before[customer] = major(p, spent_before);
        break;
    case EFFECT_REFERRAL: // by edges
    case EFFECT_NONE: break;
    }
}

static enum status read_block(const struct block *b, struct err *err) {
    (void)err;
    for (int64_t i = b->first; i < b->first + b->n; i++)
        read_customer(b->arg, i);
    return DONE;
}

// ---- friends ------------------------------------------------------------------------------------

// New customers, each once, for the referrer who is credited.
static enum status read_friends(struct arena *a, const struct host *host, const struct decisions *d,
                                struct past *p, struct err *err) {
    struct edges e;
    int32_t first = INT32_MAX;
    if (!dataset_table(d->data, STR("referrals"))) {
        p->lack = "there is no table referrals";
        return DONE;
    }
    TRY(edges_read(a, host, d->board, d->data, &e, err));
    bool *met = arena_array(a, (size_t)d->data->customers, sizeof *met);
    for (int64_t i = 0; i < e.n; i++) {
        if (e.standing[i] != REFERRAL_GRANTED || met[e.friend[i]])
            continue;
        int32_t date = edge_date(&e, i);
        met[e.friend[i]] = true;
        first = date < first ? date : first;
        p->recent[e.referrer[i]] += date > p->cut;
        p->before[e.referrer[i]] += date > p->from && date <= p->cut;
    }
    if (first > date_add_months(p->from, 1))
        p->lack = arena_printf(a, "the referrals do not go back %d months", 2 * p->months);
    return DONE;
}

// ---- paces --------------------------------------------------------------------------------------

// How much of the period behind a day a customer was there for; a month at least.
static double share_seen(const struct past *p, int64_t customer, int32_t day) {
    double period = p->day - p->cut, days = (double)day - p->first[customer];
    return fmin(fmax(days, 30), period) / period;
}

static void find_paces(const struct past *p, int64_t customers) {
    for (int64_t i = 0; i < customers; i++) {
        p->own[i] = p->recent[i] / share_seen(p, i, p->day);
        p->before[i] /= share_seen(p, i, p->cut);
    }
}

// ---- all ----------------------------------------------------------------------------------------

// NULL if there is none.
static enum status date_column(const struct dataset *data, struct str name,
                               const struct column **out, struct err *err) {
    const struct column *c = data->people ? table_column(data->people, name) : NULL;
    *out = c && c->type == TYPE_DATE ? c : NULL;
    return *out ? seal_check(*out, err) : DONE;
}

// A column that names nobody of the last period tells no rate: such customers are not recorded.
static enum status open_left(const struct dataset *data, struct past *p, struct err *err) {
    const struct column *left;
    TRY(date_column(data, STR("left"), &left, err));
    for (int64_t i = 0; left && i < data->customers; i++)
        if (column_has(left, i) && left->date[i] > p->cut && left->date[i] <= p->day)
            p->left = left;
    return p->left ? date_column(data, STR("opened"), &p->opened, err) : DONE;
}

static enum status open_past(struct arena *a, const struct decisions *d, struct past *p,
                             struct err *err) {
    const struct dataset *data = d->data;
    size_t n = (size_t)data->customers;
    TRY(purchases_of(data, &p->bought, err));
    p->decimals = data->decimals;
    p->day = data->as_of;
    p->cut = date_add_months(p->day, -p->months);
    p->from = date_add_months(p->day, -2L * p->months);
    p->now = arena_alloc(a, n);
    p->then = arena_alloc(a, n);
    p->recent = arena_array(a, n, sizeof *p->recent);
    p->own = arena_array(a, n, sizeof *p->own);
    p->before = arena_array(a, n, sizeof *p->before);
    p->gaps = arena_array(a, n, sizeof *p->gaps);
    p->days = arena_array(a, n, sizeof *p->days);
    p->first = arena_array(a, n, sizeof *p->first);
    return open_left(data, p, err);
}

// Two periods have to be there; and of who stays, where nobody tells it, a purchase in each has to
// be what a customer makes who does.
static const char *find_lack(struct arena *a, const struct past *p, int64_t customers) {
    int32_t first = INT32_MAX;
    int64_t gaps = 0, days = 0;
    for (int64_t i = 0; i < customers; i++) {
        first = p->first[i] < first ? p->first[i] : first;
        gaps += p->gaps[i];
        days += p->days[i];
    }
    if (p->bought.table && first > date_add_months(p->from, 1))
        return arena_printf(a, "the transactions do not go back %d months", 2 * p->months);
    if (p->kind == EFFECT_RETENTION && !p->left && (gaps == 0 || days / gaps > p->day - p->cut))
        return "customers buy less than once a year, so a year does not tell who stays";
    return NULL;
}

enum status past_read(struct arena *a, const struct host *host, const struct decisions *d,
                      enum effect_kind kind, int months, struct past *out, struct err *err) {
    *out = (struct past){.kind = kind, .months = months};
    TRY(open_past(a, d, out, err));
    bool told = kind == EFFECT_RETENTION && out->opened;
    if (!out->bought.table && !told) {
        out->lack = "there is no table transactions with dates";
        return DONE;
    }
    TRY(block_run(host, d->data->customers, read_block, out, err));
    out->lack = find_lack(a, out, d->data->customers);
    if (!out->lack && kind == EFFECT_REFERRAL)
        TRY(read_friends(a, host, d, out, err));
    if (kind != EFFECT_RETENTION)
        find_paces(out, d->data->customers);
    return DONE;
}
