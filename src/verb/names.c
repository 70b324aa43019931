#include "verb/names.h"

#include <string.h>

static struct str trimmed(const char *p, size_t n) {
    size_t skipped = strspn(p, " ");
    skipped = skipped < n ? skipped : n;
    while (n > skipped && p[n - 1] == ' ')
        n--;
    return (struct str){p + skipped, n - skipped};
}

enum status columns_of(struct arena *a, struct board *board, const char *list,
                       const struct column *const **out, int *n, struct err *err) {
    size_t most = list ? strlen(list) + 1 : 0;
    const struct column **columns = arena_array(a, most, sizeof *columns);
    *out = columns;
    *n = 0;
    for (const char *p = list; p;) {
        const char *comma = strchr(p, ',');
        struct str name = trimmed(p, comma ? (size_t)(comma - p) : strlen(p));
        p = comma ? comma + 1 : NULL;
        if (name.n)
            TRY(board_column(board, name, &columns[(*n)++], err));
    }
    return DONE;
}
