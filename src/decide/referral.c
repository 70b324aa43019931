// One block of the policy at a time: what stands against each referral (judge), how many of the
// referrer's have qualified (rank), what is due (price), and what of that is paid (pay). Judge and
// price look at every referral alone, on all cores; the others walk along all of them.
//
// Invariant: a referral that is still open has REFERRAL_GRANTED, which is 0, and whatever is
// decided first stays.
#include "decide/referral.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "decide/edges.h"
#include "decide/gather.h"
#include "decide/paid.h"
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

struct run {
    struct decisions *d;
    const struct edges *edges;
    const struct column *const *board;
    struct gather **gather; // by worker, made at its first block
    struct paid_list paid;
    // Of the block of the policy that is decided:
    const struct referral *referral;
    int index;
    struct referred *out;
    const struct paid **past;         // [edge]: what was paid for it before, or NULL
    int64_t *amount[PARTIES], *value; // [edge]
    int64_t *rank;                    // [edge], or NULL: it matters to no prize
};

static int32_t date_of(const struct edges *e, int64_t edge) {
    return e->table->date->date[e->row[edge]];
}

// ---- what is open at all --------------------------------------------------------------------

int32_t referral_due(const struct referral *k, int32_t date) {
    int64_t due = date_add_months(date, (long)k->hold.months) + k->hold.days;
    return due > DATE_MAX ? DATE_MAX : (int32_t)due;
}

static enum status programme_column(const struct run *r, const struct column **out,
                                    struct err *err) {
    *out = r->referral->programme.n ? table_column(r->edges->table, STR("programme")) : NULL;
    if (*out && (*out)->type != TYPE_LABEL)
        return err_at(err, REFUSED, r->referral->at,
                      "the column programme of referrals is to be of type label, not %s",
                      type_name((*out)->type));
    return DONE;
}

// A row that names no programme is of all of them.
static bool is_elsewhere(const struct column *programme, int32_t code, int64_t row) {
    return programme && column_has(programme, row) && programme->code[row] != code;
}

// Rows of a pair come by date: the first is the referral, and what was paid was paid for that.
static void open_edge(struct run *r, int64_t edge, int32_t *met) {
    const struct edges *e = r->edges;
    int32_t friend = e->friend[edge], by = e->referrer[edge] + 1;
    uint8_t *reason = &r->out->reason[edge];
    if (*reason != REFERRAL_GRANTED && *reason != REFERRAL_OTHER && *reason != REFERRAL_UNCREDITED)
        return;
    if (met[friend] == by)
        *reason = REFERRAL_REPEATED;
    else
        r->past[edge] = paid_find(&r->paid, r->index, e->referrer[edge], friend);
    met[friend] = by;
}

static enum status open_edges(struct arena *a, struct run *r, struct err *err) {
    const struct edges *e = r->edges;
    const struct column *programme;
    int32_t *met = arena_array(a, (size_t)r->d->data->customers, sizeof *met); // by whom, + 1
    TRY(programme_column(r, &programme, err));
    int32_t code = programme ? dict_find(programme->dict, r->referral->programme) : -1;
    for (int64_t i = 0; i < e->n; i++) {
        bool elsewhere = is_elsewhere(programme, code, e->row[i]);
        r->out->reason[i] = elsewhere ? REFERRAL_ELSEWHERE : e->standing[i];
        open_edge(r, i, met);
    }
    return DONE;
}

// ---- rules over blocks of edges -------------------------------------------------------------

struct batch {
    const struct run *run;
    struct evaluator *evaluator;
    struct gather *gather;
    int64_t first;
    int n;
    uint8_t *reason; // of the first
};

static struct batch batch_new(const struct block *b) {
    const struct run *r = b->arg;
    struct evaluator *own = &r->d->evaluator[b->worker];
    struct gather **gather = &r->gather[b->worker];
    if (!*gather)
        *gather = gather_new(own->arena, r->d->policy->pairs, r->edges, r->board);
    gather_turn(*gather, b->first, b->n);
    return (struct batch){r, own, *gather, b->first, b->n, r->out->reason + b->first};
}

// What failed did so at a row of the block.
static void place_failures(const struct batch *b, int64_t before) {
    for (int64_t i = before; i < b->evaluator->failures; i++) {
        struct failure *f = &b->evaluator->failure[i];
        f->edge = b->first + f->customer;
        f->customer = b->run->edges->referrer[f->edge];
    }
}

static enum status condition(const struct batch *b, const struct rule *rule, const uint8_t *skip,
                             uint8_t *truth, uint8_t *stop, struct err *err) {
    int64_t before = b->evaluator->failures;
    TRY(rule_condition(rule, b->evaluator, gather_columns(b->gather, rule), 0, b->n, skip, truth,
                       stop, err));
    place_failures(b, before);
    return DONE;
}

