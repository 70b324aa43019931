// The effect of an offer: what it changes, by how much, and from where that is known.
#include "policy/read.h"
#include "policy/words.h"

#include <math.h>

static const char *const names[] = {[EFFECT_NONE] = "",
                                    [EFFECT_RETENTION] = "retention",
                                    [EFFECT_FREQUENCY] = "frequency",
                                    [EFFECT_SPEND] = "spend",
                                    [EFFECT_REFERRAL] = "referral"};

const char *effect_name(enum effect_kind kind) {
    return names[kind];
}

static enum effect_kind kind_of(struct str name) {
    int kind = EFFECT_NONE;
    for (int i = 1; i < EFFECT_KINDS; i++)
        kind = str_is(name, names[i]) ? i : kind;
    return (enum effect_kind)kind;
}

bool read_flag(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row;
    if (v->kind != NODE_BOOLEAN)
        return false;
    *(bool *)into = v->boolean;
    return true;
}

bool read_paid(struct reader *r, const struct row *row, const struct node *v, void *into) {
    static const char *const words[] = {"always", "on success"};
    int word = read_choice(v, words, 2);
    (void)r, (void)row;
    *(bool *)into = word == 1;
    return word >= 0;
}

// What is drawn with it is to stay finite.
static const double DEVIATION_MOST = 0x1p60;

bool read_deviation(struct reader *r, const struct row *row, const struct node *v, void *into) {
    (void)r, (void)row;
    return read_double(v, into) && *(double *)into >= 0 && *(double *)into <= DEVIATION_MOST;
}

// A chance to stay, what moves it, and how surely that is known are shares.
static void check_shares(struct reader *r, const struct node *v) {
    static const struct {
        const char *name;
        double least;
    } shares[] = {{"retention", -1}, {"base", 0}, {"sd", -INFINITY}}; // sd: see read_deviation
    double share;
    for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
        const struct node *n = read_field(v, shares[i].name);
        if (n && read_double(n, &share) && (share < shares[i].least || share > 1))
            read_wrong(r, n->at, "no-share", "`%s` is a share: 0.12 is 12 in a hundred, got %s",
                       shares[i].name, read_described(r, n));
    }
}

// A number that an experiment moves has to be one, and to leave room for it.
static void check_from(struct reader *r, const struct node *v, struct effect *e) {
    const struct node *size = read_field(v, effect_name(e->kind));
    if (e->from.n == 0 && e->arm.n > 0)
        read_wrong(r, read_field(v, "arm")->at, "arm-of-what",
                   "`arm` is one of the campaign that `from` names, which is missing");
    if (e->from.n == 0 || !size)
        return;
    if (!read_double(size, &e->stated))
        read_wrong(r, size->at, "measured-number",
                   "an effect `from` an experiment is a plain number: what was believed before it, "
                   "got %s",
                   read_described(r, size));
    if (e->sd <= 0)
        read_wrong(r, v->at, "measured-sd",
                   "an effect `from` an experiment needs `sd` above 0: how far off the number may "
                   "be that the experiment is weighed against");
}

bool read_effect(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct effect *e = into;
    int kinds = 0;
    (void)row;
    e->sd = -1;
    if (v->kind != NODE_TABLE)
        return false;
    read_no_items(r, v);
    read_fields(r, v, "effect", e);
    for (int i = 0; i < v->fields; i++) {
        enum effect_kind kind = kind_of(v->field[i].name);
        kinds += kind != EFFECT_NONE;
        e->kind = kind != EFFECT_NONE ? kind : e->kind;
    }
    if (kinds != 1)
        read_wrong(r, v->at, "one-effect",
                   "`effect` has %s: it takes one of retention, frequency, spend and referral",
                   kinds ? "more than one" : "none");
    if (e->kind == EFFECT_RETENTION)
        check_shares(r, v);
    if ((e->relative || e->on_success) && !rule_given(&e->base))
        read_wrong(r, v->at, "effect-base",
                   e->relative
                       ? "a relative effect is a share of `base`, which is missing"
                       : "what is paid on success is paid for `base`, too: what there would "
                         "be without the offer; it is missing: say it, `base = 0.4`");
    check_from(r, v, e);
    return true;
}
