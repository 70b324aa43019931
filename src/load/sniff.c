#include "load/sniff.h"

#include <string.h>

#include "base/encoding.h"

// So many bytes tell what a file is.
enum { WINDOW = 1 << 20 };

static const struct {
    struct str magic;
    const char *is;
} formats[] = {
    {{"PK\3\4", 4}, "a zip archive or an Excel workbook (.xlsx): save the sheet as CSV UTF-8"},
    {{"\xd0\xcf\x11\xe0", 4}, "an Excel workbook (.xls): save the sheet as CSV UTF-8"},
    {{"(\xb5/\xfd", 4}, "compressed with zstd: unpack it with unzstd"},
    {{"PAR1", 4}, "a Parquet file: export it as CSV"},
};

static bool begins(struct str text, struct str with) {
    return text.n >= with.n && memcmp(text.p, with.p, with.n) == 0;
}

static enum status check_magic(const struct scan *s, struct err *err) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (begins(s->text, formats[i].magic))
            return err_at(err, REFUSED, (struct place){s->file, 0, 0}, "this is no %s file but %s",
                          s->format == FORMAT_CSV ? "CSV" : "JSON", formats[i].is);
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

// Where Chinese text has nearly all of its characters: punctuation and the 3,755 hanzi of GB2312's
// first level. Cyrillic, Greek, Japanese and Big5 are mostly elsewhere, Latin-1 nearly always.
static bool is_common_pair(const unsigned char *p) {
    return ((p[0] >= 0xa1 && p[0] <= 0xa3) || (p[0] >= 0xb0 && p[0] <= 0xd7)) && p[1] > 0xa0;
}

static bool is_quad(const unsigned char *p) {
    return p[0] > 0x80 && p[2] > 0x80 && p[1] >= '0' && p[1] <= '9' && p[3] >= '0' && p[3] <= '9';
}

// GB18030 shows when bytes that are not UTF-8 come as its sequences, four fifths of them common
// pairs or of four bytes.
static bool is_gb18030(struct str head) {
    const unsigned char *p = (const unsigned char *)head.p;
    size_t usual = 0, other = 0;
    for (size_t i = 0; i + 3 < head.n;) {
        bool quad = is_quad(p + i), pair = !quad && p[i] > 0x80 && p[i + 1] >= 0x40;
        usual += quad || (pair && is_common_pair(p + i));
        other += p[i] >= 0x80 && !quad && !(pair && is_common_pair(p + i));
        i += quad ? 4 : pair ? 2 : 1;
    }
    return usual > other * 4;
}

// Whether it is UTF-8, and how many characters in it are not ASCII.
static bool is_utf8(struct str head, size_t *wide) {
    *wide = 0;
    while (head.n > 3) { // a sequence may be cut at the end of what is looked at
        size_t n = str_utf8(head);
        if (n == 0)
            return false;
        *wide += n > 1;
        head = (struct str){head.p + n, head.n - n};
    }
    return true;
}

enum { SURELY = 8 }; // so many characters of UTF-8 do not come by chance

// What is said is believed, unless it is surely wrong: then ids would become others in silence.
static enum status check_encoding(struct arena *a, const struct host *host,
                                  const struct description *d, struct described_table *t,
                                  const struct scan *s, struct str head, struct err *err) {
    size_t wide;
    bool utf8 = is_utf8(head, &wide), gb = !utf8 && is_gb18030(head);
    if (!t->encoding)
        t->encoding = d->encoding;
    if (!t->encoding && gb) {
        t->encoding = "GB18030";
        host_note(host, "%s: read as GB18030", s->file);
    } else if (t->encoding && encoding_is_utf8(t->encoding) && gb) {
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "this is GB18030 (or GBK), not UTF-8; %s",
                      description_advice(a, d, t, "\"encoding\": \"GB18030\"", NULL));
    } else if (t->encoding && !encoding_is_utf8(t->encoding) && utf8 && wide >= SURELY) {
        return err_at(err, REFUSED, (struct place){s->file, 0, 0},
                      "this is UTF-8, not %s; take \"encoding\" out of %s, or say it for each "
                      "table",
                      t->encoding, d->file);
    }
    return DONE;
}

enum status sniff_file(struct arena *a, const struct host *host, const struct description *d,
                       struct described_table *t, struct scan *s, struct err *err) {
    struct str head = {s->text.p, s->text.n < WINDOW ? s->text.n : WINDOW};
    TRY(check_magic(s, err));
    TRY(check_utf16(s, head, err));
    TRY(check_encoding(a, host, d, t, s, head, err));
    s->decoded = t->encoding && !encoding_is_utf8(t->encoding);
    return DONE;
}

// ---- the text -----------------------------------------------------------------------------

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

static size_t skip_blanks(struct str text, size_t at) {
    while (at < text.n && memchr(" \t\r\n", text.p[at], 4))
        at++;
    return at;
}

// JSON under a name of CSV: an object, perhaps in a bracket.
static enum status check_json(const struct scan *s, struct err *err) {
    size_t at = s->start;
    if (at < s->text.n && s->text.p[at] == '[')
        at = skip_blanks(s->text, at + 1);
    if (at == s->text.n || s->text.p[at] != '{')
        return DONE;
    return err_at(err, REFUSED, (struct place){s->file, 1, 1},
                  "this is JSON; end the file's name in .json or .ndjson");
}

static enum status sniff_csv(struct arena *a, const struct description *d,
                             const struct described_table *t, struct scan *s, struct err *err) {
    struct str head = {s->text.p, s->text.n < WINDOW ? s->text.n : WINDOW};
    s->delimiter = d->delimiter ? d->delimiter : ',';
    TRY(check_json(s, err));
    TRY(check_lines(s, head, err));
    return check_delimiter(a, d, t, s, err);
}

static enum status sniff_json(const struct description *d, struct scan *s, struct err *err) {
    size_t at = skip_blanks(s->text, s->start);
    s->decimal = d->decimal ? d->decimal : '.';
    if (at < s->text.n && s->text.p[at] != '[' && s->text.p[at] != '{')
        return err_at(err, REFUSED, scan_place(s, at),
                      "this is no JSON: it begins neither with [ nor with {");
    bool array = at < s->text.n && s->text.p[at] == '[';
    s->format = array ? FORMAT_JSON : FORMAT_LINES;
    s->start = array ? at + 1 : s->start;
    return DONE;
}

enum status sniff_text(struct arena *a, const struct description *d,
                       const struct described_table *t, struct scan *s, struct err *err) {
    s->start = begins(s->text, STR("\xef\xbb\xbf")) ? 3 : 0;
    if (s->text.n == s->start)
        return DONE; // it will have no columns
    return s->format == FORMAT_CSV ? sniff_csv(a, d, t, s, err) : sniff_json(d, s, err);
}
