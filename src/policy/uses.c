// Which names the formulas of a policy read, directly and through metrics and schemes: so schemes
// are put in an order in which each comes behind those that it reads, whatever depends on itself is
// an error, and what nothing reads is pointed out.
//
// Names are taken from the text as Lua's lexer cuts it, so a formula that is wrong counts too.
#include <stdlib.h>

#include "metric/metric.h"
#include "metric/need.h"
#include "policy/compile.h"
#include "policy/quota.h"
#include "policy/routine.h"
#include "policy/source.h"

enum own_kind { OWN_INPUT, OWN_PARAM, OWN_METRIC, OWN_SCHEME };

// What is read, by the way there: a thing that is met again while it is OPEN depends on itself.
enum progress { UNREAD, OPEN, READ };

struct own {
    struct str name; // schemes have several
    enum own_kind kind;
    int index; // in its list
    struct place at;
    enum progress *progress;
};

struct uses {
    const struct compile *c;
    int n;
    struct own *own; // by name
    int depth;
    const struct own **open; // the metrics and schemes on the way
    int ordered;
    int *order; // of schemes
    bool rows;  // what is read is about the rows of a table, and of the policy sees params only
};

static int compare(const void *a, const void *b) {
    return str_cmp(((const struct own *)a)->name, ((const struct own *)b)->name);
}

static void add(struct uses *u, struct str name, enum own_kind kind, int index, struct place at,
                enum progress *progress) {
    u->own[u->n++] = (struct own){name, kind, index, at, progress};
}

static void list_own(struct uses *u, const struct policy *p) {
    int things = p->inputs + p->params + p->metrics + p->schemes, names = things;
    for (int i = 0; i < p->schemes; i++)
        names += p->scheme[i].columns;
    enum progress *next = arena_array(u->c->arena, (size_t)things, sizeof *next);
    u->own = arena_array(u->c->arena, (size_t)names, sizeof *u->own);
    u->open = arena_array(u->c->arena, (size_t)things, sizeof *u->open);
    u->order = arena_array(u->c->arena, (size_t)p->schemes, sizeof *u->order);
    for (int i = 0; i < p->inputs; i++)
        add(u, p->input[i].name, OWN_INPUT, i, p->input[i].at, next++);
    for (int i = 0; i < p->params; i++)
        add(u, p->param[i].name, OWN_PARAM, i, p->param[i].at, next++);
    for (int i = 0; i < p->metrics; i++)
        add(u, p->metric[i].name, OWN_METRIC, i, p->metric[i].at, next++);
    for (int i = 0; i < p->schemes; i++, next++)
        for (int k = 0; k < p->scheme[i].columns; k++)
            add(u, p->scheme[i].column[k].name, OWN_SCHEME, i, p->scheme[i].at, next);
    qsort(u->own, (size_t)u->n, sizeof *u->own, compare);
}

static void read_own(struct uses *u, const struct own *own);
static void read_needs(struct uses *u, const char *list);

static const struct own *find_own(const struct uses *u, struct str name) {
    struct own key = {.name = name};
    return bsearch(&key, u->own, (size_t)u->n, sizeof key, compare);
}

static void read_name(struct uses *u, struct str name) {
    const struct own *own = find_own(u, name);
    const struct metric *metric = own || u->rows ? NULL : metric_find(name);
    if (metric)
        read_needs(u, metric->inputs);
    if (own && (!u->rows || own->kind == OWN_PARAM))
        read_own(u, own);
}

// What a metric of the registry takes.
static void read_needs(struct uses *u, const char *list) {
    struct need need;
    struct str name;
    while (need_next(&list, &need))
        while (need_name(&need.names, &name))
            read_name(u, name);
}

// From a name to the end of the one behind a dot, `referral.status`; empty if there is none.
static struct str dotted(const struct token *t) {
    bool has = t[1].kind == TOKEN_SYMBOL && str_is(t[1].text, ".") && t[2].kind == TOKEN_NAME;
    const char *end = has ? t[2].text.p + t[2].text.n : t->text.p;
    return (struct str){t->text.p, (size_t)(end - t->text.p)};
}

// A string names a column in c["a column"]; elsewhere it is a label.
static bool names_column(const struct source *s, size_t i) {
    return i > 0 && s->token[i].kind == TOKEN_STRING && str_is(s->token[i - 1].text, "[");
}

static void read_formula(struct uses *u, const struct formula *f) {
    if (!f->text.p)
        return;
    struct arena *a = arena_child(u->c->arena);
    const struct source *s = source_new(a, NULL, f->text);
    for (size_t i = 0; i < s->n; i++)
        if (s->token[i].kind == TOKEN_NAME) {
            read_name(u, s->token[i].text);
            read_name(u, dotted(&s->token[i]));
        } else if (names_column(s, i)) {
            read_name(u, s->token[i].content);
        }
    arena_free(a);
}

