#include "load/description.h"

struct described_column *description_column(const struct described_table *t, const char *name) {
    for (int i = 0; i < t->columns; i++)
        if (!t->column[i].ignored && str_is(t->column[i].name, name))
            return &t->column[i];
    return NULL;
}

struct missing description_missing(struct arena *a, const struct description *d,
                                   const struct described_table *t,
                                   const struct described_column *c) {
    const struct missing *const parts[] = {&d->missing, &t->missing, &c->missing};
    int n = d->missing.n + t->missing.n + c->missing.n;
    struct str *word = arena_array(a, (size_t)n, sizeof *word);
    struct missing all = {0, word};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < parts[i]->n; k++)
            word[all.n++] = parts[i]->word[k];
    return all;
}

const char *description_advice(struct arena *a, const struct description *d,
                               const struct described_table *t, const char *entry,
                               const char *column) {
    struct str name = t->name.n ? t->name : STR("transactions"), file = t->file_name;
    if (d->file && entry)
        return arena_printf(a, "write %s into %s", entry, d->file);
    if (d->file)
        return arena_printf(a, "write %s into the \"columns\" of \"%.*s\" in %s", column,
                            (int)name.n, name.p, d->file);
    return arena_printf(a,
                        "write a dataset.json beside it, { %s%s\"tables\": { \"%.*s\": { \"file\": "
                        "\"%.*s\"%s%s%s } } }, and give the folder",
                        entry ? entry : "", entry ? ", " : "", (int)name.n, name.p, (int)file.n,
                        file.p, column ? ", \"columns\": { " : "", column ? column : "",
                        column ? " }" : "");
}
