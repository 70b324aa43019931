// What the policy costs whether or not an offer is made: rewards that are due to who brought a
// friend, and points that may be redeemed. It is known, so it is no part of the forecast.
#include "verb/loyalty.h"
#include "verb/rewards.h"
#include "verb/simulate.h"

static enum status run(struct simulation *s, struct err *err) {
    s->programmes = arena_alloc(s->call->arena, sizeof *s->programmes);
    return programmes_sum(s->call->arena, &s->opened, s->programmes, err);
}

static void text(const struct simulation *s, struct buf *out) {
    const struct policy *p = s->opened.policy;
    if (p->referrals == 0 && p->loyalties == 0)
        return;
    buf_z(out, "due today, and no part of the above\n");
    rewards_text(s->decisions, out);
    programmes_text(s->programmes, s->decisions->data, out);
}

// As in `score`.
static void json(const struct simulation *s, struct json *j) {
    rewards_json(s->decisions, j);
    if (s->programmes->n > 0)
        programmes_json(s->programmes, j);
}

const struct simulation_part simulate_referrals = {.run = run, .text = text, .json = json};
