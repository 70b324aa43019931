// Fills the verbs, their options and their arguments into a shell's completion script: the
// template comes from standard input, and what the table says goes where the lines @VERBS@ and
// @CASES@ stand.
//
//   completion bash|zsh <TEMPLATE >SCRIPT
//
// What completes a word such as DATA or NAMES is the template's business.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb/verb.h"

// The next argument of a synopsis, without the brackets of what may be left out; NULL behind the
// last, where an option that must be given may follow.
static const char *next_word(const char **synopsis, int *n, bool *optional) {
    const char *word = *synopsis + strspn(*synopsis, " ");
    *optional = *word == '[';
    word += *optional;
    *n = (int)strcspn(word, " ]");
    *synopsis = word + *n + *optional;
    return *n && *word != '-' ? word : NULL;
}

static void bash_case(const struct verb *v) {
    const char *synopsis = v->synopsis, *word;
    bool optional;
    int n;
    printf("    %s)\n        options=(", v->name);
    for (const struct option *o = v->options; o->name; o++)
        printf("%s'%s:%s'", o == v->options ? "" : " ", o->name, o->value ? o->value : "");
    printf(")\n        arguments=(");
    while ((word = next_word(&synopsis, &n, &optional)))
        printf("%s'%.*s'", word == v->synopsis + optional ? "" : " ", n, word);
    printf(")\n        ;;\n");
}

// The characters that have a meaning in a specification of _arguments, inside quotes.
static void zsh_put(const char *text) {
    for (; *text; text++)
        if (*text == '\'')
            printf("'\\''");
        else
            printf(strchr("[]:\\", *text) ? "\\%c" : "%c", *text);
}

static void zsh_case(const struct verb *v) {
    const char *synopsis = v->synopsis, *word;
    bool optional;
    int n, nth = 0;
    printf("    %s)\n      specs=(\n", v->name);
    for (const struct option *o = v->options; o->name; o++) {
        printf("        '*%s%s[", o->name, !o->value ? "" : o->name[1] == '-' ? "=" : "+");
        zsh_put(o->help);
        if (o->value)
            printf("]:%s: _patron_word \"%s\"'\n", o->value, o->value);
        else
            printf("]'\n");
    }
    while ((word = next_word(&synopsis, &n, &optional)))
        printf("        '%d:%s%.*s: _patron_word \"%.*s\"'\n", ++nth, optional ? ":" : "", n, word,
               n, word);
    printf("      )\n      ;;\n");
}

static void zsh_verb(const struct verb *v) {
    printf("    '%s:", v->name);
    zsh_put(v->summary);
    printf("'\n");
}

static void bash_verb(const struct verb *v) {
    printf("        %s\n", v->name);
}

struct shell {
    const char *name;
    void (*verb)(const struct verb *v), (*cases)(const struct verb *v);
};

static void fill(const struct shell *s) {
    char line[1024];
    while (fgets(line, sizeof line, stdin)) {
        bool list = strcmp(line, "@VERBS@\n") == 0, cases = strcmp(line, "@CASES@\n") == 0;
        if (!list && !cases)
            fputs(line, stdout);
        for (size_t i = 0; (list || cases) && verbs[i]; i++)
            (list ? s->verb : s->cases)(verbs[i]);
    }
}

int main(int argc, char **argv) {
    static const struct shell shells[] = {
        {"bash", bash_verb, bash_case},
        {"zsh", zsh_verb, zsh_case},
    };
    for (size_t i = 0; argc == 2 && i < sizeof shells / sizeof *shells; i++)
        if (strcmp(argv[1], shells[i].name) == 0) {
            fill(&shells[i]);
            return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        }
    fputs("usage: completion bash|zsh <TEMPLATE >SCRIPT\n", stderr);
    return EXIT_FAILURE;
}