static void fail_amount(const struct batch *b, const struct rule *rule, int i, const char *text) {
    int64_t before = b->evaluator->failures;
    evaluator_fail(b->evaluator, rule, i, rule->formula.at.line, text);
    place_failures(b, before);
    b->reason[i] = REFERRAL_FAULT;
}

// An amount in minor units, for rows that are not skipped; a rule that is not there gives 0.
static enum status amount(const struct batch *b, const struct rule *rule, const uint8_t *skip,
                          bool signless, int64_t *out, struct err *err) {
    double number[BLOCK];
    uint8_t stop[BLOCK];
    int64_t before = b->evaluator->failures;
    if (!rule_given(rule))
        return DONE;
    TRY(rule_number(rule, b->evaluator, gather_columns(b->gather, rule), 0, b->n, skip, number,
                    stop, err));
    place_failures(b, before);
    for (int i = 0; i < b->n; i++) {
        if (skip[i] || b->reason[i] != REFERRAL_GRANTED)
            continue;
        if (stop[i])
            b->reason[i] = stop[i] == STOP_FAULT ? REFERRAL_FAULT : REFERRAL_UNKNOWN;
        else if (!money_round(number[i], b->run->d->data->decimals, &out[i]))
            fail_amount(b, rule, i, "it is not finite, or too large an amount of money");
        else if (signless && out[i] < 0)
            fail_amount(b, rule, i, "a reward is not negative");
    }
    return DONE;
}

// ---- judge ----------------------------------------------------------------------------------

// Rewards that were paid, and not yet taken back.
static bool can_be_taken_back(const struct paid *p) {
    for (int party = 0; p && party < PARTIES; party++)
        if (p->given[party].there && !p->back[party].there)
            return true;
    return false;
}

static bool was_taken_back(const struct paid *p) {
    return p && (p->back[PARTY_REFERRER].there || p->back[PARTY_FRIEND].there);
}

static enum status judge_paid(const struct batch *b, struct err *err) {
    const struct rule *rule = &b->run->referral->claw_back;
    uint8_t skip[BLOCK], truth[BLOCK] = {0}, stop[BLOCK] = {0};
    if (b->run->paid.n == 0)
        return DONE;
    for (int i = 0; i < b->n; i++) {
        const struct paid *p = b->run->past[b->first + i];
        skip[i] = !can_be_taken_back(p);
        if (was_taken_back(p))
            b->reason[i] = REFERRAL_TAKEN_BACK;
    }
    if (!rule_given(rule) || !memchr(skip, 0, (size_t)b->n))
        return DONE;
    TRY(condition(b, rule, skip, truth, stop, err));
    for (int i = 0; i < b->n; i++)
        if (!skip[i] && (truth[i] || stop[i] == STOP_FAULT))
            b->reason[i] = truth[i] ? REFERRAL_TAKEN_BACK : REFERRAL_FAULT;
    return DONE;
}

static bool any_open(const struct batch *b) {
    return memchr(b->reason, REFERRAL_GRANTED, (size_t)b->n) != NULL;
}

// Closes what the rule speaks against: where it holds or, of `qualifies`, where it does not.
static enum status judge_by(const struct batch *b, const struct rule *rule, bool holds,
                            enum referral_reason against, enum referral_reason missing,
                            struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    if (!rule_given(rule) || !any_open(b))
        return DONE;
    TRY(condition(b, rule, b->reason, truth, stop, err));
    for (int i = 0; i < b->n; i++) {
        if (b->reason[i] != REFERRAL_GRANTED)
            continue;
        if (stop[i])
            b->reason[i] = stop[i] == STOP_FAULT ? REFERRAL_FAULT : (uint8_t)missing;
        else if ((truth[i] != 0) == holds)
            b->reason[i] = (uint8_t)against;
    }
    return DONE;
}

static void judge_hold(const struct batch *b) {
    const struct run *r = b->run;
    for (int i = 0; i < b->n; i++)
        if (b->reason[i] == REFERRAL_GRANTED &&
            referral_due(r->referral, date_of(r->edges, b->first + i)) > r->d->data->as_of)
            b->reason[i] = REFERRAL_PENDING;
}

static enum status judge_block(const struct block *block, struct err *err) {
    struct batch b = batch_new(block);
    const struct referral *k = b.run->referral;
    TRY(judge_paid(&b, err));
    TRY(judge_by(&b, &k->block, true, REFERRAL_BLOCKED, REFERRAL_SUPPRESSED, err));
    judge_hold(&b);
    return judge_by(&b, &k->qualifies, false, REFERRAL_UNQUALIFIED, REFERRAL_UNKNOWN, err);
}

