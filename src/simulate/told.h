// Columns, metrics or params that tell what customers do without an offer: retention_rate,
// purchases_a_year, referrals_a_year.
#ifndef PATRON_SIMULATE_TOLD_H
#define PATRON_SIMULATE_TOLD_H

#include "decide/decide.h"

// The name of what tells it; NULL: nothing does.
const char *told_name(enum effect_kind kind);
// *out is NULL if there is none. REFUSED, with the customer, if a value is not possible.
enum status told_of(const struct decisions *d, enum effect_kind kind, const struct column **out,
                    struct err *err);

#endif
