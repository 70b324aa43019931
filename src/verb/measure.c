// patron measure: metrics per customer.
#include "metric/metric.h"
#include "sink/sheet.h"
#include "table/seal.h"
#include "verb/all.h"
#include "verb/names.h"
#include "verb/open.h"

struct measure {
    struct opened opened;
    struct sheet sheet;
};

// Every metric that this data has what it takes for; what is left out is said.
static enum status all_possible(struct call *c, struct board *board, const struct column **out,
                                int *n, struct err *err) {
    size_t metrics;
    const struct metric *metric = metric_all(&metrics);
    struct buf left = {.arena = c->arena};
    for (size_t i = 0; i < metrics; i++) {
        struct err why = {DONE};
        enum status status = board_column(board, str_of(metric[i].name), &out[*n], &why);
        if (status_is_final(status))
            return err_set(err, status, "%s", why.text);
        if (status == DONE)
            ++*n;
        else
            buf_printf(&left, "%s%s", left.n ? ", " : "", metric[i].name);
    }
    if (*n == 0)
        return err_set(err, REFUSED,
                       "no metric can be computed from this data: most need purchases with a "
                       "customer, a date and an amount; `patron profile` shows what is there, "
                       "`patron metrics NAME` what a metric needs");
    if (left.n)
        host_note(c->host,
                  "left out, because the data lacks what they need: %s; `--metrics NAME` says what",
                  buf_text(&left));
    return DONE;
}

// `measure DATA recency_days` forgets the word that says what it is.
static enum status check_policy_name(const char *policy, struct err *err) {
    if (metric_find(str_of(policy)))
        return err_set(err, MISUSED, "%s is a metric: write --metrics %s", policy, policy);
    return DONE;
}

static enum status open_it(struct call *c, struct opened *o, struct err *err) {
    if (c->args.n == 2) {
        TRY(check_policy_name(c->args.positional[1], err));
        return open_both(c, c->args.positional[0], c->args.positional[1], o, err);
    }
    if (args_value(&c->args, "--set"))
        return err_set(err, MISUSED, "--set changes a policy's param: name the policy, too");
    return open_alone(c, c->args.positional[0], o, err);
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct measure *m = arena_alloc(c->arena, sizeof *m);
    const char *path = rows_path(c), *list = args_value(&c->args, "--metrics");
    struct out *out;
    size_t most;
    *result = m;
    struct sheet_options o = rows_options(c, path);
    if (path)
        TRY(sheet_check(&o, err));
    TRY(open_it(c, &m->opened, err));
    metric_all(&most);
    const struct column *const *named;
    int n = 0;
    TRY(columns_of(c->arena, m->opened.board, list, &named, &n, err));
    const struct column **columns =
        arena_array(c->arena, (list ? (size_t)n : most) + 1, sizeof *columns);
    columns[0] = m->opened.loaded.data.id;
    TRY(seal_check(columns[0], err));
    for (int i = 0; i < n; i++)
        columns[i + 1] = named[i];
    if (!list)
        TRY(all_possible(c, m->opened.board, columns + 1, &n, err));
    note_metric_faults(c, m->opened.board);
    m->sheet = (struct sheet){n + 1, columns, m->opened.loaded.data.customers};
    if (!path)
        return DONE;
    TRY(sheet_write(c->arena, c->host, &m->sheet, &o, &out, err));
    call_output(c, out);
    return DONE;
}

static void text(const void *result, struct buf *out) {
    const struct measure *m = result;
    buf_printf(out, "%lld customer%s, %d metric%s\n", (long long)m->sheet.rows,
               plural(m->sheet.rows), m->sheet.columns - 1, plural(m->sheet.columns - 1));
    for (int i = 1; i < m->sheet.columns; i++) {
        const struct column *c = m->sheet.column[i];
        if (c->missing)
            buf_printf(out, "  %.*s is missing for %lld\n", (int)c->name.n, c->name.p,
                       (long long)c->missing);
    }
}

static void json(const void *result, struct json *j) {
    const struct measure *m = result;
    json_open(j, '{');
    json_key(j, STR("data"));
    data_json(j, &m->opened.loaded);
    json_field_open(j, "metrics", '[');
    for (int i = 1; i < m->sheet.columns; i++) {
        const struct column *c = m->sheet.column[i];
        json_open(j, '{');
        json_field_str(j, "name", c->name);
        json_field_z(j, "type", type_name(c->type));
        json_field_integer(j, "missing", c->missing);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static const struct option options[] = {
    {"--metrics", "NAMES", "which, separated by commas; the default is all that the data allows"},
    {"-o", "FILE", "write the table here (.csv, .json or .ndjson)"},
    {"--raw", NULL, "write texts as they are, also those a spreadsheet would run as a formula"},
    OPTION_OF_MODEL,
    OPTION_OF_ENCODING,
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_measure = {
    .name = "measure",
    .synopsis = "DATA [POLICY]",
    .summary = "Compute metrics per customer",
    .help =
        "Writes one row a customer. With a policy, the metrics that it declares can be named.\n\n"
        "Examples:\n"
        "  patron measure samples/bank --metrics recency_days,spend,rfm_segment\n"
        "  patron measure samples/bank policies/card-retention.lua --metrics uses_3m\n"
        "  patron measure samples/bank -o metrics.csv\n",
    .options = options,
    .least = 1,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
