// A composed formula is its text and a list of pieces, in order: from which byte on each stands,
// and what it was taken from. A place in it is looked for in its piece.
#include "policy/compose.h"

#include "base/number.h"

struct piece {
    size_t from;
    struct formula of;
};

static void add(struct compose *c, const struct formula *of) {
    c->piece = arena_more(c->text.arena, c->piece, c->pieces, &c->room, sizeof *c->piece);
    c->piece[c->pieces++] = (struct piece){c->text.n, *of};
}

void compose_words(struct compose *c, const char *words, struct place at) {
    add(c, &(struct formula){.at = at});
    buf_z(&c->text, words);
}

void compose_formula(struct compose *c, const struct formula *f) {
    add(c, f);
    buf_str(&c->text, f->text);
}

// A name or a number without a sign, which nothing around it can take apart.
static bool is_plain(struct str s) {
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i], low = (char)(c | ' ');
        if (c != '_' && c != '.' && !(low >= 'a' && low <= 'z') && !number_digit(c))
            return false;
    }
    return s.n > 0;
}

void compose_operand(struct compose *c, const struct formula *f) {
    bool plain = is_plain(f->text);
    if (!plain)
        compose_words(c, "(", f->at);
    compose_formula(c, f);
    if (!plain)
        compose_words(c, ")", f->at);
}

static void put_text(struct buf *b, struct str s) {
    buf_char(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'' || s.p[i] == '\\')
            buf_char(b, '\\');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '\'');
}

void compose_value(struct compose *c, const struct node *v) {
    char number[NUMBER_MAX];
    add(c, &(struct formula){.at = v->at});
    switch (v->kind) {
    case NODE_BOOLEAN: buf_z(&c->text, v->boolean ? "true" : "false"); break;
    case NODE_INTEGER:
        buf_put(&c->text, number, (size_t)number_print_integer(v->integer, number));
        break;
    case NODE_NUMBER: buf_put(&c->text, number, (size_t)number_print(v->number, number)); break;
    default: put_text(&c->text, v->string);
    }
}

static struct place locate(const void *ctx, const struct formula *f, size_t offset) {
    const struct compose *c = ctx;
    int i = c->pieces - 1;
    (void)f;
    while (i > 0 && c->piece[i].from > offset)
        i--;
    return formula_place(&c->piece[i].of, offset - c->piece[i].from);
}

struct formula compose_end(const struct compose *c, struct place at) {
    if (c->pieces == 0)
        return (struct formula){.at = at};
    struct compose *kept = arena_alloc(c->text.arena, sizeof *kept);
    *kept = *c;
    struct str text = {kept->text.p, kept->text.n};
    return (struct formula){.text = text, .at = at, .locate = locate, .ctx = kept};
}
