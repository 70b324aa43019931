// Who is credited with a customer: of the rows of referrals that name it, the first by date, and of
// one day's that of the referrer whose id stands first. Referrals of oneself, of nobody who is a
// customer, and from before the referrer joined do not count. Where the credits make a ring, its
// latest is taken away: who was there first was not referred by those who came after. So credits
// are a forest.
#include "metric/family.h"
#include "metric/graph.h"

struct credits {
    struct graph graph;
    const struct column *date, *opened; // opened: NULL if not known
    int32_t *referrer, *since;          // of every customer, and the date of that row
};

static bool is_early(const struct credits *c, int64_t from, int64_t row) {
    return c->opened && column_has(c->opened, from) && c->date->date[row] < c->opened->date[from];
}

static bool counts(const struct credits *c, int64_t from, int64_t row) {
    int32_t to = c->graph.to[row];
    return to != NOBODY && to != from && column_has(c->date, row) && !is_early(c, from, row);
}

// Referrers come in the order of their ids, so of one day the first stays.
static void give(struct credits *c) {
    for (int64_t from = 0; from < c->graph.n; from++)
        for (int64_t row = c->graph.start[from]; row < c->graph.start[from + 1]; row++) {
            int32_t to = c->graph.to[row], date = c->date->date[row];
            if (!counts(c, from, row))
                continue;
            if (c->referrer[to] == NOBODY || date < c->since[to]) {
                c->referrer[to] = (int32_t)from;
                c->since[to] = date;
            }
        }
}

// Of several on the latest day, the one that names the customer whose id stands first.
static void cut_ring(struct credits *c, int32_t member) {
    int32_t latest = member;
    for (int32_t i = c->referrer[member]; i != member; i = c->referrer[i])
        if (c->since[i] > c->since[latest] || (c->since[i] == c->since[latest] && i < latest))
            latest = i;
    c->referrer[latest] = NOBODY;
}

// Walks up from every customer until somebody was met before: on this walk, it is a ring.
static int64_t cut_rings(struct arena *a, struct credits *c) {
    int32_t *met = arena_array(a, (size_t)c->graph.n, sizeof *met); // on whose walk, + 1
    int64_t rings = 0;
    for (int64_t i = 0; i < c->graph.n; i++) {
        int32_t at = (int32_t)i, walk = (int32_t)i + 1;
        for (; at != NOBODY && !met[at]; at = c->referrer[at])
            met[at] = walk;
        if (at != NOBODY && met[at] == walk) {
            cut_ring(c, at);
            rings++;
        }
    }
    return rings;
}

struct tally {
    int64_t credited, repeated, strangers, oneself, early, others, rings;
};

static void count_row(const struct credits *c, int64_t from, int64_t row, struct tally *t) {
    int32_t to = c->graph.to[row];
    if (to == NOBODY || !column_has(c->date, row))
        t->strangers++;
    else if (to == from)
        t->oneself++;
    else if (is_early(c, from, row))
        t->early++;
    else if (c->referrer[to] == from)
        t->repeated++;
    else
        t->others++;
}

static void put(struct buf *out, int64_t n, const char *what) {
    if (n)
        buf_printf(out, "%s%lld %s", out->n ? ", " : "", (long long)n, what);
}

// Every row is in one of the numbers.
static void note(const struct metric_run *r, const struct credits *c, struct tally t) {
    struct buf text = {.arena = r->arena};
    for (int64_t from = 0; from < c->graph.n; from++)
        for (int64_t row = c->graph.start[from]; row < c->graph.start[from + 1]; row++)
            count_row(c, from, row, &t);
    for (int64_t i = 0; i < c->graph.n; i++)
        t.credited += c->referrer[i] != NOBODY;
    put(&text, t.repeated - t.credited, "repeated");
    put(&text, t.strangers, "of nobody who is a customer");
    put(&text, t.oneself, "of oneself");
    put(&text, t.early, "from before the referrer joined");
    put(&text, t.others - t.rings, "of customers whom another had referred first");
    put(&text, t.rings, "that would close a ring of credits");
    if (text.n)
        host_note(r->host, "referrals: %lld of %lld are credited; not credited: %s",
                  (long long)t.credited, (long long)c->graph.start[c->graph.n], buf_text(&text));
}

enum status credit_referrer(struct metric_run *r, struct err *err) {
    struct credits c = {.date = r->column[1], .opened = r->input[0]};
    size_t n = (size_t)r->out->n;
    struct tally tally = {0};
    TRY(graph_read(r, &c.graph, err));
    c.referrer = arena_array(r->arena, n, sizeof *c.referrer);
    c.since = arena_array(r->arena, n, sizeof *c.since);
    for (size_t i = 0; i < n; i++)
        c.referrer[i] = NOBODY;
    give(&c);
    tally.rings = cut_rings(r->arena, &c);
    r->out->dict = r->id->dict;
    for (size_t i = 0; i < n; i++)
        if (c.referrer[i] != NOBODY)
            column_set_code(r->out, (int64_t)i, c.referrer[i]);
    if (r->host && r->host->note)
        note(r, &c, tally);
    return DONE;
}
