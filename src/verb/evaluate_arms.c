// The arms that --arms names: in a column of the customers, or in the file that plan-test wrote.
#include "base/format.h"
#include "table/seal.h"
#include "trial/groups.h"
#include "verb/evaluate.h"

// Each customer of the data in the arm of the file.
static enum status match(struct call *c, const struct dataset *data, const char *path,
                         const struct dataset *file, struct column **out, struct err *err) {
    const struct column *arm = table_column(file->people, STR("arm"));
    int64_t unknown = 0;
    if (!arm)
        return err_set(err, REFUSED,
                       "%s has no column `arm`: it takes a file of one row a customer, with the "
                       "columns customer and arm, as `patron plan-test -o FILE` writes it",
                       path);
    arm = groups_label(c->arena, arm);
    *out = column_new(c->arena, str_of(path), TYPE_LABEL, data->customers);
    (*out)->dict = arm->dict;
    TRY(seal_check(data->id, err));
    for (int64_t i = 0; i < file->customers; i++) {
        int64_t customer = dataset_find(data, column_str(file->id, i));
        if (customer >= 0 && column_has(arm, i))
            column_set_code(*out, customer, arm->code[i]);
        unknown += customer < 0;
    }
    column_finish(*out);
    if (unknown == file->customers)
        return err_set(err, REFUSED, "none of the customers of %s is in the data: is it of these?",
                       path);
    if (unknown) {
        host_note(c->host, "left out: %lld customer%s of %s, who %s not in the data",
                  (long long)unknown, plural(unknown), path, unknown == 1 ? "is" : "are");
        c->partial = true;
    }
    return DONE;
}

enum status evaluate_arms(struct call *c, const struct evaluation *x, const struct column **out,
                          struct err *err) {
    const char *arms = args_value(&c->args, "--arms");
    struct load_options o = {.path = arms, .strict = true};
    struct host quiet = *c->host;
    struct loaded file;
    struct column *column = NULL;
    enum format format;
    if (!format_of_input(arms, &format))
        return board_column(x->opened.board, str_of(arms), out, err);
    quiet.note = NULL; // there is no day to be said of such a file
    TRY(load_dataset(c->arena, &quiet, &o, &file, err));
    TRY(match(c, &x->opened.loaded.data, arms, &file.data, &column, err));
    *out = column;
    return DONE;
}
