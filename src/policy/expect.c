// A policy's own tests: a customer, and what the policy must give.
#include <string.h>

#include "base/date.h"
#include "policy/read.h"
#include "policy/words.h"

static bool read_given(struct reader *r, const struct node *v, struct value *out) {
    switch (v->kind) {
    case NODE_BOOLEAN: *out = (struct value){VALUE_BOOLEAN, .boolean = v->boolean}; return true;
    case NODE_INTEGER: *out = (struct value){VALUE_INTEGER, .integer = v->integer}; return true;
    case NODE_NUMBER: out->tag = VALUE_FLOAT; return read_double(v, &out->number);
    case NODE_STRING: out->tag = VALUE_STRING; return read_name(r, v, &out->string);
    default: return false;
    }
}

static bool read_values(struct reader *r, const struct node *v, int *n, const struct given **out) {
    struct given *give = arena_array(r->arena, (size_t)v->fields, sizeof *give);
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    for (int i = 0; i < v->fields; i++) {
        const struct field *f = &v->field[i];
        give[i] = (struct given){.name = f->name, .at = f->at};
        read_printable(r, f->name, f->at);
        if (!read_given(r, &f->value, &give[i].value))
            read_mismatch(r, f->name, "a value", &f->value);
    }
    *n = v->fields;
    *out = give;
    return true;
}

const struct given *given_find(int n, const struct given *give, struct str name) {
    for (int i = 0; i < n; i++)
        if (str_eq(give[i].name, name))
            return &give[i];
    return NULL;
}

// What a case says of a customer goes before what its block says.
static bool read_person(struct reader *r, const struct node *v, int *given,
                        const struct given **list) {
    const struct given *own;
    int n;
    if (v->kind != NODE_TABLE || !read_values(r, v, &n, &own))
        return false;
    struct given *give = arena_array(r->arena, (size_t)(n + *given), sizeof *give);
    for (int i = 0; i < n; i++)
        give[i] = own[i];
    for (int i = 0; i < *given; i++)
        if (!given_find(n, give, (*list)[i].name))
            give[n++] = (*list)[i];
    *given = n;
    *list = give;
    return true;
}

bool read_customer(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    (void)row;
    e->has_customer = true;
    return read_person(r, v, &e->given, &e->give);
}

bool read_friend(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    (void)row;
    e->has_friend = true;
    e->friend_at = v->at;
    return read_person(r, v, &e->friend_given, &e->friend);
}

bool read_referral_row(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    (void)row;
    return read_person(r, v, &e->row_given, &e->row);
}

bool read_expected_reward(struct reader *r, const struct row *row, const struct node *v,
                          void *into) {
    struct expectation *e = into;
    enum party party = strcmp(row->word.name, "reward") == 0 ? PARTY_REFERRER : PARTY_FRIEND;
    (void)r;
    e->has_reward[party] = true;
    return read_double(v, &e->reward[party]);
}

bool read_today(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    bool had_time = false;
    (void)r, (void)row;
    e->has_today = v->kind == NODE_STRING &&
                   date_parse(v->string, STR("YYYY-MM-DD"), &e->today, &had_time) && !had_time;
    return e->has_today;
}

// A case's rows of a table take the place of the block's.
bool read_rows(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation *e = into;
    struct given_table t = {.name = str_of(row->word.name), .at = v->at, .rows = v->items};
    if (v->kind != NODE_TABLE || v->fields > 0)
        return false;
    t.row = arena_array(r->arena, (size_t)v->items, sizeof *t.row);
    for (int i = 0; i < v->items; i++) {
        t.row[i].at = v->item[i].at;
        if (v->item[i].kind != NODE_TABLE ||
            !read_values(r, &v->item[i], &t.row[i].given, &t.row[i].give))
            return false;
    }
    struct given_table *list = arena_array(r->arena, (size_t)e->tables + 1, sizeof *list);
    int n = 0;
    for (int i = 0; i < e->tables; i++)
        if (!str_eq(e->table[i].name, t.name))
            list[n++] = e->table[i];
    list[n++] = t;
    e->tables = n;
    e->table = list;
    return true;
}

// A case's own expectation takes the place of the block's.
static void expect(struct reader *r, struct expectation *e, struct given column) {
    struct given *list = arena_array(r->arena, (size_t)e->columns + 1, sizeof *list);
    int n = 0;
    for (int i = 0; i < e->columns; i++)
        if (!str_eq(e->column[i].name, column.name))
            list[n++] = e->column[i];
    list[n++] = column;
    e->columns = n;
    e->column = list;
}

static bool read_tier_of(struct reader *r, struct str scheme, const struct node *v,
                         struct expectation *e) {
    struct given g = {.value = {VALUE_STRING}, .at = v->at};
    if (!read_name(r, v, &g.value.string))
        return false;
    int k = refer_scheme(r, v->at, scheme);
    if (k < 0)
        return true;
    refer_class(r, v->at, &r->policy->scheme[k], g.value.string);
    g.name = r->policy->scheme[k].name;
    expect(r, e, g);
    return true;
}

