// Schemes from their blocks. What classes say of themselves becomes one small column a detail, with
// a value by class; a customer's value is that of the customer's class.
#include "policy/draft.h"

#include "policy/words.h"

// ---- classes ----------------------------------------------------------------------------------

const struct node *draft_begin(struct draft *d, struct reader *r, const struct node *block,
                               enum scheme_kind kind) {
    struct policy *p = r->policy;
    struct scheme s = {.kind = kind, .at = block->at};
    const struct node *body = read_body(r, block, &s.name);
    if (body && p->schemes == READ_MOST)
        read_wrong(r, block->at, "too-many", "a policy has at most %d schemes", READ_MOST);
    if (!body || p->schemes == READ_MOST)
        return NULL;
    p->scheme = arena_more(r->arena, p->scheme, p->schemes, &r->schemes, sizeof *p->scheme);
    *d = (struct draft){
        .reader = r, .scheme = &p->scheme[p->schemes++], .errors = r->findings->errors};
    *d->scheme = s;
    return body;
}

bool draft_full(const struct draft *d) {
    return d->scheme->n > READ_MOST;
}

struct class *draft_class(struct draft *d, struct str name, struct place at) {
    struct scheme *s = d->scheme;
    s->class = arena_more(d->reader->arena, s->class, s->n, &d->classes, sizeof *s->class);
    s->class[s->n] = (struct class){.name = name, .at = at};
    return &s->class[s->n++];
}

void draft_detail(struct draft *d, int class, const struct field *field) {
    d->said = arena_more(d->reader->arena, d->said, d->n, &d->saids, sizeof *d->said);
    d->said[d->n++] = (struct said){class, field};
}

// The fields of the table that are no words of `block`; those that are nearly one are refused.
static void add_details(struct draft *d, int class, const struct node *table, const char *block) {
    for (int i = 0; i < table->fields; i++)
        if (!words_find(block, table->field[i].name) &&
            !read_misspelt(d->reader, block, &table->field[i]))
            draft_detail(d, class, &table->field[i]);
}

void draft_case(struct draft *d, const struct node *v, const struct compose *when) {
    struct reader *r = d->reader;
    const struct scheme_words *words = &scheme_words[d->scheme->kind];
    struct str name;
    bool table = v->kind == NODE_TABLE && v->items == 1;
    if (!read_name(r, table ? v->item : v, &name)) {
        read_wrong(r, v->at, "wrong-case", "a %s is written \"name\" or { \"name\", ... }, got %s",
                   words->class, read_described(r, v));
        return;
    }
    int i = scheme_class(d->scheme, name);
    if (i < 0 && draft_full(d))
        return;
    if (i < 0) {
        i = d->scheme->n;
        draft_class(d, name, v->at);
    }
    struct formula *own = &d->scheme->class[i].when.formula;
    struct compose c = compose_again(r->arena, own);
    if (c.pieces > 0)
        compose_words(&c, " or ", v->at);
    compose_all(&c, when);
    *own = compose_end(&c, d->scheme->class[i].at);
    if (table)
        add_details(d, i, v, words->class);
}

void draft_listed(struct draft *d, const struct node *v, const char *code) {
    struct reader *r = d->reader;
    const char *word = scheme_words[d->scheme->kind].class;
    struct class *class = draft_class(d, STR(""), v->at);
    if (v->kind != NODE_TABLE || v->items != 1 || !read_name(r, v->item, &class->name)) {
        read_wrong(r, v->at, code, "a %s is written { \"name\", when = \"...\" }, got %s", word,
                   read_described(r, v));
        return;
    }
    read_known_fields(r, v, word, class);
    add_details(d, d->scheme->n - 1, v, word);
}

// ---- details ----------------------------------------------------------------------------------

// A text, or the texts of a list as one.
static bool read_texts(struct reader *r, const struct node *v, struct str *out) {
    struct buf b = {.arena = r->arena};
    const struct str *list;
    int n;
    if (!read_list(r, v, &n, &list) || n == 0)
        return false;
    for (int i = 0; i < n; i++) {
        buf_z(&b, i ? "; " : "");
        buf_str(&b, list[i]);
    }
    *out = (struct str){b.p, b.n};
    return true;
}

