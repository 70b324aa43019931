// Tokens as Lua's own lexer cuts them, since positions must agree with the lines that Lua reports.
//
// Invariant: the tokens cover the text in order, and the one behind the last is of kind TOKEN_END,
// so a walk stops there without looking at a count. The text may be anything, Lua or not.
#include "policy/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

// ---- the text of a string token -------------------------------------------------------------

// Reads characters, counting lines as Lua does and columns in characters.
struct cursor {
    const char *p, *end;
    long line, column;
};

static bool is_break(char c) {
    return c == '\n' || c == '\r';
}

// One byte, or a line break in any of its forms: \n, \r, \r\n, \n\r.
static void step(struct cursor *c) {
    char at = *c->p++;
    if (is_break(at)) {
        if (c->p < c->end && is_break(*c->p) && *c->p != at)
            c->p++;
        c->line++;
        c->column = 1;
    } else if ((at & 0xC0) != 0x80) {
        c->column++;
    }
}

static void step_to(struct cursor *c, const char *p) {
    while (c->p < p)
        step(c);
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static int hex_digit(char c) {
    if (number_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// UTF-8 as Lua writes it, up to six bytes.
static size_t put_utf8(uint32_t x, char out[8]) {
    size_t n = 2;
    if (x < 0x80) {
        out[0] = (char)x;
        return 1;
    }
    while (n < 6 && x >> (5 * n + 1))
        n++;
    for (size_t i = n - 1; i > 0; i--, x >>= 6)
        out[i] = (char)(0x80 | (x & 0x3F));
    out[0] = (char)((0xFF00u >> n & 0xFF) | x);
    return n;
}

// At most `most` digits of the base as a number.
static uint32_t read_digits(struct cursor *c, int most, uint32_t base) {
    uint32_t value = 0;
    for (; most > 0 && c->p < c->end; most--, step(c)) {
        int digit = hex_digit(*c->p);
        if (digit < 0 || (uint32_t)digit >= base)
            break;
        value = value * base + (uint32_t)digit;
    }
    return value;
}

// What the escape behind a backslash stands for: no byte for \z, several for \u{...}.
static size_t read_escape(struct cursor *c, char out[8]) {
    static const char names[] = "abfnrtv", bytes[] = "\a\b\f\n\r\t\v";
    char name = *c->p;
    out[0] = name;
    if (number_digit(name)) {
        out[0] = (char)read_digits(c, 3, 10);
        return 1;
    }
    step(c);
    if (is_break(name)) {
        out[0] = '\n';
    } else if (name == 'x') {
        out[0] = (char)read_digits(c, 2, 16);
    } else if (name == 'z') {
        while (c->p < c->end && is_space(*c->p))
            step(c);
        return 0;
    } else if (name == 'u') {
        step_to(c, c->p < c->end ? c->p + 1 : c->p); // {
        uint32_t x = read_digits(c, 16, 16);
        step_to(c, c->p < c->end ? c->p + 1 : c->p); // }
        return put_utf8(x & 0x7FFFFFFF, out);
    } else if (name && strchr(names, name)) {
        out[0] = bytes[strchr(names, name) - names];
    }
    return 1;
}

// The next bytes of a string's content (none for \z); false at its end.
static bool next_piece(struct cursor *c, bool escapes, char out[8], size_t *n) {
    if (c->p >= c->end)
        return false;
    *n = 1;
    out[0] = is_break(*c->p) ? '\n' : *c->p;
    bool escape = escapes && *c->p == '\\' && c->end - c->p > 1;
    step(c);
    if (escape)
        *n = read_escape(c, out);
    return true;
}

static bool is_long(const struct token *t) {
    return *t->text.p == '[';
}

// What is between the quotes or brackets; a line break right behind a bracket does not count.
static struct cursor inside(const struct token *t) {
    struct cursor c = {t->text.p, t->text.p + t->text.n, t->line, t->column};
    size_t quote = 1;
    while (is_long(t) && t->text.p[quote] == '=')
        quote++;
    quote += is_long(t);
    step_to(&c, c.p + quote);
    c.end = t->text.n >= 2 * quote ? c.end - quote : c.p;
    if (is_long(t) && c.p < c.end && is_break(*c.p))
        step(&c);
    return c;
}

static struct str content(struct arena *a, const struct token *t) {
    struct cursor c = inside(t);
    char *out = arena_alloc(a, t->text.n), piece[8];
    size_t n, done = 0;
    for (; next_piece(&c, !is_long(t), piece, &n); done += n)
        memcpy(out + done, piece, n);
    return (struct str){out, done};
}

static struct place place_inside(const char *path, const struct token *t, size_t offset) {
    struct cursor c = inside(t), before = c;
    char piece[8];
    size_t n, done = 0;
    while (next_piece(&c, !is_long(t), piece, &n) && done + n <= offset) {
        done += n;
        before = c;
    }
    return (struct place){path, before.line, before.column};
}

// ---- tokens ---------------------------------------------------------------------------------

static bool is_name(char c) {
    return number_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The length of `[==[ ... ]==]` at p; 0 if none begins there.
static size_t long_bracket(const char *p, const char *end) {
    size_t level = 1, left = (size_t)(end - p);
    while (level < left && p[level] == '=')
        level++;
    if (left < 2 || p[0] != '[' || level == left || p[level] != '[')
        return 0;
    for (const char *q = p + level + 1; q < end; q++) {
        size_t n = 1;
        if (*q != ']')
            continue;
        while (n < level && q + n < end && q[n] == '=')
            n++;
        if (n == level && q + n < end && q[n] == ']')
            return (size_t)(q + n + 1 - p);
    }
    return left;
}

static size_t short_string(const char *p, const char *end) {
    const char *q = p + 1;
    while (q < end && *q != *p)
        q += *q == '\\' && q + 1 < end ? 2 : 1;
    return (size_t)((q < end ? q + 1 : end) - p);
}

static size_t run_of(const char *p, const char *end, bool (*in)(char c)) {
    const char *q = p;
    while (q < end && in(*q))
        q++;
    return (size_t)(q - p);
}

static bool in_line(char c) {
    return !is_break(c);
}

static size_t comment(const char *p, const char *end) {
    if (end - p < 2 || p[0] != '-' || p[1] != '-')
        return 0;
    size_t n = long_bracket(p + 2, end);
    return 2 + (n ? n : run_of(p + 2, end, in_line));
}

// The length of a symbol: comparisons are told from `=`, the others are single bytes.
static size_t symbol(const char *p, const char *end) {
    return end - p > 1 && p[1] == '=' && strchr("=~<>", p[0]) ? 2 : 1;
}

// Takes what begins at p: its length, and its kind (TOKEN_SYMBOL also for numbers), TOKEN_END for
// no token.
static size_t scan(const char *p, const char *end, enum token_kind *kind) {
    size_t n = run_of(p, end, is_space);
    *kind = TOKEN_END;
    if (n == 0)
        n = comment(p, end);
    if (n > 0)
        return n;
    *kind = TOKEN_STRING;
    if (*p == '"' || *p == '\'')
        return short_string(p, end);
    n = long_bracket(p, end);
    if (n > 0)
        return n;
    n = run_of(p, end, is_name);
    *kind = n > 0 && !number_digit(*p) ? TOKEN_NAME : TOKEN_SYMBOL;
    return n > 0 ? n : *p ? symbol(p, end) : 1;
}

static void push(struct source *s, struct token t, size_t *size) {
    if (s->n + 1 >= *size) {
        size_t now = *size ? 2 * *size : 256;
        s->token =
            arena_resize(s->arena, s->token, *size * sizeof *s->token, now * sizeof *s->token);
        *size = now;
    }
    s->token[s->n++] = t;
    s->token[s->n] = (struct token){.kind = TOKEN_END, .text = STR("")};
}

static int compare_strings(const void *a, const void *b) {
    const struct token *x = *(const struct token *const *)a, *y = *(const struct token *const *)b;
    int order = str_cmp(x->content, y->content);
    return order ? order : (x > y) - (x < y);
}

static void sort_strings(struct source *s) {
    s->string = arena_array(s->arena, s->n + 1, sizeof *s->string);
    for (size_t i = 0; i < s->n; i++)
        if (s->token[i].kind == TOKEN_STRING)
            s->string[s->strings++] = &s->token[i];
    qsort(s->string, s->strings, sizeof *s->string, compare_strings);
}

struct source *source_new(struct arena *a, const char *path, struct str text) {
    struct source *s = arena_alloc(a, sizeof *s);
    struct cursor c = {text.p, text.p + text.n, 1, 1};
    size_t size = 0;
    *s = (struct source){.arena = a, .path = path};
    while (c.p < c.end) {
        struct token t = {.line = c.line, .column = c.column};
        size_t n = scan(c.p, c.end, &t.kind);
        t.text = (struct str){c.p, n};
        if (t.kind == TOKEN_STRING)
            t.content = content(a, &t);
        if (t.kind != TOKEN_END)
            push(s, t, &size);
        step_to(&c, c.p + n);
    }
    push(s, (struct token){.kind = TOKEN_END, .text = STR("")}, &size);
    s->n--;
    sort_strings(s);
    return s;
}

struct place source_place(const struct source *s, const struct token *t) {
    return (struct place){s->path, t->line, t->column};
}

struct place source_line(const struct source *s, long line) {
    return (struct place){s->path, line, 0};
}

// The first token of a line, or of a later one.
static const struct token *line_start(const struct source *s, long line) {
    size_t low = 0, high = s->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (s->token[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    return &s->token[low];
}

static struct place next(struct place at, char c) {
    bool breaks = is_break(c);
    return (struct place){at.file, at.line + breaks, breaks ? 1 : at.column + 1};
}

static bool earlier(struct place x, struct place y) {
    return x.line != y.line ? x.line < y.line : x.column < y.column;
}

struct place source_end(const struct source *s, struct place at) {
    const struct token *t = s->token;
    while (t->kind != TOKEN_END && !earlier(at, source_place(s, t + 1)) && t[1].kind != TOKEN_END)
        t++;
    const char *p = t->text.p, *end = p + t->text.n;
    struct place here = source_place(s, t);
    for (; p < end && earlier(here, at); p++)
        here = next(here, *p);
    bool inside = p > t->text.p;
    const char *from = p;
    while (p < end && (!inside || p == from || is_name(*p)))
        here = next(here, *p++);
    return here;
}

bool source_has_name(struct arena *a, struct str text, struct str name) {
    bool found = false;
    if (text.n == 0 || !memmem(text.p, text.n, name.p, name.n)) // most texts
        return false;
    struct arena *own = arena_child(a);
    const struct source *s = source_new(own, NULL, text);
    for (size_t i = 0; i < s->n; i++)
        found |= s->token[i].kind == TOKEN_NAME && str_eq(s->token[i].text, name);
    arena_free(own);
    return found;
}

const struct token *source_name(const struct source *s, struct str name, long line) {
    for (const struct token *t = line_start(s, line); t->kind != TOKEN_END; t++) {
        if (t->line > line)
            break;
        if (t->kind == TOKEN_NAME && str_eq(t->text, name))
            return t;
    }
    return NULL;
}

const struct token *source_string(const struct source *s, struct str text) {
    size_t low = 0, high = s->strings;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_cmp(s->string[middle]->content, text) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < s->strings && str_eq(s->string[low]->content, text);
    bool again = low + 1 < s->strings && str_eq(s->string[low + 1]->content, text);
    return found && !again ? s->string[low] : NULL;
}

struct origin {
    const char *path;
    const struct token *token;
};

static struct place locate(const void *ctx, const struct formula *f, size_t offset) {
    const struct origin *origin = ctx;
    (void)f;
    return place_inside(origin->path, origin->token, offset);
}

struct formula source_formula(const struct source *s, struct str text, struct place at,
                              const struct token *token) {
    struct formula f = {.text = text, .at = at};
    if (token) {
        struct origin *origin = arena_alloc(s->arena, sizeof *origin);
        *origin = (struct origin){s->path, token};
        f.locate = locate;
        f.ctx = origin;
    }
    return f;
}
