// What was done before, from the tables `contacts` and `rewards`, whose rows after the as-of date
// do not exist.
//
// A contact is a row of `contacts`, but for those of an arm that was held out (reason.h). What a
// campaign has cost is the cost of its contacts, and the rewards of a programme of its name.
#include <string.h>

#include "base/date.h"
#include "decide/stages.h"
#include "metric/filter.h"
#include "table/seal.h"

// How a limit counts the contacts of one customer.
struct counter {
    const struct limit *limit;
    int32_t after;      // that day and those before are too long ago
    uint32_t channels;  // a bit each; 0: all
    int campaign;       // -1: those of `counts`
    int contact_policy; // that it is of, if it is of no campaign
    const bool *counts; // by campaign; NULL: all
    uint64_t *full;     // bits of customers
    int64_t seen;       // of the customer whose turn it is,
    int32_t *date;      // and when; NULL: nobody asks
};

struct past {
    struct decisions *d;
    struct arena *arena;
    const struct table *contacts;                         // or NULL
    const struct column *campaign, *channel, *arm, *cost; // of contacts, or NULL
    int *campaign_of, *channel_of;                        // by code: of the policy; -1
    int *held_out;                                        // by code of the arm: 1
    int32_t *total_after, *budget_after;                  // by campaign
    int64_t costless; // contacts of campaigns with a budget that have no cost
    int counters;
    struct counter *counter;
};

// ---- what the limits ask ----------------------------------------------------------------------

// The last day that is too long ago for a limit.
static int32_t too_long_ago(const struct past *p, const struct limit *limit,
                            const struct campaign *c) {
    bool window = limit->per.days || limit->per.months;
    if (window)
        return filter_before(p->d->data->as_of, limit->per);
    return (c ? c->period.from : DATE_MIN) - 1;
}

static uint64_t *bits_of_customers(const struct past *p) {
    return arena_array(p->arena, (size_t)bit_words(p->d->data->customers), sizeof(uint64_t));
}

// A limit of none is reached by everybody.
static struct counter *add_counter(struct past *p, const struct limit *limit,
                                   const struct campaign *c, uint64_t *full) {
    struct counter *k = &p->counter[p->counters];
    if (!limit->given)
        return NULL;
    p->counters++;
    *k = (struct counter){limit, too_long_ago(p, limit, c), .campaign = -1, .full = full};
    if (limit->most == 0)
        memset(full, 0xFF, (size_t)bit_words(p->d->data->customers) * sizeof *full);
    return k;
}

static void add_counters(struct past *p) {
    const struct policy *policy = p->d->policy;
    struct history *h = &p->d->history;
    size_t most = (size_t)(policy->campaigns + 2 * policy->contact_policies);
    p->counter = arena_array(p->arena, most, sizeof *p->counter);
    for (int i = 0; i < policy->campaigns; i++) {
        const struct campaign *c = &policy->campaign[i];
        if (!c->caps.customer.given)
            continue;
        uint64_t *full = bits_of_customers(p);
        add_counter(p, &c->caps.customer, c, full)->campaign = i;
        h->capped[i] = full;
    }
    for (int i = 0; i < policy->contact_policies; i++) {
        const struct contact_policy *c = &policy->contact_policy[i];
        const struct limit *limit[] = {&c->customer, &c->rest};
        uint64_t *full = bits_of_customers(p);
        for (int k = 0; k < 2; k++) {
            struct counter *added = add_counter(p, limit[k], NULL, full);
            if (added) {
                added->contact_policy = i;
                added->channels = c->channels;
                added->counts = c->campaign;
            }
        }
        h->pressed[i] = full;
    }
}

// ---- what the tables have -----------------------------------------------------------------------

static bool asks_for_campaigns(const struct policy *p, struct place *at) {
    for (int i = 0; i < p->campaigns; i++) {
        const struct caps *c = &p->campaign[i].caps;
        *at = p->campaign[i].at;
        if (c->customer.given || c->total.given || c->budget.given || c->most)
            return true;
    }
    for (int i = 0; i < p->contact_policies; i++) {
        *at = p->contact_policy[i].at;
        if (p->contact_policy[i].campaign)
            return true;
    }
    return false;
}

static bool asks_for_channels(const struct policy *p, struct place *at) {
    for (int i = 0; i < p->contact_policies; i++) {
        *at = p->contact_policy[i].at;
        if (p->contact_policy[i].channels)
            return true;
    }
    return false;
}

static enum status check_column(const struct column *c, struct place at, const char *name,
                                const char *what, struct err *err) {
    if (c)
        return seal_check(c, err);
    return err_at(
        err, REFUSED, at,
        "the table contacts has no column `%s`, so nobody knows %s the contacts were: add "
        "it, or drop the limit",
        name, what);
}

