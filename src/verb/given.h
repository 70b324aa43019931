// The customer of a test as a dataset of one.
#ifndef PATRON_VERB_GIVEN_H
#define PATRON_VERB_GIVEN_H

#include "policy/policy.h"

// A board with the customer's values. If the test gives rows of tables or a day, the metrics of
// those tables are computed from them; all else that is not given is missing.
enum status given_board(struct arena *a, const struct policy *p, const struct host *host,
                        const struct expectation *e, struct dataset *data, struct board **board,
                        struct err *err);

#endif
