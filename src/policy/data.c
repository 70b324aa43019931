// The data against the policy: what the policy expects to find, and customers that it makes up.
#include <string.h>

#include "base/date.h"
#include "metric/metric.h"
#include "policy/compile.h"
#include "policy/pairs.h"
#include "table/seal.h"

// ---- inputs -----------------------------------------------------------------------------------

static bool next_column(const void *ctx, size_t i, struct str *out) {
    const struct table *t = ctx;
    if (i >= (size_t)t->columns)
        return false;
    *out = t->column[i]->name;
    return true;
}

// What there is serves as what is expected: any number as a number, a label as a text.
static bool serves(enum type there, enum type expected) {
    return there == expected ||
           (expected == TYPE_NUMBER && (there == TYPE_INTEGER || there == TYPE_MONEY)) ||
           (expected == TYPE_TEXT && there == TYPE_LABEL);
}

static void check_labels(const struct compile *c, const struct input *in,
                         const struct dict *there) {
    for (int32_t i = 0; in->labels && there && i < there->n; i++) {
        struct str label = dict_at(there, i);
        if (dict_find(in->labels, label) >= 0)
            continue;
        findings_add(c->findings, SEVERITY_WARNING, "unknown-label", in->at,
                     "the data has '%.*s' in `%.*s`, which is none of the labels here; rules that "
                     "name labels pass over it",
                     (int)label.n, label.p, (int)in->name.n, in->name.p);
        return;
    }
}

// A snapshot may be damaged where its labels stand.
static bool can_be_read(const struct compile *c, const struct column *column) {
    struct err damage = {DONE};
    if (seal_check(column, &damage) == DONE)
        return true;
    struct place at = {arena_copy(c->arena, damage.file, strlen(damage.file)), 0, 0};
    findings_add(c->findings, SEVERITY_ERROR, "data", at, "%s", damage.text);
    return false;
}

// Where an input is looked for: among the customers or, as "referral.x", the rows of referrals.
struct sought {
    bool row;
    struct str name;
    const struct table *table; // or NULL
    const struct column *column;
    const struct metric *metric; // neither: it is not there
};

static struct sought seek(const struct compile *c, const struct input *in) {
    struct str own = pairs_row_name(in->name);
    struct sought s = {.row = own.n > 0, .name = own.n ? own : in->name};
    s.table = s.row ? dataset_table(c->data, STR("referrals")) : c->data->people;
    s.column = s.table ? table_column(s.table, s.name) : NULL;
    s.metric = s.column || s.row ? NULL : metric_find(s.name);
    return s;
}

static void refuse_input(const struct compile *c, const struct input *in, const struct sought *s) {
    struct str near = s->table ? str_nearest(s->name, next_column, s->table) : STR("");
    findings_add(c->findings, SEVERITY_ERROR, "no-input", in->at,
                 "the data has no column `%.*s`%s%.*s%s; add it to the %s, or drop it here",
                 (int)in->name.n, in->name.p, near.n ? " (there is `" : "", (int)near.n, near.p,
                 near.n ? "`)" : "", s->row ? "referrals" : "customers, let `metrics` compute it");
}

static void check_input(const struct compile *c, const struct input *in, bool some_are_there) {
    struct sought s = seek(c, in);
    if (!s.column && !s.metric) {
        if (some_are_there)
            refuse_input(c, in, &s);
        if (!s.row) // said once is enough: its readers are not told that there is no such name
            board_announce(c->board, (struct expected){in->name, in->type, in->labels});
        return;
    }
    const struct column *column = s.column;
    enum type there = column ? column->type : s.metric->type;
    if (!serves(there, in->type))
        findings_add(c->findings, SEVERITY_ERROR, "input-type", in->at,
                     "`%.*s` is of type %s in the data and %s here; write %s here, or say in "
                     "dataset.json that it is %s",
                     (int)in->name.n, in->name.p, type_name(there), type_name(in->type),
                     type_name(there), type_name(in->type));
    else if (column && column->type == TYPE_LABEL && can_be_read(c, column))
        check_labels(c, in, column->dict);
}

