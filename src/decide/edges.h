#ifndef PATRON_DECIDE_EDGES_H
#define PATRON_DECIDE_EDGES_H

#include "decide/referral.h"

// The rows of the dataset's table referrals, which it has.
enum status edges_read(struct arena *a, const struct host *host, struct board *board,
                       const struct dataset *data, struct edges *out, struct err *err);

#endif
