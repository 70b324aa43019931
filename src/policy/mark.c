// Walks a declaration and the tokens of its table constructors side by side.
//
// Invariant: what a script computed need not look like its text, so a token only answers for a node
// if it says the same; whatever finds no token falls back to what encloses it.
#include "policy/mark.h"

#include <stdlib.h>

// The tokens of one value, [first, end). None: it is not known which they are.
struct range {
    const struct token *first, *end;
};

static const struct range nowhere = {NULL, NULL};

struct marker {
    const struct source *source;
    struct findings *findings;
};

static void mark(const struct marker *m, struct node *node, struct range r, struct place fallback);

// No string says what a symbol or keyword says here: strings begin with a quote or bracket.
static bool is(const struct token *t, const char *text) {
    return str_is(t->text, text);
}

// 1 where a bracket opens, -1 where one closes. What functions contain is in brackets too.
static int nesting(const struct token *t) {
    static const char *const open[] = {"(", "[", "{", "function", "do", "if", "repeat", NULL};
    static const char *const close[] = {")", "]", "}", "end", "until", NULL};
    for (const char *const *word = open; *word; word++)
        if (is(t, *word))
            return 1;
    for (const char *const *word = close; *word; word++)
        if (is(t, *word))
            return -1;
    return 0;
}

// Behind the value that begins at t: at the `,` or `;` that ends it, or the bracket that closes
// what it is in.
static const struct token *value_end(const struct token *t) {
    for (long depth = 0; t->kind != TOKEN_END; t++) {
        depth += nesting(t);
        if (depth < 0 || (depth == 0 && (is(t, ",") || is(t, ";"))))
            break;
    }
    return t;
}

// Behind the bracket that closes the one at t.
static const struct token *bracket_end(const struct token *t) {
    long depth = 0;
    do
        depth += nesting(t++);
    while (depth > 0 && t->kind != TOKEN_END);
    return t;
}

// The key of the entry at *t, a name or a string, and *t moved to its value; NULL if it has none.
static const struct token *entry_key(const struct token **t) {
    const struct token *first = *t;
    if (first->kind == TOKEN_NAME && is(first + 1, "=")) {
        *t = first + 2;
        return first;
    }
    if (is(first, "[") && first[1].kind == TOKEN_STRING && is(first + 2, "]") &&
        is(first + 3, "=")) {
        *t = first + 4;
        return first + 1;
    }
    return NULL;
}

static struct field *find_field(struct node *table, const struct token *key) {
    struct str name = key->kind == TOKEN_NAME ? key->text : key->content;
    for (int i = 0; i < table->fields; i++)
        if (str_eq(name, table->field[i].name))
            return &table->field[i];
    return NULL;
}

static void mark_field(const struct marker *m, struct field *field, const struct token *key,
                       struct range r) {
    struct place at = source_place(m->source, key);
    if (field->at.file)
        findings_add(m->findings, SEVERITY_ERROR, "written-twice", at,
                     "`%.*s` is written twice in this table, first in line %ld; keep one",
                     (int)field->name.n, field->name.p, field->at.line);
    field->at = at;
    mark(m, &field->value, r, at);
}

// Walks the constructor r, entry by entry.
static void mark_table(const struct marker *m, struct node *table, struct range r) {
    struct place at = table->at;
    int item = 0;
    for (const struct token *t = r.first + 1; t < r.end && !is(t, "}");) {
        const struct token *key = entry_key(&t);
        struct range value = {t, value_end(t)};
        struct field *field = key ? find_field(table, key) : NULL;
        if (field)
            mark_field(m, field, key, value);
        else if (!key && item < table->items)
            mark(m, &table->item[item++], value, at);
        t = value.end < r.end && !is(value.end, "}") ? value.end + 1 : value.end;
    }
}

// Marks what is in the parentheses that open at t; returns what is behind them.
static const struct token *mark_list(const struct marker *m, struct node *word, int *item,
                                     const struct token *t) {
    const struct token *behind = bracket_end(t);
    for (t++; t + 1 < behind; t++) {
        const struct token *end = value_end(t);
        if (t < end && *item < word->items)
            mark(m, &word->item[(*item)++], (struct range){t, end}, word->at);
        t = end;
    }
    return behind;
}

