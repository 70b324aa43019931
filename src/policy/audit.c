// Questions about rules, and findings made of the answers. A question is put with every param at
// its value; what is proven is put again for all of them (audit_params.c).
#include "policy/audit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "policy/pairs.h"
#include "policy/source.h"

enum { QUOTED = 4 }; // clauses that a sentence names

// ---- what is known of columns -----------------------------------------------------------------

// The conditions of a scheme, unless it takes more than them to have a class.
static void know_classes(struct arena *arena, const struct scheme *s, struct known *out) {
    const struct expr **class = arena_array(arena, (size_t)s->n, sizeof *class);
    if (s->memory.on || s->collects)
        return;
    for (int i = 0; i < s->n; i++) {
        class[i] = s->class[i].when.expr;
        if (!class[i] && rule_given(&s->class[i].when))
            return;
    }
    out->class = class;
    out->classes = s->n;
}

const struct scheme *audit_scheme_of(const struct audit *a, int slot) {
    const struct scheme *s;
    const struct scheme_column *c =
        scheme_find_column(a->policy, board_slot_name(a->board, slot), &s);
    return c && c->aspect == ASPECT_CLASS ? s : NULL;
}

void audit_know(void *ctx, int slot, struct known *out) {
    const struct audit *a = ctx;
    const struct scheme *s = audit_scheme_of(a, slot);
    board_know(a->board, slot, out);
    if (s)
        know_classes(a->arena, s, out);
}

static void know_pair(void *ctx, int slot, struct known *out) {
    const struct audit *a = ctx;
    const struct pair_column *c = &a->policy->pairs->column[slot];
    *out = (struct known){.least = -INFINITY, .most = INFINITY};
    if (c->side != PAIR_ROW)
        board_know(a->board, c->slot, out);
    else
        out->decimals = board_decimals(a->board);
    out->value = NULL;
}

// ---- questions --------------------------------------------------------------------------------

// Data make `today` a constant, so that what it leads to is not so on another day.
static bool is_of_today(const struct audit *a, const struct question *q) {
    struct scope scope = board_scope(a->board);
    struct symbol today;
    if (!scope.find(scope.ctx, STR("today"), &today) || today.slot >= 0)
        return false;
    for (int i = 0; i < q->n; i++)
        if (source_has_name(a->arena, q->part[i].rule->formula.text, STR("today")))
            return true;
    for (int i = 0; i < q->answer.clashes; i++)
        if (source_has_name(a->arena, expr_text(q->answer.clash[i].expr), STR("today")))
            return true;
    return false;
}

bool audit_over_pairs(const struct audit *a, const struct rule *rule) {
    const struct site *site = policy_site(a->policy, rule);
    return site && site->referral;
}

enum answer_kind audit_put(const struct audit *a, struct prover *prover, struct question *q,
                           const struct expr *const *expr) {
    struct asked *asked = arena_array(a->arena, (size_t)q->n, sizeof *asked);
    bool all = true;
    int n = 0;
    for (int i = 0; i < q->n; i++) {
        const struct expr *e = expr[i];
        if (e && q->part[i].cut == CUT_CLAUSE)
            e = expr_without(a->arena, e, q->part[i].clause);
        else if (e && q->part[i].cut == CUT_OTHERS)
            e = expr_only(a->arena, e, q->part[i].clause);
        if (e)
            asked[n++] = (struct asked){e, q->part[i].outcomes};
        all = all && e;
    }
    q->answer = prover_ask(prover, a->arena, asked, n);
    if (q->answer.kind == ANSWER_WITNESS && !all)
        q->answer.kind = ANSWER_OPEN;
    return q->answer.kind;
}

enum answer_kind audit_ask(const struct audit *a, struct part *part, int n, struct question *out) {
    const struct expr **expr = arena_array(a->arena, (size_t)n, sizeof *expr);
    *out = (struct question){.n = n, .part = part};
    for (int i = 0; i < n; i++)
        expr[i] = part[i].rule->expr;
    audit_put(a, n > 0 && audit_over_pairs(a, part[0].rule) ? a->pairs : a->prover, out, expr);
    if (out->answer.kind == ANSWER_PROOF && is_of_today(a, out))
        out->answer.kind = ANSWER_OPEN;
    return out->answer.kind;
}

// ---- findings ---------------------------------------------------------------------------------

