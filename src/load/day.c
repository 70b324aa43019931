#include "load/day.h"

#include <time.h>

#include "base/date.h"

int32_t day_today(void) {
    return (int32_t)(time(NULL) / 86400) + 1;
}

enum status day_read(struct str text, struct place at, enum status wrong, int32_t *out,
                     struct err *err) {
    bool timed;
    if (!date_parse(text, STR("YYYY-MM-DD"), out, &timed) || timed)
        return err_at(err, wrong, at, "as of '%.*s': this is no day; write it as YYYY-MM-DD",
                      (int)text.n, text.p);
    if (*out > day_today())
        return err_at(err, REFUSED, at,
                      "as of %.*s: this day lies in the future, and nothing is known of it; give a "
                      "day up to today",
                      (int)text.n, text.p);
    return DONE;
}
