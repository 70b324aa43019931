// Filling a text. A value comes from the data, which anybody may have written: it can neither end
// its line nor change how the rest is shown, and braces in it mean nothing.
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"
#include "policy/policy.h"

// ---- what was decided ---------------------------------------------------------------------------

// The names of the columns begin so that no name of an expression is theirs.
#define PREFIX "decided "

static const char *const facts[FACTS] = {
    [FACT_CUSTOMER] = PREFIX "customer", [FACT_CAMPAIGN] = PREFIX "campaign",
    [FACT_GOAL] = PREFIX "goal",         [FACT_OFFER] = PREFIX "offer",
    [FACT_CHANNEL] = PREFIX "channel",   [FACT_OWNER] = PREFIX "owner",
};

static struct str without_prefix(struct str name) {
    size_t n = strlen(PREFIX);
    bool has = name.n > n && memcmp(name.p, PREFIX, n) == 0;
    return has ? (struct str){name.p + n, name.n - n} : name;
}

struct str fact_column(enum fact f) {
    return str_of(facts[f]);
}

void facts_announce(struct board *b) {
    for (int f = 0; f < FACTS; f++)
        board_announce(b, (struct expected){str_of(facts[f]), TYPE_LABEL, NULL});
}

struct facts {
    struct scope board;
    int n;
};

static bool find(void *ctx, struct str name, struct symbol *out) {
    struct facts *f = ctx;
    for (int i = 0; i < f->n; i++)
        if (str_eq(name, without_prefix(str_of(facts[i]))))
            return f->board.find(f->board.ctx, str_of(facts[i]), out);
    return f->board.find(f->board.ctx, name, out);
}

static bool next_name(const void *ctx, size_t i, struct str *out) {
    const struct facts *f = ctx;
    if (i >= (size_t)f->n)
        return f->board.name(f->board.ctx, i - (size_t)f->n, out);
    *out = without_prefix(str_of(facts[i]));
    return true;
}

struct scope facts_scope(struct arena *a, const struct playbook *p, const struct rule *rule,
                         struct scope board) {
    struct facts *f = arena_alloc(a, sizeof *f);
    bool owned = rule_given(&p->owner) && rule != &p->owner;
    *f = (struct facts){board, owned ? FACTS : FACT_OWNER};
    return (struct scope){f, find, next_name};
}

// ---- values -------------------------------------------------------------------------------------

static uint32_t code_point(const char *p, size_t n) {
    uint32_t c = (unsigned char)p[0] & (n == 1 ? 0x7F : 0xFF >> (n + 1));
    for (size_t i = 1; i < n; i++)
        c = c << 6 | ((unsigned char)p[i] & 0x3F);
    return c;
}

static bool ends_line(uint32_t c) {
    return (c >= '\t' && c <= '\r') || c == 0x85 || c == 0x2028 || c == 0x2029;
}

// What a screen obeys and does not show: control characters, and marks that turn the direction of
// writing.
static bool is_obeyed(uint32_t c) {
    return c < ' ' || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void put_plain(struct buf *out, struct str text) {
    while (text.n > 0) {
        size_t n = str_utf8(text), step = n ? n : 1;
        uint32_t c = n ? code_point(text.p, n) : 0;
        if (ends_line(c))
            buf_char(out, ' ');
        else if (is_obeyed(c))
            buf_char(out, '?');
        else
            buf_put(out, text.p, n);
        text = (struct str){text.p + step, text.n - step};
    }
}

enum { DECIMALS = 4 }; // of numbers that are no money

// At most four decimals, without zeros at the end; false if it is too large for that.
static bool put_rounded(struct buf *out, double x) {
    char text[NUMBER_MAX];
    int64_t scaled;
    if (!money_round(x, DECIMALS, &scaled))
        return false;
    int n = money_print(scaled, DECIMALS, text);
    while (text[n - 1] == '0')
        n--;
    buf_put(out, text, (size_t)(text[n - 1] == '.' ? n - 1 : n));
    return true;
}

static bool put_money(struct buf *out, double x, int decimals) {
    char text[NUMBER_MAX];
    int64_t minor;
    if (!money_round(x, decimals, &minor))
        return false;
    buf_put(out, text, (size_t)money_print(minor, decimals, text));
    return true;
}

// False if it is no number, day or amount that there is.
static bool put_value(struct buf *out, const struct value *v, enum type type, int decimals) {
    double x = v->tag == VALUE_FLOAT ? v->number : v->tag == VALUE_INTEGER ? (double)v->integer : 0;
    if (v->tag == VALUE_STRING)
        put_plain(out, v->string);
    else if (v->tag == VALUE_BOOLEAN)
        buf_z(out, v->boolean ? "yes" : "no");
    else if (!isfinite(x) || (type == TYPE_DATE && (x < DATE_MIN || x > DATE_MAX)))
        return false;
    else if (type == TYPE_MONEY)
        return put_money(out, x, decimals);
    else if (v->tag == VALUE_INTEGER || !put_rounded(out, x))
        value_print(v, type, out);
    return true;
}

// ---- filling ----------------------------------------------------------------------------------

static void add_gap(struct gaps *g, struct str name, bool failed) {
    struct gap *gap = g->gap;
    while (gap < g->gap + g->n && !(str_eq(gap->name, name) && gap->failed == failed))
        gap++;
    if (gap == g->gap + g->n) {
        g->gap = arena_more(g->arena, g->gap, g->n, &g->size, sizeof *g->gap);
        gap = &g->gap[g->n++];
        *gap = (struct gap){name, failed, 0};
    }
    gap->times++;
    g->total++;
}

static void put_gap(struct buf *out, struct gaps *gaps, struct str name, bool failed) {
    buf_printf(out, "[%.*s: %s]", (int)name.n, name.p, failed ? "failed" : "not known");
    add_gap(gaps, name, failed);
}

static void put_field(const struct rule *field, const struct board *b,
                      const struct column *const *columns, int64_t customer, int decimals,
                      struct gaps *gaps, struct buf *out) {
    size_t before = out->n;
    struct outcome o = expr_row(field->expr, columns, customer, out->arena);
    if (o.kind == OUTCOME_MISSING)
        put_gap(out, gaps, without_prefix(board_slot_name(b, o.slot)), false);
    else if (o.kind == OUTCOME_FAULT || !put_value(out, &o.value, expr_type(field->expr), decimals))
        put_gap(out, gaps, field->formula.text, true);
    else if (out->n == before)
        put_gap(out, gaps, field->formula.text, false); // an empty text says as little
}

void template_fill(const struct template *t, const struct board *b,
                   const struct column *const *columns, int64_t customer, int decimals,
                   struct gaps *gaps, struct buf *out) {
    for (const struct piece *p = t->piece; p < t->piece + t->pieces; p++)
        if (rule_given(&p->field))
            put_field(&p->field, b, columns, customer, decimals, gaps, out);
        else
            buf_str(out, p->literal);
}
