// In the encodings that are read, no byte below '0' (line ends, blanks, quotes, commas) is ever
// part of another character: so pieces that are cut behind such a byte are converted each by
// itself, and put together.
#include "load/decode.h"

#include <string.h>

#include "base/encoding.h"
#include "base/parallel.h"

enum { PIECE = 1 << 20 };

struct decoding {
    const char *encoding;
    struct str text;
    struct encoder **encoder; // one a worker
    size_t *cut;              // where pieces begin, and the last one ends
    struct buf *piece;        // each in an arena of its own
};

static void cut_text(struct decoding *d, size_t n) {
    d->cut[0] = 0;
    for (size_t i = 1; i <= n; i++) {
        size_t at = i * PIECE > d->cut[i - 1] ? i * PIECE : d->cut[i - 1];
        while (at < d->text.n && (unsigned char)d->text.p[at - 1] >= '0')
            at++;
        d->cut[i] = at < d->text.n ? at : d->text.n;
    }
}

static enum status decode_piece(struct task *t, struct err *err) {
    struct decoding *d = t->arg;
    struct encoder **encoder = &d->encoder[t->worker];
    size_t begin = d->cut[t->index], end = d->cut[t->index + 1];
    if (!*encoder)
        TRY(encoder_open(t->arena, d->encoding, "UTF-8", encoder, err));
    if (begin < end)
        encoder_put(*encoder, (struct str){d->text.p + begin, end - begin}, '\xff',
                    &d->piece[t->index]);
    return DONE;
}

enum status decode_text(struct arena *a, const struct host *host, const char *encoding,
                        struct str text, struct str *out, struct err *err) {
    struct arena *scratch = arena_child(a);
    struct decoding d = {encoding, text};
    size_t n = (text.n + PIECE - 1) / PIECE, size = 0;
    d.encoder = arena_array(scratch, (size_t)host->threads, sizeof(struct encoder *));
    d.piece = arena_array(scratch, n, sizeof *d.piece);
    for (size_t i = 0; i < n; i++)
        d.piece[i].arena = arena_child(scratch);
    d.cut = arena_array(scratch, n + 1, sizeof *d.cut);
    cut_text(&d, n);
    TRY(parallel_run(host, n, decode_piece, &d, err));
    for (size_t i = 0; i < n; i++)
        size += d.piece[i].n;
    char *to = arena_alloc(a, size);
    *out = (struct str){to, size};
    for (size_t i = 0; i < n; i++) {
        if (d.piece[i].n > 0)
            memcpy(to, d.piece[i].p, d.piece[i].n);
        to += d.piece[i].n;
        arena_free(d.piece[i].arena); // so that the text is there little more than once
    }
    arena_free(scratch);
    return DONE;
}
