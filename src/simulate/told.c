#include "simulate/told.h"

#include "base/number.h"
#include "metric/lack.h"

static const struct told {
    const char *name;
    double most;
    const char *wants;
} told[EFFECT_KINDS] = {
    [EFFECT_RETENTION] = {"retention_rate", 1, "a share of a year from 0 to 1"},
    [EFFECT_FREQUENCY] = {"purchases_a_year", 3650, "a number a year from 0 to 3650"},
    [EFFECT_REFERRAL] = {"referrals_a_year", 3650, "a number a year from 0 to 3650"},
};

const char *told_name(enum effect_kind kind) {
    return told[kind].name;
}

static enum status check(const struct dataset *d, const struct column *c, const struct told *t,
                         struct err *err) {
    for (int64_t i = 0; i < d->customers; i++) {
        double x = column_has(c, i) ? column_double(c, i) : 0;
        if (x >= 0 && x <= t->most)
            continue;
        char text[NUMBER_MAX];
        int n = number_print(x, text);
        struct str id = column_str(d->id, i);
        return err_set(err, REFUSED, "%s of customer %.*s is %.*s: it is to be %s", t->name,
                       (int)id.n, id.p, n, text, t->wants);
    }
    return DONE;
}

enum status told_of(const struct decisions *d, enum effect_kind kind, const struct column **out,
                    struct err *err) {
    const struct told *t = &told[kind];
    *out = NULL;
    if (!t->name)
        return DONE;
    struct need need = {str_of(t->name), false};
    if (lack_slot(d->board, &need) < 0)
        return DONE;
    TRY(board_column(d->board, need.names, out, err));
    return check(d->data, *out, t, err);
}
