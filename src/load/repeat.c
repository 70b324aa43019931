// The loaded rows do not know their lines; so the file is read once more for the two that are
// wanted.
#include "load/repeat.h"

struct seeker {
    int column;
    struct str id;
    bool here;    // in the record that is being read
    size_t at[2]; // where the first two records with it begin
    int n;
};

static void *open_seeker(void *arg, int worker) {
    (void)worker;
    return arg;
}

static void seek_field(void *state, int column, struct str text) {
    struct seeker *s = state;
    if (column == s->column)
        s->here = str_eq(text, s->id);
}

static void seek_record(void *state, const struct record *r) {
    struct seeker *s = state;
    if (s->here && !r->fault && s->n < 2)
        s->at[s->n++] = r->at;
    s->here = false;
}

enum status repeat_refuse(struct arena *a, const struct scan *s, int column, struct str id,
                          struct err *err) {
    struct seeker seeker = {.column = column, .id = id};
    struct reader reader = {&seeker, open_seeker, seek_field, seek_record};
    struct host alone = {.threads = 1};
    struct scan whole = *s;
    void **states;
    size_t n;
    whole.chunk = s->text.n; // one pass
    TRY(scan_run(a, &alone, &whole, &reader, &states, &n, err));
    return err_at(err, REFUSED, scan_place(s, seeker.at[1]),
                  "customer '%.*s' stands here for the second time, first on line %ld; keep one of "
                  "the two rows",
                  (int)id.n, id.p, scan_place(s, seeker.at[0]).line);
}
