// What is granted in a run, and what that does to customers: at once, until it has worn off, and in
// the months after.
#ifndef PATRON_MONTHS_EFFECTS_H
#define PATRON_MONTHS_EFFECTS_H

#include "months/contacts.h"
#include "months/state.h"

struct effects {
    struct state *state;
    bool counted;  // somebody counts contacts, so that grants without an effect are kept, too
    bool *is_none; // [campaign] its offer is to do nothing: that is no offer, and no contact
    int run;
    struct grants grants;
    int before[MONTHS_MOST + 1]; // [month] how many of them came before it
    uint64_t *contacted;         // [customer] a bit for each month
    double fresh[13];            // by contacts of the last year: what is left of an effect
    double joining[MONTHS_MOST]; // by referral, expected, of all customers
};

struct effects effects_new(struct arena *a, struct state *state, bool counted);
// A run begins; then, that of a part of the customers.
void effects_begin(struct effects *e, int run);
void effects_part(struct effects *e);
// A month begins: what has worn off is gone.
void effects_end(struct effects *e, int month);
// What was decided in the month takes effect, and is added up.
void effects_take(struct effects *e, const struct decisions *d, int month, struct figures *out);

#endif
