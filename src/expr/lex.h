// The tokens of an expression.
#ifndef PATRON_EXPR_LEX_H
#define PATRON_EXPR_LEX_H

#include "expr/tree.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_TRUE,
    TOKEN_FALSE,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_SQUARE,
    TOKEN_CLOSE_SQUARE,
    TOKEN_COMMA,
    TOKEN_DOT,
    TOKEN_OPERATOR, // and, or, not and the signs
    TOKEN_REFUSED,  // other languages' signs and Lua's other words; never returned
};

struct token {
    enum token_kind kind;
    struct span span;
    enum op op;         // of an operator; `-` is OP_SUBTRACT
    struct value value; // of a number or a string
};

struct lexer {
    struct arena *arena;
    struct str text;
    size_t at;
    struct expr_error *error;
};

// The next token; false with the error set at what is no part of the language. Strings with
// escapes are made in the arena.
bool lex_next(struct lexer *l, struct token *out);

// Sets the error unless one is set; always false.
bool lex_fail(struct expr_error *e, struct span at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
