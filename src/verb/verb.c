#include "verb/verb.h"

#include <string.h>

#include "verb/all.h"

const struct verb *const verbs[] = {
    &verb_score, &verb_explain, &verb_recall,   &verb_measure,  &verb_metrics,   &verb_profile,
    &verb_check, &verb_test,    &verb_diff,     &verb_simulate, &verb_plan_test, &verb_evaluate,
    &verb_fit,   &verb_pack,    &verb_generate, NULL,
};

const struct verb *verb_find(const char *name) {
    for (size_t i = 0; verbs[i]; i++)
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    return NULL;
}

const char *verb_version(void) {
    return PATRON_VERSION;
}

const char *plural(int64_t n) {
    return n == 1 ? "" : "s";
}

static bool is_verbatim(const char *line) {
    return *line == ' ' || *line == '\n' || !*line;
}

// The lines of a paragraph are filled, indented ones (examples) and empty ones stay as they are.
static void put_paragraphs(struct buf *out, const char *text) {
    while (*text) {
        const char *end = strchrnul(text, '\n');
        bool verbatim = is_verbatim(text);
        while (!verbatim && *end && !is_verbatim(end + 1))
            end = strchrnul(end + 1, '\n');
        struct str part = {text, (size_t)(end - text)};
        if (verbatim)
            buf_str(out, part);
        else
            buf_fill(out, part, 0);
        buf_char(out, '\n');
        text = *end ? end + 1 : end;
    }
}

enum { LEFT = 20 }; // columns of an option and its value

void verb_help(const struct verb *v, struct buf *out) {
    buf_printf(out, "patron %s %s\n\n%s.\n\n", v->name, v->synopsis, v->summary);
    put_paragraphs(out, v->help);
    buf_z(out, "\nOptions:\n");
    for (const struct option *o = v->options; o->name; o++) {
        const char *left = arena_printf(out->arena, "%s%s%s", o->name, o->value ? " " : "",
                                        o->value ? o->value : "");
        if (strlen(left) > LEFT)
            buf_printf(out, "  %s\n%*s", left, LEFT + 3, "");
        else
            buf_printf(out, "  %-*s ", LEFT, left);
        buf_fill(out, str_of(o->help), LEFT + 3);
        buf_char(out, '\n');
    }
}

const char verbs_about[] = "Patron answers what each customer is worth, and decides by a Lua "
                           "policy what to do for whom.\n";

const char verbs_notes[] =
    "DATA is a folder with a dataset.json, a file of transactions (CSV, JSON), or what `pack` "
    "wrote.\n"
    "`patron VERB --help` shows a verb's options and examples.\n\nA start:\n"
    "  patron score samples/bank policies/card-retention.lua -o decisions.csv\n"
    "\nExit status: 0 done; 1 refused, nothing was written; 2 wrong usage; 3 the machine\n"
    "failed; 4 done, but rows or customers were left out, and which is said.\n";

void verbs_help(struct buf *out) {
    put_paragraphs(out, verbs_about);
    buf_z(out, "\nUsage:\n");
    for (size_t i = 0; verbs[i]; i++) {
        buf_printf(out, "  patron %-9s %-23s ", verbs[i]->name, verbs[i]->synopsis);
        buf_fill(out, str_of(verbs[i]->summary), 43);
        buf_char(out, '\n');
    }
    buf_char(out, '\n');
    put_paragraphs(out, verbs_notes);
}
