#include "load/sniff.h"

#include <string.h>

// So many bytes tell what a file is.
enum { WINDOW = 1 << 20 };

static const struct {
    struct str magic;
    const char *is;
} formats[] = {
    {{"PK\3\4", 4}, "a zip archive or an Excel workbook (.xlsx): save the sheet as CSV UTF-8"},
    {{"\x1f\x8b", 2}, "compressed with gzip: unpack it with gunzip"},
    {{"\xd0\xcf\x11\xe0", 4}, "an Excel workbook (.xls): save the sheet as CSV UTF-8"},
    {{"(\xb5/\xfd", 4}, "compressed with zstd: unpack it with unzstd"},
    {{"PAR1", 4}, "a Parquet file: export it as CSV"},
};

static enum status check_magic(const struct scan *s, struct err *err) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (s->text.n >= formats[i].magic.n &&
            memcmp(s->text.p, formats[i].magic.p, formats[i].magic.n) == 0)
            return err_at(err, REFUSED, (struct place){s->file, 0, 0}, "this is no CSV file but %s",
                          formats[i].is);
    return DONE;
}

// UTF-16 shows by its byte order mark, or by NULs in every other place.
static enum status check_utf16(const struct scan *s, struct str head, struct err *err) {
    size_t zeros[2] = {0, 0}, n = head.n < 512 ? head.n : 512;
    for (size_t i = 0; i < n; i++)
        zeros[i % 2] += head.p[i] == '\0';
    bool little = n >= 2 && memcmp(head.p, "\xff\xfe", 2) == 0;
    bool big = n >= 2 && memcmp(head.p, "\xfe\xff", 2) == 0;
    little = little || (!big && zeros[0] == 0 && zeros[1] * 5 > n);
    big = big || (!little && zeros[1] == 0 && zeros[0] * 5 > n);
    if (!little && !big)
        return DONE;
    return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                  "this is UTF-16, not UTF-8; convert it: iconv -f UTF-16%s -t UTF-8 %s > NEW.csv",
                  little ? "LE" : "BE", s->file);
}

// GB18030 shows when bytes that are not UTF-8 come as its sequences, most of them pairs from where
// the usual characters are: both bytes above 0xa0. (In Latin-1 text such bytes mostly come alone.)
static bool is_gb18030(struct str head) {
    const unsigned char *p = (const unsigned char *)head.p;
    size_t usual = 0, other = 0;
    for (size_t i = 0; i + 3 < head.n;) {
        if (p[i] < 0x80) {
            i++;
        } else if (p[i] > 0xa0 && p[i + 1] > 0xa0) {
            usual++;
            i += 2;
        } else if (p[i + 1] >= '0' && p[i + 1] <= '9' && p[i + 2] > 0x80) {
            other++;
            i += 4;
        } else if (p[i] > 0x80 && p[i + 1] >= 0x40 && p[i + 1] != 0x7f) {
            other++;
            i += 2;
        } else {
            return false;
        }
    }
    return usual > other * 4;
}

static bool is_utf8(struct str head) {
    while (head.n > 3) { // a sequence may be cut at the end of what is looked at
        size_t n = str_utf8(head);
        if (n == 0)
            return false;
        head = (struct str){head.p + n, head.n - n};
    }
    return true;
}

static enum status check_lines(const struct scan *s, struct str head, struct err *err) {
    if (memchr(head.p, '\n', head.n) || !memchr(head.p, '\r', head.n))
        return DONE;
    return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                  "its lines end in CR alone, as on old Macs; convert it: tr '\\r' '\\n' < %s > "
                  "NEW.csv",
                  s->file);
}

static size_t count(struct str line, char c) {
    size_t n = 0;
    for (size_t i = 0; i < line.n; i++)
        n += line.p[i] == c;
    return n;
}

static enum status check_delimiter(struct arena *a, const struct description *d,
                                   const struct described_table *t, const struct scan *s,
                                   struct err *err) {
    static const struct {
        char c;
        const char *name, *entry;
    } others[] = {
        {',', "comma", "\"delimiter\": \",\""},
        {';', "semicolon", "\"delimiter\": \";\""},
        {'\t', "tab", "\"delimiter\": \"\\t\""},
        {'|', "bar", "\"delimiter\": \"|\""},
    };
    struct str line = {s->text.p + s->start, scan_line_end(s->text, s->start) - s->start};
    if (count(line, s->delimiter) > 0)
        return DONE;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (count(line, others[i].c) > 0)
            return err_at(err, REFUSED, (struct place){s->file, 1, 1},
                          "the fields of this file are separated by a %s; %s", others[i].name,
                          description_advice(a, d, t, others[i].entry, NULL));
    return DONE;
}

enum status sniff(struct arena *a, const struct description *d, const struct described_table *t,
                  struct scan *s, struct err *err) {
    struct str head = {s->text.p, s->text.n < WINDOW ? s->text.n : WINDOW};
    s->start = head.n >= 3 && memcmp(head.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    s->delimiter = d->delimiter ? d->delimiter : ',';
    if (s->text.n == s->start)
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "is empty; a CSV file needs at least a line of headers");
    TRY(check_magic(s, err));
    TRY(check_utf16(s, head, err));
    if (!is_utf8(head) && is_gb18030(head))
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "this is GB18030 (or GBK), not UTF-8; convert it: iconv -f GB18030 -t UTF-8 "
                      "%s > NEW.csv",
                      s->file);
    TRY(check_lines(s, head, err));
    return check_delimiter(a, d, t, s, err);
}
