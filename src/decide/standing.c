// Where every customer stands in a scheme: in the first class whose condition holds. A class whose
// condition needs a missing value is passed over and the customer marked: missing data never
// promotes in silence.
#include <stddef.h>
#include <string.h>

#include "decide/collect.h"
#include "decide/memory.h"

struct run {
    const struct scheme *scheme;
    const struct column *const *columns;
    struct evaluator *evaluator; // by worker
    struct column *class, *undecided;
    uint8_t *fault;           // [customer]
    struct remembered memory; // of a scheme that has one
    uint64_t *hits;           // [customer] of a table that collects: the rows that hold, as bits
};

enum status rule_columns(struct board *board, const struct rule *rule,
                         const struct column *const **columns, struct err *err) {
    const int *slots;
    int n = rule_slots(rule, &slots);
    if (n > 0 && board_columns(board, slots, n, columns, err) != DONE)
        return err_place(err, rule->formula.at);
    return DONE;
}

// Of cells and leaves one holds at most, so they are asked of everybody: what their clauses come to
// is known of all customers then, and not of those alone whom no cell before took.
static bool is_exclusive(const struct scheme *s) {
    return s->kind == SCHEME_MATRIX || s->kind == SCHEME_TREE;
}

// One class over one block. Without branches: who is in a class can't be foreseen.
static enum status judge(const struct run *r, int class, int64_t first, int n, struct evaluator *e,
                         struct verdicts *v, struct err *err) {
    uint8_t truth[BLOCK], stop[BLOCK];
    const struct rule *when = &r->scheme->class[class].when;
    const struct rule_rows rows = {r->columns, first, n,
                                   is_exclusive(r->scheme) ? v->fault : v->settled};
    memset(truth, 1, (size_t)n);
    memset(stop, STOP_NONE, (size_t)n);
    if (rule_given(when))
        TRY(rule_condition(when, e, &rows, truth, stop, err));
    for (int i = 0; r->hits && i < n; i++)
        r->hits[first + i] |= (uint64_t)(truth[i] && !v->settled[i]) << class;
    for (int i = 0; r->scheme->memory.on && i < n; i++)
        v->lacks[i] |=
            !v->settled[i] & (stop[i] == STOP_MISSING) & (v->before[i].tenure.tier == class);
    const uint8_t last = !r->hits;
    const int none = r->scheme->n;
    for (int i = 0; i < n; i++) {
        uint8_t open = !v->settled[i], fault = stop[i] == STOP_FAULT, holds = truth[i] != 0;
        v->undecided[i] |= open & (stop[i] == STOP_MISSING);
        v->fault[i] |= open & fault;
        v->code[i] = (open & holds & (v->code[i] == none)) ? class : v->code[i];
        v->settled[i] |= (holds & last) | fault;
    }
    return DONE;
}

// Who has a fault has no row, though some held before it.
static void fail_hits(const struct run *r, const struct block *b, struct verdicts *v) {
    for (int i = 0; i < b->n; i++)
        if (v->fault[i]) {
            r->hits[b->first + i] = 0;
            v->code[i] = r->scheme->n;
        }
}

static enum status judge_block(const struct block *b, struct err *err) {
    const struct run *r = b->arg;
    struct verdicts v;
    memset(&v, 0, offsetof(struct verdicts, before)); // which is long, and memory_begin's
    for (int i = 0; i < b->n; i++)
        v.code[i] = r->scheme->n;
    if (r->hits)
        memset(r->hits + b->first, 0, (size_t)b->n * sizeof *r->hits);
    if (r->scheme->memory.on)
        memory_begin(&r->memory, b->first, b->n, &v);
    bool exclusive = is_exclusive(r->scheme);
    for (int class = 0; class < r->scheme->n && (exclusive || memchr(v.settled, 0, (size_t)b->n));
         class ++)
        TRY(judge(r, class, b->first, b->n, &r->evaluator[b->worker], &v, err));
    if (r->scheme->memory.on)
        TRY(memory_settle(&r->memory, &r->evaluator[b->worker], r->columns, b->first, b->n, &v,
                          err));
    if (r->hits)
        fail_hits(r, b, &v);
    memcpy(r->fault + b->first, v.fault, (size_t)b->n);
    column_set_flags(r->undecided, b->first, v.undecided, b->n);
    column_set_codes(r->class, b->first, v.code, b->n, r->scheme->n);
    return DONE;
}

