// What a metric of the registry needs, and what of it a board lacks.
#ifndef PATRON_METRIC_NEED_H
#define PATRON_METRIC_NEED_H

#include "metric/entry.h"

// One word of a list of needs: "name", "?name", "a|b".
struct need {
    struct str names; // "a|b"
    bool optional;
};

// Reads the next word from *list (which may be NULL); false after the last.
bool need_next(const char **list, struct need *out);
// Reads the next of the alternatives from *names.
bool need_name(struct str *names, struct str *out);
int need_count(const char *list);

// The first of the alternatives that the board can give: its slot, or -1.
int need_slot(struct board *b, const struct need *need);
// The column that a word of metric.columns names, or NULL.
const struct column *need_column(const struct table *t, const struct need *need);

// REFUSED if something is lacking, on any level, with the way out in terms of this metric.
enum status need_check(struct board *b, const struct metric *m, struct err *err);

#endif
