// A record of CSV, read byte by byte.
#include "load/csv.h"

#include <string.h>

#include "load/parser.h"

enum { TEXT_MAX = 200 }; // bytes of a field that a message can want

struct csv_tracer {
    const struct scan *scan;
    struct csv_parser parser;
    int wanted, columns; // the column that is looked for; how many have ended
    bool ended;
    char text[TEXT_MAX];
    size_t n;
};

void *csv_open_trace(struct arena *a, const struct scan *s) {
    struct csv_tracer *t = arena_alloc(a, sizeof *t);
    t->scan = s;
    parser_open(&t->parser, a, s->delimiter);
    return t;
}

static void on_field(void *bytes, size_t n, void *arg) {
    struct csv_tracer *t = arg;
    if (!bytes || t->columns++ != t->wanted)
        return;
    t->n = n < TEXT_MAX ? n : TEXT_MAX;
    memcpy(t->text, bytes, t->n);
}

static void on_record(int terminator, void *arg) {
    struct csv_tracer *t = arg;
    (void)terminator;
    t->ended = true;
}

struct trace csv_trace(void *own, const struct record *r) {
    struct csv_tracer *t = own;
    struct str text = t->scan->text;
    struct trace out = {.at = r->at};
    size_t at = r->at;
    parser_reset(&t->parser);
    t->wanted = r->column;
    t->columns = 0;
    t->n = 0;
    t->ended = false;
    for (; at < text.n && !t->ended; at++) {
        int columns = t->columns;
        if (csv_parse(&t->parser, text.p + at, 1, on_field, on_record, t) == 0)
            break;
        if (t->columns != columns && t->columns == t->wanted && !t->ended)
            out.at = at + 1;
    }
    while (t->scan->delimiter == ' ' && out.at < text.n && text.p[out.at] == ' ')
        out.at++;
    if (!t->ended)
        csv_fini(&t->parser, on_field, on_record, t);
    else if (at < text.n && text.p[at - 1] == '\r' && text.p[at] == '\n')
        at++;
    out.end = at;
    if (r->fault == FAULT_QUOTE) {
        out.at = at;
        out.end = scan_line_end(text, r->at);
    }
    out.text = (struct str){t->text, t->n};
    return out;
}
