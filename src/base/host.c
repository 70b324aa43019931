#include "base/host.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/str.h"

void host_note(const struct host *h, const char *format, ...) {
    if (!h->note)
        return;
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    str_clean_z(text);
    h->note(h->ctx, text);
}

void host_progress(const struct host *h, const char *what, double share) {
    if (!h->progress)
        return;
    char text[256];
    snprintf(text, sizeof text, "%s", what);
    str_clean_z(text);
    h->progress(h->ctx, text, share);
}

enum status host_poll(const struct host *h, struct err *err) {
    if (h && h->cancelled && h->cancelled(h->ctx))
        atomic_store(h->stopping, true);
    return host_heard(h, err);
}

enum status host_heard(const struct host *h, struct err *err) {
    if (!h || !h->cancelled || !atomic_load(h->stopping))
        return DONE;
    return err_set(err, CANCELLED, "cancelled; nothing was written");
}
