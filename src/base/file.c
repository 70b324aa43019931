// Output goes to a file without a name, in the folder of its final one, which the system drops with
// the process, whatever ends that. out_commit names it "<path>.<pid>.tmp" and renames that. Where
// the file system knows no such files it has that name from the start, and goes with the arena.
//
// Invariant: what closes a thing is deferred before the thing is opened, since deferring takes
// memory, and memory may run out.
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/format.h"

static enum status refuse(struct err *err, const char *path, const char *doing) {
    enum status status = errno == ENOENT || errno == EACCES || errno == ENOTDIR || errno == EISDIR
                             ? REFUSED
                             : MACHINE;
    const char *hint = errno == ENOENT   ? "; check the path"
                       : errno == EACCES ? "; check its permissions"
                                         : "";
    return err_at(err, status, (struct place){path, 0, 0}, "cannot %s: %s%s", doing,
                  strerror(errno), hint);
}

struct mapping {
    void *p;
    size_t n;
};

static void unmap(void *p) {
    struct mapping *m = p;
    if (m->n)
        munmap(m->p, m->n);
}

// The size of what can be mapped: a regular file.
static enum status file_size(int fd, const char *path, size_t *out, struct err *err) {
    struct stat st;
    if (fstat(fd, &st) != 0)
        return refuse(err, path, "read");
    errno = EISDIR;
    if (S_ISDIR(st.st_mode))
        return refuse(err, path, "read");
    if (!S_ISREG(st.st_mode))
        return err_at(err, REFUSED, (struct place){path, 0, 0},
                      "is no regular file; write it to a file first");
    *out = (size_t)st.st_size;
    return DONE;
}