// What the classes say of one detail.
struct told {
    struct str name;
    const struct field **field; // by class; NULL: nothing
    struct str *text;           // of a label
    enum type type;
};

static bool read_value(struct reader *r, const struct field *f, struct str *text, enum type *type) {
    double number;
    switch (f->value.kind) {
    case NODE_BOOLEAN: *type = TYPE_FLAG; return true;
    case NODE_INTEGER: *type = TYPE_INTEGER; return true;
    case NODE_NUMBER: *type = TYPE_NUMBER; return read_double(&f->value, &number);
    default: *type = TYPE_LABEL; return read_texts(r, &f->value, text);
    }
}

// Adds what a class says. A detail has one type for all classes.
static bool tell(struct reader *r, struct told *t, const struct field **first, int class,
                 const struct field *f) {
    enum type type;
    if (!read_value(r, f, &t->text[class], &type)) {
        read_mismatch(r, f->name, "text, a list of texts, a number, true or false", &f->value);
        return false;
    }
    bool numbers = type_numeric(type) && type_numeric(t->type);
    if (*first && type != t->type && !numbers) {
        read_wrong(r, f->value.at, "mixed-types", "`%s` is %s here, and %s in line %ld",
                   read_shown(r, f->name), read_described(r, &f->value),
                   read_described(r, &(*first)->value), (*first)->value.at.line);
        return false;
    }
    if (t->field[class]) {
        read_wrong(r, f->at, "said-twice", "`%s` is said in line %ld already",
                   read_shown(r, f->name), t->field[class]->at.line);
        return false;
    }
    t->field[class] = f;
    t->type = *first && t->type == TYPE_NUMBER ? TYPE_NUMBER : type;
    *first = *first ? *first : f;
    return true;
}

static void set(struct column *c, int class, const struct told *t) {
    const struct node *v = &t->field[class]->value;
    double number;
    switch (c->type) {
    case TYPE_LABEL: column_set_code(c, class, dict_find(c->dict, t->text[class])); break;
    case TYPE_FLAG: column_set_flag(c, class, v->boolean); break;
    case TYPE_INTEGER: column_set_integer(c, class, v->integer); break;
    default:
        if (read_double(v, &number))
            column_set_number(c, class, number);
    }
}

static const struct column *column_of(const struct draft *d, const struct told *t) {
    struct column *c = column_new(d->reader->arena, t->name, t->type, d->scheme->n);
    struct str *text = arena_array(d->reader->arena, (size_t)d->scheme->n, sizeof *text);
    int n = 0;
    for (int i = 0; i < d->scheme->n; i++)
        if (t->field[i])
            text[n++] = t->text[i];
    if (t->type == TYPE_LABEL)
        c->dict = dict_new(d->reader->arena, text, n, false);
    for (int i = 0; i < d->scheme->n; i++)
        if (t->field[i])
            set(c, i, t);
    column_finish(c);
    return c;
}

// The detail of that name, by class; NULL if something is wrong with it.
static const struct column *detail_of(const struct draft *d, struct str name) {
    size_t n = (size_t)d->scheme->n;
    struct told t = {.name = name};
    const struct field *first = NULL;
    bool sound = true;
    t.field = arena_array(d->reader->arena, n, sizeof *t.field);
    t.text = arena_array(d->reader->arena, n, sizeof *t.text);
    for (const struct said *s = d->said; s < d->said + d->n && sound; s++)
        if (str_eq(s->field->name, name))
            sound = tell(d->reader, &t, &first, s->class, s->field);
    return sound ? column_of(d, &t) : NULL;
}

// ---- columns ----------------------------------------------------------------------------------

static struct str joined(struct arena *a, struct str name, const char *with, struct str end) {
    return str_of(arena_printf(a, "%.*s%s%.*s", (int)name.n, name.p, with, (int)end.n, end.p));
}

