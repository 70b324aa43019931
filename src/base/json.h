// Writes JSON into a buffer. Commas and escapes are its business; nesting is the caller's.
#ifndef PATRON_BASE_JSON_H
#define PATRON_BASE_JSON_H

#include <stdint.h>

#include "base/str.h"

struct json {
    struct buf *out;
    bool comma; // the next value needs one before it
};

void json_open(struct json *j, char bracket);  // '{' or '['
void json_close(struct json *j, char bracket); // '}' or ']'
void json_key(struct json *j, struct str key);
void json_str(struct json *j, struct str s); // bytes that are not UTF-8 become U+FFFD
void json_z(struct json *j, const char *z);  // NULL is null
void json_integer(struct json *j, int64_t x);
void json_number(struct json *j, double x); // NaN and infinity are null
void json_money(struct json *j, int64_t minor, int decimals);
void json_raw(struct json *j, struct str s); // a number or a flag that is printed already
void json_bool(struct json *j, bool b);
void json_null(struct json *j);

// Members of an object: key and value.
void json_field_open(struct json *j, const char *key, char bracket);
void json_field_str(struct json *j, const char *key, struct str s);
void json_field_z(struct json *j, const char *key, const char *z);
void json_field_integer(struct json *j, const char *key, int64_t x);
void json_field_number(struct json *j, const char *key, double x);
void json_field_money(struct json *j, const char *key, int64_t minor, int decimals);
void json_field_bool(struct json *j, const char *key, bool b);

#endif
