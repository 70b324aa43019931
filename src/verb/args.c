#include <string.h>

#include "verb/verb.h"

static bool next_option(void *ctx, size_t i, struct str *out) {
    const struct option *options = ctx;
    if (!options[i].name)
        return false;
    *out = str_of(options[i].name);
    return true;
}

// The option named by the first n bytes of `text`.
static const struct option *find(const struct option *options, const char *text, size_t n) {
    for (; options->name; options++)
        if (strlen(options->name) == n && memcmp(options->name, text, n) == 0)
            return options;
    return NULL;
}

static enum status unknown(const struct verb *v, struct str name, struct err *err) {
    struct str near = STR("");
    if (name.n > 2) // of letters, all are near to all
        near = str_nearest(name, next_option, (void *)v->options);
    if (near.n)
        return err_set(err, MISUSED, "%s has no option %.*s; did you mean %.*s?", v->name,
                       (int)name.n, name.p, (int)near.n, near.p);
    return err_set(err, MISUSED, "%s has no option %.*s; `patron %s --help` lists them", v->name,
                   (int)name.n, name.p, v->name);
}

// Takes the option at argv[*i], with its value behind "=" or in the next argument.
static enum status take_option(const struct verb *v, int argc, char **argv, int *i,
                               struct args *out, struct err *err) {
    const char *text = argv[*i], *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    const struct option *option = find(v->options, text, n);
    if (!option)
        return unknown(v, (struct str){text, n}, err);
    if (!option->value && equals)
        return err_set(err, MISUSED, "%s takes no value", option->name);
    const char *value = !option->value ? option->name : equals ? equals + 1 : argv[++*i];
    if (option->value && (!value || *i >= argc))
        return err_set(err, MISUSED, "%s takes a value: %s %s", option->name, option->name,
                       option->value);
    if (out->given == OPTIONS_MAX)
        return err_set(err, MISUSED, "more than %d options", OPTIONS_MAX);
    out->option[out->given].option = option;
    out->option[out->given++].value = value;
    return DONE;
}

enum status args_parse(const struct verb *v, int argc, char **argv, struct args *out,
                       struct err *err) {
    bool options = true; // until "--"
    *out = (struct args){0};
    for (int i = 0; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0) {
            options = false;
        } else if (options && argv[i][0] == '-' && argv[i][1]) {
            TRY(take_option(v, argc, argv, &i, out, err));
        } else if (out->n == v->most) {
            return err_set(err, MISUSED, "'%s' is one argument too many; usage: patron %s %s",
                           argv[i], v->name, v->synopsis);
        } else {
            out->positional[out->n++] = argv[i];
        }
    }
    if (out->n < v->least && !args_value(out, "--help"))
        return err_set(err, MISUSED, "an argument is missing; usage: patron %s %s", v->name,
                       v->synopsis);
    return DONE;
}

const char *args_value(const struct args *a, const char *name) {
    for (int i = a->given - 1; i >= 0; i--)
        if (strcmp(a->option[i].option->name, name) == 0)
            return a->option[i].value;
    return NULL;
}

const char *args_nth(const struct args *a, const char *name, int nth) {
    for (int i = 0; i < a->given; i++)
        if (strcmp(a->option[i].option->name, name) == 0 && nth-- == 0)
            return a->option[i].value;
    return NULL;
}
