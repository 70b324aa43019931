// Of a rejected row only its place and the fault are kept; what is said about it is read from the
// file again.
#include "load/report.h"

#include <string.h>

#include "base/json.h"
#include "load/trace.h"

enum { KEPT = 3 }; // rejects of each reason that are kept

struct reporter {
    struct arena *arena;
    const struct build *build;
    const struct description *description;
    const struct described_table *table;
    struct tracer *tracer;
    struct rejects *rejects;
    struct buf row; // for the rejects file
    size_t at;      // lines are counted up to here, the begin of a record ...
    long line;      // ... which stands on this one
    struct reject *kept;
    int n;
    int64_t count[FAULTS];
};

static long lines_between(struct str text, size_t from, size_t to) {
    long n = 0;
    for (size_t i = from; i < to; i++)
        n += text.p[i] == '\n';
    return n;
}

// The place of a byte in the record at r->at or behind it. Records come in file order, so lines are
// counted only once.
static struct place place_of(struct reporter *r, size_t record, size_t at) {
    struct str text = r->build->scan->text;
    r->line += lines_between(text, r->at, record);
    r->at = record;
    struct place place = {r->build->scan->file, r->line + lines_between(text, record, at), 1};
    const char *lf = memrchr(text.p, '\n', at);
    place.column = (long)(at - (lf ? (size_t)(lf - text.p) + 1 : 0)) + 1;
    return place;
}

// As much of a field as fits in a line of a message.
static int shown(struct str text) {
    int n = 0;
    for (size_t step; text.n > 0 && n < 60; n += (int)step) {
        step = str_utf8(text);
        if (step == 0 || (unsigned char)*text.p < ' ')
            break;
        text = (struct str){text.p + step, text.n - step};
    }
    return n;
}

// A word that says that there is no value, where that may be so: then no format or type is wrong.
static const char *advise(const struct reporter *r, const struct record *record, struct str text) {
    int word = missing_usual(text);
    if (word < 0 || record->fault < FAULT_INTEGER || record->fault > FAULT_LABEL ||
        r->build->plan[record->column].required)
        return fault_help(record->fault);
    struct buf entry = {.arena = r->arena};
    struct json j = {.out = &entry};
    json_key(&j, STR("missing"));
    json_open(&j, '[');
    json_str(&j, missing_word(word));
    json_close(&j, ']');
    return arena_printf(
        r->arena, "if there is no value, %s",
        description_advice(r->arena, r->description, r->table, buf_text(&entry), NULL));
}

static const char *describe(const struct reporter *r, const struct record *record, struct str text,
                            const char *why) {
    const char *name = fault_name(record->fault), *help = fault_help(record->fault);
    if (record->fault <= FAULT_RECORD)
        return arena_printf(r->arena, "%s; %s", name, why ? why : help);
    struct str header = r->table->column[record->column].header;
    if (record->fault < FAULT_EMPTY)
        return arena_printf(r->arena, "%.*s: %s; %s", (int)header.n, header.p, name, help);
    return arena_printf(r->arena, "%.*s '%.*s': %s; %s", (int)header.n, header.p, shown(text),
                        text.p, name, advise(r, record, text));
}

// A decoded row with what stood for no character as U+FFFD.
static struct str mended(struct reporter *r, struct str row) {
    r->row.n = 0;
    for (size_t i = 0; i < row.n; i++)
        if (row.p[i] == '\xff')
            buf_z(&r->row, "\xef\xbf\xbd");
        else
            buf_char(&r->row, row.p[i]);
    return (struct str){r->row.p, r->row.n};
}

static enum status report_record(struct reporter *r, const struct record *record, struct err *err) {
    bool keep = r->count[record->fault]++ < KEPT;
    if (!keep && !r->rejects)
        return DONE;
    const char *text = r->build->scan->text.p;
    struct trace t = trace_record(r->tracer, record);
    struct place at = place_of(r, record->at, t.at);
    const char *reason = fault_name(record->fault);
    if (keep)
        r->kept[r->n++] = (struct reject){at, reason, describe(r, record, t.text, t.why)};
    if (!r->rejects)
        return DONE;
    struct str row = {text + record->at, t.end - record->at};
    if (r->build->scan->decoded)
        row = mended(r, row);
    return rejects_write(r->rejects, at, reason, row, err);
}

