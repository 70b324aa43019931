// A function that only returns an expression could be one, which is faster, checked before anything
// runs, and explained clause by clause. It is said where both mean the same for certain: the text
// parses over the function's own parameters, and calls nothing.
#include "policy/compile.h"
#include "policy/source.h"

// The names that the function knows: its parameters.
struct known {
    const struct routine *routine;
    const struct scope *all;
};

static bool find_known(void *ctx, struct str name, struct symbol *out) {
    const struct known *k = ctx;
    for (int i = 0; i < k->routine->parameters; i++)
        if (str_eq(k->routine->parameter[i].name, name))
            return k->all->find(k->all->ctx, name, out);
    return false;
}

static bool name_none(const void *ctx, size_t i, struct str *out) {
    (void)ctx, (void)i, (void)out;
    return false;
}

// The tokens in one line. (They have nothing but spaces between them.)
static struct str in_one_line(struct arena *a, const struct source *s) {
    struct buf b = {.arena = a};
    for (size_t i = 0; i < s->n; i++) {
        bool apart = i > 0 && s->token[i - 1].text.p + s->token[i - 1].text.n < s->token[i].text.p;
        buf_z(&b, apart ? " " : "");
        buf_str(&b, s->token[i].text);
    }
    return (struct str){b.p, b.n};
}

// Whether the expression reads the column wherever it is evaluated: before the first `and` or `or`.
static bool reads_always(const struct source *s, struct str name) {
    for (const struct token *t = s->token; t->kind != TOKEN_END; t++) {
        if (str_is(t->text, "and") || str_is(t->text, "or"))
            break;
        if (t->kind == TOKEN_NAME && str_eq(t->text, name))
            return true;
    }
    return false;
}

void compile_advice(const struct compile *c, const struct routine *r, const struct scope *scope,
                    enum want want) {
    struct known known = {r, scope};
    struct scope own = {&known, find_known, name_none};
    struct expr_error error;
    struct expr *expr;
    if (r->body.n == 0)
        return;
    const struct source *s = source_new(c->arena, NULL, r->body);
    struct str text = in_one_line(c->arena, s);
    if (!expr_parse(c->arena, text, &own, want, &expr, &error))
        return;
    bool always = true;
    for (int i = 0; i < r->parameters; i++) {
        struct symbol symbol;
        bool found = scope->find(scope->ctx, r->parameter[i].name, &symbol);
        always = always && (!found || symbol.slot < 0 || reads_always(s, r->parameter[i].name));
    }
    findings_add(c->findings, SEVERITY_NOTE, "could-be-expression", r->at,
                 "this function could be the expression `%.*s`, which is faster and explained "
                 "clause by clause%s",
                 (int)text.n, text.p,
                 always ? "" : "; it also goes on where a value is missing that it need not read");
}
