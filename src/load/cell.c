#include "load/cell.h"

#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "base/money.h"
#include "base/number.h"

// Quoted numbers and dates may stand among blanks.
static struct str trim(struct str s) {
    while (s.n > 0 && (s.p[0] == ' ' || s.p[0] == '\t')) {
        s.p++;
        s.n--;
    }
    while (s.n > 0 && (s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\t'))
        s.n--;
    return s;
}

enum fault cell_put_integer(struct cells *c, int64_t row, struct str text) {
    return number_integer(trim(text), &c->integer[row]) ? FAULT_NONE : FAULT_INTEGER;
}

static char other_sign(char decimal) {
    return decimal == '.' ? ',' : '.';
}

enum fault cell_put_number(struct cells *c, int64_t row, struct str text) {
    char decimal = c->plan->decimal;
    double x;
    text = trim(text);
    if (number_double(text, decimal, &c->number[row]))
        return FAULT_NONE;
    return number_double(text, other_sign(decimal), &x) ? FAULT_SIGN : FAULT_NUMBER;
}

enum fault cell_put_money(struct cells *c, int64_t row, struct str text) {
    const struct cell_plan *plan = c->plan;
    bool rounded;
    int64_t x;
    text = trim(text);
    if (money_parse(text, plan->decimal, plan->decimals, &c->integer[row], &rounded)) {
        c->rounded += rounded;
        return FAULT_NONE;
    }
    return money_parse(text, other_sign(plan->decimal), plan->decimals, &x, &rounded) ? FAULT_SIGN
                                                                                      : FAULT_MONEY;
}

static enum fault parse_date(const struct cell_plan *plan, struct str text, int32_t *out,
                             bool *timed) {
    enum fault fault = FAULT_DATE;
    for (int i = 0; i < plan->formats; i++) {
        if (date_parse(text, plan->format[i], out, timed))
            return FAULT_NONE;
        if (date_shaped(text, plan->format[i]))
            fault = FAULT_DAY;
    }
    return fault;
}

enum fault cell_put_date(struct cells *c, int64_t row, struct str text) {
    bool known = false;
    struct memo alone = {0}, *m = memo_at(c->store->memo, text, &known);
    if (!m)
        m = &alone;
    if (!known) {
        bool timed;
        enum fault fault = parse_date(c->plan, trim(text), &m->value, &timed);
        if (fault) {
            m->n = 0;
            return fault;
        }
        m->flag = timed;
    }
    c->date[row] = m->value;
    c->timed += m->flag;
    return FAULT_NONE;
}

bool cell_flag(struct str text, bool *out) {
    static const struct {
        const char *text;
        bool flag;
    } words[] = {
        {"true", true}, {"false", false}, {"yes", true}, {"no", false}, {"y", true},
        {"n", false},   {"1", true},      {"0", false},  {"是", true},  {"否", false},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].text) == text.n && strncasecmp(words[i].text, text.p, text.n) == 0) {
            *out = words[i].flag;
            return true;
        }
    return false;
}

enum fault cell_put_flag(struct cells *c, int64_t row, struct str text) {
    bool flag;
    if (!cell_flag(trim(text), &flag))
        return FAULT_FLAG;
    if (flag)
        bit_set(c->flag, row);
    else
        bit_clear(c->flag, row);
    return FAULT_NONE;
}

static struct intern_ask *ask_of(const struct cells *c, int64_t row) {
    return &c->store->ask[row % BUILD_BATCH];
}

// Most labels of a large dictionary are looked up with the rest of their batch; whether there is
// such a label is said then for all.
enum fault cell_put_label(struct cells *c, int64_t row, struct str text) {
    const struct intern *closed = c->plan->closed;
    struct intern_ask *ask = ask_of(c, row);
    if (intern_ask(closed ? closed : c->store->intern, text, ask))
        return FAULT_NONE;
    ask->tail = 0;
    c->code[row] = closed ? intern_find(closed, text) : intern_add(c->store->intern, text);
    return FAULT_NONE;
}

