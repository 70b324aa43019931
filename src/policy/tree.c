// A tree: each branch asks a condition and goes on with `yes` or `no`, down to the leaves. A leaf
// becomes a class whose condition is what holds on the way to it, so a customer on whose way a
// value is missing comes to none; leaves of one name are one class.
#include "policy/draft.h"

bool read_node(struct reader *r, const struct row *row, const struct node *v, void *into) {
    const struct node **out = into;
    (void)r, (void)row;
    bool sound = v->kind == NODE_STRING || v->kind == NODE_TABLE;
    *out = sound ? v : NULL;
    return sound;
}

static bool is_branch(const struct node *v) {
    return v->kind == NODE_TABLE && (read_field(v, "yes") || read_field(v, "no"));
}

// What holds on the way through `way` and then this condition, or its contrary.
static struct compose further(struct arena *a, const struct compose *way, const struct formula *f,
                              const char *words) {
    struct compose c = {.text = {.arena = a}};
    compose_all(&c, way);
    compose_words(&c, way->pieces > 0 ? " and " : "", f->at);
    compose_words(&c, words, f->at);
    compose_operand(&c, f);
    return c;
}

static void read_part(struct draft *d, const struct node *v, const struct compose *way);

static void read_branch(struct draft *d, const struct node *v, const struct compose *way) {
    struct reader *r = d->reader;
    struct branch b = {NULL, NULL};
    struct formula f;
    if (v->items != 1 || !read_formula(r, v->item, &f)) {
        read_wrong(r, v->at, "wrong-branch",
                   "a branch is written { \"a condition\", yes = ..., no = ... }; what only a "
                   "function can say is declared as a metric and named here");
        return;
    }
    read_fields(r, v, "tree", &b);
    struct arena *own = arena_child(r->arena); // ways are long, and classes copy them
    struct compose yes = further(own, way, &f, ""), no = further(own, way, &f, "not ");
    if (b.yes)
        read_part(d, b.yes, &yes);
    if (b.no)
        read_part(d, b.no, &no);
    arena_free(own);
}

static void read_part(struct draft *d, const struct node *v, const struct compose *way) {
    if (is_branch(v))
        read_branch(d, v, way);
    else
        draft_case(d, v, way);
}

bool read_tree(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct draft d;
    const struct node *body = draft_begin(&d, r, v, SCHEME_TREE);
    (void)row, (void)into;
    if (!body)
        return true;
    read_branch(&d, body, &(struct compose){.pieces = 0});
    draft_end(&d);
    return true;
}
