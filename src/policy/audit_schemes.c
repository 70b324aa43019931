// Classes of schemes against those before them. Of classes whose conditions read one column, and
// the same, the ranges are laid side by side as well: what lies between two of them, and what two
// of them share without the one being part of the other, is rarely meant.
#include "policy/audit.h"

// ---- classes that nobody has ------------------------------------------------------------------

static const char *word(const struct scheme *s) {
    return scheme_words[s->kind].class;
}

// The question whether nobody has class i, though none of the classes from `first` to before `end`.
static enum answer_kind ask_left(const struct audit *a, const struct scheme *s, int first, int end,
                                 int i, struct question *q) {
    struct part *part = arena_array(a->arena, (size_t)s->n + 1, sizeof *part);
    int n = 0;
    if (rule_given(&s->class[i].when))
        part[n++] = part_of(&s->class[i].when, HOLDS);
    for (int k = first; k < end; k++)
        part[n++] = part_of(&s->class[k].when, FAILS | LACKS);
    return audit_ask(a, part, n, q);
}

static void nobody(const struct audit *a, const struct scheme *s, int i, const struct question *q,
                   const char *code, const char *why) {
    const struct class *c = &s->class[i];
    audit_report(a, SEVERITY_WARNING, code, c->at, q, "nobody can %s the %s \"%.*s\": %s",
                 s->memory.on ? "enter" : "have", word(s), (int)c->name.n, c->name.p, why);
}

static void shadowed_by(const struct audit *a, const struct scheme *s, int i, int by,
                        const struct question *q) {
    const struct str *name = &s->class[by].name;
    nobody(a, s, i, q, "shadowed",
           arena_printf(a->arena, "\"%.*s\" above it takes them all", (int)name->n, name->p));
}

static void check_class(const struct audit *a, const struct scheme *s, int i) {
    struct question q, one;
    for (int k = 0; k < i && !s->collects; k++)
        if (!rule_given(&s->class[k].when)) {
            shadowed_by(a, s, i, k, &(struct question){0});
            return;
        }
    if (ask_left(a, s, 0, 0, i, &q) == ANSWER_PROOF) {
        nobody(a, s, i, &q, "never-holds", "its `when` never holds");
        return;
    }
    if (s->collects || ask_left(a, s, 0, i, i, &q) != ANSWER_PROOF)
        return;
    for (int k = 0; k < i; k++)
        if (ask_left(a, s, k, k + 1, i, &one) == ANSWER_PROOF) {
            shadowed_by(a, s, i, k, &one);
            return;
        }
    nobody(a, s, i, &q, "shadowed", "those above it take them all");
}

// ---- what keeps a tier ------------------------------------------------------------------------

// `keep` asks for more than `when`: some enter whom the next review lets fall, and nobody is kept
// who could not enter.
static void check_keep(const struct audit *a, const struct class *c) {
    struct part enters[] = {part_of(&c->when, HOLDS), part_of(&c->keep, FAILS)};
    struct part kept[] = {part_of(&c->when, FAILS | LACKS), part_of(&c->keep, HOLDS)};
    struct question q, other;
    if (!rule_given(&c->keep) || !rule_given(&c->when) ||
        audit_ask(a, kept, 2, &other) != ANSWER_PROOF ||
        audit_ask(a, enters, 2, &q) != ANSWER_WITNESS)
        return;
    audit_report(a, SEVERITY_WARNING, "keep-stricter", c->keep.formula.at, &q,
                 "`keep` of \"%.*s\" asks for more than `when`, so who enters may fall at once",
                 (int)c->name.n, c->name.p);
}

// ---- customers without a class ----------------------------------------------------------------

static void check_last(const struct audit *a, const struct scheme *s) {
    const struct class *last = &s->class[s->n - 1];
    struct part *part = arena_array(a->arena, (size_t)s->n, sizeof *part);
    bool drawn = s->kind == SCHEME_MATRIX || s->kind == SCHEME_TREE; // they have no last one
    struct question q;
    for (int i = 0; i < s->n; i++) {
        if (!rule_given(&s->class[i].when))
            return;
        part[i] = part_of(&s->class[i].when, FAILS);
    }
    bool found = audit_ask(a, part, s->n, &q) == ANSWER_WITNESS;
    if (!found && drawn)
        return;
    if (!found) { // if any, then by a missing value
        for (int i = 0; i < s->n; i++)
            part[i].outcomes = FAILS | LACKS;
        if (audit_ask(a, part, s->n, &q) == ANSWER_PROOF)
            return;
    }
    audit_report(a, SEVERITY_NOTE, "no-last-class", last->at, &q,
                 "who fits no %s of '%.*s' has none; a last %s without `when` takes everyone left",
                 word(s), (int)s->name.n, s->name.p, word(s));
}

