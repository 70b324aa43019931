#include "table/table.h"

const struct column *table_column(const struct table *t, struct str name) {
    for (int i = 0; i < t->columns; i++)
        if (str_eq(t->column[i]->name, name))
            return t->column[i];
    return NULL;
}

const struct table *dataset_table(const struct dataset *d, struct str name) {
    if (d->people && str_eq(d->people->name, name))
        return d->people;
    for (int i = 0; i < d->tables; i++)
        if (str_eq(d->table[i]->name, name))
            return d->table[i];
    return NULL;
}

int64_t dataset_find(const struct dataset *d, struct str id) {
    return dict_find(d->id->dict, id);
}
