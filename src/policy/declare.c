// The blocks that declare names: inputs, params, metrics.
#include <math.h>

#include "policy/read.h"
#include "policy/routine.h"
#include "policy/words.h"

// ---- inputs ---------------------------------------------------------------------------------

// A closed set: { "low", "high" }.
static bool read_labels(struct reader *r, const struct node *v, const struct dict **out) {
    const struct str *label;
    int n;
    if (v->kind != NODE_TABLE || v->items == 0 || !read_list(r, v, &n, &label))
        return false;
    *out = dict_new(r->arena, label, n, false);
    return true;
}

static bool read_type(const struct node *v, enum type *out) {
    if (v->kind != NODE_WORD || v->items > 0 || !words_find("inputs", v->string))
        return false;
    *out = (enum type)type_of_name(v->string);
    return true;
}

bool read_inputs(struct reader *r, const struct row *row, const struct node *v, void *into) {
    const struct node *body = read_body(r, v, NULL);
    (void)row, (void)into;
    if (!body)
        return true;
    read_no_items(r, body);
    for (int i = 0; i < body->fields; i++) {
        const struct field *f = &body->field[i];
        struct input *in = &r->input[r->policy->inputs++];
        *in = (struct input){.name = f->name, .at = f->at};
        read_printable(r, f->name, f->at);
        if (read_labels(r, &f->value, &in->labels))
            in->type = TYPE_LABEL;
        else if (!read_type(&f->value, &in->type))
            read_mismatch(
                r, f->name,
                "a type (integer, number, money, date, flag, label or text) or a list of labels",
                &f->value);
    }
    return true;
}

// ---- params ---------------------------------------------------------------------------------

static bool read_constant(struct reader *r, const struct node *v, struct param *p) {
    double number;
    struct str label;
    if (v->kind == NODE_BOOLEAN) {
        p->type = TYPE_FLAG;
        p->value = (struct value){.tag = VALUE_BOOLEAN, .boolean = v->boolean};
    } else if (v->kind == NODE_INTEGER) {
        p->type = TYPE_INTEGER;
        p->value = (struct value){.tag = VALUE_INTEGER, .integer = v->integer};
    } else if (read_double(v, &number)) {
        p->type = TYPE_NUMBER;
        p->value = (struct value){.tag = VALUE_FLOAT, .number = number};
    } else if (read_name(r, v, &label)) {
        p->type = TYPE_LABEL;
        p->value = (struct value){.tag = VALUE_STRING, .string = label};
    } else {
        return false;
    }
    return true;
}

bool read_bound(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row;
    return read_double(v, into);
}

static void read_range(struct reader *r, const struct node *v, struct param *p) {
    double number = p->type == TYPE_INTEGER ? (double)p->value.integer : p->value.number;
    p->from = -HUGE_VAL;
    p->to = HUGE_VAL;
    p->ranged = v->fields > 0;
    read_fields(r, v, "params", p);
    if (p->ranged && p->type != TYPE_INTEGER && p->type != TYPE_NUMBER)
        read_wrong(r, v->at, "no-range", "`%s` is no number, so it has no from and to",
                   read_shown(r, p->name));
    else if (p->ranged && !(p->from <= number && number <= p->to))
        read_wrong(r, v->at, "out-of-range", "`%s` is not within its own from and to",
                   read_shown(r, p->name));
}

bool read_params(struct reader *r, const struct row *row, const struct node *v, void *into) {
    const struct node *body = read_body(r, v, NULL);
    (void)row, (void)into;
    if (!body)
        return true;
    read_no_items(r, body);
    for (int i = 0; i < body->fields; i++) {
        const struct field *f = &body->field[i];
        const struct node *table = f->value.kind == NODE_TABLE ? &f->value : NULL;
        struct param *p = &r->policy->param[r->policy->params++];
        *p = (struct param){.name = f->name, .at = f->at};
        if ((table && table->items != 1) || !read_constant(r, table ? table->item : &f->value, p))
            read_mismatch(r, f->name, "a value or { value, from = number, to = number }",
                          &f->value);
        else if (table)
            read_range(r, table, p);
    }
    return true;
}

// ---- metrics --------------------------------------------------------------------------------

static const char *const aggregates[] = {NULL,  "count", "sum",   "mean",
                                         "min", "max",   "first", "last"};

static enum aggregate aggregate_of(struct str name) {
    enum aggregate a = AGGREGATE_COUNT;
    while (!str_is(name, aggregates[a]))
        a++;
    return a;
}

bool read_where(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    return read_formula(r, v, into);
}

bool read_duration(struct reader *r, const struct row *row, const struct node *v, void *into) {
    enum { MOST_DAYS = 36600, MOST_MONTHS = 1200 };
    struct duration *d = into;
    (void)row;
    if (v->kind != NODE_WORD || v->items != 1 || v->item[0].kind != NODE_INTEGER ||
        !words_find("duration", v->string))
        return false;
    bool days = str_is(v->string, "days");
    int64_t n = v->item[0].integer, most = days ? MOST_DAYS : MOST_MONTHS;
    if (n < 1 || n > most)
        read_wrong(r, v->at, "duration", "%s(n) takes a whole number from 1 to %ld, got %ld",
                   days ? "days" : "months", (long)most, (long)n);
    *d = days ? (struct duration){.days = n} : (struct duration){.months = n};
    return true;
}

