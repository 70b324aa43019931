// A chunk is parsed by guess: from the first line that starts in it, as if a record began there, to
// the end of the last record that begins in it. Between two records the parser's whole state is its
// place in the file. So afterwards, in file order, a guess was right exactly if the chunk before
// ended where this one began; if not, this chunk is read again from there. Whatever is in the file,
// the result is that of one sequential pass.
//
// libcsv is fed a line at a time, so a record's place is known without counting anything. After an
// error in a record, reading resumes on the line behind the one where the record began: a stray
// quote costs one row, not all rows up to the next quote. (This stays linear: quotes that open on
// two different lines and stay open pair up, so that no line is read more than three times.)
#include "load/scan.h"

#include <string.h>

#include "base/parallel.h"
#include "load/parser.h"
#include "load/trace.h"

enum {
    ROW_MAX = 16 << 20,
    CHUNK = 4 << 20,
    WINDOW = 64 << 10,
};

enum refusal { NOT_REFUSED, FIELD_TOO_LONG, ROW_TOO_LONG, TOO_MANY_COLUMNS, QUOTE_NOT_CLOSED };

// The record that is being read.
struct reading {
    struct record record;
    int columns; // how many fields it has so far
    bool plain;  // its bytes so far are ASCII and not NUL
    enum refusal refusal;
};

struct scanner {
    const struct scan *scan;
    const struct reader *reader;
    void *state;
    struct csv_parser parser;
    struct reading now;
    // What was looked at in advance, and whether it holds nothing but ASCII without NUL and CR.
    size_t window, window_end;
    bool simple;
};

static struct scanner *scanner_new(struct arena *a, const struct scan *s,
                                   const struct reader *reader) {
    struct scanner *p = arena_alloc(a, sizeof *p);
    p->scan = s;
    p->reader = reader;
    parser_open(&p->parser, a, s->delimiter);
    return p;
}

static void flaw(struct scanner *p, enum fault fault, int column) {
    if (p->now.record.fault)
        return;
    p->now.record.fault = fault;
    p->now.record.column = column;
}

static void check_text(struct scanner *p, struct str text) {
    if (memchr(text.p, '\0', text.n))
        return flaw(p, FAULT_NUL, p->now.columns);
    for (size_t n; text.n > 0; text.p += n, text.n -= n) {
        n = str_utf8(text);
        if (n == 0)
            return flaw(p, FAULT_UTF8, p->now.columns);
    }
}

static void on_field(void *bytes, size_t n, void *arg) {
    struct scanner *p = arg;
    struct str text = {bytes, n};
    if (!p->now.plain && n > 0)
        check_text(p, text);
    if (p->now.columns < p->scan->columns)
        p->reader->field(p->state, p->now.columns, text);
    if (++p->now.columns > SCAN_COLUMNS_MAX)
        p->now.refusal = TOO_MANY_COLUMNS;
}

static void on_record(int terminator, void *arg) {
    struct scanner *p = arg;
    (void)terminator;
    if (p->now.columns < p->scan->columns)
        flaw(p, FAULT_FEW, 0);
    else if (p->now.columns > p->scan->columns)
        flaw(p, FAULT_MANY, p->scan->columns);
    p->reader->record(p->state, &p->now.record);
}

static bool is_plain(const char *bytes, size_t n) {
    const unsigned char *p = (const unsigned char *)bytes;
    unsigned char odd = 0;
    for (size_t i = 0; i < n; i++)
        odd |= p[i] == 0 || p[i] >= 0x80;
    return !odd;
}

// Looks no further than the longest row, so that a file without lines is not searched for each
// chunk anew.
size_t scan_line_end(struct str text, size_t at) {
    const char *p = text.p + at;
    size_t left = text.n - at, n = left > ROW_MAX + 1 ? ROW_MAX + 1 : left;
    const char *lf = memchr(p, '\n', n);
    n = lf ? (size_t)(lf - p) + 1 : n;
    const char *cr = memchr(p, '\r', n);
    if (cr && cr + 1 < p + n && cr[1] != '\n')
        n = (size_t)(cr - p) + 1;
    return at + n;
}

