// The rows that the parent shares with a helper process that calls a policy's functions for them.
//
// The parent fills in a batch, sends a byte, and waits for one; the helper says in `at` which row
// it is calling, so that the customer is known of whom it dies. Each side writes only what is its
// own. The parent trusts nothing that the helper wrote: it reads each value once and checks it.
#ifndef PATRON_POLICY_SHARED_H
#define PATRON_POLICY_SHARED_H

#include <stdatomic.h>
#include <stdint.h>

enum {
    SHARED_ROWS = 4096,
    SHARED_PARAMETERS = 32,
    SHARED_LABELS = 256,
    SHARED_STRINGS = SHARED_PARAMETERS * SHARED_ROWS + SHARED_LABELS,
    SHARED_BYTES = 2 << 20, // of all texts of a batch: any field of a file fits
    SHARED_TEXT = 400,      // of a message
};

#define SHARED_NOT_BEGUN UINT32_MAX

enum shared_kind { SHARED_NOTHING, SHARED_BOOLEAN, SHARED_INTEGER, SHARED_NUMBER, SHARED_STRING };

// What the helper answers.
enum shared_answer {
    SHARED_READY = 'R',  // the script has run
    SHARED_DONE = 'D',   // all rows were called
    SHARED_FAULT = 'F',  // the row `at` failed: line and text say why
    SHARED_MEMORY = 'M', // the row `at` ran out of memory
};

union shared_value {
    int64_t integer; // of a string: its index
    double number;
};

struct shared {
    // The parent's.
    uint32_t script;      // bytes of the policy's text, which stands behind all this
    uint32_t function;    // which one is called
    uint32_t wanted;      // the kind of its result
    uint32_t labels;      // of a text: it is one of so many strings, the first; given as its index
    uint32_t traced;      // say which line returned
    uint32_t first, rows; // to be called: first .. rows - 1
    uint32_t parameters, strings;
    uint8_t kind[SHARED_PARAMETERS];
    struct shared_string {
        uint32_t offset, length;
    } string[SHARED_STRINGS];
    union shared_value argument[SHARED_PARAMETERS][SHARED_ROWS];
    char bytes[SHARED_BYTES];
    // The helper's.
    _Atomic uint32_t at; // the row that is being called; the results of those before it stand
    uint32_t changed;    // the function no longer finds what the script left it
    uint32_t line, length;
    char text[SHARED_TEXT];
    uint8_t result_kind[SHARED_ROWS];
    union shared_value result[SHARED_ROWS];
};

#endif
