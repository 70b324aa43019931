// Precedence climbing with Lua's own precedences, one token ahead. Nodes are built (and checked) as
// soon as their operands are there, so the first error in the text is the one that is reported.
#include "base/number.h"
#include "expr/function.h"
#include "expr/kind.h"
#include "expr/lex.h"
#include "expr/name.h"
#include "expr/operator.h"

enum {
    DEPTH_MAX = 150, // of nesting: the parser recurses for each level
    ARGS_MAX = 1000, // of a call
    UNARY = 12,      // precedence of - and not
};

struct parser {
    struct builder b;
    struct lexer lexer;
    struct token token;        // the next one
    size_t end;                // where the last one ended
    int depth;                 // of nesting
    const struct node *beside; // what the operand being read is compared with, or NULL
};

static struct node *parse_operators(struct parser *p, int limit);

static bool advance(struct parser *p) {
    p->end = p->token.span.offset + p->token.span.length;
    return lex_next(&p->lexer, &p->token);
}

static struct str source(const struct parser *p, struct span at) {
    return (struct str){p->b.text.p + at.offset, at.length};
}

static bool is_between_digits(const struct parser *p) {
    struct span at = p->token.span;
    return p->token.kind == TOKEN_COMMA && at.offset > 0 &&
           number_digit(p->b.text.p[at.offset - 1]) && at.offset + 1 < p->b.text.n &&
           number_digit(p->b.text.p[at.offset + 1]);
}

static struct node *unexpected(struct parser *p, const char *wanted) {
    struct str word = source(p, p->token.span);
    const char *advice = p->token.kind == TOKEN_NAME ? name_advice(word) : NULL;
    if (p->token.kind == TOKEN_END && p->end > 0 && p->b.text.p[p->end - 1] == '%')
        return build_fail(&p->b, p->token.span, "a share of 12 %% is written 0.12");
    if (p->token.kind == TOKEN_END)
        return build_fail(&p->b, p->token.span, "the expression ends too early: %s", wanted);
    int n = (int)(word.n < 60 ? word.n : 60);
    if (is_between_digits(p))
        return build_fail(&p->b, p->token.span,
                          "a number has no comma: thousands are written 1000, a half 0.5");
    return build_fail(&p->b, p->token.span, "`%.*s` cannot stand here: %s", n, word.p,
                      advice ? advice : wanted);
}

static bool expect(struct parser *p, enum token_kind kind, const char *wanted) {
    if (p->token.kind == kind)
        return advance(p);
    return unexpected(p, wanted) != NULL;
}

// name, a.b, c["any header"]: the parts are joined by dots. Leaves *at over all of it.
static bool parse_name(struct parser *p, struct span *at, struct str *name) {
    struct buf joined = {.arena = p->b.arena};
    *at = p->token.span;
    buf_str(&joined, source(p, *at));
    if (!advance(p))
        return false;
    for (;;) {
        if (p->token.kind == TOKEN_DOT) {
            if (!advance(p))
                return false;
            if (p->token.kind != TOKEN_NAME)
                return unexpected(p, "a name must follow the point") != NULL;
            buf_char(&joined, '.');
            buf_str(&joined, source(p, p->token.span));
            if (!advance(p))
                return false;
        } else if (p->token.kind == TOKEN_OPEN_SQUARE) {
            if (!advance(p))
                return false;
            if (p->token.kind != TOKEN_STRING)
                return unexpected(p, "a column's name in quotes must stand in [ ]") != NULL;
            buf_char(&joined, '.');
            buf_str(&joined, p->token.value.string);
            if (!advance(p) || !expect(p, TOKEN_CLOSE_SQUARE, "close the name with ]"))
                return false;
        } else {
            break;
        }
    }
    at->length = p->end - at->offset;
    *name = (struct str){joined.p, joined.n};
    return true;
}

static struct node *parse_call(struct parser *p, struct span at, struct str name) {
    struct node **arg = NULL;
    int n = 0, size = 0;
    if (!advance(p))
        return NULL;
    while (p->token.kind != TOKEN_CLOSE || n > 0) {
        arg = arena_more(p->b.arena, arg, n, &size, sizeof *arg);
        p->beside = n ? arg[0] : NULL;
        if (n == ARGS_MAX)
            return build_fail(&p->b, p->token.span, "a call takes up to %d arguments", ARGS_MAX);
        if (!(arg[n] = parse_operators(p, 0)))
            return NULL;
        n++;
        if (p->token.kind != TOKEN_COMMA)
            break;
        if (!advance(p))
            return NULL;
    }
    p->beside = NULL;
    if (!expect(p, TOKEN_CLOSE, "put a comma before the next argument, or close the call with )"))
        return NULL;
    return function_call(&p->b, at, name, p->end, arg, n);
}

static struct node *parse_parentheses(struct parser *p) {
    size_t start = p->token.span.offset;
    if (!advance(p))
        return NULL;
    struct node *x = parse_operators(p, 0);
    if (!x || !expect(p, TOKEN_CLOSE, "put an operator, or close the parenthesis with )"))
        return NULL;
    x->outer = (struct span){start, p->end - start};
    return x;
}

static struct node *parse_literal(struct parser *p) {
    struct token t = p->token;
    if (t.kind == TOKEN_TRUE || t.kind == TOKEN_FALSE)
        t.value = (struct value){VALUE_BOOLEAN, .boolean = t.kind == TOKEN_TRUE};
    return advance(p) ? build_literal(&p->b, t.span, t.value) : NULL;
}

