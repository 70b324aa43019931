// What all runs begin with: of all customers, and of parts of them. Who gets what a campaign's
// budget, cap or channel has left depends on all customers; where a policy has none of these,
// nobody depends on anybody else, and parts so small that they stay in the processor's cache go
// through all months, one after the other.
#ifndef PATRON_MONTHS_START_H
#define PATRON_MONTHS_START_H

#include "months/kin.h"
#include "months/months.h"

struct start {
    const struct decisions *decisions; // at the start, of all customers
    const struct months *months;
    const struct crowd *crowd;
    const struct evolution *evolution;
    const struct life *life;
    uint32_t *leave; // [customer] leaves where the word is below
    double *none;    // [customer] chance to buy nothing in a month
    int64_t *worth;  // [customer] what it will bring
    int windows;
    struct window {
        int last, ending;
    } * window;
    int *window_of; // [counter]
    bool single;    // nobody buys more than once a month
    bool moving;    // chances to stay or to buy are columns that change
    struct kin kin;
    struct dataset data; // of those who are followed, without tables
    int64_t first;       // of the customers, in a part of them
    const struct table *rewards, *contacts;
    struct memory_start {
        const struct column *tier, *since, *reviewed;
    } * memory; // [scheme]
    int parts;
    const struct start *part; // one at least, none longer than the first
};

enum status start_of(struct arena *a, const struct decisions *d, const struct months *m,
                     struct start *out, struct err *err);

#endif
