#include "verb/scorer.h"

#include "decide/decide.h"
#include "load/record.h"
#include "sink/rows.h"
#include "table/seal.h"
#include "verb/names.h"
#include "verb/open.h"

struct scorer {
    const struct dataset *data; // all customers
    struct record *record;
    struct policy *policy; // compiled against the record
    struct board *board;
    const char *metrics; // more columns, or NULL
};

// One thread, and nobody to be told of a single customer.
static const struct host alone = {.threads = 1};

static enum status decide_record(struct scorer *s, struct arena *a, struct buf *out, bool *partial,
                                 struct err *err) {
    const struct column *const *extra;
    struct decisions *d;
    struct sheet sheet;
    int n;
    TRY(decide(a, &alone, s->policy, s->board, record_data(s->record), &d, err));
    TRY(columns_of(a, s->board, s->metrics, &extra, &n, err));
    decision_rows(a, d, extra, n, &sheet);
    sheet_row(&sheet, 0, out);
    *partial = d->faulty > 0 || board_faults(s->board) > 0;
    return DONE;
}

enum status scorer_customer(struct scorer *s, struct arena *a, const char *id, struct buf *out,
                            bool *partial, struct err *err) {
    int64_t customer;
    TRY(find_customer(s->data, id, &customer, err));
    board_renew(s->board, a);
    record_take(s->record, a, customer);
    return decide_record(s, a, out, partial, err);
}

enum status scorer_record(struct scorer *s, struct arena *a, struct str json, struct buf *out,
                          bool *partial, struct err *err) {
    board_renew(s->board, a);
    TRY(record_read(s->record, a, json, err));
    return decide_record(s, a, out, partial, err);
}

// What must be known of all customers to judge one: a model says it, or all of them are decided for
// once.
static enum status learn(struct call *c, const struct opened *all, struct scorer *s,
                         struct err *err) {
    const struct column *const *extra;
    struct decisions *d;
    int n;
    board_use_model(s->board, all->model ? all->model : board_learned(all->board));
    if (all->model)
        return DONE;
    struct arena *scratch = arena_child(c->arena);
    board_renew(all->board, scratch);
    TRY(decide(scratch, c->host, all->policy, all->board, s->data, &d, err));
    TRY(columns_of(scratch, all->board, s->metrics, &extra, &n, err));
    arena_free(scratch);
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct scorer *s = arena_alloc(c->arena, sizeof *s);
    struct opened *all = arena_alloc(c->arena, sizeof *all);
    struct findings findings = {.arena = c->arena}; // those of `all` again
    *result = s;
    TRY(open_both(c, c->args.positional[0], c->args.positional[1], all, err));
    s->data = &all->loaded.data;
    TRY(seal_check_dataset(s->data, err)); // any customer's rows may be asked for
    s->metrics = args_value(&c->args, "--metrics");
    s->record = record_new(c->arena, s->data);
    s->policy = policy_copy(c->arena, all->policy);
    s->board = policy_board(c->arena, s->policy, &alone, record_data(s->record));
    TRY(policy_compile(c->arena, s->policy, s->board, s->data, &findings, err));
    return learn(c, all, s, err);
}

static const struct option options[] = {
    {"--metrics", "NAMES", "add these columns"},
    OPTION_OF_MODEL,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTION_OF_THREADS,
    {NULL, NULL, NULL},
};

const struct verb verb_open_scorer = {
    .name = "patron_scorer_open",
    .synopsis = "DATA POLICY",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
};
