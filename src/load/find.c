#include "load/find.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/format.h"

// "orders" of "data/orders.csv.gz", "bank" of "samples/bank/".
static struct str stem(const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    if (n > 3 && memcmp(path + n - 3, ".gz", 3) == 0)
        n -= 3;
    const char *slash = memrchr(path, '/', n);
    struct str name = {slash ? slash + 1 : path, 0};
    name.n = (size_t)(path + n - name.p);
    const char *dot = memrchr(name.p, '.', name.n);
    if (dot && dot > name.p)
        name.n = (size_t)(dot - name.p);
    return name;
}

static bool is_table(struct str name) {
    struct str known;
    for (size_t i = 0; table_role_name(NULL, i, &known); i++)
        if (str_eq(known, name))
            return true;
    return false;
}

static struct described_table table_of(struct arena *a, const char *folder, const char *file) {
    struct described_table t = {.file_name = str_of(file)};
    struct str name = stem(file);
    t.file = folder ? arena_printf(a, "%s/%s", folder, file) : file;
    if (!folder && strrchr(file, '/'))
        t.file_name = str_of(strrchr(file, '/') + 1);
    if (is_table(name))
        t.name = name;
    t.role = table_role_find(t.name);
    return t;
}

// Whether a file of a folder may hold rows. Much else ends in .json: that must be named like a
// table.
static bool is_candidate(const char *file) {
    enum format format;
    return format_of_input(file, &format) && (format != FORMAT_JSON || is_table(stem(file)));
}

static enum status check_twice(const char *folder, const struct description *d, struct err *err) {
    for (int i = 0; i < d->tables; i++)
        for (int k = 0; k < i; k++)
            if (str_eq(d->table[i].name, d->table[k].name))
                return err_at(err, REFUSED, (struct place){folder, 0, 0},
                              "%.*s and %.*s would be the same table; remove one, or write a "
                              "dataset.json",
                              (int)d->table[k].file_name.n, d->table[k].file_name.p,
                              (int)d->table[i].file_name.n, d->table[i].file_name.p);
    return DONE;
}

// The first workbook among the files of a folder; NULL: there is none.
static const char *find_workbook(const char *const *file, int n) {
    for (int i = 0; i < n; i++) {
        const char *dot = strrchr(file[i], '.');
        if (dot && (strcasecmp(dot, ".xlsx") == 0 || strcasecmp(dot, ".xls") == 0))
            return file[i];
    }
    return NULL;
}

// Without a dataset.json, the files that are named like tables are these; and a single file is
// what its headers say.
static enum status find_files(struct arena *a, const char *folder, struct description *out,
                              struct err *err) {
    const char *const *all;
    int n_all, n = 0;
    TRY(folder_list(a, folder, "", &all, &n_all, err));
    const char **files = arena_array(a, (size_t)n_all, sizeof *files);
    for (int i = 0; i < n_all; i++)
        if (is_candidate(all[i]))
            files[n++] = all[i];
    out->table = arena_array(a, (size_t)n, sizeof *out->table);
    for (int i = 0; i < n; i++)
        if (n == 1 || is_table(stem(files[i])))
            out->table[out->tables++] = table_of(a, folder, files[i]);
    if (out->tables > 0)
        return check_twice(folder, out, err);
    const char *workbook = n == 0 ? find_workbook(all, n_all) : NULL;
    if (workbook)
        return err_at(
            err, REFUSED, (struct place){folder, 0, 0},
            "there is no CSV file here, but the workbook '%s': save its sheet as CSV UTF-8",
            workbook);
    return err_at(err, REFUSED, (struct place){folder, 0, 0},
                  "there is no dataset.json here, and %s; write a dataset.json: { \"tables\": { "
                  "\"transactions\": { \"file\": \"%s\" } } }",
                  n > 0 ? "no file is named like a table (transactions.csv, customers.json, ...)"
                        : "no file that ends in .csv, .json or .ndjson",
                  n > 0 ? files[0] : "....csv");
}

static struct str trim(struct str s) {
    while (s.n > 0 && memchr(" \t\r\n", *s.p, 4))
        s = (struct str){s.p + 1, s.n - 1};
    while (s.n > 0 && memchr(" \t\r\n", s.p[s.n - 1], 4))
        s.n--;
    return s;
}

// A dataset.json is one object and has its file to itself; rows are an array, or a line for each.
static enum status is_rows(struct arena *a, const char *path, bool *out, struct err *err) {
    struct str text;
    TRY(file_map(a, path, &text, err));
    size_t at = text.n >= 3 && memcmp(text.p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    text = trim((struct str){text.p + at, text.n - at});
    const char *lf = text.n ? memchr(text.p, '\n', text.n) : NULL;
    struct str line = trim((struct str){text.p, lf ? (size_t)(lf - text.p) : 0});
    *out = text.n > 0 && (*text.p == '[' || (line.n > 0 && line.p[line.n - 1] == '}'));
    return DONE;
}

static enum status find_json(struct arena *a, const char *path, struct description *out,
                             struct err *err) {
    bool rows;
    TRY(is_rows(a, path, &rows, err));
    if (!rows)
        return description_read(a, path, out, err);
    out->table = arena_alloc(a, sizeof *out->table);
    out->table[out->tables++] = table_of(a, NULL, path);
    return DONE;
}

enum status find_dataset(struct arena *a, const char *path, struct description *out,
                         struct err *err) {
    struct stat st;
    size_t n = strlen(path);
    *out = (struct description){.decimals = 2};
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        const char *folder = n > 1 && path[n - 1] == '/' ? arena_copy(a, path, n - 1) : path;
        const char *file = arena_printf(a, "%s/dataset.json", folder);
        TRY(stat(file, &st) == 0 ? description_read(a, file, out, err)
                                 : find_files(a, folder, out, err));
    } else if (format_ends_in(path, ".json")) {
        TRY(find_json(a, path, out, err));
    } else {
        out->table = arena_alloc(a, sizeof *out->table);
        out->table[out->tables++] = table_of(a, NULL, path);
    }
    if (out->name.n == 0)
        out->name = stem(path);
    return DONE;
}
