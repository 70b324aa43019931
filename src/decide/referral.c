// One block of the policy at a time: what stands against each referral (judge), how many of the
// referrer's have qualified (rank), what is due (price), and what of that is paid (pay).
#include "decide/referral.h"

#include "base/date.h"
#include "decide/edges.h"
#include "decide/programme.h"
#include "decide/stages.h"

static const struct {
    const char *name, *help;
} reasons[REFERRAL_REASONS] = {
    [REFERRAL_GRANTED] = {"granted", "the reward is to be paid"},
    [REFERRAL_PAID] = {"already rewarded", "the table rewards has it"},
    [REFERRAL_TAKEN_BACK] = {"clawed back", "`claw_back` holds of a reward that was paid"},
    [REFERRAL_CAP] = {"cap", "as many are rewarded as `caps` allows"},
    [REFERRAL_BUDGET] = {"budget", "what is left of the budget is less than the reward"},
    [REFERRAL_PENDING] = {"pending", "`hold` is not over"},
    [REFERRAL_UNQUALIFIED] = {"not qualified", "`qualifies` does not hold"},
    [REFERRAL_UNREWARDED] = {"no reward", "`reward` has nothing for such a customer"},
    [REFERRAL_BLOCKED] = {"blocked", "`block` holds"},
    [REFERRAL_SUPPRESSED] = {"suppressed", "a value that `block` needs is missing"},
    [REFERRAL_UNKNOWN] = {"missing value", "a value that it takes to decide is missing"},
    [REFERRAL_FAULT] = {"fault", "a rule failed for this referral"},
    [REFERRAL_OTHER] = {"credited to another", "another had referred the friend first"},
    [REFERRAL_UNCREDITED] = {"closes a ring", "who was there first was referred by nobody"},
    [REFERRAL_REPEATED] = {"repeated", "an earlier row says the same"},
    [REFERRAL_SELF] = {"self-referral", "the referrer is the friend"},
    [REFERRAL_EARLY] = {"referrer joined later", "the row is from before the referrer joined"},
    [REFERRAL_STRANGER] = {"no customer", "the friend is no customer, or not yet"},
    [REFERRAL_ELSEWHERE] = {"other programme", "the row is of another programme"},
};

const char *referral_reason_name(enum referral_reason r) {
    return reasons[r].name;
}

const char *referral_reason_help(enum referral_reason r) {
    return reasons[r].help;
}

int32_t referral_due(const struct referral *k, int32_t date) {
    int64_t due = date_add_months(date, (long)k->hold.months) + k->hold.days;
    return due > DATE_MAX ? DATE_MAX : (int32_t)due;
}

int32_t edge_date(const struct edges *e, int64_t edge) {
    return e->table->date->date[e->row[edge]];
}

// ---- rank -----------------------------------------------------------------------------------

// Edges come by referrer and date: of each, which of its qualified ones it is. What was paid before
// has qualified.
static void rank(struct arena *a, struct programme *r) {
    const struct edges *e = r->edges;
    bool matters = false;
    for (int i = 0; i < r->referral->prizes; i++)
        matters |= r->referral->prize[i].least > 1;
    r->rank = matters ? arena_array(a, (size_t)e->n, sizeof *r->rank) : NULL;
    for (int64_t i = 0, qualified = 0; matters && i < e->n; i++) {
        uint8_t reason = r->out->reason[i];
        if (i == 0 || e->referrer[i] != e->referrer[i - 1])
            qualified = 0;
        if (reason == REFERRAL_GRANTED || (reason != REFERRAL_TAKEN_BACK && r->past[i]))
            qualified++;
        r->rank[i] = qualified;
    }
}

// ---- what comes of it -----------------------------------------------------------------------

// What was paid stays paid, whatever is found out later, unless it is taken back.
static void keep_paid(const struct programme *r) {
    for (int64_t i = 0; r->paid.n && i < r->edges->n; i++) {
        uint8_t *reason = &r->out->reason[i];
        if (r->past[i] && *reason > REFERRAL_TAKEN_BACK && *reason != REFERRAL_FAULT)
            *reason = REFERRAL_PAID;
    }
}

// What is left to take back of it.
static struct reward reward_back(const struct programme *r, int64_t edge) {
    const struct paid *p = r->past[edge];
    struct reward reward = {.edge = edge};
    for (int party = 0; party < PARTIES; party++)
        if (p->given[party].there && !p->back[party].there)
            reward.amount[party] = -p->given[party].amount;
    return reward;
}

