// Invariant: a customer's answer in the arm that was drawn is what the transactions show: there is
// a purchase in the window, or there is none. Answers by potential arm (Rubin 1974) make the true
// effect a plain difference of means, over all customers that were contacted.
#include "generate/campaign.h"

static bool buys_between(const struct course *c, int32_t from, int32_t to) {
    for (size_t i = c->n; i > 0 && c->day[i - 1] >= from; i--)
        if (c->day[i - 1] <= to)
            return true;
    return false;
}

// Days since the last purchase before that day; -1 if there is none.
static int silence(const struct course *c, int32_t day) {
    for (size_t i = c->n; i > 0; i--)
        if (c->day[i - 1] <= day)
            return day - c->day[i - 1];
    return -1;
}

void campaign_run(const struct campaign *k, struct rng *r, struct course *c, struct contact *out) {
    int silent = silence(c, k->day);
    int32_t end = k->day + k->window;
    *out = (struct contact){.contacted = silent >= k->silent_least && silent <= k->silent_most};
    if (!out->contacted)
        return;
    bool alone = buys_between(c, k->day + 1, end), there = c->left > end;
    double reluctance = rng_uniform(r);
    for (int i = 0; i < k->arms; i++)
        out->answers[i] = alone || (there && reluctance < k->arm[i].moves);
    out->arm = rng_pick(r, k->share, k->arms);
    if (out->answers[out->arm] && !alone)
        course_insert(c, k->day + 1 + (int32_t)rng_below(r, k->window));
}

void campaign_count(const struct contact *t, const struct campaign *k, struct tally *tally) {
    if (!t->contacted)
        return;
    tally->contacted++;
    tally->in_arm[t->arm]++;
    tally->answered[t->arm] += t->answers[t->arm];
    for (int i = 0; i < k->arms; i++)
        tally->would_answer[i] += t->answers[i];
}

const struct field campaign_fields[] = {
    {"customer", "label"}, {"date", "date"},  {"campaign", "label"}, {"arm", "label"},
    {"channel", "label"},  {"cost", "money"}, {"response", "flag"},  {NULL},
};

void campaign_row(const struct contact *t, const struct campaign *k, int64_t customer,
                  struct rows *out) {
    if (!t->contacted)
        return;
    const struct arm *arm = &k->arm[t->arm];
    char *at = cells_id(cells_open(out), 'C', customer);
    at = cells_date(at, k->day);
    at = cells_text(at, str_of(k->name));
    at = cells_text(at, str_of(arm->name));
    at = cells_text(at, str_of(arm->channel));
    at = cells_money(at, arm->cost);
    cells_close(out, cells_flag(at, t->answers[t->arm]));
}

void campaign_truth(const struct contact *t, const struct campaign *k, int64_t customer,
                    const struct course *c, double rate_a_week, struct rows *out) {
    char *at = cells_id(cells_open(out), 'C', customer);
    at = c->left == NEVER ? cells_empty(at) : cells_date(at, c->left);
    at = cells_number(at, rate_a_week);
    for (int i = 0; i < k->arms; i++)
        at = t->contacted ? cells_flag(at, t->answers[i]) : cells_empty(at);
    cells_close(out, at);
}
