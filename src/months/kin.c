#include "months/kin.h"

#include <math.h>

#include "base/date.h"
#include "base/rng.h"
#include "metric/lack.h"
#include "months/odds.h"

enum { FEW = 64, CROWD_MOST = 100000000 };

// ---- how friends come --------------------------------------------------------------------------

// The mean of a column, param or metric over all customers; NAN if there is none.
static double mean_of(struct board *b, const char *name, struct err *err) {
    struct need need = {str_of(name), false};
    const struct column *c;
    double sum = 0;
    int64_t n = 0;
    if (lack_slot(b, &need) < 0 || board_column(b, need.names, &c, err) != DONE)
        return NAN;
    for (int64_t i = 0; i < c->n; i++)
        if (column_has(c, i)) {
            sum += column_double(c, i);
            n++;
        }
    return n ? sum / (double)n : NAN;
}

static bool is_refused(uint8_t standing) {
    return standing == REFERRAL_SELF || standing == REFERRAL_UNCREDITED ||
           standing == REFERRAL_REPEATED || standing == REFERRAL_OTHER;
}

// From the last year's referrals in the data.
static void by_history(const struct decisions *d, struct kin *out) {
    int32_t year_ago = date_add_months(d->data->as_of, -12);
    int64_t all = 0, refused = 0;
    for (int64_t i = 0; d->edges && i < d->edges->n; i++)
        if (edge_date(d->edges, i) > year_ago) {
            all++;
            refused += is_refused(d->edges->standing[i]);
        }
    out->refused = all ? (double)refused / (double)all : 0;
    out->branching = d->data->customers ? (double)(all - refused) / (double)d->data->customers : 0;
    out->rate = out->branching / 12;
    out->from = "own history: the referrals of the last year";
}

// Whether only a cap or a budget may stand against a reward.
static bool qualifies(uint8_t reason) {
    return reason == REFERRAL_GRANTED || reason == REFERRAL_PAID || reason == REFERRAL_CAP ||
           reason == REFERRAL_BUDGET;
}

// Of the last year's referrals that qualify under any block, those that do under each. One row may
// do so under several.
static void find_shares(const struct decisions *d, struct kin *out) {
    int32_t year_ago = date_add_months(d->data->as_of, -12);
    double all = 0;
    for (int64_t i = 0; d->edges && i < d->edges->n; i++) {
        bool any = false;
        for (int k = 0; k < out->blocks && edge_date(d->edges, i) > year_ago; k++) {
            bool own = qualifies(d->referred[k].reason[i]);
            out->terms[k].share += own;
            any |= own;
        }
        all += any;
    }
    for (int k = 0; k < out->blocks; k++)
        out->terms[k].share = all > 0 ? out->terms[k].share / all : 1.0 / out->blocks;
}

static struct terms terms_of(const struct decisions *d, int block, double weight) {
    const struct referred *r = &d->referred[block];
    const struct caps *caps = &d->policy->referral[block].caps;
    struct terms t = {.most = -1, .budget = INFINITY};
    double rewarded = (double)r->count[REFERRAL_GRANTED];
    t.reward = rewarded > 0 ? (double)r->paid / rewarded : 0;
    if (caps->customer.given)
        t.most = (int64_t)caps->customer.most;
    if (caps->budget.given)
        t.budget =
            caps->budget.most * pow(10, d->data->decimals) / weight - (double)r->paid / weight;
    return t;
}

static void by_policy(struct arena *a, const struct decisions *d, double weight, struct kin *out) {
    out->blocks = d->policy->referrals;
    out->terms = arena_array(a, (size_t)out->blocks, sizeof *out->terms);
    for (int k = 0; k < out->blocks; k++) {
        out->terms[k] = terms_of(d, k, weight);
        out->counted |= out->terms[k].most >= 0;
    }
    find_shares(d, out);
}

static void find_means(const struct crowd *crowd, const struct life *l, struct kin *out) {
    double n = crowd->n > 0 ? (double)crowd->n : 1;
    for (int64_t i = 0; i < crowd->n; i++) {
        out->kept += l->kept[i] / n;
        out->pace += l->pace[i] / n;
        out->amount += (double)l->amount[i] / n;
        out->margin += (double)l->margin[i] / n;
        out->worth += (double)odds_worth(l, i, l->kept[i], l->pace[i]) / n;
    }
}

enum status kin_of(struct arena *a, const struct decisions *d, const struct crowd *crowd,
                   const struct life *l, struct kin *out, struct err *err) {
    bool effect = false;
    *out = (struct kin){0};
    for (int i = 0; i < d->policy->campaigns; i++)
        effect |= d->policy->campaign[i].effect.kind == EFFECT_REFERRAL;
    if (!effect && d->policy->referrals == 0)
        return DONE;
    by_history(d, out);
    by_policy(a, d, crowd_weight(crowd), out);
    find_means(crowd, l, out);
    double year = mean_of(d->board, "referrals_a_year", err);
    double branching = mean_of(d->board, "referral_branching", err);
    TRY(err->status);
    if (!isnan(year))
        out->rate = year / 12;
    if (!isnan(branching))
        out->branching = branching;
    if (!isnan(year) || !isnan(branching))
        out->from = "referrals_a_year, referral_branching";
    if (d->policy->referrals == 0)
        out->rate = 0;
    if (out->rate >= 0 && out->branching >= 0)
        return DONE;
    return err_set(err, REFUSED, "referrals_a_year and referral_branching are not negative");
}