// `sum "transactions" { "amount", where = ..., last = ... }`
static bool read_aggregate(struct reader *r, const struct node *v, struct declared *m) {
    static const struct node nothing = {.kind = NODE_TABLE};
    if (v->kind != NODE_WORD || !words_find("metrics", v->string))
        return false;
    m->aggregate = aggregate_of(v->string);
    bool counts = m->aggregate == AGGREGATE_COUNT;
    const char *word = aggregates[m->aggregate];
    const struct node *body = v->items == 2 ? &v->item[1] : &nothing;
    if (v->items < 1 || v->items > 2 || body->kind != NODE_TABLE ||
        !read_name(r, &v->item[0], &m->table) || body->items != !counts ||
        (!counts && !read_formula(r, &body->item[0], &m->value)))
        read_wrong(r, v->at, "wrong-aggregate",
                   "`%s` is written %s \"a table\" { %slast = months(12) }", read_shown(r, m->name),
                   word, counts ? "" : "\"a column\", ");
    else
        read_fields(r, body, "aggregate", m);
    return true;
}

static const struct {
    const char *word;
    struct line line; // without a share of its own: this one
} lines[] = {
    {"quantile", {LINE_QUANTILE, 0, 0}},   {"median", {LINE_QUANTILE, 1, 2}},
    {"average", {LINE_AVERAGE, 1, 1}},     {"top_heads", {LINE_TOP_HEADS, 0, 0}},
    {"top_share", {LINE_TOP_SHARE, 0, 0}},
};

// `quantile(0.8, "spend")` or `median "spend"`: false for any other word.
static bool read_line(struct reader *r, const struct node *v, struct declared *m) {
    size_t i = 0, n = sizeof lines / sizeof *lines;
    double share;
    while (v->kind == NODE_WORD && i < n && !str_is(v->string, lines[i].word))
        i++;
    if (v->kind != NODE_WORD || i == n)
        return false;
    m->line = lines[i].line;
    bool shared = m->line.parts == 0;
    if (v->items != 1 + shared || !read_formula(r, &v->item[v->items - 1], &m->value) ||
        (shared &&
         (!read_double(v->item, &share) || !line_fraction(share, &m->line.part, &m->line.parts))))
        read_wrong(r, v->at, "wrong-line", "`%s` is written %s%s\"an expression\"%s",
                   read_shown(r, m->name), lines[i].word,
                   shared ? "(a share from 0 to 1 with at most 6 decimals, " : " ",
                   shared ? ")" : "");
    return true;
}

// What stands before a function: label({ "low", "high" }, function ... end) has two arguments, the
// other types one.
static bool read_result(struct reader *r, const struct node *v, enum type type,
                        const struct dict **labels) {
    if (type == TYPE_LABEL)
        return v->items == 2 && read_labels(r, v->item, labels) && (*labels)->n <= SHARED_LABELS;
    return v->items == 1 && type != TYPE_TEXT;
}

// A function is a number, unless a type says otherwise: `flag(function ... end)`.
static bool read_function(struct reader *r, const struct node *v, struct declared *m) {
    bool typed = v->kind == NODE_WORD && v->items > 0 && words_find("inputs", v->string);
    enum type type = typed ? (enum type)type_of_name(v->string) : TYPE_NUMBER;
    const struct node *function = typed ? &v->item[v->items - 1] : v;
    const struct dict *labels = NULL;
    if (function->kind != NODE_FUNCTION)
        return false;
    if (typed && !read_result(r, v, type, &labels))
        read_wrong(r, v->at, "wrong-type",
                   "`%s`: write flag(function ... end), or integer, money, date, number, or "
                   "label({ \"low\", \"high\" }, function ... end) with at most %d labels",
                   read_shown(r, m->name), (int)SHARED_LABELS);
    struct routine *routine = read_routine(r, function);
    if (routine)
        m->computed = routine_metric(r->arena, r->policy, routine, type, labels);
    return true;
}

struct declared *add_metrics(struct reader *r, int n) {
    struct policy *p = r->policy;
    struct declared *all = arena_array(r->arena, (size_t)(p->metrics + n), sizeof *all);
    for (int i = 0; i < p->metrics; i++)
        all[i] = r->metric[i];
    p->metric = r->metric = all;
    p->metrics += n;
    return all + p->metrics - n;
}

bool read_metrics(struct reader *r, const struct row *row, const struct node *v, void *into) {
    const struct node *body = read_body(r, v, NULL);
    (void)row, (void)into;
    if (!body)
        return true;
    read_no_items(r, body);
    for (int i = 0; i < body->fields; i++) {
        const struct field *f = &body->field[i];
        struct declared *m = &r->metric[r->policy->metrics++];
        *m = (struct declared){.name = f->name, .at = f->at};
        if (!read_formula(r, &f->value, &m->value) && !read_function(r, &f->value, m) &&
            !read_line(r, &f->value, m) && !read_aggregate(r, &f->value, m))
            read_mismatch(r, f->name,
                          "an expression in quotes, a function, count, sum ... of a table, or "
                          "median, quantile ... of all customers",
                          &f->value);
    }
    return true;
}
