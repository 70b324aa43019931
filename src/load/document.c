// cJSON keeps no places. So after it has accepted the text, a second walk follows tree and text
// side by side, checks what cJSON does not, and leaves every value's offset in its `valueint`,
// which cJSON itself has no use for (numbers are read from `valuedouble`).
#include "load/document.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/file.h"

static struct place place_of(const struct document *d, size_t at) {
    struct place place = {d->file, 1, 1};
    for (size_t i = 0; i < at && i < d->text.n; i++) {
        place.column++;
        if (d->text.p[i] == '\n') {
            place.line++;
            place.column = 1;
        }
    }
    return place;
}

// What cJSON takes for a blank.
static size_t skip_space(const struct document *d, size_t at) {
    while (at < d->text.n && (unsigned char)d->text.p[at] <= ' ')
        at++;
    return at;
}

// Behind the string that opens at `at`.
static enum status skip_string(const struct document *d, size_t *at, struct err *err) {
    size_t i = *at + 1;
    for (; d->text.p[i] != '"'; i++) {
        if (d->text.p[i] != '\\')
            continue;
        if (strncmp(d->text.p + i, "\\u0000", 6) == 0)
            return err_at(err, REFUSED, place_of(d, i), "\\u0000 cannot stand in a string");
        i++;
    }
    *at = i + 1;
    return DONE;
}

static size_t number_end(const struct document *d, size_t at) {
    while (at < d->text.n && strchr("+-.eE0123456789", d->text.p[at]))
        at++;
    return at;
}

static enum status check_number(const struct document *d, const cJSON *node, size_t *at,
                                struct err *err) {
    size_t start = *at;
    *at = number_end(d, start);
    bool integer = strcspn(d->text.p + start, ".eE") >= *at - start;
    if (integer && fabs(node->valuedouble) >= 0x1p53)
        return err_at(err, REFUSED, place_of(d, start),
                      "this integer is not below 2^53 and may lose digits; write it as a string");
    return DONE;
}

static enum status check_repeat(const struct document *d, const cJSON *member, size_t at,
                                struct err *err) {
    // The first child's `prev` is the last child.
    for (const cJSON *m = member->prev; m && m->next; m = m->prev)
        if (strcmp(m->string, member->string) == 0)
            return err_at(err, REFUSED, place_of(d, at),
                          "\"%s\" stands here for the second time (first on line %ld); remove one",
                          member->string, document_place(d, m).line);
    return DONE;
}

// Follows a value from *at on, as deep as cJSON went.
static enum status walk(const struct document *d, cJSON *node, size_t *at, struct err *err) {
    *at = skip_space(d, *at);
    node->valueint = (int)*at;
    if (node->string) {
        TRY(check_repeat(d, node, *at, err));
        TRY(skip_string(d, at, err));
        *at = skip_space(d, skip_space(d, *at) + 1);
    }
    if (cJSON_IsString(node))
        return skip_string(d, at, err);
    if (cJSON_IsNumber(node))
        return check_number(d, node, at, err);
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node)) {
        *at += cJSON_IsFalse(node) ? 5 : 4;
        return DONE;
    }
    ++*at;
    for (cJSON *child = node->child; child; child = child->next) {
        TRY(walk(d, child, at, err));
        *at = skip_space(d, *at) + 1; // behind the comma or the bracket
    }
    if (!node->child)
        *at = skip_space(d, *at) + 1;
    return DONE;
}

static void delete_tree(void *p) {
    cJSON **root = p;
    cJSON_Delete(*root);
}

enum status document_read(struct arena *a, const char *path, struct document *out,
                          struct err *err) {
    struct str text;
    TRY(file_map(a, path, &text, err));
    return document_parse(a, path, text, out, err);
}

enum status document_parse(struct arena *a, const char *name, struct str text, struct document *out,
                           struct err *err) {
    const char *end = NULL;
    size_t at = 0;
    *out = (struct document){.file = name, .text = text};
    if (text.n >= INT_MAX)
        return err_at(err, REFUSED, (struct place){name, 0, 0}, "is over 2 GB; is it JSON?");
    for (struct str rest = out->text; rest.n > 0;) {
        size_t n = str_utf8(rest);
        if (n == 0 || *rest.p == '\0')
            return err_at(err, REFUSED, place_of(out, (size_t)(rest.p - out->text.p)),
                          "this byte is not UTF-8 text; save the file as UTF-8");
        rest = (struct str){rest.p + n, rest.n - n};
    }
    // A NUL behind the text, for cJSON's own check that nothing but blanks follows.
    out->text.p = arena_copy(a, out->text.p, out->text.n);
    cJSON **root = arena_alloc(a, sizeof *root);
    arena_defer(a, delete_tree, root);
    errno = 0;
    *root = cJSON_ParseWithLengthOpts(out->text.p, out->text.n + 1, &end, true);
    if (!*root && errno == ENOMEM) // which it says in no other way
        mem_exhausted();
    if (!*root)
        return err_at(
            err, REFUSED, place_of(out, end ? (size_t)(end - out->text.p) : 0),
            "here or just before, this is no JSON; look for a missing or stray comma, quote or "
            "bracket");
    out->root = *root;
    at = strncmp(out->text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; // a byte order mark
    return walk(out, *root, &at, err);
}

struct place document_place(const struct document *d, const cJSON *node) {
    return place_of(d, (size_t)node->valueint);
}

static size_t value_at(const struct document *d, const cJSON *member) {
    size_t at = (size_t)member->valueint;
    struct err none = {0};
    if (member->string && skip_string(d, &at, &none) == DONE)
        at = skip_space(d, skip_space(d, at) + 1);
    return at;
}

struct place document_value_place(const struct document *d, const cJSON *member) {
    return place_of(d, value_at(d, member));
}

struct str document_number(const struct document *d, const cJSON *number) {
    size_t at = value_at(d, number), end = number_end(d, at);
    return (struct str){d->text.p + at, end - at};
}
