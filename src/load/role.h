// What columns mean: the tables that metrics know, the columns in them that have a role, and the
// headers by which these are recognised.
#ifndef PATRON_LOAD_ROLE_H
#define PATRON_LOAD_ROLE_H

#include "table/column.h"

struct role {
    const char *name;
    int type;            // enum type; -1: what the data says
    bool required;       // a table without it is refused, and a row in which it is empty rejected
    const char *headers; // spellings, space-separated, best first: lower case, letters and digits
    const char *more;    // further ones; may be NULL
};

struct table_role {
    const char *name;
    const char *key; // the role of the column by which rows belong to customers; NULL: to none
    const struct role *role; // ends with a NULL name
};

const struct table_role *table_role_find(struct str name);        // NULL if none
bool table_role_name(const void *ctx, size_t i, struct str *out); // for str_nearest

const struct role *role_find(const struct table_role *t, struct str name); // NULL if none
bool role_is(const struct role *r, const char *name);                      // false for NULL
// How well a header names a role: 1 is best, 0 not at all.
int role_match(const struct role *r, struct str header);

#endif
