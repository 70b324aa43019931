// Functions as they are declared: the columns that they name, and whether an expression could stand
// in their place.
//
// Invariant: what is said about a function's text is said only where the text is certain to be its
// own: the token is known, and the parameters behind it are those that Lua knows.
#include "policy/read.h"
#include "policy/shared.h"

static bool is(const struct token *t, const char *text) {
    return str_is(t->text, text);
}

// The token behind the parameters' closing parenthesis; NULL if they are not these.
static const struct token *behind_parameters(const struct node *v, struct parameter *parameter,
                                             const struct reader *r) {
    const struct token *t = v->token;
    if (!t || !is(t + 1, "("))
        return NULL;
    t += 2;
    for (int i = 0; i < v->items; i++, t++) {
        if (i > 0 && !is(t++, ","))
            return NULL;
        if (t->kind != TOKEN_NAME || !str_eq(t->text, v->item[i].string))
            return NULL;
        parameter[i].at = source_place(r->source, t);
    }
    return is(t, ")") ? t + 1 : NULL;
}

// Nothing but spaces lies between two tokens: no comment.
static bool is_near(const struct token *t, const struct token *next) {
    for (const char *p = t->text.p + t->text.n; p < next->text.p; p++)
        if (*p != ' ' && !(*p >= '\t' && *p <= '\r'))
            return false;
    return true;
}

// Of `return EXPRESSION end` the expression's text, else nothing. What is called in it means
// something else to an expression, if it means anything.
static struct str body_of(const struct token *t) {
    const struct token *first = t + 1, *last;
    if (!is(t, "return") || is(first, "end") || !is_near(t, first))
        return STR("");
    for (last = first; !is(last + 1, "end"); last++)
        if (last[1].kind == TOKEN_END || !is_near(last, last + 1) ||
            (last->kind == TOKEN_NAME && is(last + 1, "(") && !is(last, "and") && !is(last, "or") &&
             !is(last, "not")))
            return STR("");
    return (struct str){first->text.p, (size_t)(last->text.p + last->text.n - first->text.p)};
}

static bool check_parameters(struct reader *r, const struct node *v) {
    if (v->line == 0) {
        read_wrong(r, v->at, "function",
                   "this is a function of Lua's; write function(...) ... end");
        return false;
    }
    if (v->items > SHARED_PARAMETERS) {
        read_wrong(r, v->at, "function", "a function takes at most %d columns",
                   (int)SHARED_PARAMETERS);
        return false;
    }
    for (int i = 0; i < v->items; i++) {
        if (!str_is(v->item[i].string, "..."))
            continue;
        read_wrong(r, v->at, "function",
                   "a function over a customer names what it takes; `...` names nothing");
        return false;
    }
    return true;
}

struct routine *read_routine(struct reader *r, const struct node *v) {
    struct policy *p = r->policy;
    if (v->kind != NODE_FUNCTION || !check_parameters(r, v))
        return NULL;
    struct parameter *parameter = arena_array(r->arena, (size_t)v->items, sizeof *parameter);
    struct routine *routine = arena_alloc(r->arena, sizeof *routine);
    for (int i = 0; i < v->items; i++)
        parameter[i] = (struct parameter){v->item[i].string, v->at};
    const struct token *t = behind_parameters(v, parameter, r);
    routine->number = (int)v->integer;
    routine->index = p->routines;
    routine->at = v->at;
    routine->parameters = v->items;
    routine->parameter = parameter;
    routine->body = t ? body_of(t) : STR("");
    p->routine = arena_more(r->arena, p->routine, p->routines, &r->routines, sizeof *p->routine);
    p->routine[p->routines++] = routine;
    return routine;
}
