// What all customers together have earned in the policy's loyalty programmes, and what is owed.
#ifndef PATRON_VERB_LOYALTY_H
#define PATRON_VERB_LOYALTY_H

#include "base/json.h"
#include "verb/open.h"

struct programme {
    const struct points *points;
    int decimals;
    int64_t customers;             // who have points
    int64_t total[POINTS_FIGURES]; // minor units of the liability; of the day nothing
};

struct programmes {
    int n;
    const struct programme *list;
};

enum status programmes_sum(struct arena *a, const struct opened *opened, struct programmes *out,
                           struct err *err);
void programmes_text(const struct programmes *p, const struct dataset *data, struct buf *out);
// "points": { name: { ... } }
void programmes_json(const struct programmes *p, struct json *j);

#endif
