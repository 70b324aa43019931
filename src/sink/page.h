// The page of a run: one file for people, which shows its figures in tables and pictures, in any
// browser, without a network.
#ifndef PATRON_SINK_PAGE_H
#define PATRON_SINK_PAGE_H

#include "base/file.h"

// `run` is the document of `patron simulate --json`; the page holds it, and shows nothing else. The
// file is to be committed.
enum status page_write(struct arena *a, const struct host *host, const char *path, struct str run,
                       struct out **out, struct err *err);

#endif
