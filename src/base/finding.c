#include "base/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void findings_add(struct findings *f, enum severity severity, const char *code, struct place at,
                  const char *format, ...) {
    f->list = arena_more(f->arena, f->list, f->n, &f->size, sizeof *f->list);
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    f->list[f->n++] = (struct finding){
        .severity = severity,
        .code = code,
        .at = at,
        .text = arena_copy(f->arena, text, strlen(text)),
    };
    f->errors += severity == SEVERITY_ERROR;
}

void findings_show(struct findings *f, struct place end, const struct evidence *evidence) {
    f->list[f->n - 1].end = end;
    f->list[f->n - 1].evidence = evidence;
}

static int compare(const void *a, const void *b) {
    const struct finding *x = a, *y = b;
    int files = strcmp(x->at.file ? x->at.file : "", y->at.file ? y->at.file : "");
    if (files)
        return files;
    if (x->at.line != y->at.line)
        return x->at.line < y->at.line ? -1 : 1;
    if (x->at.column != y->at.column)
        return x->at.column < y->at.column ? -1 : 1;
    return strcmp(x->text, y->text);
}

void findings_sort(struct findings *f) {
    int kept = 0;
    if (f->n > 1)
        qsort(f->list, (size_t)f->n, sizeof *f->list, compare);
    f->errors = 0;
    for (int i = 0; i < f->n; i++) {
        if (kept > 0 && compare(&f->list[kept - 1], &f->list[i]) == 0)
            continue;
        f->list[kept++] = f->list[i];
        f->errors += f->list[i].severity == SEVERITY_ERROR;
    }
    f->n = kept;
}

enum status findings_err(struct findings *f, struct err *err) {
    findings_sort(f);
    for (int i = f->n - 1; i >= 0; i--) {
        if (f->list[i].severity != SEVERITY_ERROR)
            continue;
        if (f->errors == 1)
            return err_at(err, REFUSED, f->list[i].at, "%s", f->list[i].text);
        return err_at(err, REFUSED, f->list[i].at, "%s (the last of %d errors)", f->list[i].text,
                      f->errors);
    }
    return DONE;
}

const char *severity_name(enum severity s) {
    static const char *const names[] = {"error", "warning", "note"};
    return names[s];
}

const char *finding_line(struct arena *a, const struct finding *f) {
    struct err e = {DONE};
    char line[4096];
    err_at(&e, REFUSED, f->at, "%s: %s", severity_name(f->severity), f->text);
    err_line(&e, line, sizeof line);
    return arena_copy(a, line, strlen(line));
}
