#include "months/state.h"

#include <string.h>

#include "base/clones.h"
#include "months/odds.h"

// ---- making ------------------------------------------------------------------------------------

static void *room(struct arena *a, const struct state *s, size_t size) {
    return arena_array(a, (size_t)s->n, size);
}

static uint64_t *room_of_bits(struct arena *a, const struct state *s) {
    return arena_array(a, (size_t)bit_words(s->n), sizeof(uint64_t));
}

struct state state_new(struct arena *a, const struct start *start) {
    const struct evolution *e = start->evolution;
    struct state s = {.start = start, .n = start->crowd->n};
    s.gone = room(a, &s, sizeof *s.gone);
    s.kept = room(a, &s, sizeof *s.kept);
    s.pace = room(a, &s, sizeof *s.pace);
    s.now_kept = room(a, &s, sizeof *s.now_kept);
    s.now_pace = room(a, &s, sizeof *s.now_pace);
    s.leave = room(a, &s, sizeof *s.leave);
    s.none = room(a, &s, sizeof *s.none);
    s.begun = room(a, &s, sizeof *s.begun);
    s.worth = start->moving ? room(a, &s, sizeof *s.worth) : s.begun;
    s.last = room(a, &s, sizeof *s.last);
    s.first = room(a, &s, sizeof *s.first);
    s.last_valid = room_of_bits(a, &s);
    s.first_valid = room_of_bits(a, &s);
    for (int k = 0; k < LUCK_WORDS; k++)
        s.word[k] = room(a, &s, sizeof **s.word);
    s.bought = arena_array(a, MONTHS_MOST, sizeof *s.bought);
    for (int m = 0; m < (start->windows > 0 ? e->months : 1); m++)
        s.bought[m] = room(a, &s, sizeof **s.bought);
    s.count = arena_array(a, (size_t)start->windows, sizeof *s.count);
    for (int k = 0; k < start->windows; k++)
        s.count[k] = room(a, &s, sizeof **s.count);
    s.counter = arena_array(a, (size_t)e->counters, sizeof *s.counter);
    for (int k = 0; k < e->counters; k++)
        s.counter[k] = room(a, &s, sizeof **s.counter);
    return s;
}

void state_copy(int32_t *to, uint64_t *valid, const struct column *from) {
    size_t words = (size_t)bit_words(from->n) * sizeof *valid;
    memcpy(to, from->date, (size_t)from->n * sizeof *to);
    if (from->valid)
        memcpy(valid, from->valid, words);
    else
        memset(valid, 0xFF, words);
}

static void begin_chances(struct state *s, int run) {
    const struct start *start = s->start;
    const struct life *l = start->life;
    size_t n = (size_t)s->n;
    memcpy(s->now_kept, l->kept, n * sizeof *s->now_kept);
    memcpy(s->now_pace, l->pace, n * sizeof *s->now_pace);
    memcpy(s->leave, start->leave, n * sizeof *s->leave);
    memcpy(s->none, start->none, n * sizeof *s->none);
    memcpy(s->begun, start->worth, n * sizeof *s->begun);
    s->stay = start->months->stay ? start->months->stay[run] : 1;
    for (int64_t i = 0; start->months->stay && i < s->n; i++) {
        s->now_kept[i] = odds_times(l->kept[i], s->stay);
        s->leave[i] = odds_leave(s->now_kept[i]);
        s->begun[i] = odds_worth(l, i, s->now_kept[i], l->pace[i]);
    }
}

void state_begin(struct state *s, const struct start *start, int run) {
    const struct evolution *e = start->evolution;
    size_t n = (size_t)start->crowd->n;
    s->start = start;
    s->n = start->crowd->n;
    memset(s->gone, 0, n * sizeof *s->gone);
    memset(s->kept, 0, n * sizeof *s->kept);
    memset(s->pace, 0, n * sizeof *s->pace);
    begin_chances(s, run);
    for (int k = 0; k < start->windows; k++)
        memset(s->count[k], 0, n * sizeof **s->count);
    if (e->last_purchase)
        state_copy(s->last, s->last_valid, e->last_purchase);
    if (e->first_purchase)
        state_copy(s->first, s->first_valid, e->first_purchase);
}

// ---- chances -----------------------------------------------------------------------------------

static void set_odds(struct state *s, int64_t i) {
    double kept = s->now_kept[i] + s->kept[i], pace = s->now_pace[i] + s->pace[i];
    s->leave[i] = odds_leave(kept < 0 ? 0 : kept > 1 ? 1 : kept);
    s->none[i] = odds_none(s->start->single, pace > 0 ? pace : 0);
}

void state_add(struct state *s, int64_t customer, double kept, double pace) {
    if (kept == 0 && pace == 0)
        return;
    s->kept[customer] += kept;
    s->pace[customer] += pace;
    set_odds(s, customer);
}

void state_move(struct state *s, const struct column *kept, const struct column *pace) {
    const struct life *l = s->start->life;
    const struct elasticity *change = &s->start->months->options.change;
    for (int64_t i = 0; i < s->n; i++) {
        s->now_kept[i] = odds_times(kept ? life_kept(l, change, kept, i) : l->kept[i], s->stay);
        s->now_pace[i] = pace ? life_pace(change, pace, i) : l->pace[i];
        s->worth[i] = odds_worth(l, i, s->now_kept[i], s->now_pace[i]);
        set_odds(s, i);
    }
}

