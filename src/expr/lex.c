// Lua's own tokens, as far as expressions need them. What people bring from other languages (!=,
// &&, full-width signs) is recognised here, and answered with what to write instead.
#include "expr/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

bool lex_fail(struct expr_error *e, struct span at, const char *format, ...) {
    if (e->text[0])
        return false;
    va_list args;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    e->offset = at.offset;
    e->length = at.length;
    return false;
}

struct spelling {
    const char *text;
    enum token_kind kind;
    enum op op;
    const char *advice; // of what is refused
};

// Longer ones first, so that the first that fits is the token.
static const struct spelling signs[] = {
    {"...", TOKEN_REFUSED, 0, "there are no varargs"},
    {"===", TOKEN_REFUSED, 0, "write =="},
    {"!==", TOKEN_REFUSED, 0, "write ~="},
    {"==", TOKEN_OPERATOR, OP_EQ, NULL},
    {"~=", TOKEN_OPERATOR, OP_NE, NULL},
    {"<=", TOKEN_OPERATOR, OP_LE, NULL},
    {">=", TOKEN_OPERATOR, OP_GE, NULL},
    {"//", TOKEN_OPERATOR, OP_FLOOR_DIVIDE, NULL},
    {"..", TOKEN_OPERATOR, OP_CONCAT, NULL},
    {"!=", TOKEN_REFUSED, 0, "write ~="},
    {"<>", TOKEN_REFUSED, 0, "write ~="},
    {"=>", TOKEN_REFUSED, 0, "write >="},
    {"=<", TOKEN_REFUSED, 0, "write <="},
    {"&&", TOKEN_REFUSED, 0, "write and"},
    {"||", TOKEN_REFUSED, 0, "write or"},
    {"**", TOKEN_REFUSED, 0, "write ^"},
    {"--", TOKEN_REFUSED, 0, "comments stand outside of expressions; for minus minus write - -"},
    {"<<", TOKEN_REFUSED, 0, "there are no bit operators; write * 2 ^ n"},
    {">>", TOKEN_REFUSED, 0, "there are no bit operators; write // 2 ^ n"},
    {"[[", TOKEN_REFUSED, 0, "write strings in quotes: 'text'"},
    {"[=", TOKEN_REFUSED, 0, "write strings in quotes: 'text'"},
    {"::", TOKEN_REFUSED, 0, "there is no goto and no label"},
    {"<", TOKEN_OPERATOR, OP_LT, NULL},
    {">", TOKEN_OPERATOR, OP_GT, NULL},
    {"+", TOKEN_OPERATOR, OP_ADD, NULL},
    {"-", TOKEN_OPERATOR, OP_SUBTRACT, NULL},
    {"*", TOKEN_OPERATOR, OP_MULTIPLY, NULL},
    {"/", TOKEN_OPERATOR, OP_DIVIDE, NULL},
    {"%", TOKEN_OPERATOR, OP_MODULO, NULL},
    {"^", TOKEN_OPERATOR, OP_POWER, NULL},
    {"(", TOKEN_OPEN, 0, NULL},
    {")", TOKEN_CLOSE, 0, NULL},
    {"[", TOKEN_OPEN_SQUARE, 0, NULL},
    {"]", TOKEN_CLOSE_SQUARE, 0, NULL},
    {",", TOKEN_COMMA, 0, NULL},
    {".", TOKEN_DOT, 0, NULL},
    {"=", TOKEN_REFUSED, 0, "to compare write =="},
    {"!", TOKEN_REFUSED, 0, "write not"},
    {"&", TOKEN_REFUSED, 0, "there are no bit operators; for conditions write and"},
    {"|", TOKEN_REFUSED, 0, "there are no bit operators; for conditions write or"},
    {"~", TOKEN_REFUSED, 0, "there are no bit operators; for `not equal` write ~="},
    {"#", TOKEN_REFUSED, 0, "there is no length operator"},
    {"{", TOKEN_REFUSED, 0, "there are no tables; for a list of values write one_of(x, 'a', 'b')"},
    {"}", TOKEN_REFUSED, 0, "there are no tables"},
    {"?", TOKEN_REFUSED, 0, "to choose between two values write: condition and this or that"},
    {":", TOKEN_REFUSED, 0, "there are no methods; write the function first: starts_with(s, 'a')"},
    {";", TOKEN_REFUSED, 0, "it is one expression, without a semicolon"},
};

