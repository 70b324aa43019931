#include "trial/segments.h"

#include <math.h>

#include "base/chance.h"

static void draw_together(struct arena *a, struct segment_effects *s,
                          const struct precision *precision) {
    struct group_effect *group = arena_array(a, (size_t)s->n, sizeof *group);
    double reach = chance_normal_quantile(1 - precision->alpha / 2);
    int known = 0;
    for (int i = 0; i < s->n; i++)
        if (s->segment[i].known)
            group[known++] = (struct group_effect){s->segment[i].effect.difference.value,
                                                   s->segment[i].effect.difference.error};
    s->drawn = shrink(group, known, &s->common);
    for (int i = 0, k = 0; i < s->n; i++) {
        struct segment_effect *e = &s->segment[i];
        if (!e->known)
            continue;
        e->shrunk = group[k].shrunk;
        e->deviation = group[k++].deviation;
        e->believed =
            (struct interval){e->shrunk - reach * e->deviation, e->shrunk + reach * e->deviation};
    }
}

// Degrees of freedom by Satterthwaite (1946).
static struct estimate stratify(const struct segment_effects *s,
                                const struct precision *precision) {
    int64_t all = 0, units = 0;
    double value = 0, variance = 0, parts = 0;
    for (int i = 0; i < s->n; i++) {
        const struct contrast *e = &s->segment[i].effect;
        all += e->control.n + e->treated.n;
        units += e->control.units + e->treated.units;
    }
    for (int i = 0; i < s->n; i++) {
        const struct contrast *e = &s->segment[i].effect;
        double share = (double)(e->control.n + e->treated.n) / (double)all;
        double part = pow(share * e->difference.error, 2);
        value += share * e->difference.value;
        variance += part;
        if (part > 0)
            parts += part * part / e->difference.freedom;
    }
    return estimate_of(s->n ? value : NAN, sqrt(variance), variance * variance / parts, units,
                       precision);
}

struct segment_effects segment_effects_of(struct arena *a, const struct moments *control,
                                          const struct moments *treated, int segments,
                                          const struct precision *precision) {
    struct segment_effects s = {.segment = arena_array(a, (size_t)segments, sizeof *s.segment)};
    for (int i = 0; i < segments; i++) {
        if (control[i].n == 0 || treated[i].n == 0) {
            s.outside += control[i].n + treated[i].n;
            continue;
        }
        struct segment_effect *e = &s.segment[s.n++];
        e->segment = i;
        e->effect = contrast_of(control[i], treated[i], precision);
        e->known = contrast_known(&e->effect);
    }
    draw_together(a, &s, precision);
    s.stratified = stratify(&s, precision);
    return s;
}
