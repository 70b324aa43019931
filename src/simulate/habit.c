// A customer's class today would not do to tell the past apart: it hangs on what was bought in the
// very year in question. So states are of the day a year ago, by what was known then.
#include "simulate/habit.h"

#include <math.h>

#include "base/date.h"
#include "metric/block.h"
#include "simulate/purchase.h"
#include "trial/contrast.h"
#include "trial/shrink.h"

enum { PERIOD = 12 }; // months

struct past {
    struct purchases bought;
    int32_t day, cut, before; // as of today, a period ago, and two
    uint8_t *now, *then;      // [customer] the state
    double *stayed;           // [customer] 1 or 0; NAN: did not exist
    int64_t *gaps, *days;     // [customer] between purchases, and how long they are together
    int32_t *first;           // [customer] purchase; INT32_MAX: none
};

// ---- one customer -------------------------------------------------------------------------------

// What was bought up to a day.
struct stand {
    int32_t first, last;
    int64_t all, year;
};

static void add_purchase(struct stand *s, int32_t date, int32_t from) {
    s->first = s->all ? s->first : date;
    s->last = date;
    s->all++;
    s->year += date > from;
}

static int band(int64_t x, const int *bound, int bounds) {
    int i = 0;
    while (i < bounds && x > bound[i])
        i++;
    return i;
}

static uint8_t state_of(const struct stand *s, int32_t day) {
    static const int months[] = {5, 11}, days[] = {30, 60, 120, 210, 365, 600},
                     purchases[] = {1, 3, 11};
    if (s->all == 0)
        return HABIT_STATES;
    int tenure = band(date_months_between(s->first, day), months, HABIT_TENURES - 1);
    int recency = band(day - s->last, days, HABIT_RECENCIES - 1);
    int frequency = band(s->year, purchases, HABIT_FREQUENCIES - 1);
    return (uint8_t)((tenure * HABIT_RECENCIES + recency) * HABIT_FREQUENCIES + frequency);
}

static void read_customer(const struct past *p, int64_t customer) {
    const struct table *t = p->bought.table;
    struct stand now = {0}, then = {0};
    int64_t before = -1;
    for (int64_t row = t->start[customer]; row < t->start[customer + 1]; row++) {
        if (!purchase_at(&p->bought, row, before))
            continue;
        before = row;
        if (t->date->date[row] <= p->cut)
            add_purchase(&then, t->date->date[row], p->before);
        add_purchase(&now, t->date->date[row], p->cut);
    }
    p->now[customer] = state_of(&now, p->day);
    p->then[customer] = state_of(&then, p->cut);
    p->stayed[customer] = then.all ? now.all > then.all : NAN;
    p->gaps[customer] = now.all > 1 ? now.all - 1 : 0;
    p->days[customer] = now.all > 1 ? now.last - now.first : 0;
    p->first[customer] = now.all ? now.first : INT32_MAX;
}

static enum status read_block(const struct block *b, struct err *err) {
    (void)err;
    for (int64_t i = b->first; i < b->first + b->n; i++)
        read_customer(b->arg, i);
    return DONE;
}

// ---- all ----------------------------------------------------------------------------------------

static enum status open_past(struct arena *a, const struct dataset *data, struct past *p,
                             struct err *err) {
    size_t n = (size_t)data->customers;
    TRY(purchases_of(data, &p->bought, err));
    p->day = data->as_of;
    p->cut = date_add_months(p->day, -PERIOD);
    p->before = date_add_months(p->day, -2 * PERIOD);
    p->now = arena_alloc(a, n);
    p->then = arena_alloc(a, n);
    p->stayed = arena_array(a, n, sizeof *p->stayed);
    p->gaps = arena_array(a, n, sizeof *p->gaps);
    p->days = arena_array(a, n, sizeof *p->days);
    p->first = arena_array(a, n, sizeof *p->first);
    return DONE;
}

// Two periods have to be there, and a purchase in each has to be what a customer makes who stays.
static const char *find_lack(const struct past *p, int64_t customers) {
    int32_t first = INT32_MAX;
    int64_t gaps = 0, days = 0;
    for (int64_t i = 0; i < customers; i++) {
        first = p->first[i] < first ? p->first[i] : first;
        gaps += p->gaps[i];
        days += p->days[i];
    }
    if (first > date_add_months(p->before, 1))
        return "the transactions do not go back two years";
    if (gaps == 0 || days / gaps > p->day - p->cut)
        return "customers buy less than once a year, so a year does not tell who stays";
    return NULL;
}

// The states draw near to what all have in common, the more so the fewer are in one.
static void weigh_states(const struct moments *m, struct habit *out) {
    struct group_effect group[HABIT_STATES];
    struct common_effect common = {0};
    double squares = 0;
    int known = 0;
    for (int s = 0; s < HABIT_STATES; s++) {
        squares += m[s].squares;
        out->customers += m[s].n;
    }
    for (int s = 0; s < HABIT_STATES; s++)
        if (m[s].n > 0)
            group[known++] = (struct group_effect){
                m[s].mean,
                moments_cautious_error(&m[s], fmax(squares, 1) / (double)out->customers)};
    bool drawn = shrink(group, known, &common);
    for (int s = 0, k = 0; s < HABIT_STATES; s++) {
        bool own = m[s].n > 0;
        double mean = own ? group[k].shrunk : drawn ? common.mean : 0.5;
        out->mean[s] = fmin(fmax(mean, 0), 1);
        out->deviation[s] = own ? group[k].deviation : drawn ? common.spread : 0.5;
        k += own;
    }
    out->shared = drawn ? common.shared : 0;
}

// Who will buy in the second year from now: from each state customers go to others within a year,
// as those of a year ago went to where they stand now. Whom a state has none of is as likely to be
// there as now.
static void look_further(struct arena *a, const struct past *p, const int32_t *then, int64_t n,
                         struct habit *out) {
    double *chance = arena_array(a, (size_t)n, sizeof *chance);
    struct moments m[HABIT_STATES];
    for (int64_t i = 0; i < n; i++)
        chance[i] = then[i] < 0 ? NAN : out->mean[p->now[i]];
    moments_of(chance, then, n, HABIT_STATES, m);
    for (int s = 0; s < HABIT_STATES; s++)
        out->later[s] = m[s].n > 0 ? m[s].mean : out->mean[s];
}

enum status habit_of(struct arena *a, const struct host *host, const struct dataset *data,
                     struct habit *out, struct err *err) {
    struct past p = {0};
    struct moments m[HABIT_STATES];
    *out = (struct habit){0};
    TRY(open_past(a, data, &p, err));
    if (!p.bought.table) {
        out->unknown = "there is no table transactions with dates";
        return DONE;
    }
    TRY(block_run(host, data->customers, read_block, &p, err));
    out->state = p.now;
    out->unknown = find_lack(&p, data->customers);
    if (out->unknown)
        return DONE;
    int32_t *then = arena_array(a, (size_t)data->customers, sizeof *then);
    for (int64_t i = 0; i < data->customers; i++)
        then[i] = p.then[i] < HABIT_STATES ? p.then[i] : -1;
    moments_of(p.stayed, then, data->customers, HABIT_STATES, m);
    weigh_states(m, out);
    look_further(a, &p, then, data->customers, out);
    return DONE;
}
