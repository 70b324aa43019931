// One value of the expression language, as Lua has them.
#ifndef PATRON_EXPR_VALUE_H
#define PATRON_EXPR_VALUE_H

#include <stdint.h>

#include "base/str.h"

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

#endif
