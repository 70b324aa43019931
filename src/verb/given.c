// Without rows the values are put on a board that has no data: what is not put there is missing.
//
// With rows there is a dataset: the values are columns of its customers table, and so is, as a
// missing one, all that the board would otherwise look for in tables that are not given, or in a
// whole base. So the engine computes what rows were given for, and nothing else.
//
// A friend is a second customer there, and the two are joined by the one row of referrals.
#include "verb/given.h"

#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "load/role.h"
#include "metric/metric.h"
#include "policy/pairs.h"

struct making {
    struct arena *arena;
    const struct policy *policy;
    const struct expectation *test;
    struct dataset *data;
    struct board *types; // names and types only
    int columns, size;   // of the customers table
    const struct column **column;
};

enum { CUSTOMER, FRIEND, PEOPLE };

// ---- values -----------------------------------------------------------------------------------

static bool set_number(struct column *c, int64_t row, const struct value *v) {
    double x = v->tag == VALUE_INTEGER ? (double)v->integer : v->number;
    int64_t minor;
    if (v->tag != VALUE_INTEGER && v->tag != VALUE_FLOAT)
        return false;
    if (c->type == TYPE_NUMBER) {
        column_set_number(c, row, x);
        return true;
    }
    if (!money_round(x, c->decimals, &minor))
        return false;
    column_set_integer(c, row, minor);
    return true;
}

static bool set_label(struct column *c, int64_t row, const struct value *v) {
    int32_t code = v->tag == VALUE_STRING ? dict_find(c->dict, v->string) : -1;
    if (code >= 0)
        column_set_code(c, row, code);
    return code >= 0;
}

static bool day_of(const struct value *v, int32_t *day) {
    bool had_time;
    return v->tag == VALUE_STRING && date_parse(v->string, STR("YYYY-MM-DD"), day, &had_time) &&
           !had_time;
}

static bool set_value(struct column *c, int64_t row, const struct value *v) {
    int32_t day;
    switch (c->type) {
    case TYPE_INTEGER:
        if (v->tag == VALUE_INTEGER)
            column_set_integer(c, row, v->integer);
        return v->tag == VALUE_INTEGER;
    case TYPE_FLAG:
        if (v->tag == VALUE_BOOLEAN)
            column_set_flag(c, row, v->boolean);
        return v->tag == VALUE_BOOLEAN;
    case TYPE_NUMBER:
    case TYPE_MONEY: return set_number(c, row, v);
    case TYPE_DATE:
        if (!day_of(v, &day))
            return false;
        column_set_date(c, row, day);
        return true;
    case TYPE_LABEL:
    case TYPE_TEXT: return set_label(c, row, v);
    }
    return false;
}

// A column of these values (NULL: missing). A text stands as a label: expressions read both as
// strings. Labels are those there can be, or NULL.
static enum status make_column(const struct making *m, struct str name, enum type type,
                               const struct dict *labels, const struct given *const *give,
                               int64_t n, const struct column **out, struct err *err) {
    struct column *c = column_new(m->arena, name, type == TYPE_TEXT ? TYPE_LABEL : type, n);
    struct str *text = arena_array(m->arena, (size_t)n, sizeof *text);
    int32_t texts = 0;
    for (int64_t i = 0; i < n; i++)
        if (give[i] && give[i]->value.tag == VALUE_STRING)
            text[texts++] = give[i]->value.string;
    if (c->type == TYPE_LABEL)
        c->dict = labels ? labels : dict_new(m->arena, text, texts, false);
    c->decimals = c->type == TYPE_MONEY ? m->data->decimals : 0;
    for (int64_t i = 0; i < n; i++)
        if (give[i] && !set_value(c, i, &give[i]->value))
            return err_at(err, REFUSED, give[i]->at, "`%.*s` takes %s", (int)name.n, name.p,
                          given_takes(type));
    column_finish(c);
    *out = c;
    return DONE;
}

static enum status customer_column(const struct making *m, struct str name,
                                   const struct column **out, struct err *err) {
    const struct expectation *e = m->test;
    const struct given *give[PEOPLE] = {
        [CUSTOMER] = given_find(e->given, e->give, name),
        [FRIEND] = given_find(e->friend_given, e->friend, name),
    };
    const struct dict *labels = NULL;
    enum type type;
    struct err own = {DONE};
    enum status status = board_type(m->types, name, &type, &labels, &own);
    if (status == REFUSED && !own.file[0])
        return err_at(err, status, give[give[CUSTOMER] ? CUSTOMER : FRIEND]->at, "%s", own.text);
    if (status != DONE) {
        *err = own;
        return status;
    }
    return make_column(m, name, type, labels, give, m->data->customers, out, err);
}