static const struct spelling words[] = {
    {"and", TOKEN_OPERATOR, OP_AND, NULL},
    {"or", TOKEN_OPERATOR, OP_OR, NULL},
    {"not", TOKEN_OPERATOR, OP_NOT, NULL},
    {"true", TOKEN_TRUE, 0, NULL},
    {"false", TOKEN_FALSE, 0, NULL},
    {"nil", TOKEN_REFUSED, 0, "there is no nil; whether a value is there says has(x)"},
    {"in", TOKEN_REFUSED, 0, "write one_of(x, 'a', 'b')"},
    {"if", TOKEN_REFUSED, 0, "to choose between two values write: condition and this or that"},
    {"then", TOKEN_REFUSED, 0, "to choose between two values write: condition and this or that"},
    {"else", TOKEN_REFUSED, 0, "to choose between two values write: condition and this or that"},
    {"elseif", TOKEN_REFUSED, 0, "to choose between two values write: condition and this or that"},
    {"end", TOKEN_REFUSED, 0, "it is one expression, without statements"},
    {"return", TOKEN_REFUSED, 0, "it is one expression: leave out the return"},
    {"function", TOKEN_REFUSED, 0, "there are no functions inside an expression"},
    {"local", TOKEN_REFUSED, 0, "there are no variables; declare it under metrics"},
    {"goto", TOKEN_REFUSED, 0, "it is one expression, without statements"},
    {"break", TOKEN_REFUSED, 0, "it is one expression, without statements"},
    {"do", TOKEN_REFUSED, 0, "it is one expression, without statements"},
    {"for", TOKEN_REFUSED, 0, "it is one expression, without loops"},
    {"repeat", TOKEN_REFUSED, 0, "it is one expression, without loops"},
    {"until", TOKEN_REFUSED, 0, "it is one expression, without loops"},
    {"while", TOKEN_REFUSED, 0, "it is one expression, without loops"},
};

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The byte at `at`, NUL behind the end. (A NUL inside the text is no part of any token.)
static char peek(const struct lexer *l, size_t at) {
    return at < l->text.n ? l->text.p[at] : '\0';
}

static bool accept(struct lexer *l, const struct spelling *s, struct token *out) {
    out->kind = s->kind;
    out->op = s->op;
    out->span.length = strlen(s->text);
    l->at = out->span.offset + out->span.length;
    if (s->kind == TOKEN_REFUSED)
        return lex_fail(l->error, out->span, "no `%s` here: %s", s->text, s->advice);
    return true;
}

static bool lex_name(struct lexer *l, struct token *out) {
    size_t start = l->at, end = start;
    while (is_letter(peek(l, end)) || number_digit(peek(l, end)))
        end++;
    struct str name = {l->text.p + start, end - start};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(name, words[i].text))
            return accept(l, &words[i], out);
    out->kind = TOKEN_NAME;
    out->span.length = name.n;
    l->at = end;
    return true;
}

// As Lua reads numerals: everything that could belong to one, then it must be one. Integers that
// do not fit are floats.
static bool lex_number(struct lexer *l, struct token *out) {
    size_t start = l->at, end = start;
    for (;;) {
        char c = peek(l, end), next = peek(l, end + 1);
        if ((c == 'e' || c == 'E') && (next == '+' || next == '-'))
            end++;
        else if (!is_letter(c) && !number_digit(c) && c != '.')
            break;
        end++;
    }
    struct str text = {l->text.p + start, end - start};
    out->kind = TOKEN_NUMBER;
    out->span.length = text.n;
    l->at = end;
    out->value.tag = VALUE_INTEGER;
    if (number_integer(text, &out->value.integer))
        return true;
    out->value.tag = VALUE_FLOAT;
    if (number_double(text, '.', &out->value.number))
        return true;
    return lex_fail(l->error, out->span, "`%.*s` is no number: write it as 1250, 0.35 or 1e6",
                    (int)(text.n < 40 ? text.n : 40), text.p);
}

