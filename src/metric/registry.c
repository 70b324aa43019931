// Runs a metric of the registry: finds what it needs, checks the types, makes its column. A metric
// that learns does so first, or is told by the board's model; either is kept in b->learned.
#include "metric/lack.h"
#include "table/seal.h"

// The type that a column of this name must have, whoever gives it.
static enum type type_wanted(struct str name) {
    const struct metric *m = metric_find(name);
    const struct metric_input *input = metric_input_find(name);
    return m ? m->type : input ? input->type : TYPE_NUMBER;
}

static enum status check_type(const struct metric *m, const struct column *c, enum type wanted,
                              struct err *err) {
    // Numbers, integers and money are taken for one another.
    if (c->type == wanted || (type_numeric(c->type) && type_numeric(wanted)))
        return DONE;
    return err_set(
        err, REFUSED,
        "%s takes %.*s as %s, and it is given as %s: change its type where it comes from", m->name,
        (int)c->name.n, c->name.p, type_numeric(wanted) ? "number" : type_name(wanted),
        type_name(c->type));
}

// What is summed as money must be money: whole minor units.
static enum status find_columns(struct metric_run *r, const struct column **list, struct err *err) {
    struct need need;
    TRY(seal_check_groups(r->table, err));
    const char *columns = r->metric->columns;
    for (int i = 0; need_next(&columns, &need); i++) {
        list[i] = lack_column(r->table, &need);
        if (list[i])
            TRY(seal_check(list[i], err));
        bool money = str_is(need.names, "amount") || str_is(need.names, "margin");
        if (money && list[i] && list[i]->type != TYPE_MONEY)
            return err_set(
                err, REFUSED,
                "%s needs the column %.*s of %s as money, and it is given as %s: change its "
                "type in dataset.json",
                r->metric->name, (int)need.names.n, need.names.p, r->metric->table,
                type_name(list[i]->type));
    }
    r->column = list;
    return DONE;
}

// False with DONE when an input is lacking, which only a single customer without a dataset may do.
static enum status find_inputs(struct board *b, struct metric_run *r, const struct column **list,
                               bool *complete, struct err *err) {
    struct need need;
    const char *inputs = r->metric->inputs;
    for (int i = 0; need_next(&inputs, &need); i++) {
        int slot = lack_slot(b, &need);
        if (slot < 0 && !need.optional) {
            *complete = false;
            return DONE;
        }
        if (slot < 0)
            continue;
        TRY(board_compute(b, slot, err));
        list[i] = b->columns[slot];
        TRY(check_type(r->metric, list[i], type_wanted(b->entry[slot]->name), err));
    }
    r->input = list;
    return DONE;
}

enum status registry_learned(const struct board *b, struct str name, const struct learned **out,
                             struct err *err) {
    *out = b->model ? model_find(b->model, name) : NULL;
    if (b->model && !*out)
        return err_at(err, REFUSED, (struct place){b->model->path, 0, 0},
                      "this model has not learned %.*s: `patron fit` it again, with this policy or "
                      "with --metrics %.*s",
                      (int)name.n, name.p, (int)name.n, name.p);
    return DONE;
}

static enum status find_learned(struct board *b, struct metric_run *r, struct learned *out,
                                struct err *err) {
    struct str name = str_of(r->metric->name);
    const struct learned *known;
    TRY(registry_learned(b, name, &known, err));
    *out = (struct learned){.metric = name, .from = r->input[0]->type};
    if (known)
        *out = *known;
    else
        r->metric->learn(r, out);
    model_add(b->arena, &b->learned, out);
    return DONE;
}

static enum status check_alone(const struct board *b, const struct metric *m, struct err *err) {
    if (!m->others || !b->o.data->alone)
        return DONE;
    return err_set(
        err, REFUSED,
        "%s follows referrals from customer to customer, and here is one customer alone: "
        "give customers the column %s, or decide for all of them at once",
        m->name, m->name);
}

static enum status run(struct board *b, struct metric_run *r, struct err *err) {
    const struct metric *m = r->metric;
    const struct column **inputs =
        arena_array(r->arena, (size_t)need_count(m->inputs) + 1, sizeof *inputs);
    const struct column **columns =
        arena_array(r->arena, (size_t)need_count(m->columns) + 1, sizeof *columns);
    bool complete = true;
    if (b->o.data) {
        TRY(lack_check(b, m, err));
        TRY(check_alone(b, m, err));
        r->id = b->o.data->id;
        TRY(seal_check(r->id, err));
        r->table = m->table ? dataset_table(b->o.data, str_of(m->table)) : NULL;
    } else if (m->table || m->others || (m->learn && !b->model)) {
        return DONE; // one customer: its value was put, or is missing
    }
    if (r->table)
        TRY(find_columns(r, columns, err));
    TRY(find_inputs(b, r, inputs, &complete, err));
    if (!complete)
        return DONE;
    struct learned learned;
    if (m->learn)
        TRY(find_learned(b, r, &learned, err));
    r->learned = &learned;
    return m->run(r, err);
}

enum status registry_compute(struct board *b, struct entry *e, const struct column **out,
                             struct err *err) {
    struct column *c = column_new(b->values, e->name, e->type, b->customers);
    c->decimals = e->type == TYPE_MONEY ? b->decimals : 0;
    c->dict = e->labels;
    struct metric_run r = {
        .arena = arena_child(b->values), .host = b->o.host, .metric = e->metric, .out = c};
    TRY(run(b, &r, err));
    arena_free(r.arena);
    column_finish(c);
    *out = c;
    return DONE;
}
