// JSON objects through yajl, which is fed a line, or all of an array from some record on, and calls
// back for every token. It is lax in what it lets pass in strings (half surrogates become '?', and
// overlong UTF-8 stays), so each record's bytes are looked through for that once more.
//
// An object stands for a row: keys are columns, null and a key that is absent are empty fields, and
// every other plain value is the field that a CSV file would have.
#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "load/front.h"
#include "load/parser.h"
#include "load/plain.h"

enum {
    TEXT_MAX = 200, // bytes of a field that a message can want
    PIECE = 16 << 20,
};

struct objects {
    struct arena *arena, *parsing; // the second is the parser's, and goes with it
    const struct scan *scan;
    const struct reader *reader;
    void *state;
    yajl_handle parser;
    struct refusal *refusal;
    size_t base, last; // where begins what the parser is fed, and where its last token ended
    size_t limit;      // records begin before
    int depth, floor;  // how deep we are, and how deep records lie
    struct record record;
    size_t record_end, flaw_at;
    bool in_record, is_object, ended; // ended: the line's record did
    int key, column;                  // of the last key; column is -1 if its value is of no use
    int found;                        // columns that this record has
    uint32_t serial, *seen;           // seen: by column, the serial of the last record with it
    int wanted;                       // of a trace: which field
    struct trace trace;
    char text[TEXT_MAX], why[TEXT_MAX];
};

static void flaw(struct objects *p, enum fault fault, int column, size_t at) {
    if (p->record.fault)
        return;
    p->record.fault = fault;
    p->record.column = column;
    p->flaw_at = at;
}

