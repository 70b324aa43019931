// Finds out what a path is: a dataset.json, a folder with or without one, or a bare file of rows.
#ifndef PATRON_LOAD_FIND_H
#define PATRON_LOAD_FIND_H

#include "load/description.h"

// Reads the dataset.json or makes a description with nothing but names of tables and files; a table
// whose name its file does not tell has none yet.
enum status find_dataset(struct arena *a, const char *path, struct description *out,
                         struct err *err);

#endif
