// Rows that were rejected, or stood after the as-of day, are not in a snapshot; how many there were
// is.
#include "load/packed.h"

#include "base/date.h"
#include "base/json.h"
#include "load/day.h"
#include "load/document.h"
#include "table/snapshot.h"

// ---- writing ----------------------------------------------------------------------------------

static void print_source(struct json *j, const struct source *s) {
    char hex[HASH_HEX];
    source_fingerprint(s, hex);
    json_open(j, '{');
    json_field_z(j, "file", s->file);
    json_field_z(j, "table", s->table);
    json_field_z(j, "sha256", hex);
    json_field_integer(j, "accepted", s->accepted);
    json_field_integer(j, "rejected", s->rejected);
    json_field_integer(j, "after_as_of", s->after_as_of);
    json_field_open(j, "reasons", '[');
    for (int i = 0; i < s->reasons; i++) {
        json_open(j, '{');
        json_field_z(j, "reason", s->reason[i]);
        json_field_integer(j, "rows", s->reason_count[i]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

struct str packed_about(struct arena *a, const struct loaded *l) {
    struct buf b = {.arena = a};
    struct json j = {.out = &b};
    json_open(&j, '{');
    json_field_bool(&j, "inferred", l->inferred);
    json_field_str(&j, "description", l->description);
    json_field_open(&j, "sources", '[');
    for (int i = 0; i < l->sources; i++)
        print_source(&j, &l->source[i]);
    json_close(&j, ']');
    json_close(&j, '}');
    return (struct str){b.p, b.n};
}

// ---- reading ----------------------------------------------------------------------------------

static const cJSON *member(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

// What is not there, or is no such thing, is empty or 0: whoever forges it fools only themselves.
static const char *text_of(const cJSON *object, const char *key) {
    const char *text = cJSON_GetStringValue(member(object, key));
    return text ? text : "";
}

static int64_t count_of(const cJSON *object, const char *key) {
    double x = cJSON_GetNumberValue(member(object, key));
    return x >= 0 && x < 0x1p53 ? (int64_t)x : 0;
}

static struct source read_source(struct arena *a, const cJSON *from) {
    const cJSON *reasons = member(from, "reasons"), *reason;
    size_t most = (size_t)cJSON_GetArraySize(reasons);
    struct source s = {
        .file = text_of(from, "file"),
        .table = text_of(from, "table"),
        .sha256 = text_of(from, "sha256"),
        .accepted = count_of(from, "accepted"),
        .rejected = count_of(from, "rejected"),
        .after_as_of = count_of(from, "after_as_of"),
        .reason = arena_array(a, most, sizeof *s.reason),
        .reason_count = arena_array(a, most, sizeof *s.reason_count),
    };
    s.read = s.accepted + s.rejected;
    cJSON_ArrayForEach(reason, reasons) {
        s.reason[s.reasons] = text_of(reason, "reason");
        s.reason_count[s.reasons++] = count_of(reason, "rows");
    }
    return s;
}

static enum status read_about(struct arena *a, const char *path, struct str about,
                              struct loaded *out, struct err *err) {
    struct document d;
    struct err own = {DONE};
    if (document_parse(a, path, about, &d, &own) != DONE)
        return err_at(err, REFUSED, (struct place){path, 0, 0},
                      "is damaged: what it was packed from cannot be read; `patron pack` the data "
                      "again");
    const cJSON *list = member(d.root, "sources"), *from;
    struct source *sources = arena_array(a, (size_t)cJSON_GetArraySize(list), sizeof *sources);
    cJSON_ArrayForEach(from, list) sources[out->sources++] = read_source(a, from);
    out->source = sources;
    out->inferred = cJSON_IsTrue(member(d.root, "inferred"));
    out->description = str_of(text_of(d.root, "description"));
    return DONE;
}

// ---- what was asked for -----------------------------------------------------------------------

static int64_t left_out(const struct loaded *l) {
    int64_t n = 0;
    for (int i = 0; i < l->sources; i++)
        n += l->source[i].after_as_of;
    return n;
}

static enum status settle_as_of(const struct host *host, const struct load_options *o,
                                struct dataset *d, int64_t left, struct err *err) {
    char packed[10];
    int32_t wanted;
    date_print(d->as_of, packed);
    if (!o->as_of) {
        host_note(host, "as of %.10s, the day that %s was packed for", packed, o->path);
        return DONE;
    }
    TRY(day_read(str_of(o->as_of), (struct place){0}, MISUSED, &wanted, err));
    if (wanted < d->as_of || (wanted > d->as_of && left > 0))
        return err_at(err, REFUSED, (struct place){o->path, 0, 0},
                      "was packed as of %.10s, and %s: `patron pack` the data with --as-of %s",
                      packed,
                      wanted < d->as_of ? "its later rows cannot be told apart"
                                        : "rows after that day are not in it",
                      o->as_of);
    d->as_of = wanted;
    return DONE;
}

static enum status check_options(const struct load_options *o, const struct loaded *l,
                                 struct err *err) {
    struct place at = {o->path, 0, 0};
    if (o->rejects)
        return err_at(err, MISUSED, at,
                      "holds no rejected rows; --rejects goes with the files: `patron pack DATA "
                      "--rejects %s`",
                      o->rejects);
    for (int i = 0; o->strict && i < l->sources; i++)
        if (l->source[i].rejected > 0)
            return err_at(err, REFUSED, at,
                          "was packed without %lld rows of %s, which were rejected; mend them and "
                          "pack the data again",
                          (long long)l->source[i].rejected, l->source[i].file);
    return DONE;
}

enum status packed_load(struct arena *a, const struct host *host, const struct load_options *o,
                        struct loaded *out, struct err *err) {
    struct snapshot s;
    const char **files = arena_array(a, 2, sizeof *files);
    files[0] = o->path;
    files[1] = NULL;
    *out = (struct loaded){.files = files};
    TRY(load_spares(out, o->outputs, err));
    TRY(snapshot_open(a, o->path, &s, err));
    TRY(read_about(a, o->path, s.about, out, err));
    TRY(check_options(o, out, err));
    out->data = s.data;
    return settle_as_of(host, o, &out->data, left_out(out), err);
}
