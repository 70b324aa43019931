// Pareto/NBD (Schmittlein, Morrison and Colombo 1987): purchases at the customer's own constant
// rate, by the clock, until the customer leaves, unseen. What happens meanwhile changes the hazard
// of leaving; the factors below are assumptions, of the direction that practice reports.
//
// Invariant: days are in order, none before the plan's first day, after LAST_DAY, or after leaving.
#include "generate/course.h"

#include <math.h>
#include <string.h>

const struct effect course_effects[EFFECTS] = {
    [COMPLAINT_OPEN] = {"complaint open", 5, 180},
    [COMPLAINT_RESOLVED] = {"complaint resolved", 1.3, 90},
    [FEE_CHARGED] = {"fee charged", 3, 60},
    [FAMILY_LEFT] = {"family left", 3, 180},
};

static void reserve(struct course *c, size_t n) {
    if (n <= c->room)
        return;
    size_t room = c->room ? 2 * c->room : 256;
    c->day = arena_resize(c->arena, c->day, c->room * sizeof *c->day, room * sizeof *c->day);
    c->room = room;
}

void course_insert(struct course *c, int32_t day) {
    size_t at = c->n;
    reserve(c, c->n + 1);
    while (at > 0 && c->day[at - 1] > day)
        at--;
    memmove(c->day + at + 1, c->day + at, (c->n - at) * sizeof *c->day);
    c->day[at] = day;
    c->n++;
}

static void suffer(struct life *l, enum effect_name name, int32_t from, int32_t to) {
    const struct effect *e = &course_effects[name];
    life_spell(l, from, to < from + e->days ? to : from + e->days, e->factor);
}

static void complain(struct course *c, struct life *l, int32_t day, struct rng *r) {
    static const double resolved = 0.7;
    if (c->complaints == COMPLAINTS_MAX)
        return;
    int32_t end = rng_uniform(r) < resolved ? day + 1 + (int32_t)rng_below(r, 14) : NEVER;
    c->complaint[c->complaints++] = (struct complaint){day, end};
    suffer(l, COMPLAINT_OPEN, day, end);
    if (end != NEVER)
        suffer(l, COMPLAINT_RESOLVED, end, NEVER);
}

static void charge(struct course *c, struct life *l, int32_t day) {
    int uses = 0;
    for (size_t i = c->n; i > 0 && c->day[i - 1] >= day - 365; i--)
        uses++;
    bool waived = uses >= WAIVED_AFTER;
    c->fee_waived[c->fees++] = waived;
    if (!waived)
        suffer(l, FEE_CHARGED, day, NEVER);
}

// How many purchases pass until the next one that is complained about.
static int64_t until_complaint(double chance, struct rng *r) {
    return chance > 0 ? (int64_t)fmin(rng_exponential(r) / -log1p(-chance), 1e9) : INT64_MAX;
}

// Lives on to that day, through the fees that fall due before it.
static bool live(const struct plan *p, struct course *c, struct life *l, int32_t day) {
    while (c->fees < p->fees && p->fee_day[c->fees] < day) {
        int32_t due = p->fee_day[c->fees];
        if (!life_until(l, due))
            return false;
        charge(c, l, due);
    }
    return life_until(l, day);
}

void course_run(const struct plan *p, struct rng *r, struct course *c) {
    struct life life = {.hazard = p->hazard, .luck = rng_exponential(r), .today = p->from};
    int64_t quiet = until_complaint(p->complains, r);
    double time = clock_at(p->clock, p->from);
    int32_t day = p->from;
    bool here = true;
    c->n = 0;
    c->complaints = c->fees = 0;
    if (p->family_left != NEVER)
        suffer(&life, FAMILY_LEFT, p->family_left, NEVER);
    if (!p->buys_at_once)
        day = clock_day(p->clock, time += rng_exponential(r) / p->rate);
    while (day <= LAST_DAY && (here = live(p, c, &life, day))) {
        reserve(c, c->n + 1);
        c->day[c->n++] = day;
        if (quiet-- == 0) {
            complain(c, &life, day, r);
            quiet = until_complaint(p->complains, r);
        }
        day = clock_day(p->clock, time += rng_exponential(r) / p->rate);
    }
    here = here && live(p, c, &life, LAST_DAY + 1) && life_until(&life, LAST_DAY + 365);
    c->left = here ? NEVER : life.today;
}
