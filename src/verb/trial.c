// A test's customer is a dataset of one: its values become columns on the board, and the engine
// runs as it does for millions. Holdouts do not count: a test says what the policy offers.
#include "verb/trial.h"

#include "base/date.h"
#include "base/money.h"

static const struct standing *standing_of(const struct decisions *d, struct str scheme) {
    for (int i = 0; i < d->policy->schemes; i++)
        if (str_eq(d->policy->scheme[i].name, scheme) || (i == 0 && str_is(scheme, "tier")))
            return &d->standing[i];
    return NULL;
}

// ---- the customer -----------------------------------------------------------------------------

static bool set_number(struct column *c, const struct value *v) {
    double x = v->tag == VALUE_INTEGER ? (double)v->integer : v->number;
    int64_t minor;
    if (v->tag != VALUE_INTEGER && v->tag != VALUE_FLOAT)
        return false;
    if (c->type == TYPE_NUMBER) {
        column_set_number(c, 0, x);
        return true;
    }
    if (!money_round(x, c->decimals, &minor))
        return false;
    column_set_integer(c, 0, minor);
    return true;
}

static bool set_label(struct arena *a, struct column *c, const struct value *v,
                      const struct dict *labels) {
    if (v->tag != VALUE_STRING)
        return false;
    c->dict = labels ? labels : dict_new(a, &v->string, 1, false);
    int32_t code = dict_find(c->dict, v->string);
    if (code >= 0)
        column_set_code(c, 0, code);
    return code >= 0;
}

static bool set_date(struct column *c, const struct value *v) {
    int32_t date;
    bool had_time;
    if (v->tag != VALUE_STRING || !date_parse(v->string, STR("YYYY-MM-DD"), &date, &had_time))
        return false;
    column_set_date(c, 0, date);
    return true;
}

static bool set_value(struct arena *a, struct column *c, const struct value *v,
                      const struct dict *labels) {
    switch (c->type) {
    case TYPE_INTEGER:
        if (v->tag == VALUE_INTEGER)
            column_set_integer(c, 0, v->integer);
        return v->tag == VALUE_INTEGER;
    case TYPE_FLAG:
        if (v->tag == VALUE_BOOLEAN)
            column_set_flag(c, 0, v->boolean);
        return v->tag == VALUE_BOOLEAN;
    case TYPE_NUMBER:
    case TYPE_MONEY: return set_number(c, v);
    case TYPE_DATE: return set_date(c, v);
    case TYPE_LABEL:
    case TYPE_TEXT: return set_label(a, c, v, labels);
    }
    return false;
}

// Puts the given values on the board, as columns of one row.
static enum status put_customer(struct arena *a, struct board *board, const struct expectation *e,
                                int decimals, struct err *err) {
    for (int i = 0; i < e->given; i++) {
        const struct given *g = &e->give[i];
        const struct dict *labels = NULL;
        enum type type;
        TRY(board_type(board, g->name, &type, &labels, err));
        // A text stands as a label of its own: expressions read both as strings.
        struct column *c = column_new(a, g->name, type == TYPE_TEXT ? TYPE_LABEL : type, 1);
        c->decimals = decimals;
        if (!set_value(a, c, &g->value, labels))
            return err_at(err, REFUSED, g->at, "`%.*s` takes %s %s%s", (int)g->name.n, g->name.p,
                          type == TYPE_INTEGER ? "an" : "a", type_name(type),
                          type == TYPE_DATE ? " as \"YYYY-MM-DD\"" : "");
        column_finish(c);
        board_put(board, c);
    }
    return DONE;
}

static void one_customer(struct arena *a, const struct policy *p, struct dataset *out) {
    struct column *id = column_new(a, STR("customer"), TYPE_LABEL, 1);
    struct str name = STR("the test's customer");
    id->dict = dict_new(a, &name, 1, false);
    column_set_code(id, 0, 0);
    column_finish(id);
    int decimals = money_decimals(p->currency);
    *out = (struct dataset){.name = p->title,
                            .currency = p->currency,
                            .decimals = decimals < 0 ? 2 : decimals,
                            .customers = 1,
                            .id = id};
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

// Everything up to the decision; an error here is the test's failure.
static enum status decide_one(struct call *c, struct policy *p, const struct expectation *e,
                              struct trial *out, struct err *err) {
    struct explanation *x = &out->explanation;
    struct findings findings = {.arena = c->arena};
    struct decisions *d;
    x->opened.policy = p;
    one_customer(c->arena, p, &x->opened.loaded.data);
    x->opened.board = policy_board(c->arena, p, c->host, NULL);
    TRY(put_customer(c->arena, x->opened.board, e, x->opened.loaded.data.decimals, err));
    TRY(policy_compile(c->arena, p, x->opened.board, NULL, &findings, err));
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
        TRY(explain_customer(c, &out->explanation, err));
    }
    out->failure = (struct str){failure.p, failure.n};
    out->passed = failure.n == 0;
    return DONE;
}
