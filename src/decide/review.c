#include "decide/review.h"

#include <string.h>

#include "base/money.h"
#include "base/number.h"

struct review {
    struct arena *arena;
    const struct decisions *d;
    struct findings *findings;
    struct expr_scratch *scratch;
    int slots;
    bool *told; // by slot: that values are missing was said
};

static const struct evidence *customer_shown(const struct review *r, int64_t customer) {
    struct evidence *e = arena_alloc(r->arena, sizeof *e);
    struct shown *shown = arena_alloc(r->arena, sizeof *shown);
    *shown = (struct shown){STR("id"), column_str(r->d->data->id, customer), true, false};
    e->values = 1;
    e->value = shown;
    return e;
}

static void show(const struct review *r, int64_t customer) {
    if (customer >= 0)
        findings_show(r->findings, (struct place){0}, customer_shown(r, customer));
}

static struct str id_of(const struct review *r, int64_t customer) {
    return column_str(r->d->data->id, customer);
}

// ---- for nobody, for everybody ----------------------------------------------------------------

static void tell_all(const struct review *r, const char *code, struct place at, const char *what,
                     struct str name, const char *how) {
    findings_add(r->findings, SEVERITY_NOTE, code, at, "%s \"%.*s\" %s of the %lld customers", what,
                 (int)name.n, name.p, how, (long long)r->d->data->customers);
}

static void review_campaign(const struct review *r, int campaign) {
    const struct campaign *c = &r->d->policy->campaign[campaign];
    const int64_t *count = r->d->count[campaign];
    int64_t n = r->d->data->customers, fits = n;
    for (enum reason k = REASON_NEVER; k < REASONS; k++)
        fits -= count[k];
    if (count[REASON_PERIOD] == n)
        findings_add(r->findings, SEVERITY_NOTE, "for-nobody", c->at,
                     "\"%.*s\" does not run on the as-of date", (int)c->name.n, c->name.p);
    else if (fits == 0 && count[REASON_FAULT] == 0)
        tell_all(r, "for-nobody", c->at, "campaign", c->name, "is for none");
    else if (fits == n)
        tell_all(r, "for-everybody", c->at, "campaign", c->name, "is for all");
}

static void review_scheme(const struct review *r, const struct standing *s) {
    for (int i = 0; i < s->scheme->n; i++) {
        const struct class *c = &s->scheme->class[i];
        const char *what = scheme_words[s->scheme->kind].class;
        if (s->count[i] == 0)
            tell_all(r, "for-nobody", c->at, what, c->name, "is that of none");
        else if (s->count[i] == r->d->data->customers && s->scheme->n > 1)
            tell_all(r, "for-everybody", c->at, what, c->name, "is that of all");
    }
}

// ---- failures -----------------------------------------------------------------------------------

// A rule that fails for some, by the first of them.
static void review_failures(const struct review *r, const struct site *s) {
    const struct failure *first = NULL;
    int64_t n = 0;
    for (const struct failure *f = r->d->failure; f < r->d->failure + r->d->failures; f++)
        if (f->rule == s->rule && n++ == 0)
            first = f;
    if (!first)
        return;
    struct str id = id_of(r, first->customer);
    findings_add(r->findings, SEVERITY_WARNING, "fails", s->rule->formula.at,
                 "this fails %lld time%s, for %.*s first: %s", (long long)n, n == 1 ? "" : "s",
                 (int)id.n, id.p, first->text);
    show(r, first->customer);
}

// ---- missing values ---------------------------------------------------------------------------

static const char *consequence(const struct site *s) {
    if (s->scheme)
        return str_is(str_of(s->word), "keep") ? "keep the tier if they have it"
                                               : "are passed over";
    if (s->channel)
        return "are not reached by it";
    if (s->playbook)
        return str_is(str_of(s->word), "owner") ? "have no owner on their call sheet"
                                                : "have a gap in their call sheet";
    return str_is(str_of(s->word), "never") ? "are suppressed" : "get no offer";
}

// For how many customers the lack of a column stops a rule, and who is the first.
struct lack {
    int64_t n, first;
};

static void tell_lack(const struct review *r, const struct site *s, int slot,
                      const struct lack *lack) {
    struct str name = board_slot_name(r->d->board, slot), id = id_of(r, lack->first);
    findings_add(r->findings, SEVERITY_NOTE, "missing-values", s->rule->formula.at,
                 "`%.*s` is missing for %lld of the %lld customers, %.*s first, and this needs it: "
                 "they %s",
                 (int)name.n, name.p, (long long)lack->n, (long long)r->d->data->customers,
                 (int)id.n, id.p, consequence(s));
    show(r, lack->first);
}

// Which of a block stop for a missing value. What is only shown may be a text, of which there are
// no blocks: it is looked at one by one.
static void find_stops(const struct review *r, const struct site *s,
                       const struct column *const *columns, int64_t first, int n, uint8_t *stop) {
    uint8_t truth[EXPR_BLOCK];
    double number[EXPR_BLOCK];
    switch (s->kind) {
    case SITE_CONDITION:
        expr_condition(s->rule->expr, columns, first, n, r->scratch, truth, stop);
        break;
    case SITE_AMOUNT:
        expr_number(s->rule->expr, columns, first, n, r->scratch, number, stop);
        break;
    case SITE_SHOWN: memset(stop, STOP_MISSING, (size_t)n); break;
    }
}

