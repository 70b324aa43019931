#include "expr/value.h"

#include "base/date.h"
#include "base/number.h"

void value_print(const struct value *v, enum type type, struct buf *out) {
    char text[NUMBER_MAX];
    int n = 0;
    switch (v->tag) {
    case VALUE_BOOLEAN: buf_z(out, v->boolean ? "true" : "false"); return;
    case VALUE_STRING: buf_str(out, v->string); return;
    case VALUE_FLOAT: n = number_print(v->number, text); break;
    case VALUE_INTEGER:
        n = type == TYPE_DATE ? date_print((int32_t)v->integer, text)
                              : number_print_integer(v->integer, text);
        break;
    }
    buf_put(out, text, (size_t)n);
}
