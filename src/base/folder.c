// Filled as "<path>.<pid>.tmp", then renamed: a folder can take the place of nothing or of an empty
// folder in one step.
#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

struct folder {
    const char *path, *temporary, *above;
    bool made; // under its temporary name
};

// Whether the folder is there and has nothing in it.
static bool is_empty(const char *path) {
    DIR *d = opendir(path);
    bool empty = d != NULL;
    for (struct dirent *e; empty && (e = readdir(d));)
        empty = strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0;
    if (d)
        closedir(d);
    return empty;
}

static void abandon(void *p) {
    struct folder *f = p;
    DIR *d = f->made ? opendir(f->temporary) : NULL;
    if (!d)
        return;
    for (struct dirent *e; (e = readdir(d));)
        unlinkat(dirfd(d), e->d_name, 0); // "." and ".." stay
    closedir(d);
    rmdir(f->temporary);
}

static enum status refuse(struct err *err, const char *path, const char *doing) {
    bool machine = errno == ENOSPC || errno == EIO || errno == EDQUOT;
    return err_at(err, machine ? MACHINE : REFUSED, (struct place){path, 0, 0}, "cannot %s: %s%s",
                  doing, strerror(errno),
                  errno == ENOENT ? "; make the folder above it first" : "");
}

// The path without slashes at its end.
static const char *plain(struct arena *a, const char *path) {
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    return arena_copy(a, path, n);
}

enum status folder_make(struct arena *a, const char *path, struct folder **out, struct err *err) {
    struct folder *f = arena_alloc(a, sizeof *f);
    struct stat st;
    *out = f;
    arena_defer(a, abandon, f);
    f->path = plain(a, path);
    f->above = arena_printf(a, "%s/..", f->path);
    f->temporary = arena_printf(a, "%s.%ld.tmp", f->path, (long)getpid());
    bool there = lstat(f->path, &st) == 0; // a link to a folder cannot be replaced by one
    if (there && !(S_ISDIR(st.st_mode) && is_empty(f->path)))
        return err_at(err, REFUSED, (struct place){f->path, 0, 0},
                      "is there already; name a new or an empty folder");
    if (mkdir(f->temporary, 0777) != 0)
        return refuse(err, f->path, "make the folder");
    f->made = true;
    return DONE;
}

const char *folder_file(struct arena *a, const struct folder *f, const char *name) {
    return arena_printf(a, "%s/%s", f->made ? f->temporary : f->path, name);
}

unsigned long long folder_room(const struct folder *f) {
    struct statvfs s;
    if (statvfs(f->temporary, &s) != 0)
        return ~0ull; // what cannot be asked is found out by writing
    return (unsigned long long)s.f_bavail * s.f_frsize;
}

enum status folder_commit(struct folder *f, struct err *err) {
    if (rename(f->temporary, f->path) != 0)
        return refuse(err, f->path, "finish the folder");
    f->made = false;
    int above = open(f->above, O_RDONLY | O_CLOEXEC);
    if (above >= 0) {
        fsync(above); // the name must reach the disk, too
        close(above);
    }
    return DONE;
}
