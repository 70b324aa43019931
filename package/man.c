// Writes the manual pages from the table of verbs, so that they say what --help says:
//
//   man FOLDER DATE      patron.1, and patron-VERB.1 for every verb, of the day YYYY-MM-DD
//
// Invariant: no byte of a help text is taken for a request or an escape of roff.
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verb/verb.h"

// `code` comes out bold, and what roff would turn into a typographer's sign comes out as it is.
static void put(FILE *f, const char *text, size_t n) {
    bool bold = false;
    for (const char *c = text; c < text + n; c++)
        switch (*c) {
        case '`':
            bold = !bold;
            fputs(bold ? "\\fB" : "\\fR", f);
            break;
        case '\\': fputs("\\e", f); break;
        case '-': fputs("\\-", f); break;
        case '\'': fputs("\\(aq", f); break;
        case '^': fputs("\\(ha", f); break;
        case '~': fputs("\\(ti", f); break;
        case '.': fputs(c == text ? "\\&." : ".", f); break;
        default: fputc(*c, f);
        }
}

static void put_line(FILE *f, const char *text) {
    put(f, text, strlen(text));
    fputc('\n', f);
}

// Paragraphs stand apart by empty lines; lines that are indented stay lines.
static void put_text(FILE *f, const char *text, size_t n) {
    const char *end = text + n;
    bool some = false, apart = false, literal = false;
    for (size_t line; text < end; text += line + 1) {
        line = strcspn(text, "\n");
        if (line == 0) {
            apart = true;
            continue;
        }
        bool indented = *text == ' ';
        if (literal && !indented)
            fputs(".fi\n", f);
        if (some && (apart || indented != literal))
            fputs(".PP\n", f);
        if (indented && !literal)
            fputs(".nf\n", f);
        put(f, text, line);
        fputc('\n', f);
        some = true;
        apart = false;
        literal = indented;
    }
    fputs(literal ? ".fi\n" : "", f);
}

static FILE *page_open(const char *folder, const char *name, const char *date,
                       const char *summary) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s.1", folder, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    fprintf(f, ".TH \"");
    for (const char *c = name; *c; c++)
        fputc(toupper((unsigned char)*c), f);
    fprintf(f, "\" 1 \"%s\" \"patron %s\" \"Patron\"\n.SH NAME\n", date, verb_version());
    put(f, name, strlen(name));
    fputs(" \\- ", f);
    put_line(f, summary);
    fputs(".SH SYNOPSIS\n", f);
    return f;
}

static void page_close(FILE *f) {
    if (fclose(f) != 0) {
        perror("man");
        exit(EXIT_FAILURE);
    }
}

static void put_options(FILE *f, const struct option *options) {
    fputs(".SH OPTIONS\n", f);
    for (const struct option *o = options; o->name; o++) {
        fputs(".TP\n\\fB", f);
        put(f, o->name, strlen(o->name));
        fputs("\\fR \\fI", f);
        put(f, o->value ? o->value : "", o->value ? strlen(o->value) : 0);
        fputs("\\fR\n", f);
        put_line(f, o->help);
    }
}

static void write_verb(const char *folder, const char *date, const struct verb *v) {
    char name[64];
    const char *examples = strstr(v->help, "Examples:\n");
    snprintf(name, sizeof name, "patron-%s", v->name);
    FILE *f = page_open(folder, name, date, v->summary);
    fprintf(f, "\\fBpatron %s\\fR [\\fIOPTION\\fR]... \\fI%s\\fR\n", v->name, v->synopsis);
    fputs(".SH DESCRIPTION\n", f);
    put_text(f, v->help, (size_t)(examples - v->help));
    put_options(f, v->options);
    fputs(".SH EXAMPLES\n", f);
    examples += strlen("Examples:\n");
    put_text(f, examples, strlen(examples));
    fputs(".SH SEE ALSO\n\\fBpatron\\fR(1), which lists the exit statuses\n", f);
    page_close(f);
}

static void write_program(const char *folder, const char *date) {
    FILE *f =
        page_open(folder, "patron", date, "what each customer is worth, and what to do for whom");
    fputs("\\fBpatron\\fR \\fIVERB\\fR [\\fIOPTION\\fR]... [\\fIARGUMENT\\fR]...\n.br\n"
          "\\fBpatron \\-\\-help\\fR | \\fB\\-\\-version\\fR\n.SH DESCRIPTION\n",
          f);
    put_text(f, verbs_about, strlen(verbs_about));
    fputs(".SH VERBS\n", f);
    for (size_t i = 0; verbs[i]; i++) {
        fprintf(f, ".TP\n\\fB%s\\fR \\fI%s\\fR\n", verbs[i]->name, verbs[i]->synopsis);
        put_line(f, verbs[i]->summary);
    }
    fputs(".SH NOTES\n", f);
    put_text(f, verbs_notes, strlen(verbs_notes));
    fputs(".SH SEE ALSO\n", f);
    for (size_t i = 0; verbs[i]; i++)
        fprintf(f, "\\fBpatron\\-%s\\fR(1)%s\n", verbs[i]->name, verbs[i + 1] ? "," : "");
    page_close(f);
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fputs("usage: man FOLDER DATE\n", stderr);
        return EXIT_FAILURE;
    }
    write_program(argv[1], argv[2]);
    for (size_t i = 0; verbs[i]; i++)
        write_verb(argv[1], argv[2], verbs[i]);
    return EXIT_SUCCESS;
}
