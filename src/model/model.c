// Invariant: what was learned stands in order of the metrics' names, so that neither the order of
// asking nor the policy that asked shows in a model.
#include "model/model.h"

#include <math.h>
#include <string.h>

#include "base/date.h"
#include "base/number.h"

struct model model_of(const struct dataset *d) {
    return (struct model){
        .dataset = d->name,
        .currency = d->currency,
        .decimals = d->decimals,
        .as_of = d->as_of,
        .customers = d->customers,
    };
}

const struct learned *model_find(const struct model *m, struct str metric) {
    for (int i = 0; i < m->n; i++)
        if (str_eq(m->learned[i].metric, metric))
            return &m->learned[i];
    return NULL;
}

void model_add(struct arena *a, struct model *m, const struct learned *l) {
    m->learned = arena_more(a, m->learned, m->n, &m->size, sizeof *m->learned);
    int at = m->n++;
    for (; at > 0 && str_cmp(m->learned[at - 1].metric, l->metric) > 0; at--)
        m->learned[at] = m->learned[at - 1];
    m->learned[at] = *l;
}

// ---- does it fit ------------------------------------------------------------------------------

enum status learned_check(const struct learned *l, enum learned_kind kind, int cuts, enum type from,
                          struct err *err) {
    int n = (int)l->metric.n;
    if (l->kind == LEARNED_NOTHING)
        return DONE;
    if (l->kind != kind || (kind == LEARNED_CUTS && l->cuts.n != cuts))
        return err_at(err, REFUSED, l->at,
                      "this is not what %.*s learns: `patron fit` the model again", n, l->metric.p);
    if ((l->from == TYPE_MONEY) != (from == TYPE_MONEY))
        return err_at(err, REFUSED, l->at,
                      "%.*s was learned from values of type %s, and here they are of type %s: "
                      "`patron fit` the model again, with this policy and data of this kind",
                      n, l->metric.p, type_name(l->from), type_name(from));
    return DONE;
}

enum status model_check(const struct model *m, const struct dataset *d, struct err *err) {
    char fitted[10], now[10];
    struct place at = {m->path, 0, 0};
    date_print(m->as_of, fitted);
    date_print(d->as_of, now);
    if (m->as_of > d->as_of)
        return err_at(err, REFUSED, at,
                      "was fitted as of %.10s, and %.10s knows nothing of that day yet: decide for "
                      "a later day (--as-of), or `patron fit` a model as of %.10s",
                      fitted, now, now);
    bool named = m->currency.n && d->currency.n;
    if ((named && !str_eq(m->currency, d->currency)) || m->decimals != d->decimals)
        return err_at(err, REFUSED, at,
                      "was fitted in %.*s with %d decimals, and the data is in %.*s with %d: "
                      "`patron fit` a model on data in this currency",
                      (int)m->currency.n, m->currency.p, m->decimals, (int)d->currency.n,
                      d->currency.p, d->decimals);
    return DONE;
}

// ---- printing ---------------------------------------------------------------------------------

// A double of 2^53 or more looks like an integer, and readers of JSON may round those.
static void print_double(struct json *j, double x) {
    char text[NUMBER_MAX];
    int n = number_print(x, text);
    json_number(j, x);
    if (fabs(x) >= 0x1p53 && !memchr(text, 'e', (size_t)n))
        buf_z(j->out, ".0");
}

static void print_field(struct json *j, const char *key, double x) {
    json_key(j, str_of(key));
    print_double(j, x);
}

static void print_one(struct json *j, const struct learned *l) {
    json_open(j, '{');
    json_field_integer(j, "values", l->values);
    json_field_z(j, "from", type_name(l->from));
    if (l->kind == LEARNED_CUTS) {
        json_field_open(j, "cuts", '[');
        for (int i = 0; i < l->cuts.n; i++)
            print_double(j, l->cuts.at[i]);
        json_close(j, ']');
    } else if (l->kind == LEARNED_SHARE) {
        print_field(j, "total", l->share.total);
        print_field(j, "top", l->share.top);
        print_field(j, "tail", l->share.tail);
    } else if (l->kind == LEARNED_LINE) {
        print_field(j, "line", l->line);
    }
    if (l->how.n)
        json_field_str(j, "how", l->how);
    json_close(j, '}');
}

void model_print_learned(const struct model *m, struct json *j) {
    json_open(j, '{');
    for (int i = 0; i < m->n; i++) {
        json_key(j, m->learned[i].metric);
        print_one(j, &m->learned[i]);
    }
    json_close(j, '}');
}

// A member begins a line, so that people can read the file and compare two.
static struct json line(struct buf *b, const char *before, struct str key) {
    struct json j = {.out = b};
    buf_z(b, before);
    json_key(&j, key);
    buf_char(b, ' ');
    return j;
}

static void print_line(struct buf *b, const char *key, struct str value) {
    struct json j = line(b, ",\n  ", str_of(key));
    json_str(&j, value);
}

static void print_count(struct buf *b, const char *key, int64_t value) {
    struct json j = line(b, ",\n  ", str_of(key));
    json_integer(&j, value);
}

struct str model_print(struct arena *a, const struct model *m, const char *version) {
    char date[10];
    struct buf b = {.arena = a};
    date_print(m->as_of, date);
    buf_printf(&b, "{\n  \"patron_model\": %d", MODEL_FORMAT);
    print_line(&b, "patron", str_of(version));
    print_line(&b, "dataset", m->dataset);
    print_line(&b, "data_sha256", m->data);
    print_line(&b, "as_of", (struct str){date, sizeof date});
    print_line(&b, "currency", m->currency);
    print_count(&b, "decimals", m->decimals);
    print_count(&b, "customers", m->customers);
    line(&b, ",\n  ", STR("learned"));
    buf_char(&b, '{');
    for (int i = 0; i < m->n; i++) {
        struct json j = line(&b, i ? ",\n    " : "\n    ", m->learned[i].metric);
        print_one(&j, &m->learned[i]);
    }
    buf_z(&b, "\n  }\n}\n");
    return (struct str){b.p, b.n};
}
