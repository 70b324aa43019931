// Evaluation of one row: a walk over the tree with tagged values, the reference for the kernels.
#ifndef PATRON_EXPR_ROW_H
#define PATRON_EXPR_ROW_H

#include "expr/tree.h"

struct row {
    const struct column *const *columns;
    int64_t row;
    struct arena *arena; // for strings that are made
    // A column that is read as another value than it has, for asking "what if"; slot -1: none.
    int given_slot;
    struct value given;
    struct outcome stop; // why it stopped
};

// False if the evaluation stopped.
bool row_eval(const struct node *n, struct row *r, struct value *out);

// Whether the column of that slot is read anywhere below the node.
bool row_reads(const struct node *n, int slot);
// A comparison of two values of like types, exact between integers and floats.
bool value_compare(enum op op, const struct value *x, const struct value *y);
// An integer or float as a float.
static inline double value_float(const struct value *v) {
    return v->tag == VALUE_INTEGER ? (double)v->integer : v->number;
}

#endif