// ---- rank -----------------------------------------------------------------------------------

// Edges come by referrer and date: of each, which of its qualified ones it is. What was paid before
// has qualified.
static void rank(struct arena *a, struct run *r) {
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

// ---- price ----------------------------------------------------------------------------------

// Which of the open rows the prize fits goes to `skip` as 0. Those are closed for the prizes behind
// it.
static enum status fit(const struct batch *b, const struct prize *prize, uint8_t *given,
                       uint8_t *skip, struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK] = {0};
    const int64_t *rank = b->run->rank ? b->run->rank + b->first : NULL;
    memset(truth, 1, (size_t)b->n);
    for (int i = 0; i < b->n; i++)
        skip[i] = b->reason[i] != REFERRAL_GRANTED || given[i] || (rank && rank[i] < prize->least);
    if (rule_given(&prize->when) && memchr(skip, 0, (size_t)b->n))
        TRY(condition(b, &prize->when, skip, truth, stop, err));
    for (int i = 0; i < b->n; i++) {
        if (!skip[i] && stop[i])
            b->reason[i] = stop[i] == STOP_FAULT ? REFERRAL_FAULT : REFERRAL_UNKNOWN;
        skip[i] = skip[i] || stop[i] || !truth[i];
        given[i] |= !skip[i];
    }
    return DONE;
}

static enum status price_block(const struct block *block, struct err *err) {
    struct batch b = batch_new(block);
    const struct run *r = b.run;
    const struct referral *k = r->referral;
    uint8_t given[BLOCK] = {0}, skip[BLOCK];
    for (const struct prize *p = k->prize; p < k->prize + k->prizes && any_open(&b); p++) {
        TRY(fit(&b, p, given, skip, err));
        if (!memchr(skip, 0, (size_t)b.n))
            continue;
        for (int party = 0; party < PARTIES; party++)
            TRY(amount(&b, &p->amount[party], skip, true, r->amount[party] + b.first, err));
    }
    for (int i = 0; i < b.n; i++) {
        int64_t due = r->amount[PARTY_REFERRER][b.first + i] + r->amount[PARTY_FRIEND][b.first + i];
        if (b.reason[i] == REFERRAL_GRANTED && due == 0)
            b.reason[i] = REFERRAL_UNREWARDED;
    }
    return any_open(&b) ? amount(&b, &k->value, b.reason, false, r->value + b.first, err) : DONE;
}

// ---- pay ------------------------------------------------------------------------------------

// What has been paid under the caps, those of before included.
struct spent {
    int64_t *customer; // [referrer]
    int64_t total, budget, most_budget;
};

static bool in_window(const struct run *r, const struct limit *l, int32_t date) {
    int32_t as_of = r->d->data->as_of;
    int64_t after = (int64_t)date_add_months(as_of, (long)-l->per.months) - l->per.days;
    bool open = l->per.days == 0 && l->per.months == 0;
    return open || date > after;
}

static void add_past(const struct run *r, const struct paid *p, struct spent *s) {
    const struct caps *caps = &r->referral->caps;
    int32_t date = DATE_MIN;
    for (int party = 0; party < PARTIES; party++) {
        const struct payment *given = &p->given[party], *back = &p->back[party];
        if (given->there && given->date > date)
            date = given->date;
        if (given->there && in_window(r, &caps->budget, given->date))
            s->budget += given->amount;
        if (back->there && in_window(r, &caps->budget, back->date))
            s->budget += back->amount;
    }
    if (was_taken_back(p))
        return;
    s->customer[p->referrer] += in_window(r, &caps->customer, date);
    s->total += in_window(r, &caps->total, date);
}

static enum status spent_before(struct arena *a, const struct run *r, struct spent *out,
                                struct err *err) {
    const struct limit *budget = &r->referral->caps.budget;
    *out = (struct spent){.customer =
                              arena_array(a, (size_t)r->d->data->customers, sizeof *out->customer)};
    for (int64_t i = 0; i < r->paid.n; i++)
        if (r->paid.paid[i].block == r->index)
            add_past(r, &r->paid.paid[i], out);
    if (budget->given && !money_round(budget->most, r->d->data->decimals, &out->most_budget))
        return err_at(err, REFUSED, r->referral->at, "the budget is too large an amount of money");
    return DONE;
}

