#include "simulate/purchase.h"

#include "table/seal.h"

static const struct column *money_column(const struct table *t, struct str name) {
    const struct column *c = table_column(t, name);
    return c && c->type == TYPE_MONEY ? c : NULL;
}

enum status purchases_of(const struct dataset *data, struct purchases *out, struct err *err) {
    const struct table *t = dataset_table(data, STR("transactions"));
    *out = (struct purchases){0};
    if (!t || !t->start || !t->date)
        return DONE;
    TRY(seal_check_table(t, err));
    *out = (struct purchases){t, money_column(t, STR("amount")), money_column(t, STR("margin")),
                              table_column(t, STR("order"))};
    return DONE;
}

int64_t purchase_money(const struct column *c, int64_t row) {
    return c && column_has(c, row) ? c->integer[row] : 0;
}

static bool same_order(const struct column *o, int64_t row, int64_t before) {
    return o && before >= 0 && column_has(o, row) && column_has(o, before) &&
           (o->type == TYPE_LABEL
                ? o->code[row] == o->code[before]
                : o->type == TYPE_INTEGER && o->integer[row] == o->integer[before]);
}

bool purchase_at(const struct purchases *p, int64_t row, int64_t before) {
    return purchase_money(p->amount, row) >= 0 && column_has(p->table->date, row) &&
           !same_order(p->order, row, before);
}
