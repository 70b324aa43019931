// Reading by the vocabulary: the row of a word says what it takes, which function reads that, and
// where it goes; so each message is made in one place.
#include "policy/read.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/money.h"
#include "base/number.h"
#include "policy/names.h"
#include "policy/words.h"

// ---- messages -------------------------------------------------------------------------------

void read_wrong(struct reader *r, struct place at, const char *code, const char *format, ...) {
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    findings_add(r->findings, SEVERITY_ERROR, code, at, "%s%s%s", r->where ? r->where : "",
                 r->where ? ": " : "", text);
}

const char *read_clean(struct reader *r, struct str text, size_t most) {
    size_t n = text.n < most ? text.n : most;
    while (n < text.n && n > 0 && (text.p[n] & 0xC0) == 0x80) // not through a character
        n--;
    struct buf b = {.arena = r->arena};
    buf_put(&b, text.p, n);
    b.n = str_clean(b.p, b.n, false);
    if (n < text.n)
        buf_z(&b, "...");
    return buf_text(&b);
}

const char *read_shown(struct reader *r, struct str text) {
    return read_clean(r, text, 60);
}

const char *read_described(struct reader *r, const struct node *v) {
    char number[NUMBER_MAX];
    switch (v->kind) {
    case NODE_BOOLEAN: return v->boolean ? "true" : "false";
    case NODE_INTEGER:
        return arena_copy(r->arena, number, (size_t)number_print_integer(v->integer, number));
    case NODE_NUMBER: return arena_copy(r->arena, number, (size_t)number_print(v->number, number));
    case NODE_STRING: return arena_printf(r->arena, "\"%s\"", read_shown(r, v->string));
    case NODE_TABLE: return v->items || v->fields ? "a table" : "an empty table";
    case NODE_WORD: return arena_printf(r->arena, "`%s`", read_shown(r, v->string));
    case NODE_FUNCTION: return "a function";
    }
    return "";
}

void read_mismatch(struct reader *r, struct str name, const char *takes, const struct node *v) {
    read_wrong(r, v->at, "wrong-kind", "`%s` takes %s, got %s", read_shown(r, name), takes,
               read_described(r, v));
}

// ---- tables ---------------------------------------------------------------------------------

const struct node *read_field(const struct node *table, const char *name) {
    for (int i = 0; i < table->fields; i++)
        if (str_is(table->field[i].name, name))
            return &table->field[i].value;
    return NULL;
}

static bool next_word(const void *ctx, size_t i, struct str *out) {
    const char *const *block = ctx;
    for (size_t k = 0; words_row(k); k++) {
        const struct word *word = &words_row(k)->word;
        if (strcmp(word->block, *block) != 0 || i-- > 0)
            continue;
        *out = str_of(word->name);
        return true;
    }
    return false;
}

static const char *list_words(struct reader *r, const char *block) {
    struct buf b = {.arena = r->arena};
    struct str word;
    for (size_t i = 0; next_word(&block, i, &word); i++)
        buf_printf(&b, "%s%.*s", i ? ", " : "", (int)word.n, word.p);
    return b.n ? buf_text(&b) : "none";
}

bool read_misspelt(struct reader *r, const char *block, const struct field *f) {
    const char *name = read_shown(r, f->name);
    struct str near = str_nearest(f->name, next_word, &block);
    if (near.n)
        read_wrong(r, f->at, "unknown-word", "unknown word `%s`; did you mean `%.*s`?", name,
                   (int)near.n, near.p);
    return near.n > 0;
}

static bool is_misspelt(const struct node *table, const char *block, const char *word) {
    for (int i = 0; i < table->fields; i++)
        if (!words_find(block, table->field[i].name) &&
            str_is(str_nearest(table->field[i].name, next_word, &block), word))
            return true;
    return false;
}

// What people most often meant by a word that the block does not have.
static const char *meant(const char *block, const struct field *f) {
    if (str_is(f->name, "per"))
        return "; it stands beside its number: { 2, per = months(1) }";
    if (strcmp(block, "tiers") == 0 &&
        (f->value.kind == NODE_STRING || f->value.kind == NODE_TABLE))
        return "; a tier is written { \"gold\", when = \"...\" }";
    return "";
}

void read_unknown(struct reader *r, const char *block, const struct field *f) {
    if (!read_misspelt(r, block, f))
        read_wrong(r, f->at, "unknown-word", "unknown word `%s`; the words here are: %s%s",
                   read_shown(r, f->name), list_words(r, block), meant(block, f));
}

