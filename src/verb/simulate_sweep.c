// The same simulation at other values of one or two params: a curve or a grid. Every point runs the
// script anew, since a param may be anywhere in it, and draws the same numbers. Metrics that read
// none of the params are those of the policy as it stands.
#include "policy/unmoved.h"
#include "verb/figures.h"
#include "verb/lineup.h"
#include "verb/simulate.h"

enum { POINTS_MOST = 1000 };

// ---- running ------------------------------------------------------------------------------------

static enum status open(struct simulation *s, struct err *err) {
    const struct args *args = &s->call->args;
    struct sweep *w = arena_alloc(s->call->arena, sizeof *w);
    const char *text;
    if (!args_value(args, "--sweep"))
        return DONE;
    w->points = 1;
    for (int i = 0; (text = args_nth(args, "--sweep", i)); i++) {
        if (i == SWEEP_AXES)
            return err_set(err, MISUSED, "--sweep takes one or two params, and %s is a third",
                           text);
        TRY(axis_read(s->call->arena, s->opened.policy, text, &w->axis[i], err));
        w->points *= w->axis[i].n;
        w->axes = i + 1;
    }
    if (w->axes == 2 && str_eq(w->axis[0].name, w->axis[1].name))
        return err_set(err, MISUSED, "--sweep names %.*s twice", (int)w->axis[0].name.n,
                       w->axis[0].name.p);
    if (w->points > POINTS_MOST)
        return err_set(err, MISUSED, "--sweep asks for %d points; it takes %d at most", w->points,
                       POINTS_MOST);
    s->sweep = w;
    return DONE;
}

struct str sweep_value(const struct sweep *w, int axis, int point) {
    int inner = axis + 1 < w->axes ? w->axis[1].n : 1;
    return w->axis[axis].value[point / inner % w->axis[axis].n];
}

// "at gold=3, silver=2"
static const char *place_of(struct arena *a, const struct sweep *w, int point) {
    struct buf b = {.arena = a};
    for (int i = 0; i < w->axes; i++) {
        struct str value = sweep_value(w, i, point);
        buf_printf(&b, "%s%.*s=%.*s", i ? ", " : "at ", (int)w->axis[i].name.n, w->axis[i].name.p,
                   (int)value.n, value.p);
    }
    return buf_text(&b);
}

static void take_unmoved(const struct sweep *w, struct board *board) {
    for (int i = 0; i < w->unmoved; i++)
        board_put(board, w->column[i]);
}

// What is noted about the data was noted of the policy as it stands.
static enum status simulate_point(struct simulation *s, struct arena *a, const struct sweep *w,
                                  int point, struct sweep_point *out, struct err *err) {
    struct host host = *s->call->host;
    struct setting list[SWEEP_AXES];
    struct opened opened;
    struct decisions *d;
    struct forecast *f;
    for (int i = 0; i < w->axes; i++)
        list[i] = (struct setting){w->axis[i].name, sweep_value(w, i, point)};
    host.note = NULL;
    TRY(open_anew(a, &host, &s->opened, list, w->axes, &opened, err));
    take_unmoved(w, opened.board);
    TRY(decide_staking(a, &host, opened.policy, opened.board, &opened.loaded.data, &d, err));
    TRY(forecast(a, &host, d, &s->options, &f, err));
    *out = (struct sweep_point){f->all.net,      f->all.cost, simulation_offers(d),
                                f->all.positive, d->faulty,   f->all.grade};
    return DONE;
}

static enum status run_point(struct simulation *s, struct sweep *w, int point, struct err *err) {
    const struct host *host = s->call->host;
    struct arena *own = arena_child(s->call->arena);
    host_progress(host, "sweep", (double)point / w->points);
    TRY(host_poll(host, err));
    enum status status = simulate_point(s, own, w, point, &w->point[point], err);
    if (status != DONE && !status_is_final(status))
        host_note(host, "%s:", place_of(s->call->arena, w, point));
    arena_free(own);
    return status;
}

// Faults are told once, where they are most.
static void note_point_faults(struct simulation *s, const struct sweep *w) {
    int worst = 0;
    for (int i = 0; i < w->points; i++)
        worst = w->point[i].faulty > w->point[worst].faulty ? i : worst;
    if (w->point[worst].faulty == 0)
        return;
    host_note(s->call->host, "%s a rule failed for %lld customer%s, who got nothing from it",
              place_of(s->call->arena, w, worst), (long long)w->point[worst].faulty,
              plural(w->point[worst].faulty));
    s->call->partial = true;
}

