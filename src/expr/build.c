// Types are checked as the tree grows: a node is only made when its operands fit. So evaluation
// never meets a wrong tag, and what people get wrong is said at load, with what to write instead.
//
// The checker refuses more than Lua would: whatever has a meaning in Lua that nobody means (a
// number in a condition, a chain of comparisons, a date plus a date).
#include "expr/build.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "expr/function.h"
#include "expr/kind.h"
#include "expr/lex.h"
#include "expr/row.h"

enum {
    HEIGHT_MAX = 1000, // of a tree, so that walking over it cannot overflow the stack
    SHOWN = 60,        // bytes of source that a message repeats
};

struct node *build_fail(struct builder *b, struct span at, const char *format, ...) {
    char text[sizeof b->error->text];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lex_fail(b->error, at, "%s", text);
    return NULL;
}

static const char *show(const struct builder *b, struct span at) {
    bool cut = at.length > SHOWN;
    return arena_printf(b->arena, "%.*s%s", (int)(cut ? SHOWN : at.length), b->text.p + at.offset,
                        cut ? "..." : "");
}

const char *build_show(const struct builder *b, const struct node *n) {
    return show(b, n->outer);
}

static struct span span_over(struct span first, struct span last) {
    return (struct span){first.offset, last.offset + last.length - first.offset};
}

static void fold(struct builder *b, struct node *n) {
    struct row r = {.arena = b->arena, .given_slot = -1};
    for (int i = 0; i < n->n; i++)
        if (!n->arg[i]->constant)
            return;
    if (n->n && !n->kind.maybe_false)
        n->constant = row_eval(n, &r, &n->value);
}

struct node *build_finish(struct builder *b, struct node *n) {
    for (int i = 0; i < n->n; i++)
        if (n->height <= n->arg[i]->height)
            n->height = n->arg[i]->height + 1;
    if (n->height > HEIGHT_MAX)
        return build_fail(b, n->span,
                          "this expression is too long: give parts of it a name under "
                          "metrics, or write one_of(x, 'a', 'b')");
    fold(b, n);
    return n;
}

struct node *build_node(struct builder *b, enum op op, struct span at, struct kind kind,
                        struct node **arg, int n) {
    struct node *made = arena_alloc(b->arena, sizeof *made);
    *made = (struct node){.op = op, .kind = kind, .span = at, .outer = at, .slot = -1, .n = n};
    made->arg = arena_array(b->arena, (size_t)n, sizeof *arg);
    for (int i = 0; i < n; i++)
        made->arg[i] = arg[i];
    return build_finish(b, made);
}

struct node *build_literal(struct builder *b, struct span at, struct value value) {
    struct node *n = build_node(b, OP_LITERAL, at, kind_of_value(b->arena, &value), NULL, 0);
    n->constant = true;
    n->value = value;
    return n;
}

// ---- names ----------------------------------------------------------------------------------

