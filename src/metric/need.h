// The lists of names that a metric needs (metric.h): "spend ?orders", "opened|first_purchase
// today".
#ifndef PATRON_METRIC_NEED_H
#define PATRON_METRIC_NEED_H

#include "base/str.h"

// One word of a list.
struct need {
    struct str names; // "opened|first_purchase"
    bool optional;
};

// Reads the next word from *list (which may be NULL); false after the last.
bool need_next(const char **list, struct need *out);
// Reads the next of the alternatives from *names; false after the last.
bool need_name(struct str *names, struct str *out);
int need_count(const char *list);

#endif
