// Words are compared as they stand: what is said is what is meant.
#include "load/missing.h"

static const struct str usual[MISSING_USUAL] = {
    {"NULL", 4}, {"Null", 4}, {"null", 4}, {"NA", 2},   {"N/A", 3},  {"n/a", 3}, {"#N/A", 4},
    {"NaN", 3},  {"nan", 3},  {"None", 4}, {"none", 4}, {"nil", 3},  {"\\N", 2}, {"-", 1},
    {"--", 2},   {"?", 1},    {"无", 3},   {"空", 3},   {"缺失", 6},
};

int missing_usual(struct str text) {
    if (text.n > 6) // than any of them
        return -1;
    for (int i = 0; i < MISSING_USUAL; i++)
        if (str_eq(usual[i], text))
            return i;
    return -1;
}

struct str missing_word(int i) {
    return usual[i];
}