// ---- what was bought ---------------------------------------------------------------------------

ALSO_AVX2 static void add_each(uint32_t *restrict to, const uint16_t *restrict x, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        to[i] += x[i];
}

ALSO_AVX2 static void take_each(uint32_t *restrict from, const uint16_t *restrict x, int64_t n) {
    for (int64_t i = 0; i < n; i++)
        from[i] -= x[i];
}

static void count_window(struct state *s, int k, int month) {
    const struct window *w = &s->start->window[k];
    int comes = month - 1 - w->ending, goes = comes - w->last;
    if (comes >= 0)
        add_each(s->count[k], s->bought[comes], s->n);
    if (goes >= 0 && w->last > 0)
        take_each(s->count[k], s->bought[goes], s->n);
}

ALSO_AVX2 static void fill_each(int64_t *restrict out, const int64_t *restrict real,
                                const int64_t *restrict unit, const uint32_t *restrict count,
                                int64_t n) {
    for (int64_t i = 0; i < n; i++)
        out[i] = real[i] + (unit ? unit[i] : 1) * count[i];
}

static void fill_counter(struct state *s, int k, int month) {
    const struct counter *of = &s->start->evolution->counter[k];
    const struct life *l = s->start->life;
    const int64_t *unit = of->unit == UNIT_AMOUNT   ? l->amount
                          : of->unit == UNIT_MARGIN ? l->margin
                                                    : NULL;
    fill_each(s->counter[k], of->real[month]->integer, unit, s->count[s->start->window_of[k]],
              s->n);
}

void state_count(struct state *s, int month) {
    for (int k = 0; month > 0 && k < s->start->windows; k++)
        count_window(s, k, month);
    for (int k = 0; month > 0 && k < s->start->evolution->counters; k++)
        fill_counter(s, k, month);
}

// Whose purchases somebody reads has them dated in the middle of the month.
static void date_purchases(struct state *s, int month) {
    const struct evolution *e = s->start->evolution;
    int32_t day = e->today[month] + (e->today[month + 1] - e->today[month]) / 2;
    for (int64_t i = 0; i < s->n; i++) {
        if (s->now[i] == 0)
            continue;
        s->last[i] = day;
        bit_set(s->last_valid, i);
        if (!bit_get(s->first_valid, i)) {
            s->first[i] = day;
            bit_set(s->first_valid, i);
        }
    }
}

// ---- a month -----------------------------------------------------------------------------------

// Who is there, for the loop that is gone through most: nothing in it may be the same memory.
struct living {
    uint8_t *restrict gone;
    uint16_t *restrict bought;
    const uint32_t *restrict stays, *restrict buys, *restrict leave;
    const double *restrict none, *restrict alone, *restrict more; // pace: alone, and by effects
    const int64_t *restrict worth, *restrict amount, *restrict margin;
};

static void live_all(const struct living *l, int64_t customers, bool single, struct figures *out) {
    int64_t there = 0, equity = 0, revenue = 0, margin = 0;
    for (int64_t i = 0; i < customers; i++) {
        int n = 0;
        bool stays = !l->gone[i] && l->stays[i] >= l->leave[i];
        l->gone[i] = !stays;
        there += stays;
        equity += stays ? l->worth[i] : 0;
        if (stays && l->none[i] < 1)
            n = odds_purchases(l->buys[i], l->none[i], l->alone[i] + l->more[i], single);
        l->bought[i] = (uint16_t)n;
        revenue += n * l->amount[i];
        margin += n * l->margin[i];
    }
    out->customers += there;
    out->equity += equity;
    out->revenue += revenue;
    out->margin += margin;
}

static int64_t worth_before(const struct state *s, int64_t worth_now) {
    const int64_t *worth = s->begun;
    int64_t sum = 0;
    if (worth == s->worth)
        return worth_now;
    for (int64_t i = 0; i < s->n; i++)
        sum += s->gone[i] ? 0 : worth[i];
    return sum;
}

void state_live(struct state *s, int run, int month, struct figures *out) {
    const struct start *start = s->start;
    const struct life *life = start->life;
    const struct evolution *e = start->evolution;
    uint32_t *const *word = s->word + month % 2 * 2;
    if (month % 2 == 0)
        luck_draw(start->months->options.seed, (uint32_t)run, (uint32_t)month / 2,
                  start->crowd->luck, s->n, s->word);
    s->now = s->bought[start->windows > 0 ? month : 0];
    struct living l = {s->gone,     s->now,  word[0],  word[1],      s->leave,    s->none,
                       s->now_pace, s->pace, s->worth, life->amount, life->margin};
    int64_t others = out->equity;
    live_all(&l, s->n, start->single, out);
    int64_t equity = out->equity - others, retained = worth_before(s, equity);
    out->retained += retained;
    out->developed += equity - retained;
    if (e->last_purchase || e->first_purchase)
        date_purchases(s, month);
}
