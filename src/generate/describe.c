// dataset.json is laid out for people, a column a line, as description_print lays it out.
#include "generate/describe.h"

#include "base/date.h"
#include "base/json.h"
#include "base/number.h"

static void put_date(struct buf *out, int32_t date) {
    char text[10];
    buf_put(out, text, (size_t)date_print(date, text));
}

void describe_header(const struct sheet *s, struct buf *out) {
    for (const struct field *f = s->field; f->name; f++)
        buf_printf(out, "%s%s", f == s->field ? "" : ",", f->name);
    buf_char(out, '\n');
}

// "low,high" -> ["low", "high"]
static void put_values(struct buf *out, const char *list) {
    buf_z(out, "{ \"type\": \"label\", \"values\": [\"");
    for (; *list; list++)
        if (*list == ',')
            buf_z(out, "\", \"");
        else
            buf_char(out, *list);
    buf_z(out, "\"] }");
}

static void describe_sheet(const struct sheet *s, struct buf *out) {
    buf_printf(out, "    \"%s\": {\n      \"file\": \"%s.csv\",\n      \"columns\": {\n", s->name,
               s->name);
    for (const struct field *f = s->field; f->name; f++) {
        buf_printf(out, "        \"%s\": ", f->name);
        if (f->values)
            put_values(out, f->values);
        else
            buf_printf(out, "\"%s\"", f->type);
        buf_z(out, f[1].name ? ",\n" : "\n");
    }
    buf_z(out, "      }\n    }");
}

void describe_dataset(const struct world *w, struct buf *out) {
    buf_printf(out, "{\n  \"name\": \"%s\",\n  \"as_of\": \"", w->title);
    put_date(out, LAST_DAY);
    buf_z(out, "\",\n  \"currency\": \"CNY\",\n  \"tables\": {\n");
    for (const struct sheet *s = w->sheet; s[1].name; s++) { // the last one is the truth
        describe_sheet(s, out);
        buf_z(out, s[2].name ? ",\n" : "\n");
    }
    buf_z(out, "  }\n}\n");
}

static double share(int64_t part, int64_t whole) {
    return whole ? (double)part / (double)whole : 0;
}

static void put_number(struct buf *out, double x) {
    char text[NUMBER_MAX];
    buf_put(out, text, (size_t)number_print(x, text));
}

// Means over all who were contacted, as if all had been in the arm; the effect is the difference to
// the control.
static void describe_arm(const struct campaign *k, int i, const struct tally *t, struct buf *out) {
    double here = share(t->would_answer[i], t->contacted);
    double control = share(t->would_answer[0], t->contacted);
    buf_printf(out, "      { \"arm\": \"%s\", \"share\": ", k->arm[i].name);
    put_number(out, k->share[i]);
    buf_printf(out, ", \"contacted\": %lld, \"answered\": %lld,\n        \"moves\": ",
               (long long)t->in_arm[i], (long long)t->answered[i]);
    put_number(out, k->arm[i].moves);
    buf_z(out, ", \"true_rate\": ");
    put_number(out, here);
    buf_z(out, ", \"true_effect\": ");
    put_number(out, here - control);
    buf_z(out, i < k->arms - 1 ? " },\n" : " }\n");
}

static void describe_campaign(const struct campaign *k, const struct tally *t, struct buf *out) {
    buf_printf(out, "  \"campaign\": {\n    \"name\": \"%s\", \"date\": \"", k->name);
    put_date(out, k->day);
    buf_printf(out,
               "\", \"answer_within_days\": %d, \"silent_from_days\": %d, \"silent_to_days\": %d,\n"
               "    \"contacted\": %lld,\n    \"arms\": [\n",
               k->window, k->silent_least, k->silent_most, (long long)t->contacted);
    for (int i = 0; i < k->arms; i++)
        describe_arm(k, i, t, out);
    buf_z(out, "    ]\n  }\n}\n");
}

static void describe_effects(const struct world *w, struct buf *out) {
    buf_z(out, "  \"effects_on_leaving\": {\n");
    for (int i = 0; i < w->effects; i++) {
        buf_printf(out, "    \"%s\": { \"factor\": ", course_effects[i].name);
        put_number(out, course_effects[i].factor);
        buf_printf(out, ", \"days\": %d }%s\n", course_effects[i].days,
                   i < w->effects - 1 ? "," : "");
    }
    buf_z(out, "  },\n");
}

void describe_truth(const struct world *w, const struct generate_options *o, const struct tally *t,
                    struct buf *out) {
    buf_printf(out,
               "{\n  \"made_by\": \"patron %s\", \"kind\": \"%s\", \"customers\": %lld, "
               "\"seed\": %lld,\n  \"parameters\": {\n",
               o->version, w->name, (long long)o->customers, (long long)o->seed);
    for (const struct parameter *p = w->parameter; p->name; p++) {
        buf_printf(out, "    \"%s\": ", p->name);
        put_number(out, p->value);
        buf_z(out, p[1].name ? ",\n" : "\n");
    }
    buf_z(out, "  },\n");
    describe_effects(w, out);
    describe_campaign(&w->campaign, t, out);
}
