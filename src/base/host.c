#include "base/host.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

void host_note(const struct host *h, const char *format, ...) {
    if (!h->note)
        return;
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    h->note(h->ctx, text);
}

void host_progress(const struct host *h, const char *what, double share) {
    if (h->progress)
        h->progress(h->ctx, what, share);
}
