#include "base/quote.h"

#include <string.h>

bool quote_formula(struct str s) {
    return s.n && memchr("=+-@\t\r\n", s.p[0], 7);
}

void quote_put(struct buf *out, struct str s, bool guard) {
    buf_char(out, '"');
    if (guard && quote_formula(s))
        buf_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}
