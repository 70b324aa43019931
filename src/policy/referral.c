// Referral programmes: who gets what for bringing whom.
//
// However a reward is written, it is read into a flat list of prizes of which the first that fits
// is given: `by` makes one of each class, `steps` one of each step, the highest first.
#include "policy/compose.h"
#include "policy/read.h"
#include "policy/words.h"

// ---- rewards --------------------------------------------------------------------------------

struct prizes {
    struct reader *r;
    struct referral *referral;
    int size;
};

static bool read_prize(struct prizes *list, const struct node *v, struct prize base);

static bool add_prize(struct prizes *list, struct prize prize) {
    struct referral *k = list->referral;
    k->prize = arena_more(list->r->arena, k->prize, k->prizes, &list->size, sizeof prize);
    k->prize[k->prizes++] = prize;
    return true;
}

static bool too_many(const struct prizes *list, const struct node *v, int more) {
    if (more <= READ_MOST - list->referral->prizes)
        return false;
    read_wrong(list->r, v->at, "too-many", "a programme has at most %d rewards", READ_MOST);
    return true;
}

static bool read_amounts(struct prizes *list, const struct node *v, struct prize prize) {
    struct rule amount = {.expr = NULL};
    if (v->items != 1 || !read_amount(list->r, NULL, v->item, &amount))
        return false;
    if (!str_is(v->string, "friend"))
        prize.amount[PARTY_REFERRER] = amount;
    if (!str_is(v->string, "referrer"))
        prize.amount[PARTY_FRIEND] = amount;
    prize.at = v->at;
    return add_prize(list, prize);
}

// A class is a condition, `friend.kind == 'student'`, so that it is checked and explained as one.
static struct formula formula_of_class(struct reader *r, const struct formula *by,
                                       const struct field *class) {
    struct compose c = {.text = {.arena = r->arena}};
    struct node name = {.kind = NODE_STRING, .at = class->at, .string = class->name};
    compose_operand(&c, by);
    compose_words(&c, " == ", class->at);
    compose_value(&c, &name);
    return compose_end(&c, class->at);
}

// by "friend.kind" { individual = both(300), business = both(500) }
static bool read_by(struct prizes *list, const struct node *v, struct prize prize) {
    struct reader *r = list->r;
    struct formula by;
    const struct node *table = v->items == 2 ? &v->item[1] : NULL;
    if (!table || table->kind != NODE_TABLE || table->fields == 0 || rule_given(&prize.when) ||
        !read_formula(r, v->item, &by))
        return false;
    if (too_many(list, v, table->fields))
        return true;
    read_no_items(r, table);
    for (int i = 0; i < table->fields; i++) {
        read_printable(r, table->field[i].name, table->field[i].at);
        prize.when.formula = formula_of_class(r, &by, &table->field[i]);
        if (!read_prize(list, &table->field[i].value, prize))
            return false;
    }
    return true;
}

// steps { { 1, both(100) }, { 5, both(300) } }
static bool read_steps(struct prizes *list, const struct node *v, struct prize prize) {
    const struct node *table = v->items == 1 ? v->item : NULL;
    int64_t above = INT64_MAX;
    if (!table || table->kind != NODE_TABLE || table->items == 0 || table->fields > 0 ||
        prize.least > 0)
        return false;
    if (too_many(list, v, table->items))
        return true;
    for (int i = table->items; i-- > 0;) {
        const struct node *step = &table->item[i];
        bool right = step->kind == NODE_TABLE && step->items == 2 && step->fields == 0 &&
                     step->item->kind == NODE_INTEGER;
        if (!right || step->item->integer < 1 || step->item->integer >= above)
            return false;
        prize.least = above = step->item->integer;
        if (!read_prize(list, &step->item[1], prize))
            return false;
    }
    return true;
}

static bool read_prize(struct prizes *list, const struct node *v, struct prize base) {
    const struct row *word = v->kind == NODE_WORD ? words_find("reward", v->string) : NULL;
    if (!word)
        return false;
    bool right = str_is(v->string, "by")      ? read_by(list, v, base)
                 : str_is(v->string, "steps") ? read_steps(list, v, base)
                                              : read_amounts(list, v, base);
    if (!right)
        read_wrong(list->r, v->at, "wrong-reward", "`%s` takes %s", word->word.name,
                   word->word.takes);
    return true;
}

bool read_reward(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct prizes list = {.r = r, .referral = into};
    (void)row;
    return read_prize(&list, v, (struct prize){.least = 0});
}

// ---- the block ------------------------------------------------------------------------------

static void refuse_function(struct reader *r, const struct rule *rule) {
    if (rule->routine)
        read_wrong(r, rule->formula.at, "function",
                   "a referral is decided by expressions: declare the function as a metric, and "
                   "read that, of the friend as friend.NAME");
}

bool read_referral(struct reader *r, const struct row *row, const struct node *v, void *into) {
    struct referral *k = &r->policy->referral[r->policy->referrals];
    const struct node *body = read_another(r, v, &k->name, &k->at, &r->policy->referrals);
    (void)row, (void)into;
    if (!body)
        return true;
    read_fields(r, body, "referral", k);
    struct rule *rule[] = {&k->qualifies, &k->block, &k->claw_back, &k->value};
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++)
        refuse_function(r, rule[i]);
    if (k->caps.most)
        read_wrong(r, read_field(body, "caps")->at, "class-cap",
                   "caps by class are for campaigns: give the classes other rewards here");
    for (int i = 0; i < k->prizes; i++)
        for (int party = 0; party < PARTIES; party++)
            refuse_function(r, &k->prize[i].amount[party]);
    return true;
}
