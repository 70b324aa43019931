// Who lives together, and whether a customer was referred at home.
#include "metric/family.h"
#include "metric/graph.h"

enum status household_first(struct metric_run *r, struct err *err) {
    const struct column *c = r->column[0];
    TRY(graph_check(r, c, err));
    r->out->dict = c->dict;
    for (int64_t i = 0; i < r->out->n; i++)
        for (int64_t row = r->table->start[i]; row < r->table->start[i + 1]; row++)
            if (column_has(c, row) && !(column_has(r->out, i) && r->out->code[i] <= c->code[row]))
                column_set_code(r->out, i, c->code[row]);
    return DONE;
}

enum status household_referrer(struct metric_run *r, struct err *err) {
    const struct column *household = r->input[1];
    const int32_t *referrer;
    TRY(graph_named(r, r->input[0], &referrer, err));
    for (int64_t i = 0; i < r->out->n; i++) {
        bool known =
            referrer[i] != NOBODY && column_has(household, i) && column_has(household, referrer[i]);
        column_set_flag(r->out, i, known && household->code[i] == household->code[referrer[i]]);
    }
    return DONE;
}
