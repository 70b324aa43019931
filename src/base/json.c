#include "base/json.h"

#include <math.h>

#include "base/money.h"
#include "base/number.h"

static void before(struct json *j) {
    if (j->comma)
        buf_char(j->out, ',');
    j->comma = true;
}

void json_open(struct json *j, char bracket) {
    before(j);
    buf_char(j->out, bracket);
    j->comma = false;
}

void json_close(struct json *j, char bracket) {
    buf_char(j->out, bracket);
    j->comma = true;
}

void json_key(struct json *j, struct str key) {
    json_str(j, key);
    buf_char(j->out, ':');
    j->comma = false;
}

void json_str(struct json *j, struct str s) {
    before(j);
    buf_char(j->out, '"');
    for (size_t i = 0; i < s.n;) {
        unsigned char c = (unsigned char)s.p[i];
        size_t n = str_utf8((struct str){s.p + i, s.n - i});
        if (n == 0)
            buf_z(j->out, "\xef\xbf\xbd");
        else if (c == '"' || c == '\\')
            buf_printf(j->out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(j->out, "\\u%04x", c);
        else if (c == 0xc2 && (unsigned char)s.p[i + 1] < 0xa0) // controls, too
            buf_printf(j->out, "\\u%04x", (unsigned char)s.p[i + 1]);
        else
            buf_put(j->out, s.p + i, n);
        i += n ? n : 1;
    }
    buf_char(j->out, '"');
}

void json_z(struct json *j, const char *z) {
    if (z)
        json_str(j, str_of(z));
    else
        json_null(j);
}

static void bytes(struct json *j, const char *p, int n) {
    before(j);
    buf_put(j->out, p, (size_t)n);
}

void json_raw(struct json *j, struct str s) {
    bytes(j, s.p, (int)s.n);
}

void json_integer(struct json *j, int64_t x) {
    char text[NUMBER_MAX];
    bytes(j, text, number_print_integer(x, text));
}

void json_number(struct json *j, double x) {
    char text[NUMBER_MAX];
    if (isfinite(x))
        bytes(j, text, number_print(x, text));
    else
        json_null(j);
}

void json_money(struct json *j, int64_t minor, int decimals) {
    char text[NUMBER_MAX];
    bytes(j, text, money_print(minor, decimals, text));
}

void json_bool(struct json *j, bool b) {
    bytes(j, b ? "true" : "false", b ? 4 : 5);
}

void json_null(struct json *j) {
    bytes(j, "null", 4);
}

void json_field_open(struct json *j, const char *key, char bracket) {
    json_key(j, str_of(key));
    json_open(j, bracket);
}

void json_field_str(struct json *j, const char *key, struct str s) {
    json_key(j, str_of(key));
    json_str(j, s);
}

void json_field_z(struct json *j, const char *key, const char *z) {
    json_key(j, str_of(key));
    json_z(j, z);
}

void json_field_integer(struct json *j, const char *key, int64_t x) {
    json_key(j, str_of(key));
    json_integer(j, x);
}

void json_field_number(struct json *j, const char *key, double x) {
    json_key(j, str_of(key));
    json_number(j, x);
}

void json_field_money(struct json *j, const char *key, int64_t minor, int decimals) {
    json_key(j, str_of(key));
    json_money(j, minor, decimals);
}

void json_field_bool(struct json *j, const char *key, bool b) {
    json_key(j, str_of(key));
    json_bool(j, b);
}
