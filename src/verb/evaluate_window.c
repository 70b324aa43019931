// Whether metrics count on the right side of the campaign's first contact: a value from before it
// ends there, and an outcome does not. Of columns of the customers nobody knows.
#include "base/date.h"
#include "metric/filter.h"
#include "metric/metric.h"
#include "verb/evaluate.h"

static const struct declared *declared_of(const struct policy *p, struct str name) {
    for (int i = 0; p && i < p->metrics; i++)
        if (str_eq(p->metric[i].name, name))
            return &p->metric[i];
    return NULL;
}

// The last day that the metric counts. False of what counts no rows with dates.
static bool counts_until(const struct evaluation *x, struct str name, int32_t *day) {
    const struct dataset *data = &x->opened.loaded.data;
    const struct declared *own = declared_of(x->opened.policy, name);
    const struct metric *known = metric_find(name);
    struct str rows = {NULL, 0};
    if (table_column(data->people, name))
        return false;
    if (own && own->aggregate != AGGREGATE_NONE)
        rows = own->table;
    else if (!own && known && known->table)
        rows = str_of(known->table);
    const struct table *t = rows.n ? dataset_table(data, rows) : NULL;
    *day = own ? filter_before(data->as_of, own->ending) : data->as_of;
    return t && t->date;
}

enum status evaluate_windows(struct call *c, const struct evaluation *x, struct err *err) {
    char first[11] = {0}, last[11] = {0};
    int32_t day;
    if (!x->experiment.dated)
        return DONE;
    date_print(x->experiment.first, first);
    for (int i = 0; i < x->outcomes; i++) {
        struct str name = x->outcome[i]->name;
        if (!counts_until(x, name, &day) || day >= x->experiment.first)
            continue;
        date_print(day, last);
        host_note(c->host,
                  "%.*s ends on %s, before the first contact (%s): nothing of it came of the "
                  "campaign",
                  (int)name.n, name.p, last, first);
    }
    if (!x->before || !counts_until(x, str_of(x->before), &day) || day <= x->experiment.first)
        return DONE;
    date_print(day, last);
    return err_set(
        err, REFUSED,
        "--before %s counts until %s, and the first contact was on %s: what the campaign "
        "did is in it. Declare a metric in the policy that ends before: ending = "
        "days(%d)",
        x->before, last, first, (int)(x->opened.loaded.data.as_of - x->experiment.first));
}
