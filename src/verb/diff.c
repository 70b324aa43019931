// patron diff: who is decided for otherwise by another policy, what that costs and earns, and which
// clauses did it. The data is loaded once, and both policies decide about it.
#include "verb/diff.h"

#include "sink/changes.h"
#include "verb/all.h"

enum { EXAMPLES = 20 };

// ---- examples -----------------------------------------------------------------------------------

static bool is_told(const struct diff *x, int64_t customer) {
    for (int i = 0; i < x->examples; i++)
        if (x->example[i].customer == customer)
            return true;
    return false;
}

static void add_example(struct diff *x, const struct movers *m, int nth) {
    if (nth >= m->customers || x->examples == EXAMPLES || is_told(x, m->example[nth]))
        return;
    x->example[x->examples++].customer = m->example[nth];
}

static void add_move(struct diff *x, const struct flow *f, int rank, int nth) {
    if (rank < f->moves)
        add_example(x, &f->move[rank]->movers, nth);
}

static int most_moves(const struct comparison *c) {
    int most = c->offer.moves;
    for (int s = 0; s < c->schemes; s++)
        most = c->scheme[s].moves > most ? c->scheme[s].moves : most;
    return most;
}

// The first customer of every kind of change, then of every move: the most frequent of each flow
// before the second of any; then the next customers.
static void choose_examples(struct arena *a, struct diff *x) {
    const struct comparison *c = x->compared;
    int ranks = most_moves(c);
    x->example = arena_array(a, EXAMPLES, sizeof *x->example);
    for (int nth = 0; nth < EXAMPLES_EACH; nth++) {
        for (int k = 0; k < CHANGES; k++)
            add_example(x, &c->kind[k], nth);
        for (int rank = 0; rank < ranks; rank++) {
            for (int s = 0; s < c->schemes; s++)
                add_move(x, &c->scheme[s], rank, nth);
            add_move(x, &c->offer, rank, nth);
        }
    }
}

static enum status tell_change(struct call *c, const struct diff *x, struct example *e,
                               struct told_change change, struct err *err) {
    struct told_change *told = &e->change[e->changes++];
    *told = change;
    return find_cause(c, x, e->customer, told, err);
}

static enum status tell_move(struct call *c, const struct diff *x, struct example *e,
                             const struct flow *f, enum change kind, struct err *err) {
    const struct move *m = compare_move(x->compared, f, e->customer);
    if (!m)
        return DONE;
    return tell_change(c, x, e,
                       (struct told_change){f, m, move_failed(f, m) ? CHANGE_FAILED : kind}, err);
}

static enum status tell_example(struct call *c, const struct diff *x, struct example *e,
                                struct err *err) {
    const struct comparison *k = x->compared;
    e->change = arena_array(c->arena, (size_t)k->schemes + CHANGES, sizeof *e->change);
    for (int s = 0; s < k->schemes; s++)
        TRY(tell_move(c, x, e, &k->scheme[s], CHANGE_CLASS, err));
    TRY(tell_move(c, x, e, &k->offer, CHANGE_OFFER, err));
    for (int kind = CHANGE_TERMS; kind < CHANGE_FAILED; kind++)
        if (k->change[e->customer] >> kind & 1)
            TRY(tell_change(c, x, e, (struct told_change){.kind = (enum change)kind}, err));
    return DONE;
}

// ---- running ------------------------------------------------------------------------------------

static enum status check_usage(const struct call *c, struct err *err) {
    const char *path = args_value(&c->args, "-o");
    struct sheet_options rows = rows_options(c, path);
    if (c->args.n < 3 && !args_value(&c->args, "--set"))
        return err_set(err, MISUSED,
                       "say what to compare %s with: another policy, or --set NAME=VALUE for the "
                       "same one with that param",
                       c->args.positional[1]);
    return path ? sheet_check(&rows, err) : DONE;
}

static enum status write_changes(struct call *c, const struct diff *x, struct err *err) {
    const char *path = args_value(&c->args, "-o");
    struct sheet_options options = rows_options(c, path);
    struct sheet sheet;
    struct out *out;
    if (!path)
        return DONE;
    change_rows(c->arena, x->compared, &sheet);
    TRY(sheet_write(c->arena, c->host, &sheet, &options, &out, err));
    call_output(c, out);
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct diff *x = arena_alloc(c->arena, sizeof *x);
    const char *before = c->args.positional[1];
    *result = x;
    TRY(check_usage(c, err));
    x->path[BEFORE] = before;
    x->path[AFTER] = c->args.n > 2 ? c->args.positional[2] : before;
    TRY(open_pair(c, c->args.positional[0], before, x->path[AFTER], x->opened, err));
    TRY(check_currencies(x->opened[BEFORE].policy, x->opened[AFTER].policy, err));
    for (int s = BEFORE; s < SIDES; s++) {
        struct opened *o = &x->opened[s];
        TRY(decide(c->arena, c->host, o->policy, o->board, &x->opened[BEFORE].loaded.data, &x->d[s],
                   err));
        note_faults(c, x->d[s]);
    }
    x->compared = compare(c->arena, x->d[BEFORE], x->d[AFTER]);
    choose_examples(c->arena, x);
    for (int i = 0; i < x->examples; i++)
        TRY(tell_example(c, x, &x->example[i], err));
    return write_changes(c, x, err);
}

static const struct option options[] = {
    {"-o", "FILE", "write every customer who changes here (.csv, .json or .ndjson)"},
    {"--raw", NULL, "write texts as they are, also those a spreadsheet would run as a formula"},
    OPTION_OF_MODEL,
    OPTION_OF_ENCODING,
    {"--set", "NAME=VALUE", "change a param of the new policy; may be given several times"},
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_diff = {
    .name = "diff",
    .synopsis = "DATA POLICY [NEW]",
    .summary = "Show who gets something else by another policy",
    .help =
        "Decides by both policies about the same data, and compares: who changes tier, offer,\n"
        "channel, amount or reward, from what to what; how many offers are made before and after, "
        "what\n"
        "they cost and bring, in all and by campaign; and for some customers of each kind of\n"
        "change the clause that flipped, with the values that decided and its place in the file.\n"
        "Without NEW the policy is compared with itself under the params of --set. -o writes\n"
        "all changes, a row a customer.\n\n"
        "Policies, tiers and campaigns are compared by name: a campaign that was renamed is\n"
        "another campaign, and the page says that it seems to be the same. The exit status does\n"
        "not depend on whether there are changes.\n\n"
        "Examples:\n"
        "  patron diff samples/bank policies/card-retention.lua --set high_value=800\n"
        "  patron diff samples/rfm-nine policies/rfm.lua policies/churn-warning.lua --json\n",
    .options = options,
    .least = 2,
    .most = 3,
    .run = run,
    .text = diff_text,
    .json = diff_json,
};
