// A decision table: each row says what it takes of the columns that are read, and what it gives. A
// row becomes a class whose condition is its cells, and what it gives are the class's details.
#include "policy/draft.h"
#include "policy/words.h"

enum { MOST_COLLECTED = 64 };

struct decision_table {
    bool collect;
    int reads;
    struct formula *read;
    int gives;
    const struct node *give; // their names
};

bool read_hit(struct reader *r, const struct row *row, const struct node *v, void *into) {
    static const char *const words[] = {"first", "collect"};
    int choice = read_choice(v, words, 2);
    (void)r, (void)row;
    ((struct decision_table *)into)->collect = choice == 1;
    return choice >= 0;
}

static bool is_list(const struct node *v) {
    return v->kind == NODE_TABLE && v->items > 0 && v->fields == 0;
}

bool read_reads(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct decision_table *t = into;
    (void)row;
    if (!is_list(v))
        return false;
    t->reads = v->items;
    t->read = arena_array(r->arena, (size_t)v->items, sizeof *t->read);
    for (int i = 0; i < v->items; i++)
        if (!read_formula(r, &v->item[i], &t->read[i]))
            return false;
    return true;
}

bool read_given_names(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct decision_table *t = into;
    const struct str *name;
    (void)row;
    if (!is_list(v) || !read_list(r, v, &t->gives, &name))
        return false;
    t->give = v->item;
    return true;
}

// ---- cells ------------------------------------------------------------------------------------

static bool is_value(const struct node *v) {
    double number;
    return v->kind == NODE_STRING || v->kind == NODE_BOOLEAN || read_double(v, &number);
}

// What stands before the bound of a word: at_least(50) is " >= " 50.
static const char *comparison(struct str word) {
    static const struct {
        const char *word, *sign;
    } list[] = {{"at_least", " >= "}, {"above", " > "}, {"at_most", " <= "}, {"below", " < "}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++)
        if (str_is(word, list[i].word))
            return list[i].sign;
    return NULL;
}

static void compare(struct compose *c, const struct formula *by, const char *sign,
                    const struct node *with) {
    compose_operand(c, by);
    compose_words(c, sign, with->at);
    compose_value(c, with);
}

// one_of(by, 'a', 'b'), or at_least(by, 'gold')
static void call(struct compose *c, const char *function, const struct formula *by,
                 const struct node *v) {
    compose_words(c, function, v->at);
    compose_operand(c, by);
    for (int i = 0; i < v->items; i++) {
        compose_words(c, ", ", v->item[i].at);
        compose_value(c, &v->item[i]);
    }
    compose_words(c, ")", v->at);
}

static bool compose_list(struct compose *c, const struct formula *by, const struct node *v) {
    for (int i = 0; i < v->items; i++)
        if (!is_value(&v->item[i]))
            return false;
    call(c, "one_of(", by, v);
    return true;
}

static bool compose_word(struct compose *c, const struct formula *by, const struct node *v) {
    const char *sign = comparison(v->string);
    double from, to;
    if (sign && v->items == 1 && read_double(v->item, &from)) {
        compare(c, by, sign, v->item);
        return true;
    }
    if (str_is(v->string, "at_least") && v->items == 1 && v->item->kind == NODE_STRING) {
        call(c, "at_least(", by, v);
        return true;
    }
    if (!str_is(v->string, "from_to") || v->items != 2 || !read_double(&v->item[0], &from) ||
        !read_double(&v->item[1], &to) || from >= to)
        return false;
    compare(c, by, " >= ", &v->item[0]);
    compose_words(c, " and ", v->at);
    compare(c, by, " < ", &v->item[1]);
    return true;
}

// That the column is as the cell says.
static bool compose_cell(struct compose *c, const struct formula *by, const struct node *v) {
    if (is_value(v))
        compare(c, by, " == ", v);
    else if (is_list(v))
        return compose_list(c, by, v);
    else
        return v->kind == NODE_WORD && compose_word(c, by, v);
    return true;
}

static bool is_any(const struct node *v) {
    return v->kind == NODE_WORD && v->items == 0 && str_is(v->string, "any");
}

// ---- rows -------------------------------------------------------------------------------------

static struct formula read_cells(struct reader *r, const struct decision_table *t,
                                 const struct node *v) {
    struct compose c = {.text = {.arena = r->arena}};
    for (int i = 0; i < t->reads; i++) {
        const struct node *cell = &v->item[i];
        if (is_any(cell))
            continue;
        if (c.pieces > 0)
            compose_words(&c, " and ", cell->at);
        if (!compose_cell(&c, &t->read[i], cell))
            read_wrong(r, cell->at, "wrong-cell",
                       "a cell is a value, a list of values, any, at_least(n), above(n), "
                       "at_most(n), below(n), or from_to(a, b) with a below b; got %s",
                       read_described(r, cell));
    }
    return compose_end(&c, v->at);
}

static void read_row(struct draft *d, const struct decision_table *t, const struct node *v) {
    struct reader *r = d->reader;
    struct str name = str_of(arena_printf(r->arena, "row %d", d->scheme->n + 1));
    struct class *class = draft_class(d, name, v->at);
    if (v->kind != NODE_TABLE || v->fields > 0 || v->items != t->reads + t->gives) {
        read_wrong(r, v->at, "wrong-row",
                   "a row is { ... } of %d cells: %d that are read, then %d that are given; got %s "
                   "of %d",
                   t->reads + t->gives, t->reads, t->gives, read_described(r, v), v->items);
        return;
    }
    class->when.formula = read_cells(r, t, v);
    struct field *give = arena_array(r->arena, (size_t)t->gives, sizeof *give);
    for (int i = 0; i < t->gives; i++) {
        const struct node *cell = &v->item[t->reads + i];
        give[i] = (struct field){t->give[i].string, cell->at, *cell};
        draft_detail(d, d->scheme->n - 1, &give[i]);
    }
}

bool read_decision_table(struct reader *r, const struct row *row, const struct node *v,
                         void *into) {
    struct draft d;
    struct decision_table t = {0};
    const struct node *body = draft_begin(&d, r, v, SCHEME_TABLE);
    (void)row, (void)into;
    if (!body)
        return true;
    read_fields(r, body, "decision_table", &t);
    for (int i = 0; i < body->items && t.read && t.give && !draft_full(&d); i++)
        read_row(&d, &t, &body->item[i]);
    d.scheme->collects = t.collect;
    if (t.collect && d.scheme->n > MOST_COLLECTED)
        read_wrong(r, v->at, "wrong-classes", "has %d rows; a table that collects has at most %d",
                   body->items, MOST_COLLECTED);
    draft_end(&d);
    return true;
}