// Where a block of customers stops, the rule is evaluated by itself, to know for want of what.
static void count_lacks(const struct review *r, const struct site *s,
                        const struct column *const *columns, struct lack *lack) {
    uint8_t stop[EXPR_BLOCK];
    for (int64_t first = 0; first < r->d->data->customers; first += EXPR_BLOCK) {
        int64_t left = r->d->data->customers - first;
        int n = left < EXPR_BLOCK ? (int)left : EXPR_BLOCK;
        struct arena *own = arena_child(r->arena);
        find_stops(r, s, columns, first, n, stop);
        for (int i = 0; i < n; i++) {
            if (stop[i] != STOP_MISSING)
                continue;
            struct outcome o = expr_row(s->rule->expr, columns, first + i, own);
            if (o.kind == OUTCOME_MISSING && lack[o.slot].n++ == 0)
                lack[o.slot].first = first + i;
        }
        arena_free(own);
    }
}

static void review_site(struct review *r, const struct site *s) {
    const struct column *const *columns;
    const int *slots;
    struct err err = {DONE};
    if (!s->rule->expr || s->referral) // theirs are no columns of the board
        return;
    int n = expr_slots(s->rule->expr, &slots);
    struct lack *lack = arena_array(r->arena, (size_t)r->slots, sizeof *lack);
    if (n == 0 || board_columns(r->d->board, slots, n, &columns, &err) != DONE)
        return;
    count_lacks(r, s, columns, lack);
    for (int i = 0; i < n; i++) {
        if (lack[slots[i]].n > 0 && !r->told[slots[i]])
            tell_lack(r, s, slots[i], &lack[slots[i]]);
        r->told[slots[i]] |= lack[slots[i]].n > 0;
    }
}

// ---- labels -----------------------------------------------------------------------------------

static void review_input(const struct review *r, const struct input *in) {
    const struct column *c;
    struct err err = {DONE};
    if (!in->labels || board_column(r->d->board, in->name, &c, &err) != DONE || !c->dict)
        return;
    for (int32_t i = 0; i < in->labels->n; i++) {
        struct str label = dict_at(in->labels, i);
        int32_t code = dict_find(c->dict, label);
        int64_t row = 0;
        while (code >= 0 && row < c->n && !(column_has(c, row) && c->code[row] == code))
            row++;
        if (code < 0 || row == c->n)
            findings_add(r->findings, SEVERITY_NOTE, "label-without-rows", in->at,
                         "no customer has the label '%.*s' of `%.*s`", (int)label.n, label.p,
                         (int)in->name.n, in->name.p);
    }
}

// ---- what runs out ----------------------------------------------------------------------------

static const char *stock_text(const struct review *r, const struct stock *s, int64_t amount) {
    char text[NUMBER_MAX];
    int n = s->kind == STOCK_BUDGET ? money_print(amount, r->d->data->decimals, text)
                                    : number_print_integer(amount, text);
    return arena_copy(r->arena, text, (size_t)n);
}

static const char *used_before(const struct review *r, const struct stock *s) {
    return s->before > 0 ? arena_printf(r->arena, " (%s used before, by the history)",
                                        stock_text(r, s, s->before))
                         : "";
}

static void review_stock(const struct review *r, const struct stock *s) {
    const struct policy *p = r->d->policy;
    const struct campaign *c = s->campaign >= 0 ? &p->campaign[s->campaign] : NULL;
    struct str name = c ? c->name : p->channel[s->owner].name;
    struct place at = c ? c->at : p->channel[s->owner].at;
    const char *text;
    if (s->refused == 0)
        return;
    text = arena_printf(r->arena,
                        "the %s of \"%.*s\", %s%s, runs dry: %lld of those it is for "
                        "come too late, %.*s first",
                        stock_name(s->kind), (int)name.n, name.p, stock_text(r, s, s->size),
                        used_before(r, s), (long long)s->refused,
                        s->first < 0 ? 0 : (int)id_of(r, s->first).n,
                        s->first < 0 ? "" : id_of(r, s->first).p);
    findings_add(r->findings, SEVERITY_NOTE, "runs-dry", at, "%s", text);
    show(r, s->first);
}

void decide_review(struct arena *a, const struct decisions *d, struct findings *findings) {
    const struct policy *p = d->policy;
    struct review r = {a, d, findings, expr_scratch_new(a), 0, NULL};
    for (int i = 0; i < p->sites; i++) {
        const int *slot;
        int n = p->site[i].referral ? 0 : rule_slots(p->site[i].rule, &slot);
        for (int k = 0; k < n; k++)
            r.slots = slot[k] >= r.slots ? slot[k] + 1 : r.slots;
    }
    r.told = arena_array(a, (size_t)r.slots, sizeof *r.told);
    if (d->data->customers == 0)
        return;
    for (int i = 0; i < p->campaigns; i++)
        review_campaign(&r, i);
    for (int i = 0; i < p->schemes; i++)
        review_scheme(&r, &d->standing[i]);
    for (int i = 0; i < p->sites; i++) {
        review_failures(&r, &p->site[i]);
        review_site(&r, &p->site[i]);
    }
    for (int i = 0; i < p->inputs; i++)
        review_input(&r, &p->input[i]);
    for (int i = 0; i < d->stocks; i++)
        review_stock(&r, &d->stock[i]);
}
