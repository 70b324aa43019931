// A verb of the command line: one struct in one table feeds look-up, options and help.
#ifndef PATRON_VERB_VERB_H
#define PATRON_VERB_VERB_H

#include "base/host.h"
#include "base/mem.h"

struct option {
    const char *name;  // "--as-of"
    const char *value; // what it takes: "DATE"; NULL: it is a switch
    const char *help;
    bool many; // may be given more than once
};