// ---- rows -------------------------------------------------------------------------------------

static const struct given *value_in(const struct given_row *row, struct str name) {
    return given_find(row->given, row->give, name);
}

// What the values of a column make of it: those of every test of the policy, so that its type is
// the same in all of them.
struct guess {
    const struct given *first; // NULL: nobody gives one
    bool mixed;
    enum type type;
};

static enum type type_of(const struct value *v) {
    int32_t day;
    switch (v->tag) {
    case VALUE_BOOLEAN: return TYPE_FLAG;
    case VALUE_INTEGER: return TYPE_INTEGER;
    case VALUE_FLOAT: return TYPE_NUMBER;
    case VALUE_STRING: break;
    }
    return day_of(v, &day) ? TYPE_DATE : TYPE_LABEL;
}

static void guess_value(struct guess *g, const struct given *v) {
    enum type type = type_of(&v->value);
    if (!g->first) {
        *g = (struct guess){v, false, type};
    } else if (type_numeric(type) && type_numeric(g->type)) {
        g->type = type == g->type ? type : TYPE_NUMBER;
    } else if (type != g->type) {
        bool text = type == TYPE_DATE || type == TYPE_LABEL;
        g->mixed = g->mixed || !text || !(g->type == TYPE_DATE || g->type == TYPE_LABEL);
        g->type = TYPE_LABEL;
    }
}

static struct guess guess_column(const struct policy *p, struct str table, struct str name) {
    struct guess g = {.type = TYPE_NUMBER};
    for (int i = 0; i < p->tests; i++)
        for (int t = 0; t < p->test[i].tables; t++) {
            const struct given_table *x = &p->test[i].table[t];
            for (int k = 0; str_eq(x->name, table) && k < x->rows; k++) {
                const struct given *v = value_in(&x->row[k], name);
                if (v)
                    guess_value(&g, v);
            }
        }
    return g;
}

// A table in the making: the rows that exist on the day, in order of their dates.
struct filling {
    const struct given_table *given;
    const struct table_role *role;
    const struct given_row **row;
    int64_t n;
    int columns, size;
    const struct column **column;
    struct table *table;
};

static enum status check_row(const struct filling *f, const struct given_row *row,
                             struct err *err) {
    for (const struct role *role = f->role->role; role->name; role++)
        if (role->required && strcmp(role->name, f->role->key) != 0 &&
            !value_in(row, str_of(role->name)))
            return err_at(err, REFUSED, row->at, "a row of %.*s has its `%s`",
                          (int)f->given->name.n, f->given->name.p, role->name);
    return DONE;
}

// Rows of one day stay as they are given.
static enum status take_rows(const struct making *m, struct filling *f, struct err *err) {
    int32_t *date = arena_array(m->arena, (size_t)f->given->rows, sizeof *date);
    f->row = arena_array(m->arena, (size_t)f->given->rows, sizeof *f->row);
    for (int i = 0; i < f->given->rows; i++) {
        const struct given_row *row = &f->given->row[i];
        const struct given *v = value_in(row, STR("date"));
        int32_t day = INT32_MIN;
        TRY(check_row(f, row, err));
        if (v && !day_of(&v->value, &day))
            return err_at(err, REFUSED, v->at, "`date` takes %s", given_takes(TYPE_DATE));
        if (v && day > m->test->today)
            continue;
        int64_t at = f->n++;
        for (; at > 0 && date[at - 1] > day; at--) {
            date[at] = date[at - 1];
            f->row[at] = f->row[at - 1];
        }
        date[at] = day;
        f->row[at] = row;
    }
    return DONE;
}

static bool has_column(const struct filling *f, struct str name) {
    for (int i = 0; i < f->columns; i++)
        if (str_eq(f->column[i]->name, name))
            return true;
    return false;
}

static enum status add_column(const struct making *m, struct filling *f, struct str name,
                              struct err *err) {
    struct guess guess = guess_column(m->policy, f->given->name, name);
    const struct role *role = role_find(f->role, name);
    enum type type = role && role->type >= 0 ? (enum type)role->type : guess.type;
    if (has_column(f, name) || (!guess.first && f->given->rows > 0))
        return DONE;
    if (guess.mixed)
        return err_at(err, REFUSED, guess.first->at,
                      "`%.*s` is a %s here and something else in another row", (int)name.n, name.p,
                      type_name(type_of(&guess.first->value)));
    const struct given **give = arena_array(m->arena, (size_t)f->n, sizeof *give);
    for (int64_t i = 0; i < f->n; i++)
        give[i] = value_in(f->row[i], name);
    f->column = arena_more(m->arena, f->column, f->columns, &f->size, sizeof *f->column);
    TRY(make_column(m, name, type, NULL, give, f->n, &f->column[f->columns], err));
    if (str_is(name, "date"))
        f->table->date = f->column[f->columns];
    f->columns++;
    return DONE;
}

