// A wave of blocks is formatted in parallel, each into its own buffer, then written in order.
#include "sink/sheet.h"

#include <string.h>

#include "base/json.h"
#include "base/parallel.h"

enum { ROWS_A_BLOCK = 4096, BLOCKS_A_WAVE = 64 };

static bool ends_with(const char *path, const char *suffix) {
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcmp(path + n - m, suffix) == 0;
}

static bool is_ndjson(const char *path) {
    return ends_with(path, ".ndjson") || ends_with(path, ".jsonl");
}

enum status sheet_check(const char *path, struct err *err) {
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    if (strcmp(path, "-") == 0 || is_ndjson(path) || ends_with(path, ".csv"))
        return DONE;
    if (strncmp(path, "/dev/", 5) == 0)
        return DONE;
    return err_set(err, MISUSED, "cannot tell the format of '%s': end its name in .csv or .ndjson",
                   name);
}

static bool needs_quotes(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == ',' || s.p[i] == '\n' || s.p[i] == '\r')
            return true;
    return s.n && (s.p[0] == ' ' || s.p[s.n - 1] == ' ' || s.p[0] == '\t');
}

static void csv_text(struct buf *out, struct str s, bool raw) {
    bool formula = !raw && s.n && memchr("=+-@\t\r", s.p[0], 6);
    if (!formula && !needs_quotes(s)) {
        buf_str(out, s);
        return;
    }
    buf_char(out, '"');
    if (formula)
        buf_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
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

void sheet_row(const struct sheet *s, int64_t row, struct buf *out) {
    struct json j = {.out = out};
    json_open(&j, '{');
    for (int i = 0; i < s->columns; i++) {
        json_key(&j, s->column[i]->name);
        json_cell(&j, s->column[i], row);
    }
    json_close(&j, '}');
    buf_char(out, '\n');
}

struct wave {
    const struct sheet *sheet;
    const struct sheet_options *options;
    int64_t first; // row of the first block
    struct buf buf[BLOCKS_A_WAVE];
};

static enum status format_block(struct task *t, struct err *err) {
    (void)err;
    struct wave *w = t->arg;
    const struct sheet *s = w->sheet;
    struct buf *out = &w->buf[t->index];
    int64_t row = w->first + (int64_t)t->index * ROWS_A_BLOCK;
    int64_t end = row + ROWS_A_BLOCK < s->rows ? row + ROWS_A_BLOCK : s->rows;
    bool ndjson = is_ndjson(w->options->path);
    for (out->n = 0; row < end; row++) {
        if (ndjson)
            sheet_row(s, row, out);
        else
            csv_row(out, s, row, w->options->raw);
    }
    return DONE;
}

static enum status write_header(const struct sheet *s, struct arena *a, struct out *out,
                                struct err *err) {
    struct buf b = {.arena = a};
    for (int i = 0; i < s->columns; i++) {
        if (i > 0)
            buf_char(&b, ',');
        csv_text(&b, s->column[i]->name, false);
    }
    buf_char(&b, '\n');
    return out_write(out, b.p, b.n, err);
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
    *w = (struct wave){.sheet = s, .options = o};
    for (int i = 0; i < BLOCKS_A_WAVE; i++)
        w->buf[i].arena = arena_child(own); // a buffer grows in its own arena, on any thread
    TRY(out_open(a, host, o->path, out, err));
    if (!is_ndjson(o->path))
        TRY(write_header(s, own, *out, err));
    for (; w->first < s->rows && !out_closed(*out); w->first += ROWS_A_BLOCK * BLOCKS_A_WAVE) {
        TRY(write_wave(host, w, *out, err));
        host_progress(host, "writing", (double)w->first / (double)s->rows);
    }
    arena_free(own);
    return DONE;
}
