// Findings: everything that a check has to say, errors and notes, each with its place.
#ifndef PATRON_BASE_FINDING_H
#define PATRON_BASE_FINDING_H

#include "base/str.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

// What shows that a finding is so: a customer (its columns as name and value), or the clauses that
// leave no way.
struct evidence {
    int values;
    const struct shown {
        struct str name, value;
        bool text, missing; // a text is quoted in files
    } * value;
    int clauses;
    const struct ground {
        struct place at;
        struct str text;
        bool holds; // it would have to hold; else not to
    } * clause;
};

struct finding {
    enum severity severity;
    const char *code;     // stable, e.g. "unknown-name"
    struct place at, end; // end: behind the last byte; line 0: not known
    const char *text;
    const struct evidence *evidence; // or NULL
};

// {.arena = a} is an empty list.
struct findings {
    struct arena *arena;
    int n, size, errors;
    struct finding *list;
};

void findings_add(struct findings *f, enum severity severity, const char *code, struct place at,
                  const char *format, ...) __attribute__((format(printf, 5, 6)));
// Of the finding that was added last: where it ends, and what shows it.
void findings_show(struct findings *f, struct place end, const struct evidence *evidence);
// Sorted by file, line and column; equal ones once.
void findings_sort(struct findings *f);
// Sorts them. REFUSED with the last error (and how many there are) if there is one, else DONE:
// whoever shows those before it shows each of them once, in their order.
enum status findings_err(struct findings *f, struct err *err);

const char *severity_name(enum severity s);
// "file:line:column: error: text", without what is not known of the place.
const char *finding_line(struct arena *a, const struct finding *f);

#endif
