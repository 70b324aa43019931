#include "base/format.h"

#include <string.h>

static bool ends_in(const char *path, size_t n, const char *suffix) {
    size_t m = strlen(suffix);
    return n >= m && memcmp(path + n - m, suffix, m) == 0;
}

bool format_ends_in(const char *path, const char *suffix) {
    return ends_in(path, strlen(path), suffix);
}

// By the first n bytes of the path.
static bool find(const char *path, size_t n, enum format *out) {
    static const struct {
        const char *suffix;
        enum format format;
    } suffixes[] = {
        {".csv", FORMAT_CSV},
        {".json", FORMAT_JSON},
        {".ndjson", FORMAT_LINES},
        {".jsonl", FORMAT_LINES},
    };
    *out = FORMAT_CSV;
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++)
        if (ends_in(path, n, suffixes[i].suffix)) {
            *out = suffixes[i].format;
            return true;
        }
    return false;
}

bool format_of(const char *path, enum format *out) {
    return find(path, strlen(path), out);
}

bool format_of_input(const char *path, enum format *out) {
    return find(path, strlen(path) - (format_ends_in(path, ".gz") ? 3 : 0), out);
}
