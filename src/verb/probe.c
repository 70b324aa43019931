// A test's customer is a dataset of one, and the engine runs as it does for millions. Holdouts do
// not count: a test says what the policy offers.
#include "verb/probe.h"

#include "base/money.h"
#include "base/number.h"
#include "policy/outcomes.h"
#include "verb/given.h"

// ---- comparing --------------------------------------------------------------------------------

static const struct column *column_of(const struct decisions *d, struct str name) {
    const struct scheme *s;
    const struct scheme_column *c = scheme_find_column(d->policy, name, &s);
    return d->standing[s - d->policy->scheme].column[c - s->column];
}

static bool is_as(const struct column *c, const struct value *v) {
    if (!column_has(c, 0))
        return false;
    if (v->tag == VALUE_STRING)
        return str_eq(column_str(c, 0), v->string);
    return column_double(c, 0) == (v->tag == VALUE_BOOLEAN   ? (double)v->boolean
                                   : v->tag == VALUE_INTEGER ? (double)v->integer
                                                             : v->number);
}

static void compare_columns(const struct decisions *d, const struct expectation *e,
                            struct buf *failure) {
    for (const struct given *g = e->column; g < e->column + e->columns; g++) {
        const struct column *c = column_of(d, g->name);
        const char *quote = g->value.tag == VALUE_STRING ? "\"" : "";
        if (is_as(c, &g->value))
            continue;
        buf_printf(failure, "expected %.*s = %s", (int)g->name.n, g->name.p, quote);
        value_print(&g->value, c->type, failure);
        buf_printf(failure, "%s, got %s", quote, column_has(c, 0) ? quote : "nothing");
        if (column_has(c, 0)) {
            column_print(c, 0, failure);
            buf_z(failure, quote);
        }
        buf_char(failure, '\n');
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

// How much of what is offered; 0 of an offer that does not count.
static void compare_offered(const struct decisions *d, const struct expected_amount *e,
                            struct buf *failure) {
    char want[NUMBER_MAX], got[NUMBER_MAX];
    double amount = d->chosen[0] < 0 ? 0 : d->candidate[d->chosen[0]].amount;
    if (e->given && e->amount != amount)
        buf_printf(failure, "expected an amount of %.*s, got %.*s\n", number_print(e->amount, want),
                   want, number_print(amount, got), got);
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
                              struct probe *out, struct err *err) {
    struct explanation *x = &out->explanation;
    struct findings findings = {.arena = c->arena};
    struct decisions *d;
    x->opened.policy = p;
    TRY(given_board(c->arena, p, c->host, e, &x->opened.loaded.data, &x->opened.board, err));
    TRY(policy_compile(c->arena, p, x->opened.board, NULL, &findings, err));
    out->outcomes = outcomes_new(c->arena, p, 1);
    struct host *quiet = arena_alloc(c->arena, sizeof *quiet); // the decisions keep it
    *quiet = *c->host;
    quiet->note = NULL; // what one customer's data lack is no news
    TRY(decide(c->arena, quiet, p, x->opened.board, &x->opened.loaded.data, &d, err));
    x->d = d;
    return DONE;
}

enum status probe_run(struct call *c, struct policy *p, const struct expectation *e,
                      struct probe *out, struct err *err) {
    struct buf failure = {.arena = c->arena};
    struct err own = {DONE};
    *out = (struct probe){.expected = e};
    enum status status = decide_one(c, p, e, out, &own);
    if (status_is_final(status))
        return err_set(err, status, "%s", own.text);
    if (status != DONE) {
        char line[4096];
        err_line(&own, line, sizeof line);
        buf_printf(&failure, "%s\n", line);
    } else {
        compare_columns(out->explanation.d, e, &failure);
        compare_offers(out->explanation.d, e, &failure);
        compare_offered(out->explanation.d, &e->amount, &failure);
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
