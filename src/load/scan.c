// A chunk is parsed by guess: from the first place in it where a record seems to begin to the end
// of the last record that begins in it. Between two records the parser's whole state is its place
// in the file. So afterwards, in file order, a guess was right exactly if the chunk before ended
// where this one began; if not, this chunk is read again from there. Whatever is in the file, the
// result is that of one sequential pass.
#include "load/scan.h"

#include <string.h>

#include "base/parallel.h"
#include "load/front.h"

enum { CHUNK = 4 << 20 };

const struct front *front_of(const struct scan *s) {
    static const struct front *const fronts[] = {
        [FORMAT_CSV] = &front_csv,
        [FORMAT_LINES] = &front_lines,
        [FORMAT_JSON] = &front_array,
    };
    return fronts[s->format];
}

// Looks no further than the longest row, so that a file without lines is not searched for each
// chunk anew.
size_t scan_line_end(struct str text, size_t at) {
    const char *p = text.p + at;
    size_t left = text.n - at, n = left > RECORD_MAX + 1 ? RECORD_MAX + 1 : left;
    const char *lf = memchr(p, '\n', n);
    n = lf ? (size_t)(lf - p) + 1 : n;
    const char *cr = memchr(p, '\r', n);
    if (cr && cr + 1 < p + n && cr[1] != '\n')
        n = (size_t)(cr - p) + 1;
    return at + n;
}

struct place scan_place(const struct scan *s, size_t at) {
    struct place place = {s->file, 1, 1};
    const char *line = s->text.p, *end = s->text.p + at;
    for (const char *lf; (lf = memchr(line, '\n', (size_t)(end - line))); line = lf + 1)
        place.line++;
    place.column += end - line;
    return place;
}

struct chunk {
    void *state; // NULL: no record begins in it
    size_t start, end;
    struct refusal refusal;
};

struct scanning {
    const struct scan *scan;
    const struct front *front;
    const struct reader *reader;
    const struct host *host;
    void **own; // the front's, one a worker
    size_t size, n;
    struct chunk *chunk;
};

static size_t chunk_limit(const struct scanning *g, size_t i) {
    size_t left = g->scan->text.n - g->scan->start;
    return g->scan->start + (i + 1 < g->n ? (i + 1) * g->size : left);
}

static void read_chunk(const struct scanning *g, struct arena *a, void **own, int worker,
                       size_t start, size_t limit, struct chunk *chunk) {
    if (!*own)
        *own = g->front->open(a, g->scan, g->reader);
    *chunk = (struct chunk){.state = g->reader->open(g->reader->arg, worker), .start = start};
    chunk->end = g->front->read(*own, chunk->state, start, limit, &chunk->refusal);
    if (g->reader->close)
        g->reader->close(chunk->state);
}

static enum status guess_chunk(struct task *t, struct err *err) {
    (void)err;
    struct scanning *g = t->arg;
    size_t limit = chunk_limit(g, t->index), start = g->scan->start;
    if (t->index > 0)
        start = g->front->guess(g->scan, chunk_limit(g, t->index - 1), limit);
    if (t->worker == 0)
        host_progress(g->host, g->scan->file, (double)t->index / (double)g->n);
    if (start < limit)
        read_chunk(g, t->arena, &g->own[t->worker], t->worker, start, limit, &g->chunk[t->index]);
    return DONE;
}

// Follows the records through the chunks, and reads again those that were guessed wrong.
static enum status verify(struct arena *a, struct scanning *g, void **states, size_t *n,
                          struct err *err) {
    void *own = NULL;
    size_t at = g->scan->start;
    for (size_t i = 0; i < g->n; i++) {
        struct chunk *chunk = &g->chunk[i];
        size_t limit = chunk_limit(g, i);
        if (at >= limit)
            continue;
        if (!chunk->state || chunk->start != at)
            read_chunk(g, a, &own, 0, at, limit, chunk);
        if (*chunk->refusal.text)
            return err_at(err, REFUSED, scan_place(g->scan, chunk->refusal.at), "%s",
                          chunk->refusal.text);
        at = chunk->end;
        states[(*n)++] = chunk->state;
    }
    return DONE;
}

enum status scan_run(struct arena *a, const struct host *host, const struct scan *s,
                     const struct reader *reader, void ***states, size_t *n, struct err *err) {
    struct arena *scratch = arena_child(a);
    struct scanning g = {s, front_of(s), reader, host, .size = s->chunk ? s->chunk : CHUNK};
    g.n = (s->text.n - s->start + g.size - 1) / g.size;
    g.chunk = arena_array(scratch, g.n, sizeof *g.chunk);
    g.own = arena_array(scratch, (size_t)host->threads, sizeof *g.own);
    *states = arena_array(a, g.n, sizeof **states);
    *n = 0;
    TRY(parallel_run(host, g.n, guess_chunk, &g, err));
    TRY(verify(scratch, &g, *states, n, err));
    arena_free(scratch);
    return DONE;
}
