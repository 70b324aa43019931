// A folder that appears whole or not at all.
#ifndef PATRON_BASE_FOLDER_H
#define PATRON_BASE_FOLDER_H

#include "base/mem.h"

struct folder;

// A folder to be filled in place of "path", which must not be there, or be an empty folder. It
// stands beside it under another name until folder_commit; without that, it goes with the arena,
// and what is in it.
enum status folder_make(struct arena *a, const char *path, struct folder **out, struct err *err);
// The path of a file in it.
const char *folder_file(struct arena *a, const struct folder *f, const char *name);
// How many bytes its file system has left.
unsigned long long folder_room(const struct folder *f);
enum status folder_commit(struct folder *f, struct err *err); // takes no memory

#endif