static enum status find_columns(struct past *p, struct err *err) {
    struct place at;
    p->campaign = table_column(p->contacts, STR("campaign"));
    p->channel = table_column(p->contacts, STR("channel"));
    p->arm = table_column(p->contacts, STR("arm"));
    p->cost = table_column(p->contacts, STR("cost"));
    if (asks_for_campaigns(p->d->policy, &at))
        TRY(check_column(p->campaign, at, "campaign", "of which campaign", err));
    if (asks_for_channels(p->d->policy, &at))
        TRY(check_column(p->channel, at, "channel", "by which channel", err));
    return seal_check_table(p->contacts, err);
}

// What the codes of a column of labels mean: the index of a name, or -1.
static int *meanings(struct arena *a, const struct column *c, const struct policy *p,
                     int (*index_of)(const struct policy *p, struct str name)) {
    if (!c)
        return NULL;
    int *list = arena_array(a, (size_t)c->dict->n, sizeof *list);
    for (int32_t i = 0; i < c->dict->n; i++)
        list[i] = index_of(p, dict_at(c->dict, i));
    return list;
}

static int is_control(const struct policy *p, struct str arm) {
    (void)p;
    return reason_is_control_arm(arm);
}

// ---- counting -----------------------------------------------------------------------------------

struct contact {
    int32_t date;
    int campaign, channel; // of the policy, or -1
};

static int meaning(const struct column *c, const int *means, int64_t row, int otherwise) {
    return c && column_has(c, row) ? means[c->code[row]] : otherwise;
}

static void count_contact(struct past *p, int64_t customer, const struct contact *t) {
    for (struct counter *k = p->counter; k < p->counter + p->counters; k++) {
        bool campaign = k->campaign >= 0
                            ? t->campaign == k->campaign
                            : !k->counts || (t->campaign >= 0 && k->counts[t->campaign]);
        bool channel = !k->channels || (t->channel >= 0 && k->channels >> t->channel & 1);
        if (!campaign || !channel || t->date <= k->after)
            continue;
        if (k->date)
            k->date[k->seen] = t->date;
        if ((double)++k->seen >= k->limit->most)
            bit_set(k->full, customer);
    }
}

// More than a number can be is more than any budget.
static void add_spent(int64_t *sum, int64_t cost) {
    if (__builtin_add_overflow(*sum, cost, sum))
        *sum = cost > 0 ? INT64_MAX : INT64_MIN;
}

// The totals of the contact's campaign.
static void sum_contact(struct past *p, int64_t customer, int64_t row, const struct contact *t) {
    struct history *h = &p->d->history;
    const struct campaign *c = &p->d->policy->campaign[t->campaign];
    h->made[t->campaign] += t->date > p->total_after[t->campaign];
    if (c->caps.most && t->date >= c->period.from) {
        const struct column *class = p->d->standing[c->caps.scheme].class;
        if (column_has(class, customer))
            h->made_to[t->campaign][class->code[customer]]++;
    }
    if (!c->caps.budget.given || t->date <= p->budget_after[t->campaign])
        return;
    if (p->cost && column_has(p->cost, row))
        add_spent(&h->spent[t->campaign], p->cost->integer[row]);
    else
        p->costless++;
}

static void count_customer(struct past *p, int64_t customer) {
    for (int k = 0; k < p->counters; k++)
        p->counter[k].seen = 0;
    for (int64_t row = p->contacts->start[customer]; row < p->contacts->start[customer + 1];
         row++) {
        struct contact t = {p->contacts->date->date[row],
                            meaning(p->campaign, p->campaign_of, row, -1),
                            meaning(p->channel, p->channel_of, row, -1)};
        if (meaning(p->arm, p->held_out, row, 0))
            continue;
        count_contact(p, customer, &t);
        if (t.campaign >= 0)
            sum_contact(p, customer, row, &t);
    }
}

static void find_meanings(struct past *p) {
    const struct policy *policy = p->d->policy;
    p->campaign_of = meanings(p->arena, p->campaign, policy, policy_campaign);
    p->channel_of = meanings(p->arena, p->channel, policy, policy_channel);
    p->held_out = meanings(p->arena, p->arm, policy, is_control);
}

static enum status count_contacts(struct past *p, const struct host *host, struct err *err) {
    TRY(find_columns(p, err));
    find_meanings(p);
    for (int64_t i = 0; i < p->d->data->customers; i++) {
        if (i % POLL_EACH == 0)
            TRY(host_poll(host, err));
        count_customer(p, i);
    }
    return DONE;
}

