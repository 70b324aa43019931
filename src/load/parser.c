#include "load/parser.h"

// The buffer is as large as the largest field from the start, so it never grows.
static void *no_more(void *block, size_t size) {
    (void)block;
    (void)size;
    return NULL;
}

void parser_open(struct csv_parser *p, struct arena *a, char delimiter) {
    csv_init(p, CSV_STRICT | CSV_STRICT_FINI | (delimiter == ' ' ? CSV_EMPTY_IS_NULL : 0));
    csv_set_delim(p, (unsigned char)delimiter);
    csv_set_realloc_func(p, no_more);
    p->entry_size = PARSER_FIELD_MAX + 2; // a closing quote stands in the buffer for a moment
    p->entry_buf = arena_alloc(a, p->entry_size);
}

// libcsv's ROW_NOT_BEGUN, which csv.h does not name; csv_init sets it.
enum { ROW_NOT_BEGUN = 0 };

// csv_fini does not: it leaves an unclosed quote open.
void parser_reset(struct csv_parser *p) {
    p->pstate = ROW_NOT_BEGUN;
    p->quoted = p->status = 0;
    p->spaces = p->entry_pos = 0;
}

bool parser_between_records(const struct csv_parser *p) {
    return p->pstate == ROW_NOT_BEGUN;
}
