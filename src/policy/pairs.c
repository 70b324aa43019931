// Names are looked up where they belong and listed once each, in the order in which rules first
// read them: that order is their slots.
#include "policy/pairs.h"

#include <string.h>

#include "policy/policy.h"

static struct str behind(struct str name, const char *prefix) {
    size_t n = strlen(prefix);
    bool begins = name.n > n && memcmp(name.p, prefix, n) == 0;
    return begins ? (struct str){name.p + n, name.n - n} : STR("");
}

struct str pairs_row_name(struct str name) {
    return behind(name, "referral.");
}

struct str pairs_bare(struct str name) {
    struct str friend = behind(name, "friend.");
    return friend.n ? friend : pairs_row_name(name).n ? STR("") : name;
}

static bool is_listed(const struct pairs *p, struct str name, int *slot) {
    for (*slot = 0; *slot < p->n; ++*slot)
        if (str_eq(p->column[*slot].name, name))
            return true;
    return false;
}

static int list(struct pairs *p, struct pair_column c) {
    int slot;
    if (is_listed(p, c.name, &slot))
        return slot;
    p->column = arena_more(p->arena, p->column, p->n, &p->size, sizeof *p->column);
    c.name.p = arena_copy(p->arena, c.name.p, c.name.n);
    p->column[p->n] = c;
    return p->n++;
}

// What the row's own columns are where there is no data: as an input "referral.x" says, or usually.
static bool find_expected(const struct pairs *p, struct str name, struct symbol *out) {
    struct str own = pairs_row_name(name);
    bool date = str_is(own, "date");
    for (int i = 0; i < p->policy->inputs; i++) {
        const struct input *in = &p->policy->input[i];
        if (!str_eq(in->name, name))
            continue;
        *out = (struct symbol){.type = in->type, .labels = in->labels};
        return true;
    }
    *out = (struct symbol){.type = date ? TYPE_DATE : TYPE_LABEL};
    return date || str_is(own, "programme") || str_is(own, "status");
}

static bool find_in_row(struct pairs *p, struct str name, struct symbol *out) {
    const struct column *c = p->table ? table_column(p->table, pairs_row_name(name)) : NULL;
    if (p->table && !c)
        return false;
    if (c)
        *out = (struct symbol){.type = c->type};
    else if (!find_expected(p, name, out))
        return false;
    out->slot = list(p, (struct pair_column){name, PAIR_ROW, -1, out->type});
    return true;
}

static bool find(void *ctx, struct str name, struct symbol *out) {
    struct pairs *p = ctx;
    struct scope board = board_scope(p->board);
    struct str bare = pairs_bare(name);
    if (!bare.n)
        return find_in_row(p, name, out);
    if (!board.find(board.ctx, bare, out))
        return false;
    enum pair_side side = bare.n < name.n ? PAIR_FRIEND : PAIR_REFERRER;
    if (out->slot >= 0) // else it is a constant
        out->slot = list(p, (struct pair_column){name, side, out->slot, out->type});
    return true;
}

static struct str prefixed(struct arena *a, const char *prefix, struct str name) {
    return str_of(arena_printf(a, "%s%.*s", prefix, (int)name.n, name.p));
}

// The columns of the row, then by turns a customer's name and the friend's.
static bool next_name(const void *ctx, size_t i, struct str *out) {
    const struct pairs *p = ctx;
    size_t columns = p->table ? (size_t)p->table->columns : 0;
    if (i < columns) {
        *out = prefixed(p->arena, "referral.", p->table->column[i]->name);
        return true;
    }
    if (!board_name(p->board, (i - columns) / 2, out))
        return false;
    if ((i - columns) % 2)
        *out = prefixed(p->arena, "friend.", *out);
    return true;
}

struct pairs *pairs_new(struct arena *a, const struct policy *p, struct board *board,
                        const struct dataset *data) {
    struct pairs *pairs = arena_alloc(a, sizeof *pairs);
    *pairs = (struct pairs){.arena = a, .policy = p, .board = board};
    pairs->table = data ? dataset_table(data, STR("referrals")) : NULL;
    return pairs;
}

struct scope pairs_scope(struct pairs *pairs) {
    return (struct scope){pairs, find, next_name};
}
