// A wave of blocks is formatted in parallel, each into its own buffer, then written in order.
#include "sink/sheet.h"

#include <string.h>
#include <strings.h>

#include "base/encoding.h"
#include "base/format.h"
#include "base/json.h"
#include "base/parallel.h"
#include "base/quote.h"

enum { ROWS_A_BLOCK = 4096, BLOCKS_A_WAVE = 64 };

enum encoding { ENCODING_UTF8, ENCODING_BOM, ENCODING_GB18030, ENCODINGS };

// ENCODINGS if there is none of that name.
static enum encoding encoding_of(const struct sheet_options *o) {
    static const char *const names[] = {"utf-8", "utf-8-bom", "gb18030"};
    int i = 0;
    while (o->encoding && i < ENCODINGS && strcasecmp(names[i], o->encoding) != 0)
        i++;
    return (enum encoding)i;
}

enum status sheet_check(const struct sheet_options *o, struct err *err) {
    const char *name = strrchr(o->path, '/') ? strrchr(o->path, '/') + 1 : o->path;
    enum encoding encoding = encoding_of(o);
    enum format format;
    bool known = format_of(o->path, &format);
    if (!known && strcmp(o->path, "-") != 0 && strncmp(o->path, "/dev/", 5) != 0)
        return err_set(err, MISUSED,
                       "cannot tell the format of '%s': end its name in .csv, .json or .ndjson",
                       name);
    if (encoding == ENCODINGS)
        return err_set(err, MISUSED, "--encoding takes utf-8, utf-8-bom or gb18030, not '%s'",
                       o->encoding);
    if (format != FORMAT_CSV && encoding != ENCODING_UTF8)
        return err_set(err, MISUSED,
                       "JSON is always UTF-8, as its standard says: --encoding %s is for .csv, not "
                       "for %s",
                       o->encoding, name);
    return DONE;
}

static bool needs_quotes(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[0] == '\t');
}

static void csv_text(struct buf *out, struct str s, bool raw) {
    if (needs_quotes(s) || (!raw && quote_formula(s)))
        quote_put(out, s, !raw);
    else
        buf_str(out, s);
}

static bool is_text(const struct column *c) {
    return c->type == TYPE_LABEL || c->type == TYPE_TEXT;
}

static void csv_row(struct buf *out, const struct sheet *s, int64_t row, bool raw) {
    for (int i = 0; i < s->columns; i++) {
        const struct column *c = s->column[i];
        if (i > 0)
            buf_char(out, ',');
        if (!column_has(c, row))
            continue;
        if (is_text(c))
            csv_text(out, column_str(c, row), raw);
        else
            column_print(c, row, out);
    }
    buf_char(out, '\n');
}

static void json_cell(struct json *j, const struct column *c, int64_t row) {
    struct buf *out = j->out;
    if (!column_has(c, row)) {
        json_null(j);
    } else if (is_text(c)) {
        json_str(j, column_str(c, row));
    } else if (c->type == TYPE_DATE) {
        buf_char(out, '"');
        column_print(c, row, out);
        buf_char(out, '"');
        j->comma = true;
    } else {
        column_print(c, row, out);
        j->comma = true;
    }
}

static void json_row(struct buf *out, const struct sheet *s, int64_t row) {
    struct json j = {.out = out};
    json_open(&j, '{');
    for (int i = 0; i < s->columns; i++) {
        json_key(&j, s->column[i]->name);
        json_cell(&j, s->column[i], row);
    }
    json_close(&j, '}');
}

void sheet_row(const struct sheet *s, int64_t row, struct buf *out) {
    json_row(out, s, row);
    buf_char(out, '\n');
}

struct wave {
    const struct sheet *sheet;
    bool raw;
    enum format format;
    enum encoding encoding;
    int64_t first; // row of the first block
    struct buf buf[BLOCKS_A_WAVE];
};