static enum status map(int fd, const char *path, struct mapping *m, struct err *err) {
    size_t n = 0;
    TRY(file_size(fd, path, &n, err));
    void *p = n ? mmap(NULL, n, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    if (p == MAP_FAILED)
        return refuse(err, path, "map");
    *m = (struct mapping){p, n};
    return DONE;
}

static void close_folder(void *p) {
    DIR **folder = p;
    if (*folder)
        closedir(*folder);
}

static bool is_listed(const char *name, const char *suffix) {
    return name[0] != '.' && format_ends_in(name, suffix);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum status folder_list(struct arena *a, const char *path, const char *suffix,
                        const char *const **out, int *n, struct err *err) {
    struct buf names = {.arena = a};
    DIR **folder = arena_alloc(a, sizeof(DIR *));
    arena_defer(a, close_folder, folder);
    *folder = opendir(path);
    if (!*folder)
        return refuse(err, path, "list");
    for (struct dirent *entry; (entry = readdir(*folder));) {
        if (!is_listed(entry->d_name, suffix))
            continue;
        const char *name = arena_copy(a, entry->d_name, strlen(entry->d_name));
        buf_put(&names, (const char *)&name, sizeof name);
    }
    *out = (const char *const *)names.p;
    *n = (int)(names.n / sizeof **out);
    if (*n > 1)
        qsort(names.p, (size_t)*n, sizeof **out, compare_names);
    return DONE;
}

// ---- which file a path is ---------------------------------------------------------------------

// The folder of a path, with its slash, or ".".
static bool folder_of(const char *path, char out[PATH_MAX]) {
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 1;
    if (n >= PATH_MAX)
        return false;
    memcpy(out, slash ? path : ".", n);
    out[n] = '\0';
    return true;
}

static const char *name_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool is_one(const struct stat *a, const struct stat *b) {
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool file_same(const char *a, const char *b) {
    char folder_a[PATH_MAX], folder_b[PATH_MAX];
    struct stat x, y;
    bool there_a = stat(a, &x) == 0, there_b = stat(b, &y) == 0;
    if (there_a || there_b)
        return there_a && there_b && S_ISREG(x.st_mode) && is_one(&x, &y);
    return strcmp(name_of(a), name_of(b)) == 0 && folder_of(a, folder_a) &&
           folder_of(b, folder_b) && stat(folder_a, &x) == 0 && stat(folder_b, &y) == 0 &&
           is_one(&x, &y);
}

bool out_is_stdout(const char *path) {
    return strcmp(path, "-") == 0 || strcmp(path, "/dev/stdout") == 0;
}

// Where a link leads, so that the link itself stays; the path as it is if there is nothing yet.
static const char *behind_links(struct arena *a, const char *path) {
    char real[PATH_MAX];
    return realpath(path, real) ? arena_copy(a, real, strlen(real)) : path;
}

// ---- mapping ----------------------------------------------------------------------------------

struct listed {
    const char *const *name;
    int n;
};

static bool next_listed(const void *ctx, size_t i, struct str *out) {
    const struct listed *l = ctx;
    if (i >= (size_t)l->n)
        return false;
    *out = str_of(l->name[i]);
    return true;
}

// With the file of that folder whose name is nearest.
static enum status refuse_missing(struct arena *a, const char *path, struct err *err) {
    char folder[PATH_MAX];
    struct listed l = {NULL, 0};
    struct err unheard = {DONE};
    struct str near = {NULL, 0};
    int before = (int)(name_of(path) - path);
    if (*name_of(path) && folder_of(path, folder) &&
        folder_list(a, folder, "", &l.name, &l.n, &unheard) == DONE)
        near = str_nearest(str_of(name_of(path)), next_listed, &l);
    errno = ENOENT;
    if (!near.n)
        return refuse(err, path, "read");
    return err_at(err, REFUSED, (struct place){path, 0, 0},
                  "cannot read: %s; did you mean %.*s%.*s?", strerror(ENOENT), before, path,
                  (int)near.n, near.p);
}

enum status file_map(struct arena *a, const char *path, struct str *out, struct err *err) {
    struct mapping *m = arena_alloc(a, sizeof *m);
    arena_defer(a, unmap, m);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // a pipe would wait for its writer
    if (fd < 0)
        return errno == ENOENT ? refuse_missing(a, path, err) : refuse(err, path, "read");
    enum status status = map(fd, path, m, err);
    close(fd);
    *out = m->n ? (struct str){m->p, m->n} : STR("");
    return status;
}

// ---- writing ------------------------------------------------------------------------------------

enum { OUT_BUFFER = 1 << 16 };

struct out {
    const char *path;
    const char *temporary;   // NULL for standard output and devices
    const struct host *host; // of standard output; NULL: it is a file
    int fd;
    bool unnamed; // the temporary file has its name only from out_commit on
    bool closed;
    size_t n;
    char bytes[OUT_BUFFER];
};

static void abandon(void *p) {
    struct out *o = p;
    if (o->fd >= 0)
        close(o->fd);
    if (o->temporary && !o->unnamed)
        unlink(o->temporary);
}

static void open_temporary(struct out *o, const char *temporary) {
    char folder[PATH_MAX];
    o->fd = folder_of(o->path, folder) ? open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0666) : -1;
    o->unnamed = o->fd >= 0;
    if (!o->unnamed)
        o->fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    o->temporary = o->fd < 0 ? NULL : temporary;
}

static enum status open_stdout(struct out *o, const struct host *host, struct err *err) {
    o->host = host;
    if (host && host->write)
        return DONE;
    return err_set(err, MISUSED, "there is no standard output here: write to a file");
}

enum status out_open(struct arena *a, const struct host *host, const char *path, struct out **out,
                     struct err *err) {
    struct out *o = arena_alloc(a, sizeof *o);
    struct stat st;
    o->path = path;
    o->fd = -1;
    *out = o;
    if (out_is_stdout(path))
        return open_stdout(o, host, err);
    arena_defer(a, abandon, o);
    o->path = behind_links(a, path);
    const char *temporary = arena_printf(a, "%s.%ld.tmp", o->path, (long)getpid());
    bool there = stat(o->path, &st) == 0;
    if (there && access(o->path, W_OK) != 0)
        return refuse(err, path, "write");
    if (there && !S_ISREG(st.st_mode)) // a device or a pipe is written as it is
        o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
    else
        open_temporary(o, temporary);
    if (o->fd < 0)
        return refuse(err, path, "write");
    if (there && o->temporary) // who could not read the old file cannot read the new one
        (void)!fchmod(o->fd, st.st_mode & 0777);
    return DONE;
}

// A device or a pipe would notice.
enum status out_check(struct arena *a, const char *path, struct err *err) {
    struct arena *own = arena_child(a);
    struct stat st;
    struct out *out;
    enum status status = DONE;
    if (stat(path, &st) != 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
        status = out_open(own, NULL, path, &out, err);
    arena_free(own);
    return status;
}

// 0, or an errno.
static int write_all(int fd, const char *bytes, size_t n) {
    for (size_t done = 0; done < n;) {
        ssize_t written = write(fd, bytes + done, n - done);
        if (written < 0 && errno != EINTR)
            return errno;
        done += written > 0 ? (size_t)written : 0;
    }
    return 0;
}

static enum status flush(struct out *o, struct err *err) {
    int failed = o->closed || !o->n ? 0
                 : o->host          ? o->host->write(o->host->ctx, o->bytes, o->n)
                                    : write_all(o->fd, o->bytes, o->n);
    o->n = 0;
    if (failed == EPIPE && !o->temporary)
        o->closed = true;
    else if (failed)
        return err_set(err, MACHINE, "cannot write %s: %s%s", o->host ? "the output" : o->path,
                       strerror(failed),
                       o->temporary ? "; what was there before is unchanged" : "");
    return DONE;
}

enum status out_write(struct out *o, const char *bytes, size_t n, struct err *err) {
    while (n > 0) {
        size_t room = sizeof o->bytes - o->n, part = n < room ? n : room;
        memcpy(o->bytes + o->n, bytes, part);
        o->n += part;
        bytes += part;
        n -= part;
        if (o->n == sizeof o->bytes)
            TRY(flush(o, err));
    }
    return DONE;
}

enum status out_content(struct arena *a, struct out *o, struct str *out, struct err *err) {
    *out = (struct str){NULL, 0};
    if (!o->temporary)
        return DONE;
    struct mapping *m = arena_alloc(a, sizeof *m);
    arena_defer(a, unmap, m);
    TRY(flush(o, err));
    TRY(map(o->fd, o->path, m, err));
    *out = m->n ? (struct str){m->p, m->n} : STR("");
    return DONE;
}

// The folder's entry must reach the disk too, or the rename can be lost.
static void sync_folder(const char *path) {
    char folder[PATH_MAX];
    int fd = folder_of(path, folder) ? open(folder, O_RDONLY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

static int give_name(struct out *o) {
    char open_file[32];
    if (!o->unnamed)
        return 0;
    snprintf(open_file, sizeof open_file, "/proc/self/fd/%d", o->fd);
    int failed = linkat(AT_FDCWD, open_file, AT_FDCWD, o->temporary, AT_SYMLINK_FOLLOW);
    o->unnamed = failed != 0;
    return failed;
}

enum status out_commit(struct out *o, struct err *err) {
    TRY(flush(o, err));
    if (!o->temporary)
        return DONE;
    if (fsync(o->fd) != 0 || give_name(o) != 0 || rename(o->temporary, o->path) != 0)
        return refuse(err, o->path, "finish writing");
    o->temporary = NULL;
    sync_folder(o->path);
    return DONE;
}

bool out_closed(const struct out *o) {
    return o->closed;
}