// ---- chance ------------------------------------------------------------------------------------

static int64_t rounded(double x) {
    return x < 0 ? 0 : x > CROWD_MOST ? CROWD_MOST : (int64_t)nearbyint(x);
}

// Of many, as good as normal.
static int64_t poisson(struct rng *r, double mean) {
    if (mean > FEW)
        return rounded(mean + sqrt(mean) * rng_normal(r));
    double u = rng_uniform(r), term = exp(-mean);
    int64_t n = 0;
    while (u >= term && n < PURCHASES_MOST) {
        u -= term;
        term *= mean / (double)++n;
    }
    return n;
}

static int64_t binomial(struct rng *r, int64_t n, double p) {
    int64_t hits = 0;
    if (n > FEW) {
        hits = rounded((double)n * p + sqrt((double)n * p * (1 - p)) * rng_normal(r));
        return hits > n ? n : hits;
    }
    for (int64_t i = 0; i < n; i++)
        hits += rng_uniform(r) < p;
    return hits;
}

// ---- a month -----------------------------------------------------------------------------------

// Friends come, of one referrer or of many together; the blocks count whom they are about.
static void come(const struct kin *k, struct kindred *s, struct rng *r, int64_t friends,
                 bool of_one) {
    for (int i = 0; i < k->blocks; i++) {
        const struct terms *t = &k->terms[i];
        int64_t own = t->share < 1 ? binomial(r, friends, t->share) : friends;
        s->account[i].come += own;
        if (of_one && t->most >= 0 && own > t->most)
            s->account[i].over += own - t->most;
    }
}

// Friends of those who joined last month.
static int64_t next_generation(const struct kin *k, struct kindred *s, struct rng *r) {
    int64_t sum = 0;
    if (!k->counted || s->fresh > CROWD_MOST / 100) {
        sum = poisson(r, (double)s->fresh * k->branching);
        come(k, s, r, sum, false);
        return sum;
    }
    for (int64_t i = 0; i < s->fresh; i++) {
        int64_t friends = poisson(r, k->branching);
        come(k, s, r, friends, true);
        sum += friends;
    }
    return sum;
}

static double pay(const struct terms *t, struct account *a, int64_t friends) {
    double due = (double)friends * t->reward, left = t->budget - a->paid;
    if (due > left) // whole rewards, while there is enough
        due = left > 0 && t->reward > 0 ? floor(left / t->reward) * t->reward : 0;
    a->paid += due;
    return nearbyint(due);
}

// For all blocks. Those who are refused are first those beyond what a referrer may bring.
static int64_t pay_all(const struct kin *k, struct kindred *s, struct rng *r, int64_t refused) {
    double sum = 0;
    for (int i = 0; i < k->blocks; i++) {
        const struct terms *t = &k->terms[i];
        struct account *a = &s->account[i];
        int64_t out = t->share < 1 ? binomial(r, refused, t->share) : refused;
        int64_t rewarded = a->come - (out > a->over ? out : a->over);
        sum += pay(t, a, rewarded > 0 ? rewarded : 0);
        a->come = a->over = 0;
    }
    return (int64_t)sum;
}

struct kindred kindred_new(struct arena *a, const struct kin *k) {
    return (struct kindred){.account = arena_array(a, (size_t)k->blocks, sizeof(struct account))};
}

void kindred_begin(const struct kin *k, struct kindred *s) {
    s->there = s->fresh = 0;
    for (int i = 0; i < k->blocks; i++)
        s->account[i] = (struct account){0};
}

struct kin_month kin_live(const struct kin *k, struct kindred *s, uint64_t seed, int run, int month,
                          int64_t base, double brought) {
    enum { STREAM = 0x4B000000 }; // "K"
    struct kin_month out = {0};
    struct rng r;
    if (!k->from)
        return out;
    rng_start(&r, seed, (uint64_t)month, (uint32_t)STREAM | (uint32_t)run);
    int64_t first = poisson(&r, brought + k->rate * (double)base);
    come(k, s, &r, first, false);
    int64_t friends = next_generation(k, s, &r);
    int64_t refused = binomial(&r, first + friends, k->refused);
    int64_t stay = binomial(&r, s->there, pow(k->kept, 1.0 / 12));
    out.joined = first + friends - refused;
    out.rewards = pay_all(k, s, &r, refused);
    out.purchases = poisson(&r, (double)stay * k->pace);
    s->there = stay + out.joined;
    s->fresh = out.joined;
    out.customers = s->there;
    return out;
}
