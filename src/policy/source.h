// The text of a policy file as tokens, and where each piece of it stands.
#ifndef PATRON_POLICY_SOURCE_H
#define PATRON_POLICY_SOURCE_H

#include "metric/declared.h"

enum token_kind {
    TOKEN_NAME, // and Lua's keywords
    TOKEN_STRING,
    TOKEN_SYMBOL, // an operator or bracket, or a piece of a number
    TOKEN_END,
};

struct token {
    enum token_kind kind;
    struct str text;    // as it stands in the file
    struct str content; // of a string: what it means
    long line, column;
};

struct source {
    struct arena *arena;
    const char *path;
    size_t n;            // tokens; one more, of kind TOKEN_END, is behind them
    struct token *token; // in the order of the file
    size_t strings;
    const struct token **string; // those of kind TOKEN_STRING, by content
};

// `text` must outlive the source. Of text that is no Lua, too, some tokens are made.
struct source *source_new(struct arena *a, const char *path, struct str text);
// Whether a name stands in an expression, in no string of it.
bool source_has_name(struct arena *a, struct str text, struct str name);

struct place source_place(const struct source *s, const struct token *t);
struct place source_line(const struct source *s, long line); // line 0: the file as a whole
// Behind the token that stands at a place of the file, or behind the name that stands in a string.
struct place source_end(const struct source *s, struct place at);
// The first token in a line that is this name; NULL if there is none.
const struct token *source_name(const struct source *s, struct str name, long line);
// The string token with this content; NULL if there is none, or more than one.
const struct token *source_string(const struct source *s, struct str content);

// A formula that stands at `at`. If its text is the content of a string token (else NULL), errors
// are located inside that.
struct formula source_formula(const struct source *s, struct str text, struct place at,
                              const struct token *token);

#endif