// Where several are expected and none is there, it is the wrong data, which is said once.
static void check_inputs(const struct compile *c) {
    const struct policy *p = c->policy;
    bool some = p->inputs < 2;
    for (int i = 0; i < p->inputs && !some; i++) {
        struct sought s = seek(c, &p->input[i]);
        some = s.column || s.metric;
    }
    if (!some)
        findings_add(c->findings, SEVERITY_ERROR, "no-input", p->input[0].at,
                     "the data has none of the %d columns that `inputs` expects, neither "
                     "`%.*s` nor `%.*s`%s: is it the data of this policy?",
                     p->inputs, (int)p->input[0].name.n, p->input[0].name.p,
                     (int)p->input[1].name.n, p->input[1].name.p, p->inputs > 2 ? " ..." : "");
    for (int i = 0; i < p->inputs; i++)
        check_input(c, &p->input[i], some);
}

// ---- names and currency -------------------------------------------------------------------------

// The policy's own names may not hide a column of the data, nor be hidden by one.
static void check_own(const struct compile *c, struct str name, const char *what, struct place at) {
    if (table_column(c->data->people, name))
        findings_add(c->findings, SEVERITY_ERROR, "name-taken", at,
                     "`%.*s` is %s here and a column of the data; choose another name", (int)name.n,
                     name.p, what);
}

void compile_data(const struct compile *c) {
    const struct policy *p = c->policy;
    if (!c->data)
        return;
    if (p->currency.n && c->data->currency.n && !str_eq(p->currency, c->data->currency))
        findings_add(c->findings, SEVERITY_ERROR, "currency", (struct place){p->path.p, 0, 0},
                     "the policy is in %.*s and the data in %.*s", (int)p->currency.n,
                     p->currency.p, (int)c->data->currency.n, c->data->currency.p);
    check_inputs(c);
    for (int i = 0; i < p->referrals && !dataset_table(c->data, STR("referrals")); i++)
        findings_add(c->findings, SEVERITY_ERROR, "no-referrals", p->referral[i].at,
                     "the referral '%.*s' needs the table referrals (referrer, referee, date), and "
                     "this data has none: add it to dataset.json",
                     (int)p->referral[i].name.n, p->referral[i].name.p);
    for (int i = 0; i < p->params; i++)
        check_own(c, p->param[i].name, "a param", p->param[i].at);
    for (int i = 0; i < p->metrics; i++)
        check_own(c, p->metric[i].name, "a metric", p->metric[i].at);
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++)
        for (const struct scheme_column *k = s->column; k < s->column + s->columns; k++)
            if (!k->again)
                check_own(c, k->name, scheme_column_what(c->arena, s, k), k->at);
}

// ---- the tiers before ---------------------------------------------------------------------------

static void check_named(const struct compile *c, const struct named *n, const char *word,
                        bool date) {
    const struct dict *labels;
    struct err err = {DONE};
    enum type type;
    if (n->name.n == 0)
        return;
    if (board_type(c->board, n->name, &type, &labels, &err) != DONE)
        findings_add(c->findings, SEVERITY_ERROR, "no-input", n->at, "`%s`: %s", word, err.text);
    else if (date ? type != TYPE_DATE : type != TYPE_LABEL && type != TYPE_TEXT)
        findings_add(c->findings, SEVERITY_ERROR, "input-type", n->at,
                     "`%s` names a column with %s, and `%.*s` is of type %s", word,
                     date ? "dates" : "tiers, as labels", (int)n->name.n, n->name.p,
                     type_name(type));
}