static void take_counts(struct reporter *r, struct source *out) {
    out->reason = arena_array(r->arena, FAULTS, sizeof *out->reason);
    out->reason_count = arena_array(r->arena, FAULTS, sizeof *out->reason_count);
    for (int f = 0; f < FAULTS; f++) {
        if (r->count[f] == 0)
            continue;
        out->reason[out->reasons] = fault_name((enum fault)f);
        out->reason_count[out->reasons++] = r->count[f];
    }
    out->reject = r->kept;
    out->rejects = r->n;
}

// ---- notes --------------------------------------------------------------------------------

static void add_note(const struct host *host, struct source *out, const char *text) {
    out->note[out->notes++] = text;
    host_note(host, "%s: %s", out->file, text);
}

static void note_column(struct arena *a, const struct host *host, const struct build *b, int column,
                        struct source *out) {
    int64_t rounded = 0, timed = 0;
    struct str name = b->plan[column].name;
    for (size_t k = 0; k < b->pieces; k++) {
        rounded += b->piece[k]->cells[column].rounded;
        timed += b->piece[k]->cells[column].timed;
    }
    if (rounded)
        add_note(host, out,
                 arena_printf(a, "%.*s is rounded to %d decimals in %ld of %ld rows", (int)name.n,
                              name.p, b->plan[column].decimals, (long)rounded, (long)out->read));
    if (timed)
        add_note(host, out,
                 arena_printf(a, "%.*s: the time of day is dropped in %ld of %ld rows", (int)name.n,
                              name.p, (long)timed, (long)out->read));
}

static void take_notes(struct arena *a, const struct host *host, const struct build *b,
                       struct source *out) {
    out->note = arena_array(a, (size_t)b->columns * 2 + 4, sizeof *out->note);
    for (int i = 0; i < b->columns; i++)
        note_column(a, host, b, i, out);
    if (b->amount >= 0)
        add_note(host, out, "there is no amount; it is computed as quantity x price");
    if (b->numbered)
        add_note(host, out, "no column names the customer: rows are numbered");
    if (out->read == 0)
        add_note(host, out, "has a header and no rows");
    if (out->after_as_of)
        add_note(host, out,
                 arena_printf(a, "left out because they lie after the as-of date: %ld of %ld rows",
                              (long)out->after_as_of, (long)out->read));
}

// -------------------------------------------------------------------------------------------

static enum status report_rejects(struct reporter *r, struct err *err) {
    const struct build *b = r->build;
    for (size_t i = 0; i < b->pieces; i++)
        for (int64_t k = 0; k < b->piece[i]->rejects; k++)
            TRY(report_record(r, &b->piece[i]->reject[k], err));
    return DONE;
}

static enum status refuse_all(const struct reporter *r, const struct description *d,
                              struct err *err) {
    const char *advice = "";
    if (r->count[FAULT_SIGN] > 0)
        advice = description_advice(r->arena, d, r->table,
                                    d->decimal == ',' ? "\"decimal\": \".\"" : "\"decimal\": \",\"",
                                    NULL);
    return err_at(err, REFUSED, r->kept[0].at,
                  "no row of this file can be used, the first for this reason: %s%s%s",
                  r->kept[0].text, *advice ? ": " : "", advice);
}

enum status report_table(struct arena *a, const struct host *host, const struct build *b,
                         const struct description *d, const struct described_table *t, bool strict,
                         struct rejects *rejects, struct source *out, struct err *err) {
    struct arena *scratch = arena_child(a);
    struct reporter r = {a, b, d, t, tracer_new(scratch, b->scan), rejects, {scratch}, 0, 1};
    r.kept = arena_array(a, FAULTS * KEPT, sizeof *r.kept);
    *out = (struct source){
        .file = t->file,
        .table = arena_copy(a, t->name.p, t->name.n),
        .content = b->scan->content,
    };
    for (size_t i = 0; i < b->pieces; i++) {
        out->read += b->piece[i]->read;
        out->rejected += b->piece[i]->rejects;
        out->after_as_of += b->piece[i]->after_as_of;
    }
    out->accepted = out->read - out->rejected;
    TRY(report_rejects(&r, err));
    take_counts(&r, out);
    if (strict && out->rejected > 0)
        return err_at(err, REFUSED, r.kept[0].at, "%s", r.kept[0].text);
    if (out->read > 0 && out->accepted == 0)
        return refuse_all(&r, d, err);
    take_notes(a, host, b, out);
    arena_free(scratch);
    return DONE;
}
