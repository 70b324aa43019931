// Proportional hazards (Cox 1972), drawn by their inverse: a customer leaves when the hazard summed
// over the days passes an exponential draw. With constant hazards that are gamma distributed over
// customers this is the dropout of the Pareto/NBD model.
#include "generate/life.h"

#include <math.h>

void life_spell(struct life *l, int32_t from, int32_t to, double factor) {
    int n = 0;
    for (int i = 0; i < l->spells; i++)
        if (l->spell[i].to > l->today)
            l->spell[n++] = l->spell[i];
    if (n < (int)(sizeof l->spell / sizeof *l->spell))
        l->spell[n++] = (struct spell){from, to, factor};
    l->spells = n;
}

// The hazard from today on, and the day until which it stays so.
static double hazard_now(const struct life *l, int32_t *until) {
    double h = l->hazard;
    for (int i = 0; i < l->spells; i++) {
        const struct spell *s = &l->spell[i];
        if (s->from <= l->today && l->today < s->to)
            h *= s->factor;
        int32_t change = s->from > l->today ? s->from : s->to;
        if (change > l->today && change < *until)
            *until = change;
    }
    return h;
}

bool life_until(struct life *l, int32_t day) {
    while (l->today < day) {
        int32_t until = day;
        double h = hazard_now(l, &until), sum = h * (until - l->today);
        if (sum >= l->luck) {
            l->today += (int32_t)fmin(floor(l->luck / h), until - l->today - 1);
            return false;
        }
        l->luck -= sum;
        l->today = until;
    }
    return true;
}
