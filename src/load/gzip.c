// Through zlib, which checks length and checksum of every member: a file may have several, one
// behind the other. The limit holds at every moment, so a small file cannot fill the memory.
#include "load/gzip.h"

#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
    STEP = 1 << 20,
    FREE = 64 << 20, // so much may be in any file, ...
    TIMES = 200,     // ... and in a larger one so much to a byte
    GZIP = 15 + 16,  // what zlib calls a gzip file of the largest window
};

bool gzip_is(struct str content) {
    return content.n >= 2 && memcmp(content.p, "\x1f\x8b", 2) == 0;
}

// An arena's memory never fails, and goes with it.
static void *take(void *arena, unsigned n, unsigned size) {
    return arena_array(arena, n, size);
}

static void drop(void *arena, void *block) {
    (void)arena;
    (void)block;
}

static enum status refuse(const char *file, const char *what, struct err *err) {
    return err_at(err, REFUSED, (struct place){file, 0, 0}, "is compressed with gzip, and %s",
                  what);
}

// zlib counts in 32 bits, so it is fed by the piece.
static void feed(z_stream *z, struct str *rest) {
    size_t n = rest->n < STEP ? rest->n : STEP;
    if (z->avail_in > 0)
        return;
    z->next_in = (const Bytef *)rest->p;
    z->avail_in = (uInt)n;
    *rest = (struct str){rest->p + n, rest->n - n};
}

static enum status unpack(z_stream *z, const char *file, struct str rest, struct buf *out,
                          struct err *err) {
    size_t limit = rest.n > FREE / TIMES ? rest.n * TIMES : FREE;
    while (rest.n > 0 || z->avail_in > 0) {
        int code = Z_OK;
        while (code == Z_OK) {
            feed(z, &rest);
            z->next_out = (Bytef *)buf_room(out, STEP);
            z->avail_out = STEP;
            code = inflate(z, Z_NO_FLUSH);
            out->n += STEP - z->avail_out;
            if (out->n > limit)
                return refuse(file,
                              "more than 64 MB and 200 times its size is in it: if that is right, "
                              "unpack it with gunzip",
                              err);
        }
        if (code == Z_BUF_ERROR)
            return refuse(file, "is cut off: fetch or export it again", err);
        if (code != Z_STREAM_END || inflateReset(z) != Z_OK)
            return refuse(file, "is damaged: fetch or export it again", err);
    }
    return DONE;
}

enum status gzip_text(struct arena *a, const char *file, struct str content, struct str *out,
                      struct err *err) {
    struct arena *scratch = arena_child(a);
    struct buf text = {.arena = a};
    z_stream z = {.zalloc = take, .zfree = drop, .opaque = scratch};
    if (inflateInit2(&z, GZIP) != Z_OK)
        mem_exhausted();
    TRY(unpack(&z, file, content, &text, err));
    *out = (struct str){text.p, text.n};
    arena_free(scratch);
    return DONE;
}
