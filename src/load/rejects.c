#include "load/rejects.h"

#include "base/format.h"
#include "base/json.h"
#include "base/quote.h"

struct rejects {
    struct out *out;
    enum format format;
    int64_t rows;
    struct buf row, place;
};

enum status rejects_open(struct arena *a, const struct host *host, const char *path,
                         struct rejects **out, struct err *err) {
    static const char header[] = "place,reason,row\n";
    *out = NULL;
    if (!path)
        return DONE;
    struct rejects *r = arena_alloc(a, sizeof *r);
    *out = r;
    format_of(path, &r->format);
    r->row.arena = r->place.arena = a;
    TRY(out_open(a, host, path, &r->out, err));
    return r->format == FORMAT_CSV ? out_write(r->out, header, sizeof header - 1, err) : DONE;
}

static void put_csv(struct rejects *r, struct str place, const char *reason, struct str row) {
    quote_put(&r->row, place, true);
    buf_char(&r->row, ',');
    quote_put(&r->row, str_of(reason), true);
    buf_char(&r->row, ',');
    quote_put(&r->row, row, true);
    buf_char(&r->row, '\n');
}

static void put_json(struct rejects *r, struct str place, const char *reason, struct str row) {
    struct json j = {.out = &r->row};
    if (r->format == FORMAT_JSON)
        buf_z(&r->row, r->rows ? ",\n" : "[\n");
    json_open(&j, '{');
    json_field_str(&j, "place", place);
    json_field_z(&j, "reason", reason);
    json_field_str(&j, "row", row);
    json_close(&j, '}');
    if (r->format == FORMAT_LINES)
        buf_char(&r->row, '\n');
}

enum status rejects_write(struct rejects *r, struct place at, const char *reason, struct str row,
                          struct err *err) {
    while (row.n > 0 && (row.p[row.n - 1] == '\n' || row.p[row.n - 1] == '\r'))
        row.n--;
    r->row.n = r->place.n = 0;
    buf_printf(&r->place, "%s:%ld:%ld", at.file, at.line, at.column);
    struct str place = {r->place.p, r->place.n};
    if (r->format == FORMAT_CSV)
        put_csv(r, place, reason, row);
    else
        put_json(r, place, reason, row);
    r->rows++;
    return out_write(r->out, r->row.p, r->row.n, err);
}

enum status rejects_end(struct rejects *r, struct out **out, struct err *err) {
    *out = r->out;
    if (r->format != FORMAT_JSON)
        return DONE;
    return r->rows ? out_write(r->out, "\n]\n", 3, err) : out_write(r->out, "[]\n", 3, err);
}
