// The kinds of base that can be made. One kind is one const struct, in one table.
#ifndef PATRON_GENERATE_WORLD_H
#define PATRON_GENERATE_WORLD_H

#include "generate/campaign.h"
#include "generate/person.h"

enum { SHEETS_MAX = 12 };

// A table as it is written: "<name>.csv". The last one of a world is "truth", which no dataset.json
// names: what a firm does not know.
struct sheet {
    const char *name;
    const struct field *field; // ends with a NULL name
};

// A model's parameter, to be told in truth.json.
struct parameter {
    const char *name;
    double value;
};

struct base {
    const struct world *world;
    uint64_t seed;
    struct clock clock;
};

// Where customers are written: as many rows as the world has sheets.
struct desk {
    struct rows rows[SHEETS_MAX];
    struct course course;
    struct tally tally;
};

struct world {
    const char *name, *title;
    const struct sheet *sheet; // ends with a NULL name
    struct season season;
    struct campaign campaign;
    const struct parameter *parameter; // ends with a NULL name
    int effects;                       // how many of course_effects occur
    // Rows that belong to no customer; may be NULL.
    void (*things)(struct desk *d);
    // n neighbours, up to HOUSEHOLD_MAX, from customer `first` on: whole households but the last.
    void (*neighbours)(const struct base *b, int64_t first, int n, struct desk *d);
};

extern const struct world world_bank, world_retail;
extern const struct world *const worlds[]; // ends with a NULL

#endif