static enum status run(struct simulation *s, struct err *err) {
    struct sweep *w = s->sweep;
    if (!w)
        return DONE;
    const struct str name[SWEEP_AXES] = {w->axis[0].name, w->axis[1].name};
    w->unmoved = unmoved_columns(s->call->arena, s->opened.board, name, w->axes, &w->column);
    w->point = arena_array(s->call->arena, (size_t)w->points, sizeof *w->point);
    for (int i = 0; i < w->points; i++) {
        TRY(run_point(s, w, i, err));
        if (change_of(w->point[w->best].net.mean, w->point[i].net.mean) > 0)
            w->best = i;
    }
    host_progress(s->call->host, "sweep", 1);
    note_point_faults(s, w);
    return DONE;
}

// ---- text ---------------------------------------------------------------------------------------

static void put_money(struct lineup *l, enum grade grade, double x, const char *mark) {
    struct buf b = {.arena = l->arena};
    money_about(&b, x, grade);
    buf_z(&b, mark);
    lineup_put_z(l, buf_text(&b));
}

static const char *mark_of(const struct sweep *w, int point) {
    return point == w->best ? " *" : "";
}

// A best value at an end of what was tried says little, unless the param ends there, too.
static void end_text(const struct sweep *w, struct buf *out) {
    for (int i = 0; i < w->axes; i++) {
        const struct axis *k = &w->axis[i];
        struct str best = sweep_value(w, i, w->best);
        bool is_end = str_eq(best, k->value[0]) || str_eq(best, k->value[k->n - 1]);
        if (k->n > 2 && (k->type == TYPE_INTEGER || k->type == TYPE_NUMBER) && is_end)
            buf_printf(out, "  the best is at an end of %.*s: what lies beyond may be better\n",
                       (int)k->name.n, k->name.p);
    }
}

static void put_curve(struct lineup *l, const struct sweep *w) {
    static const char *const head[] = {"offers", "cost", "net", "5 %", "95 %"};
    lineup_put(l, w->axis[0].name);
    for (int i = 0; i < 5; i++)
        lineup_put_z(l, head[i]);
    for (int i = 0; i < w->points; i++) {
        const struct sweep_point *p = &w->point[i];
        lineup_put(l, sweep_value(w, 0, i));
        lineup_put_z(l, arena_printf(l->arena, "%lld", (long long)p->offers));
        put_money(l, p->grade, p->cost.mean, "");
        put_money(l, p->grade, p->net.mean, mark_of(w, i));
        put_money(l, p->grade, p->net.p5, "");
        put_money(l, p->grade, p->net.p95, "");
    }
}

static void put_grid(struct lineup *l, const struct sweep *w) {
    lineup_put_z(l, arena_printf(l->arena, "%.*s \\ %.*s", (int)w->axis[0].name.n,
                                 w->axis[0].name.p, (int)w->axis[1].name.n, w->axis[1].name.p));
    for (int k = 0; k < w->axis[1].n; k++)
        lineup_put(l, w->axis[1].value[k]);
    for (int i = 0; i < w->points; i++) {
        if (i % w->axis[1].n == 0)
            lineup_put(l, sweep_value(w, 0, i));
        put_money(l, w->point[i].grade, w->point[i].net.mean, mark_of(w, i));
    }
}

static void text(const struct simulation *s, struct buf *out) {
    const struct sweep *w = s->sweep;
    if (!w)
        return;
    struct lineup l = {.arena = out->arena, .columns = w->axes == 1 ? 6 : 1 + w->axis[1].n};
    buf_printf(out, "sweep%s; * is the best\n", w->axes == 1 ? "" : " of the mean net");
    if (w->axes == 1)
        put_curve(&l, w);
    else
        put_grid(&l, w);
    lineup_text(out, &l);
    end_text(w, out);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void point_json(const struct sweep *w, int point, struct json *j) {
    const struct sweep_point *p = &w->point[point];
    json_open(j, '{');
    json_field_open(j, "values", '[');
    for (int i = 0; i < w->axes; i++) {
        if (w->axis[i].type == TYPE_LABEL)
            json_str(j, sweep_value(w, i, point));
        else
            json_raw(j, sweep_value(w, i, point));
    }
    json_close(j, ']');
    json_field_z(j, "grade", grade_letter(p->grade));
    spread_field(j, "net", &p->net);
    json_field_number(j, "probability_positive", p->positive);
    spread_field(j, "cost", &p->cost);
    json_field_integer(j, "offers", p->offers);
    json_close(j, '}');
}

static void json(const struct simulation *s, struct json *j) {
    const struct sweep *w = s->sweep;
    if (!w)
        return;
    json_field_open(j, "sweep", '{');
    json_field_open(j, "params", '[');
    for (int i = 0; i < w->axes; i++)
        json_str(j, w->axis[i].name);
    json_close(j, ']');
    json_field_open(j, "points", '[');
    for (int i = 0; i < w->points; i++)
        point_json(w, i, j);
    json_close(j, ']');
    json_field_integer(j, "best", w->best);
    json_close(j, '}');
}

const struct simulation_part simulate_sweep = {
    .open = open, .run = run, .text = text, .json = json};
