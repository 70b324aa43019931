#include "expr/grid.h"

#include <float.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"

int64_t grid_of_double(double x) {
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits < 0 ? INT64_MIN - bits : bits;
}

static double double_at(int64_t at) {
    int64_t bits = at < 0 ? INT64_MIN - at : at;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

struct grid grid_of(const struct column *c) {
    switch (c->type) {
    case TYPE_FLAG: return (struct grid){c, 0, 1};
    case TYPE_NUMBER: return (struct grid){c, -grid_of_double(DBL_MAX), grid_of_double(DBL_MAX)};
    case TYPE_DATE: return (struct grid){c, DATE_MIN, DATE_MAX};
    case TYPE_MONEY: return (struct grid){c, -MONEY_MAX, MONEY_MAX};
    default: return (struct grid){c, INT64_MIN, INT64_MAX};
    }
}

int64_t grid_at(const struct grid *g, int64_t row) {
    switch (g->column->type) {
    case TYPE_FLAG: return bit_get(g->column->flag, row);
    case TYPE_NUMBER: return grid_of_double(g->column->number[row]);
    case TYPE_DATE: return g->column->date[row];
    default: return g->column->integer[row];
    }
}

struct value grid_value(const struct grid *g, int64_t at) {
    switch (g->column->type) {
    case TYPE_FLAG: return (struct value){VALUE_BOOLEAN, .boolean = at != 0};
    case TYPE_NUMBER: return (struct value){VALUE_FLOAT, .number = double_at(at)};
    case TYPE_MONEY:
        return (struct value){VALUE_FLOAT, .number = money_major(at, g->column->decimals)};
    default: return (struct value){VALUE_INTEGER, .integer = at};
    }
}

// How far it is from `low` up to `high`, which may be all of int64.
static uint64_t gap(int64_t low, int64_t high) {
    return (uint64_t)high - (uint64_t)low;
}

int64_t grid_step(const struct grid *g, int64_t at, uint64_t step, bool up) {
    if (up)
        return step < gap(at, g->most) ? (int64_t)((uint64_t)at + step) : g->most;
    return step < gap(g->least, at) ? (int64_t)((uint64_t)at - step) : g->least;
}

int64_t grid_halve(int64_t near, int64_t far, bool (*holds)(void *ctx, int64_t at), void *ctx) {
    for (;;) {
        uint64_t between = far > near ? gap(near, far) : gap(far, near);
        if (between <= 1)
            return far;
        uint64_t half = far > near ? between / 2 : 0 - between / 2;
        int64_t middle = (int64_t)((uint64_t)near + half);
        if (holds(ctx, middle))
            far = middle;
        else
            near = middle;
    }
}
