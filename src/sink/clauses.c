// Of the millions of words that were recorded few differ. A first pass over the customers puts in
// the place of each word its number among those that the worker met; then the workers' numbers are
// made one, in the order of the words, so that nothing depends on who met what; a second pass
// spells them.
#include "sink/clauses.h"

#include <stdlib.h>
#include <string.h>

#include "metric/block.h"

// The distinct words of a group that one worker met, hashed: slot[] holds their numbers from 1.
struct seen {
    int32_t n, size; // size: a power of two, more than twice n; 0: none yet
    uint32_t *word;
    int32_t *slot;
    const char *letters; // of each, by its rank among the words of all workers
};

struct coding {
    struct arena *arena;
    struct outcomes *outcomes;
    int workers;
    struct arena **own; // by worker
    struct seen *seen;  // [worker][group]
    int *worker;        // who coded the block
    struct pattern {
        int32_t n;
        uint32_t *word; // distinct, in their order
        int width;
    } * pattern; // by group
    int width;
    char *text;
};

// ---- the first pass ---------------------------------------------------------------------------

static int32_t home_of(const struct seen *s, uint32_t word) {
    return (int32_t)((word * 2654435769U) >> 7 & (uint32_t)(s->size - 1));
}

// Where the word stands, or would stand.
static int32_t find_slot(const struct seen *s, uint32_t word) {
    int32_t at = home_of(s, word);
    while (s->slot[at] && s->word[s->slot[at] - 1] != word)
        at = (at + 1) & (s->size - 1);
    return at;
}

static void grow(struct arena *a, struct seen *s) {
    int32_t size = s->size ? 2 * s->size : 128;
    s->word = arena_resize(a, s->word, (size_t)s->size / 2 * sizeof *s->word,
                           (size_t)size / 2 * sizeof *s->word);
    s->slot = arena_array(a, (size_t)size, sizeof *s->slot);
    s->size = size;
    for (int32_t i = 0; i < s->n; i++)
        s->slot[find_slot(s, s->word[i])] = i + 1;
}

static int32_t number_of(struct arena *a, struct seen *s, uint32_t word) {
    if (s->size == 0)
        grow(a, s);
    int32_t at = find_slot(s, word);
    if (s->slot[at])
        return s->slot[at] - 1;
    if (s->n == s->size / 2 - 1) {
        grow(a, s);
        at = find_slot(s, word);
    }
    s->word[s->n++] = word;
    s->slot[at] = s->n;
    return s->n - 1;
}

static enum status number_block(const struct block *b, struct err *err) {
    struct coding *c = b->arg;
    struct arena *own = c->own[b->worker];
    (void)err;
    c->worker[b->index] = b->worker;
    for (int g = 0; g < c->outcomes->groups; g++) {
        struct seen *s = &c->seen[b->worker * c->outcomes->groups + g];
        uint32_t *word = c->outcomes->word[g] + b->first;
        for (int i = 0; i < b->n; i++)
            word[i] = (uint32_t)number_of(own, s, word[i]);
    }
    return DONE;
}

// ---- one numbering ----------------------------------------------------------------------------

static int compare_words(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static int32_t rank_of(const struct pattern *p, uint32_t word) {
    const uint32_t *at = bsearch(&word, p->word, (size_t)p->n, sizeof word, compare_words);
    return (int32_t)(at - p->word);
}

// The letters of every number that the worker gave, one behind the other.
static char *spell(struct arena *a, const struct seen *s, const struct pattern *p) {
    char *out = arena_array(a, (size_t)s->n, (size_t)p->width);
    for (int32_t i = 0; i < s->n; i++) {
        int32_t number = rank_of(p, s->word[i]);
        for (int k = p->width - 1; k >= 0; k--, number /= CODE_BASE)
            out[i * p->width + k] = code_letters[number % CODE_BASE];
    }
    return out;
}

static void number_group(struct coding *c, int group) {
    struct pattern *p = &c->pattern[group];
    int64_t all = 0;
    for (int w = 0; w < c->workers; w++)
        all += c->seen[w * c->outcomes->groups + group].n;
    p->word = arena_array(c->arena, (size_t)all, sizeof *p->word);
    int64_t n = 0;
    for (int w = 0; w < c->workers; w++) {
        const struct seen *s = &c->seen[w * c->outcomes->groups + group];
        for (int32_t i = 0; i < s->n; i++)
            p->word[n++] = s->word[i];
    }
    qsort(p->word, (size_t)n, sizeof *p->word, compare_words);
    for (int64_t i = 0; i < n; i++)
        if (p->n == 0 || p->word[p->n - 1] != p->word[i])
            p->word[p->n++] = p->word[i];
    p->width = code_width(p->n);
    c->width += p->width;
    for (int w = 0; w < c->workers; w++) {
        struct seen *s = &c->seen[w * c->outcomes->groups + group];
        s->letters = spell(c->arena, s, p);
    }
}

// ---- the second pass --------------------------------------------------------------------------

// Nearly always of one letter.
static void put_letters(char *restrict out, int step, const uint32_t *restrict number, int n,
                        const char *restrict letters, int width) {
    if (width == 1)
        for (int i = 0; i < n; i++)
            out[(int64_t)i * step] = letters[number[i]];
    else
        for (int i = 0; i < n; i++)
            memcpy(out + (int64_t)i * step, letters + (int64_t)number[i] * width, (size_t)width);
}

static enum status spell_block(const struct block *b, struct err *err) {
    struct coding *c = b->arg;
    int groups = c->outcomes->groups;
    char *out = c->text + b->first * c->width;
    (void)err;
    for (int g = 0; g < groups; g++) {
        const struct seen *s = &c->seen[c->worker[b->index] * groups + g];
        const uint32_t *word = c->outcomes->word[g] + b->first;
        int width = c->pattern[g].width;
        put_letters(out, c->width, word, b->n, s->letters, width);
        out += width;
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
            signs[k] = code_signs[outcomes_truth(p->word[i], CLAUSE_BITS * k)];
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
                         struct outcomes *o, const struct column **column, struct str *key,
                         struct err *err) {
    struct coding c = {.arena = a, .outcomes = o, .workers = block_threads(host)};
    c.own = arena_array(a, (size_t)c.workers, sizeof *c.own);
    for (int w = 0; w < c.workers; w++)
        c.own[w] = arena_child(a);
    c.seen = arena_array(a, (size_t)(c.workers * o->groups), sizeof *c.seen);
    c.worker = arena_array(a, block_count(o->customers), sizeof *c.worker);
    c.pattern = arena_array(a, (size_t)o->groups, sizeof *c.pattern);
    TRY(block_run(host, o->customers, number_block, &c, err));
    for (int g = 0; g < o->groups; g++)
        number_group(&c, g);
    c.text = arena_array(a, (size_t)o->customers, (size_t)c.width);
    TRY(block_run(host, o->customers, spell_block, &c, err));
    *column = code_column(&c);
    *key = key_of(&c, p);
    return DONE;
}
