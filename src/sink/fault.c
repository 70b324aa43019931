#include "sink/fault.h"

const struct dict *fault_dict(struct arena *a, const struct decisions *d) {
    struct str *list = arena_array(a, (size_t)d->failures, sizeof *list);
    int32_t n = 0;
    for (int64_t i = 0; i < d->failures; i++)
        if (n == 0 || !str_is(list[n - 1], d->failure[i].text))
            list[n++] = str_of(d->failure[i].text);
    return dict_new(a, list, n, false);
}

void fault_set(struct column *line, struct column *fault, int64_t row, const struct failure *f) {
    if (!f)
        return;
    column_set_integer(line, row, f->line);
    column_set_code(fault, row, dict_find(fault->dict, str_of(f->text)));
}
