// One run of the months on a worker: the state of its customers, and how it goes on.
#ifndef PATRON_MONTHS_TRACK_H
#define PATRON_MONTHS_TRACK_H

#include "months/contacts.h"
#include "months/kin.h"
#include "months/months.h"

// What all runs begin with.
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
    bool effects;   // some campaign has one
    bool moving;    // chances to stay or to buy are columns that change
    struct kin kin;
    struct dataset data;
    const struct table *rewards, *contacts;
    struct memory_start {
        const struct column *tier, *since, *reviewed;
    } * memory; // [scheme]
};

struct track;

// A worker's own: its board, its copy of the policy, its state.
enum status track_new(struct arena *a, const struct host *host, int worker,
                      const struct start *start, struct track **out, struct err *err);
enum status track_run(struct track *c, int run, struct figures *out, struct err *err);

#endif
