// A tiers block: its tiers, and what it says of the tier before.
#include "policy/draft.h"

const char *const tier_states[TIER_STATES] = {
    [STATE_NEW] = "new",        [STATE_ENTERED] = "entered", [STATE_KEPT] = "kept",
    [STATE_GRACE] = "in grace", [STATE_FELL] = "fell",
};

bool read_column(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct named *column = into;
    (void)row;
    column->at = v->at;
    return read_name(r, v, &column->name);
}

bool read_fall(struct reader *r, const struct row *row, const struct node *v, void *into) {
    static const char *const words[] = {[FALL_TO_WHAT_HOLDS] = "to what holds",
                                        [FALL_ONE_TIER] = "one tier",
                                        [FALL_NEVER] = "never"};
    int choice = read_choice(v, words, FALL_NEVER + 1);
    (void)r, (void)row;
    *(enum fall *)into = choice < 0 ? FALL_TO_WHAT_HOLDS : (enum fall)choice;
    return choice >= 0;
}

static bool duration_given(const struct duration *d) {
    return d->days > 0 || d->months > 0;
}

// Tiers have a memory as soon as a word speaks of the tier before.
static bool has_memory(const struct scheme *s, const struct node *body) {
    bool on = body->fields > 0; // all of these words do
    for (int i = 0; i < s->n; i++)
        on = on || rule_given(&s->class[i].keep);
    return on;
}

// What cannot be meant together.
static void check_memory(struct reader *r, const struct scheme *s) {
    const struct memory *m = &s->memory;
    bool grace = duration_given(&m->grace), review = duration_given(&m->review);
    bool table = m->previous.name.n == 0;
    if (table && (m->since.name.n || m->reviewed.name.n))
        read_wrong(r, s->at, "memory",
                   "`%s` says when a tier was entered or reviewed, and no column says which: add "
                   "previous = \"a column\"",
                   m->since.name.n ? "since" : "reviewed");
    if (grace && m->fall == FALL_NEVER)
        read_wrong(r, s->at, "memory", "`grace` comes before a fall, and fall is \"never\"");
    if (grace && !review && !table && m->reviewed.name.n == 0)
        read_wrong(r, s->at, "memory",
                   "every run is a review here, and `grace` counts from the last that was passed: "
                   "say how often tiers are reviewed (review = months(12)), or which column has "
                   "the `%.*s_reviewed` of the run before (reviewed = \"a column\")",
                   (int)s->name.n, s->name.p);
}

bool read_tiers(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct draft d;
    const struct node *body = draft_begin(&d, r, v, SCHEME_TIERS);
    (void)row, (void)into;
    if (!body)
        return true;
    for (int i = 0; i < body->items && !draft_full(&d); i++)
        draft_listed(&d, &body->item[i], "wrong-tier");
    read_fields(r, body, "tiers", d.scheme);
    d.scheme->memory.on = has_memory(d.scheme, body);
    check_memory(r, d.scheme);
    draft_end(&d);
    return true;
}
