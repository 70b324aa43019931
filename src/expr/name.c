// What a name stands for, and what to say when it stands for nothing: people misspell names, leave
// out quotes, and bring words of SQL and Python.
#include "expr/name.h"

#include <string.h>

#include "expr/function.h"
#include "expr/kind.h"

const char *name_advice(struct str word) {
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
    const char *shown = build_quote(b, at), *advice = name_advice(name);
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
    if (b->scope->table.n)
        return build_fail(b, at, "there is no name `%s`; the columns of %.*s and the params are %s",
                          shown, (int)b->scope->table.n, b->scope->table.p,
                          str_listed(b->arena, b->scope->name, b->scope->ctx));
    return build_fail(b, at, "there is no name `%s`%s", shown,
                      beside && beside->kind.shape == SHAPE_STRING
                          ? "; a text is written in quotes"
                          : "; check its spelling, or declare it under inputs or metrics");
}

static void use_slot(struct builder *b, int slot) {
    for (int i = 0; i < b->n_slots; i++)
        if (b->slots[i] == slot)
            return;
    b->slots = arena_more(b->arena, b->slots, b->n_slots, &b->size, sizeof slot);
    b->slots[b->n_slots++] = slot;
}

static struct value value_copy(struct arena *a, struct value v) {
    if (v.tag == VALUE_STRING)
        v.string.p = arena_copy(a, v.string.p, v.string.n);
    return v;
}

struct node *name_build(struct builder *b, struct span at, struct str name,
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

struct node *name_no_function(struct builder *b, struct span at, struct str name) {
    struct symbol s;
    const char *shown = build_quote(b, at);
    const char *point = memrchr(name.p, '.', name.n);
    struct str last = name; // of math.floor: floor
    if (point) {
        last.n = (size_t)(name.p + name.n - point) - 1;
        last.p = point + 1;
    }
    struct str near = function_nearest(last);
    if (name_advice(name))
        return build_fail(b, at, "there is no function `%s`: %s", shown, name_advice(name));
    if (near.n)
        return build_fail(b, at, "there is no function `%s`: did you mean `%.*s`?", shown,
                          (int)near.n, near.p);
    if (b->scope->find(b->scope->ctx, name, &s))
        return build_fail(b, at, "`%s` is a value, no function: leave out the parentheses", shown);
    return build_fail(b, at, "there is no function `%s`; docs/expressions.md lists them", shown);
}