// The tier in the first tiers block, or { scheme = class, ... }.
bool read_expected_tier(struct reader *r, const struct row *row, const struct node *v, void *into) {
    int n = v->kind == NODE_TABLE && v->items == 0 ? v->fields : 0;
    (void)row;
    if (v->kind == NODE_STRING)
        return read_tier_of(r, STR("tier"), v, into);
    for (int i = 0; i < n; i++)
        if (!read_tier_of(r, v->field[i].name, &v->field[i].value, into))
            return false;
    return n > 0;
}

// The class in a scheme by its name, or what that says: care_owner = "Ms Li".
static void read_expected_columns(struct reader *r, const struct node *v, struct expectation *e) {
    for (int i = 0; i < v->fields; i++) {
        const struct field *f = &v->field[i];
        struct given g = {.name = f->name, .at = f->at};
        if (words_find("gives", f->name))
            continue;
        if (!scheme_find_column(r->policy, f->name, NULL))
            read_unknown(r, "gives", f);
        else if (!read_given(r, &f->value, &g.value))
            read_mismatch(r, f->name, "a value", &f->value);
        else
            expect(r, e, g);
    }
}

bool read_expected_offers(struct reader *r, const struct row *row, const struct node *v,
                          void *into) {
    struct expectation *e = into;
    (void)row;
    if (!read_list(r, v, &e->offers, &e->offer))
        return false;
    e->has_offers = true;
    for (int i = 0; i < e->offers; i++)
        refer_campaign(r, read_list_place(v, i), e->offer[i]);
    return true;
}

bool read_expected_amount(struct reader *r, const struct row *row, const struct node *v,
                          void *into) {
    struct expected_amount *e = into;
    (void)r, (void)row;
    e->given = read_double(v, &e->amount);
    return e->given;
}

bool read_gives(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    ((struct expectation *)into)->has_gives = true;
    read_no_items(r, v);
    read_known_fields(r, v, "gives", into);
    read_expected_columns(r, v, into);
    if (v->fields == 0)
        read_wrong(r, v->at, "gives-nothing",
                   "`gives` is empty: say which tier, or which offers ({ } for none)");
    return true;
}

// ---- blocks and cases -------------------------------------------------------------------------

static struct expectation *add_test(struct reader *r) {
    struct policy *p = r->policy;
    p->test = r->test = arena_more(r->arena, r->test, p->tests, &r->tests, sizeof *r->test);
    return &r->test[p->tests++];
}

static void check_complete(struct reader *r, const struct expectation *e, const struct node *v) {
    if (!e->has_customer && !read_field(v, "customer"))
        read_wrong(r, v->at, "missing-word",
                   "`customer` is missing: it takes a table of name = "
                   "value");
    if (!e->has_gives && !read_field(v, "gives"))
        read_wrong(r, v->at, "missing-word", "`gives` is missing: it takes a table");
    if (e->has_friend && !(e->has_today && given_find(e->row_given, e->row, STR("date"))))
        read_wrong(r, e->friend_at, "missing-word",
                   "a friend comes on a day, and is seen from one: write `referral = { date = "
                   "\"2025-01-31\" }` and `today = \"2025-03-31\"`");
    if (!e->has_friend && (e->row_given > 0 || e->has_reward[0] || e->has_reward[1]))
        read_wrong(r, e->at, "missing-word", "a referral is of a friend: write `friend = { ... }`");
    if (e->tables > 0 && !e->has_today)
        read_wrong(r, e->table[0].at, "missing-word",
                   "rows need a day to be seen from: write `today = \"2025-03-31\"`");
}

// { "a title", customer = ..., gives = ... }
static void read_case(struct reader *r, const struct expectation *block, const struct node *v) {
    const char *where = r->where;
    struct str title;
    if (v->kind != NODE_TABLE || v->items != 1 || !read_name(r, &v->item[0], &title)) {
        read_wrong(r, v->at, "wrong-case",
                   "a case is written { \"a title\", customer = { ... }, gives = { ... } }");
        return;
    }
    struct expectation *e = add_test(r);
    *e = *block;
    e->at = v->at;
    struct buf name = {.arena = r->arena};
    buf_printf(&name, "%.*s: %.*s", (int)block->name.n, block->name.p, (int)title.n, title.p);
    e->name = (struct str){name.p, name.n};
    r->where = arena_printf(r->arena, "%s: %s", where, read_shown(r, title));
    if (read_field(v, "cases"))
        read_wrong(r, v->at, "wrong-case", "a case has no cases of its own");
    else
        read_fields(r, v, "test", e);
    check_complete(r, e, v);
    r->where = where;
}

bool read_test(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct expectation block = {.at = v->at};
    const struct node *body = read_body(r, v, &block.name);
    (void)row, (void)into;
    if (!body)
        return true;
    read_no_items(r, body);
    read_fields(r, body, "test", &block);
    const struct node *cases = read_field(body, "cases");
    for (int i = 0; cases && i < cases->items; i++)
        read_case(r, &block, &cases->item[i]);
    if (cases)
        return true;
    check_complete(r, &block, body);
    *add_test(r) = block;
    return true;
}

// They are read once all the rest of the block is known, which they share.
bool read_cases(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row, (void)into;
    return v->kind == NODE_TABLE && v->items > 0 && v->fields == 0;
}
