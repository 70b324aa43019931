// patron generate: a base of invented customers, to try things on.
#include "generate/generate.h"

#include "base/number.h"
#include "verb/all.h"

struct generation {
    struct generate_options options;
    struct generated made;
};

static enum status read_options(const struct call *c, struct generate_options *o, struct err *err) {
    const char *customers = args_value(&c->args, "--customers");
    const char *seed = args_value(&c->args, "--seed");
    int64_t number = 1;
    *o = (struct generate_options){.kind = c->args.positional[0],
                                   .folder = args_value(&c->args, "-o"),
                                   .customers = 10000,
                                   .version = verb_version()};
    if (!o->folder || !*o->folder)
        return err_set(err, MISUSED, "say where: -o FOLDER");
    if (customers && !number_integer(str_of(customers), &o->customers))
        return err_set(err, MISUSED, "--customers takes a whole number, got '%s'", customers);
    if (seed && (!number_integer(str_of(seed), &number) || number < 0))
        return err_set(err, MISUSED, "--seed takes an integer from 0 on, got '%s'", seed);
    o->seed = (uint64_t)number;
    return DONE;
}

static enum status run(struct call *c, void **result, struct err *err) {
    struct generation *g = arena_alloc(c->arena, sizeof *g);
    *result = g;
    TRY(read_options(c, &g->options, err));
    return generate_run(c->arena, c->host, &g->options, &g->made, err);
}

static void text(const void *result, struct buf *out) {
    const struct generation *g = result;
    buf_printf(out, "%s: %s, seed %lld\n", g->options.folder, g->made.title,
               (long long)g->options.seed);
    for (int i = 0; i < g->made.tables; i++) {
        const struct generated_table *t = &g->made.table[i];
        buf_printf(out, "  %-13s %12lld row%s\n", t->name, (long long)t->rows, plural(t->rows));
    }
    buf_z(out, "truth.csv and truth.json say what no firm would know, and are no part of the "
               "dataset.\n");
}

static void json(const void *result, struct json *j) {
    const struct generation *g = result;
    json_open(j, '{');
    json_field_z(j, "folder", g->options.folder);
    json_field_z(j, "kind", g->options.kind);
    json_field_integer(j, "customers", g->options.customers);
    json_field_integer(j, "seed", (int64_t)g->options.seed);
    json_field_open(j, "tables", '[');
    for (int i = 0; i < g->made.tables; i++) {
        const struct generated_table *t = &g->made.table[i];
        json_open(j, '{');
        json_field_z(j, "name", t->name);
        json_field_integer(j, "rows", t->rows);
        json_field_integer(j, "bytes", t->bytes);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_close(j, '}');
}

static const struct option options[] = {
    {"-o", "FOLDER", "where to: a new folder, or an empty one"},
    {"--customers", "N", "how many; the default is 10000"},
    {"--seed", "S", "an integer from 0 on; the default is 1"},
    OPTIONS_OF_ALL,
    {NULL, NULL, NULL},
};

const struct verb verb_generate = {
    .name = "generate",
    .synopsis = "bank|retail -o FOLDER",
    .summary = "Make a base of invented customers, to try things on",
    .help = "Makes a dataset of any size: customers, three years of transactions, events,\n"
            "referrals, relations, and a past campaign whose arms were drawn by lot. The same\n"
            "seed makes the same bytes on any number of threads, and a larger base begins with\n"
            "the smaller one.\n"
            "What the customers really are stands beside it, in truth.csv and truth.json.\n"
            "docs/generate.md says by which models they come about.\n\n"
            "Examples:\n"
            "  patron generate retail --customers 2000 -o shop\n"
            "  patron score shop policies/rfm.lua -o decisions.csv\n"
            "  patron generate bank --customers 1000 --seed 7 -o bank\n",
    .options = options,
    .least = 1,
    .most = 1,
    .run = run,
    .text = text,
    .json = json,
};
