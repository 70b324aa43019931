// A test sees what its customer's evaluation came to: a clause behind one that decided, or in a
// rule that was not asked, is not seen. For what no test has seen, the threshold of the clause at a
// test's customer says how that customer would show it.
#include "verb/coverage.h"

struct coverage *coverage_new(struct arena *a, const struct policy *p) {
    struct coverage *c = arena_alloc(a, sizeof *c);
    c->policy = p;
    c->granted = arena_array(a, (size_t)p->campaigns, sizeof *c->granted);
    c->given = arena_array(a, (size_t)p->schemes, sizeof *c->given);
    for (int i = 0; i < p->schemes; i++)
        c->given[i] = arena_array(a, (size_t)p->scheme[i].n, sizeof **c->given);
    return c;
}

// ---- hints ------------------------------------------------------------------------------------

static void print_threshold(struct buf *out, const struct board *board, const struct clause *k) {
    struct str name = board_slot_name(board, k->slot);
    const char *quote = k->threshold.tag == VALUE_STRING ? "'" : "";
    const struct dict *labels;
    enum type type = TYPE_NUMBER;
    struct err none = {DONE}; // the name is on the board: it was evaluated
    board_type((struct board *)(uintptr_t)board, name, &type, &labels, &none);
    buf_printf(out, "%.*s = %s", (int)name.n, name.p, quote);
    value_print(&k->threshold, type, out);
    buf_z(out, quote);
}

// The test's customer comes to `from`: at which value would they come to the other outcome?
static enum status find_hint(struct arena *a, struct covered *k, const struct recorded *clause,
                             const struct expectation *test, const struct explanation *x,
                             enum truth from, struct err *err) {
    enum truth other = from == CLAUSE_TRUE ? CLAUSE_FALSE : CLAUSE_TRUE;
    const struct rule *rule = clause->site->rule;
    const struct column *const *columns;
    const int *slots;
    int n = rule_slots(rule, &slots);
    if (k->hint[other].n || !rule->expr || clause->group < 0)
        return DONE;
    TRY(board_columns(x->opened.board, slots, n, &columns, err));
    struct clause flip = expr_flip(rule->expr, clause->number, columns, 0, a);
    if (!flip.has_threshold)
        return DONE;
    struct buf hint = {.arena = a};
    buf_printf(&hint, "\"%.*s\" with ", (int)test->name.n, test->name.p);
    print_threshold(&hint, x->opened.board, &flip);
    k->hint[other] = (struct str){hint.p, hint.n};
    return DONE;
}

// ---- adding -----------------------------------------------------------------------------------

static void add_results(struct coverage *c, const struct decisions *d) {
    for (int i = 0; i < c->policy->campaigns; i++)
        c->granted[i] |= reason_is_won((enum reason)d->reason[i][0]);
    for (int s = 0; s < c->policy->schemes; s++) {
        const struct column *class = d->standing[s].class;
        if (column_has(class, 0))
            c->given[s][class->code[0]] = true;
    }
}

static bool same_clause(const struct recorded *x, const struct recorded *y) {
    return x->at.line == y->at.line && x->at.column == y->at.column && str_eq(x->text, y->text) &&
           x->site->scheme == y->site->scheme;
}

static void start(struct arena *a, struct coverage *c, const struct outcomes *o) {
    c->clauses = o->clauses;
    c->clause = arena_array(a, (size_t)o->clauses, sizeof *c->clause);
    for (int i = 0; i < o->clauses; i++)
        while (!same_clause(&o->clause[c->clause[i].first], &o->clause[i]))
            c->clause[i].first++;
}

enum status coverage_add(struct arena *a, struct coverage *c, const struct expectation *test,
                         const struct outcomes *o, const struct explanation *x, struct err *err) {
    if (!c->clause)
        start(a, c, o);
    for (int i = 0; i < o->clauses; i++) {
        struct covered *k = &c->clause[c->clause[i].first];
        c->clause[i].clause = &o->clause[i];
        for (int t = CLAUSE_FALSE; t < TRUTHS; t++) {
            if (!outcomes_seen(o, i, (enum truth)t))
                continue;
            k->seen[t] = true;
            if (t == CLAUSE_FALSE || t == CLAUSE_TRUE)
                TRY(find_hint(a, k, &o->clause[i], test, x, (enum truth)t, err));
        }
    }
    add_results(c, x->d);
    return DONE;
}

static bool is_cell(const struct recorded *c) {
    const struct scheme *s = c->site->scheme;
    return s && (s->kind == SCHEME_MATRIX || s->kind == SCHEME_TABLE);
}

// Whether the clause should come to that, and it is not another one's place.
static bool is_demanded(const struct coverage *c, int clause, enum truth wanted) {
    const struct covered *k = &c->clause[clause];
    bool one = k->clause->constant || is_cell(k->clause);
    return k->first == clause && (wanted == CLAUSE_TRUE || !one);
}

static bool is_seen(const struct covered *k, enum truth wanted) {
    return k->seen[wanted] || (k->clause->constant && k->seen[CLAUSE_FALSE]);
}

// Whether a clause should have come to `wanted` (CLAUSE_TRUE or CLAUSE_FALSE) and did not.
static bool lacks(const struct coverage *c, int clause, enum truth wanted) {
    return is_demanded(c, clause, wanted) && !is_seen(&c->clause[clause], wanted);
}

