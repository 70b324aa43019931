// Of the millions of words that were recorded few differ. A first pass over the customers marks
// those that there are; in their order they get numbers, so that nothing depends on who met what;
// a second pass spells them.
#include "sink/clauses.h"

#include <string.h>

#include "metric/block.h"

struct coding {
    struct arena *arena;
    const struct outcomes *outcomes;
    int workers;
    uint8_t *seen; // [worker][group][WORDS]
    struct pattern {
        int32_t n;
        uint16_t *word; // distinct, in their order
        int width;
        char *letters; // [WORDS], of the width
    } * pattern;       // by group
    int width;
    char *text;
};

// ---- the first pass ---------------------------------------------------------------------------

static uint8_t *seen_by(const struct coding *c, int worker, int group) {
    return c->seen + ((size_t)worker * (size_t)c->outcomes->groups + (size_t)group) * WORDS;
}

static void mark(uint8_t *restrict seen, const uint16_t *restrict word, int n) {
    for (int i = 0; i < n; i++)
        seen[word[i]] = 1;
}

static enum status mark_block(const struct block *b, struct err *err) {
    const struct coding *c = b->arg;
    (void)err;
    for (int g = 0; g < c->outcomes->groups; g++)
        mark(seen_by(c, b->worker, g), c->outcomes->word[g] + b->first, b->n);
    return DONE;
}

// ---- numbers ----------------------------------------------------------------------------------

static void spell(char *out, int width, int32_t number) {
    for (int k = width - 1; k >= 0; k--, number /= CODE_BASE)
        out[k] = code_letters[number % CODE_BASE];
}

static bool was_seen(const struct coding *c, int group, int word) {
    for (int w = 0; w < c->workers; w++)
        if (seen_by(c, w, group)[word])
            return true;
    return false;
}

static void number_group(struct coding *c, int group) {
    struct pattern *p = &c->pattern[group];
    p->word = arena_array(c->arena, WORDS, sizeof *p->word);
    for (int word = 0; word < WORDS; word++)
        if (was_seen(c, group, word))
            p->word[p->n++] = (uint16_t)word;
    p->width = code_width(p->n);
    p->letters = arena_array(c->arena, WORDS, (size_t)p->width);
    for (int32_t i = 0; i < p->n; i++)
        spell(p->letters + p->word[i] * p->width, p->width, i);
    c->width += p->width;
}

// ---- the second pass --------------------------------------------------------------------------

// Nearly always of one letter.
static void put_letters(char *restrict out, int step, const uint16_t *restrict word, int n,
                        const char *restrict letters, int width) {
    if (width == 1)
        for (int i = 0; i < n; i++)
            out[(int64_t)i * step] = letters[word[i]];
    else
        for (int i = 0; i < n; i++)
            memcpy(out + (int64_t)i * step, letters + word[i] * width, (size_t)width);
}

static enum status spell_block(const struct block *b, struct err *err) {
    const struct coding *c = b->arg;
    char *out = c->text + b->first * c->width;
    (void)err;
    for (int g = 0; g < c->outcomes->groups; g++) {
        const struct pattern *p = &c->pattern[g];
        put_letters(out, c->width, c->outcomes->word[g] + b->first, b->n, p->letters, p->width);
        out += p->width;
    }
    return DONE;
}

static const struct column *code_column(const struct coding *c) {
    int64_t n = c->outcomes->customers;
    struct column *column = arena_alloc(c->arena, sizeof *column);
    int64_t *offset = arena_array(c->arena, (size_t)n + 1, sizeof *offset);
    for (int64_t i = 0; i <= n; i++)
        offset[i] = i * c->width;
    *column = (struct column){
        .name = STR("clauses"), .type = TYPE_TEXT, .n = n, .offset = offset, .bytes = c->text};
    return column;
}

// ---- the key ----------------------------------------------------------------------------------

static void put_clause(struct json *j, const struct recorded *c) {
    json_open(j, '{');
    if (c->site->class)
        json_field_str(j, "class", c->site->class->name);
    json_field_z(j, "word", c->site->word);
    json_field_str(j, "text", c->text);
    json_field_integer(j, "line", c->at.line);
    json_field_integer(j, "column", c->at.column);
    json_close(j, '}');
}

static void put_patterns(struct json *j, const struct group *g, const struct pattern *p) {
    json_field_open(j, "patterns", '[');
    for (int32_t i = 0; i < p->n; i++) {
        char signs[CLAUSES_A_GROUP];
        for (int k = 0; k < g->n; k++)
            signs[k] = code_signs[outcomes_truth(p->word[i], k)];
        json_str(j, (struct str){signs, (size_t)g->n});
    }
    json_close(j, ']');
}

static void put_group(struct json *j, const struct coding *c, int group) {
    const struct group *g = &c->outcomes->group[group];
    const struct recorded *clause = &c->outcomes->clause[g->first];
    struct str name;
    const char *of = site_owner(clause->site, &name);
    json_open(j, '{');
    json_field_z(j, "of", of);
    json_field_str(j, "name", name);
    json_field_open(j, "clauses", '[');
    for (int k = 0; k < g->n; k++)
        put_clause(j, &clause[k]);
    json_close(j, ']');
    put_patterns(j, g, &c->pattern[group]);
    json_close(j, '}');
}

static struct str key_of(const struct coding *c, const struct policy *p) {
    struct buf b = {.arena = c->arena};
    struct json j = {.out = &b};
    json_open(&j, '{');
    json_field_str(&j, "policy", p->title);
    json_field_str(&j, "file", p->path);
    json_field_z(&j, "sha256", p->sha256);
    json_field_open(&j, "groups", '[');
    for (int g = 0; g < c->outcomes->groups; g++)
        put_group(&j, c, g);
    json_close(&j, ']');
    json_close(&j, '}');
    buf_char(&b, '\n');
    return (struct str){b.p, b.n};
}

enum status clauses_code(struct arena *a, const struct host *host, const struct policy *p,
                         const struct outcomes *o, const struct column **column, struct str *key,
                         struct err *err) {
    struct coding c = {.arena = a, .outcomes = o, .workers = block_threads(host)};
    c.seen = arena_array(a, (size_t)c.workers * (size_t)o->groups, WORDS);
    c.pattern = arena_array(a, (size_t)o->groups, sizeof *c.pattern);
    TRY(block_run(host, o->customers, mark_block, &c, err));
    for (int g = 0; g < o->groups; g++)
        number_group(&c, g);
    c.text = arena_array(a, (size_t)o->customers, (size_t)c.width);
    TRY(block_run(host, o->customers, spell_block, &c, err));
    *column = code_column(&c);
    *key = key_of(&c, p);
    return DONE;
}