static void read_parameters(struct uses *u, const struct routine *r) {
    for (int i = 0; r && i < r->parameters; i++)
        read_name(u, r->parameter[i].name);
}

static void read_rule(struct uses *u, const struct rule *rule) {
    read_formula(u, &rule->formula);
    read_parameters(u, rule->routine);
}

// What is earned is told by rows of a table, what it is worth by the customer.
static void read_points(struct uses *u, const struct declared *m) {
    const struct points *p = m->points;
    bool owed = m->figure == POINTS_LIABILITY;
    u->rows = !owed;
    read_formula(u, owed ? &p->unit_value : &p->earn);
    read_formula(u, owed ? &p->redeems : &p->where);
    if (!owed)
        read_formula(u, &p->booked);
    u->rows = false;
    if (owed)
        read_name(u, m->table);
}

static void read_metric(struct uses *u, const struct declared *m) {
    if (m->points) {
        read_points(u, m);
        return;
    }
    u->rows = m->table.n > 0;
    read_formula(u, &m->value);
    read_formula(u, &m->where);
    u->rows = false;
    read_parameters(u, m->computed ? routine_of(m->computed) : NULL);
}

static void read_scheme(struct uses *u, int scheme) {
    const struct scheme *s = &u->c->policy->scheme[scheme];
    for (int i = 0; i < s->n; i++) {
        read_rule(u, &s->class[i].when);
        read_rule(u, &s->class[i].keep);
    }
    read_name(u, s->memory.previous.name);
    read_name(u, s->memory.since.name);
    read_name(u, s->memory.reviewed.name);
    u->order[u->ordered++] = scheme;
}

// Back at something on the way. (Of metrics alone the board says it.)
static void say_cycle(const struct uses *u, const struct own *again) {
    struct buf way = {.arena = u->c->arena};
    const struct own *scheme = NULL;
    int from = 0;
    while (u->open[from]->progress != again->progress)
        from++;
    struct str last = u->open[from]->name;
    for (; from < u->depth; from++) {
        const struct own *own = u->open[from];
        buf_printf(&way, "%.*s → ", (int)own->name.n, own->name.p);
        scheme = !scheme && own->kind == OWN_SCHEME ? own : scheme;
    }
    if (scheme)
        findings_add(u->c->findings, SEVERITY_ERROR, "cycle", scheme->at,
                     "%s%.*s: what sorts customers cannot depend on itself", buf_text(&way),
                     (int)last.n, last.p);
}

static void read_own(struct uses *u, const struct own *own) {
    if (*own->progress == OPEN)
        say_cycle(u, own);
    if (*own->progress != UNREAD)
        return;
    *own->progress = OPEN;
    u->open[u->depth++] = own;
    if (own->kind == OWN_METRIC)
        read_metric(u, &u->c->policy->metric[own->index]);
    else if (own->kind == OWN_SCHEME)
        read_scheme(u, own->index);
    u->depth--;
    *own->progress = READ;
}

// ---- what nothing reads -----------------------------------------------------------------------

static void check_unused(const struct uses *u) {
    static const char *const what[] = {"input", "param", "metric"};
    for (int i = 0; i < u->n; i++) {
        const struct own *own = &u->own[i];
        if (*own->progress == READ || own->kind == OWN_SCHEME)
            continue;
        // A metric may still be wanted beside the decisions, and reads what it reads then.
        bool metric = own->kind == OWN_METRIC;
        findings_add(u->c->findings, metric ? SEVERITY_NOTE : SEVERITY_WARNING, "unused", own->at,
                     "no rule reads the %s `%.*s`", what[own->kind], (int)own->name.n, own->name.p);
    }
}

void compile_uses(const struct compile *c) {
    struct policy *p = c->policy;
    struct uses u = {.c = c};
    list_own(&u, p);
    for (int s = 0; s < p->schemes; s++)
        read_own(&u, find_own(&u, p->scheme[s].name));
    for (int i = 0; i < p->sites; i++)
        read_rule(&u, p->site[i].rule);
    u.rows = true; // they see params only
    for (int i = 0; i < p->quotas; i++)
        read_formula(&u, &p->quota[i].formula);
    u.rows = false;
    for (int i = 0; i < p->metrics; i++)
        if (p->metric[i].points) // they are summed up whether a rule reads them or not
            read_own(&u, find_own(&u, p->metric[i].name));
    check_unused(&u);
    p->order = u.order;
}
