// The functions of the language: one row of a table each.
#ifndef PATRON_EXPR_FUNCTION_H
#define PATRON_EXPR_FUNCTION_H

#include "expr/build.h"

enum { FUNCTION_ARGS = 2 }; // most arguments of a function that is applied to values

struct function {
    // Builds the node of a call with checked number of arguments; NULL: an OP_CALL by what follows.
    struct node *(*build)(struct builder *b, struct span at, struct node **arg, int n);
    int least, most;   // arguments; most 0: any number
    const char *takes; // a letter an argument: n number, d date, s text or label
    enum shape gives;
    bool keeps_sense; // money in, money out
    enum fault (*apply)(const struct value *arg, struct value *out);
};

// NULL if there is none of that name.
const struct function_help *function_find(struct str name);
struct str function_nearest(struct str name);

// date + months(n), months(n) + date, date - months(n).
struct node *function_shift(struct builder *b, enum op op, struct span at, struct node *x,
                            struct node *y);

#endif