// Rewards whose programme is a campaign were paid from its budget.
static enum status count_rewards(struct past *p, const struct table *rewards, struct err *err) {
    const struct policy *policy = p->d->policy;
    const struct column *programme = table_column(rewards, STR("programme"));
    const struct column *amount = table_column(rewards, STR("amount"));
    if (!programme || !amount)
        return DONE;
    TRY(seal_check_table(rewards, err));
    const int *campaign_of = meanings(p->arena, programme, policy, policy_campaign);
    for (int64_t row = 0; row < rewards->n; row++) {
        int k = meaning(programme, campaign_of, row, -1);
        if (k >= 0 && column_has(amount, row) && rewards->date->date[row] > p->budget_after[k])
            add_spent(&p->d->history.spent[k], amount->integer[row]);
    }
    return DONE;
}

// ---- all of it ----------------------------------------------------------------------------------

static void make_sums(struct arena *a, struct past *past) {
    const struct policy *p = past->d->policy;
    struct history *h = &past->d->history;
    past->total_after = arena_array(a, (size_t)p->campaigns, sizeof *past->total_after);
    past->budget_after = arena_array(a, (size_t)p->campaigns, sizeof *past->budget_after);
    h->capped = arena_array(a, (size_t)p->campaigns, sizeof *h->capped);
    h->pressed = arena_array(a, (size_t)p->contact_policies, sizeof *h->pressed);
    h->made = arena_array(a, (size_t)p->campaigns, sizeof *h->made);
    h->spent = arena_array(a, (size_t)p->campaigns, sizeof *h->spent);
    h->made_to = arena_array(a, (size_t)p->campaigns, sizeof *h->made_to);
    for (int i = 0; i < p->campaigns; i++) {
        const struct campaign *c = &p->campaign[i];
        past->total_after[i] = too_long_ago(past, &c->caps.total, c);
        past->budget_after[i] = too_long_ago(past, &c->caps.budget, c);
        if (c->caps.most)
            h->made_to[i] =
                arena_array(a, (size_t)p->scheme[c->caps.scheme].n, sizeof **h->made_to);
    }
}

enum status history_read(struct arena *a, const struct host *host, struct decisions *d,
                         struct err *err) {
    struct past p = {.d = d, .arena = a};
    struct place at;
    const struct table *rewards = NULL;
    if (d->data->people) { // else it is the customer of a test
        rewards = dataset_table(d->data, STR("rewards"));
        p.contacts = dataset_table(d->data, STR("contacts"));
    }
    make_sums(a, &p);
    add_counters(&p);
    if (!asks_for_campaigns(d->policy, &at) && p.counters == 0)
        return DONE;
    if (p.contacts)
        TRY(count_contacts(&p, host, err));
    else if (!d->data->alone)
        host_note(host, "the data has no table contacts: nobody counts as contacted before");
    if (p.costless > 0)
        host_note(host, "contacts without a cost: %lld; they count as free of cost in the budgets",
                  (long long)p.costless);
    return rewards ? count_rewards(&p, rewards, err) : DONE;
}

// ---- one customer's, told -----------------------------------------------------------------------

// The first day on which so few of the contacts count that there is room for one more.
static int32_t room_from(const struct past *p, const struct counter *k) {
    int32_t today = p->d->data->as_of;
    if ((double)k->seen < k->limit->most)
        return today;
    bool window = k->limit->per.days || k->limit->per.months;
    if (!window || k->limit->most < 1)
        return DATE_MAX;
    int32_t leaves = k->date[k->seen - (int64_t)k->limit->most], day = today;
    while (day < DATE_MAX && filter_before(day, k->limit->per) < leaves)
        day++;
    return day;
}

int decide_pressures(struct arena *a, const struct decisions *d, int64_t customer,
                     const struct pressure **out) {
    struct decisions own = *d; // whose history is counted anew
    struct past p = {.d = &own, .arena = a};
    struct err err = {DONE};
    p.contacts = d->data->people ? dataset_table(d->data, STR("contacts")) : NULL;
    make_sums(a, &p);
    add_counters(&p);
    if (p.contacts && find_columns(&p, &err) == DONE) { // as it was when it was decided
        int64_t most = p.contacts->start[customer + 1] - p.contacts->start[customer];
        for (struct counter *k = p.counter; k < p.counter + p.counters; k++)
            k->date = arena_array(a, (size_t)most, sizeof *k->date);
        find_meanings(&p);
        count_customer(&p, customer);
    }
    struct pressure *list = arena_array(a, (size_t)p.counters, sizeof *list);
    for (int i = 0; i < p.counters; i++) {
        const struct counter *k = &p.counter[i];
        list[i] = (struct pressure){.limit = k->limit,
                                    .campaign = k->campaign,
                                    .contact_policy = k->contact_policy,
                                    .times = k->seen,
                                    .first = k->after < DATE_MIN ? DATE_MIN : k->after + 1,
                                    .last = k->seen ? k->date[k->seen - 1] : DATE_MIN,
                                    .open = room_from(&p, k)};
    }
    *out = list;
    return p.counters;
}
