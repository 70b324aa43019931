#include "base/format.h"

#include <string.h>

bool format_ends_in(const char *path, const char *suffix) {
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcmp(path + n - m, suffix) == 0;
}

bool format_of(const char *path, enum format *out) {
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
        if (format_ends_in(path, suffixes[i].suffix)) {
            *out = suffixes[i].format;
            return true;
        }
    return false;
}