// The columns that rows have in any of the tests; a table without rows has those of its roles.
static enum status add_columns(const struct making *m, struct filling *f, struct err *err) {
    for (const struct role *role = f->role->role; role->name; role++)
        if (strcmp(role->name, f->role->key) != 0)
            TRY(add_column(m, f, str_of(role->name), err));
    for (int i = 0; i < m->policy->tests; i++)
        for (int t = 0; t < m->policy->test[i].tables; t++) {
            const struct given_table *x = &m->policy->test[i].table[t];
            for (int k = 0; str_eq(x->name, f->given->name) && k < x->rows; k++)
                for (int v = 0; v < x->row[k].given; v++)
                    TRY(add_column(m, f, x->row[k].give[v].name, err));
        }
    return DONE;
}

static enum status make_table(const struct making *m, const struct given_table *given,
                              const struct table **out, struct err *err) {
    struct table *table = arena_alloc(m->arena, sizeof *table);
    int64_t *start = arena_array(m->arena, PEOPLE + 1, sizeof *start);
    struct filling f = {.given = given, .role = table_role_find(given->name), .table = table};
    TRY(take_rows(m, &f, err));
    TRY(add_columns(m, &f, err));
    table->name = given->name;
    table->n = start[CUSTOMER + 1] = start[FRIEND + 1] = f.n; // all are the customer's
    table->start = start;
    table->columns = f.columns;
    table->column = f.column;
    *out = table;
    return DONE;
}

// ---- the customers table ------------------------------------------------------------------------

static bool has_table(const struct making *m, struct str name) {
    for (int i = 0; i < m->test->tables; i++)
        if (str_eq(m->test->table[i].name, name))
            return true;
    return false;
}

static void add_person(struct making *m, const struct column *c) {
    m->column = arena_more(m->arena, m->column, m->columns, &m->size, sizeof *m->column);
    m->column[m->columns++] = c;
}

static bool is_person(const struct making *m, struct str name) {
    for (int i = 0; i < m->columns; i++)
        if (str_eq(m->column[i]->name, name))
            return true;
    return false;
}

// What is broken is said when the policy is compiled.
static void add_missing(struct making *m, struct str name) {
    const struct dict *labels;
    const struct given *none[PEOPLE] = {NULL, NULL};
    const struct column *c;
    struct err err = {DONE};
    enum type type;
    if (!is_person(m, name) && board_type(m->types, name, &type, &labels, &err) == DONE &&
        make_column(m, name, type, labels, none, m->data->customers, &c, &err) == DONE)
        add_person(m, c);
}

// Whether the rows do not say it: they are of other tables, or it is learned from a whole base.
static bool is_left_out(const struct making *m, const struct declared *d) {
    bool transactions = has_table(m, STR("transactions"));
    if (d->points)
        return d->points->earn.text.p ? !transactions : !has_table(m, STR("points"));
    return d->line.kind != LINE_NONE || (d->aggregate != AGGREGATE_NONE && !has_table(m, d->table));
}

static enum status add_people(struct making *m, struct err *err) {
    const struct policy *p = m->policy;
    const struct column *c;
    size_t n;
    const struct metric *metric = metric_all(&n);
    for (int i = 0; i < m->test->given + m->test->friend_given; i++) {
        int friend = i - m->test->given;
        struct str name = friend < 0 ? m->test->give[i].name : m->test->friend[friend].name;
        if (is_person(m, name))
            continue;
        TRY(customer_column(m, name, &c, err));
        add_person(m, c);
    }
    for (int i = 0; i < p->inputs; i++)
        add_missing(m, p->input[i].name);
    for (int i = 0; i < p->metrics; i++)
        if (is_left_out(m, &p->metric[i]))
            add_missing(m, p->metric[i].name);
    for (size_t i = 0; i < n; i++)
        if (metric[i].learn || metric[i].others ||
            (metric[i].table && !has_table(m, str_of(metric[i].table))))
            add_missing(m, str_of(metric[i].name));
    return DONE;
}

// ---- the dataset --------------------------------------------------------------------------------

static const struct column *make_id(struct arena *a, int n) {
    static const struct str names[PEOPLE] = {
        [CUSTOMER] = {"the test's customer", 19}, [FRIEND] = {"the test's friend", 17}};
    struct column *id = column_new(a, STR("customer"), TYPE_LABEL, n);
    id->dict = dict_new(a, names, n, false);
    for (int i = 0; i < n; i++)
        column_set_code(id, i, i);
    column_finish(id);
    return id;
}

