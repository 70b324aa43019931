// Tiers: from high to low, the first whose condition holds. A tier whose condition needs a missing
// value is passed over and the customer marked: missing data never promotes in silence.
#include <string.h>

#include "decide/stages.h"

struct run {
    const struct tiers *system;
    const struct column *const *columns;
    struct evaluator *evaluator; // by worker
    struct column *tier, *undecided;
    uint8_t *fault; // [customer]
};

enum status rule_columns(struct board *board, const struct rule *rule,
                         const struct column *const **columns, struct err *err) {
    const int *slots;
    int n = rule_slots(rule, &slots);
    if (n > 0 && board_columns(board, slots, n, columns, err) != DONE)
        return err_place(err, rule->formula.at);
    return DONE;
}

// What became of the customers of a block so far.
struct verdicts {
    uint8_t settled[BLOCK], undecided[BLOCK], fault[BLOCK];
    int32_t code[BLOCK]; // n: no tier
};

// One tier over one block. Without branches: who is in a tier can't be foreseen.
static enum status judge(const struct run *r, int tier, int64_t first, int n, struct evaluator *e,
                         struct verdicts *v, struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    const struct rule *when = &r->system->tier[tier].when;
    memset(truth, 1, (size_t)n);
    memset(stop, STOP_NONE, (size_t)n);
    if (rule_given(when))
        TRY(rule_condition(when, e, r->columns, first, n, v->settled, truth, stop, err));
    for (int i = 0; i < n; i++) {
        uint8_t open = !v->settled[i], fault = stop[i] == STOP_FAULT;
        v->undecided[i] |= open & (stop[i] == STOP_MISSING);
        v->fault[i] |= open & fault;
        v->code[i] = open & truth[i] ? tier : v->code[i];
        v->settled[i] |= truth[i] | fault;
    }
    return DONE;
}

static enum status judge_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct verdicts v = {{0}, {0}, {0}, {0}};
    for (int i = 0; i < b->n; i++)
        v.code[i] = r->system->n;
    for (int tier = 0; tier < r->system->n && memchr(v.settled, 0, (size_t)b->n); tier++)
        TRY(judge(r, tier, b->first, b->n, &r->evaluator[b->worker], &v, err));
    memcpy(r->fault + b->first, v.fault, (size_t)b->n);
    for (int i = 0; i < b->n; i++) {
        column_set_flag(r->undecided, b->first + i, v.undecided[i]);
        if (v.code[i] < r->system->n)
            column_set_code(r->tier, b->first + i, v.code[i]);
        else
            column_set_missing(r->tier, b->first + i);
    }
    return DONE;
}

static void count(struct tiering *t, int64_t customers) {
    for (int64_t i = 0; i < customers; i++) {
        t->count[column_has(t->tier, i) ? t->tier->code[i] : t->system->n]++;
        t->undecided_count += bit_get(t->undecided->flag, i);
        t->faults += t->fault[i];
    }
}

// Puts the system's columns on the board; those of the first also under the name `tier`.
static void publish(struct arena *a, struct board *board, const struct tiering *t, bool first) {
    board_put(board, t->tier);
    board_put(board, t->undecided);
    if (!first || str_is(t->system->name, "tier"))
        return;
    struct column *tier = arena_alloc(a, sizeof *tier), *undecided = arena_alloc(a, sizeof *tier);
    *tier = *t->tier;
    *undecided = *t->undecided;
    tier->name = STR("tier");
    undecided->name = STR("tier_undecided");
    board_put(board, tier);
    board_put(board, undecided);
}

enum status decide_tiers(struct arena *a, const struct host *host, struct decisions *d, int system,
                         struct err *err) {
    struct tiering *tiering = &d->tiering[system];
    const struct tiers *s = &d->policy->tiers[system];
    int64_t n = d->data->customers;
    struct run r = {.system = s, .evaluator = d->evaluator};
    for (int i = 0; i < s->n; i++)
        TRY(rule_columns(d->board, &s->tier[i].when, &r.columns, err));
    tiering->system = s;
    tiering->count = arena_array(a, (size_t)s->n + 1, sizeof *tiering->count);
    r.fault = arena_alloc(a, (size_t)n);
    r.tier = column_new(a, s->name, TYPE_LABEL, n);
    r.tier->dict = s->labels;
    r.undecided = column_new(a, s->undecided, TYPE_FLAG, n);
    TRY(decide_blocks(host, d, judge_block, &r, err));
    column_finish(r.tier);
    column_finish(r.undecided);
    tiering->tier = r.tier;
    tiering->undecided = r.undecided;
    tiering->fault = r.fault;
    count(tiering, n);
    publish(a, d->board, tiering, system == 0);
    return DONE;
}