// The rule or metric that an expression is of, as it is written.
static const struct formula *formula_of(const struct audit *a, const struct question *q,
                                        const struct expr *e) {
    for (int i = 0; i < q->n; i++) // what is left of it has its text still
        if (q->part[i].rule->expr && expr_text(e).p == expr_text(q->part[i].rule->expr).p)
            return &q->part[i].rule->formula;
    for (const struct site *s = a->policy->site; s < a->policy->site + a->policy->sites; s++)
        if (s->rule->expr == e)
            return &s->rule->formula;
    for (int i = 0; i < a->policy->metrics; i++)
        if (str_eq(a->policy->metric[i].value.text, expr_text(e)))
            return &a->policy->metric[i].value;
    return NULL;
}

static const struct evidence *evidence_of(const struct audit *a, const struct question *q) {
    struct evidence *e = arena_alloc(a->arena, sizeof *e);
    const struct answer *answer = &q->answer;
    struct ground *ground = arena_array(a->arena, (size_t)answer->clashes, sizeof *ground);
    struct shown *shown = arena_array(a->arena, (size_t)answer->columns, sizeof *shown);
    for (int i = 0; answer->kind == ANSWER_PROOF && i < answer->clashes; i++) {
        const struct clash *c = &answer->clash[i];
        const struct formula *f = formula_of(a, q, c->expr);
        struct str text = expr_text(c->expr);
        ground[e->clauses++] = (struct ground){f ? formula_place(f, c->offset) : (struct place){0},
                                               {text.p + c->offset, c->length},
                                               (c->outcomes & HOLDS) != 0};
    }
    for (int i = 0; answer->kind == ANSWER_WITNESS && i < answer->columns; i++) {
        const struct column *c = answer->column[i];
        struct buf b = {.arena = a->arena};
        if (column_has(c, 0))
            column_print(c, 0, &b);
        bool text = c->type == TYPE_LABEL || c->type == TYPE_TEXT || c->type == TYPE_DATE;
        shown[e->values++] = (struct shown){c->name, {buf_text(&b), b.n}, text, !column_has(c, 0)};
    }
    e->clause = ground;
    e->value = shown;
    return e;
}

static void add_clauses(const struct evidence *e, struct buf *out) {
    for (int i = 0; i < e->clauses && i < QUOTED; i++) {
        const struct ground *r = &e->clause[i];
        buf_printf(out, "%s%s`%.*s`",
                   i == 0               ? ": "
                   : i + 1 < e->clauses ? ", "
                                        : " and ",
                   r->holds || e->clauses == 1 ? "" : "not ", (int)r->text.n, r->text.p);
        if (r->at.line)
            buf_printf(out, " (%ld:%ld)", r->at.line, r->at.column);
    }
    if (e->clauses > QUOTED)
        buf_printf(out, " and %d more", e->clauses - QUOTED);
    if (e->clauses == 1)
        buf_z(out, e->clause[0].holds ? " cannot hold" : " cannot fail");
    else if (e->clauses > 0)
        buf_z(out, e->clauses == 2 ? " exclude each other" : " exclude one another");
}

static void add_values(const struct evidence *e, struct buf *out) {
    for (int i = 0; i < e->values; i++)
        buf_printf(out, "%s%.*s %s%.*s", i == 0 ? ": for example " : ", ", (int)e->value[i].name.n,
                   e->value[i].name.p, e->value[i].missing ? "missing" : "= ",
                   (int)e->value[i].value.n, e->value[i].value.p);
}

void audit_report(const struct audit *a, enum severity severity, const char *code, struct place at,
                  const struct question *q, const char *format, ...) {
    struct buf out = {.arena = a->arena};
    const struct evidence *e = evidence_of(a, q);
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    buf_z(&out, text);
    add_clauses(e, &out);
    add_values(e, &out);
    if (q->answer.kind == ANSWER_PROOF)
        audit_add_params(a, q, &out);
    findings_add(a->findings, severity, code, at, "%s", buf_text(&out));
    findings_show(a->findings, q->end, e);
}

void policy_audit(struct arena *arena, const struct policy *p, struct board *board,
                  struct findings *findings) {
    struct audit a = {arena, p, board, findings, NULL, NULL};
    a.prover = prover_new(arena, audit_know, &a);
    a.pairs = prover_new(arena, know_pair, &a);
    audit_schemes(&a);
    audit_campaigns(&a);
    audit_clauses(&a);
    audit_numbers(&a);
}

void policy_mark_ends(struct arena *a, const struct policy *p, struct findings *findings) {
    const struct source *s = source_new(a, p->path.p, p->source);
    for (int i = 0; i < findings->n; i++) {
        struct finding *f = &findings->list[i];
        if (f->at.line > 0 && f->at.column > 0 && f->end.line == 0)
            f->end = source_end(s, f->at);
    }
}
