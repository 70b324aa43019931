// Folders, and whole files: read by mapping, written beside their name and renamed when complete.
#ifndef PATRON_BASE_FILE_H
#define PATRON_BASE_FILE_H

#include "base/host.h"
#include "base/str.h"

// Maps a file for reading; unmapped with the arena. An empty file is an empty slice. A folder, a
// missing or an unreadable file is REFUSED with its name and what to do.
enum status file_map(struct arena *a, const char *path, struct str *out, struct err *err);

// The names in a folder that end in `suffix` and do not begin with a dot, in order of their bytes.
// A folder that cannot be read is REFUSED.
enum status folder_list(struct arena *a, const char *path, const char *suffix,
                        const char *const **out, int *n, struct err *err);

// Whether two paths mean one regular file, or would once it is written.
bool file_same(const char *a, const char *b);

struct out;

// Opens "path" for writing: bytes go to a temporary file in the same folder; "-" is the host's
// standard output, MISUSED if it has none (or is NULL). Unless out_commit is reached, the temporary
// file goes and the old one stays. A new file has the permissions of the one it replaces.
enum status out_open(struct arena *a, const struct host *host, const char *path, struct out **out,
                     struct err *err);
// Whether it could be opened: told before the work is done whose outcome goes there.
enum status out_check(struct arena *a, const char *path, struct err *err);
enum status out_write(struct out *o, const char *bytes, size_t n, struct err *err);
// What has been written so far, mapped until the arena ends; p is NULL where that is no file.
enum status out_content(struct arena *a, struct out *o, struct str *out, struct err *err);
// Writes what is buffered, syncs, renames. For standard output: flushes.
enum status out_commit(struct out *o, struct err *err);
bool out_is_stdout(const char *path); // "-" or "/dev/stdout"
// True when standard output's reader has gone away (`| head -1`): not an error, but time to stop.
bool out_closed(const struct out *o);

#endif
