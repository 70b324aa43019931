#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

static void fill(struct err *e, enum status status, const char *format, va_list args) {
    e->status = status;
    vsnprintf(e->text, sizeof e->text, format, args);
}

enum status err_set(struct err *e, enum status status, const char *format, ...) {
    if (e->status != DONE)
        return e->status;
    va_list args;
    va_start(args, format);
    fill(e, status, format, args);
    va_end(args);
    return status;
}

enum status err_at(struct err *e, enum status status, struct place at, const char *format, ...) {
    if (e->status != DONE)
        return e->status;
    va_list args;
    va_start(args, format);
    fill(e, status, format, args);
    va_end(args);
    return err_place(e, at);
}

enum status err_place(struct err *e, struct place at) {
    if (e->file[0] || !at.file)
        return e->status;
    snprintf(e->file, sizeof e->file, "%s", at.file);
    e->line = at.line;
    e->column = at.column;
    return e->status;
}

void err_line(const struct err *e, char *out, unsigned long size) {
    if (!e->file[0])
        snprintf(out, size, "%s", e->text);
    else if (!e->line)
        snprintf(out, size, "%s: %s", e->file, e->text);
    else if (!e->column)
        snprintf(out, size, "%s:%ld: %s", e->file, e->line, e->text);
    else
        snprintf(out, size, "%s:%ld:%ld: %s", e->file, e->line, e->column, e->text);
}
