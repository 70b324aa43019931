// A type is taken when every value that is there fits it, and what fits no type is a label, or a
// text if there are many different ones. A column that must be a date or a number by its role
// takes the format that most values fit: the rest will be rejected, row by row, and reported.
//
// The usual words for a missing value do not keep a column from its type; in a column of strings
// they are strings.
#include "load/infer.h"

#include <string.h>

#include "base/date.h"
#include "base/number.h"
#include "load/cell.h"
#include "load/header.h"
#include "load/memo.h"
#include "load/sketch.h"

// In order of preference among formats that fit the same values.
static const struct str formats[] = {
    {"YYYY-MM-DD", 10}, {"YYYY-M-D", 8}, {"YYYY/M/D", 8},      {"YYYY.M.D", 8},
    {"YYYYMMDD", 8},    {"D.M.YYYY", 8}, {"YYYY年M月D日", 15}, {"D/M/YYYY", 8},
    {"M/D/YYYY", 8},    {"D-M-YYYY", 8}, {"M-D-YYYY", 8},
};

enum {
    FORMATS = sizeof formats / sizeof *formats,
    FEW_LABELS = 1000, // so many different strings, or a tenth of the rows, are labels
    EXAMPLE = 40,
};

// What the values of a column can be.
struct guess {
    bool wanted;
    char decimal;
    struct missing missing;              // that are said to be
    int64_t absent;                      // usual words for a missing value, ...
    uint32_t words;                      // ... and which these are, as bits
    int64_t n, integers, numbers, flags; // n: of all others; numbers: that are no integers
    int64_t other_sign;                  // numbers, were the decimal sign the other one
    int64_t dates[FORMATS];              // by format
    int64_t shapes[FORMATS]; // that look like dates, but the calendar does not have the day
    struct memo *memo;       // which formats fit, as bits; behind them, which only look so
    struct sketch *distinct;
    char example[EXAMPLE]; // the first value
    int example_size;
};

struct inference {
    const struct description *description;
    const struct described_table *table;
    struct arena **worker;
};

// Of money that dataset.json does not speak of, only the words for what is missing.
static bool is_wanted(const struct description *d, const struct described_column *c) {
    return !c->ignored && (c->type < 0 || (c->type == TYPE_DATE && !c->format.n && !d->formats) ||
                           (c->type == TYPE_MONEY && !c->at.file));
}

static void *open_guesses(void *arg, int worker) {
    const struct inference *in = arg;
    struct arena *a = in->worker[worker];
    struct guess *g = arena_array(a, (size_t)in->table->columns, sizeof *g);
    for (int i = 0; i < in->table->columns; i++) {
        g[i].wanted = is_wanted(in->description, &in->table->column[i]);
        if (!g[i].wanted)
            continue;
        g[i].decimal = in->description->decimal ? in->description->decimal : '.';
        g[i].missing = description_missing(a, in->description, in->table, &in->table->column[i]);
        g[i].memo = arena_array(a, MEMO_SIZE, sizeof *g[i].memo);
        g[i].distinct = sketch_new(a);
    }
    return g;
}

static int32_t fitting_formats(struct str text) {
    int32_t fits = 0, date;
    bool timed;
    for (int i = 0; i < FORMATS; i++) {
        if (date_parse(text, formats[i], &date, &timed))
            fits |= 1 << i;
        else if (date_shaped(text, formats[i]))
            fits |= 1 << (i + FORMATS);
    }
    return fits;
}

static void count_dates(struct guess *g, struct str text) {
    bool known = false;
    struct memo alone, *m = memo_at(g->memo, text, &known);
    if (!m)
        m = &alone;
    if (!known)
        m->value = fitting_formats(text);
    for (int i = 0; i < FORMATS; i++) {
        g->dates[i] += m->value >> i & 1;
        g->shapes[i] += m->value >> (i + FORMATS) & 1;
    }
}

// Digits without a leading zero, which would be lost, nor a plus.
static bool is_integer(struct str text) {
    int64_t x;
    size_t sign = text.p[0] == '-';
    bool padded = text.n > sign + 1 && text.p[sign] == '0';
    return text.p[0] != '+' && !padded && number_integer(text, &x);
}

static bool is_number(struct str text, char decimal) {
    double x;
    size_t sign = text.p[0] == '-';
    bool padded = text.n > sign + 1 && text.p[sign] == '0' && number_digit(text.p[sign + 1]);
    return text.p[0] != '+' && !padded && number_double(text, decimal, &x);
}

