#include "metric/need.h"

#include <string.h>

bool need_next(const char **list, struct need *out) {
    const char *p = *list ? *list : "";
    p += strspn(p, " ");
    if (!*p)
        return false;
    out->optional = *p == '?';
    p += out->optional;
    out->names = (struct str){p, strcspn(p, " ")};
    *list = p + out->names.n;
    return true;
}

bool need_name(struct str *names, struct str *out) {
    if (names->n == 0)
        return false;
    const char *bar = memchr(names->p, '|', names->n);
    size_t n = bar ? (size_t)(bar - names->p) : names->n;
    *out = (struct str){names->p, n};
    n += bar != NULL;
    *names = (struct str){names->p + n, names->n - n};
    return true;
}

int need_count(const char *list) {
    struct need need;
    int n = 0;
    while (need_next(&list, &need))
        n++;
    return n;
}
