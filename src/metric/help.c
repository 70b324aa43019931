#include "metric/help.h"

#include <string.h>

#include "metric/need.h"

void metric_list_text(struct buf *out) {
    size_t n;
    const struct metric *m = metric_all(&n);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%-24s%-9s%s\n", m[i].name, type_name(m[i].type), m[i].title);
}

// "money" of a money metric says nothing twice.
static void put_type(struct buf *out, const struct metric *m) {
    buf_z(out, type_name(m->type));
    if (*m->unit && strcmp(m->unit, type_name(m->type)) != 0)
        buf_printf(out, ", %s", m->unit);
    for (int i = 0; m->labels && m->labels[i]; i++)
        buf_printf(out, "%s'%s'", i ? ", " : ": ", m->labels[i]);
}

// "opened or first_purchase, today": each name between two marks.
static void put_names(struct buf *out, const char *list, const char *mark) {
    struct need need;
    for (const char *between = ""; need_next(&list, &need); between = ", ") {
        struct str name;
        buf_z(out, between);
        for (const char * or = ""; need_name(&need.names, &name); or = " or ")
            buf_printf(out, "%s%s%.*s%s", or, mark, (int)name.n, name.p, mark);
        buf_z(out, need.optional ? " (optional)" : "");
    }
}

static void put_needs(struct buf *out, const struct metric *m, const char *mark) {
    if (m->table) {
        buf_printf(out, "the table %s%s%s with ", mark, m->table, mark);
        put_names(out, m->columns, mark);
        buf_z(out, m->inputs ? ", and " : "");
    }
    put_names(out, m->inputs, mark);
    buf_z(out, m->learn || m->others ? ", of all customers" : "");
}

// What the inputs mean that no other metric explains.
static void put_inputs(struct buf *out, const struct metric *m) {
    struct need need;
    struct str name;
    const char *list = m->inputs;
    while (need_next(&list, &need))
        while (need_name(&need.names, &name)) {
            const struct metric_input *input = metric_input_find(name);
            if (input)
                buf_printf(out, "          %s (%s): %s\n", input->name, input->unit, input->help);
        }
}

void metric_help_text(struct buf *out, const struct metric *m) {
    struct buf needs = {.arena = out->arena};
    buf_printf(out, "%s: %s\n\n", m->name, m->title);
    buf_fill(out, str_of(m->help), 0);
    buf_z(out, "\n\n  type    ");
    put_type(out, m);
    buf_z(out, "\n  needs   ");
    put_needs(&needs, m, "");
    buf_fill(out, (struct str){needs.p, needs.n}, 10);
    buf_char(out, '\n');
    put_inputs(out, m);
    buf_printf(out, "  source  %s\n", m->source);
}

static void put_section(struct buf *out, const struct metric *m) {
    buf_printf(out, "\n## %s\n\n%s (", m->name, m->title);
    put_type(out, m);
    buf_z(out, ")\n\n");
    buf_fill(out, str_of(m->help), 0);
    buf_z(out, "\n\nNeeds ");
    put_needs(out, m, "`");
    buf_printf(out, ". Source: %s.\n", m->source);
}

void metric_markdown(struct buf *out) {
    size_t n;
    const struct metric *m = metric_all(&n);
    buf_z(out,
          "# Metrics\n\n"
          "What Patron computes for each customer when something asks for it. A column of the\n"
          "customers table goes before a metric of the same name. Ids such as B9 are those of the\n"
          "domain catalogue. This page is printed from the registry, `src/metric/metric.c`.\n\n"
          "| metric | unit | what |\n|---|---|---|\n");
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "| [%s](#%s) | %s | %s |\n", m[i].name, m[i].name,
                   *m[i].unit ? m[i].unit : type_name(m[i].type), m[i].title);
    for (size_t i = 0; i < n; i++)
        put_section(out, &m[i]);
    const struct metric_input *input = metric_inputs(&n);
    buf_z(out,
          "\n## Inputs\n\n"
          "Names that metrics take and none computes: a column of the customers table gives them,\n"
          "or a policy's `params` or `metrics`.\n\n| input | unit | what |\n|---|---|---|\n");
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "| %s | %s | %s |\n", input[i].name, input[i].unit, input[i].help);
}
