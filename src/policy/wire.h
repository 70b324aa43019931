// What the helper process answers: the declared blocks as plain data, in a form small enough to be
// checked byte by byte. The reader trusts nothing about it.
#ifndef PATRON_POLICY_WIRE_H
#define PATRON_POLICY_WIRE_H

#include <stdint.h>

#include "base/str.h"

enum {
    WIRE_BYTES = 16 << 20, // an answer is not longer,
    WIRE_NODES = 200000,   // has no more values,
    WIRE_DEPTH = 24,       // and nests no deeper
};

enum node_kind {
    NODE_BOOLEAN,
    NODE_INTEGER,
    NODE_NUMBER,
    NODE_STRING,
    NODE_TABLE,
    NODE_WORD,     // a word of the vocabulary and what it was called with: `upgrade "gold"`
    NODE_FUNCTION, // a Lua function: its number in order of declaration, line and parameters
};

struct token;

// One value of a declaration. The wire brings what it is; source_mark adds where it stands.
struct node {
    enum node_kind kind;
    union {
        bool boolean;
        int64_t integer; // also the number of a function
        double number;
        struct str string; // also the word itself
    };
    long line; // of a word, or where a function is defined (0: not in the script)
    int items; // of a table: its list part; of a word: its arguments; of a function: its parameters
    struct node *item;
    int fields; // of a table
    struct field *field;
    struct place at;
    // Of a string that stands in the file as it is, or of a function's definition; else NULL.
    const struct token *token;
};

struct field {
    struct str name;
    struct place at; // of the name; no file until it is found
    struct node value;
};

enum answer_kind {
    ANSWER_BLOCKS = 'B',
    ANSWER_ERROR = 'E', // the script is wrong: line and text
    ANSWER_LATE = 'L',  // the script was stopped at its deadline, in this line
};

struct answer {
    enum answer_kind kind;
    int blocks;
    struct node *block; // each a NODE_WORD
    long line;          // 0: unknown
    struct str text;
};

// False when the bytes are not exactly one answer. What is read points into `bytes`.
bool wire_read(struct arena *a, struct str bytes, struct answer *out);

// The writer's half. A table is its list's length and values, then its fields' number, names and
// values; a word is followed by its arguments, a function by its parameters' names as strings (the
// last is "..." if it takes any number).
void wire_head(struct buf *b, enum answer_kind kind, uint32_t number); // blocks, or the line
void wire_boolean(struct buf *b, bool x);
void wire_integer(struct buf *b, int64_t x);
void wire_number(struct buf *b, double x);
void wire_string(struct buf *b, struct str s);
void wire_table(struct buf *b);
void wire_word(struct buf *b, struct str name, uint32_t line, uint32_t arguments);
void wire_function(struct buf *b, uint32_t line, uint32_t number, uint32_t parameters);
void wire_count(struct buf *b, uint32_t n);
void wire_bytes(struct buf *b, struct str s); // a name, or the text of an error

#endif