static struct reward reward_for(const struct programme *r, int64_t edge) {
    return (struct reward){
        edge, {r->amount[PARTY_REFERRER][edge], r->amount[PARTY_FRIEND][edge]}, r->value[edge]};
}

static void add(struct referred *out, struct reward reward) {
    int64_t sum = reward.amount[PARTY_REFERRER] + reward.amount[PARTY_FRIEND];
    if (sum == 0) // it was taken back before
        return;
    *(sum > 0 ? &out->paid : &out->taken_back) += sum;
    out->value += reward.value;
    out->reward[out->rewards++] = reward;
}

static void list_rewards(struct arena *a, const struct programme *r) {
    struct referred *out = r->out;
    for (int64_t i = 0; i < r->edges->n; i++)
        out->count[out->reason[i]]++;
    int64_t most = out->count[REFERRAL_GRANTED] + out->count[REFERRAL_TAKEN_BACK];
    out->reward = arena_array(a, (size_t)most, sizeof *out->reward);
    for (int64_t i = 0; i < r->edges->n; i++)
        if (out->reason[i] == REFERRAL_GRANTED)
            add(out, reward_for(r, i));
        else if (out->reason[i] == REFERRAL_TAKEN_BACK)
            add(out, reward_back(r, i));
}

static enum status decide_one(struct arena *a, const struct host *host, struct programme *r,
                              struct err *err) {
    struct arena *own = arena_child(a);
    size_t n = (size_t)r->edges->n;
    r->out->referral = r->referral;
    r->out->reason = arena_array(a, n, sizeof *r->out->reason);
    for (int party = 0; party < PARTIES; party++)
        r->amount[party] = arena_array(own, n, sizeof *r->amount[party]);
    r->value = arena_array(own, n, sizeof *r->value);
    r->past = arena_array(own, n, sizeof *r->past);
    TRY(programme_open(own, r, err));
    TRY(programme_judge(host, r, err));
    rank(own, r);
    TRY(programme_price(host, r, err));
    TRY(programme_pay(own, r, err));
    keep_paid(r);
    list_rewards(a, r);
    arena_free(own);
    return DONE;
}

// Computes the columns that the rules read of customers.
static enum status compute_columns(struct programme *r, struct err *err) {
    const struct policy *p = r->d->policy;
    for (int i = 0; i < p->sites; i++) {
        const struct rule *rule = p->site[i].rule;
        const int *slots;
        int n = p->site[i].referral ? rule_slots(rule, &slots) : 0;
        for (int k = 0; k < n; k++) {
            const struct pair_column *c = &p->pairs->column[slots[k]];
            if (c->side != PAIR_ROW && board_columns(r->d->board, &c->slot, 1, &r->board, err))
                return err_place(err, rule->formula.at);
        }
    }
    return DONE;
}

enum status decide_referrals(struct arena *a, const struct host *host, struct decisions *d,
                             struct err *err) {
    const struct policy *p = d->policy;
    if (p->referrals == 0 || d->data->alone)
        return DONE;
    struct edges *edges = arena_alloc(a, sizeof *edges);
    struct programme r = {.d = d, .edges = edges};
    d->edges = edges;
    d->referred = arena_array(a, (size_t)p->referrals, sizeof *d->referred);
    r.gather = arena_array(a, (size_t)block_threads(host), sizeof *r.gather);
    if (edges_read(a, host, d->board, d->data, edges, err) != DONE)
        return err_place(err, p->referral[0].at);
    TRY(paid_read(a, d, &r.paid, err));
    TRY(compute_columns(&r, err));
    for (r.index = 0; r.index < p->referrals; r.index++) {
        r.referral = &p->referral[r.index];
        r.out = &d->referred[r.index];
        TRY(decide_one(a, host, &r, err));
    }
    return DONE;
}

// ---- one referral ---------------------------------------------------------------------------

const struct column *const *referral_columns(struct arena *a, const struct decisions *d,
                                             int64_t edge, const struct rule *rule) {
    const struct column *const *board = NULL;
    struct err none = {DONE}; // no slot is asked for
    board_columns(d->board, NULL, 0, &board, &none);
    struct gather *g = gather_new(a, d->policy->pairs, d->edges, board);
    gather_turn(g, edge, 1);
    return gather_columns(g, rule);
}

const struct failure *referral_failure(const struct decisions *d, const struct referral *k,
                                       int64_t edge) {
    int32_t from = d->edges->referrer[edge];
    const struct failure *f = decide_failures_from(d, from, edge);
    for (; f < d->failure + d->failures && f->customer == from && f->edge == edge; f++)
        if (policy_site(d->policy, f->rule)->referral == k)
            return f;
    return NULL;
}
