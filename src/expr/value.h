// One value of the expression language, as Lua has them.
#ifndef PATRON_EXPR_VALUE_H
#define PATRON_EXPR_VALUE_H

#include "table/column.h"

enum value_tag { VALUE_BOOLEAN, VALUE_INTEGER, VALUE_FLOAT, VALUE_STRING };

struct value {
    enum value_tag tag;
    union {
        bool boolean;
        int64_t integer;
        double number;
        struct str string;
    };
};

// Appends it as people read it: a date, which is an integer here, as YYYY-MM-DD.
void value_print(const struct value *v, enum type type, struct buf *out);

#endif