// Says why it cannot go on, and stops the parser.
static int refuse(struct objects *p, size_t at, const char *why) {
    p->refusal->at = at < p->scan->text.n ? at : p->scan->text.n;
    snprintf(p->refusal->text, sizeof p->refusal->text, "%s", why);
    return 0;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Where the token begins that the parser is at.
static size_t token(const struct objects *p) {
    struct str text = p->scan->text;
    size_t at = p->last;
    while (at < text.n && (is_blank(text.p[at]) || text.p[at] == ',' || text.p[at] == ':'))
        at++;
    return at;
}

static int passed(struct objects *p) {
    p->last = p->base + yajl_get_bytes_consumed(p->parser);
    if (p->in_record && p->last - p->record.at > RECORD_MAX)
        return refuse(p, p->record.at, "this row is over 16 MB; is every bracket closed?");
    return 1;
}

// ---- records ------------------------------------------------------------------------------

static int begin_record(struct objects *p) {
    size_t at = token(p);
    if (at >= p->limit || p->ended)
        return 0;
    p->record = (struct record){.at = at};
    p->in_record = true;
    p->is_object = false;
    p->key = p->column = -1;
    p->found = 0;
    p->serial++;
    return 1;
}

static void check_utf8(struct objects *p, struct str text) {
    for (size_t n; text.n > 0; text = (struct str){text.p + n, text.n - n}) {
        n = (unsigned char)*text.p < 0x80 ? 1 : str_utf8(text);
        if (n == 0)
            return flaw(p, p->scan->decoded ? FAULT_ENCODING : FAULT_UTF8, 0,
                        (size_t)(text.p - p->scan->text.p));
    }
}

static unsigned hex(const char *p) {
    unsigned x = 0;
    for (int i = 0; i < 4; i++)
        x = x << 4 | ((unsigned)p[i] <= '9' ? (unsigned)p[i] - '0' : ((unsigned)p[i] & 7) + 9);
    return x;
}

// The parser has seen that every escape is whole; a backslash stands nowhere else.
static void check_escapes(struct objects *p, struct str text) {
    const char *end = text.p + text.n, *at = text.p;
    while ((at = memchr(at, '\\', (size_t)(end - at)))) {
        size_t place = (size_t)(at - p->scan->text.p);
        if (at[1] != 'u') {
            at += 2;
            continue;
        }
        unsigned code = hex(at + 2);
        at += 6;
        if (code == 0)
            return flaw(p, FAULT_NUL, 0, place);
        if (code < 0xd800 || code > 0xdfff)
            continue;
        if (code > 0xdbff || at[0] != '\\' || at[1] != 'u' || (hex(at + 2) & 0xfc00) != 0xdc00)
            return flaw(p, FAULT_SURROGATE, 0, place);
        at += 6;
    }
}

static void give_record(struct objects *p, size_t end) {
    struct str text = {p->scan->text.p + p->record.at, end - p->record.at};
    if (!p->record.fault) {
        check_utf8(p, text);
        check_escapes(p, text);
    }
    for (int i = 0; i < p->scan->columns && p->found < p->scan->columns; i++)
        if (p->seen[i] != p->serial)
            p->reader->field(p->state, i, STR(""));
    p->reader->record(p->state, &p->record);
    p->in_record = false;
    p->record_end = end;
}

// Of an array's record, which begins on one line with nothing else, that is said when the line
// ends: something may follow.
static void end_record(struct objects *p) {
    if (p->floor > 0)
        give_record(p, p->last);
    else
        p->ended = true;
}

// ---- tokens -------------------------------------------------------------------------------

static bool in_row(const struct objects *p) {
    return p->depth == p->floor + 1 && p->is_object;
}

static int on_value(struct objects *p, struct str text) {
    if (text.n > PARSER_FIELD_MAX)
        return refuse(p, token(p), "this value is over 1 MB; is its quote never closed?");
    if (p->depth == p->floor) {
        if (!begin_record(p))
            return 0;
        flaw(p, FAULT_OBJECT, 0, p->record.at);
        if (!passed(p))
            return 0;
        end_record(p);
        return 1;
    }
    if (in_row(p) && p->column >= 0) {
        if (p->column == p->wanted) {
            p->trace.at = token(p);
            p->trace.text = (struct str){p->text, text.n < TEXT_MAX ? text.n : TEXT_MAX};
            memcpy(p->text, text.p, p->trace.text.n);
        }
        p->reader->field(p->state, p->column, text);
    }
    return passed(p);
}

static int on_null(void *p) {
    return on_value(p, STR(""));
}

static int on_boolean(void *p, int is) {
    return on_value(p, is ? STR("true") : STR("false"));
}

static int on_number(void *ctx, const char *bytes, size_t n) {
    struct objects *p = ctx;
    struct str text = {bytes, n};
    char room[PLAIN_MAX], decimal = p->scan->decimal;
    return on_value(p, p->reader->spelled ? plain_spelling(text, decimal, room)
                                          : plain_number(text, decimal, room));
}

static int on_string(void *p, const unsigned char *bytes, size_t n) {
    return on_value(p, (struct str){(const char *)bytes, n});
}

// Keys mostly come in one order.
static int find_column(const struct objects *p, struct str key) {
    int next = p->key + 1;
    if (next < p->scan->columns && str_eq(intern_at(p->scan->names, next), key))
        return next;
    return intern_find(p->scan->names, key);
}

static int on_key(void *ctx, const unsigned char *bytes, size_t n) {
    struct objects *p = ctx;
    struct str key = {(const char *)bytes, n};
    if (!in_row(p))
        return passed(p);
    if (n > PARSER_FIELD_MAX)
        return refuse(p, token(p), "this key is over 1 MB; is its quote never closed?");
    if (p->reader->key) {
        p->reader->key(p->state, key, token(p));
        return passed(p);
    }
    p->column = find_column(p, key);
    if (p->column >= 0 && p->seen[p->column] == p->serial) {
        flaw(p, FAULT_REPEAT, p->column, token(p));
        p->column = -1;
    } else if (p->column >= 0) {
        p->seen[p->column] = p->serial;
        p->key = p->column;
        p->found++;
    }
    return passed(p);
}

static int open_bracket(struct objects *p, bool object) {
    bool is_record = p->depth == p->floor;
    if (is_record && !begin_record(p))
        return 0;
    if (is_record && !object)
        flaw(p, FAULT_OBJECT, 0, p->record.at);
    if (in_row(p) && p->column >= 0 && !(p->scan->ignored && p->scan->ignored[p->column]))
        flaw(p, FAULT_NESTED, p->column, token(p));
    if (is_record)
        p->is_object = object;
    p->depth++;
    return passed(p);
}

static int on_open_object(void *p) {
    return open_bracket(p, true);
}

static int on_open_array(void *p) {
    return open_bracket(p, false);
}

static int on_close(void *ctx) {
    struct objects *p = ctx;
    p->depth--;
    if (!passed(p))
        return 0;
    if (p->depth == p->floor)
        end_record(p);
    return 1;
}

// ---- the parser ---------------------------------------------------------------------------

// yajl does not look whether it was given memory; an arena's never fails.
static void *take(void *arena, size_t n) {
    size_t *block = arena_alloc(arena, n + 16);
    *block = n;
    return block + 2;
}

static void *grow(void *arena, void *old, size_t n) {
    void *block = take(arena, n);
    if (old)
        memcpy(block, old, ((size_t *)old)[-2] < n ? ((size_t *)old)[-2] : n);
    return block;
}

static void drop(void *arena, void *block) {
    (void)arena;
    (void)block;
}

// There is no other way to make a parser forget.
static void renew(struct objects *p) {
    static const yajl_callbacks callbacks = {
        .yajl_null = on_null,
        .yajl_boolean = on_boolean,
        .yajl_number = on_number,
        .yajl_string = on_string,
        .yajl_start_map = on_open_object,
        .yajl_map_key = on_key,
        .yajl_end_map = on_close,
        .yajl_start_array = on_open_array,
        .yajl_end_array = on_close,
    };
    arena_free(p->parsing);
    p->parsing = arena_child(p->arena);
    yajl_alloc_funcs memory = {take, grow, drop, p->parsing};
    p->parser = yajl_alloc(&callbacks, &memory, p);
    yajl_config(p->parser, yajl_dont_validate_strings, 1);
    if (p->floor == 0)
        yajl_config(p->parser, yajl_allow_multiple_values, 1);
    p->depth = 0;
    p->in_record = p->ended = false;
}

static yajl_status feed(struct objects *p, size_t at, size_t end) {
    p->base = at;
    return yajl_parse(p->parser, (const unsigned char *)p->scan->text.p + at, end - at);
}

// The parser looks for the end of a string in all that it is fed: so it is fed in pieces, and a
// quote that is never closed is not looked for by each chunk anew to the end of the file.
static yajl_status feed_pieces(struct objects *p, size_t at, size_t end) {
    yajl_status status = yajl_status_ok;
    p->last = at;
    while (status == yajl_status_ok && at < end) {
        size_t to = end - at < PIECE ? end : at + PIECE;
        status = feed(p, at, to);
        p->last = token(p);
        if (status == yajl_status_ok && p->last < to && to - p->last > RECORD_MAX) {
            refuse(p, p->last, "this value is over 1 MB; is its quote never closed?");
            status = yajl_status_client_canceled;
        }
        at = to;
    }
    return status;
}

// What the parser has to say: "parse error: after key ...", and a line end.
static void complain(struct objects *p) {
    size_t consumed = yajl_get_bytes_consumed(p->parser); // with the token that does not fit
    p->flaw_at = p->base + (consumed > 0 ? consumed - 1 : 0);
    const char *text = (const char *)yajl_get_error(p->parser, 0, NULL, 0);
    const char *colon = strstr(text, ": ");
    text = colon ? colon + 2 : text;
    snprintf(p->why, sizeof p->why, "near here: %.*s", (int)strcspn(text, ".\n"), text);
}

static void *open_front(struct arena *a, const struct scan *s, const struct reader *reader,
                        int floor) {
    struct objects *p = arena_alloc(a, sizeof *p);
    p->arena = a;
    p->scan = s;
    p->reader = reader;
    p->seen = arena_array(a, (size_t)s->columns, sizeof *p->seen);
    p->wanted = -1;
    p->floor = floor;
    p->limit = s->text.n;
    renew(p);
    return p;
}

// ---- an object a line ---------------------------------------------------------------------

static size_t guess_line(const struct scan *s, size_t begin, size_t limit) {
    const char *lf = memchr(s->text.p + begin - 1, '\n', limit - begin);
    return lf ? (size_t)(lf - s->text.p) + 1 : limit;
}

static void *open_lines(struct arena *a, const struct scan *s, const struct reader *reader) {
    return open_front(a, s, reader, 0);
}

static void read_line(struct objects *p, size_t at, size_t end) {
    size_t begin = at;
    while (begin < end && is_blank(p->scan->text.p[begin]))
        begin++;
    if (begin == end)
        return;
    p->ended = false;
    p->record = (struct record){.at = begin};
    p->last = at;
    yajl_status status = feed(p, at, end);
    if (*p->refusal->text)
        return;
    bool broken = status != yajl_status_ok || !p->ended;
    if (broken) {
        p->record = (struct record){.at = begin};
        flaw(p, FAULT_JSON, 0, p->ended ? token(p) : p->last);
        snprintf(p->why, sizeof p->why, "%s",
                 p->ended ? "a line must hold one object only" : "the object must end on its line");
        if (status == yajl_status_error)
            complain(p);
    }
    give_record(p, end);
    if (broken)
        renew(p);
}

static size_t read_lines(void *own, void *state, size_t at, size_t limit, struct refusal *refusal) {
    struct objects *p = own;
    struct str text = p->scan->text;
    p->state = state;
    p->refusal = refusal;
    while (at < limit && !*refusal->text) {
        size_t left = text.n - at, most = left > RECORD_MAX + 1 ? RECORD_MAX + 1 : left;
        const char *lf = memchr(text.p + at, '\n', most);
        size_t end = lf ? (size_t)(lf - text.p) + 1 : at + most;
        if (end - at > RECORD_MAX)
            refuse(p, at, "this line is over 16 MB; does every object stand on a line of its own?");
        else
            read_line(p, at, end);
        at = end;
    }
    return at;
}

// ---- an array -----------------------------------------------------------------------------

// A bracket behind a comma: in a nested value or a string it is found wrong afterwards.
static size_t guess_object(const struct scan *s, size_t begin, size_t limit) {
    for (size_t at = begin; at < limit; at++) {
        const char *bracket = memchr(s->text.p + at, '{', limit - at);
        if (!bracket)
            break;
        at = (size_t)(bracket - s->text.p);
        const char *before = bracket - 1;
        while (before > s->text.p && is_blank(*before))
            before--;
        if (*before == ',')
            return at;
    }
    return limit;
}

static void *open_array(struct arena *a, const struct scan *s, const struct reader *reader) {
    return open_front(a, s, reader, 1);
}

static size_t read_array(void *own, void *state, size_t at, size_t limit, struct refusal *refusal) {
    struct objects *p = own;
    size_t end = p->scan->text.n;
    p->state = state;
    p->refusal = refusal;
    p->limit = limit;
    renew(p);
    yajl_parse(p->parser, (const unsigned char *)"[", 1);
    yajl_status status = feed_pieces(p, at, end);
    if (*refusal->text)
        return end;
    if (status == yajl_status_client_canceled)
        return token(p);
    if (status == yajl_status_error) {
        complain(p);
        refuse(p, p->flaw_at, p->why);
    } else if (p->depth > 0) {
        refuse(p, end, "the file ends before its array does: is it cut off?");
    }
    return end;
}

// ---- traces -------------------------------------------------------------------------------

static void no_field(void *state, int column, struct str text) {
    (void)state;
    (void)column;
    (void)text;
}

static void no_record(void *state, const struct record *r) {
    (void)state;
    (void)r;
}

static const struct reader nobody = {.field = no_field, .record = no_record};

static void *open_trace_lines(struct arena *a, const struct scan *s) {
    return open_front(a, s, &nobody, 0);
}

static void *open_trace_array(struct arena *a, const struct scan *s) {
    return open_front(a, s, &nobody, 1);
}

// Reads the record again: places are known while that is done.
static struct trace trace(void *own, const struct record *r) {
    struct objects *p = own;
    struct refusal none = {0};
    p->wanted = r->column;
    p->trace = (struct trace){.at = r->at, .why = r->fault == FAULT_JSON ? p->why : NULL};
    if (p->floor == 0)
        read_lines(p, NULL, r->at, r->at + 1, &none);
    else
        read_array(p, NULL, r->at, r->at + 1, &none);
    if (r->fault < FAULT_EMPTY)
        p->trace.at = p->flaw_at;
    p->trace.end = p->record_end;
    return p->trace;
}

const struct front front_lines = {guess_line, open_lines, read_lines, open_trace_lines, trace};
const struct front front_array = {guess_object, open_array, read_array, open_trace_array, trace};
