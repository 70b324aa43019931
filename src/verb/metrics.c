// patron metrics: what can be computed, from the registry.
#include "metric/help.h"
#include "verb/all.h"

struct metrics {
    const struct metric *one; // NULL: all
};

static bool next_metric(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    size_t n;
    const struct metric *m = metric_all(&n);
    if (i >= n)
        return false;
    *out = str_of(m[i].name);
    return true;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct metrics *m = arena_alloc(c->arena, sizeof *m);
    *result = m;
    if (c->args.n == 0)
        return DONE;
    struct str name = str_of(c->args.positional[0]);
    m->one = metric_find(name);
    if (m->one)
        return DONE;
    struct str near = str_nearest(name, next_metric, NULL);
    if (near.n)
        return err_set(err, REFUSED, "there is no metric '%s'; did you mean '%.*s'?", name.p,
                       (int)near.n, near.p);
    return err_set(err, REFUSED, "there is no metric '%s'; `patron metrics` lists them", name.p);
}

static void text(const void *result, struct buf *out) {
    const struct metrics *m = result;
    if (m->one) {
        metric_help_text(out, m->one);
        return;
    }
    metric_list_text(out);
    buf_z(out, "\n`patron metrics NAME` shows the formula, what it needs, and its source.\n");
}

static void one_json(struct json *j, const struct metric *m) {
    json_open(j, '{');
    json_field_z(j, "name", m->name);
    json_field_z(j, "type", type_name(m->type));
    json_field_z(j, "unit", m->unit);
    json_field_z(j, "table", m->table);
    json_field_z(j, "inputs", m->inputs);
    json_field_z(j, "title", m->title);
    json_field_z(j, "help", m->help);
    json_field_z(j, "source", m->source);
    json_close(j, '}');
}

static void json(const void *result, struct json *j) {
    const struct metrics *m = result;
    size_t n;
    const struct metric *all = metric_all(&n);
    if (m->one) {
        one_json(j, m->one);
        return;
    }
    json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        one_json(j, &all[i]);
    json_close(j, ']');
}

static const struct option options[] = {
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_metrics = {
    .name = "metrics",
    .synopsis = "[NAME]",
    .summary = "List the metrics: meaning, unit, formula, source",
    .help = "Without a name, all of them, a line each.\n\n"
            "Examples:\n"
            "  patron metrics\n"
            "  patron metrics rf_ratio\n",
    .options = options,
    .least = 0,
    .most = 1,
    .run = run,
    .text = text,
    .json = json,
};
