#include "trial/assign.h"

#include "base/hash.h"

int assign_arm(const struct planned_arm *arm, int arms, struct str salt, struct str key) {
    double x = hash_share(salt, key), end = arm[0].share;
    int i = 0;
    while (i < arms - 1 && x >= end)
        end += arm[++i].share;
    return i;
}
