// Calendar dates as day numbers (days since 1970-01-01, proleptic Gregorian calendar).
#ifndef PATRON_BASE_DATE_H
#define PATRON_BASE_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

#define DATE_MIN (-719162) // 0001-01-01
#define DATE_MAX 2932896   // 9999-12-31

void date_split(int32_t date, int *year, int *month, int *day);

// The same day n months later, clamped to the month's last day (31 Jan + 1 month = 28 or 29 Feb).
int32_t date_add_months(int32_t date, long n);
// Whole calendar months from a to b: the greatest n with a + n months <= b (negative if b < a).
long date_months_between(int32_t a, int32_t b);

// A date format names its parts: YYYY, MM, DD, M, D, YY; any other byte stands for itself, e.g.
// "YYYY-MM-DD", "D.M.YYYY", "YYYYMMDD", "YYYY年M月D日". False if the format is no format.
bool date_format_valid(struct str format);
// Parses text by the format. A time of day behind the date ("T10:00", " 08:26:00", with zone) is
// accepted, skipped, and sets *had_time. False for a date that does not exist.
bool date_parse(struct str text, struct str format, int32_t *out, bool *had_time);
// True if text looks like that, whether or not the calendar has such a day.
bool date_shaped(struct str text, struct str format);
// Writes "YYYY-MM-DD" (10 bytes, no NUL) and returns 10.
int date_print(int32_t date, char *out);

#endif
