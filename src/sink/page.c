#include "sink/page.h"

#include <string.h>

// page/page.S
extern const char page_begin[] __attribute__((visibility("hidden")));
extern const char page_end[] __attribute__((visibility("hidden")));

// Within a script element nothing but "<" can end it, or begin a comment. In JSON that stands in
// texts only, which have another way to say it.
static enum status put_run(struct out *out, struct str run, struct err *err) {
    const char *end = run.p + run.n;
    for (const char *p = run.p, *next; p < end; p = next + 1) {
        next = memchr(p, '<', (size_t)(end - p));
        if (!next)
            return out_write(out, p, (size_t)(end - p), err);
        TRY(out_write(out, p, (size_t)(next - p), err));
        TRY(out_write(out, "\\u003c", 6, err));
    }
    return DONE;
}

enum status page_write(struct arena *a, const struct host *host, const char *path, struct str run,
                       struct out **out, struct err *err) {
    static const char end[] = "</script>\n</body>\n</html>\n";
    TRY(out_open(a, host, path, out, err));
    TRY(out_write(*out, page_begin, (size_t)(page_end - page_begin), err));
    TRY(put_run(*out, run, err));
    return out_write(*out, end, sizeof end - 1, err);
}