// ---- ranges side by side ----------------------------------------------------------------------

// The values with which a class holds that reads one column.
struct range {
    const struct class *class;
    int slot;
    struct set set;
};

static int list_ranges(const struct audit *a, const struct scheme *s, struct range *out) {
    int n = 0;
    for (int i = 0; i < s->n; i++) {
        const int *slots;
        const struct expr *e = s->class[i].when.expr;
        if (!e || expr_slots(e, &slots) != 1 || !prover_set(a->prover, a->arena, e, &out[n].set))
            continue;
        out[n].class = &s->class[i];
        out[n++].slot = slots[0];
    }
    return n;
}

// A customer with that value.
static struct question shown(const struct audit *a, int slot, int64_t place) {
    struct question q = {.answer = {ANSWER_WITNESS, .columns = 1}};
    const struct column **column = arena_alloc(a->arena, sizeof *column);
    *column = prover_column(a->prover, a->arena, slot, place);
    q.answer.column = column;
    return q;
}

static void check_overlap(const struct audit *a, const struct range *x, const struct range *y) {
    struct set both = set_meet(a->arena, x->set, y->set);
    if (x->slot != y->slot || both.n == 0 || set_covers(x->set, y->set) ||
        set_covers(y->set, x->set))
        return;
    struct question q = shown(a, x->slot, both.part[0].low);
    audit_report(a, SEVERITY_WARNING, "overlap", y->class->at, &q,
                 "\"%.*s\" and \"%.*s\" share a part of their ranges, which is \"%.*s\" since that "
                 "stands first",
                 (int)x->class->name.n, x->class->name.p, (int)y->class->name.n, y->class->name.p,
                 (int)x->class->name.n, x->class->name.p);
}

// The first hole between the parts of a set. Where a last class takes in what is left, only a hole
// of a single value is no doubt a slip (`< 5` and `> 5`).
static bool find_hole(struct set all, bool last, int64_t *place) {
    for (int i = 1; i < all.n; i++) {
        *place = all.part[i - 1].high + 1;
        if (!last || *place + 1 == all.part[i].low)
            return true;
    }
    return false;
}

static bool check_gaps(const struct audit *a, const struct scheme *s, const struct range *range,
                       int n) {
    bool last = !rule_given(&s->class[s->n - 1].when);
    struct set all = {0};
    int64_t place;
    if (n < 2 || n < s->n - last)
        return false;
    for (int i = 0; i < n; i++) {
        if (range[i].slot != range[0].slot)
            return false;
        all = set_join(a->arena, all, range[i].set);
    }
    if (!find_hole(all, last, &place))
        return false;
    struct question q = shown(a, range[0].slot, place);
    enum type type = q.answer.column[0]->type;
    if (!type_numeric(type) && type != TYPE_DATE)
        return false;
    audit_report(a, SEVERITY_WARNING, "gap", s->at, &q,
                 "the ranges of '%.*s' leave a gap between them", (int)s->name.n, s->name.p);
    return true;
}

void audit_schemes(const struct audit *a) {
    for (int i = 0; i < a->policy->schemes; i++) {
        const struct scheme *s = &a->policy->scheme[i];
        struct range *range = arena_array(a->arena, (size_t)s->n, sizeof *range);
        int n = list_ranges(a, s, range);
        for (int k = 0; k < s->n; k++)
            check_class(a, s, k);
        for (int k = 0; k < s->n; k++)
            check_keep(a, &s->class[k]);
        for (int k = 0; k < n && !s->collects; k++)
            for (int j = 0; j < k; j++)
                check_overlap(a, &range[j], &range[k]);
        if (!s->collects && !check_gaps(a, s, range, n))
            check_last(a, s);
    }
}
