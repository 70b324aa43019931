// The rate at which points were redeemed so far is measured and shown beside the one that the
// policy assumes: the debt follows from the latter alone, so that one customer's never depends on
// others.
#include "verb/loyalty.h"

#include "base/money.h"
#include "base/number.h"

static enum status add_up(struct board *board, const struct declared *m, struct programme *p,
                          struct err *err) {
    const struct column *c;
    if (board_column(board, m->name, &c, err) != DONE)
        return err_place(err, m->at);
    for (int64_t i = 0; i < c->n && m->figure != POINTS_EXPIRES_ON; i++) {
        if (!column_has(c, i))
            continue;
        p->total[m->figure] += c->integer[i];
        p->customers += m->figure == POINTS_BALANCE && c->integer[i] > 0;
    }
    return DONE;
}

enum status programmes_sum(struct arena *a, const struct opened *opened, struct programmes *out,
                           struct err *err) {
    const struct policy *p = opened->policy;
    struct programme *list = arena_array(a, (size_t)p->loyalties, sizeof *list);
    *out = (struct programmes){p->loyalties, list};
    for (int i = 0; i < p->loyalties; i++) {
        list[i].points = &p->loyalty[i];
        list[i].decimals = opened->loaded.data.decimals;
        for (int k = 0; k < p->metrics; k++)
            if (p->metric[k].points == list[i].points)
                TRY(add_up(opened->board, &p->metric[k], &list[i], err));
    }
    return DONE;
}

static void put_formula(struct buf *out, const char *word, const struct formula *f) {
    if (f->text.p)
        buf_printf(out, ", %s %.*s", word, (int)f->text.n, f->text.p);
}

static void owed_text(const struct programme *p, const struct dataset *data, struct buf *out) {
    char owed[NUMBER_MAX];
    buf_printf(out, "; owed %.*s%s%.*s", money_print(p->total[POINTS_LIABILITY], p->decimals, owed),
               owed, data->currency.n ? " " : "", (int)data->currency.n, data->currency.p);
    put_formula(out, "unit_value", &p->points->unit_value);
    put_formula(out, "redeems", &p->points->redeems);
    if (!p->points->redeems.text.p)
        buf_z(out, ", if all are redeemed");
}

void programmes_text(const struct programmes *p, const struct dataset *data, struct buf *out) {
    for (const struct programme *l = p->list; l < p->list + p->n; l++) {
        int64_t redeemed = l->total[POINTS_REDEEMED], expired = l->total[POINTS_EXPIRED];
        buf_printf(out, "  %.*s: balance %lld points, of %lld customer%s with some; expiring %lld",
                   (int)l->points->name.n, l->points->name.p, (long long)l->total[POINTS_BALANCE],
                   (long long)l->customers, plural(l->customers),
                   (long long)l->total[POINTS_EXPIRING]);
        if (l->points->unit_value.text.p)
            owed_text(l, data, out);
        if (redeemed + expired > 0)
            buf_printf(out, "; so far %.1f %% of the %lld that are gone were redeemed",
                       100.0 * (double)redeemed / (double)(redeemed + expired),
                       (long long)(redeemed + expired));
        buf_char(out, '\n');
    }
}

void programmes_json(const struct programmes *p, struct json *j) {
    json_field_open(j, "points", '{');
    for (const struct programme *l = p->list; l < p->list + p->n; l++) {
        json_key(j, l->points->name);
        json_open(j, '{');
        json_field_integer(j, "customers", l->customers);
        for (int f = 0; f < POINTS_EXPIRES_ON; f++)
            json_field_integer(j, points_figure_name((enum points_figure)f), l->total[f]);
        if (l->points->unit_value.text.p) {
            json_field_money(j, "liability", l->total[POINTS_LIABILITY], l->decimals);
            json_field_str(j, "unit_value", l->points->unit_value.text);
            json_field_str(j, "redeems",
                           l->points->redeems.text.p ? l->points->redeems.text : STR("1"));
        }
        json_close(j, '}');
    }
    json_close(j, '}');
}
