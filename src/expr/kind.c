#include "expr/kind.h"

const char *kind_text(struct kind k) {
    if (k.shape == SHAPE_BOOLEAN)
        return "a flag (true or false)";
    switch (k.sense) {
    case SENSE_MONEY: return "an amount of money";
    case SENSE_DATE: return "a date";
    case SENSE_MONTHS: return "a number of months";
    case SENSE_LABEL: return "a label";
    case SENSE_PLAIN: break;
    }
    return k.shape == SHAPE_STRING ? "a text" : "a number";
}

bool kind_numeric(struct kind k) {
    return k.shape != SHAPE_BOOLEAN && k.shape != SHAPE_STRING;
}

bool kind_is_date(struct kind k) {
    return k.sense == SENSE_DATE;
}

static const struct dict *labels_join(struct arena *a, const struct dict *x, const struct dict *y) {
    if (!x || !y || x == y)
        return x && y ? x : NULL;
    struct str *all = arena_array(a, (size_t)x->n + (size_t)y->n, sizeof *all);
    for (int32_t i = 0; i < x->n; i++)
        all[i] = dict_at(x, i);
    for (int32_t i = 0; i < y->n; i++)
        all[x->n + i] = dict_at(y, i);
    return dict_new(a, all, x->n + y->n, false);
}

static bool is_dated(struct kind k) {
    return k.sense == SENSE_DATE || k.sense == SENSE_MONTHS;
}

bool kind_alike(struct kind x, struct kind y) {
    if (!kind_numeric(x) || !kind_numeric(y))
        return x.shape == y.shape;
    return x.sense == y.sense || (!is_dated(x) && !is_dated(y));
}

struct kind kind_join(struct arena *a, struct kind x, struct kind y) {
    struct kind both = x;
    if (x.shape != y.shape)
        both.shape = SHAPE_NUMBER;
    if (x.sense == SENSE_PLAIN)
        both.sense = y.sense;
    both.labels = labels_join(a, x.labels, y.labels);
    return both;
}

static const struct dict *single_label(struct arena *a, struct str label) {
    return dict_new(a, &label, 1, false);
}

struct kind kind_of_value(struct arena *a, const struct value *v) {
    switch (v->tag) {
    case VALUE_BOOLEAN: return (struct kind){.shape = SHAPE_BOOLEAN};
    case VALUE_INTEGER: return (struct kind){.shape = SHAPE_INTEGER};
    case VALUE_FLOAT: return (struct kind){.shape = SHAPE_FLOAT};
    case VALUE_STRING: break;
    }
    return (struct kind){.shape = SHAPE_STRING, .labels = single_label(a, v->string)};
}

struct kind kind_of_symbol(struct arena *a, const struct symbol *s) {
    static const struct kind kinds[] = {
        [TYPE_INTEGER] = {.shape = SHAPE_INTEGER},
        [TYPE_NUMBER] = {.shape = SHAPE_FLOAT},
        [TYPE_MONEY] = {.shape = SHAPE_FLOAT, .sense = SENSE_MONEY},
        [TYPE_DATE] = {.shape = SHAPE_INTEGER, .sense = SENSE_DATE},
        [TYPE_FLAG] = {.shape = SHAPE_BOOLEAN},
        [TYPE_LABEL] = {.shape = SHAPE_STRING, .sense = SENSE_LABEL},
        [TYPE_TEXT] = {.shape = SHAPE_STRING},
    };
    struct kind k = kinds[s->type];
    if (s->slot < 0) // a param of type number may well hold an integer
        k = kind_of_value(a, &s->constant);
    k.sense = kinds[s->type].sense;
    if (s->labels)
        k.labels = s->labels;
    return k;
}
