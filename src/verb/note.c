#include "verb/note.h"

#include <string.h>

enum { REJECTS_SHOWN = 3, FAILURES_SHOWN = 3 };

void note_rejects(struct call *c, const struct source *s, const char *rejects_file) {
    for (int i = 0; i < s->rejects && i < REJECTS_SHOWN; i++)
        host_note(c->host, "%s:%ld:%ld: %s", s->reject[i].at.file, s->reject[i].at.line,
                  s->reject[i].at.column, s->reject[i].text);
    struct buf b = {.arena = c->arena};
    for (int i = 0; i < s->reasons; i++)
        buf_printf(&b, "%s%lld %s", i ? ", " : "", (long long)s->reason_count[i], s->reason[i]);
    host_note(c->host, "%s: %lld of %lld rows were rejected (%s)%s%s", s->file,
              (long long)s->rejected, (long long)s->read, buf_text(&b),
              s->sha256      ? "; they were left out when it was packed"
              : rejects_file ? "; they are in "
                             : "; --rejects FILE writes them out",
              rejects_file ? rejects_file : "");
    c->partial = true;
}

void note_errors(struct call *c, const struct findings *f) {
    int left = f->errors - 1;
    for (int i = 0; left > 0; i++)
        if (f->list[i].severity == SEVERITY_ERROR && left--)
            host_note(c->host, "%s", finding_line(c->arena, &f->list[i]));
}

static void note_warnings(struct call *c, const struct findings *f, int first, int n) {
    if (n == 1)
        host_note(c->host, "%s", finding_line(c->arena, &f->list[first]));
    else if (n > 1)
        host_note(c->host, "%s: %d warnings; patron check shows them", f->list[first].at.file, n);
}

// Of each file, for they stand in that order.
void note_findings(struct call *c, struct findings *f) {
    int first = 0, n = 0;
    findings_sort(f);
    note_errors(c, f);
    for (int i = 0; i < f->n && f->errors == 0; i++) {
        if (f->list[i].severity != SEVERITY_WARNING)
            continue;
        if (n > 0 && strcmp(f->list[first].at.file, f->list[i].at.file) != 0) {
            note_warnings(c, f, first, n);
            n = 0;
        }
        first = n++ ? first : i;
    }
    note_warnings(c, f, first, n);
}

void note_metric_faults(struct call *c, const struct board *board) {
    int64_t n = board_faults(board);
    if (n == 0)
        return;
    host_note(c->host,
              "%lld value%s of the policy's metrics could not be computed (a division by zero "
              "...) and count as missing",
              (long long)n, plural(n));
    c->partial = true;
}

void note_faults(struct call *c, const struct decisions *d) {
    note_metric_faults(c, d->board);
    for (int64_t i = 0; i < d->failures && i < FAILURES_SHOWN; i++) {
        struct str id = column_str(d->data->id, d->failure[i].customer);
        host_note(c->host, "%.*s:%ld: failed for %.*s: %s", (int)d->policy->path.n,
                  d->policy->path.p, d->failure[i].line, (int)id.n, id.p, d->failure[i].text);
    }
    if (d->faulty > 0) {
        struct str id = column_str(d->data->id, d->first_faulty);
        host_note(c->host,
                  "a rule failed for %lld customer%s, who got nothing from it; `patron explain ... "
                  "%.*s` shows the first",
                  (long long)d->faulty, plural(d->faulty), (int)id.n, id.p);
    }
    for (int k = 0; d->referred && k < d->policy->referrals; k++) {
        int64_t n = d->referred[k].count[REFERRAL_FAULT];
        if (n > 0)
            host_note(c->host, "a rule failed for %lld referral%s, which %s not rewarded",
                      (long long)n, plural(n), n == 1 ? "is" : "are");
    }
    c->partial = c->partial || d->failures > 0;
}
