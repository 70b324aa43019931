// The customers of a run: who is there, how likely each is to stay and to buy, and what each has
// bought since it began.
#ifndef PATRON_MONTHS_STATE_H
#define PATRON_MONTHS_STATE_H

#include "months/luck.h"
#include "months/start.h"

struct state {
    const struct start *start;
    int64_t n; // customers; what follows is by customer
    uint8_t *gone;
    double *kept, *pace;         // beside what the customer does alone
    double *now_kept, *now_pace; // what it does alone this month
    double stay;                 // by which multiple the odds to stay are the true ones in the run
    uint32_t *leave;
    double *none;
    int64_t *begun, *worth; // when the run began, and now
    uint16_t **bought;      // [month] of them; without windows all months have the same
    uint16_t *now;          // of this month
    uint32_t **count;       // [window] purchases in it
    int64_t **counter;      // [counter]
    int32_t *last, *first;
    uint64_t *last_valid, *first_valid;
    uint32_t *word[LUCK_WORDS];
};

// For runs that begin so, of no more customers.
struct state state_new(struct arena *a, const struct start *start);
// A run begins: everybody is there, and nothing was bought or offered in it.
void state_begin(struct state *s, const struct start *start, int run);
// The counters, as they are when the month begins.
void state_count(struct state *s, int month);
// What each does alone this month, by columns of moving chances; NULL: as at the start.
void state_move(struct state *s, const struct column *kept, const struct column *pace);
// Adds to a customer's chance to stay a year, and to its purchases a month.
void state_add(struct state *s, int64_t customer, double kept, double pace);
// The month goes by: customers stay or leave, and buy. What they do is added up.
void state_live(struct state *s, int run, int month, struct figures *out);

// Copies dates or codes, and which of them are there.
void state_copy(int32_t *to, uint64_t *valid, const struct column *from);

#endif
