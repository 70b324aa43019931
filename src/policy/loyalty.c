// Loyalty programmes: each is a few metrics, the figures of its points (metric/points.h).
#include "policy/read.h"

// A formula, or a value that stands for itself.
static bool read_value(struct reader *r, const struct node *v, bool itself, struct formula *f) {
    if (!itself)
        return read_formula(r, v, f);
    *f = (struct formula){.text = str_of(read_described(r, v)), .at = v->at};
    return true;
}

bool read_quantity(struct reader *r, const struct row *row, const struct node *v, void *into) {
    double number;
    (void)row;
    return read_value(r, v, read_double(v, &number), into);
}

bool read_booked(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    return read_value(r, v, v->kind == NODE_BOOLEAN, into);
}

static struct str column_name(struct reader *r, const struct points *p, enum points_figure f) {
    return str_of(
        arena_printf(r->arena, "%.*s_%s", (int)p->name.n, p->name.p, points_figure_name(f)));
}

// Its figures, behind the metrics that were read before.
static void declare(struct reader *r, const struct points *p) {
    int figures = POINTS_FIGURES - !p->unit_value.text.p;
    struct declared *m = add_metrics(r, figures);
    for (int f = 0; f < figures; f++)
        m[f] = (struct declared){
            .name = column_name(r, p, (enum points_figure)f),
            .at = p->at,
            .points = p,
            .figure = f,
            .table = f == POINTS_LIABILITY ? column_name(r, p, POINTS_BALANCE) : STR(""),
        };
}

bool read_loyalty(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct points *p = &r->policy->loyalty[r->policy->loyalties];
    const struct node *body = read_another(r, v, &p->name, &p->at, &r->policy->loyalties);
    (void)row, (void)into;
    if (!body)
        return true;
    p->soon = (struct duration){.days = 30};
    read_fields(r, body, "loyalty", p);
    if (p->where.text.p && !p->earn.text.p)
        read_wrong(r, p->where.at, "no-earn",
                   "`where` says which purchases earn, and there is no "
                   "`earn`; for rows of the table points write `booked`");
    if (p->redeems.text.p && !p->unit_value.text.p)
        read_wrong(r, p->redeems.at, "no-value",
                   "`redeems` is for what is owed, which needs "
                   "`unit_value`: what a point is worth");
    declare(r, p);
    return true;
}
