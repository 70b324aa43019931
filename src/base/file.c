// Output goes to "<path>.<pid>.tmp" beside its final name. Only out_commit renames; whatever ends a
// run earlier frees the arena, which removes the temporary file.
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
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
    munmap(m->p, m->n);
}

enum status file_map(struct arena *a, const char *path, struct str *out, struct err *err) {
    struct stat st;
    struct mapping *m = arena_alloc(a, sizeof *m);
    *out = (struct str){"", 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return refuse(err, path, "read");
    if (fstat(fd, &st) != 0 || S_ISDIR(st.st_mode)) {
        errno = S_ISDIR(st.st_mode) ? EISDIR : errno;
        close(fd);
        return refuse(err, path, "read");
    }
    if (!S_ISREG(st.st_mode)) {
        close(fd);
        return err_at(err, REFUSED, (struct place){path, 0, 0},
                      "is no regular file; write it to a file first");
    }
    m->n = (size_t)st.st_size;
    m->p = m->n ? mmap(NULL, m->n, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (m->p == MAP_FAILED)
        return refuse(err, path, "map");
    if (m->n) {
        arena_defer(a, unmap, m);
        *out = (struct str){m->p, m->n};
    }
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
    int fd;
    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) { // a device or a pipe is written as it is
        fd = open(path, O_WRONLY | O_CLOEXEC);
    } else {
        o->temporary = arena_printf(a, "%s.%ld.tmp", path, (long)getpid());
        fd = open(o->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (fd < 0) {
        o->temporary = NULL;
        return refuse(err, path, "write");
    }
    o->fd = fd;
    arena_defer(a, abandon, o);
    return DONE;
}

static enum status flush(struct out *o, struct err *err) {
    for (size_t done = 0; done < o->n && !o->closed;) {
        ssize_t n = write(o->fd, o->bytes + done, o->n - done);
        if (n >= 0)
            done += (size_t)n;
        else if (errno == EPIPE && !o->temporary)
            o->closed = true;
        else if (errno != EINTR)
            return err_set(err, MACHINE, "cannot write %s: %s; what was there before is unchanged",
                           o->temporary ? o->path : "the output", strerror(errno));
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