static bool is_absent(struct guess *g, struct str text) {
    int word = missing_usual(text);
    if (word < 0)
        return false;
    g->words |= 1U << word;
    g->absent++;
    return true;
}

static void guess_field(void *state, int column, struct str text) {
    struct guess *g = (struct guess *)state + column;
    bool flag;
    if (!g->wanted || text.n == 0 || missing_has(&g->missing, text))
        return;
    sketch_add(g->distinct, text);
    if (is_integer(text))
        g->integers++;
    else if (is_number(text, g->decimal))
        g->numbers++;
    else if (is_number(text, g->decimal == '.' ? ',' : '.'))
        g->other_sign++;
    else if (is_absent(g, text))
        return;
    else if (cell_flag(text, &flag))
        g->flags++;
    if (g->n++ == 0) {
        g->example_size = (int)(text.n < EXAMPLE ? text.n : EXAMPLE);
        memcpy(g->example, text.p, (size_t)g->example_size);
    }
    if (text.p[0] >= '0' && text.p[0] <= '9')
        count_dates(g, text);
}

static void guess_record(void *state, const struct record *r) {
    (void)state;
    (void)r;
}

static void merge(struct guess *g, const struct guess *other) {
    if (g->n == 0) {
        memcpy(g->example, other->example, EXAMPLE);
        g->example_size = other->example_size;
    }
    g->absent += other->absent;
    g->words |= other->words;
    g->n += other->n;
    g->integers += other->integers;
    g->numbers += other->numbers;
    g->other_sign += other->other_sign;
    g->flags += other->flags;
    for (int i = 0; i < FORMATS; i++) {
        g->dates[i] += other->dates[i];
        g->shapes[i] += other->shapes[i];
    }
    sketch_merge(g->distinct, other->distinct);
}

// ---- deciding -----------------------------------------------------------------------------

struct deciding {
    struct arena *arena;
    const struct host *host;
    const struct description *description;
    const struct described_table *table;
    const struct scan *scan;
    struct buf taken; // words as missing values
};

// The format that most dates fit, or else look like.
static int best_format(const struct guess *g) {
    int best = 0;
    for (int i = 1; i < FORMATS; i++)
        if (g->dates[i] > g->dates[best] ||
            (g->dates[i] == g->dates[best] && g->shapes[i] > g->shapes[best]))
            best = i;
    return best;
}

// Another that fits as many and reads them as other days; -1 if there is none.
static int rival_format(const struct guess *g, int best) {
    bool day_first = formats[best].p[0] == 'D' && formats[best].p[1] != '.';
    if (day_first && g->dates[best] > 0 && g->dates[best + 1] == g->dates[best])
        return best + 1;
    return -1;
}

static enum status refuse_dates(const struct deciding *d, const struct described_column *c,
                                const struct guess *g, int best, int rival, struct err *err) {
    struct place at = header_place(d->arena, d->scan, (int)(c - d->table->column));
    struct str format = rival >= 0 ? formats[best] : STR("...");
    const char *entry = arena_printf(
        d->arena, "\"%.*s\": { \"as\": \"%.*s\", \"type\": \"date\", \"format\": \"%.*s\" }",
        (int)c->header.n, c->header.p, (int)c->name.n, c->name.p, (int)format.n, format.p);
    const char *advice = description_advice(d->arena, d->description, d->table, NULL, entry);
    if (rival >= 0)
        return err_at(err, REFUSED, at,
                      "dates like '%.*s' can be read as %.*s and as %.*s; say which: %s",
                      g->example_size, g->example, (int)formats[best].n, formats[best].p,
                      (int)formats[rival].n, formats[rival].p, advice);
    return err_at(
        err, REFUSED, at,
        "dates like '%.*s' have no format that is recognised; say how day, month and year "
        "stand in them (D, M, YYYY): %s",
        g->example_size, g->example, advice);
}

static enum status decide_format(const struct deciding *d, struct described_column *c,
                                 const struct guess *g, struct err *err) {
    int best = best_format(g), rival = rival_format(g, best);
    bool few = (g->dates[best] + g->shapes[best]) * 2 < g->n;
    if (rival >= 0 || few)
        return refuse_dates(d, c, g, best, rival, err);
    c->format = formats[best];
    return DONE;
}

static void note_column(const struct deciding *d, const struct described_column *c,
                        const char *what) {
    host_note(d->host, "%s: column '%.*s' %s", d->table->file, (int)c->header.n, c->header.p, what);
}

