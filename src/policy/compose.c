// A composed formula is its text and a list of pieces, in order: from which byte on each stands,
// and what it was taken from. A place in it is looked for in its piece.
#include "policy/compose.h"

#include "base/number.h"
#include "expr/expr.h"

struct piece {
    size_t from;
    struct formula of;
};

static void add(struct compose *c, const struct formula *of, struct str text) {
    size_t room = EXPR_LENGTH + 1 - c->text.n;
    if (room == 0)
        return;
    c->piece = arena_more(c->text.arena, c->piece, c->pieces, &c->room, sizeof *c->piece);
    c->piece[c->pieces++] = (struct piece){c->text.n, *of};
    buf_put(&c->text, text.p, text.n < room ? text.n : room);
}

void compose_words(struct compose *c, const char *words, struct place at) {
    add(c, &(struct formula){.at = at}, str_of(words));
}

void compose_all(struct compose *c, const struct compose *other) {
    for (int i = 0; i < other->pieces; i++) {
        const struct piece *p = &other->piece[i];
        size_t end = i + 1 < other->pieces ? p[1].from : other->text.n;
        add(c, &p->of, (struct str){other->text.p + p->from, end - p->from});
    }
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
    add(c, f, f->text);
    if (!plain)
        compose_words(c, ")", f->at);
}

static void put_text(struct buf *b, struct str s) {
    buf_char(b, '\'');
    for (size_t i = 0; i < s.n && i <= EXPR_LENGTH; i++) {
        if (s.p[i] == '\'' || s.p[i] == '\\')
            buf_char(b, '\\');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '\'');
}

void compose_value(struct compose *c, const struct node *v) {
    struct buf text = {.arena = c->text.arena};
    char number[NUMBER_MAX];
    switch (v->kind) {
    case NODE_BOOLEAN: buf_z(&text, v->boolean ? "true" : "false"); break;
    case NODE_INTEGER:
        buf_put(&text, number, (size_t)number_print_integer(v->integer, number));
        break;
    case NODE_NUMBER: buf_put(&text, number, (size_t)number_print(v->number, number)); break;
    default: put_text(&text, v->string);
    }
    add(c, &(struct formula){.at = v->at}, (struct str){text.p, text.n});
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

struct compose compose_again(struct arena *a, const struct formula *f) {
    return f->ctx ? *(const struct compose *)f->ctx : (struct compose){.text = {.arena = a}};
}