const char *build_advice(struct str word) {
    static const struct {
        const char *word, *advice;
    } table[] = {
        {"and", "write and"},
        {"or", "write or"},
        {"not", "write not"},
        {"true", "write true"},
        {"false", "write false"},
        {"xor", "for `one of the two` write a ~= b"},
        {"is", "whether a value is there says has(x)"},
        {"null", "whether a value is there says has(x)"},
        {"none", "whether a value is there says has(x)"},
        {"undefined", "whether a value is there says has(x)"},
        {"between", "write low <= x and x <= high"},
        {"like", "write starts_with(x, 'a') or contains(x, 'a')"},
        {"case", "to choose between two values write: condition and this or that"},
        {"when", "to choose between two values write: condition and this or that"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const char *w = table[i].word;
        size_t k = 0;
        while (k < word.n && w[k] && (word.p[k] | ' ') == w[k])
            k++;
        if (k == word.n && !w[k])
            return table[i].advice;
    }
    return NULL;
}

static struct node *unknown_name(struct builder *b, struct span at, struct str name,
                                 const struct node *beside) {
    const char *shown = show(b, at), *advice = build_advice(name);
    struct str near = str_nearest(name, b->scope->name, b->scope->ctx);
    if (beside && beside->kind.labels && dict_find(beside->kind.labels, name) >= 0)
        return build_fail(b, at, "`%s` is a label: write it in quotes, '%s'", shown, shown);
    if (advice)
        return build_fail(b, at, "there is no name `%s`: %s", shown, advice);
    if (function_find(name))
        return build_fail(b, at, "`%s` is a function: write %s", shown,
                          function_find(name)->signature);
    if (near.n && name.n > 1)
        return build_fail(b, at, "there is no name `%s`: did you mean `%.*s`?", shown, (int)near.n,
                          near.p);
    return build_fail(b, at, "there is no name `%s`%s", shown,
                      beside && beside->kind.shape == SHAPE_STRING
                          ? "; a text is written in quotes"
                          : "; check its spelling, or declare it under inputs or metrics");
}

static void use_slot(struct builder *b, int slot) {
    for (int i = 0; i < b->n_slots; i++)
        if (b->slots[i] == slot)
            return;
    size_t size = (size_t)b->n_slots * sizeof slot;
    b->slots = arena_resize(b->arena, b->slots, size, size + sizeof slot);
    b->slots[b->n_slots++] = slot;
}

static struct value value_copy(struct arena *a, struct value v) {
    if (v.tag == VALUE_STRING)
        v.string.p = arena_copy(a, v.string.p, v.string.n);
    return v;
}

struct node *build_name(struct builder *b, struct span at, struct str name,
                        const struct node *beside) {
    struct symbol s = {.slot = -1};
    if (!b->scope->find(b->scope->ctx, name, &s))
        return unknown_name(b, at, name, beside);
    struct node *n = build_node(b, OP_NAME, at, kind_of_symbol(b->arena, &s), NULL, 0);
    n->name = name;
    n->type = s.type;
    n->slot = s.slot;
    n->constant = s.slot < 0;
    if (n->constant)
        n->value = value_copy(b->arena, s.constant);
    else
        use_slot(b, s.slot);
    return n;
}

// ---- conditions -----------------------------------------------------------------------------

static struct node *maybe_false(struct builder *b, const struct node *x) {
    return build_fail(
        b, x->outer,
        "`%s` is false where its condition does not hold: say what it is then, (%s or "
        "...)",
        build_show(b, x), show(b, x->span));
}

// x stands where a condition must: says why it is none.
static struct node *no_condition(struct builder *b, const struct node *x, const char *where) {
    const char *text = build_show(b, x);
    if (x->kind.maybe_false)
        return maybe_false(b, x);
    if (x->kind.shape == SHAPE_STRING)
        return build_fail(b, x->outer,
                          "`%s` is %s, and %s takes a condition: compare it, %s == '...'", text,
                          kind_text(x->kind), where, text);
    return build_fail(b, x->outer,
                      "`%s` is %s, and %s takes a condition: compare it, or ask has(...)", text,
                      kind_text(x->kind), where);
}

static bool is_condition(const struct node *x) {
    return x->kind.shape == SHAPE_BOOLEAN;
}

static struct node *build_and(struct builder *b, struct span all, struct node *x, struct node *y) {
    if (!is_condition(x))
        return no_condition(b, x, "`and`");
    struct kind kind = y->kind;
    if (kind.shape != SHAPE_BOOLEAN)
        kind.maybe_false = true;
    return build_node(b, OP_AND, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *build_or(struct builder *b, struct span at, struct span all, struct node *x,
                             struct node *y) {
    if (!is_condition(x) && !x->kind.maybe_false)
        return build_fail(b, at,
                          "`%s` is %s and never false, so what follows `or` is never used: for a "
                          "value where it is missing write default(%s, %s)",
                          build_show(b, x), kind_text(x->kind), build_show(b, x), build_show(b, y));
    if (!kind_alike(x->kind, y->kind))
        return build_fail(
            b, at, "one side of `or` is %s (`%s`), the other %s (`%s`): make them alike",
            kind_text(x->kind), build_show(b, x), kind_text(y->kind), build_show(b, y));
    struct kind kind = kind_join(b->arena, x->kind, y->kind);
    kind.maybe_false = y->kind.maybe_false;
    return build_node(b, OP_OR, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *build_not(struct builder *b, struct span all, struct node *x) {
    if (!is_condition(x))
        return no_condition(b, x, "`not`");
    return build_node(b, OP_NOT, all, x->kind, &x, 1);
}

// ---- comparisons ----------------------------------------------------------------------------

static bool next_label(void *ctx, size_t i, struct str *out) {
    const struct dict *d = ctx;
    if (i < (size_t)d->n)
        *out = dict_at(d, (int32_t)i);
    return i < (size_t)d->n;
}

// A constant text that is compared with a label must be one of its values.
static bool known_label(struct builder *b, const struct node *x, const struct node *constant) {
    const struct dict *labels = x->kind.labels;
    if (!labels || x->constant || !constant->constant ||
        dict_find(labels, constant->value.string) >= 0)
        return true;
    struct buf list = {.arena = b->arena};
    for (int32_t i = 0; i < labels->n && i < 8; i++)
        buf_printf(&list, "%s'%.*s'", i ? ", " : "", (int)dict_at(labels, i).n,
                   dict_at(labels, i).p);
    struct str near = str_nearest(constant->value.string, next_label, (void *)labels);
    if (near.n)
        build_fail(b, constant->outer, "`%s` is never %s: did you mean '%.*s'?", build_show(b, x),
                   build_show(b, constant), (int)near.n, near.p);
    else
        build_fail(b, constant->outer, "`%s` is never %s; it is one of %s%s", build_show(b, x),
                   build_show(b, constant), buf_text(&list), labels->n > 8 ? " ..." : "");
    return false;
}

// What to write where x and y cannot be compared.
static const char *comparison_advice(const struct node *x, const struct node *y) {
    if (kind_is_date(x->kind))
        return y->kind.shape == SHAPE_STRING
                   ? "; a date is written date('2025-01-31')"
                   : "; for a number of days compare a difference: today - a_date < 30";
    if (x->kind.sense == SENSE_MONTHS)
        return "; months(n) can only be added to a date or taken from it";
    if (x->kind.shape == SHAPE_BOOLEAN)
        return "; a flag is a condition itself: write it alone, or with not before it";
    if (x->kind.shape == SHAPE_STRING && x->op == OP_LITERAL)
        return "; a number is written without quotes";
    return NULL;
}

bool build_comparable(struct builder *b, struct span at, const struct node *x,
                      const struct node *y) {
    const struct node *maybe = x->kind.maybe_false ? x : y->kind.maybe_false ? y : NULL;
    if (maybe)
        return maybe_false(b, maybe) != NULL;
    bool months = x->kind.sense == SENSE_MONTHS || y->kind.sense == SENSE_MONTHS;
    if (kind_alike(x->kind, y->kind) && !months)
        return x->kind.shape != SHAPE_STRING || (known_label(b, x, y) && known_label(b, y, x));
    const char *advice = comparison_advice(x, y);
    if (!advice)
        advice = comparison_advice(y, x);
    build_fail(b, at, "`%s` is %s, `%s` is %s: they cannot be compared%s", build_show(b, x),
               kind_text(x->kind), build_show(b, y), kind_text(y->kind), advice ? advice : "");
    return false;
}

// Labels and flags have no order that people would mean.
static struct node *no_order(struct builder *b, struct span at, const struct node *x) {
    const char *text = build_show(b, x);
    if (x->kind.shape == SHAPE_BOOLEAN)
        return build_fail(b, at, "`%s` is a flag: it has no order; write it alone or with not",
                          text);
    if (x->kind.labels && x->kind.labels->ordered)
        return build_fail(b, at,
                          "`%s` is a label, which would be ordered by the alphabet: write "
                          "at_least(%s, '...')",
                          text, text);
    return build_fail(b, at,
                      "`%s` is a label, and labels have no order: write == or one_of(%s, ...)",
                      text, text);
}

static bool lacks_order(const struct node *x) {
    return x->kind.shape == SHAPE_BOOLEAN ||
           (x->kind.shape == SHAPE_STRING && x->kind.sense == SENSE_LABEL);
}

static struct node *build_comparison(struct builder *b, enum op op, struct span at, struct span all,
                                     struct node *x, struct node *y) {
    bool bare = x->outer.length == x->span.length;
    if (bare && is_comparison(x->op))
        return build_fail(b, at, "comparisons do not chain: write %s and %s %s %s",
                          build_show(b, x), build_show(b, x->arg[1]), show(b, at),
                          build_show(b, y));
    if (!build_comparable(b, at, x, y))
        return NULL;
    if (op != OP_EQ && op != OP_NE && (lacks_order(x) || lacks_order(y)))
        return no_order(b, at, lacks_order(x) ? x : y);
    struct kind kind = {.shape = SHAPE_BOOLEAN};
    return build_node(b, op, all, kind, (struct node *[]){x, y}, 2);
}

// ---- arithmetic -----------------------------------------------------------------------------

static bool is_operand(struct builder *b, const struct node *x, const char *sign) {
    if (x->kind.maybe_false)
        return maybe_false(b, x) != NULL;
    if (kind_numeric(x->kind))
        return true;
    build_fail(b, x->outer, "`%s` is %s, and `%s` takes numbers%s", build_show(b, x),
               kind_text(x->kind), sign,
               x->kind.shape == SHAPE_STRING ? "; texts are joined with .."
                                             : "; for a number write (flag and 1 or 0)");
    return false;
}

static enum shape arithmetic_shape(enum op op, enum shape x, enum shape y) {
    if (op == OP_DIVIDE || op == OP_POWER || x == SHAPE_FLOAT || y == SHAPE_FLOAT)
        return SHAPE_FLOAT;
    return x == SHAPE_INTEGER && y == SHAPE_INTEGER ? SHAPE_INTEGER : SHAPE_NUMBER;
}

// Money stays money as long as it is not multiplied or divided by money.
static enum sense money_sense(enum op op, bool x, bool y) {
    bool stays = false;
    switch (op) {
    case OP_ADD:
    case OP_SUBTRACT:
    case OP_MODULO: stays = x || y; break;
    case OP_MULTIPLY: stays = x != y; break;
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE: stays = x && !y; break;
    default: break;
    }
    return stays ? SENSE_MONEY : SENSE_PLAIN;
}

static bool is_plain(const struct node *x) {
    return x->kind.sense == SENSE_PLAIN;
}

// One of x and y is a date or a number of months.
static struct node *build_dated(struct builder *b, enum op op, struct span at, struct span all,
                                struct node *x, struct node *y) {
    bool dx = kind_is_date(x->kind), dy = kind_is_date(y->kind);
    bool mx = x->kind.sense == SENSE_MONTHS, my = y->kind.sense == SENSE_MONTHS;
    struct node *arg[] = {x, y};
    struct kind kind = {SHAPE_INTEGER, dx && dy ? SENSE_PLAIN : SENSE_DATE, false, NULL};
    if ((op == OP_ADD && ((dx && my) || (mx && dy))) || (op == OP_SUBTRACT && dx && my))
        return function_shift(b, op, all, x, y);
    if (op == OP_SUBTRACT && dx && dy)
        return build_node(b, op, all, kind, arg, 2);
    const struct node *days = dx ? y : x;
    bool shift = (op == OP_ADD && dx != dy) || (op == OP_SUBTRACT && dx && !dy);
    if (shift && is_plain(days) && days->kind.shape == SHAPE_INTEGER)
        return build_node(b, op, all, kind, arg, 2);
    if (shift && is_plain(days))
        return build_fail(b, days->outer,
                          "a date takes whole days, and `%s` need not be whole: write floor(%s)",
                          build_show(b, days), show(b, days->span));
    if (mx || my)
        return build_fail(b, at,
                          "months(n) can only be added to a date or taken from it: a_date + "
                          "months(3)");
    return build_fail(b, at,
                      "`%s` is %s, `%s` is %s: `%s` has no meaning for them; a date takes + or - a "
                      "number of days, and date - date is a number of days",
                      build_show(b, x), kind_text(x->kind), build_show(b, y), kind_text(y->kind),
                      show(b, at));
}

static bool is_dated(const struct node *x) {
    return kind_is_date(x->kind) || x->kind.sense == SENSE_MONTHS;
}

static struct node *build_arithmetic(struct builder *b, enum op op, struct span at, struct span all,
                                     struct node *x, struct node *y) {
    const char *sign = show(b, at);
    if (!is_operand(b, x, sign) || !is_operand(b, y, sign))
        return NULL;
    if (is_dated(x) || is_dated(y))
        return build_dated(b, op, at, all, x, y);
    struct kind kind = {.shape = arithmetic_shape(op, x->kind.shape, y->kind.shape)};
    kind.sense = money_sense(op, x->kind.sense == SENSE_MONEY, y->kind.sense == SENSE_MONEY);
    return build_node(b, op, all, kind, (struct node *[]){x, y}, 2);
}

static struct node *build_negate(struct builder *b, struct span at, struct span all,
                                 struct node *x) {
    if (!is_operand(b, x, "-"))
        return NULL;
    if (is_dated(x))
        return build_fail(b, at, "`%s` is %s: it has no negative", build_show(b, x),
                          kind_text(x->kind));
    return build_node(b, OP_NEGATE, all, x->kind, &x, 1);
}

static struct node *build_concat(struct builder *b, struct span all, struct node *x,
                                 struct node *y) {
    for (int i = 0; i < 2; i++) {
        const struct node *operand = i ? y : x;
        if (operand->kind.maybe_false)
            return maybe_false(b, operand);
        if (operand->kind.shape == SHAPE_BOOLEAN || is_dated(operand))
            return build_fail(b, operand->outer, "`%s` is %s, and `..` joins texts and numbers",
                              build_show(b, operand), kind_text(operand->kind));
    }
    struct kind kind = {.shape = SHAPE_STRING};
    return build_node(b, OP_CONCAT, all, kind, (struct node *[]){x, y}, 2);
}

// ---- what the parser calls ------------------------------------------------------------------

struct node *build_unary(struct builder *b, enum op op, struct span at, struct node *x) {
    struct span all = span_over(at, x->outer);
    return op == OP_NOT ? build_not(b, all, x) : build_negate(b, at, all, x);
}

struct node *build_binary(struct builder *b, enum op op, struct span at, struct node *x,
                          struct node *y) {
    struct span all = span_over(x->outer, y->outer);
    if (op == OP_AND)
        return build_and(b, all, x, y);
    if (op == OP_OR)
        return build_or(b, at, all, x, y);
    if (is_comparison(op))
        return build_comparison(b, op, at, all, x, y);
    if (op == OP_CONCAT)
        return build_concat(b, all, x, y);
    return build_arithmetic(b, op, at, all, x, y);
}

static struct node *unknown_function(struct builder *b, struct span at, struct str name) {
    struct symbol s;
    const char *shown = show(b, at);
    const char *point = memrchr(name.p, '.', name.n);
    struct str last = name; // of math.floor: floor
    if (point) {
        last.n = (size_t)(name.p + name.n - point) - 1;
        last.p = point + 1;
    }
    struct str near = function_nearest(last);
    if (build_advice(name))
        return build_fail(b, at, "there is no function `%s`: %s", shown, build_advice(name));
    if (near.n)
        return build_fail(b, at, "there is no function `%s`: did you mean `%.*s`?", shown,
                          (int)near.n, near.p);
    if (b->scope->find(b->scope->ctx, name, &s))
        return build_fail(b, at, "`%s` is a value, no function: leave out the parentheses", shown);
    return build_fail(b, at, "there is no function `%s`; docs/expressions.md lists them", shown);
}

// What an operand of any call may not be.
static bool is_argument(struct builder *b, const struct node *x) {
    if (x->kind.maybe_false)
        return maybe_false(b, x) != NULL;
    if (x->kind.sense != SENSE_MONTHS)
        return true;
    build_fail(b, x->outer, "months(n) can only be added to a date or taken from it");
    return false;
}

static struct node *build_applied(struct builder *b, const struct function_help *help,
                                  struct span all, struct node **arg, int n) {
    const struct function *f = help->function;
    static const char *const wanted[] = {['n'] = "a number", ['d'] = "a date", ['s'] = "a text"};
    for (int i = 0; i < n; i++) {
        struct kind k = arg[i]->kind;
        char takes = f->takes[i];
        bool fits = takes == 's'   ? k.shape == SHAPE_STRING
                    : takes == 'd' ? kind_is_date(k)
                                   : kind_numeric(k) && !kind_is_date(k);
        if (!fits)
            return build_fail(b, arg[i]->outer, "`%s` is %s, and %s takes %s here",
                              build_show(b, arg[i]), kind_text(k), help->signature,
                              wanted[(int)takes]);
    }
    struct kind kind = {.shape = f->gives};
    if (f->keeps_sense)
        kind.sense = arg[0]->kind.sense;
    struct node *made = arena_alloc(b->arena, sizeof *made);
    *made = (struct node){.op = OP_CALL, .kind = kind, .span = all, .outer = all, .slot = -1};
    made->function = f;
    made->n = n;
    made->arg = arg;
    return build_finish(b, made);
}

struct node *build_call(struct builder *b, struct span at, struct str name, size_t end,
                        struct node **arg, int n) {
    const struct function_help *help = function_find(name);
    struct span all = {at.offset, end - at.offset};
    if (!help)
        return unknown_function(b, at, name);
    const struct function *f = help->function;
    if (n < f->least || (f->most && n > f->most))
        return build_fail(b, all, "%s %s arguments: it is %s", show(b, at),
                          n < f->least ? "lacks" : "has too many", help->signature);
    for (int i = 0; i < n; i++)
        if (!is_argument(b, arg[i]))
            return NULL;
    return f->build ? f->build(b, all, arg, n) : build_applied(b, help, all, arg, n);
}

bool build_root(struct builder *b, const struct node *root, enum want want) {
    const char *text = build_show(b, root);
    if (root->kind.maybe_false)
        return maybe_false(b, root) != NULL;
    if (root->kind.sense == SENSE_MONTHS) {
        build_fail(b, root->outer, "months(n) can only be added to a date or taken from it");
        return false;
    }
    if (want == WANT_CONDITION && !is_condition(root))
        return no_condition(b, root, "this place") != NULL;
    if (want == WANT_NUMBER && (!kind_numeric(root->kind) || kind_is_date(root->kind))) {
        build_fail(b, root->outer, "`%s` is %s, and a number must stand here", text,
                   kind_text(root->kind));
        return false;
    }
    return true;
}
