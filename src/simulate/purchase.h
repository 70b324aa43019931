// What counts as a purchase of a customer.
#ifndef PATRON_SIMULATE_PURCHASE_H
#define PATRON_SIMULATE_PURCHASE_H

#include "table/table.h"

struct purchases {
    const struct table *table;                    // transactions; NULL: none by customer and date
    const struct column *amount, *margin, *order; // money, but for the order; or NULL
};

enum status purchases_of(const struct dataset *data, struct purchases *out, struct err *err);
// Whether a row is one. A refund is none, and rows of one order on a day are one, as in the metric
// orders: `before` is the customer's last row that was one, or -1.
bool purchase_at(const struct purchases *p, int64_t row, int64_t before);
// 0 where there is none.
int64_t purchase_money(const struct column *c, int64_t row);

#endif
