// What names mean to an expression. The caller fills it; expr knows no metric, table or policy.
#ifndef PATRON_EXPR_SCOPE_H
#define PATRON_EXPR_SCOPE_H

#include "expr/value.h"
#include "table/column.h"

// What a name stands for. A column has a slot: its index in the array of columns that evaluation
// is given. A constant (a param, today) has slot -1 and its value here; integer params are Lua
// integers, so 2000 // 7 means what it means in Lua.
struct symbol {
    enum type type;
    int slot;
    struct value constant;
    // The closed set of values of a label, for checking comparisons; NULL when any is allowed.
    // An ordered one (tiers, from high to low) works with at_least and not with < and >.
    const struct dict *labels;
};

struct scope {
    void *ctx;
    // Looks a name up; `a.b` is looked up as "a.b", c["any header"] as "c.any header".
    bool (*find)(void *ctx, struct str name, struct symbol *out);
    // The i-th name there is, for suggestions; false after the last.
    bool (*name)(const void *ctx, size_t i, struct str *out);
    struct str table; // whose rows are read, with the params; empty: customers are
};

#endif
