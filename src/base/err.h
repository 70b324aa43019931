// Errors that data or people cause, and the exit statuses they lead to.
#ifndef PATRON_BASE_ERR_H
#define PATRON_BASE_ERR_H

// The exit statuses of the program; fallible functions return any but PARTIAL.
enum status {
    DONE = 0,
    REFUSED = 1,   // the input was refused, nothing was written
    MISUSED = 2,   // wrong usage
    MACHINE = 3,   // the machine failed: no space, no memory, a read error
    PARTIAL = 4,   // done, but rows or customers were left out (only verbs return it)
    CANCELLED = 5, // the host said so, nothing was written
};

// Whether that ends the run, whatever it was about: the input is not to blame.
static inline int status_is_final(enum status s) {
    return s == MACHINE || s == CANCELLED;
}

// A place in a file. line and column count from 1; 0 means unknown, a NULL file means nowhere.
struct place {
    const char *file;
    long line, column;
};

// The first error of a call. `where` has its own copy of the file name.
struct err {
    enum status status;
    long line, column;
    char file[512];
    char text[1536];
};

// Fills *e and returns `status`, so that a caller can `return err_set(...)`. The text says what is
// wrong and what to do. An error that is already set stays: the first one counts.
enum status err_set(struct err *e, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
enum status err_at(struct err *e, enum status status, struct place at, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

// An error without a place gets this one; returns its status.
enum status err_place(struct err *e, struct place at);

// Writes "file:line:column: text" into out, as people and editors read it.
void err_line(const struct err *e, char *out, unsigned long size);

// Passes an error up.
#define TRY(call)                                                                                  \
    do {                                                                                           \
        enum status try_ = (call);                                                                 \
        if (try_ != DONE)                                                                          \
            return try_;                                                                           \
    } while (0)

#endif
