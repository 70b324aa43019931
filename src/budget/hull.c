// The hull is built from left to right: a point that the way to the next one passes above is
// dropped again. Slopes are compared by cross multiplication in 128 bits, never divided.
#include "budget/hull.h"

#include <string.h>

static bool before(const struct point *x, const struct point *y) {
    if (x->cost != y->cost)
        return x->cost < y->cost;
    if (x->value != y->value)
        return x->value > y->value;
    return x->offer < y->offer;
}

// By insertion: a customer has few offers, often in order already.
static void sort(struct point *point, int n) {
    for (int i = 1; i < n; i++) {
        struct point p = point[i];
        int k = i;
        for (; k > 0 && before(&p, &point[k - 1]); k--)
            point[k] = point[k - 1];
        point[k] = p;
    }
}

bool step_steeper(struct step x, struct step y) {
    return (__int128)x.value * y.cost > (__int128)y.value * x.cost;
}

static struct step between(const struct point *from, const struct point *to) {
    return (struct step){to->cost - from->cost, to->value - from->value};
}

struct step hull_step(const struct point *hull, int i) {
    return between(&hull[i], &hull[i + 1]);
}

// The best of what costs nothing: the points before *next.
static struct point best_free(const struct point *point, int n, int *next) {
    struct point best = {.offer = -1};
    for (*next = 0; *next < n && point[*next].cost <= 0; ++*next)
        if (point[*next].value > best.value)
            best = point[*next];
    return best;
}

int hull_of(struct point *point, int n) {
    int next, kept = 1;
    struct point hull[HULL_MOST + 1];
    sort(point, n);
    hull[0] = best_free(point, n, &next);
    for (; next < n; next++) {
        const struct point *p = &point[next];
        if (p->value <= hull[kept - 1].value)
            continue;
        while (kept > 1 && !step_steeper(hull_step(hull, kept - 2), between(&hull[kept - 1], p)))
            kept--;
        hull[kept++] = *p;
    }
    memcpy(point, hull, (size_t)kept * sizeof *hull);
    return kept;
}