bool standing_holds(const struct standing *t, int64_t customer, int class) {
    if (t->hits)
        return t->hits[customer] >> class & 1;
    return column_has(t->class, customer) && t->class->code[customer] == class;
}

void standing_count(struct arena *a, struct standing *t) {
    int64_t customers = t->class->n;
    t->count = arena_array(a, (size_t)t->scheme->n + 1, sizeof *t->count);
    for (int64_t i = 0; i < customers; i++) {
        if (!t->hits || !t->hits[i])
            t->count[column_has(t->class, i) ? t->class->code[i] : t->scheme->n]++;
        for (int class = 0; t->hits && class < t->scheme->n; class ++)
            t->count[class] += t->hits[i] >> class & 1;
        t->undecided_count += bit_get(t->undecided->flag, i);
        t->faults += t->fault[i];
        if (t->state && column_has(t->state, i))
            t->state_count[t->state->code[i]]++;
    }
}

// What the class of every customer says.
static struct column *details(struct arena *a, const struct column *class,
                              const struct column *detail) {
    struct column *c = column_new(a, detail->name, detail->type, class->n);
    c->dict = detail->dict;
    for (int64_t i = 0; i < class->n; i++) {
        int32_t k = column_has(class, i) ? class->code[i] : -1;
        if (k < 0 || !column_has(detail, k))
            continue;
        switch (detail->type) {
        case TYPE_FLAG: column_set_flag(c, i, bit_get(detail->flag, k)); break;
        case TYPE_LABEL: column_set_code(c, i, detail->code[k]); break;
        case TYPE_INTEGER: column_set_integer(c, i, detail->integer[k]); break;
        default: column_set_number(c, i, detail->number[k]);
        }
    }
    column_finish(c);
    return c;
}

// Makes the columns of the scheme, and puts them on the board. (Those that are there under another
// name again are the second half.)
static void publish(struct arena *a, struct board *board, struct standing *t) {
    const struct sets *sets = t->hits ? collect_sets(a, t->hits, t->class->n) : NULL;
    t->column = arena_array(a, (size_t)t->scheme->columns, sizeof *t->column);
    for (int i = 0; i < t->scheme->columns; i++) {
        const struct scheme_column *of = &t->scheme->column[i];
        struct column *c = arena_alloc(a, sizeof *c);
        *c = of->again                        ? *t->column[i - t->scheme->columns / 2]
             : of->aspect == ASPECT_CLASS     ? *t->class
             : of->aspect == ASPECT_UNDECIDED ? *t->undecided
             : of->aspect == ASPECT_STATE     ? *t->state
             : of->aspect == ASPECT_UNTIL     ? *t->until
             : of->aspect == ASPECT_ENTERED   ? *t->entered
             : of->aspect == ASPECT_REVIEWED  ? *t->reviewed
             : sets ? *details(a, sets->of, collect_detail(sets, of->detail))
                    : *details(a, t->class, of->detail);
        c->name = of->name;
        t->column[i] = c;
        board_put(board, c);
    }
}

enum status decide_scheme(struct arena *a, const struct host *host, struct decisions *d, int scheme,
                          struct err *err) {
    struct standing *standing = &d->standing[scheme];
    const struct scheme *s = &d->policy->scheme[scheme];
    int64_t n = d->data->customers;
    struct run r = {.scheme = s, .evaluator = d->evaluator};
    if (s->memory.on)
        TRY(memory_open(a, d, s, &r.memory, err));
    for (int i = 0; i < s->n; i++) {
        TRY(rule_columns(d->board, &s->class[i].when, &r.columns, err));
        TRY(rule_columns(d->board, &s->class[i].keep, &r.columns, err));
    }
    standing->scheme = s;
    r.fault = arena_alloc(a, (size_t)n);
    r.hits = s->collects ? arena_array(a, (size_t)n, sizeof *r.hits) : NULL;
    r.class = column_new(a, s->name, TYPE_LABEL, n);
    r.class->dict = s->labels;
    r.undecided = column_new(a, STR("undecided"), TYPE_FLAG, n);
    TRY(decide_blocks(host, d, judge_block, &r, err));
    column_finish(r.class);
    column_finish(r.undecided);
    standing->class = r.class;
    standing->undecided = r.undecided;
    standing->fault = r.fault;
    standing->hits = r.hits;
    if (s->memory.on)
        memory_close(&r.memory, standing);
    publish(a, d->board, standing);
    return DONE;
}
