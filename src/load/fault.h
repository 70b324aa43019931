// Why a row is rejected.
#ifndef PATRON_LOAD_FAULT_H
#define PATRON_LOAD_FAULT_H

enum fault {
    FAULT_NONE,
    // of the record, found by the scanner
    FAULT_QUOTE,
    FAULT_NUL,
    FAULT_UTF8,
    FAULT_ENCODING,
    FAULT_FEW,
    FAULT_MANY,
    FAULT_JSON,
    FAULT_SURROGATE,
    FAULT_OBJECT,
    FAULT_RECORD = FAULT_OBJECT, // the last of these
    FAULT_REPEAT,
    FAULT_NESTED,
    // of a value, found by the builder
    FAULT_EMPTY,
    FAULT_INTEGER,
    FAULT_NUMBER,
    FAULT_MONEY,
    FAULT_SIGN,
    FAULT_DATE,
    FAULT_DAY,
    FAULT_FLAG,
    FAULT_LABEL,
    FAULT_CUSTOMER,
    FAULTS
};

const char *fault_name(enum fault f); // "no such date"; what rejects are counted by
const char *fault_help(enum fault f); // what to do about it

#endif
