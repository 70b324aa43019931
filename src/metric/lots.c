// Days are taken in order. On a day, first expires what is due, then points are earned, then
// redeemed or taken back: so points can be redeemed on the day they are earned, and no more on the
// day on which they expire. The oldest lots go first. What is redeemed beyond the balance is owed,
// and paid by what is earned next.
//
// Invariant: nothing is owed while a lot has points left.
#include "metric/lots.h"

#include "base/date.h"

struct book {
    const struct lot_rules *rules;
    struct lot *first, *end; // the lots with points left, oldest first
    int64_t owed;
    struct account account;
};

// The rows of the customer that are still to come.
struct cursor {
    const struct moves *moves;
    int64_t row, end;
};

static struct cursor open(const struct moves *m, int64_t customer) {
    return m ? (struct cursor){m, m->start[customer], m->start[customer + 1]}
             : (struct cursor){NULL, 0, 0};
}

static int32_t next_day(const struct cursor *c) {
    return c->row < c->end ? c->moves->date[c->row] : INT32_MAX;
}

// Adds up the moves of a day, those above and those below 0; false if one failed.
static bool take_day(struct cursor *c, int32_t day, int64_t *in, int64_t *out) {
    for (; next_day(c) == day; c->row++) {
        int64_t points = c->moves->points[c->row];
        if (points == LOTS_FAILED || __builtin_add_overflow(points > 0 ? points : 0, *in, in) ||
            __builtin_add_overflow(points < 0 ? -points : 0, *out, out))
            return false;
    }
    return true;
}

static int32_t expiry(const struct lot_rules *r, int32_t day) {
    if (r->expire.days == 0 && r->expire.months == 0)
        return INT32_MAX;
    return date_add_months(day, (long)r->expire.months) + (int32_t)r->expire.days;
}

static void expire(struct book *b, int32_t day) {
    for (; b->first < b->end && b->first->expires_on <= day; b->first++)
        b->account.expired += b->first->left;
}

static void earn(struct book *b, int32_t day, int64_t points) {
    int64_t paid = points < b->owed ? points : b->owed;
    b->owed -= paid;
    if (points > paid)
        *b->end++ = (struct lot){expiry(b->rules, day), points - paid};
}

static void take(struct book *b, int64_t points) {
    for (; points > 0 && b->first < b->end; b->first += b->first->left == 0) {
        int64_t part = points < b->first->left ? points : b->first->left;
        b->first->left -= part;
        points -= part;
    }
    b->owed += points;
}

static struct account close(struct book *b) {
    struct account *a = &b->account;
    expire(b, b->rules->as_of);
    a->balance = a->earned - a->redeemed - a->expired;
    a->expires_on = b->first < b->end ? b->first->expires_on : INT32_MAX;
    for (struct lot *l = b->first; l < b->end && l->expires_on <= b->rules->soon; l++)
        a->expiring += l->left;
    return *a;
}

struct account lots_settle(const struct moves *spend, const struct moves *booked,
                           const struct lot_rules *rules, int64_t customer, struct lot *lot) {
    struct book b = {.rules = rules, .first = lot, .end = lot};
    struct cursor s = open(spend, customer), k = open(booked, customer);
    const struct account failed = {.expires_on = INT32_MAX, .failed = true};
    int64_t moved = 0; // bounds every sum
    for (;;) {
        int64_t in = 0, back = 0, out = 0;
        int32_t day = next_day(&s) < next_day(&k) ? next_day(&s) : next_day(&k);
        if (day == INT32_MAX)
            return close(&b);
        if (!take_day(&s, day, &in, &back) || !take_day(&k, day, &in, &out) ||
            __builtin_add_overflow(moved, in, &moved) ||
            __builtin_add_overflow(moved, back, &moved) ||
            __builtin_add_overflow(moved, out, &moved))
            return failed;
        expire(&b, day);
        b.account.earned += in - back;
        b.account.redeemed += out;
        earn(&b, day, in);
        take(&b, back + out);
    }
}
