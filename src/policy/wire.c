// The wire: one tag byte a value, then numbers in the machine's own layout (both ends are the same
// program) and bytes behind their length.
//
// Invariant of the reader: nothing is taken that is not there. A count is checked against the bytes
// left before anything is allocated for it, since every value takes one byte at least; the number
// of values is capped as well, since a value takes more memory than a byte.
#include "policy/wire.h"

#include <string.h>

enum tag {
    TAG_FALSE = 'f',
    TAG_TRUE = 't',
    TAG_INTEGER = 'i',
    TAG_NUMBER = 'n',
    TAG_STRING = 's',
    TAG_TABLE = 'T',
    TAG_WORD = 'W',
    TAG_FUNCTION = 'F',
};

void wire_head(struct buf *b, enum answer_kind kind, uint32_t number) {
    buf_char(b, (char)kind);
    wire_count(b, number);
}

void wire_boolean(struct buf *b, bool x) {
    buf_char(b, x ? TAG_TRUE : TAG_FALSE);
}

void wire_integer(struct buf *b, int64_t x) {
    buf_char(b, TAG_INTEGER);
    buf_put(b, (const char *)&x, sizeof x);
}

void wire_number(struct buf *b, double x) {
    buf_char(b, TAG_NUMBER);
    buf_put(b, (const char *)&x, sizeof x);
}

void wire_string(struct buf *b, struct str s) {
    buf_char(b, TAG_STRING);
    wire_bytes(b, s);
}

void wire_table(struct buf *b) {
    buf_char(b, TAG_TABLE);
}

void wire_word(struct buf *b, struct str name, uint32_t line, uint32_t arguments) {
    buf_char(b, TAG_WORD);
    wire_bytes(b, name);
    wire_count(b, line);
    wire_count(b, arguments);
}

void wire_function(struct buf *b, uint32_t line, uint32_t number, uint32_t parameters) {
    buf_char(b, TAG_FUNCTION);
    wire_count(b, line);
    wire_count(b, number);
    wire_count(b, parameters);
}

void wire_count(struct buf *b, uint32_t n) {
    buf_put(b, (const char *)&n, sizeof n);
}

void wire_bytes(struct buf *b, struct str s) {
    wire_count(b, (uint32_t)s.n);
    buf_str(b, s);
}

struct intake {
    struct arena *arena;
    const char *p;
    size_t left;
    int nodes; // how many more there may be
};

static bool take(struct intake *in, void *out, size_t n) {
    if (n > in->left)
        return false;
    memcpy(out, in->p, n);
    in->p += n;
    in->left -= n;
    return true;
}

static bool take_bytes(struct intake *in, struct str *out) {
    uint32_t n;
    if (!take(in, &n, sizeof n) || n > in->left)
        return false;
    *out = (struct str){in->p, n};
    in->p += n;
    in->left -= n;
    return true;
}

static bool take_line(struct intake *in, long *out) {
    uint32_t line;
    if (!take(in, &line, sizeof line) || line > INT32_MAX)
        return false;
    *out = (long)line;
    return true;
}

// The number of values that follow.
static bool take_count(struct intake *in, int *out) {
    uint32_t n;
    if (!take(in, &n, sizeof n) || n > in->left || n > (uint32_t)in->nodes)
        return false;
    in->nodes -= (int)n;
    *out = (int)n;
    return true;
}

static bool take_node(struct intake *in, struct node *out, int depth);

static bool take_items(struct intake *in, struct node *out, int depth) {
    if (!take_count(in, &out->items))
        return false;
    out->item = arena_array(in->arena, (size_t)out->items, sizeof *out->item);
    for (int i = 0; i < out->items; i++)
        if (!take_node(in, &out->item[i], depth))
            return false;
    return true;
}

static bool take_function(struct intake *in, struct node *out) {
    long number;
    out->kind = NODE_FUNCTION;
    if (!take_line(in, &out->line) || !take_line(in, &number) || !take_items(in, out, 1))
        return false;
    out->integer = number;
    for (int i = 0; i < out->items; i++)
        if (out->item[i].kind != NODE_STRING)
            return false;
    return true;
}

static bool take_fields(struct intake *in, struct node *out, int depth) {
    if (!take_count(in, &out->fields))
        return false;
    out->field = arena_array(in->arena, (size_t)out->fields, sizeof *out->field);
    for (int i = 0; i < out->fields; i++)
        if (!take_bytes(in, &out->field[i].name) || !take_node(in, &out->field[i].value, depth))
            return false;
    return true;
}

static bool take_node(struct intake *in, struct node *out, int depth) {
    char tag;
    if (depth == 0 || !take(in, &tag, 1))
        return false;
    switch (tag) {
    case TAG_FALSE:
    case TAG_TRUE:
        out->kind = NODE_BOOLEAN;
        out->boolean = tag == TAG_TRUE;
        return true;
    case TAG_INTEGER: out->kind = NODE_INTEGER; return take(in, &out->integer, sizeof out->integer);
    case TAG_NUMBER: out->kind = NODE_NUMBER; return take(in, &out->number, sizeof out->number);
    case TAG_STRING: out->kind = NODE_STRING; return take_bytes(in, &out->string);
    case TAG_TABLE:
        out->kind = NODE_TABLE;
        return take_items(in, out, depth - 1) && take_fields(in, out, depth - 1);
    case TAG_WORD:
        out->kind = NODE_WORD;
        return take_bytes(in, &out->string) && take_line(in, &out->line) &&
               take_items(in, out, depth - 1);
    case TAG_FUNCTION: return take_function(in, out);
    default: return false;
    }
}

static bool take_blocks(struct intake *in, struct answer *out) {
    if (!take_count(in, &out->blocks))
        return false;
    out->block = arena_array(in->arena, (size_t)out->blocks, sizeof *out->block);
    for (int i = 0; i < out->blocks; i++)
        if (!take_node(in, &out->block[i], WIRE_DEPTH) || out->block[i].kind != NODE_WORD)
            return false;
    return true;
}

bool wire_read(struct arena *a, struct str bytes, struct answer *out) {
    struct intake in = {.arena = a, .p = bytes.p, .left = bytes.n, .nodes = WIRE_NODES};
    char kind;
    bool good;
    *out = (struct answer){0};
    if (!take(&in, &kind, 1))
        return false;
    out->kind = (enum answer_kind)kind;
    switch (kind) {
    case ANSWER_BLOCKS: good = take_blocks(&in, out); break;
    case ANSWER_ERROR: good = take_line(&in, &out->line) && take_bytes(&in, &out->text); break;
    case ANSWER_LATE: good = take_line(&in, &out->line); break;
    default: return false;
    }
    return good && in.left == 0;
}
