#include "expr/build.h"

#include <stdarg.h>
#include <stdio.h>

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

const char *build_quote(const struct builder *b, struct span at) {
    bool cut = at.length > SHOWN;
    return arena_printf(b->arena, "%.*s%s", (int)(cut ? SHOWN : at.length), b->text.p + at.offset,
                        cut ? "..." : "");
}

const char *build_show(const struct builder *b, const struct node *n) {
    return build_quote(b, n->outer);
}

static void fold(struct builder *b, struct node *n) {
    struct row r = {.arena = b->arena, .given_slot = -1};
    for (int i = 0; i < n->n; i++)
        if (!n->arg[i]->constant)
            return;
    if (n->n && !n->kind.maybe_false)
        n->constant = row_eval(n, &r, &n->value);
}

static struct node *make(struct builder *b, const struct node *model, struct node **arg) {
    struct node *n = arena_alloc(b->arena, sizeof *n);
    *n = *model;
    n->outer = n->span;
    n->slot = -1;
    n->arg = arena_array(b->arena, (size_t)n->n, sizeof *arg);
    for (int i = 0; i < n->n; i++) {
        n->arg[i] = arg[i];
        if (n->height <= arg[i]->height)
            n->height = arg[i]->height + 1;
    }
    if (n->height > HEIGHT_MAX)
        return build_fail(b, n->span,
                          "this expression is too long: give parts of it a name under metrics, or "
                          "write one_of(x, 'a', 'b')");
    fold(b, n);
    return n;
}

struct node *build_node(struct builder *b, enum op op, struct span at, struct kind kind,
                        struct node **arg, int n) {
    return make(b, &(struct node){.op = op, .span = at, .kind = kind, .n = n}, arg);
}

struct node *build_call(struct builder *b, const struct function *f, struct span at,
                        struct kind kind, struct node **arg, int n) {
    struct node model = {.op = OP_CALL, .function = f, .span = at, .kind = kind, .n = n};
    return make(b, &model, arg);
}

struct node *build_literal(struct builder *b, struct span at, struct value value) {
    struct node *n = build_node(b, OP_LITERAL, at, kind_of_value(b->arena, &value), NULL, 0);
    n->constant = true;
    n->value = value;
    return n;
}

bool build_certain(struct builder *b, const struct node *x) {
    if (!x->kind.maybe_false)
        return true;
    build_fail(b, x->outer,
               "`%s` is false where its condition does not hold: say what it is then, (%s or ...)",
               build_show(b, x), build_quote(b, x->span));
    return false;
}

bool build_value(struct builder *b, const struct node *x) {
    if (!build_certain(b, x))
        return false;
    if (x->kind.sense != SENSE_MONTHS)
        return true;
    build_fail(b, x->outer,
               "months(n) can only be added to a date or taken from it: a_date + months(3)");
    return false;
}

bool build_condition(struct builder *b, const struct node *x, const char *where) {
    const char *text = build_show(b, x);
    if (x->kind.shape == SHAPE_BOOLEAN)
        return true;
    if (!build_certain(b, x))
        return false;
    if (x->kind.shape == SHAPE_STRING)
        build_fail(b, x->outer, "`%s` is %s, and %s takes a condition: compare it, %s == '...'",
                   text, kind_text(x->kind), where, text);
    else
        build_fail(b, x->outer, "`%s` is %s, and %s takes a condition: compare it, or ask has(...)",
                   text, kind_text(x->kind), where);
    return false;
}
