// A trial that is planned. plan_test.c makes it as plan_test_options.c reads it, plan_test_draw.c
// says who is in it, and plan_test_page.c shows it.
#ifndef PATRON_VERB_PLAN_TEST_H
#define PATRON_VERB_PLAN_TEST_H

#include "trial/assign.h"
#include "trial/baseline.h"
#include "trial/groups.h"
#include "trial/ratio.h"
#include "verb/open.h"

enum { PLANNED_ARMS_MOST = ARMS_MOST, STRATA_MOST = 1000, UNITS_LEAST = 30 };

// What an outcome shows of one arm against the first, the control.
struct sight {
    double smallest;  // effect that is seen; NAN: there is none, or there are no customers yet
    double power;     // with which the effect that was asked for is seen; NAN: none was, likewise
    double customers; // that this takes, of these two arms; NAN: no effect was asked for
};

struct test_outcome {
    struct str name; // empty: its figures were given
    struct baseline baseline;
    int64_t unknown;     // members whose value is missing
    double effect;       // that was asked for, in its unit; NAN: none
    struct sight *sight; // by arm; that of the control is not used
    double customers;    // that the effect takes in all arms together; NAN: none was asked for
};

struct test_plan {
    bool based; // there are data
    struct opened opened;
    struct str name; // of the plan; empty: it has none
    struct test_design design;
    int arms;
    struct planned_arm *arm;
    int64_t *size;  // members by arm
    int64_t *units; // of them that were drawn by themselves: clusters, or all

    int64_t members;
    int64_t *member;      // their rows
    int32_t *of;          // the arm of each
    bool even;            // arms have their shares of each stratum, but for one
    struct groups strata; // n is 0: none were asked for; the last is that of missing values, if any
    struct groups cluster; // likewise; who has none is alone
    int64_t (*in_stratum)[PLANNED_ARMS_MOST];
    struct ratio balance; // of what was drawn by itself, over the strata
    int32_t clusters;     // with those who are alone
    double cluster_size;

    int outcomes;
    struct test_outcome *outcome;
    int best; // the outcome that sees the smallest share of itself; -1: there is nothing to choose

    const struct decisions *decisions; // of the campaign; NULL: there is none
    const struct campaign *campaign;
    int64_t not_earned; // minor units: the net expected of those in the control
};

// That is to be seen: a share of the outcome, "5%", or in its own unit, "0.005"; 0 of both: none.
struct wanted_effect {
    double own, share;
};

// What the options say; MISUSED where that is no trial. `given`: they say the outcome, in the place
// of data.
enum status plan_test_design(const struct call *c, struct test_design *t, struct err *err);
enum status plan_test_arms(const struct call *c, struct test_plan *p, struct err *err);
enum status plan_test_effect(const struct call *c, struct wanted_effect *out, struct err *err);
enum status plan_test_given(const struct call *c, struct baseline *b, bool *given, struct err *err);

// Opens the data and finds the members; draws them into arms; writes that to -o, if it is given.
enum status plan_test_members(struct call *c, struct test_plan *p, struct err *err);
enum status plan_test_draw(struct call *c, struct test_plan *p, struct err *err);
enum status plan_test_write(struct call *c, const struct test_plan *p, struct err *err);

struct str plan_test_outcome_name(const struct test_outcome *y); // or "the rate"
void plan_test_text(const void *result, struct buf *out);
void plan_test_json(const void *result, struct json *j);

#endif
