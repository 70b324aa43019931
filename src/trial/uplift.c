#include "trial/uplift.h"

#include <math.h>
#include <stdlib.h>

static int by_score(const void *a, const void *b) {
    const struct scored *x = a, *y = b;
    return (x->score < y->score) - (x->score > y->score);
}

struct side {
    double n, sum;
};

// Where the curves are, and what lies below them so far.
struct tracing {
    struct side side[2]; // control, treated
    double treated, all; // of the whole curve
    double at, qini, uplift;
    double qini_area, uplift_area;
};

static double per_head(const struct side *s) {
    return s->n > 0 ? s->sum / s->n : 0;
}

static double qini(const struct tracing *t) {
    return (t->side[true].sum - per_head(&t->side[false]) * t->side[true].n) / t->treated;
}

static double uplift(const struct tracing *t) {
    double n = t->side[true].n + t->side[false].n;
    return (per_head(&t->side[true]) - per_head(&t->side[false])) * n / t->all;
}

// A point of the curves behind the customers so far, and the trapezia up to it.
static void add_point(struct tracing *t) {
    struct tracing was = *t;
    t->at = (t->side[true].n + t->side[false].n) / t->all;
    t->qini = qini(t);
    t->uplift = uplift(t);
    t->qini_area += (t->at - was.at) * (t->qini + was.qini) / 2;
    t->uplift_area += (t->at - was.at) * (t->uplift + was.uplift) / 2;
}

// The curve at the tenths that this step passes.
static void read_tenths(const struct tracing *was, const struct tracing *now, double *at) {
    for (int i = (int)ceil(was->at * UPLIFT_POINTS); i <= UPLIFT_POINTS; i++) {
        double x = (double)i / UPLIFT_POINTS;
        if (i == 0 || x <= was->at)
            continue;
        if (x > now->at)
            break;
        at[i - 1] = was->qini + (now->qini - was->qini) * (x - was->at) / (now->at - was->at);
    }
}

// The curves of all customers but one part's (-1: of all).
static struct tracing trace(const struct scored *c, int64_t n, int part, double *tenths) {
    struct tracing t = {0};
    for (int64_t i = 0; i < n; i++) {
        t.all += c[i].part != part;
        t.treated += c[i].part != part && c[i].treated;
    }
    for (int64_t i = 0; i < n;) {
        double score = c[i].score;
        for (; i < n && c[i].score == score; i++) {
            if (c[i].part == part)
                continue;
            t.side[c[i].treated].n++;
            t.side[c[i].treated].sum += c[i].reward;
        }
        struct tracing was = t;
        add_point(&t);
        if (tenths)
            read_tenths(&was, &t, tenths);
    }
    return t;
}

static struct area area_of(double below, double end) {
    return (struct area){.value = below, .above = below - end / 2};
}

static double jackknife(const double *x) {
    double mean = 0, squares = 0;
    for (int i = 0; i < UPLIFT_PARTS; i++)
        mean += x[i] / UPLIFT_PARTS;
    for (int i = 0; i < UPLIFT_PARTS; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    return sqrt(squares * (UPLIFT_PARTS - 1) / UPLIFT_PARTS);
}

bool uplift_curve(struct scored *customer, int64_t n, struct uplift *out) {
    double qini[UPLIFT_PARTS], auuc[UPLIFT_PARTS];
    *out = (struct uplift){0};
    for (int64_t i = 0; i < n; i++)
        out->treated += customer[i].treated;
    out->control = n - out->treated;
    if (out->treated == 0 || out->control == 0)
        return false;
    qsort(customer, (size_t)n, sizeof *customer, by_score);
    struct tracing t = trace(customer, n, -1, out->qini_at);
    out->effect = t.uplift;
    out->qini = area_of(t.qini_area, t.qini);
    out->auuc = area_of(t.uplift_area, t.uplift);
    for (int i = 0; i < UPLIFT_PARTS; i++) {
        t = trace(customer, n, i, NULL);
        qini[i] = area_of(t.qini_area, t.qini).above;
        auuc[i] = area_of(t.uplift_area, t.uplift).above;
    }
    out->qini.error = jackknife(qini);
    out->auuc.error = jackknife(auuc);
    return true;
}