static struct node *parse_operand(struct parser *p) {
    const struct node *beside = p->beside;
    struct span at;
    struct str name;
    p->beside = NULL;
    switch (p->token.kind) {
    case TOKEN_NUMBER:
    case TOKEN_STRING:
    case TOKEN_TRUE:
    case TOKEN_FALSE: return parse_literal(p);
    case TOKEN_OPEN: return parse_parentheses(p);
    case TOKEN_NAME:
        if (!parse_name(p, &at, &name))
            return NULL;
        return p->token.kind == TOKEN_OPEN ? parse_call(p, at, name)
                                           : name_build(&p->b, at, name, beside);
    default: return unexpected(p, "a value is missing: a name, a number or a text in quotes");
    }
}

// `not tier == 'gold'` is (not tier) == 'gold', in Lua as well, which nobody means.
static struct node *not_trap(struct parser *p, struct span at, const struct node *x) {
    const char *text = build_show(&p->b, x);
    struct str sign = source(p, p->token.span);
    return build_fail(&p->b, at, "`not` binds more tightly than `%.*s`: write not (%s %.*s ...)%s",
                      (int)sign.n, sign.p, text, (int)sign.n, sign.p,
                      p->token.op == OP_EQ ? ", or ~= in place of ==" : "");
}

static struct node *parse_unary(struct parser *p) {
    struct token t = p->token;
    if (t.kind != TOKEN_OPERATOR || (t.op != OP_NOT && t.op != OP_SUBTRACT))
        return parse_operand(p);
    if (!advance(p))
        return NULL;
    struct node *x = parse_operators(p, UNARY);
    if (x && t.op == OP_NOT && p->token.kind == TOKEN_OPERATOR && is_comparison(p->token.op))
        return not_trap(p, t.span, x);
    return x ? operator_unary(&p->b, t.op, t.span, x) : NULL;
}

// How strongly an operator binds to its left and to its right; 0: it is not between operands.
static int precedence(enum op op, bool right) {
    switch (op) {
    case OP_OR: return 1;
    case OP_AND: return 2;
    case OP_EQ:
    case OP_NE:
    case OP_LT:
    case OP_LE:
    case OP_GT:
    case OP_GE: return 3;
    case OP_CONCAT: return right ? 8 : 9;
    case OP_ADD:
    case OP_SUBTRACT: return 10;
    case OP_MULTIPLY:
    case OP_DIVIDE:
    case OP_FLOOR_DIVIDE:
    case OP_MODULO: return 11;
    case OP_POWER: return right ? 13 : 14;
    default: return 0;
    }
}

// Operands and the operators between them that bind more strongly than `limit`.
static struct node *parse_operators(struct parser *p, int limit) {
    if (++p->depth > DEPTH_MAX)
        return build_fail(&p->b, p->token.span,
                          "nested too deeply: give a part of it a name under metrics");
    struct node *x = parse_unary(p);
    while (x && p->token.kind == TOKEN_OPERATOR && precedence(p->token.op, false) > limit) {
        struct token t = p->token;
        if (!advance(p))
            return NULL;
        p->beside = is_comparison(t.op) ? x : NULL;
        struct node *y = parse_operators(p, precedence(t.op, true));
        x = y ? operator_binary(&p->b, t.op, t.span, x, y) : NULL;
    }
    p->depth--;
    return x;
}

// Whether the whole is what the caller wants, and of one type.
static bool check_root(struct builder *b, const struct node *root, enum want want) {
    if (!build_value(b, root))
        return false;
    if (want == WANT_CONDITION)
        return build_condition(b, root, "this place");
    if (want == WANT_ANY || (kind_numeric(root->kind) && !kind_is_date(root->kind)))
        return true;
    build_fail(b, root->outer, "`%s` is %s, and a number must stand here", build_show(b, root),
               kind_text(root->kind));
    return false;
}

bool expr_parse(struct arena *a, struct str text, const struct scope *scope, enum want want,
                struct expr **out, struct expr_error *error) {
    *error = (struct expr_error){0};
    if (text.n > EXPR_LENGTH)
        return lex_fail(error, (struct span){EXPR_LENGTH, text.n - EXPR_LENGTH},
                        "an expression has up to %d bytes: give parts of it a name under metrics",
                        EXPR_LENGTH);
    struct str copy = {arena_copy(a, text.p, text.n), text.n};
    struct parser p = {.b = {.arena = a, .text = copy, .scope = scope, .error = error},
                       .lexer = {.arena = a, .text = copy, .error = error}};
    if (!advance(&p))
        return false;
    struct node *root = parse_operators(&p, 0);
    if (!root)
        return false;
    if (p.token.kind != TOKEN_END)
        return unexpected(&p, "an operator is missing before it") != NULL;
    if (!check_root(&p.b, root, want))
        return false;
    *out = arena_alloc(a, sizeof **out);
    **out = (struct expr){copy, root, p.b.n_slots, p.b.slots};
    return true;
}

struct str expr_text(const struct expr *e) {
    return e->text;
}

int expr_slots(const struct expr *e, const int **slots) {
    *slots = e->slots;
    return e->n_slots;
}

enum type expr_type(const struct expr *e) {
    switch (e->root->kind.shape) {
    case SHAPE_BOOLEAN: return TYPE_FLAG;
    case SHAPE_STRING: return TYPE_LABEL;
    case SHAPE_INTEGER:
    case SHAPE_FLOAT:
    case SHAPE_NUMBER: break;
    }
    switch (e->root->kind.sense) {
    case SENSE_MONEY: return TYPE_MONEY;
    case SENSE_DATE: return TYPE_DATE;
    default: return e->root->kind.shape == SHAPE_INTEGER ? TYPE_INTEGER : TYPE_NUMBER;
    }
}

const struct dict *expr_labels(const struct expr *e) {
    return e->root->kind.labels;
}