// Where the line at `at` ends, and whether it is ASCII and has no NUL. In most files that is so of
// whole windows, which are quickly looked through at once.
static size_t line_end(struct scanner *p, size_t at, bool *plain) {
    struct str text = p->scan->text;
    if (at < p->window || at >= p->window_end) {
        size_t n = text.n - at < WINDOW ? text.n - at : WINDOW;
        p->window = at;
        p->window_end = at + n;
        p->simple = is_plain(text.p + at, n) && !memchr(text.p + at, '\r', n);
    }
    const char *lf = p->simple ? memchr(text.p + at, '\n', p->window_end - at) : NULL;
    size_t end = lf ? (size_t)(lf - text.p) + 1 : scan_line_end(text, at);
    *plain = lf || is_plain(text.p + at, end - at);
    return end;
}

// Breaks off the record and says where to go on.
static size_t broken(struct scanner *p) {
    parser_reset(&p->parser);
    p->now.record.fault = FAULT_NONE;
    flaw(p, FAULT_QUOTE, p->now.columns);
    p->reader->record(p->state, &p->now.record);
    return scan_line_end(p->scan->text, p->now.record.at);
}

// Reads the line at `at` and says where to go on.
static size_t read_line(struct scanner *p, size_t at) {
    struct str text = p->scan->text;
    bool plain;
    size_t end = line_end(p, at, &plain);
    if (parser_between_records(&p->parser))
        p->now = (struct reading){.record.at = at, .plain = true};
    if (end - p->now.record.at > ROW_MAX) {
        p->now.refusal = ROW_TOO_LONG;
        return at;
    }
    p->now.plain = p->now.plain && plain;
    size_t used = csv_parse(&p->parser, text.p + at, end - at, on_field, on_record, p);
    if (used == end - at)
        return end;
    if (csv_error(&p->parser) == CSV_EPARSE)
        return broken(p);
    p->now.refusal = FIELD_TOO_LONG;
    return at;
}

// Reads the records that begin before `limit` and returns where the last of them ends.
static size_t read_until(struct scanner *p, size_t at, size_t limit) {
    while (!p->now.refusal && (at < limit || !parser_between_records(&p->parser))) {
        if (at < p->scan->text.n)
            at = read_line(p, at);
        else if (csv_fini(&p->parser, on_field, on_record, p) != 0)
            p->now.refusal = QUOTE_NOT_CLOSED;
    }
    return at;
}

// ---- refusals -----------------------------------------------------------------------------

struct place scan_place(const struct scan *s, size_t at) {
    struct place place = {s->file, 1, 1};
    const char *line = s->text.p, *end = s->text.p + at;
    for (const char *lf; (lf = memchr(line, '\n', (size_t)(end - line))); line = lf + 1)
        place.line++;
    place.column += end - line;
    return place;
}

static enum status refuse(struct arena *a, const struct scan *s, const struct reading *r,
                          struct err *err) {
    if (r->refusal == NOT_REFUSED)
        return DONE;
    struct record field = {.at = r->record.at, .column = r->columns};
    struct place row = scan_place(s, r->record.at);
    struct place at = scan_place(s, trace_record(tracer_new(a, s), &field).at);
    switch (r->refusal) {
    case NOT_REFUSED: break;
    case FIELD_TOO_LONG:
        return err_at(err, REFUSED, at, "this field is over 1 MB; is its quote never closed?");
    case ROW_TOO_LONG:
        return err_at(err, REFUSED, row,
                      "this row is over 16 MB; is it a CSV file, and is every quote closed?");
    case TOO_MANY_COLUMNS:
        return err_at(err, REFUSED, row, "this row has more than %d columns; is it a CSV file?",
                      SCAN_COLUMNS_MAX);
    case QUOTE_NOT_CLOSED:
        return err_at(err, REFUSED, at,
                      "the quote that opens here is never closed; close it, or remove it");
    }
    return DONE;
}

// ---- chunks -------------------------------------------------------------------------------

struct chunk {
    void *state; // NULL: no record begins in it
    size_t start, end;
    struct reading refused; // with NOT_REFUSED: it was not
};

struct scanning {
    const struct scan *scan;
    const struct reader *reader;
    const struct host *host;
    struct scanner **scanners; // one a worker
    size_t size, n;
    struct chunk *chunk;
};

static size_t chunk_limit(const struct scanning *g, size_t i) {
    size_t left = g->scan->text.n - g->scan->start;
    return g->scan->start + (i + 1 < g->n ? (i + 1) * g->size : left);
}

// The first start of a line in [begin, limit); limit if there is none.
static size_t line_start(struct str text, size_t begin, size_t limit) {
    const char *lf = memchr(text.p + begin - 1, '\n', limit - begin);
    return lf ? (size_t)(lf - text.p) + 1 : limit;
}

