// Another policy on the same customers: who moves, and by how much it is better. Inputs of one name
// draw the same numbers in both, so that the difference of every draw is that of the policies.
#include "verb/figures.h"
#include "verb/simulate.h"

static struct spread difference(double *room, const double *before, const double *after, int n) {
    for (int r = 0; r < n; r++)
        room[r] = change_of(before[r], after[r]);
    return spread_of(room, n);
}

static void compare_draws(struct arena *a, const struct forecast *f, struct versus *v) {
    int draws = f->options->draws, better = 0;
    struct arena *own = arena_child(a);
    double *room = arena_array(own, (size_t)draws, sizeof *room);
    const struct forecast *g = v->forecast;
    v->net = difference(room, f->net, g->net, draws);
    v->cost = difference(room, f->cost, g->cost, draws);
    v->gain = difference(room, f->gain, g->gain, draws);
    for (int r = 0; r < draws; r++)
        better += change_of(f->net[r], g->net[r]) > 0;
    v->better = (double)better / draws;
    v->grade = f->all.grade > g->all.grade ? f->all.grade : g->all.grade;
    arena_free(own);
}

static enum status open(struct simulation *s, struct err *err) {
    struct call *c = s->call;
    const char *path = args_value(&c->args, "--vs");
    if (!path)
        return DONE;
    s->versus = arena_alloc(c->arena, sizeof *s->versus);
    s->versus->path = path;
    return open_other(c, &s->opened, path, &s->versus->opened, err);
}

static enum status run(struct simulation *s, struct err *err) {
    struct call *c = s->call;
    struct versus *v = s->versus;
    if (!v)
        return DONE;
    TRY(decide_staking(c->arena, c->host, v->opened.policy, v->opened.board, &s->opened.loaded.data,
                       &v->decisions, err));
    note_faults(c, v->decisions);
    TRY(forecast(c->arena, c->host, v->decisions, &s->options, &v->forecast, err));
    v->compared = compare(c->arena, s->decisions, v->decisions);
    compare_draws(c->arena, s->forecast, v);
    return DONE;
}

// ---- text ---------------------------------------------------------------------------------------

static void moves_text(const struct comparison *k, struct buf *out) {
    enum { SHOWN = 5 };
    const struct flow *f = &k->offer;
    for (int i = 0; i < f->moves && i < SHOWN; i++) {
        const struct move *m = f->move[i];
        struct str from = f->name_of[BEFORE][m->from], to = f->name_of[AFTER][m->to];
        buf_printf(out, "         %lld from %.*s to %.*s\n", (long long)m->movers.customers,
                   (int)from.n, from.p, (int)to.n, to.p);
    }
    if (f->moves > SHOWN)
        buf_z(out, "         ...; `patron diff` shows all of them, and why\n");
}

static void who_text(const struct comparison *k, struct buf *out) {
    if (k->changed == 0) {
        buf_z(out, "         nobody gets anything else\n");
        return;
    }
    buf_printf(out, "         %lld customer%s change:", (long long)k->changed, plural(k->changed));
    for (int i = 0, some = 0; i < CHANGES; i++)
        if (k->kind[i].customers)
            buf_printf(out, "%s %s %lld", some++ ? "," : "", change_name((enum change)i),
                       (long long)k->kind[i].customers);
    buf_printf(out, "; offers %lld, with this one %lld\n",
               (long long)simulation_offers(k->d[BEFORE]),
               (long long)simulation_offers(k->d[AFTER]));
    moves_text(k, out);
}

static void text(const struct simulation *s, struct buf *out) {
    const struct versus *v = s->versus;
    if (!v)
        return;
    struct str title = v->opened.policy->title;
    buf_printf(out, "instead  %s, policy \"%.*s\", would change net by ", v->path, (int)title.n,
               title.p);
    spread_about(out, &v->net, v->grade);
    if (v->net.p5 != 0 || v->net.p95 != 0) {
        buf_z(out, ", P(it is better) ");
        chance_about(out, v->better);
    }
    buf_z(out, "\n         cost by ");
    spread_about(out, &v->cost, v->grade);
    buf_z(out, "   earnings by ");
    spread_about(out, &v->gain, v->grade);
    buf_char(out, '\n');
    who_text(v->compared, out);
}

// ---- JSON ---------------------------------------------------------------------------------------

static void who_json(const struct comparison *k, struct json *j) {
    json_field_open(j, "offers", '{');
    for (int s = BEFORE; s < SIDES; s++)
        json_field_integer(j, side_name((enum side)s), simulation_offers(k->d[s]));
    json_close(j, '}');
    json_field_integer(j, "changed", k->changed);
    json_field_open(j, "changes", '{');
    for (int i = 0; i < CHANGES; i++)
        json_field_integer(j, change_name((enum change)i), k->kind[i].customers);
    json_close(j, '}');
    json_field_open(j, "moves", '[');
    for (int i = 0; i < k->offer.moves; i++) {
        const struct move *m = k->offer.move[i];
        json_open(j, '{');
        json_field_str(j, "from", k->offer.name_of[BEFORE][m->from]);
        json_field_str(j, "to", k->offer.name_of[AFTER][m->to]);
        json_field_integer(j, "customers", m->movers.customers);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void json(const struct simulation *s, struct json *j) {
    const struct versus *v = s->versus;
    if (!v)
        return;
    json_field_open(j, "versus", '{');
    json_field_str(j, "policy", v->opened.policy->title);
    json_field_z(j, "path", v->path);
    json_field_z(j, "grade", grade_letter(v->grade));
    spread_field(j, "difference", &v->net);
    spread_field(j, "cost", &v->cost);
    spread_field(j, "earns", &v->gain);
    json_field_number(j, "probability_better", v->better);
    who_json(v->compared, j);
    json_close(j, '}');
}

const struct simulation_part simulate_versus = {
    .open = open, .run = run, .text = text, .json = json};
