// What `patron simulate --json` foretold of a campaign, beside what it came to.
#include <math.h>

#include "base/chance.h"
#include "base/money.h"
#include "load/document.h"
#include "verb/evaluate.h"

static const cJSON *find(const cJSON *object, const char *key) {
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

static enum status refuse(const struct document *d, const cJSON *node, const char *what,
                          struct err *err) {
    return err_at(err, REFUSED, document_value_place(d, node), "%s", what);
}

static enum status find_campaign(struct arena *a, const struct document *d, struct str name,
                                 const cJSON **out, struct err *err) {
    const cJSON *list = find(d->root, "campaigns"), *item;
    if (!cJSON_IsArray(list))
        return refuse(d, d->root,
                      "there is no list of \"campaigns\": is this what "
                      "`patron simulate --json` wrote?",
                      err);
    struct buf others = {.arena = a};
    cJSON_ArrayForEach(item, list) {
        const cJSON *own = find(item, "campaign");
        *out = item;
        if (!cJSON_IsString(own))
            continue;
        if (str_is(name, own->valuestring))
            return DONE;
        buf_printf(&others, "%s'%s'", others.n ? ", " : "; it has ", own->valuestring);
    }
    return err_at(err, REFUSED, document_value_place(d, list),
                  "the forecast has no campaign '%.*s'%s", (int)name.n, name.p, buf_text(&others));
}

// {"mean", "p5", "p95"}.
static enum status read_range(const struct document *d, const cJSON *range, struct foretold *out,
                              struct err *err) {
    const struct {
        const char *key;
        double *out;
    } part[] = {{"mean", &out->mean}, {"p5", &out->p5}, {"p95", &out->p95}};
    for (int i = 0; i < 3; i++) {
        const cJSON *value = find(range, part[i].key);
        if (!cJSON_IsNumber(value))
            return refuse(d, range, "this must be an object with the numbers mean, p5 and p95",
                          err);
        *part[i].out = value->valuedouble;
    }
    return DONE;
}

// The forecast is of what is expected. What came is measured, and off that by an error of its own:
// the interval that it is to lie in nine times in ten has both, the one beside the other. So much
// does the measurement add to a reach of the forecast, both for 90 %.
static double reach(double foretold, double error) {
    double measured = isnan(error) ? 0 : chance_normal_quantile(0.95) * error;
    return hypot(foretold, measured);
}

static bool is_inside(const struct foretold *f) {
    return f->actual >= f->mean - reach(f->mean - f->p5, f->error) &&
           f->actual <= f->mean + reach(f->p95 - f->mean, f->error);
}

// What the forecast does not have is not compared.
static enum status add(struct evaluation *x, const struct document *d, const cJSON *campaign,
                       struct foretold figure, struct err *err) {
    const cJSON *value = find(campaign, figure.what);
    if (!value || cJSON_IsNull(value))
        return DONE;
    if (cJSON_IsNumber(value))
        figure.mean = figure.p5 = figure.p95 = value->valuedouble;
    else
        TRY(read_range(d, value, &figure, err));
    figure.ranged = figure.p5 < figure.p95;
    figure.inside = is_inside(&figure);
    x->figure[x->foretold++] = figure;
    return DONE;
}

static struct foretold exactly(const char *what, bool money, double actual) {
    return (struct foretold){
        .what = what, .money = money, .actual = actual, .low = actual, .high = actual};
}

static double major(const struct evaluation *x, int64_t minor) {
    return minor == NO_AMOUNT ? NAN : money_major(minor, x->opened.loaded.data.decimals);
}

static struct foretold amount(const struct evaluation *x, const char *what, const struct amount *a,
                              double error) {
    struct foretold f = exactly(what, true, major(x, a->value));
    f.low = major(x, a->low);
    f.high = major(x, a->high);
    f.error = error;
    return f;
}

enum status evaluate_forecast(struct call *c, struct evaluation *x, struct err *err) {
    struct document d;
    const cJSON *campaign = NULL;
    const struct arm_effect *all = &x->result[0].effect[x->result[0].effects - 1];
    const struct estimate *difference = &all->best.difference;
    x->forecast = args_value(&c->args, "--forecast");
    if (!x->forecast)
        return DONE;
    TRY(document_read(c->arena, x->forecast, &d, err));
    TRY(find_campaign(c->arena, &d, x->experiment.name, &campaign, err));
    x->figure = arena_array(c->arena, 5, sizeof *x->figure);
    TRY(add(x, &d, campaign, exactly("offers", false, (double)all->customers), err));
    if (x->experiment.cost)
        TRY(add(x, &d, campaign, exactly("cost", true, major(x, all->cost)), err));
    if (x->earnings) {
        const struct earnings *e = &x->earnings[x->result[0].effects - 1];
        double error = difference->error * (double)e->customers * x->worth;
        TRY(add(x, &d, campaign, amount(x, "earns", &e->earned, error), err));
        TRY(add(x, &d, campaign, amount(x, "net", &e->net, error), err));
    }
    struct foretold uplift = exactly("uplift", false, difference->value);
    uplift.low = difference->fixed.low;
    uplift.high = difference->fixed.high;
    uplift.error = difference->error;
    return add(x, &d, campaign, uplift, err);
}
