// Collisions are found by sorting: equal names of one space stand side by side then.
#include "policy/names.h"

#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"
#include "metric/metric.h"

// What shares a space must differ. The classes of the i-th scheme have the space CLASSES + i.
enum { COLUMNS, CHANNELS, PLAYBOOKS, CAMPAIGNS, CONTACT_POLICIES, REFERRALS, TESTS, CLASSES };

struct name {
    int space;
    struct str name;
    const char *what; // "a param"
    struct place at;
};

struct names {
    struct arena *arena;
    int n, size;
    struct name *list;
};

static void add(struct names *all, int space, struct str name, const char *what, struct place at) {
    if (name.n == 0) // it was refused before
        return;
    all->list = arena_more(all->arena, all->list, all->n, &all->size, sizeof *all->list);
    all->list[all->n++] = (struct name){space, name, what, at};
}

static bool is_identifier(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c != '_' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') &&
            !(i > 0 && c >= '0' && c <= '9'))
            return false;
    }
    return s.n > 0;
}

static bool is_first(const struct policy *p, const struct scheme *s) {
    for (const struct scheme *other = p->scheme; other < s; other++)
        if (other->kind == s->kind)
            return false;
    return true;
}

// What a scheme brings is written beside these, which every row of decisions has. (The class of the
// first tiers block is written as `tier`.)
static void check_written(struct reader *r, const struct scheme *s, const struct scheme_column *c) {
    static const char *const written[] = {"customer", "campaign", "offer", "amount", "channel",
                                          "cost",     "value",    "net",   "reason"};
    if (s->kind == SCHEME_TIERS && c->aspect == ASPECT_CLASS && is_first(r->policy, s))
        return;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++)
        if (str_is(c->name, written[i]))
            read_wrong(r, c->at, "name-taken",
                       "`%s` is %s here and a column of every decision already; choose another "
                       "name",
                       written[i], scheme_column_what(r->arena, s, c));
}

// Of a scheme whose name is none only that is said.
static void add_scheme(struct reader *r, struct names *all, int scheme) {
    const struct scheme *s = &r->policy->scheme[scheme];
    for (const struct scheme_column *c = s->column; c < s->column + s->columns; c++) {
        check_written(r, s, c);
        if (!c->again && (c->aspect == ASPECT_CLASS || is_identifier(s->name)))
            add(all, COLUMNS, c->name, scheme_column_what(r->arena, s, c), c->at);
    }
    for (int i = 0; i < s->n; i++)
        add(all, CLASSES + scheme, s->class[i].name,
            arena_printf(r->arena, "a %s", scheme_words[s->kind].class), s->class[i].at);
}

// Blocks of every kind have a name and a place, and no type in common.
#define ADD_ALL(all, space, n, list, what)                                                         \
    for (int i = 0; i < (n); i++)                                                                  \
    add(all, space, (list)[i].name, what, (list)[i].at)

static struct names names_of(struct reader *r) {
    const struct policy *p = r->policy;
    struct names all = {.arena = r->arena};
    ADD_ALL(&all, COLUMNS, p->inputs, p->input, "an input");
    ADD_ALL(&all, COLUMNS, p->params, p->param, "a param");
    for (int i = 0; i < p->metrics; i++)
        if (!p->metric[i].points || is_identifier(p->metric[i].points->name))
            add(&all, COLUMNS, p->metric[i].name, "a metric", p->metric[i].at);
    ADD_ALL(&all, COLUMNS, p->loyalties, p->loyalty, "a loyalty block");
    ADD_ALL(&all, CHANNELS, p->channels, p->channel, "a channel");
    ADD_ALL(&all, CONTACT_POLICIES, p->contact_policies, p->contact_policy, "a contact policy");
    ADD_ALL(&all, PLAYBOOKS, p->playbooks, p->playbook, "a playbook");
    ADD_ALL(&all, CAMPAIGNS, p->campaigns, p->campaign, "a campaign");
    ADD_ALL(&all, REFERRALS, p->referrals, p->referral, "a referral");
    ADD_ALL(&all, TESTS, p->tests, p->test, "a test");
    for (int s = 0; s < p->schemes; s++)
        add_scheme(r, &all, s);
    return all;
}

static int compare(const void *a, const void *b) {
    const struct name *x = a, *y = b;
    if (x->space != y->space)
        return x->space - y->space;
    int order = str_cmp(x->name, y->name);
    if (order)
        return order;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    return (x->at.column > y->at.column) - (x->at.column < y->at.column);
}

static bool is_keyword(struct str s) {
    static const char *const keywords[] = {
        "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
        "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
        "repeat",   "return", "then", "true", "until",  "while",
    };
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_is(s, keywords[i]))
            return true;
    return false;
}

static bool is_function(struct str s) {
    size_t n;
    const struct function_help *functions = expr_functions(&n);
    for (size_t i = 0; i < n; i++)
        if (str_is(s, functions[i].name))
            return true;
    return false;
}

// Whose name beside its own it is: that of "the first tiers block".
static const char *first_block(const struct reader *r, struct str name) {
    const struct policy *p = r->policy;
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++)
        for (const struct scheme_column *c = s->column; c < s->column + s->columns; c++)
            if (c->again && str_eq(c->name, name))
                return arena_printf(r->arena, "the first %s block", scheme_words[s->kind].block);
    return NULL;
}

static const char *meaning_of(const struct reader *r, struct str name) {
    const char *first = first_block(r, name);
    if (is_keyword(name))
        return "a word of the expression language";
    if (is_function(name))
        return "a function of the expression language";
    if (str_is(name, "today"))
        return "the as-of date";
    if (str_is(name, "c"))
        return "the customer, in c[\"a column\"]";
    if (first)
        return first;
    return metric_find(name) ? "a metric of Patron" : NULL;
}

// A name of the policy's own must be a name of expressions that stands for nothing else. Inputs are
// the data's names: c["..."] reads what is no identifier, and a column wins over a metric.
static const char *taken_by(const struct reader *r, const struct name *name) {
    if (strcmp(name->what, "an input") != 0)
        return meaning_of(r, name->name);
    return first_block(r, name->name);
}

static void check_column(struct reader *r, const struct name *own) {
    const char *shown = read_shown(r, own->name), *taken = taken_by(r, own);
    if (strcmp(own->what, "an input") != 0 && !is_identifier(own->name))
        read_wrong(r, own->at, "no-name",
                   "'%s' cannot name %s: use letters, digits and _, and begin with a letter", shown,
                   own->what);
    else if (taken)
        read_wrong(r, own->at, "name-taken", "`%s` is %s here and %s already; choose another name",
                   shown, own->what, taken);
}

static bool same(const struct name *a, const struct name *b) {
    return a->space == b->space && str_eq(a->name, b->name);
}

void names_check(struct reader *r) {
    struct names all = names_of(r);
    if (all.n > 1)
        qsort(all.list, (size_t)all.n, sizeof *all.list, compare);
    for (int i = 0; i < all.n; i++) {
        const struct name *name = &all.list[i];
        if (name->space == COLUMNS)
            check_column(r, name);
        if (i > 0 && same(name - 1, name))
            read_wrong(r, name->at, "declared-twice",
                       "'%s' is %s here and %s in line %ld; choose another name",
                       read_shown(r, name->name), name->what, name[-1].what, name[-1].at.line);
    }
}
