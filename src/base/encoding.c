#include "base/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

static const struct {
    const char *name, *iconv;
} encodings[] = {
    {"UTF-8", "UTF-8"},
    {"GB18030", "GB18030"},
    {"GBK", "GB18030"},
    {"GB2312", "GB18030"},
    {"ISO-8859-1", "ISO-8859-1"},
    {"Latin-1", "ISO-8859-1"},
    {"Windows-1252", "Windows-1252"},
};

const char *encoding_find(struct str name) {
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (str_of(encodings[i].name).n == name.n &&
            strncasecmp(encodings[i].name, name.p, name.n) == 0)
            return encodings[i].iconv;
    return NULL;
}

bool encoding_is_utf8(const char *encoding) {
    return encoding == encodings[0].iconv;
}

const char *encoding_names(void) {
    return "UTF-8, GB18030 (also named GBK and GB2312), ISO-8859-1 (Latin-1) and Windows-1252";
}

struct encoder {
    iconv_t iconv;
};

static void close_encoder(void *p) {
    struct encoder *e = p;
    if (e->iconv != (iconv_t)-1)
        iconv_close(e->iconv);
}

enum status encoder_open(struct arena *a, const char *from, const char *to, struct encoder **out,
                         struct err *err) {
    struct encoder *e = arena_alloc(a, sizeof *e);
    e->iconv = (iconv_t)-1;
    arena_defer(a, close_encoder, e);
    *out = e;
    e->iconv = iconv_open(to, from);
    if (e->iconv != (iconv_t)-1)
        return DONE;
    if (errno == ENOMEM)
        mem_exhausted();
    return err_set(err, MACHINE,
                   "this system's iconv cannot convert %s to %s: it lacks the module for it "
                   "(Debian: package libc6, folder gconv)",
                   from, to);
}

size_t encoder_put(struct encoder *e, struct str text, char bad, struct buf *out) {
    char block[4096], *in = (char *)text.p;
    size_t bads = 0;
    while (text.n > 0) {
        char *to = block;
        size_t room = sizeof block;
        size_t lost = iconv(e->iconv, &in, &text.n, &to, &room);
        int why = errno;
        buf_put(out, block, (size_t)(to - block));
        if (lost != (size_t)-1 || why == E2BIG)
            continue;
        buf_char(out, bad); // no character, or only the beginning of one
        in++;
        text.n--;
        bads++;
    }
    return bads;
}
