#include "load/find.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"

// "orders" of "data/orders.csv", "bank" of "samples/bank/".
static struct str stem(const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
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

// Without a dataset.json, the files that are named like tables are these; and a single file is
// what its headers say.
static enum status find_files(struct arena *a, const char *folder, struct description *out,
                              struct err *err) {
    const char *const *files;
    int n;
    TRY(folder_list(a, folder, ".csv", &files, &n, err));
    out->table = arena_array(a, (size_t)n, sizeof *out->table);
    for (int i = 0; i < n; i++)
        if (n == 1 || is_table(stem(files[i])))
            out->table[out->tables++] = table_of(a, folder, files[i]);
    if (out->tables > 0)
        return DONE;
    return err_at(err, REFUSED, (struct place){folder, 0, 0},
                  "there is no dataset.json here, and %s; write a dataset.json: { \"tables\": { "
                  "\"transactions\": { \"file\": \"%s\" } } }",
                  n > 0 ? "no CSV file is named like a table (transactions.csv, customers.csv, ...)"
                        : "no CSV file",
                  n > 0 ? files[0] : "....csv");
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
    } else if (n > 5 && strcmp(path + n - 5, ".json") == 0) {
        TRY(description_read(a, path, out, err));
    } else {
        out->table = arena_alloc(a, sizeof *out->table);
        out->table[out->tables++] = table_of(a, NULL, path);
    }
    if (out->name.n == 0)
        out->name = stem(path);
    return DONE;
}