static void put_row(const struct wave *w, int64_t i, struct buf *out) {
    int64_t row = w->sheet->row ? w->sheet->row[i] : i;
    switch (w->format) {
    case FORMAT_CSV: csv_row(out, w->sheet, row, w->raw); break;
    case FORMAT_LINES: sheet_row(w->sheet, row, out); break;
    case FORMAT_JSON:
        buf_z(out, i > 0 ? ",\n" : "[\n");
        json_row(out, w->sheet, row);
        break;
    }
}

static enum status encode(struct arena *a, enum encoding encoding, struct buf *text,
                          struct buf *out, struct err *err) {
    struct encoder *encoder;
    if (encoding == ENCODING_BOM)
        buf_z(out, "\xef\xbb\xbf");
    if (encoding != ENCODING_GB18030) {
        buf_put(out, text->p, text->n);
        return DONE;
    }
    TRY(encoder_open(a, "UTF-8", "GB18030", &encoder, err));
    if (encoder_put(encoder, (struct str){text->p, text->n}, '?', out) > 0)
        return err_set(err, REFUSED,
                       "a text to be written has a character for private use, which GB18030 lacks; "
                       "write UTF-8");
    return DONE;
}

static enum status format_block(struct task *t, struct err *err) {
    struct wave *w = t->arg;
    const struct sheet *s = w->sheet;
    bool encoded = w->encoding == ENCODING_GB18030;
    struct buf *out = &w->buf[t->index], text = {.arena = t->arena}, *to = encoded ? &text : out;
    int64_t row = w->first + (int64_t)t->index * ROWS_A_BLOCK;
    int64_t end = row + ROWS_A_BLOCK < s->rows ? row + ROWS_A_BLOCK : s->rows;
    for (out->n = 0; row < end; row++)
        put_row(w, row, to);
    return encoded ? encode(t->arena, w->encoding, &text, out, err) : DONE;
}

static enum status write_header(const struct wave *w, struct arena *a, struct out *out,
                                struct err *err) {
    struct buf b = {.arena = a}, encoded = {.arena = a};
    if (w->format != FORMAT_CSV)
        return DONE;
    for (int i = 0; i < w->sheet->columns; i++) {
        if (i > 0)
            buf_char(&b, ',');
        csv_text(&b, w->sheet->column[i]->name, false);
    }
    buf_char(&b, '\n');
    TRY(encode(a, w->encoding, &b, &encoded, err));
    return out_write(out, encoded.p, encoded.n, err);
}

static enum status write_wave(const struct host *host, struct wave *w, struct out *out,
                              struct err *err) {
    int64_t left = w->sheet->rows - w->first;
    size_t blocks = (size_t)((left + ROWS_A_BLOCK - 1) / ROWS_A_BLOCK);
    if (blocks > BLOCKS_A_WAVE)
        blocks = BLOCKS_A_WAVE;
    TRY(parallel_run(host, blocks, format_block, w, err));
    for (size_t i = 0; i < blocks; i++)
        TRY(out_write(out, w->buf[i].p, w->buf[i].n, err));
    return DONE;
}

enum status sheet_write(struct arena *a, const struct host *host, const struct sheet *s,
                        const struct sheet_options *o, struct out **out, struct err *err) {
    struct arena *own = arena_child(a);
    struct wave *w = arena_alloc(own, sizeof *w);
    *w = (struct wave){.sheet = s, .raw = o->raw, .encoding = encoding_of(o)};
    format_of(o->path, &w->format);
    for (int i = 0; i < BLOCKS_A_WAVE; i++)
        w->buf[i].arena = arena_child(own); // a buffer grows in its own arena, on any thread
    TRY(out_open(a, host, o->path, out, err));
    TRY(write_header(w, own, *out, err));
    for (; w->first < s->rows && !out_closed(*out); w->first += ROWS_A_BLOCK * BLOCKS_A_WAVE) {
        TRY(write_wave(host, w, *out, err));
        host_progress(host, "writing", (double)w->first / (double)s->rows);
    }
    if (w->format == FORMAT_JSON)
        TRY(s->rows ? out_write(*out, "\n]\n", 3, err) : out_write(*out, "[]\n", 3, err));
    arena_free(own);
    return DONE;
}