void read_fields(struct reader *r, const struct node *table, const char *block, void *into) {
    for (int i = 0; i < table->fields; i++)
        if (!words_find(block, table->field[i].name))
            read_unknown(r, block, &table->field[i]);
    read_known_fields(r, table, block, into);
}

void read_known_fields(struct reader *r, const struct node *table, const char *block, void *into) {
    for (size_t i = 0; words_row(i); i++) {
        const struct row *row = words_row(i);
        if (strcmp(row->word.block, block) != 0)
            continue;
        const struct node *v = read_field(table, row->word.name);
        if (v && !row->read(r, row, v, (char *)into + row->offset))
            read_mismatch(r, str_of(row->word.name), row->word.takes, v);
        if (!v && row->word.required && !is_misspelt(table, block, row->word.name))
            read_wrong(r, table->at, "missing-word", "`%s` is missing: it takes %s", row->word.name,
                       row->word.takes);
    }
}

void read_no_items(struct reader *r, const struct node *table) {
    if (table->items > 0)
        read_wrong(r, table->item[0].at, "no-name", "%s has no name here; write name = value%s",
                   read_described(r, &table->item[0]),
                   table->item[0].kind == NODE_INTEGER
                       ? ", and numbers without commas: 20000 for 20,000"
                       : "");
}

const struct node *read_body(struct reader *r, const struct node *block, struct str *title) {
    int items = title ? 2 : 1;
    const char *word = read_shown(r, block->string);
    const struct node *body = block->items == items ? &block->item[items - 1] : NULL;
    r->where = NULL;
    if (!body || body->kind != NODE_TABLE || (title && !read_name(r, &block->item[0], title))) {
        read_wrong(r, block->at, "wrong-block", "`%s` is written %s%s{ ... }", word, word,
                   title ? " \"a name\" " : " ");
        return NULL;
    }
    r->where = title ? arena_printf(r->arena, "%s '%s'", word, read_shown(r, *title)) : word;
    return body;
}

const struct node *read_another(struct reader *r, const struct node *block, struct str *title,
                                struct place *at, int *count) {
    const struct node *body = read_body(r, block, title);
    if (!body)
        return NULL;
    ++*count;
    *at = block->at;
    read_no_items(r, body);
    return body;
}

// ---- values ---------------------------------------------------------------------------------

void read_printable(struct reader *r, struct str text, struct place at) {
    enum { LONGEST = 200 };
    if (text.n > LONGEST)
        read_wrong(r, at, "long-name", "\"%s\" is longer than %d bytes", read_shown(r, text),
                   LONGEST);
    for (size_t i = 0; i < text.n; i++)
        if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7F) {
            read_wrong(r, at, "control-character",
                       "\"%s\" has a line break or another control character", read_shown(r, text));
            return;
        }
}

bool read_name(struct reader *r, const struct node *v, struct str *out) {
    if (v->kind != NODE_STRING || v->string.n == 0)
        return false;
    *out = v->string;
    read_printable(r, v->string, v->at);
    return true;
}

bool read_double(const struct node *v, double *out) {
    if (v->kind == NODE_INTEGER)
        *out = (double)v->integer;
    else if (v->kind == NODE_NUMBER)
        *out = v->number;
    else
        return false;
    return isfinite(*out);
}

bool read_list(struct reader *r, const struct node *v, int *n, const struct str **list) {
    bool alone = v->kind == NODE_STRING;
    if ((!alone && v->kind != NODE_TABLE) || (!alone && v->fields > 0))
        return false;
    struct str *out = arena_array(r->arena, alone ? 1 : (size_t)v->items, sizeof *out);
    *n = alone ? 1 : v->items;
    *list = out;
    for (int i = 0; i < *n; i++)
        if (!read_name(r, alone ? v : &v->item[i], &out[i]))
            return false;
    return true;
}

struct place read_list_place(const struct node *v, int i) {
    return v->kind == NODE_TABLE ? v->item[i].at : v->at;
}

int read_choice(const struct node *v, const char *const *words, int n) {
    int i = v->kind == NODE_STRING ? 0 : n;
    while (i < n && !str_is(v->string, words[i]))
        i++;
    return i < n ? i : -1;
}

bool read_formula(struct reader *r, const struct node *v, struct formula *out) {
    if (v->kind != NODE_STRING)
        return false;
    size_t n = v->string.n <= EXPR_LENGTH ? v->string.n : EXPR_LENGTH + 1; // that is refused
    *out = source_formula(r->source, (struct str){v->string.p, n}, v->at, v->token);
    return true;
}