// Strings, or nearly something better: then that is said.
static void decide_string(const struct deciding *d, struct described_column *c,
                          const struct guess *g) {
    int best = best_format(g);
    int64_t n = g->n + g->absent;
    double labels = n / 10 > FEW_LABELS ? (double)n / 10 : FEW_LABELS;
    int64_t numbers = g->integers + g->numbers;
    c->type = sketch_distinct(g->distinct) <= labels ? TYPE_LABEL : TYPE_TEXT;
    if (g->n > 0 && g->dates[best] == g->n)
        note_column(d, c,
                    "has dates whose day and month cannot be told apart, and is no date; "
                    "declare its \"format\" to make it one");
    else if (g->other_sign > 0 && numbers + g->other_sign == g->n)
        note_column(d, c,
                    "has numbers with another decimal sign, and is no number; declare the "
                    "\"decimal\" sign to make it one");
    else if (g->n >= 20 && numbers * 10 >= g->n * 9)
        note_column(d, c,
                    "is no number, because not all of its values are; declare its type to "
                    "have the others rejected, or those that stand for a missing value as "
                    "\"missing\"");
}

// Of a column that holds no strings: what is no value in it is written down.
static void take_words(struct deciding *d, struct described_column *c, const struct guess *g) {
    struct str *word = arena_array(d->arena, (size_t)c->missing.n + MISSING_USUAL, sizeof *word);
    struct missing all = {0, word};
    for (; all.n < c->missing.n; all.n++)
        word[all.n] = c->missing.word[all.n];
    for (int i = 0; i < MISSING_USUAL; i++) {
        struct str usual = missing_word(i);
        if (!(g->words >> i & 1))
            continue;
        word[all.n++] = usual;
        buf_printf(&d->taken, "%s'%.*s' in %.*s", d->taken.n ? ", " : "", (int)usual.n, usual.p,
                   (int)c->header.n, c->header.p);
    }
    c->missing = all;
}

static enum status decide(const struct deciding *d, struct described_column *c,
                          const struct guess *g, struct err *err) {
    int64_t numbers = g->integers + g->numbers;
    int best = best_format(g);
    if (c->type == TYPE_DATE)
        return decide_format(d, c, g, err);
    if (c->type == TYPE_MONEY)
        return DONE;
    if (g->n == 0)
        c->type = TYPE_LABEL;
    else if (numbers == g->n || (c->role && numbers * 2 > g->n))
        c->type = g->numbers ? TYPE_NUMBER : TYPE_INTEGER;
    else if (g->flags == g->n)
        c->type = TYPE_FLAG;
    else if (g->dates[best] == g->n && rival_format(g, best) < 0)
        c->type = TYPE_DATE;
    else
        decide_string(d, c, g);
    if (c->type == TYPE_DATE)
        c->format = formats[best];
    return DONE;
}

enum status infer_table(struct arena *a, const struct host *host, const struct description *d,
                        struct described_table *t, const struct scan *s, struct err *err) {
    struct inference in = {d, t};
    struct reader reader = {&in, open_guesses, guess_field, guess_record, .spelled = true};
    struct deciding deciding = {a, host, d, t, s, {a}};
    void **states;
    size_t n;
    int wanted = 0;
    for (int i = 0; i < t->columns; i++)
        wanted += is_wanted(d, &t->column[i]);
    if (wanted == 0)
        return DONE;
    struct arena *scratch = arena_child(a);
    in.worker = arena_array(scratch, (size_t)host->threads, sizeof *in.worker);
    for (int i = 0; i < host->threads; i++)
        in.worker[i] = arena_child(scratch);
    TRY(scan_run(scratch, host, s, &reader, &states, &n, err));
    struct guess *all = open_guesses(&in, 0);
    for (int i = 0; i < t->columns; i++) {
        for (size_t k = 0; k < n && all[i].wanted; k++)
            merge(&all[i], (struct guess *)states[k] + i);
        if (!all[i].wanted)
            continue;
        TRY(decide(&deciding, &t->column[i], &all[i], err));
        if (all[i].words && t->column[i].type != TYPE_LABEL && t->column[i].type != TYPE_TEXT)
            take_words(&deciding, &t->column[i], &all[i]);
    }
    if (deciding.taken.n > 0)
        host_note(host, "%s: taken as missing values: %s", s->file, buf_text(&deciding.taken));
    arena_free(scratch);
    return DONE;
}
