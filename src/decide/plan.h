// A plan: who gets what was settled before, by a simulation, and is only carried out. What is no
// longer open is not offered, and what the supplies no longer suffice for neither.
#ifndef PATRON_DECIDE_PLAN_H
#define PATRON_DECIDE_PLAN_H

#include <stdint.h>

struct planned {
    int32_t campaign; // -1: nothing
    int32_t channel;  // by its place among the campaign's; -1: none
};

struct plan {
    const struct planned *of; // [customer]
};

#endif
