// patron fit: what is learned from the whole base, frozen.
#include "base/file.h"
#include "decide/decide.h"
#include "metric/metric.h"
#include "verb/all.h"
#include "verb/names.h"
#include "verb/open.h"

struct fit {
    struct opened opened;
    struct model model;
    const char *path;
};

// All that can be learned from this data; the others lack columns.
static enum status learn_all(struct fit *f, struct err *err) {
    const struct column *column;
    size_t n;
    const struct metric *metric = metric_all(&n);
    for (size_t i = 0; i < n; i++) {
        struct err why = {DONE};
        if (metric[i].learn &&
            status_is_final(board_column(f->opened.board, str_of(metric[i].name), &column, &why))) {
            *err = why;
            return why.status;
        }
    }
    return DONE;
}

// What the policy asks for when it decides.
static enum status learn_for_policy(struct call *c, struct fit *f, struct err *err) {
    struct decisions *d;
    return decide(c->arena, c->host, f->opened.policy, f->opened.board, &f->opened.loaded.data, &d,
                  err);
}

static enum status learn(struct call *c, struct fit *f, struct err *err) {
    const struct column *const *named;
    const char *names = args_value(&c->args, "--metrics");
    int n;
    if (f->opened.policy)
        TRY(learn_for_policy(c, f, err));
    else if (!names)
        TRY(learn_all(f, err));
    TRY(columns_of(c->arena, f->opened.board, names, &named, &n, err));
    f->model = *board_learned(f->opened.board);
    if (f->model.n == 0)
        host_note(c->host, "nothing here learns from the other customers, so the model is empty");
    return DONE;
}

// Of all files: a table and a fingerprint each.
static struct str fingerprint(struct call *c, const struct loaded *l) {
    struct buf b = {.arena = c->arena};
    char hex[HASH_HEX];
    for (int i = 0; i < l->sources; i++) {
        source_fingerprint(&l->source[i], hex);
        buf_printf(&b, "%s %s\n", l->source[i].table, hex);
    }
    hash_hex((struct str){b.p, b.n}, hex);
    return str_of(arena_copy(c->arena, hex, HASH_HEX - 1));
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct fit *f = arena_alloc(c->arena, sizeof *f);
    *result = f;
    f->path = args_value(&c->args, "-o");
    if (!f->path)
        return err_set(err, MISUSED, "say where to write: -o FILE, e.g. -o model.json");
    if (c->args.n == 2)
        TRY(open_both(c, c->args.positional[0], c->args.positional[1], &f->opened, err));
    else
        TRY(open_alone(c, c->args.positional[0], &f->opened, err));
    TRY(learn(c, f, err));
    f->model.data = fingerprint(c, &f->opened.loaded);
    return call_write(c, f->path, model_print(c->arena, &f->model, verb_version()), err);
}

static void text(const void *result, struct buf *out) {
    const struct fit *f = result;
    const struct model *m = &f->model;
    buf_printf(out, "%s: learned from %lld customer%s\n", f->path, (long long)m->customers,
               plural(m->customers));
    for (int i = 0; i < m->n; i++)
        buf_printf(out, "  %.*s, from %lld value%s\n", (int)m->learned[i].metric.n,
                   m->learned[i].metric.p, (long long)m->learned[i].values,
                   plural(m->learned[i].values));
}

static void json(const void *result, struct json *j) {
    const struct fit *f = result;
    json_open(j, '{');
    json_field_z(j, "file", f->path);
    json_key(j, STR("data"));
    data_json(j, &f->opened.loaded);
    json_key(j, STR("learned"));
    model_print_learned(&f->model, j);
    json_close(j, '}');
}

static const struct option options[] = {
    {"-o", "FILE", "write the model here, e.g. model.json"},
    {"--metrics", "NAMES", "learn for these metrics, too, separated by commas"},
    OPTIONS_OF_POLICY,
    OPTIONS_OF_DATA,
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_fit = {
    .name = "fit",
    .synopsis = "DATA [POLICY] -o FILE",
    .summary = "Learn from the whole base what its parts are judged by",
    .help =
        "Scores by quantile and classes by share compare a customer with all the others. The\n"
        "model keeps what that takes, so that a part of the base, or a single new record, gets\n"
        "what it would get among all. Without a policy, everything that can be learned from the\n"
        "data is. The model is JSON, to be read; score, explain and measure take it as --model.\n\n"
        "Examples:\n"
        "  patron fit samples/bank policies/card-retention.lua -o model.json\n"
        "  patron fit samples/bank policies/rfm.lua --metrics abc_class -o model.json\n"
        "  patron score samples/bank policies/rfm.lua --model model.json\n",
    .options = options,
    .least = 1,
    .most = 2,
    .run = run,
    .text = text,
    .json = json,
};
