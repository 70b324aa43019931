// Output goes to "<path>.<pid>.tmp" beside its final name. Only out_commit renames; whatever ends a
// run earlier frees the arena, which removes the temporary file.
//
// Invariant: what closes a thing is deferred before the thing is opened, since deferring takes
// memory, and memory may run out.
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

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

enum status file_map(struct arena *a, const char *path, struct str *out, struct err *err) {
    struct mapping *m = arena_alloc(a, sizeof *m);
    arena_defer(a, unmap, m);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return refuse(err, path, "read");
    enum status status = map(fd, path, m, err);
    close(fd);
    *out = m->n ? (struct str){m->p, m->n} : STR("");
    return status;
}

static void close_folder(void *p) {
    DIR **folder = p;
    if (*folder)
        closedir(*folder);
}

static bool is_listed(const char *name, const char *suffix) {
    size_t n = strlen(name), m = strlen(suffix);
    return name[0] != '.' && n > m && strcmp(name + n - m, suffix) == 0;
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

enum { OUT_BUFFER = 1 << 16 };

struct out {
    const char *path;      // "-": standard output
    const char *temporary; // NULL for standard output and devices
    int fd;
    bool closed;
    size_t n;
    char bytes[OUT_BUFFER];
};

static void abandon(void *p) {
    struct out *o = p;
    if (o->fd > STDERR_FILENO)
        close(o->fd);
    if (o->temporary)
        unlink(o->temporary);
}

enum status out_open(struct arena *a, const char *path, struct out **out, struct err *err) {
    struct out *o = arena_alloc(a, sizeof *o);
    struct stat st;
    o->path = path;
    o->fd = STDOUT_FILENO;
    *out = o;
    if (strcmp(path, "-") == 0)
        return DONE;
    o->fd = -1;
    arena_defer(a, abandon, o);
    const char *temporary = arena_printf(a, "%s.%ld.tmp", path, (long)getpid());
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { // a device or a pipe is written as it is
        o->fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        o->fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        o->temporary = o->fd < 0 ? NULL : temporary;
    }
    return o->fd < 0 ? refuse(err, path, "write") : DONE;
}

static enum status flush(struct out *o, struct err *err) {
    for (size_t done = 0; done < o->n && !o->closed;) {
        ssize_t n = write(o->fd, o->bytes + done, o->n - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EPIPE && !o->temporary)
            o->closed = true;
        else if (errno != EINTR)
            return err_set(err, MACHINE, "cannot write %s: %s%s",
                           strcmp(o->path, "-") == 0 ? "the output" : o->path, strerror(errno),
                           o->temporary ? "; what was there before is unchanged" : "");
    }
    o->n = 0;
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

// The folder's entry must reach the disk too, or the rename can be lost.
static void sync_folder(const char *path) {
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) + 1 : 1;
    if (n >= sizeof folder)
        return;
    memcpy(folder, slash ? path : ".", n);
    folder[n] = '\0';
    int fd = open(folder, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

enum status out_commit(struct out *o, struct err *err) {
    TRY(flush(o, err));
    if (!o->temporary)
        return DONE;
    if (fsync(o->fd) != 0 || rename(o->temporary, o->path) != 0)
        return refuse(err, o->path, "finish writing");
    o->temporary = NULL;
    sync_folder(o->path);
    return DONE;
}

bool out_closed(const struct out *o) {
    return o->closed;
}