static int hex_digit(char c) {
    if (number_digit(c))
        return c - '0';
    c = (char)(c | ' ');
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The escape behind a backslash at *at, which moves behind it; -1 if it is none.
static int lex_escape(const struct lexer *l, size_t *at) {
    static const char letters[] = "abfnrtv\\\"'\n", values[] = "\a\b\f\n\r\t\v\\\"'\n";
    char c = peek(l, (*at)++);
    const char *simple = c ? strchr(letters, c) : NULL;
    if (simple)
        return (unsigned char)values[simple - letters];
    if (c == 'x') {
        int high = hex_digit(peek(l, *at)), low = high < 0 ? -1 : hex_digit(peek(l, *at + 1));
        *at += 2;
        return low < 0 ? -1 : high * 16 + low;
    }
    if (!number_digit(c))
        return -1;
    int code = c - '0';
    for (int i = 0; i < 2 && number_digit(peek(l, *at)); i++)
        code = code * 10 + (peek(l, (*at)++) - '0');
    return code < 256 ? code : -1;
}

static bool lex_string(struct lexer *l, struct token *out) {
    char quote = l->text.p[l->at];
    size_t at = l->at + 1, n = 0;
    char *bytes = arena_alloc(l->arena, l->text.n - l->at + 1);
    while (peek(l, at) != quote) {
        if (at >= l->text.n || l->text.p[at] == '\n') {
            struct span all = {l->at, at - l->at};
            return lex_fail(l->error, all, "this string is not closed: put %c at its end", quote);
        }
        size_t start = at;
        int c = (unsigned char)l->text.p[at++];
        if (c == '\\')
            c = lex_escape(l, &at);
        if (c < 0) {
            struct span escape = {start, 2};
            return lex_fail(l->error, escape,
                            "no such escape; there are \\n \\t \\\\ \\' \\\" \\xHH and \\DDD");
        }
        bytes[n++] = (char)c;
    }
    out->kind = TOKEN_STRING;
    out->value = (struct value){VALUE_STRING, .string = {bytes, n}};
    out->span.length = at + 1 - l->at;
    l->at = at + 1;
    return true;
}

// Input methods for Chinese give full-width signs and typographic quotes; both look right and are
// not. Returns what was meant, or NUL.
static char typographic(struct str rest) {
    if (rest.n < 3)
        return '\0';
    const unsigned char *p = (const unsigned char *)rest.p;
    if (p[0] == 0xef && (p[1] == 0xbc || p[1] == 0xbd)) { // U+FF01 .. U+FF5E are ASCII + 0xFEE0
        int c = (p[1] - 0xbc) * 64 + p[2] - 0x80 + ' ';
        return c > ' ' && c < 127 ? (char)c : '\0';
    }
    if (p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x98 && p[2] <= 0x9f)
        return '\'';
    return '\0';
}

static bool lex_unknown(struct lexer *l, struct token *out) {
    struct str rest = {l->text.p + l->at, l->text.n - l->at};
    unsigned char c = (unsigned char)rest.p[0];
    char meant = typographic(rest);
    out->span.length = 1;
    if (c >= 0x80)
        while (((unsigned char)peek(l, l->at + out->span.length) & 0xc0) == 0x80)
            out->span.length++;
    int n = (int)(out->span.length < 4 ? out->span.length : 4);
    if (meant)
        return lex_fail(l->error, out->span, "`%.*s` is a typographic sign: write %c", n, rest.p,
                        meant);
    if (c >= 0x80)
        return lex_fail(l->error, out->span,
                        "names have letters of a-z, digits and _; a column with another name is "
                        "written c[\"name\"]");
    if (c < ' ' || c == 0x7f)
        return lex_fail(l->error, out->span, "a control character (byte %d): remove it", c);
    return lex_fail(l->error, out->span, "'%c' has no meaning here: remove it", c);
}

bool lex_next(struct lexer *l, struct token *out) {
    while (l->at < l->text.n && strchr(" \t\r\n\f\v", l->text.p[l->at]) && l->text.p[l->at])
        l->at++;
    *out = (struct token){.kind = TOKEN_END, .span = {l->at, 0}};
    if (l->at == l->text.n)
        return true;
    char c = l->text.p[l->at];
    if (is_letter(c))
        return lex_name(l, out);
    if (number_digit(c) || (c == '.' && number_digit(peek(l, l->at + 1))))
        return lex_number(l, out);
    if (c == '\'' || c == '"')
        return lex_string(l, out);
    struct str rest = {l->text.p + l->at, l->text.n - l->at};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        size_t n = strlen(signs[i].text);
        if (n <= rest.n && memcmp(rest.p, signs[i].text, n) == 0)
            return accept(l, &signs[i], out);
    }
    return lex_unknown(l, out);
}