// Pays one referral, or says why not. Of what was paid in part before only the rest is due, and
// that counts as one of before.
static enum referral_reason pay_one(const struct run *r, int64_t edge, struct spent *s) {
    const struct caps *caps = &r->referral->caps;
    const struct paid *p = r->past[edge];
    int64_t due = 0, *customer = &s->customer[r->edges->referrer[edge]];
    for (int party = 0; party < PARTIES; party++) {
        if (p && p->given[party].there)
            r->amount[party][edge] = 0;
        due += r->amount[party][edge];
    }
    if (due == 0)
        return REFERRAL_PAID;
    if (!p && ((caps->customer.given && (double)*customer >= caps->customer.most) ||
               (caps->total.given && (double)s->total >= caps->total.most)))
        return REFERRAL_CAP;
    if (caps->budget.given && s->budget + due > s->most_budget)
        return REFERRAL_BUDGET;
    *customer += !p;
    s->total += !p;
    s->budget += due;
    return REFERRAL_GRANTED;
}

// The edges by date, those of one day in their own order, for whom comes first is paid first.
static int64_t *by_date(struct arena *a, const struct edges *e, const uint8_t *reason, int64_t *n) {
    int32_t first = INT32_MAX, last = INT32_MIN;
    for (int64_t i = 0; i < e->n; i++) {
        if (reason[i] != REFERRAL_GRANTED)
            continue;
        first = date_of(e, i) < first ? date_of(e, i) : first;
        last = date_of(e, i) > last ? date_of(e, i) : last;
    }
    *n = 0;
    if (first > last)
        return NULL;
    int64_t *start = arena_array(a, (size_t)(last - first) + 2, sizeof *start);
    int64_t *order = arena_array(a, (size_t)e->n, sizeof *order);
    for (int64_t i = 0; i < e->n; i++)
        if (reason[i] == REFERRAL_GRANTED)
            start[date_of(e, i) - first + 1]++;
    for (int32_t day = 0; day <= last - first; day++)
        start[day + 1] += start[day];
    *n = start[last - first + 1];
    for (int64_t i = 0; i < e->n; i++)
        if (reason[i] == REFERRAL_GRANTED)
            order[start[date_of(e, i) - first]++] = i;
    return order;
}

static enum status pay(struct arena *a, struct run *r, struct err *err) {
    struct spent spent;
    int64_t n;
    TRY(spent_before(a, r, &spent, err));
    const int64_t *order = by_date(a, r->edges, r->out->reason, &n);
    for (int64_t i = 0; i < n; i++)
        r->out->reason[order[i]] = (uint8_t)pay_one(r, order[i], &spent);
    return DONE;
}

// ---- what comes of it -----------------------------------------------------------------------

// What was paid stays paid, whatever is found out later, unless it is taken back.
static void keep_paid(const struct run *r) {
    for (int64_t i = 0; r->paid.n && i < r->edges->n; i++) {
        uint8_t *reason = &r->out->reason[i];
        if (r->past[i] && *reason > REFERRAL_TAKEN_BACK && *reason != REFERRAL_FAULT)
            *reason = REFERRAL_PAID;
    }
}

// What is left to take back of it.
static struct reward reward_back(const struct run *r, int64_t edge) {
    const struct paid *p = r->past[edge];
    struct reward reward = {.edge = edge};
    for (int party = 0; party < PARTIES; party++)
        if (p->given[party].there && !p->back[party].there)
            reward.amount[party] = -p->given[party].amount;
    return reward;
}

static struct reward reward_for(const struct run *r, int64_t edge) {
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

static void list_rewards(struct arena *a, const struct run *r) {
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

static enum status decide_one(struct arena *a, const struct host *host, struct run *r,
                              struct err *err) {
    struct arena *own = arena_child(a);
    size_t n = (size_t)r->edges->n;
    r->out->referral = r->referral;
    r->out->reason = arena_array(a, n, sizeof *r->out->reason);
    for (int party = 0; party < PARTIES; party++)
        r->amount[party] = arena_array(own, n, sizeof *r->amount[party]);
    r->value = arena_array(own, n, sizeof *r->value);
    r->past = arena_array(own, n, sizeof *r->past);
    TRY(open_edges(own, r, err));
    TRY(block_run(host, r->edges->n, judge_block, r, err));
    rank(own, r);
    TRY(block_run(host, r->edges->n, price_block, r, err));
    TRY(pay(own, r, err));
    keep_paid(r);
    list_rewards(a, r);
    arena_free(own);
    return DONE;
}

// Computes the columns that the rules read of customers.
static enum status compute_columns(struct run *r, struct err *err) {
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
    struct run r = {.d = d, .edges = edges};
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

// ---- one referral -----------------------------------------------------------------------------

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
