// patron recall: what every clause came to for a customer, from the code that `score --clauses`
// wrote into their row, and its key. The data may have changed since, and the policy, too.
#include <cJSON.h>
#include <string.h>

#include "base/format.h"
#include "load/document.h"
#include "sink/clauses.h"
#include "verb/all.h"

// A clause as the key tells it, and what it came to.
struct recalled {
    const char *of, *name; // "campaign" and its name
    const char *class;     // of a scheme's; or NULL
    const char *word, *text;
    long line, column;
    enum truth truth;
};

struct recall {
    const char *policy, *file;
    int n;
    struct recalled *clause;
};

// ---- the key ----------------------------------------------------------------------------------

static const char *text_of(const cJSON *object, const char *name) {
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsString(x) ? x->valuestring : NULL;
}

static long number_of(const cJSON *object, const char *name) {
    const cJSON *x = cJSON_GetObjectItemCaseSensitive(object, name);
    return cJSON_IsNumber(x) ? x->valueint : 0; // at most INT_MAX, whatever a file says
}

static enum status refuse_key(const struct document *d, const cJSON *at, struct err *err) {
    return err_at(err, REFUSED, document_value_place(d, at),
                  "this is no key that `patron score --clauses` wrote");
}

static enum status refuse_code(const char *code, struct err *err) {
    return err_set(err, REFUSED,
                   "the code '%s' is not of this key: take the column `clauses` of a row that was "
                   "written together with it",
                   code);
}

// ---- the code ---------------------------------------------------------------------------------

// The number in the next `width` letters; -1: it is none.
static int64_t take_number(const char **code, int width) {
    int64_t number = 0;
    for (int i = 0; i < width; i++) {
        const char *letter = **code ? strchr(code_letters, **code) : NULL;
        if (!letter)
            return -1;
        number = number * CODE_BASE + (letter - code_letters);
        ++*code;
    }
    return number;
}

static enum status take_clause(const struct document *d, const cJSON *group, const cJSON *clause,
                               char sign, struct recalled *out, struct err *err) {
    const char *found = sign ? strchr(code_signs, sign) : NULL;
    *out = (struct recalled){.of = text_of(group, "of"),
                             .name = text_of(group, "name"),
                             .class = text_of(clause, "class"),
                             .word = text_of(clause, "word"),
                             .text = text_of(clause, "text"),
                             .line = number_of(clause, "line"),
                             .column = number_of(clause, "column")};
    if (!found || !out->of || !out->name || !out->word || !out->text)
        return refuse_key(d, clause, err);
    out->truth = (enum truth)(found - code_signs);
    return DONE;
}

static enum status take_group(struct call *c, const struct document *d, const cJSON *group,
                              const char **code, struct recall *r, struct err *err) {
    const cJSON *patterns = cJSON_GetObjectItemCaseSensitive(group, "patterns");
    const cJSON *clauses = cJSON_GetObjectItemCaseSensitive(group, "clauses");
    if (!cJSON_IsArray(patterns) || !cJSON_IsArray(clauses))
        return refuse_key(d, group, err);
    int n = cJSON_GetArraySize(clauses), most = cJSON_GetArraySize(patterns);
    int64_t number = take_number(code, code_width(most));
    if (number < 0 || number >= most)
        return refuse_code(c->args.positional[1], err);
    const cJSON *signs = cJSON_GetArrayItem(patterns, (int)number);
    if (!cJSON_IsString(signs) || strlen(signs->valuestring) != (size_t)n)
        return refuse_key(d, patterns, err);
    r->clause = arena_resize(c->arena, r->clause, (size_t)r->n * sizeof *r->clause,
                             (size_t)(r->n + n) * sizeof *r->clause);
    const char *sign = signs->valuestring;
    for (const cJSON *clause = clauses->child; clause; clause = clause->next)
        TRY(take_clause(d, group, clause, *sign++, &r->clause[r->n++], err));
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct recall *r = arena_alloc(c->arena, sizeof *r);
    struct document d;
    const char *code = c->args.positional[1];
    *result = r;
    if (format_ends_in(c->args.positional[0], ".csv") || format_ends_in(code, ".json"))
        return err_set(err, MISUSED,
                       "%s is no key, and here stands the file that `patron score --clauses FILE` "
                       "wrote (the order is CLAUSES CODE)",
                       c->args.positional[0]);
    TRY(document_read(c->arena, c->args.positional[0], &d, err));
    const cJSON *groups = cJSON_GetObjectItemCaseSensitive(d.root, "groups");
    r->policy = text_of(d.root, "policy");
    r->file = text_of(d.root, "file");
    if (!r->policy || !r->file || !cJSON_IsArray(groups))
        return refuse_key(&d, d.root, err);
    for (const cJSON *group = groups->child; group; group = group->next)
        TRY(take_group(c, &d, group, &code, r, err));
    return *code ? refuse_code(c->args.positional[1], err) : DONE;
}

// ---- showing ----------------------------------------------------------------------------------

static bool same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void text(const void *result, struct buf *out) {
    static const char *const signs[] = {"-", "no", "yes", "?", "!"};
    const struct recall *r = result;
    struct recalled before = {0};
    buf_printf(out, "policy \"%s\", %s\n", r->policy, r->file);
    for (int i = 0; i < r->n; i++) {
        const struct recalled *k = &r->clause[i];
        bool of = same(k->of, before.of) && same(k->name, before.name);
        if (!of)
            buf_printf(out, "%s %s\n", k->of, k->name);
        if (!of || !same(k->class, before.class) || !same(k->word, before.word))
            buf_printf(out, "  %s%s%s (line %ld)\n", k->class ? k->class : "", k->class ? ", " : "",
                       k->word, k->line);
        buf_printf(out, "    %-5s %s\n", signs[k->truth], k->text);
        before = *k;
    }
}

static void json(const void *result, struct json *j) {
    static const char *const words[] = {"not reached", "false", "true", "missing", "fault"};
    const struct recall *r = result;
    json_open(j, '{');
    json_field_z(j, "policy", r->policy);
    json_field_z(j, "file", r->file);
    json_field_open(j, "clauses", '[');
    for (int i = 0; i < r->n; i++) {
        const struct recalled *k = &r->clause[i];
        json_open(j, '{');
        json_field_z(j, "of", k->of);
        json_field_z(j, "name", k->name);
        if (k->class)
            json_field_z(j, "class", k->class);
        json_field_z(j, "word", k->word);
        json_field_z(j, "text", k->text);
        json_field_integer(j, "line", k->line);
        json_field_integer(j, "column", k->column);
        json_field_z(j, "truth", words[k->truth]);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static const struct option options[] = {
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_recall = {
    .name = "recall",
    .synopsis = "CLAUSES CODE",
    .summary = "Show why a row of earlier decisions fell as it did",
    .help =
        "Shows what every clause came to for one customer, from the code in the column `clauses`\n"
        "of a row that `patron score --clauses FILE` wrote, and that FILE: yes, no, ? a value was\n"
        "missing, ! it failed, - it was not reached. Neither the data nor the policy is needed,\n"
        "and both may have changed. For the values, too, and what would change the decision, ask\n"
        "`patron explain` while the data are as they were.\n\n"
        "Examples:\n"
        "  patron score samples/bank policies/card-retention.lua -o out.csv --clauses key.json\n"
        "  patron recall key.json bacaa\n",
    .options = options,
    .least = 2,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
