// The functions of the language: one row of a table each.
#ifndef PATRON_EXPR_FUNCTION_H
#define PATRON_EXPR_FUNCTION_H

#include "expr/build.h"

enum { FUNCTION_ARGS = 2 }; // most arguments of a function that is applied to values

struct function {
    const char *takes; // a letter an argument: n number, d date, s text or label; others are free
    int least, most;   // arguments; most 0: any number
    // What it does to values, what that gives, and whether money in is money out.
    enum shape gives;
    bool keeps_sense;
    enum fault (*apply)(const struct value *arg, struct value *out);
    // A letter an argument: + the result never falls when it rises, - the result never rises then.
    // Empty: neither can be said.
    const char *course;
    // Or, of a form: builds the node of the call.
    struct node *(*build)(struct builder *b, struct span at, struct node **arg, int n);
};

// NULL if there is none of that name.
const struct function_help *function_find(struct str name);
struct str function_nearest(struct str name); // empty if none is near

// A call of the function with that name; `at` is the name, `end` is behind the parenthesis.
struct node *function_call(struct builder *b, struct span at, struct str name, size_t end,
                           struct node **arg, int n);

#endif