enum fault cell_look_up(struct cells *c, int64_t row) {
    const struct intern *closed = c->plan->closed;
    const struct intern_ask *ask = ask_of(c, row);
    if (bit_get(c->missing, row))
        return FAULT_NONE;
    if (ask->tail)
        c->code[row] =
            closed ? intern_find_asked(closed, ask) : intern_add_asked(c->store->intern, ask);
    return c->code[row] < 0 ? c->plan->unknown : FAULT_NONE;
}

enum fault cell_put_text(struct cells *c, int64_t row, struct str text) {
    if (c->end + text.n > c->size) {
        size_t size = (c->end + text.n) * 2 + 1024;
        c->bytes = arena_resize(c->store->values, c->bytes, c->size, size);
        c->size = size;
    }
    if (text.n > 0)
        memcpy(c->bytes + c->end, text.p, text.n);
    c->end += text.n;
    c->length[row] = (int32_t)text.n;
    c->last = row;
    return FAULT_NONE;
}

void cell_forget(struct cells *c, int64_t row) {
    bit_clear(c->missing, row);
    if (c->plan->type == TYPE_TEXT && c->last == row)
        c->end -= (size_t)c->length[row];
    c->last = -1;
}

static void move_bit(uint64_t *bits, int64_t from, int64_t to) {
    bool set = bit_get(bits, from);
    bit_clear(bits, from);
    if (set)
        bit_set(bits, to);
    else
        bit_clear(bits, to);
}

static void move_value(struct cells *c, int64_t from, int64_t to) {
    switch (c->plan->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: c->integer[to] = c->integer[from]; break;
    case TYPE_NUMBER: c->number[to] = c->number[from]; break;
    case TYPE_DATE: c->date[to] = c->date[from]; break;
    case TYPE_LABEL: c->code[to] = c->code[from]; break;
    case TYPE_TEXT: c->length[to] = c->length[from]; break;
    case TYPE_FLAG: move_bit(c->flag, from, to); break;
    }
    move_bit(c->missing, from, to);
}

void cell_keep(struct cells *c, int64_t first, int rows, const struct record *flaws) {
    bool text = c->plan->type == TYPE_TEXT;
    int64_t to = first;
    size_t begin = c->end;
    for (int i = 0; text && i < rows; i++)
        begin -= (size_t)c->length[first + i];
    c->end = text ? begin : 0;
    for (int i = 0; i < rows; i++) {
        size_t n = text ? (size_t)c->length[first + i] : 0;
        if (!flaws[i].fault) {
            if (n > 0)
                memmove(c->bytes + c->end, c->bytes + begin, n);
            c->end += n;
            move_value(c, first + i, to++);
        }
        begin += n;
    }
    for (; to < first + rows; to++)
        bit_clear(c->missing, to);
    c->last = -1;
}

// Values below a missing bit are zero, so that equal tables are equal to the byte.
void cell_clear(struct cells *c, int64_t row) {
    bit_set(c->missing, row);
    switch (c->plan->type) {
    case TYPE_INTEGER:
    case TYPE_MONEY: c->integer[row] = 0; break;
    case TYPE_NUMBER: c->number[row] = 0; break;
    case TYPE_DATE: c->date[row] = 0; break;
    case TYPE_LABEL: c->code[row] = 0; break;
    case TYPE_FLAG: bit_clear(c->flag, row); break;
    case TYPE_TEXT: cell_put_text(c, row, (struct str){"", 0}); break;
    }
}

static size_t size_of(enum type type, int64_t rows) {
    switch (type) {
    case TYPE_INTEGER:
    case TYPE_NUMBER:
    case TYPE_MONEY: return (size_t)rows * 8;
    case TYPE_DATE:
    case TYPE_LABEL:
    case TYPE_TEXT: return (size_t)rows * 4;
    case TYPE_FLAG: return (size_t)bit_words(rows) * 8;
    }
    return 0;
}

void cell_grow(struct cells *c, int64_t was, int64_t rows) {
    struct arena *a = c->store->values;
    size_t old = size_of(c->plan->type, was), words = (size_t)bit_words(was);
    c->values = arena_resize(a, c->values, old, size_of(c->plan->type, rows));
    c->missing = arena_resize(a, c->missing, words * 8, (size_t)bit_words(rows) * 8);
    memset(c->missing + words, 0, ((size_t)bit_words(rows) - words) * 8);
}
