// Ids are matched by merging two sorted dictionaries, so that every label is looked at once. Ids
// that stand by number are sorted by bytes only within one length: each length is a merge of its
// own, and the labels, which come by bytes, feed all of them in turn.
#include "metric/graph.h"

#include "metric/block.h"

struct lanes {
    const struct dict *ids;
    size_t n;
    int32_t *next, *end; // of each lane
};

static size_t lane_of(const struct dict *ids, struct str id) {
    return ids->ordered ? id.n : 0;
}

static struct lanes lanes_new(struct arena *a, const struct dict *ids) {
    struct lanes l = {ids, 1, NULL, NULL};
    if (ids->n > 0)
        l.n = lane_of(ids, dict_at(ids, ids->n - 1)) + 1; // the last is the longest
    l.next = arena_array(a, l.n, sizeof *l.next);
    l.end = arena_array(a, l.n, sizeof *l.end);
    for (int32_t i = ids->n; i-- > 0;)
        l.next[lane_of(ids, dict_at(ids, i))] = i;
    for (int32_t i = 0; i < ids->n; i++)
        l.end[lane_of(ids, dict_at(ids, i))] = i + 1;
    return l;
}

static int32_t find(struct lanes *l, struct str label) {
    size_t lane = lane_of(l->ids, label);
    int order = 1;
    if (lane >= l->n)
        return NOBODY;
    int32_t at = l->next[lane];
    while (at < l->end[lane] && (order = str_cmp(dict_at(l->ids, at), label)) < 0)
        at++;
    l->next[lane] = at;
    return at < l->end[lane] && order == 0 ? at : NOBODY;
}

// The customer that each label of a dictionary names; NULL where they are the ids themselves.
static const int32_t *match(struct arena *a, const struct dict *labels, const struct dict *ids) {
    if (labels == ids)
        return NULL;
    struct lanes lanes = lanes_new(a, ids);
    int32_t *customer = arena_array(a, (size_t)labels->n, sizeof *customer);
    for (int32_t code = 0; code < labels->n; code++)
        customer[code] = find(&lanes, dict_at(labels, code));
    return customer;
}

struct naming {
    const struct column *names;
    const int32_t *customer;
    int32_t *out;
};

static enum status name_block(const struct block *b, struct err *err) {
    (void)err;
    const struct naming *w = b->arg;
    for (int64_t row = b->first; row < b->first + b->n; row++) {
        int32_t code = w->names->code[row];
        w->out[row] = !column_has(w->names, row) ? NOBODY : w->customer ? w->customer[code] : code;
    }
    return DONE;
}

enum status graph_match(struct arena *a, const struct host *host, const struct column *id,
                        const struct column *names, int32_t **out, struct err *err) {
    struct naming w = {names, match(a, names->dict, id->dict), NULL};
    *out = w.out = arena_array(a, (size_t)names->n, sizeof *w.out);
    return block_run(host, names->n, name_block, &w, err);
}

enum status graph_check(const struct metric_run *r, const struct column *c, struct err *err) {
    if (c->type == TYPE_LABEL)
        return DONE;
    return err_set(
        err, REFUSED,
        "%s needs the column %.*s of %s as label, and it is given as %s: change its type "
        "in dataset.json",
        r->metric->name, (int)c->name.n, c->name.p, r->metric->table, type_name(c->type));
}

enum status graph_read(struct metric_run *r, struct graph *out, struct err *err) {
    const struct column *c = r->column[0];
    int32_t *to;
    TRY(graph_check(r, c, err));
    TRY(graph_match(r->arena, r->host, r->id, c, &to, err));
    *out = (struct graph){r->out->n, r->table->start, to};
    return DONE;
}

enum status graph_named(struct metric_run *r, const struct column *c, const int32_t **out,
                        struct err *err) {
    int32_t *named;
    TRY(graph_match(r->arena, r->host, r->id, c, &named, err));
    for (int64_t i = 0; i < c->n; i++)
        if (named[i] == i)
            named[i] = NOBODY;
    *out = named;
    return DONE;
}
