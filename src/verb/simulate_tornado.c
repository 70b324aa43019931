// What decides about the net, and what is worth testing first.
#include "simulate/tornado.h"

#include "verb/figures.h"
#include "verb/lineup.h"
#include "verb/simulate.h"

static enum status run(struct simulation *s, struct err *err) {
    return tornado(s->call->arena, s->call->host, s->forecast, &s->sways, err);
}

// ---- text ---------------------------------------------------------------------------------------

static void short_text(const struct simulation *s, struct buf *out) {
    enum { SHOWN = 3 };
    int n = s->forecast->factors.n;
    buf_z(out, "decides the net: ");
    for (int i = 0; i < n && i < SHOWN; i++) {
        struct str name = s->sways[i].factor->name;
        buf_printf(out, "%s%.*s ", i ? ", " : "", (int)name.n, name.p);
        money_about(out, s->sways[i].low, s->forecast->all.grade);
        buf_z(out, "..");
        money_about(out, s->sways[i].high, s->forecast->all.grade);
    }
    buf_printf(out, "%s\n", n > SHOWN ? "; --tornado shows all" : "");
}

// Less than any coin is nothing.
static void put_money(struct lineup *l, double x, enum grade grade) {
    struct buf b = {.arena = l->arena};
    money_about(&b, x, grade);
    lineup_put_z(l, buf_text(&b));
}

static void whole_text(const struct simulation *s, struct buf *out) {
    static const char *const head[] = {"input", "at 5 %",         "at 95 %",
                                       "swing", "all or nothing", "each campaign"};
    enum { COLUMNS = sizeof head / sizeof *head };
    struct lineup l = {.arena = out->arena, .columns = COLUMNS};
    for (int i = 0; i < COLUMNS; i++)
        lineup_put_z(&l, head[i]);
    for (const struct sway *k = s->sways; k < s->sways + s->forecast->factors.n; k++) {
        const double money[] = {k->low, k->high, k->swing, k->worth, k->worth_each};
        lineup_put_z(&l, arena_printf(l.arena, "%.*s%s", (int)k->factor->name.n, k->factor->name.p,
                                      k->flips ? ", which flips the sign" : ""));
        for (int i = 0; i < COLUMNS - 1; i++)
            put_money(&l, money[i], s->forecast->all.grade);
    }
    buf_z(out,
          "what decides: the net with one input at its 5 % or 95 %, the others at their median;\n"
          "and what it is worth to know the input before launching all or nothing, or each "
          "campaign or not\n");
    lineup_text(out, &l);
}

static void text(const struct simulation *s, struct buf *out) {
    const struct sway *first = tornado_first(s->sways, s->forecast->factors.n);
    if (s->forecast->factors.n == 0)
        return;
    if (args_value(&s->call->args, "--tornado"))
        whole_text(s, out);
    else
        short_text(s, out);
    if (!first) {
        buf_z(out,
              "         nothing is worth testing first: no input alone changes what to launch\n");
        return;
    }
    buf_printf(out, "         worth testing first: %.*s, up to ", (int)first->factor->name.n,
               first->factor->name.p);
    money_about(out, first->worth_each, s->forecast->all.grade);
    buf_z(out, " on average\n");
}

// ---- JSON ---------------------------------------------------------------------------------------

static void json(const struct simulation *s, struct json *j) {
    const struct sway *first = tornado_first(s->sways, s->forecast->factors.n);
    json_field_open(j, "tornado", '[');
    for (const struct sway *k = s->sways; k < s->sways + s->forecast->factors.n; k++) {
        json_open(j, '{');
        json_field_str(j, "input", k->factor->name);
        json_field_number(j, "low", k->low);
        json_field_number(j, "high", k->high);
        json_field_number(j, "swing", k->swing);
        json_field_bool(j, "flips", k->flips);
        json_field_number(j, "worth_knowing", k->worth);
        json_field_number(j, "worth_knowing_each", k->worth_each);
        json_close(j, '}');
    }
    json_close(j, ']');
    json_key(j, STR("test_first"));
    if (first)
        json_str(j, first->factor->name);
    else
        json_null(j);
}

const struct simulation_part simulate_tornado = {.run = run, .text = text, .json = json};