void compile_memory(const struct compile *c) {
    for (int i = 0; i < c->policy->schemes; i++) {
        const struct scheme *s = &c->policy->scheme[i];
        const struct memory *m = &s->memory;
        check_named(c, &m->previous, "previous", false);
        check_named(c, &m->since, "since", true);
        check_named(c, &m->reviewed, "reviewed", true);
        bool table = m->on && m->previous.name.n == 0;
        if (table && c->data && !c->data->alone && !dataset_table(c->data, STR("tier_history")))
            findings_add(c->findings, SEVERITY_NOTE, "no-history", s->at,
                         "nothing says which tier of '%.*s' customers had before, so each is new: "
                         "add the table tier_history (customer, date, tier), or previous = \"a "
                         "column\"",
                         (int)s->name.n, s->name.p);
    }
}

// ---- the customers of tests ---------------------------------------------------------------------

static bool is_date(struct str text) {
    int32_t date;
    bool had_time;
    return date_parse(text, STR("YYYY-MM-DD"), &date, &had_time) && !had_time;
}

static bool is_given_as(const struct value *v, enum type type) {
    switch (type) {
    case TYPE_INTEGER: return v->tag == VALUE_INTEGER;
    case TYPE_NUMBER:
    case TYPE_MONEY: return v->tag == VALUE_INTEGER || v->tag == VALUE_FLOAT;
    case TYPE_FLAG: return v->tag == VALUE_BOOLEAN;
    case TYPE_DATE: return v->tag == VALUE_STRING && is_date(v->string);
    case TYPE_LABEL:
    case TYPE_TEXT: return v->tag == VALUE_STRING;
    }
    return false;
}

const char *given_takes(enum type type) {
    static const char *const takes[] = {
        [TYPE_INTEGER] = "a whole number such as 3",
        [TYPE_NUMBER] = "a number such as 0.5",
        [TYPE_MONEY] = "an amount such as 19.90",
        [TYPE_DATE] = "a day such as \"2025-03-31\"",
        [TYPE_FLAG] = "true or false",
        [TYPE_LABEL] = "text",
        [TYPE_TEXT] = "text",
    };
    return takes[type];
}

static const char *decided(const struct policy *p, struct str name) {
    if (policy_param(p, name) >= 0)
        return "a param, the same for all customers";
    return scheme_find_column(p, name, NULL) ? "what the policy decides; expect it in `gives`"
                                             : NULL;
}

static void check_value(const struct compile *c, const struct given *g) {
    const struct dict *labels = NULL;
    struct err err = {DONE};
    enum type type;
    if (board_type(c->board, g->name, &type, &labels, &err) != DONE) {
        if (!err.file[0]) // what is wrong with a metric is said where it stands
            findings_add(c->findings, SEVERITY_ERROR, "unknown-name", g->at, "%s", err.text);
    } else if (!is_given_as(&g->value, type))
        findings_add(c->findings, SEVERITY_ERROR, "wrong-kind", g->at, "`%.*s` takes %s",
                     (int)g->name.n, g->name.p, given_takes(type));
    else if (labels && dict_find(labels, g->value.string) < 0)
        findings_add(c->findings, SEVERITY_ERROR, "unknown-label", g->at,
                     "'%.*s' is no label of `%.*s`", (int)g->value.string.n, g->value.string.p,
                     (int)g->name.n, g->name.p);
}

static void check_given(const struct compile *c, const struct given *g) {
    const char *why = decided(c->policy, g->name);
    if (why)
        findings_add(c->findings, SEVERITY_ERROR, "no-input", g->at, "`%.*s` is %s", (int)g->name.n,
                     g->name.p, why);
    else
        check_value(c, g);
}

void compile_tests(const struct compile *c) {
    for (int i = 0; i < c->policy->tests; i++) {
        const struct expectation *e = &c->policy->test[i];
        for (int k = 0; k < e->given; k++)
            check_given(c, &e->give[k]);
        for (int k = 0; k < e->friend_given; k++)
            check_given(c, &e->friend[k]);
        for (int k = 0; k < e->columns; k++)
            check_value(c, &e->column[k]);
    }
}
