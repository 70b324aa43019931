// Reading playbooks. A text is cut into pieces once, at its braces; what stands in them is a rule
// like any other, with its place in the file.
#include "policy/playbook.h"

#include "policy/compile.h"
#include "policy/read.h"

// Where an expression in braces stands: `base` bytes into the text.
struct inside {
    struct formula text;
    size_t base;
};

static struct place locate(const void *ctx, const struct formula *f, size_t offset) {
    const struct inside *in = ctx;
    (void)f;
    return formula_place(&in->text, in->base + offset);
}

// A text being cut.
struct cut {
    struct reader *r;
    struct formula text; // all of it
    size_t at;
    int size, fields;
    struct buf literal;
    struct template *out;
};

static void add_piece(struct cut *c, struct piece piece) {
    struct template *t = c->out;
    t->piece = arena_more(c->r->arena, t->piece, t->pieces, &c->size, sizeof piece);
    t->piece[t->pieces++] = piece;
}

static void end_literal(struct cut *c) {
    if (c->literal.n > 0)
        add_piece(c, (struct piece){.literal = {c->literal.p, c->literal.n}});
    c->literal = (struct buf){.arena = c->r->arena};
}

// The brace that closes an expression, which may be in none of its strings; the end if none does.
static size_t closing(struct str s, size_t at) {
    for (char quote = 0; at < s.n; at++) {
        char c = s.p[at];
        if (c == '}' && !quote)
            break;
        if (c == '\\' && quote)
            at++;
        else if (!quote && (c == '"' || c == '\''))
            quote = c;
        else if (c == quote)
            quote = 0;
    }
    return at < s.n ? at : s.n;
}

static bool is_blank(struct str s) {
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] != ' ' && s.p[i] != '\t' && s.p[i] != '\n')
            return false;
    return true;
}

static bool wrong(struct cut *c, size_t at, const char *what) {
    read_wrong(c->r, formula_place(&c->text, at), "brace", "%s", what);
    return false;
}

// From a brace that opens; false if what follows is wrong, which is said.
static bool cut_field(struct cut *c) {
    struct str s = c->text.text;
    size_t from = c->at + 1, to = closing(s, from);
    struct str inner = {s.p + from, to - from};
    if (to == s.n)
        return wrong(c, c->at, "this { is not closed: write }, or {{ for a brace in the text");
    if (is_blank(inner))
        return wrong(c, c->at,
                     "nothing stands in these braces: name a column, or write {{ }} for "
                     "braces in the text");
    if (c->fields++ == READ_MOST) {
        read_wrong(c->r, formula_place(&c->text, c->at), "too-many",
                   "a text has at most %d braces with something in them", READ_MOST);
        return false;
    }
    end_literal(c);
    struct inside *in = arena_alloc(c->r->arena, sizeof *in);
    *in = (struct inside){c->text, from};
    struct formula f = {inner, formula_place(&c->text, from), locate, in};
    add_piece(c, (struct piece){.field = {.formula = f}});
    c->at = to + 1;
    return true;
}

static bool is_control(char c) {
    return ((unsigned char)c < ' ' && c != '\n' && c != '\t') || c == 0x7F;
}

static bool cut_one(struct cut *c) {
    struct str s = c->text.text;
    char here = s.p[c->at], next = c->at + 1 < s.n ? s.p[c->at + 1] : 0;
    if (is_control(here))
        return wrong(c, c->at, "there is a control character here; take it out");
    if (here == '{' && next != '{')
        return cut_field(c);
    if (here == '}' && next != '}')
        return wrong(c, c->at, "this } closes nothing: write }} for a brace in the text");
    buf_char(&c->literal, here);
    c->at += here == '{' || here == '}' ? 2 : 1;
    return true;
}

// Without the line ends behind it.
static struct str trimmed(struct str s) {
    while (s.n > 0 && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == ' '))
        s.n--;
    return s;
}

bool read_template(struct reader *r, const struct row *row, const struct node *v, void *into) {
    enum { LONGEST = 64 << 10 };
    struct cut c = {.r = r, .literal = {.arena = r->arena}, .out = into};
    (void)row;
    if (v->kind != NODE_STRING || trimmed(v->string).n == 0)
        return false;
    read_formula(r, v, &c.text);
    c.text.text = trimmed(v->string);
    if (v->string.n > LONGEST)
        read_wrong(r, v->at, "long-text", "a text has at most %d bytes", LONGEST);
    while (c.at < c.text.text.n && cut_one(&c))
        ;
    end_literal(&c);
    return true;
}

bool read_owner(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct rule *rule = into;
    (void)row;
    return read_formula(r, v, &rule->formula);
}

bool read_playbook(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct playbook *p = &r->policy->playbook[r->policy->playbooks];
    const struct node *body = read_another(r, v, &p->name, &p->at, &r->policy->playbooks);
    (void)row, (void)into;
    if (!body)
        return true;
    read_fields(r, body, "playbook", p);
    return true;
}

// ---- the playbooks of a campaign ----------------------------------------------------------------

static bool attach(struct reader *r, const struct node *v, int channel, struct attached *out) {
    struct str name;
    if (!read_name(r, v, &name))
        return false;
    *out = (struct attached){channel, refer_playbook(r, v->at, name)};
    return true;
}

// The campaign's channel of that name, in the policy's list.
static int own_channel(struct reader *r, const struct campaign *c, const struct field *f) {
    for (int i = 0; i < c->channels; i++)
        if (str_eq(r->policy->channel[c->channel[i]].name, f->name))
            return c->channel[i];
    read_wrong(r, f->at, "no-channel",
               "the playbook is for the channel '%s', which the campaign does not have",
               read_shown(r, f->name));
    return -1;
}

// The campaign's channels are known by now: their word comes first.
bool read_attached(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct campaign *c = into;
    int n = v->kind == NODE_STRING ? 1 : v->kind == NODE_TABLE && v->items == 0 ? v->fields : 0;
    struct attached *list = arena_array(r->arena, (size_t)n, sizeof *list);
    (void)row;
    c->playbooks = n;
    c->playbook = list;
    if (n > 0 && c->channels == 0)
        read_wrong(r, v->at, "no-channel",
                   "a playbook says what to do over a channel, and the campaign has none");
    if (v->kind == NODE_STRING)
        return attach(r, v, -1, list);
    for (int i = 0; i < n && c->channels > 0; i++)
        if (!attach(r, &v->field[i].value, own_channel(r, c, &v->field[i]), &list[i]))
            return false;
    return n > 0;
}

const struct playbook *playbook_of(const struct policy *p, const struct campaign *c, int channel) {
    for (int i = 0; i < c->playbooks; i++)
        if (c->playbook[i].channel < 0 || c->playbook[i].channel == channel)
            return &p->playbook[c->playbook[i].playbook];
    return NULL;
}

static bool is_used(const struct policy *p, int playbook) {
    for (int c = 0; c < p->campaigns; c++)
        for (int i = 0; i < p->campaign[c].playbooks; i++)
            if (p->campaign[c].playbook[i].playbook == playbook)
                return true;
    return false;
}

void compile_playbooks(const struct compile *c) {
    const struct policy *p = c->policy;
    for (int i = 0; i < p->playbooks; i++)
        if (!is_used(p, i))
            findings_add(c->findings, SEVERITY_WARNING, "unused", p->playbook[i].at,
                         "no campaign has the playbook '%.*s'; write `playbook = \"...\"` in one",
                         (int)p->playbook[i].name.n, p->playbook[i].name.p);
}