static void read_chunk(struct scanner *p, int worker, size_t start, size_t limit,
                       struct chunk *chunk) {
    parser_reset(&p->parser);
    p->now = (struct reading){0};
    p->state = p->reader->open(p->reader->arg, worker);
    size_t end = read_until(p, start, limit);
    if (p->reader->close)
        p->reader->close(p->state);
    *chunk = (struct chunk){p->state, start, end, p->now};
}

static enum status guess_chunk(struct task *t, struct err *err) {
    (void)err;
    struct scanning *g = t->arg;
    const struct scan *s = g->scan;
    struct scanner **scanner = &g->scanners[t->worker];
    size_t limit = chunk_limit(g, t->index), start = s->start;
    if (t->index > 0)
        start = line_start(s->text, chunk_limit(g, t->index - 1), limit);
    if (t->worker == 0)
        host_progress(g->host, s->file, (double)t->index / (double)g->n);
    if (start == limit)
        return DONE;
    if (!*scanner)
        *scanner = scanner_new(t->arena, s, g->reader);
    read_chunk(*scanner, t->worker, start, limit, &g->chunk[t->index]);
    return DONE;
}

// Follows the records through the chunks, and reads again those that were guessed wrong.
static enum status verify(struct arena *a, struct scanning *g, void **states, size_t *n,
                          struct err *err) {
    struct scanner *scanner = NULL;
    size_t at = g->scan->start;
    for (size_t i = 0; i < g->n; i++) {
        struct chunk *chunk = &g->chunk[i];
        size_t limit = chunk_limit(g, i);
        if (at >= limit)
            continue;
        if (!chunk->state || chunk->start != at) {
            if (!scanner)
                scanner = scanner_new(a, g->scan, g->reader);
            read_chunk(scanner, 0, at, limit, chunk);
        }
        TRY(refuse(a, g->scan, &chunk->refused, err));
        at = chunk->end;
        states[(*n)++] = chunk->state;
    }
    return DONE;
}

enum status scan_run(struct arena *a, const struct host *host, const struct scan *s,
                     const struct reader *reader, void ***states, size_t *n, struct err *err) {
    struct arena *scratch = arena_child(a);
    struct scanning g = {s, reader, host, .size = s->chunk ? s->chunk : CHUNK};
    g.n = (s->text.n - s->start + g.size - 1) / g.size;
    g.chunk = arena_array(scratch, g.n, sizeof *g.chunk);
    g.scanners = arena_array(scratch, (size_t)host->threads, sizeof *g.scanners);
    *states = arena_array(a, g.n, sizeof **states);
    *n = 0;
    TRY(parallel_run(host, g.n, guess_chunk, &g, err));
    TRY(verify(scratch, &g, *states, n, err));
    arena_free(scratch);
    return DONE;
}

// ---- the header ---------------------------------------------------------------------------

struct names {
    struct arena *arena;
    struct str *name;
    int n;
    struct record record;
    bool done;
};

static void name_field(void *state, int column, struct str text) {
    struct names *names = state;
    (void)column;
    if (names->n % 64 == 0)
        names->name = arena_resize(names->arena, names->name, (size_t)names->n * sizeof text,
                                   (size_t)(names->n + 64) * sizeof text);
    names->name[names->n++] = (struct str){arena_copy(names->arena, text.p, text.n), text.n};
}

static void name_record(void *state, const struct record *r) {
    struct names *names = state;
    names->record = *r;
    names->done = true;
}

enum status scan_header(struct arena *a, struct scan *s, struct str **out, struct err *err) {
    struct names names = {.arena = a};
    struct reader reader = {.field = name_field, .record = name_record};
    s->columns = SCAN_COLUMNS_MAX;
    struct arena *scratch = arena_child(a);
    struct scanner *p = scanner_new(scratch, s, &reader);
    p->state = &names;
    while (!names.done && !p->now.refusal && s->start < s->text.n)
        s->start = read_until(p, s->start, s->start + 1);
    TRY(refuse(scratch, s, &p->now, err));
    enum fault fault = names.record.fault;
    if (fault == FAULT_QUOTE || fault == FAULT_NUL || fault == FAULT_UTF8) {
        struct trace t = trace_record(tracer_new(scratch, s), &names.record);
        return err_at(err, REFUSED, scan_place(s, t.at), "%s in the header; %s", fault_name(fault),
                      fault_help(fault));
    }
    arena_free(scratch);
    s->header = names.record.at;
    s->columns = names.n;
    *out = names.name;
    return DONE;
}
