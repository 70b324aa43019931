#include <string.h>

#include "base/number.h"
#include "verb/verb.h"

static bool next_option(const void *ctx, size_t i, struct str *out) {
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
        near = str_nearest(name, next_option, v->options);
    if (!v->text) // an opening of the library
        return err_set(err, MISUSED, "%s does not take %.*s", v->name, (int)name.n, name.p);
    if (near.n)
        return err_set(err, MISUSED, "%s has no option %.*s; did you mean %.*s?", v->name,
                       (int)name.n, name.p, (int)near.n, near.p);
    return err_set(err, MISUSED, "%s has no option %.*s; `patron %s --help` lists them", v->name,
                   (int)name.n, name.p, v->name);
}

// Takes the option at **argv, with its value behind "=" or in the next argument.
static enum status take_option(const struct verb *v, const char *const **argv, struct args *out,
                               struct err *err) {
    const char *text = **argv, *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    size_t n = equals ? (size_t)(equals - text) : strlen(text);
    const struct option *option = find(v->options, text, n);
    if (!option)
        return unknown(v, (struct str){text, n}, err);
    if (!option->value && equals)
        return err_set(err, MISUSED, "%s takes no value", option->name);
    const char *value = !option->value ? option->name : equals ? equals + 1 : (*argv)[1];
    if (!value)
        return err_set(err, MISUSED, "%s takes a value: %s %s", option->name, option->name,
                       option->value);
    *argv += option->value && !equals;
    if (out->given == OPTIONS_MAX)
        return err_set(err, MISUSED, "more than %d options", OPTIONS_MAX);
    out->option[out->given].option = option;
    out->option[out->given++].value = value;
    return DONE;
}

// Whether the n-th word of a synopsis is this one, as in "DATA [POLICY]" or "POLICY|FOLDER".
static bool stands_at(const char *synopsis, int n, const char *word) {
    const char *p = synopsis;
    for (; p && n > 0; n--) {
        p = strchr(p, ' ');
        p += p != NULL;
    }
    if (!p)
        return false;
    p += *p == '[';
    size_t length = strlen(word);
    return strncmp(p, word, length) == 0 && strchr(" |]", p[length]);
}

// Puts what is held where the next arguments would name it.
static void place_held(const struct verb *v, const struct held *held, struct args *out) {
    while (out->n < v->most) {
        const char *path = stands_at(v->synopsis, out->n, "DATA")     ? held->data_path
                           : stands_at(v->synopsis, out->n, "POLICY") ? held->policy_path
                                                                      : NULL;
        if (!path)
            break;
        out->positional[out->n++] = path;
    }
}

static bool is_placed(const struct args *a, const char *path) {
    for (int i = 0; i < a->n; i++)
        if (a->positional[i] == path)
            return true;
    return !path;
}

static enum status check_number(const struct verb *v, const struct held *held, const struct args *a,
                                struct err *err) {
    if (a->n < v->least && !args_value(a, "--help"))
        return err_set(err, MISUSED, "an argument is missing; usage: %s%s %s",
                       v->text ? "patron " : "", v->name, v->synopsis);
    if (!is_placed(a, held->data_path) || !is_placed(a, held->policy_path))
        return err_set(err, MISUSED, "%s has no place for the %s that is held open; it takes: %s",
                       v->name, is_placed(a, held->data_path) ? "policy" : "data", v->synopsis);
    return DONE;
}

enum status args_parse(const struct verb *v, const char *const *argv, const struct held *held,
                       struct args *out, struct err *err) {
    bool options = true; // until "--"
    *out = (struct args){0};
    for (; *argv; argv++) {
        place_held(v, held, out);
        if (options && strcmp(*argv, "--") == 0) {
            options = false;
        } else if (options && argv[0][0] == '-' && argv[0][1]) {
            TRY(take_option(v, &argv, out, err));
        } else if (out->n == v->most) {
            return err_set(err, MISUSED, "'%s' is one argument too many; usage: %s%s %s", *argv,
                           v->text ? "patron " : "", v->name, v->synopsis);
        } else {
            out->positional[out->n++] = *argv;
        }
    }
    place_held(v, held, out);
    return check_number(v, held, out, err);
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

enum status args_number(const struct args *a, const char *name, double above, double below,
                        const char *what, double *out, struct err *err) {
    const char *text = args_value(a, name);
    if (!text || (number_double(str_of(text), '.', out) && *out > above && *out < below))
        return DONE;
    return err_set(err, MISUSED, "%s takes %s, got '%s'", name, what, text);
}

enum status args_whole(const struct args *a, const char *name, int64_t least, int64_t most,
                       int64_t *out, struct err *err) {
    const char *text = args_value(a, name);
    if (!text || (number_integer(str_of(text), out) && *out >= least && *out <= most))
        return DONE;
    return err_set(err, MISUSED, "%s takes a whole number from %lld to %lld, got '%s'", name,
                   (long long)least, (long long)most, text);
}
