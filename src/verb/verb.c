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

void verb_help(const struct verb *v, struct buf *out) {
    buf_printf(out, "patron %s %s\n\n%s.\n\n%s\nOptions:\n", v->name, v->synopsis, v->summary,
               v->help);
    for (const struct option *o = v->options; o->name; o++) {
        char left[64];
        size_t n = strlen(o->name), m = o->value ? strlen(o->value) : 0;
        memcpy(left, o->name, n);
        left[n] = ' ';
        memcpy(left + n + 1, o->value ? o->value : "", m + 1);
        buf_printf(out, "  %-20s %s\n", left, o->help);
    }
}

const char verbs_about[] = "Patron answers what each customer is worth, and decides by a Lua "
                           "policy what to do for whom.\n";

const char verbs_notes[] =
    "DATA is a folder with a dataset.json, a file of transactions (CSV, JSON), or what `pack` "
    "wrote.\n"
    "`patron VERB --help` shows a verb's options and examples. A start:\n"
    "  patron score samples/bank policies/card-retention.lua -o decisions.csv\n"
    "\nExit status: 0 done; 1 refused, nothing was written; 2 wrong usage; 3 the machine\n"
    "failed; 4 done, but rows or customers were left out, and which is said.\n";

void verbs_help(struct buf *out) {
    buf_printf(out, "%s\nUsage:\n", verbs_about);
    for (size_t i = 0; verbs[i]; i++)
        buf_printf(out, "  patron %-9s %-23s %s\n", verbs[i]->name, verbs[i]->synopsis,
                   verbs[i]->summary);
    buf_printf(out, "\n%s", verbs_notes);
}
