// Reads a model.json. Every key must be known, and be there: a model that lost a line judges
// otherwise.
#include <math.h>
#include <string.h>

#include "base/date.h"
#include "load/document.h"
#include "model/model.h"

struct reader {
    struct arena *arena;
    struct document document;
};

static enum status refuse(const struct reader *r, const cJSON *value, const char *what,
                          struct err *err) {
    return err_at(err, REFUSED, document_value_place(&r->document, value), "%s", what);
}

static const cJSON *find(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static enum status take(const struct reader *r, const cJSON *object, const char *key,
                        const cJSON **out, struct err *err) {
    *out = find(object, key);
    if (*out)
        return DONE;
    return err_at(err, REFUSED, document_value_place(&r->document, object),
                  "\"%s\" is missing here: is this what `patron fit` wrote?", key);
}

static enum status take_text(const struct reader *r, const cJSON *object, const char *key,
                             struct str *out, struct err *err) {
    const cJSON *value;
    TRY(take(r, object, key, &value, err));
    if (!cJSON_IsString(value))
        return refuse(r, value, "this must be a string", err);
    *out = str_of(value->valuestring);
    return DONE;
}

static enum status read_number(const struct reader *r, const cJSON *value, double *out,
                               struct err *err) {
    if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
        return refuse(r, value, "this must be a number that a double holds", err);
    *out = value->valuedouble;
    return DONE;
}

static enum status take_number(const struct reader *r, const cJSON *object, const char *key,
                               double *out, struct err *err) {
    const cJSON *value;
    TRY(take(r, object, key, &value, err));
    return read_number(r, value, out, err);
}

static enum status take_count(const struct reader *r, const cJSON *object, const char *key,
                              double most, int64_t *out, struct err *err) {
    double x = 0;
    TRY(take_number(r, object, key, &x, err));
    if (x < 0 || x > most || x != floor(x))
        return refuse(r, find(object, key), "this must be a whole number, and not so great", err);
    *out = (int64_t)x;
    return DONE;
}

static enum status check_keys(const struct reader *r, const cJSON *object, const char *const *keys,
                              struct err *err) {
    if (!cJSON_IsObject(object))
        return refuse(r, object, "this must be an object: { ... }", err);
    for (const cJSON *value = object->child; value; value = value->next) {
        const char *const *key = keys;
        while (*key && strcmp(*key, value->string) != 0)
            key++;
        if (!*key)
            return err_at(err, REFUSED, document_place(&r->document, value),
                          "a model has no key \"%s\" here; remove it", value->string);
    }
    return DONE;
}

// ---- what was learned -------------------------------------------------------------------------

static enum status read_cuts(const struct reader *r, const cJSON *list, struct cuts *out,
                             struct err *err) {
    if (!cJSON_IsArray(list) || !list->child || cJSON_GetArraySize(list) > CUTS_MAX)
        return refuse(r, list, "this must be a list of 1 to 99 numbers", err);
    *out = (struct cuts){0};
    for (const cJSON *value = list->child; value; value = value->next) {
        TRY(read_number(r, value, &out->at[out->n], err));
        if (out->n > 0 && out->at[out->n] < out->at[out->n - 1])
            return refuse(r, value, "cuts rise, and this one is below the one before it", err);
        out->n++;
    }
    return DONE;
}

static enum status read_share(const struct reader *r, const cJSON *object, struct share *out,
                              struct err *err) {
    TRY(take_number(r, object, "total", &out->total, err));
    TRY(take_number(r, object, "top", &out->top, err));
    TRY(take_number(r, object, "tail", &out->tail, err));
    if (!(out->total > 0))
        return refuse(r, find(object, "total"), "the total must be above 0", err);
    return DONE;
}

static enum status read_type(const struct reader *r, const cJSON *object, enum type *out,
                             struct err *err) {
    struct str name;
    TRY(take_text(r, object, "from", &name, err));
    int type = type_of_name(name);
    if (type < 0)
        return refuse(r, find(object, "from"), "this is no type of values", err);
    *out = (enum type)type;
    return DONE;
}

static enum status read_learned(const struct reader *r, const cJSON *object, struct learned *out,
                                struct err *err) {
    static const char *const of_nothing[] = {"values", "from", NULL};
    static const char *const of_cuts[] = {"values", "from", "cuts", NULL};
    static const char *const of_share[] = {"values", "from", "total", "top", "tail", NULL};
    static const char *const of_line[] = {"values", "from", "line", "how", NULL};
    *out = (struct learned){.metric = str_of(object->string),
                            .at = document_place(&r->document, object)};
    const cJSON *cuts = find(object, "cuts"), *line = find(object, "line");
    bool share = find(object, "total"), how = find(object, "how");
    TRY(check_keys(r, object,
                   cuts          ? of_cuts
                   : share       ? of_share
                   : line || how ? of_line
                                 : of_nothing,
                   err));
    TRY(take_count(r, object, "values", 0x1p53, &out->values, err));
    TRY(read_type(r, object, &out->from, err));
    if (how)
        TRY(take_text(r, object, "how", &out->how, err));
    out->kind = cuts ? LEARNED_CUTS : share ? LEARNED_SHARE : line ? LEARNED_LINE : LEARNED_NOTHING;
    if (cuts)
        return read_cuts(r, cuts, &out->cuts, err);
    if (line)
        return read_number(r, line, &out->line, err);
    return share ? read_share(r, object, &out->share, err) : DONE;
}

static enum status read_all(const struct reader *r, const cJSON *object, struct model *out,
                            struct err *err) {
    if (!cJSON_IsObject(object))
        return refuse(r, object, "this must be an object: { ... }", err);
    for (const cJSON *value = object->child; value; value = value->next) {
        struct learned l;
        TRY(read_learned(r, value, &l, err));
        model_add(r->arena, out, &l);
    }
    return DONE;
}

// ---- the file ---------------------------------------------------------------------------------

// Before all else, since another format may have other keys.
static enum status check_format(const struct reader *r, struct err *err) {
    const cJSON *root = r->document.root, *format = find(root, "patron_model");
    const cJSON *version = find(root, "patron");
    struct place at = {r->document.file, 0, 0};
    if (!cJSON_IsNumber(format))
        return err_at(err, REFUSED, at, "is no model: `patron fit DATA POLICY -o FILE` writes one");
    if (format->valuedouble != MODEL_FORMAT)
        return err_at(err, REFUSED, document_value_place(&r->document, format),
                      "a model of format %g, by Patron %s; this one reads format %d: fit the model "
                      "again, or use that Patron",
                      format->valuedouble,
                      cJSON_IsString(version) ? version->valuestring : "(unknown)", MODEL_FORMAT);
    return DONE;
}

static enum status read_as_of(const struct reader *r, int32_t *out, struct err *err) {
    struct str text;
    bool timed;
    TRY(take_text(r, r->document.root, "as_of", &text, err));
    if (!date_parse(text, STR("YYYY-MM-DD"), out, &timed) || timed)
        return refuse(r, find(r->document.root, "as_of"), "this must be a day, YYYY-MM-DD", err);
    return DONE;
}

enum status model_read(struct arena *a, const char *path, struct model *out, struct err *err) {
    static const char *const keys[] = {"patron_model", "patron",   "dataset",  "data_sha256",
                                       "as_of",        "currency", "decimals", "customers",
                                       "learned",      NULL};
    struct reader r = {.arena = a};
    struct str version;
    int64_t decimals;
    const cJSON *learned;
    *out = (struct model){.path = path};
    TRY(document_read(a, path, &r.document, err));
    const cJSON *root = r.document.root;
    TRY(check_format(&r, err));
    TRY(check_keys(&r, root, keys, err));
    TRY(take_text(&r, root, "patron", &version, err));
    TRY(take_text(&r, root, "dataset", &out->dataset, err));
    TRY(take_text(&r, root, "data_sha256", &out->data, err));
    TRY(take_text(&r, root, "currency", &out->currency, err));
    TRY(take_count(&r, root, "decimals", 4, &decimals, err));
    TRY(take_count(&r, root, "customers", 0x1p53, &out->customers, err));
    TRY(read_as_of(&r, &out->as_of, err));
    TRY(take(&r, root, "learned", &learned, err));
    out->decimals = (int)decimals;
    hash_hex(r.document.text, out->sha256);
    return read_all(&r, learned, out, err);
}
