// Who goes first when there is not enough for all: the best by the policy's `allocate`, then the
// campaign that is declared first, then the customer's place.
//
// Candidates are sorted by a key of 64 bits, digit by digit. Net and priority fit such a key
// exactly. Of net per cost it is the quotient as a double: amounts below 2^53 are exact doubles and
// division rounds monotonously, so a better ratio never has a lower key; equal keys are compared
// exactly.
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "decide/stages.h"

// ---- comparing --------------------------------------------------------------------------------

static int64_t priority(const struct decisions *d, const struct candidate *c) {
    int64_t own = d->policy->campaign[c->campaign].priority;
    return own ? own : PRIORITY_MOST + 1;
}

// A ratio as net : cost. What costs nothing is beyond all ratios, but for what brings nothing.
static int64_t divisor(const struct candidate *c) {
    return c->cost == 0 && c->value == 0 ? 1 : c->cost;
}

static int compare_ratio(const struct candidate *x, const struct candidate *y) {
    __int128 left = (__int128)candidate_net(x) * divisor(y);
    __int128 right = (__int128)candidate_net(y) * divisor(x);
    return (left < right) - (left > right);
}

int rank_compare(const struct decisions *d, const struct candidate *x, const struct candidate *y) {
    int64_t net = candidate_net(x), other = candidate_net(y);
    int order = 0;
    if (d->policy->allocate == ALLOCATE_NET_PER_COST)
        order = compare_ratio(x, y);
    else if (d->policy->allocate == ALLOCATE_PRIORITY)
        order = (priority(d, x) > priority(d, y)) - (priority(d, x) < priority(d, y));
    if (order == 0)
        order = (net < other) - (net > other);
    if (order == 0)
        order = x->campaign - y->campaign;
    return order ? order : (x->customer > y->customer) - (x->customer < y->customer);
}

// ---- keys -------------------------------------------------------------------------------------

// A value, a cost and that of a contact are within MONEY_MAX, and so many bits hold their sum.
enum { NET_BITS = 53 };
_Static_assert(3 * MONEY_MAX < (int64_t)1 << (NET_BITS - 1), "a net fits, of either sign");

static uint64_t key_of_net(const struct candidate *c) {
    return (uint64_t)(candidate_net(c) + ((int64_t)1 << (NET_BITS - 1)));
}

static uint64_t key_of_priority(const struct decisions *d, const struct candidate *c) {
    uint64_t before = (uint64_t)(PRIORITY_MOST + 1 - priority(d, c));
    return before << NET_BITS | key_of_net(c);
}
_Static_assert(PRIORITY_MOST + 1 < 1 << (64 - NET_BITS), "priority and net fit one key");

uint64_t rank_key(double x) {
    uint64_t bits, sign = (uint64_t)1 << 63;
    memcpy(&bits, &x, sizeof bits);
    return bits & sign ? ~bits : bits | sign;
}

static uint64_t key_of_ratio(const struct candidate *c) {
    return rank_key((double)candidate_net(c) / (double)divisor(c));
}

static uint64_t key_of(const struct decisions *d, const struct candidate *c) {
    switch (d->policy->allocate) {
    case ALLOCATE_NET: break;
    case ALLOCATE_NET_PER_COST: return key_of_ratio(c);
    case ALLOCATE_PRIORITY: return key_of_priority(d, c);
    }
    return key_of_net(c);
}

// ---- sorting ----------------------------------------------------------------------------------

enum { DIGIT = 11, DIGITS = 1 << DIGIT };

// One pass by a digit of the inverted key, the greatest first, which keeps the order of equals.
// False, and nothing is done, if all have the same.
static bool pass(const struct waiting *from, struct waiting *to, int64_t n, int shift) {
    int64_t start[DIGITS] = {0}, next = 0;
    for (int64_t i = 0; i < n; i++)
        start[~from[i].key >> shift & (DIGITS - 1)]++;
    if (start[~from[0].key >> shift & (DIGITS - 1)] == n)
        return false;
    for (int b = 0; b < DIGITS; b++) {
        int64_t count = start[b];
        start[b] = next;
        next += count;
    }
    for (int64_t i = 0; i < n; i++)
        to[start[~from[i].key >> shift & (DIGITS - 1)]++] = from[i];
    return true;
}

// By that many of the keys' bits, from the lowest on; returns one of both lists.
static struct waiting *sort(struct waiting *list, struct waiting *other, int64_t n, int bits) {
    for (int shift = 0; n > 0 && shift < bits; shift += DIGIT)
        if (pass(list, other, n, shift)) {
            struct waiting *was = list;
            list = other;
            other = was;
        }
    return list;
}

struct waiting *rank_by_key(struct arena *a, struct waiting *list, int64_t n) {
    return sort(list, arena_array(a, (size_t)n, sizeof *list), n, 64);
}

static int compare(const void *a, const void *b, void *decisions) {
    const struct decisions *d = decisions;
    const struct waiting *x = a, *y = b;
    return rank_compare(d, &d->candidate[x->candidate], &d->candidate[y->candidate]);
}

// Equal ratios are not yet in order by net, and different ones may round to one key.
static void settle_equals(const struct decisions *d, struct waiting *list, int64_t n) {
    for (int64_t i = 0, k; i < n; i = k) {
        bool sorted = true;
        for (k = i + 1; k < n && list[k].key == list[i].key; k++)
            sorted = sorted && compare(&list[k - 1], &list[k], (void *)(uintptr_t)d) < 0;
        if (!sorted)
            qsort_r(list + i, (size_t)(k - i), sizeof *list, compare, (void *)(uintptr_t)d);
    }
}

// By the campaign's number, which is less than DIGITS: READ_MOST holds it there.
static void key_by_campaign(const struct decisions *d, struct waiting *list, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        list[i].key = ~(uint64_t)d->candidate[list[i].candidate].campaign;
}

struct waiting *rank_sort(struct arena *a, const struct decisions *d, struct waiting *list,
                          int64_t n) {
    struct waiting *other = arena_array(a, (size_t)n, sizeof *other), *line;
    key_by_campaign(d, list, n);
    line = sort(list, other, n, DIGIT);
    for (int64_t i = 0; i < n; i++)
        line[i].key = key_of(d, &d->candidate[line[i].candidate]);
    line = sort(line, line == list ? other : list, n, 64);
    if (d->policy->allocate == ALLOCATE_NET_PER_COST)
        settle_equals(d, line, n);
    return line;
}
