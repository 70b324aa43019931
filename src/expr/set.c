// Invariant: parts do not touch, so that equal sets are written alike.
#include "expr/set.h"

struct set set_stretch(struct arena *a, int64_t low, int64_t high) {
    struct set s = {0};
    if (high < low)
        return s;
    struct stretch *part = arena_alloc(a, sizeof *part);
    *part = (struct stretch){low, high};
    s.n = 1;
    s.part = part;
    return s;
}

struct set set_meet(struct arena *a, struct set x, struct set y) {
    struct set s = {x.missing && y.missing, x.nan && y.nan, 0, NULL};
    if (x.n == 0 || y.n == 0)
        return s;
    struct stretch *part = arena_array(a, (size_t)(x.n + y.n), sizeof *part);
    for (int i = 0, k = 0; i < x.n && k < y.n;) {
        int64_t low = x.part[i].low > y.part[k].low ? x.part[i].low : y.part[k].low;
        int64_t high = x.part[i].high < y.part[k].high ? x.part[i].high : y.part[k].high;
        if (low <= high)
            part[s.n++] = (struct stretch){low, high};
        if (x.part[i].high < y.part[k].high)
            i++;
        else
            k++;
    }
    s.part = part;
    return s;
}

struct set set_join(struct arena *a, struct set x, struct set y) {
    struct set s = {x.missing || y.missing, x.nan || y.nan, 0, NULL};
    struct stretch *part = arena_array(a, (size_t)(x.n + y.n), sizeof *part);
    for (int i = 0, k = 0; i < x.n || k < y.n;) {
        bool first = k == y.n || (i < x.n && x.part[i].low <= y.part[k].low);
        struct stretch next = first ? x.part[i++] : y.part[k++];
        struct stretch *last = s.n ? &part[s.n - 1] : NULL;
        if (!last || (last->high != INT64_MAX && last->high + 1 < next.low))
            part[s.n++] = next;
        else if (last->high < next.high)
            last->high = next.high;
    }
    s.part = part;
    return s;
}

struct set set_rest(struct arena *a, struct set x, int64_t low, int64_t high) {
    struct stretch *part = arena_array(a, (size_t)x.n + 1, sizeof *part);
    struct set s = {false, false, 0, part};
    for (int i = 0; i < x.n; i++) {
        if (low <= high && low < x.part[i].low)
            part[s.n++] = (struct stretch){low, x.part[i].low - 1};
        if (x.part[i].high >= high)
            return s;
        low = x.part[i].high + 1;
    }
    if (low <= high)
        part[s.n++] = (struct stretch){low, high};
    return s;
}

bool set_empty(struct set x) {
    return x.n == 0 && !x.missing && !x.nan;
}

bool set_meets(struct set x, struct set y) {
    for (int i = 0, k = 0; i < x.n && k < y.n;) {
        if (x.part[i].high < y.part[k].low)
            i++;
        else if (y.part[k].high < x.part[i].low)
            k++;
        else
            return true;
    }
    return false;
}

bool set_covers(struct set x, struct set y) {
    for (int i = 0, k = 0; k < y.n; k++) {
        while (i < x.n && x.part[i].high < y.part[k].low)
            i++;
        if (i == x.n || x.part[i].low > y.part[k].low || x.part[i].high < y.part[k].high)
            return false;
    }
    return true;
}

bool set_equal(struct set x, struct set y) {
    return x.missing == y.missing && x.nan == y.nan && set_covers(x, y) && set_covers(y, x);
}
