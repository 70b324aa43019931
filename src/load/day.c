#include "load/day.h"

#include <time.h>

#include "base/date.h"

int32_t day_today(void) {
    return (int32_t)(time(NULL) / 86400) + 1;
}

// ": " and the day that people mean who write it otherwise; "" where it can mean none, or several.
static void find_meant(struct str text, char out[13]) {
    static const char *const formats[] = {"YYYYMMDD", "YYYY-M-D", "YYYY/M/D", "YYYY.M.D",
                                          "D.M.YYYY", "D/M/YYYY", "M/D/YYYY", "YYYY年M月D日"};
    int32_t day, found = DATE_MIN - 1;
    bool timed, clash = false;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (date_parse(text, str_of(formats[i]), &day, &timed)) {
            clash = clash || (found >= DATE_MIN && day != found);
            found = day;
        }
    if (found >= DATE_MIN && !clash) {
        out[0] = ':', out[1] = ' ';
        out[2 + date_print(found, out + 2)] = '\0';
    }
}

enum status day_read(struct str text, struct place at, enum status wrong, int32_t *out,
                     struct err *err) {
    bool timed;
    if (!date_parse(text, STR("YYYY-MM-DD"), out, &timed) || timed) {
        char iso[13];
        find_meant(text, iso);
        return err_at(err, wrong, at, "as of '%.*s': this is no day; write it as YYYY-MM-DD%s",
                      (int)text.n, text.p, iso);
    }
    if (*out > day_today())
        return err_at(err, REFUSED, at,
                      "as of %.*s: this day lies in the future, and nothing is known of it; give a "
                      "day up to today",
                      (int)text.n, text.p);
    return DONE;
}
