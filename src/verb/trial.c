// A test's customer is a dataset of one, and the engine runs as it does for millions. Holdouts do
// not count: a test says what the policy offers.
#include "verb/trial.h"

#include "base/money.h"
#include "base/number.h"
#include "policy/outcomes.h"
#include "verb/given.h"

static const struct standing *standing_of(const struct decisions *d, struct str scheme) {
    for (int i = 0; i < d->policy->schemes; i++)
        if (str_eq(d->policy->scheme[i].name, scheme) || (i == 0 && str_is(scheme, "tier")))
            return &d->standing[i];
    return NULL;
}

// ---- comparing --------------------------------------------------------------------------------

static void compare_tiers(const struct decisions *d, const struct expectation *e,
                          struct buf *failure) {
    for (int i = 0; i < e->classes; i++) {
        const struct standing *t = standing_of(d, e->class[i].scheme);
        struct str got = STR("no tier"), want = e->class[i].class;
        if (column_has(t->class, 0))
            got = column_str(t->class, 0);
        if (!str_eq(got, want))
            buf_printf(failure, "expected %.*s = \"%.*s\", got \"%.*s\"\n",
                       (int)e->class[i].scheme.n, e->class[i].scheme.p, (int)want.n, want.p,
                       (int)got.n, got.p);
    }
}

static bool is_offered(const struct decisions *d, struct str campaign) {
    if (d->chosen[0] < 0)
        return false;
    int winner = d->candidate[d->chosen[0]].campaign;
    return str_eq(d->policy->campaign[winner].name, campaign);
}

static void compare_offers(const struct decisions *d, const struct expectation *e,
                           struct buf *failure) {
    bool expected_winner = false;
    for (int i = 0; i < e->offers; i++) {
        bool offered = is_offered(d, e->offer[i]);
        expected_winner = expected_winner || offered;
        if (!offered)
            buf_printf(failure, "expected the offer \"%.*s\", which was not made\n",
                       (int)e->offer[i].n, e->offer[i].p);
    }
    if (!e->has_offers || d->chosen[0] < 0 || expected_winner)
        return;
    struct str got = d->policy->campaign[d->candidate[d->chosen[0]].campaign].name;
    buf_printf(failure, "got the offer \"%.*s\", which was not expected\n", (int)got.n, got.p);
}

// What a party gets for the one referral, by all blocks together.
static int64_t reward_of(const struct decisions *d, int party) {
    int64_t sum = 0;
    for (int k = 0; k < d->policy->referrals; k++)
        for (int64_t i = 0; i < d->referred[k].rewards; i++)
            sum += d->referred[k].reward[i].amount[party];
    return sum;
}

static void compare_rewards(const struct decisions *d, const struct expectation *e,
                            struct buf *failure) {
    static const char *const whose[PARTIES] = {"reward", "friend_reward"};
    for (int party = 0; party < PARTIES; party++) {
        int64_t got, want;
        char shown[NUMBER_MAX];
        if (!e->has_reward[party])
            continue;
        got = reward_of(d, party);
        if (!money_round(e->reward[party], d->data->decimals, &want) || got != want)
            buf_printf(failure, "expected %s = %.15g, got %.*s\n", whose[party], e->reward[party],
                       money_print(got, d->data->decimals, shown), shown);
    }
}

// The amounts of all that is granted, or held out.
static void compare_amount(const struct decisions *d, const struct expected_amount *e,
                           const char *what, size_t offset, struct buf *failure) {
    int decimals = d->data->decimals;
    char want[NUMBER_MAX], got[NUMBER_MAX];
    int64_t sum = 0, amount = 0;
    for (int64_t i = 0; i < d->candidates; i++)
        if (reason_is_won((enum reason)d->reason[d->candidate[i].campaign][0]))
            sum += *(const int64_t *)((const char *)&d->candidate[i] + offset);
    if (!e->given || (money_round(e->amount, decimals, &amount) && amount == sum))
        return;
    buf_printf(failure, "expected a %s of %.*s, got %.*s\n", what, number_print(e->amount, want),
               want, money_print(sum, decimals, got), got);
}

// Everything up to the decision; an error here is the test's failure.
static enum status decide_one(struct call *c, struct policy *p, const struct expectation *e,
                              struct trial *out, struct err *err) {
    struct explanation *x = &out->explanation;
    struct findings findings = {.arena = c->arena};
    struct decisions *d;
    x->opened.policy = p;
    TRY(given_board(c->arena, p, c->host, e, &x->opened.loaded.data, &x->opened.board, err));
    TRY(policy_compile(c->arena, p, x->opened.board, NULL, &findings, err));
    out->outcomes = outcomes_new(c->arena, p, 1);
    TRY(decide(c->arena, c->host, p, x->opened.board, &x->opened.loaded.data, &d, err));
    x->d = d;
    return DONE;
}

enum status trial_run(struct call *c, struct policy *p, const struct expectation *e,
                      struct trial *out, struct err *err) {
    struct buf failure = {.arena = c->arena};
    struct err own = {DONE};
    *out = (struct trial){.expected = e};
    enum status status = decide_one(c, p, e, out, &own);
    if (status_is_final(status))
        return err_set(err, status, "%s", own.text);
    if (status != DONE) {
        char line[4096];
        err_line(&own, line, sizeof line);
        buf_printf(&failure, "%s\n", line);
    } else {
        compare_tiers(out->explanation.d, e, &failure);
        compare_offers(out->explanation.d, e, &failure);
        compare_amount(out->explanation.d, &e->cost, "cost", offsetof(struct candidate, cost),
                       &failure);
        compare_amount(out->explanation.d, &e->value, "value", offsetof(struct candidate, value),
                       &failure);
        compare_rewards(out->explanation.d, e, &failure);
        TRY(explain_customer(c, &out->explanation, err));
    }
    out->failure = (struct str){failure.p, failure.n};
    out->passed = failure.n == 0;
    return DONE;
}