// Marks the arguments behind a word: strings, tables and (...), in however many calls.
static void mark_arguments(const struct marker *m, struct node *word, const struct token *t) {
    for (int item = 0; item < word->items;) {
        if (is(t, "(")) {
            t = mark_list(m, word, &item, t);
            continue;
        }
        if (t->kind != TOKEN_STRING && !is(t, "{"))
            break;
        const struct token *end = t->kind == TOKEN_STRING ? t + 1 : bracket_end(t);
        mark(m, &word->item[item++], (struct range){t, end}, word->at);
        t = end;
    }
}

// A word stands where its value begins, or was made elsewhere, in a line that is known.
static void mark_word(const struct marker *m, struct node *word, struct range r) {
    const struct token *t = r.first;
    if (!t || t->line != word->line || !str_eq(t->text, word->string))
        t = source_name(m->source, word->string, word->line);
    if (!t)
        return;
    word->at = source_place(m->source, t);
    mark_arguments(m, word, t + 1);
}

static void mark_string(const struct marker *m, struct node *node, struct range r) {
    bool own = r.first && r.end == r.first + 1 && r.first->kind == TOKEN_STRING &&
               str_eq(r.first->content, node->string);
    node->token = own ? r.first : source_string(m->source, node->string);
    if (node->token)
        node->at = source_place(m->source, node->token);
}

static bool is_only_function(const struct token *t) {
    for (const struct token *next = t + 1; next->line == t->line && next->kind != TOKEN_END; next++)
        if (is(next, "function"))
            return false;
    return true;
}

// A function stands where it is defined: here, or in a line that is known.
static void mark_function(const struct marker *m, struct node *node, struct range r) {
    bool here = r.first && is(r.first, "function") && r.first->line == node->line;
    const struct token *t = r.first;
    if (!here)
        t = source_name(m->source, STR("function"), node->line);
    if (!t)
        return;
    node->at = source_place(m->source, t);
    if (here || is_only_function(t))
        node->token = t;
}

static int compare_fields(const void *a, const void *b) {
    const struct field *x = a, *y = b;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    if (x->at.column != y->at.column)
        return x->at.column < y->at.column ? -1 : 1;
    return str_cmp(x->name, y->name);
}

// Entries that no token answers to: their table was filled by statements, or is named by a local.
static void mark_rest(const struct marker *m, struct node *table) {
    for (int i = 0; i < table->items; i++)
        if (!table->item[i].at.file)
            mark(m, &table->item[i], nowhere, table->at);
    for (int i = 0; i < table->fields; i++) {
        if (table->field[i].at.file)
            continue;
        table->field[i].at = table->at;
        mark(m, &table->field[i].value, nowhere, table->at);
    }
    if (table->fields > 1)
        qsort(table->field, (size_t)table->fields, sizeof *table->field, compare_fields);
}

static void mark(const struct marker *m, struct node *node, struct range r, struct place fallback) {
    node->at = r.first ? source_place(m->source, r.first) : fallback;
    if (node->kind == NODE_STRING)
        mark_string(m, node, r);
    else if (node->kind == NODE_TABLE && r.first && is(r.first, "{"))
        mark_table(m, node, r);
    else if (node->kind == NODE_WORD)
        mark_word(m, node, r);
    else if (node->kind == NODE_FUNCTION)
        mark_function(m, node, r);
    mark_rest(m, node);
}

static bool has_title(const struct token *word, const struct node *block) {
    const struct token *title = word + 1 + is(word + 1, "(");
    return title->kind == TOKEN_STRING && block->items > 0 && block->item[0].kind == NODE_STRING &&
           str_eq(title->content, block->item[0].string);
}

// Of several blocks in one line the one with this title, if possible behind the `last` one: a
// script may declare two of the same title.
static const struct token *block_token(const struct source *s, const struct node *block,
                                       const struct token *last) {
    const struct token *found = source_name(s, block->string, block->line);
    bool titled = false;
    for (const struct token *t = found; t && t->line == block->line; t++) {
        if (!str_eq(t->text, block->string) || !has_title(t, block))
            continue;
        if (!last || t > last)
            return t;
        found = titled ? found : t;
        titled = true;
    }
    return found;
}

void mark_blocks(const struct source *s, struct node *block, int n, struct findings *findings) {
    const struct token *last = NULL;
    for (int i = 0; i < n; i++) {
        last = block_token(s, &block[i], last);
        struct range r = last ? (struct range){last, last + 1} : nowhere;
        mark(&(struct marker){s, findings}, &block[i], r, source_line(s, block[i].line));
    }
}
