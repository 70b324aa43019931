// A sum tells damage; it does not tell a file that was made to hurt, whose sums fit. So the values
// are looked at, too: whatever a file holds, no code or offset leads out of a buffer, and no value
// is one that printing has no room for.
#include "table/seal.h"

#include <math.h>
#include <xxhash.h>

#include "base/date.h"

int64_t seal_sum(struct str bytes) {
    return (int64_t)XXH3_64bits(bytes.p, bytes.n);
}

// ---- values -----------------------------------------------------------------------------------

// From 0 on, n rising steps, to `end`.
static bool offsets_sound(const int64_t *offset, int64_t n, int64_t end) {
    bool rising = offset[0] == 0 && offset[n] <= end;
    for (int64_t i = 0; i < n; i++)
        rising &= offset[i] <= offset[i + 1];
    return rising;
}

static bool valid_sound(const struct column *c) {
    int64_t there = 0, words = bit_words(c->n);
    for (int64_t i = 0; i < words; i++)
        there += __builtin_popcountll(c->valid[i]);
    bool rest = c->n % 64 && c->valid[words - 1] >> (c->n % 64);
    return !rest && c->n - there == c->missing;
}

static bool numbers_sound(const struct column *c) {
    bool sound = true;
    for (int64_t i = 0; i < c->n; i++)
        sound &= isfinite(c->number[i]) || !column_has(c, i);
    return sound;
}

static bool dates_sound(const struct column *c) {
    bool sound = true;
    for (int64_t i = 0; i < c->n; i++)
        sound &= (c->date[i] >= DATE_MIN && c->date[i] <= DATE_MAX) || !column_has(c, i);
    return sound;
}

// Where a label is missing its code may be any that there is, or 0.
static bool codes_sound(const struct column *c, int64_t labels) {
    bool sound = labels > 0 || c->missing == c->n;
    for (int64_t i = 0; i < c->n; i++)
        sound &= c->code[i] >= 0 && (c->code[i] < labels || c->code[i] == 0);
    return sound;
}

static bool values_sound(const struct column *c, const struct seal *s) {
    switch (c->type) {
    case TYPE_NUMBER: return numbers_sound(c);
    case TYPE_DATE: return dates_sound(c);
    case TYPE_LABEL:
        return offsets_sound(c->dict->offsets, s->labels, s->bytes_size) &&
               codes_sound(c, s->labels);
    case TYPE_TEXT: return offsets_sound(c->offset, c->n, s->bytes_size);
    case TYPE_INTEGER:
    case TYPE_MONEY:
    case TYPE_FLAG: break;
    }
    return true;
}

// ---- checking ---------------------------------------------------------------------------------

static bool is_known(const struct seal *s) {
    return !s || __atomic_load_n(&s->unbroken, __ATOMIC_ACQUIRE);
}

// Two threads may both look; they find the same.
static enum status settle(struct seal *s, bool sound, struct str name, struct err *err) {
    if (!sound)
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "is damaged: %.*s is not as it was packed; `patron pack` the data again",
                      (int)name.n, name.p);
    __atomic_store_n(&s->unbroken, true, __ATOMIC_RELEASE);
    return DONE;
}

enum status seal_check(const struct column *c, struct err *err) {
    if (is_known(c->seal))
        return DONE;
    bool sound = seal_sum(c->seal->bytes) == c->seal->sum && (!c->valid || valid_sound(c)) &&
                 values_sound(c, c->seal);
    return settle(c->seal, sound, c->name, err);
}

enum status seal_check_groups(const struct table *t, struct err *err) {
    if (t->date)
        TRY(seal_check(t->date, err));
    if (is_known(t->seal))
        return DONE;
    const int64_t *start = t->start;
    int64_t groups = t->seal->labels;
    bool sound = seal_sum(t->seal->bytes) == t->seal->sum && offsets_sound(start, groups, t->n) &&
                 start[groups] == t->n;
    return settle(t->seal, sound, t->name, err);
}

enum status seal_check_table(const struct table *t, struct err *err) {
    TRY(seal_check_groups(t, err));
    for (int i = 0; i < t->columns; i++)
        TRY(seal_check(t->column[i], err));
    return DONE;
}

enum status seal_check_dataset(const struct dataset *d, struct err *err) {
    TRY(seal_check_table(d->people, err));
    for (int i = 0; i < d->tables; i++)
        TRY(seal_check_table(d->table[i], err));
    return DONE;
}