// The customer is credited with the friend.
static void add_referrer(struct making *m) {
    struct column *c = column_new(m->arena, STR("referrer"), TYPE_LABEL, PEOPLE);
    c->dict = m->data->id->dict;
    column_set_code(c, FRIEND, CUSTOMER);
    column_finish(c);
    add_person(m, c);
}

// A column of the row; one that a policy's rule can read is there, if only as a missing value.
static enum status row_column(const struct making *m, struct str name, enum type type,
                              const struct column **out, struct err *err) {
    const struct given *give = given_find(m->test->row_given, m->test->row, name);
    return make_column(m, name, type, NULL, &give, 1, out, err);
}

static enum status check_row_names(const struct making *m, const struct table *t, struct err *err) {
    for (int i = 0; i < m->test->row_given; i++) {
        const struct given *g = &m->test->row[i];
        if (!table_column(t, g->name) || str_is(g->name, "referee"))
            return err_at(err, REFUSED, g->at,
                          "a referral has date, programme, status, and what `inputs` says of it: "
                          "[\"referral.%.*s\"] = ...",
                          (int)g->name.n, g->name.p);
    }
    return DONE;
}

// The one row of referrals: the friend's id, its roles, and what the policy expects there.
static enum status make_referrals(const struct making *m, const struct table **out,
                                  struct err *err) {
    static const struct {
        struct str name;
        enum type type;
    } roles[] = {
        {{"date", 4}, TYPE_DATE}, {{"programme", 9}, TYPE_LABEL}, {{"status", 6}, TYPE_LABEL}};
    enum { ROLES = sizeof roles / sizeof *roles };
    const struct policy *p = m->policy;
    struct table *t = arena_alloc(m->arena, sizeof *t);
    int64_t *start = arena_array(m->arena, PEOPLE + 1, sizeof *start);
    const struct column **list = arena_array(m->arena, (size_t)p->inputs + ROLES + 1, sizeof *list);
    struct column *referee = column_new(m->arena, STR("referee"), TYPE_LABEL, 1);
    referee->dict = m->data->id->dict;
    column_set_code(referee, 0, FRIEND);
    column_finish(referee);
    start[CUSTOMER + 1] = start[FRIEND + 1] = 1;
    *t = (struct table){.name = STR("referrals"), .n = 1, .column = list, .start = start};
    list[t->columns++] = referee;
    for (int i = 0; i < ROLES; i++)
        TRY(row_column(m, roles[i].name, roles[i].type, &list[t->columns++], err));
    for (int i = 0; i < p->inputs; i++) {
        struct str own = pairs_row_name(p->input[i].name);
        if (own.n && !table_column(t, own))
            TRY(row_column(m, own, p->input[i].type, &list[t->columns++], err));
    }
    t->date = table_column(t, STR("date"));
    *out = t;
    return check_row_names(m, t, err);
}

static enum status make_dataset(struct making *m, struct err *err) {
    struct dataset *data = m->data;
    struct table *people = arena_alloc(m->arena, sizeof *people);
    const struct table **table = arena_array(m->arena, (size_t)m->test->tables + 1, sizeof *table);
    add_person(m, data->id);
    if (m->test->has_friend)
        add_referrer(m);
    TRY(add_people(m, err));
    for (int i = 0; i < m->test->tables; i++)
        TRY(make_table(m, &m->test->table[i], &table[i], err));
    *people = (struct table){
        .name = STR("customers"), .n = data->customers, .columns = m->columns, .column = m->column};
    data->people = people;
    data->as_of = m->test->today;
    data->tables = m->test->tables;
    data->table = table;
    return m->test->has_friend ? make_referrals(m, &table[data->tables++], err) : DONE;
}

enum status given_board(struct arena *a, const struct policy *p, const struct host *host,
                        const struct expectation *e, struct dataset *data, struct board **board,
                        struct err *err) {
    int decimals = money_decimals(p->currency);
    struct making m = {.arena = a, .policy = p, .test = e, .data = data};
    *data = (struct dataset){.name = p->title,
                             .currency = p->currency,
                             .decimals = decimals < 0 ? 2 : decimals,
                             .customers = e->has_friend ? PEOPLE : 1,
                             .alone = !e->has_friend,
                             .id = make_id(a, e->has_friend ? PEOPLE : 1)};
    *board = m.types = policy_board(a, p, host, NULL);
    if (e->has_today) {
        TRY(make_dataset(&m, err));
        *board = policy_board(a, p, host, data);
        return DONE;
    }
    for (int i = 0; i < e->given; i++) {
        const struct column *c;
        TRY(customer_column(&m, e->give[i].name, &c, err));
        board_put(*board, c);
    }
    return DONE;
}
