// What a customer's history of contacts keeps them from: how often, when, and until when.
#include "base/date.h"
#include "base/number.h"
#include "verb/explain.h"

static bool stands_in_the_way(const struct explanation *x, const struct told_campaign *c,
                              const struct pressure *p) {
    if ((double)p->times < p->limit->most)
        return false;
    if (p->campaign >= 0)
        return c->reason == REASON_CUSTOMER_CAP &&
               c->campaign == &x->d->policy->campaign[p->campaign];
    return c->reason == REASON_CONTACT_POLICY &&
           decide_presses(x->d, p->contact_policy, c->campaign, x->customer);
}

// "contact policy calls: 1 contact of at most 1 from 2025-01-01 on, the last on 2025-03-15; room
// again from 2026-03-15".
static void pressure_text(struct buf *out, const struct explanation *x, const struct pressure *p) {
    char day[10], most[NUMBER_MAX];
    if (p->campaign >= 0) {
        buf_z(out, "    cap for a customer: ");
    } else {
        struct str name = x->d->policy->contact_policy[p->contact_policy].name;
        buf_printf(out, "    contact policy %.*s: ", (int)name.n, name.p);
    }
    buf_printf(out, "%lld contact%s of at most %.*s", (long long)p->times, p->times == 1 ? "" : "s",
               number_print(p->limit->most, most), most);
    if (p->first > DATE_MIN)
        buf_printf(out, " from %.*s on", date_print(p->first, day), day);
    if (p->times)
        buf_printf(out, ", the last on %.*s", date_print(p->last, day), day);
    if (p->open < DATE_MAX)
        buf_printf(out, "; room again from %.*s", date_print(p->open, day), day);
    buf_char(out, '\n');
}

void explain_history_text(struct buf *out, const struct explanation *x,
                          const struct told_campaign *c) {
    for (const struct pressure *p = x->pressure; p < x->pressure + x->pressures; p++)
        if (stands_in_the_way(x, c, p))
            pressure_text(out, x, p);
}

static void field_day(struct json *j, const char *key, int32_t date) {
    char day[10];
    json_field_str(j, key, (struct str){day, (size_t)date_print(date, day)});
}

void explain_history_json(struct json *j, const struct explanation *x,
                          const struct told_campaign *c) {
    json_field_open(j, "history", '[');
    for (const struct pressure *p = x->pressure; p < x->pressure + x->pressures; p++) {
        if (!stands_in_the_way(x, c, p))
            continue;
        json_open(j, '{');
        json_field_z(j, "limit", p->campaign >= 0 ? "customer cap" : "contact policy");
        if (p->campaign < 0)
            json_field_str(j, "name", x->d->policy->contact_policy[p->contact_policy].name);
        json_field_integer(j, "contacts", p->times);
        json_field_number(j, "most", p->limit->most);
        if (p->first > DATE_MIN)
            field_day(j, "from", p->first);
        if (p->times)
            field_day(j, "last", p->last);
        if (p->open < DATE_MAX)
            field_day(j, "room_from", p->open);
        json_close(j, '}');
    }
    json_close(j, ']');
}
