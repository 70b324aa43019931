#include "months/odds.h"

#include <math.h>

#include "base/money.h"

uint32_t odds_leave(double kept) {
    double leave = (1 - pow(kept, 1.0 / 12)) * 0x1p32;
    return leave >= UINT32_MAX ? UINT32_MAX : (uint32_t)nearbyint(leave);
}

double odds_none(bool single, double pace) {
    if (single)
        return pace < 1 ? 1 - pace : 0;
    return exp(-pace);
}

double odds_times(double p, double multiple) {
    return p * multiple / (1 - p + p * multiple);
}

int64_t odds_worth(const struct life *l, int64_t i, double kept, double pace) {
    return money_within(life_worth(12 * pace * (double)l->margin[i], kept, l->discount));
}
