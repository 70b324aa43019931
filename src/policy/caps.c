// What there is of an offer: how often, for whom, for how much, and when.
#include <string.h>

#include "base/date.h"
#include "policy/quota.h"
#include "policy/read.h"
#include "policy/words.h"

bool read_count(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row;
    if (v->kind != NODE_INTEGER || v->integer < 0 || v->integer > QUOTA_MOST)
        return false;
    *(int64_t *)into = v->integer;
    return true;
}

bool read_capacity(struct reader *r, const struct row *row, const struct node *v, void *into) {
    return quota_read(r, row->word.name, v, true, NULL, into);
}

// 3, or { 3, per = months(12) }.
bool read_limit(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct limit *limit = into;
    bool table = v->kind == NODE_TABLE;
    limit->given = true;
    if (table && v->items != 1)
        return false;
    if (table)
        read_fields(r, v, "limit", limit);
    bool whole = strcmp(row->word.name, "budget") != 0;
    return quota_read(r, row->word.name, table ? v->item : v, whole, &limit->most, NULL);
}

bool read_rest(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct limit *limit = into;
    *limit = (struct limit){.given = true, .most = 1};
    return read_duration(r, row, v, &limit->per);
}

// ---- caps by class --------------------------------------------------------------------------

// by "card" { gold = 100 }
bool read_class_caps(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct caps *caps = into;
    (void)row;
    if (v->kind != NODE_WORD || !str_is(v->string, "by") || v->items != 2 ||
        v->item[0].kind != NODE_STRING || v->item[1].kind != NODE_TABLE)
        return false;
    const struct node *body = &v->item[1];
    caps->scheme = refer_scheme(r, v->item[0].at, v->item[0].string);
    if (caps->scheme < 0)
        return true;
    struct scheme *s = &r->policy->scheme[caps->scheme];
    int64_t *most = arena_array(r->arena, (size_t)s->n, sizeof *most);
    for (int i = 0; i < s->n; i++)
        most[i] = -1;
    read_no_items(r, body);
    for (int i = 0; i < body->fields; i++) {
        const struct field *f = &body->field[i];
        int k = refer_class(r, f->at, s, f->name);
        if (k >= 0 && !quota_read(r, "class", &f->value, true, NULL, &most[k]))
            read_mismatch(r, f->name, "a whole number, or an expression over params", &f->value);
    }
    caps->most = most;
    return true;
}

bool read_caps(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    read_fields(r, v, "caps", into);
    return true;
}

// ---- when -----------------------------------------------------------------------------------

bool read_day(struct reader *r, const struct row *row, const struct node *v, void *into) {
    bool had_time;
    (void)r, (void)row;
    return v->kind == NODE_STRING && date_parse(v->string, STR("YYYY-MM-DD"), into, &had_time) &&
           !had_time;
}

bool read_period(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct period *p = into;
    (void)row;
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    read_fields(r, v, "period", p);
    if (p->from > p->to)
        read_wrong(r, v->at, "empty-period", "`period` ends before it begins");
    return true;
}

// ---- who goes first ---------------------------------------------------------------------------

bool read_priority(struct reader *r, const struct row *row, const struct node *v, void *into) {
    if (!read_count(r, row, v, into) || v->integer < 1 || v->integer > PRIORITY_MOST)
        return false;
    if (r->policy->allocate != ALLOCATE_PRIORITY)
        read_wrong(r, v->at, "no-priority",
                   "`priority` counts only with allocate = \"priority\" in the policy block");
    return true;
}

bool read_allocate(struct reader *r, const struct row *row, const struct node *v, void *into) {
    static const char *const names[] = {[ALLOCATE_NET] = "net",
                                        [ALLOCATE_NET_PER_COST] = "net per cost",
                                        [ALLOCATE_PRIORITY] = "priority"};
    int choice = read_choice(v, names, ALLOCATE_PRIORITY + 1);
    (void)r, (void)row;
    *(enum allocation *)into = choice < 0 ? ALLOCATE_NET : (enum allocation)choice;
    return choice >= 0;
}
