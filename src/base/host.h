// What a run is given by whoever calls: threads, and where notes and progress go. The core never
// prints.
#ifndef PATRON_BASE_HOST_H
#define PATRON_BASE_HOST_H

struct host {
    int threads;
    void *ctx;
    // A sentence for people, e.g. "as of 1998-06-30, the latest date in the data". May be NULL.
    void (*note)(void *ctx, const char *text);
    // Share done (0 to 1) of what is being worked on. May be NULL.
    void (*progress)(void *ctx, const char *what, double share);
};

void host_note(const struct host *h, const char *format, ...) __attribute__((format(printf, 2, 3)));
void host_progress(const struct host *h, const char *what, double share);

#endif