// The first block of a kind has its columns under another name, too.
static void add_again(struct draft *d, struct scheme_column *list, int n) {
    struct scheme *s = d->scheme;
    const char *first = scheme_words[s->kind].first;
    for (const struct scheme *other = d->reader->policy->scheme; other < s; other++)
        if (other->kind == s->kind)
            return;
    if (!first || str_is(s->name, first))
        return;
    for (int i = 0; i < n; i++) {
        struct str end = {list[i].name.p + s->name.n, list[i].name.n - s->name.n};
        list[n + i] = list[i];
        list[n + i].name = joined(d->reader->arena, str_of(first), "", end);
        list[n + i].again = true;
    }
    s->columns = 2 * n;
}

static const char *const aspects[] = {
    [ASPECT_UNDECIDED] = "undecided", [ASPECT_STATE] = "state",       [ASPECT_UNTIL] = "until",
    [ASPECT_ENTERED] = "entered",     [ASPECT_REVIEWED] = "reviewed",
};

// How many details the schemes before it have.
static int details_before(const struct draft *d) {
    int n = 0;
    for (const struct scheme *s = d->reader->policy->scheme; s < d->scheme; s++)
        for (int i = 0; i < s->columns; i++)
            n += s->column[i].aspect == ASPECT_DETAIL && !s->column[i].again;
    return n;
}

static void add_columns(struct draft *d) {
    struct arena *a = d->reader->arena;
    struct scheme *s = d->scheme;
    struct scheme_column *list = arena_array(a, (size_t)(2 * (d->n + 6)), sizeof *list);
    int n = 0, details = details_before(d);
    list[n++] = (struct scheme_column){s->name, ASPECT_CLASS, false, NULL, s->at};
    list[n++] = (struct scheme_column){joined(a, s->name, "_", str_of(aspects[ASPECT_UNDECIDED])),
                                       ASPECT_UNDECIDED, false, NULL, s->at};
    for (enum aspect i = ASPECT_STATE; s->memory.on && i < ASPECT_DETAIL; i++)
        list[n++] = (struct scheme_column){joined(a, s->name, "_", str_of(aspects[i])), i, false,
                                           NULL, s->at};
    for (const struct said *said = d->said; said < d->said + d->n; said++) {
        const struct said *same = d->said;
        while (!str_eq(same->field->name, said->field->name))
            same++;
        if (same < said)
            continue;
        if (details++ == READ_MOST) {
            read_wrong(d->reader, said->field->at, "too-many",
                       "the classes of a policy have at most %d details", READ_MOST);
            break;
        }
        const struct column *detail = detail_of(d, said->field->name);
        if (detail)
            list[n++] = (struct scheme_column){joined(a, s->name, "_", detail->name), ASPECT_DETAIL,
                                               false, detail, said->field->at};
    }
    s->columns = n;
    s->column = list;
    add_again(d, list, n);
}

static const struct dict *states_dict(struct arena *a) {
    struct str name[TIER_STATES];
    for (int i = 0; i < TIER_STATES; i++)
        name[i] = str_of(tier_states[i]);
    return dict_new(a, name, TIER_STATES, true);
}

void draft_end(struct draft *d) {
    struct arena *a = d->reader->arena;
    struct scheme *s = d->scheme;
    struct str *name = arena_array(a, (size_t)s->n, sizeof *name);
    for (int i = 0; i < s->n; i++)
        name[i] = s->class[i].name;
    s->labels = dict_new(a, name, s->n, true);
    s->names = s->kind == SCHEME_TIERS ? s->labels : dict_new(a, name, s->n, false);
    if (s->memory.on)
        s->states = states_dict(a);
    add_columns(d);
    if ((s->n == 0 && d->reader->findings->errors == d->errors) || draft_full(d))
        read_wrong(d->reader, s->at, "wrong-classes", "has %s %s; it takes 1 to %d",
                   s->n ? "too many" : "0", scheme_words[s->kind].classes, READ_MOST);
}
