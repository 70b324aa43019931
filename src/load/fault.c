#include "load/fault.h"

static const struct {
    const char *name, *help;
} faults[] = {
    [FAULT_NONE] = {"", ""},
    [FAULT_QUOTE] = {"quote out of place", "put the whole field in quotes and double those in it"},
    [FAULT_NUL] = {"NUL byte", "export the file again, as text"},
    [FAULT_UTF8] = {"not UTF-8", "save the file as UTF-8, or say its encoding in dataset.json"},
    [FAULT_ENCODING] = {"not in the encoding", "these bytes are none of its characters; export the "
                                               "file again, or say its encoding in dataset.json"},
    [FAULT_FEW] = {"too few fields", "a row needs as many fields as the header"},
    [FAULT_MANY] = {"too many fields", "put a field that holds the delimiter in quotes"},
    [FAULT_JSON] = {"broken JSON", "a line must be one object: {\"key\": value, ...}"},
    [FAULT_SURROGATE] = {"half a character", "\\ud800 to \\udfff must come in pairs"},
    [FAULT_OBJECT] = {"no object", "a row must be an object: {\"key\": value, ...}"},
    [FAULT_REPEAT] = {"repeated key", "a key must stand once in an object"},
    [FAULT_NESTED] = {"nested value", "give its parts keys of their own, or ignore the column in "
                                      "dataset.json"},
    [FAULT_EMPTY] = {"empty field", "this column must be filled in"},
    [FAULT_INTEGER] = {"no integer", "digits with an optional sign are read"},
    [FAULT_NUMBER] = {"no number", "digits without thousands separators are read"},
    [FAULT_MONEY] = {"no amount", "digits without currency or thousands separators are read"},
    [FAULT_SIGN] = {"other decimal sign", "say which one it is in dataset.json"},
    [FAULT_DATE] = {"no date", "declare its format in dataset.json"},
    [FAULT_DAY] = {"no such date", "the calendar does not have it"},
    [FAULT_FLAG] = {"no flag", "true/false, yes/no, y/n, 1/0 and 是/否 are read"},
    [FAULT_LABEL] = {"label not in the closed set", "declare it under \"values\" in dataset.json"},
    [FAULT_CUSTOMER] = {"no such customer", "the customers table does not have it"},
};

const char *fault_name(enum fault f) {
    return faults[f].name;
}

const char *fault_help(enum fault f) {
    return faults[f].help;
}
