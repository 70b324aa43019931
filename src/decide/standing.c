// Where every customer stands in a scheme: in the first class whose condition holds. A class whose
// condition needs a missing value is passed over and the customer marked: missing data never
// promotes in silence.
#include <string.h>

#include "decide/stages.h"

struct run {
    const struct scheme *scheme;
    const struct column *const *columns;
    struct evaluator *evaluator; // by worker
    struct column *class, *undecided;
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
    const struct rule *when = &r->scheme->class[tier].when;
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
        v.code[i] = r->scheme->n;
    for (int tier = 0; tier < r->scheme->n && memchr(v.settled, 0, (size_t)b->n); tier++)
        TRY(judge(r, tier, b->first, b->n, &r->evaluator[b->worker], &v, err));
    memcpy(r->fault + b->first, v.fault, (size_t)b->n);
    for (int i = 0; i < b->n; i++) {
        column_set_flag(r->undecided, b->first + i, v.undecided[i]);
        if (v.code[i] < r->scheme->n)
            column_set_code(r->class, b->first + i, v.code[i]);
        else
            column_set_missing(r->class, b->first + i);
    }
    return DONE;
}

static void count(struct standing *t, int64_t customers) {
    for (int64_t i = 0; i < customers; i++) {
        t->count[column_has(t->class, i) ? t->class->code[i] : t->scheme->n]++;
        t->undecided_count += bit_get(t->undecided->flag, i);
        t->faults += t->fault[i];
    }
}

// Puts the scheme's columns on the board; those of the first also under the name `tier`.
static void publish(struct arena *a, struct board *board, const struct standing *t, bool first) {
    board_put(board, t->class);
    board_put(board, t->undecided);
    if (!first || str_is(t->scheme->name, "tier"))
        return;
    struct column *tier = arena_alloc(a, sizeof *tier), *undecided = arena_alloc(a, sizeof *tier);
    *tier = *t->class;
    *undecided = *t->undecided;
    tier->name = STR("tier");
    undecided->name = STR("tier_undecided");
    board_put(board, tier);
    board_put(board, undecided);
}

enum status decide_scheme(struct arena *a, const struct host *host, struct decisions *d, int scheme,
                          struct err *err) {
    struct standing *standing = &d->standing[scheme];
    const struct scheme *s = &d->policy->scheme[scheme];
    int64_t n = d->data->customers;
    struct run r = {.scheme = s, .evaluator = d->evaluator};
    for (int i = 0; i < s->n; i++)
        TRY(rule_columns(d->board, &s->class[i].when, &r.columns, err));
    standing->scheme = s;
    standing->count = arena_array(a, (size_t)s->n + 1, sizeof *standing->count);
    r.fault = arena_alloc(a, (size_t)n);
    r.class = column_new(a, s->name, TYPE_LABEL, n);
    r.class->dict = s->labels;
    r.undecided = column_new(a, s->undecided, TYPE_FLAG, n);
    TRY(decide_blocks(host, d, judge_block, &r, err));
    column_finish(r.class);
    column_finish(r.undecided);
    standing->class = r.class;
    standing->undecided = r.undecided;
    standing->fault = r.fault;
    count(standing, n);
    publish(a, d->board, standing, scheme == 0);
    return DONE;
}