static bool read_rule(struct reader *r, const struct node *v, struct rule *rule) {
    rule->routine = read_routine(r, v);
    if (v->kind == NODE_FUNCTION)
        rule->formula = (struct formula){.at = v->at};
    return v->kind == NODE_FUNCTION || read_formula(r, v, &rule->formula);
}

bool read_text(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    return read_name(r, v, into);
}

bool read_condition(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct rule *rule = into;
    (void)row;
    if (v->kind == NODE_BOOLEAN) {
        rule->formula = (struct formula){.text = str_of(read_described(r, v)), .at = v->at};
        return true;
    }
    return read_rule(r, v, rule);
}

bool read_amount(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct rule *rule = into;
    double number;
    (void)row;
    if (read_double(v, &number)) {
        rule->formula = (struct formula){.text = str_of(read_described(r, v)), .at = v->at};
        return true;
    }
    return read_rule(r, v, rule);
}

bool read_share(struct reader *r, const struct row *row, const struct node *v, void *into) {
    double share;
    (void)r, (void)row;
    if (!read_double(v, &share) || share < 0 || share >= 1)
        return false;
    *(double *)into = share;
    return true;
}

bool read_currency(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct str *currency = into;
    (void)row;
    return read_name(r, v, currency) && money_decimals(*currency) >= 0;
}

// ---- blocks ---------------------------------------------------------------------------------

bool read_policy(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct policy *p = r->policy;
    bool again = p->title.n > 0;
    const struct node *body = read_body(r, v, &p->title);
    (void)row, (void)into;
    if (!body)
        return true;
    if (again)
        read_wrong(r, v->at, "two-policies", "a file has one `policy`");
    read_no_items(r, body);
    read_fields(r, body, "policy", p);
    return true;
}

// Makes room for all blocks of a kind or, of blocks without a title, all names in their tables.
struct room {
    struct reader *r;
    const struct node *block;
    int n;
    bool full; // there is too much of something
};

static void *room_for(struct room *m, const char *word, bool titled, size_t size) {
    long found = 0;
    for (int i = 0; i < m->n; i++) {
        const struct node *b = &m->block[i];
        if (!str_is(b->string, word))
            continue;
        for (int k = 0; !titled && k < b->items; k++)
            found += b->item[k].kind == NODE_TABLE ? b->item[k].fields : 0;
        found += titled;
        if (found <= READ_MOST)
            continue;
        read_wrong(m->r, b->at, "too-many", "a policy has at most %d %s%s", READ_MOST, word,
                   titled ? "s" : "");
        m->full = true;
        return NULL;
    }
    return arena_array(m->r->arena, (size_t)found, size);
}

static bool make_room(struct reader *r, const struct node *block, int n) {
    struct room m = {r, block, n, false};
    struct policy *p = r->policy;
    p->input = r->input = room_for(&m, "inputs", false, sizeof *p->input);
    p->param = room_for(&m, "params", false, sizeof *p->param);
    p->metric = r->metric = room_for(&m, "metrics", false, sizeof *p->metric);
    p->loyalty = room_for(&m, "loyalty", true, sizeof *p->loyalty);
    p->playbook = room_for(&m, "playbook", true, sizeof *p->playbook);
    p->campaign = room_for(&m, "campaign", true, sizeof *p->campaign);
    p->channel = arena_array(r->arena, CHANNELS_MOST, sizeof *p->channel);
    p->contact_policy = r->contact_policy =
        room_for(&m, "contact_policy", true, sizeof *p->contact_policy);
    p->referral = room_for(&m, "referral", true, sizeof *p->referral);
    return !m.full;
}

// Blocks are read word by word in the order of the vocabulary, so that what a block refers to has
// been read before it: a test's campaigns, an upgrade's tier.
void read_blocks(struct reader *r, const struct node *block, int n) {
    if (n == 0)
        read_wrong(r, source_line(r->source, 0), "empty-policy",
                   "declares nothing: write a campaign \"...\" { ... } or tiers \"...\" { ... }");
    for (int i = 0; i < n; i++)
        if (!words_find("", block[i].string))
            read_wrong(r, block[i].at, "no-block", "`%s` is no block",
                       read_shown(r, block[i].string));
    if (!make_room(r, block, n))
        return;
    for (size_t k = 0; words_row(k); k++) {
        const struct row *row = words_row(k);
        for (int i = 0; row->word.block[0] == '\0' && i < n; i++)
            if (str_is(block[i].string, row->word.name))
                row->read(r, row, &block[i], r->policy);
    }
    r->where = NULL;
    names_check(r);
}
