// When a customer leaves: at a rate of their own, raised for a while by what they live through.
#ifndef PATRON_GENERATE_LIFE_H
#define PATRON_GENERATE_LIFE_H

#include <stdbool.h>
#include <stdint.h>

enum { NEVER = INT32_MAX };

struct life {
    double hazard; // a day
    double luck;   // how much hazard this customer outlives: an exponential draw of mean 1
    int32_t today;
    int spells;
    struct spell {
        int32_t from, to; // [from, to)
        double factor;
    } spell[16];
};

// For a while the hazard is `factor` times as high. Spells multiply. One more than there is room
// for is left out.
void life_spell(struct life *l, int32_t from, int32_t to, double factor);
// Lives on until that day. False if the customer leaves before: `today` is the day of leaving.
bool life_until(struct life *l, int32_t day);

#endif
