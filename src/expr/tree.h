// The typed tree that an expression is parsed into; only src/expr sees it.
#ifndef PATRON_EXPR_TREE_H
#define PATRON_EXPR_TREE_H

#include "expr/expr.h"

// Which Lua values a node yields.
enum shape {
    SHAPE_BOOLEAN,
    SHAPE_INTEGER,
    SHAPE_FLOAT,
    SHAPE_NUMBER, // an integer in one row, a float in another: `c and 1 or 2.5`
    SHAPE_STRING,
};

// What a number or a string means to people: for the checker, evaluation never looks at it.
enum sense {
    SENSE_PLAIN,
    SENSE_MONEY,
    SENSE_DATE,
    SENSE_MONTHS, // of months(n): only good for adding to a date
    SENSE_LABEL,
};

// The type of a node.
struct kind {
    enum shape shape;
    enum sense sense;
    bool maybe_false;          // false may stand in its place: `c and 5`, before its `or`
    const struct dict *labels; // of a string: all the values it can have, NULL when not known
};

enum op {
    OP_LITERAL,
    OP_NAME, // a column, or a constant that has a name
    OP_NEGATE,
    OP_NOT,
    OP_AND,
    OP_OR,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_LE,
    OP_GT,
    OP_GE,
    OP_CONCAT,
    OP_ADD,
    OP_SUBTRACT,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_FLOOR_DIVIDE,
    OP_MODULO,
    OP_POWER,
    OP_MIN, // of two: min(a, b, c) is min(min(a, b), c)
    OP_MAX,
    OP_HAS,
    OP_DEFAULT,
    OP_ONE_OF,
    OP_CALL,
};

struct span {
    size_t offset, length; // in the text
};

struct node {
    enum op op;
    struct kind kind;
    struct span span, outer; // outer: with the parentheses around it
    bool constant;           // every row yields `value`
    int height;              // of the tree below it
    int slot;                // of a column, else -1
    int n;
    struct node **arg;
    const struct function *function; // of OP_CALL
    struct str name;                 // of OP_NAME
    enum type type;                  // of OP_NAME
    struct value value;
};

struct expr {
    struct str text;
    struct node *root;
    int n_slots;
    int *slots;
};

static inline bool is_column(const struct node *n) {
    return n->op == OP_NAME && n->slot >= 0;
}

static inline bool is_comparison(enum op op) {
    return op >= OP_EQ && op <= OP_GE;
}

#endif