void coverage_close(struct coverage *c) {
    for (int i = 0; i < c->clauses; i++)
        for (enum truth t = CLAUSE_FALSE; t <= CLAUSE_TRUE; t++) {
            c->outcomes += is_demanded(c, i, t);
            c->seen += is_demanded(c, i, t) && is_seen(&c->clause[i], t);
        }
}

double coverage_percent(const struct coverage *c) {
    if (!c->clause && c->policy->sites > 0)
        return 0; // no test came to a decision
    return c->outcomes ? 100.0 * c->seen / c->outcomes : 100;
}

// ---- showing ----------------------------------------------------------------------------------

// "when of campaign 'lift'", "when of gold in 'card'"
static void print_site(struct buf *out, const struct site *s) {
    struct str name;
    const char *of = site_owner(s, &name);
    buf_printf(out, "%s of ", s->word);
    if (s->class)
        buf_printf(out, "%.*s in '%.*s'", (int)s->class->name.n, s->class->name.p, (int)name.n,
                   name.p);
    else
        buf_printf(out, "%s '%.*s'", of, (int)name.n, name.p);
}

static void lack_text(struct buf *out, const struct coverage *all, int clause, enum truth wanted) {
    const struct covered *k = &all->clause[clause];
    const struct recorded *c = k->clause;
    if (!lacks(all, clause, wanted))
        return;
    buf_printf(out, "  %s:%ld:%ld: never %s: %.*s   (", c->at.file, c->at.line, c->at.column,
               c->constant             ? "reached"
               : wanted == CLAUSE_TRUE ? "true"
                                       : "false",
               (int)c->text.n, c->text.p);
    print_site(out, c->site);
    buf_char(out, ')');
    if (k->hint[wanted].n)
        buf_printf(out, "; try %.*s", (int)k->hint[wanted].n, k->hint[wanted].p);
    else if (!k->seen[CLAUSE_TRUE] && !k->seen[CLAUSE_FALSE])
        buf_z(out, "; no test comes this far");
    buf_char(out, '\n');
}

void coverage_text(struct buf *out, const struct coverage *c) {
    const struct policy *p = c->policy;
    for (int i = 0; i < c->clauses; i++) {
        lack_text(out, c, i, CLAUSE_TRUE);
        lack_text(out, c, i, CLAUSE_FALSE);
    }
    for (int i = 0; i < p->campaigns; i++)
        if (!c->granted[i])
            buf_printf(out, "  %.*s:%ld: never granted: %.*s\n", (int)p->path.n, p->path.p,
                       p->campaign[i].at.line, (int)p->campaign[i].name.n, p->campaign[i].name.p);
    for (int s = 0; s < p->schemes; s++)
        for (int i = 0; i < p->scheme[s].n; i++)
            if (!c->given[s][i])
                buf_printf(out, "  %.*s:%ld: never given: %.*s in '%.*s'\n", (int)p->path.n,
                           p->path.p, p->scheme[s].class[i].at.line,
                           (int)p->scheme[s].class[i].name.n, p->scheme[s].class[i].name.p,
                           (int)p->scheme[s].name.n, p->scheme[s].name.p);
}

static void lack_json(struct json *j, const struct coverage *all, int clause, enum truth wanted) {
    const struct covered *k = &all->clause[clause];
    const struct recorded *c = k->clause;
    struct buf rule = {.arena = j->out->arena};
    if (!lacks(all, clause, wanted))
        return;
    print_site(&rule, c->site);
    json_open(j, '{');
    json_field_z(j, "file", c->at.file);
    json_field_integer(j, "line", c->at.line);
    json_field_integer(j, "column", c->at.column);
    json_field_str(j, "rule", (struct str){rule.p, rule.n});
    json_field_str(j, "clause", c->text);
    json_field_z(j, "never", wanted == CLAUSE_TRUE ? "true" : "false");
    if (k->hint[wanted].n)
        json_field_str(j, "try", k->hint[wanted]);
    json_close(j, '}');
}

void coverage_json(struct json *j, const struct coverage *c) {
    const struct policy *p = c->policy;
    json_open(j, '{');
    json_field_integer(j, "outcomes", c->outcomes);
    json_field_integer(j, "seen", c->seen);
    json_field_number(j, "percent", coverage_percent(c));
    json_field_open(j, "unseen", '[');
    for (int i = 0; i < c->clauses; i++) {
        lack_json(j, c, i, CLAUSE_TRUE);
        lack_json(j, c, i, CLAUSE_FALSE);
    }
    json_close(j, ']');
    json_field_open(j, "never_granted", '[');
    for (int i = 0; i < p->campaigns; i++)
        if (!c->granted[i])
            json_str(j, p->campaign[i].name);
    json_close(j, ']');
    json_field_open(j, "never_given", '[');
    for (int s = 0; s < p->schemes; s++)
        for (int i = 0; i < p->scheme[s].n; i++) {
            if (c->given[s][i])
                continue;
            json_open(j, '{');
            json_field_str(j, "scheme", p->scheme[s].name);
            json_field_str(j, "class", p->scheme[s].class[i].name);
            json_close(j, '}');
        }
    json_close(j, ']');
    json_close(j, '}');
}
