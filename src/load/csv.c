// libcsv is fed a line at a time, so a record's place is known without counting anything. After an
// error in a record, reading resumes on the line behind the one where the record began: a stray
// quote costs one row, not all rows up to the next quote. (This stays linear: quotes that open on
// two different lines and stay open pair up, so that no line is read more than three times.)
#include "load/csv.h"

#include <stdio.h>
#include <string.h>

#include "load/front.h"
#include "load/parser.h"

enum { WINDOW = 64 << 10 };

enum stop { NOT_STOPPED, FIELD_TOO_LONG, ROW_TOO_LONG, TOO_MANY_COLUMNS, QUOTE_NOT_CLOSED };

// The record that is being read.
struct reading {
    struct record record;
    int columns; // how many fields it has so far
    bool plain;  // its bytes so far are ASCII and not NUL
    enum stop stop;
};

struct scanner {
    struct arena *arena;
    const struct scan *scan;
    const struct reader *reader;
    void *state;
    struct csv_parser parser;
    struct reading now;
    // What was looked at in advance, and whether it holds nothing but ASCII without NUL and CR.
    size_t window, window_end;
    bool simple;
};

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
            return flaw(p, p->scan->decoded ? FAULT_ENCODING : FAULT_UTF8, p->now.columns);
    }
}

static void on_field(void *bytes, size_t n, void *arg) {
    struct scanner *p = arg;
    struct str text = {bytes, n};
    if (!bytes)
        return;
    if (!p->now.plain && n > 0)
        check_text(p, text);
    if (p->now.columns < p->scan->columns)
        p->reader->field(p->state, p->now.columns, text);
    if (++p->now.columns > SCAN_COLUMNS_MAX)
        p->now.stop = TOO_MANY_COLUMNS;
}

static void on_record(int terminator, void *arg) {
    struct scanner *p = arg;
    (void)terminator;
    if (p->now.columns == 0)
        return; // a line of nothing but delimiting blanks
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
    if (end - p->now.record.at > RECORD_MAX) {
        p->now.stop = ROW_TOO_LONG;
        return at;
    }
    p->now.plain = p->now.plain && plain;
    size_t used = csv_parse(&p->parser, text.p + at, end - at, on_field, on_record, p);
    if (used == end - at)
        return end;
    if (csv_error(&p->parser) == CSV_EPARSE)
        return broken(p);
    p->now.stop = FIELD_TOO_LONG;
    return at;
}

// Reads the records that begin before `limit` and returns where the last of them ends.
static size_t read_until(struct scanner *p, size_t at, size_t limit) {
    while (!p->now.stop && (at < limit || !parser_between_records(&p->parser))) {
        if (at < p->scan->text.n)
            at = read_line(p, at);
        else if (csv_fini(&p->parser, on_field, on_record, p) != 0)
            p->now.stop = QUOTE_NOT_CLOSED;
    }
    return at;
}

// ---- refusals -----------------------------------------------------------------------------

// Where the field begins that the reader is in.
static size_t field_place(const struct scanner *p) {
    struct arena *a = arena_child(p->arena);
    struct record r = {.at = p->now.record.at, .column = p->now.columns};
    size_t at = csv_trace(csv_open_trace(a, p->scan), &r).at;
    arena_free(a);
    return at;
}

static void refuse(const struct scanner *p, struct refusal *out) {
    const char *why = "";
    out->at = p->now.record.at;
    switch (p->now.stop) {
    case NOT_STOPPED: return;
    case FIELD_TOO_LONG:
        out->at = field_place(p);
        why = "this field is over 1 MB; is its quote never closed?";
        break;
    case ROW_TOO_LONG:
        why = "this row is over 16 MB; is it a CSV file, and is every quote closed?";
        break;
    case TOO_MANY_COLUMNS: why = "this row has more than 4096 columns; is it a CSV file?"; break;
    case QUOTE_NOT_CLOSED:
        out->at = field_place(p);
        why = "the quote that opens here is never closed; close it, or remove it";
        break;
    }
    snprintf(out->text, sizeof out->text, "%s", why);
}

// ---- the front ----------------------------------------------------------------------------

// The first start of a line.
static size_t csv_guess(const struct scan *s, size_t begin, size_t limit) {
    const char *lf = memchr(s->text.p + begin - 1, '\n', limit - begin);
    return lf ? (size_t)(lf - s->text.p) + 1 : limit;
}

static void *csv_open(struct arena *a, const struct scan *s, const struct reader *reader) {
    struct scanner *p = arena_alloc(a, sizeof *p);
    p->arena = a;
    p->scan = s;
    p->reader = reader;
    parser_open(&p->parser, a, s->delimiter);
    return p;
}

static size_t csv_read(void *own, void *state, size_t at, size_t limit, struct refusal *refusal) {
    struct scanner *p = own;
    parser_reset(&p->parser);
    p->now = (struct reading){0};
    p->state = state;
    at = read_until(p, at, limit);
    refuse(p, refusal);
    return at;
}

const struct front front_csv = {csv_guess, csv_open, csv_read, csv_open_trace, csv_trace};

// ---- the header ---------------------------------------------------------------------------

struct names {
    struct arena *arena;
    struct str *name;
    int n, size;
    struct record record;
    bool done;
};

static void name_field(void *state, int column, struct str text) {
    struct names *names = state;
    (void)column;
    names->name = arena_more(names->arena, names->name, names->n, &names->size, sizeof text);
    names->name[names->n++] = (struct str){arena_copy(names->arena, text.p, text.n), text.n};
}

static void name_record(void *state, const struct record *r) {
    struct names *names = state;
    names->record = *r;
    names->done = true;
}

enum status csv_names(struct arena *a, struct scan *s, struct str **out, struct err *err) {
    struct names names = {.arena = a};
    struct reader reader = {.field = name_field, .record = name_record};
    struct refusal refusal = {0};
    struct arena *scratch = arena_child(a);
    s->columns = SCAN_COLUMNS_MAX;
    void *own = csv_open(scratch, s, &reader);
    while (!names.done && !*refusal.text && s->start < s->text.n)
        s->start = csv_read(own, &names, s->start, s->start + 1, &refusal);
    if (*refusal.text)
        return err_at(err, REFUSED, scan_place(s, refusal.at), "%s", refusal.text);
    enum fault fault = names.record.fault;
    if (fault == FAULT_QUOTE || fault == FAULT_NUL || fault == FAULT_UTF8 ||
        fault == FAULT_ENCODING) {
        struct trace t = csv_trace(csv_open_trace(scratch, s), &names.record);
        return err_at(err, REFUSED, scan_place(s, t.at), "%s in the header; %s", fault_name(fault),
                      fault_help(fault));
    }
    arena_free(scratch);
    s->header = names.record.at;
    s->columns = names.n;
    *out = names.name;
    return DONE;
}
