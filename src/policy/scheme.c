// What the kinds of schemes are called, and the columns that they bring.
#include "policy/scheme.h"

#include "policy/policy.h"

const struct scheme_words scheme_words[] = {
    [SCHEME_TIERS] = {"tiers", "tier", "tiers", "tier"},
    [SCHEME_SEGMENTS] = {"segments", "segment", "segments", "segment"},
    [SCHEME_MATRIX] = {"matrix", "cell", "cells", NULL},
    [SCHEME_TREE] = {"tree", "leaf", "leaves", NULL},
    [SCHEME_TABLE] = {"decision_table", "row", "rows", NULL},
};

struct str scheme_class_name(const struct scheme *s, int class) {
    return class < s->n ? s->class[class].name : STR("(none)");
}

int scheme_class(const struct scheme *s, struct str name) {
    for (int i = 0; i < s->n; i++)
        if (str_eq(s->class[i].name, name))
            return i;
    return -1;
}

struct expected scheme_expected(const struct scheme *s, const struct scheme_column *c) {
    switch (c->aspect) {
    case ASPECT_CLASS: return (struct expected){c->name, TYPE_LABEL, s->names};
    case ASPECT_UNDECIDED: return (struct expected){c->name, TYPE_FLAG, NULL};
    case ASPECT_STATE: return (struct expected){c->name, TYPE_LABEL, s->states};
    case ASPECT_UNTIL:
    case ASPECT_ENTERED:
    case ASPECT_REVIEWED: return (struct expected){c->name, TYPE_DATE, NULL};
    default:
        // What several rows say together is known when they are.
        return (struct expected){c->name, c->detail->type, s->collects ? NULL : c->detail->dict};
    }
}

const char *scheme_column_what(struct arena *a, const struct scheme *s,
                               const struct scheme_column *c) {
    const char *of = c->aspect == ASPECT_CLASS    ? ""
                     : c->aspect == ASPECT_DETAIL ? "a detail of "
                                                  : "the mark of ";
    return arena_printf(a, "%sa %s block", of, scheme_words[s->kind].block);
}

const struct scheme_column *scheme_find_column(const struct policy *p, struct str name,
                                               const struct scheme **scheme) {
    for (const struct scheme *s = p->scheme; s < p->scheme + p->schemes; s++)
        for (const struct scheme_column *c = s->column; c < s->column + s->columns; c++) {
            if (!str_eq(c->name, name))
                continue;
            if (scheme)
                *scheme = s;
            return c;
        }
    return NULL;
}
