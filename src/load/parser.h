// libcsv's parser set up as we need it: strict, also at the end of the file (it would swallow the
// rest behind an unclosed quote and report success), and with a limit to the length of a field.
#ifndef PATRON_LOAD_PARSER_H
#define PATRON_LOAD_PARSER_H

#include <csv.h>
#include <stdbool.h>

#include "base/mem.h"

#define PARSER_FIELD_MAX (1 << 20)

// Its buffer lives in the arena. A longer field stops csv_parse, and csv_error is not CSV_EPARSE.
// Where blanks delimit, a run of them is one delimiter, and none stands at the ends of a line: what
// is empty between two of them comes as a NULL, which is no field; an empty field is "".
void parser_open(struct csv_parser *p, struct arena *a, char delimiter);
// Makes it stand between two records, whatever happened before.
void parser_reset(struct csv_parser *p);
// True if nothing but blanks and line ends came since the last record.
bool parser_between_records(const struct csv_parser *p);

#endif
