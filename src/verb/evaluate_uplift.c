// Whether a score finds those in whom an arm changes something.
#include <math.h>

#include "base/hash.h"
#include "trial/uplift.h"
#include "verb/evaluate.h"
#include "verb/lineup.h"

struct arm_uplift {
    struct str name;
    bool known;
    struct uplift curves;
};

struct uplift_table {
    const char *score;
    struct str outcome;
    bool answer;     // every value is 0 or 1
    int64_t unknown; // customers of the experiment whose score or outcome is missing
    int arms;
    struct arm_uplift arm[ARMS_MOST];
};

// The customers of that arm and of the control.
static int64_t take_arm(const struct evaluation *x, const double *score, const double *outcome,
                        int arm, struct scored *out) {
    const struct dataset *data = &x->opened.loaded.data;
    int64_t n = 0;
    for (int64_t i = 0; i < data->customers; i++) {
        int32_t own = x->experiment.of[i];
        if ((own != 0 && own != arm) || isnan(score[i]) || isnan(outcome[i]))
            continue;
        double part = hash_share(STR("part"), column_str(data->id, x->unit[i]));
        out[n++] =
            (struct scored){score[i], outcome[i], own == arm, (uint8_t)(UPLIFT_PARTS * part)};
    }
    return n;
}

static void look_over(const struct evaluation *x, const double *score, const double *outcome,
                      struct uplift_table *t) {
    t->answer = true;
    for (int64_t i = 0; i < x->opened.loaded.data.customers; i++) {
        if (x->experiment.of[i] < 0)
            continue;
        t->unknown += isnan(score[i]) || isnan(outcome[i]);
        t->answer = t->answer && (isnan(outcome[i]) || outcome[i] == 0 || outcome[i] == 1);
    }
}

enum status evaluate_uplift(struct call *c, struct evaluation *x, struct err *err) {
    const char *name = args_value(&c->args, "--uplift");
    const struct column *column;
    if (!name)
        return DONE;
    TRY(board_column(x->opened.board, str_of(name), &column, err));
    if (!type_numeric(column->type))
        return err_set(err, REFUSED, "--uplift %s: it is a %s, and a score is a number", name,
                       type_name(column->type));
    struct uplift_table *t = x->uplift = arena_alloc(c->arena, sizeof *t);
    double *score, *outcome;
    TRY(upshot_values(c->arena, column, &score, err));
    TRY(upshot_values(c->arena, x->outcome[0], &outcome, err));
    struct scored *list = arena_array(c->arena, (size_t)column->n, sizeof *list);
    t->score = name;
    t->outcome = x->outcome[0]->name;
    look_over(x, score, outcome, t);
    for (int k = 1; k < x->experiment.arms; k++) {
        struct arm_uplift *arm = &t->arm[t->arms++];
        int64_t n = take_arm(x, score, outcome, k, list);
        arm->name = x->experiment.arm[k].name;
        arm->known = uplift_curve(list, n, &arm->curves);
    }
    return DONE;
}

// ---- showing ------------------------------------------------------------------------------------

static void put(struct lineup *l, const struct uplift_table *t, double x) {
    lineup_put_z(l, isnan(x) ? "." : arena_printf(l->arena, "%+.4g", t->answer ? 100 * x : x));
}

static void areas_text(struct buf *out, const struct uplift_table *t) {
    static const char *const names[] = {"arm",  "effect",         "Qini", "error",
                                        "AUUC", "above the line", "error"};
    struct lineup l = {.arena = out->arena, .columns = 7};
    for (int i = 0; i < l.columns; i++)
        lineup_put_z(&l, names[i]);
    for (int k = 0; k < t->arms; k++) {
        const struct uplift *u = &t->arm[k].curves;
        double all[] = {u->effect,     u->qini.above, u->qini.error,
                        u->auuc.value, u->auuc.above, u->auuc.error};
        lineup_put(&l, t->arm[k].name);
        for (int i = 0; i < 6; i++)
            put(&l, t, t->arm[k].known ? all[i] : NAN);
    }
    lineup_text(out, &l);
}

static void curves_text(struct buf *out, const struct uplift_table *t) {
    struct lineup l = {.arena = out->arena, .columns = UPLIFT_POINTS + 1};
    lineup_put_z(&l, "Qini curve at");
    for (int i = 1; i <= UPLIFT_POINTS; i++)
        lineup_put_z(&l, arena_printf(out->arena, "%d %%", 100 * i / UPLIFT_POINTS));
    for (int k = 0; k < t->arms; k++) {
        lineup_put(&l, t->arm[k].name);
        for (int i = 0; i < UPLIFT_POINTS; i++)
            put(&l, t, t->arm[k].known ? t->arm[k].curves.qini_at[i] : NAN);
    }
    lineup_text(out, &l);
}

void evaluate_uplift_text(struct buf *out, const struct evaluation *x) {
    const struct uplift_table *t = x->uplift;
    if (!t)
        return;
    buf_printf(out, "\nuplift on %.*s by %s, the highest first%s\n", (int)t->outcome.n,
               t->outcome.p, t->score, t->answer ? ", in %" : "");
    areas_text(out, t);
    curves_text(out, t);
    buf_z(out,
          "  Qini: the area between the curve (T - C n/m)/N and the straight line to its end, 0 "
          "for a score that\n  knows nothing; T, C: what n treated and m controls of the first "
          "brought, of N treated in all\n");
    if (t->unknown)
        buf_printf(out, "  left out: %lld customer%s without a score or an outcome\n",
                   (long long)t->unknown, plural(t->unknown));
}

static void area_json(struct json *j, const char *key, const struct area *a) {
    json_field_open(j, key, '{');
    json_field_number(j, "value", a->value);
    json_field_number(j, "above", a->above);
    json_field_number(j, "error", a->error);
    json_close(j, '}');
}

static void arm_json(struct json *j, const struct arm_uplift *arm) {
    const struct uplift *u = &arm->curves;
    json_open(j, '{');
    json_field_str(j, "arm", arm->name);
    if (arm->known) {
        json_field_integer(j, "treated", u->treated);
        json_field_integer(j, "control", u->control);
        json_field_number(j, "effect", u->effect);
        area_json(j, "qini", &u->qini);
        area_json(j, "auuc", &u->auuc);
        json_field_open(j, "qini_curve", '[');
        for (int i = 0; i < UPLIFT_POINTS; i++)
            json_number(j, u->qini_at[i]);
        json_close(j, ']');
    }
    json_close(j, '}');
}

void evaluate_uplift_json(struct json *j, const struct evaluation *x) {
    const struct uplift_table *t = x->uplift;
    if (!t)
        return;
    json_field_open(j, "uplift", '{');
    json_field_z(j, "score", t->score);
    json_field_str(j, "outcome", t->outcome);
    json_field_integer(j, "left_out", t->unknown);
    json_field_open(j, "arms", '[');
    for (int k = 0; k < t->arms; k++)
        arm_json(j, &t->arm[k]);
    json_close(j, ']');
    json_close(j, '}');
}
