// Every referral by itself, on all cores: what stands against it, and what is due for it.
#include <string.h>

#include "base/money.h"
#include "decide/decide.h"
#include "decide/programme.h"
#include "metric/block.h"

// ---- what is open at all --------------------------------------------------------------------

static enum status programme_column(const struct programme *r, const struct column **out,
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
static void open_edge(struct programme *r, int64_t edge, int32_t *met) {
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

enum status programme_open(struct arena *a, struct programme *r, struct err *err) {
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
    const struct programme *programme;
    struct evaluator *evaluator;
    struct gather *gather;
    int64_t first;
    int n;
    uint8_t *reason; // of the first
};

static struct batch batch_new(const struct block *b) {
    const struct programme *r = b->arg;
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
        f->customer = b->programme->edges->referrer[f->edge];
    }
}

static enum status condition(const struct batch *b, const struct rule *rule, const uint8_t *skip,
                             uint8_t *truth, uint8_t *stop, struct err *err) {
    int64_t before = b->evaluator->failures;
    const struct rule_rows rows = {gather_columns(b->gather, rule), 0, b->n, skip};
    TRY(rule_condition(rule, b->evaluator, &rows, truth, stop, err));
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
    const struct rule_rows rows = {gather_columns(b->gather, rule), 0, b->n, skip};
    TRY(rule_number(rule, b->evaluator, &rows, number, stop, err));
    place_failures(b, before);
    for (int i = 0; i < b->n; i++) {
        if (skip[i] || b->reason[i] != REFERRAL_GRANTED)
            continue;
        if (stop[i])
            b->reason[i] = stop[i] == STOP_FAULT ? REFERRAL_FAULT : REFERRAL_UNKNOWN;
        else if (!money_round(number[i], b->programme->d->data->decimals, &out[i]))
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

static enum status judge_paid(const struct batch *b, struct err *err) {
    const struct rule *rule = &b->programme->referral->claw_back;
    uint8_t skip[BLOCK], truth[BLOCK] = {0}, stop[BLOCK] = {0};
    if (b->programme->paid.n == 0)
        return DONE;
    for (int i = 0; i < b->n; i++) {
        const struct paid *p = b->programme->past[b->first + i];
        skip[i] = !can_be_taken_back(p);
        if (paid_back(p))
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
    const struct programme *r = b->programme;
    for (int i = 0; i < b->n; i++)
        if (b->reason[i] == REFERRAL_GRANTED &&
            referral_due(r->referral, edge_date(r->edges, b->first + i)) > r->d->data->as_of)
            b->reason[i] = REFERRAL_PENDING;
}

static enum status judge_block(const struct block *block, struct err *err) {
    struct batch b = batch_new(block);
    const struct referral *k = b.programme->referral;
    TRY(judge_paid(&b, err));
    TRY(judge_by(&b, &k->block, true, REFERRAL_BLOCKED, REFERRAL_SUPPRESSED, err));
    judge_hold(&b);
    return judge_by(&b, &k->qualifies, false, REFERRAL_UNQUALIFIED, REFERRAL_UNKNOWN, err);
}

enum status programme_judge(const struct host *host, struct programme *r, struct err *err) {
    return block_run(host, r->edges->n, judge_block, r, err);
}

// ---- price ----------------------------------------------------------------------------------

// Which of the open rows the prize fits goes to `skip` as 0. Those are closed for the prizes behind
// it.
static enum status fit(const struct batch *b, const struct prize *prize, uint8_t *given,
                       uint8_t *skip, struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK] = {0};
    const int64_t *rank = b->programme->rank ? b->programme->rank + b->first : NULL;
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
    const struct programme *r = b.programme;
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

enum status programme_price(const struct host *host, struct programme *r, struct err *err) {
    return block_run(host, r->edges->n, price_block, r, err);
}
