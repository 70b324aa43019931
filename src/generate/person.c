// Households are parts of four customers with neighbouring numbers, so that a household is known
// without looking further. A referrer is a customer of a lower number who had joined before.
#include "generate/person.h"

#include <string.h>

#include "generate/clock.h"

// ---- names ------------------------------------------------------------------------------------

// Every character takes three bytes. The surnames stand in the order of how many people have them
// (Ministry of Public Security, "2020 national name report": the first five have 30.8 %).
static const char surnames[] = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹"
                               "袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚"
                               "谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔";
static const char women[] = "秀英敏静丽艳芳娟霞秀兰玲桂燕萍红玉雪梅洁莹琳婷颖倩欣怡佳思雨嘉琪梦"
                            "瑶诗涵紫萱可馨晓慧珍莉蓉蕾薇菲";
static const char men[] = "伟强磊军洋勇杰涛明超平刚辉鹏华飞鑫波斌宇浩凯健俊帆建国文志海峰林东博"
                          "子轩睿晨阳天一鸣泽远铭昊然哲瀚";

enum { BYTES = 3, SURNAMES = sizeof surnames / BYTES, SURNAMES_FREQUENT = 5 };

static int surname_of(struct rng *r) {
    double frequent = 0.308;
    if (rng_uniform(r) < frequent)
        return (int)rng_below(r, SURNAMES_FREQUENT);
    double u = rng_uniform(r); // the further behind, the rarer
    return SURNAMES_FREQUENT + (int)(u * u * (SURNAMES - SURNAMES_FREQUENT));
}

static char *add_character(char *p, const char *list, int64_t i) {
    memcpy(p, list + i * BYTES, BYTES);
    return p + BYTES;
}

// A surname and one or two characters.
static void name_person(struct person *p, int surname, struct rng *r) {
    const char *given = p->female ? women : men;
    int64_t n = (int64_t)(p->female ? sizeof women : sizeof men) / BYTES;
    char *end = add_character(p->name_bytes, surnames, surname);
    end = add_character(end, given, rng_below(r, n));
    if (rng_uniform(r) < 0.75)
        end = add_character(end, given, rng_below(r, n));
    p->name = (struct str){p->name_bytes, (size_t)(end - p->name_bytes)};
}

// ---- households -------------------------------------------------------------------------------

// How four neighbours fall into households: the place of each one's head among the four.
static const int layout[][HOUSEHOLD_MAX] = {
    {0, 1, 2, 3}, {0, 0, 2, 3}, {0, 0, 2, 2}, {0, 0, 0, 3}, {0, 0, 0, 0},
};
static const double layout_share[] = {0.40, 0.25, 0.15, 0.12, 0.08};

static void find_household(struct person *p, uint64_t seed) {
    struct rng r;
    int64_t first = (p->number - 1) / HOUSEHOLD_MAX * HOUSEHOLD_MAX + 1;
    rng_start(&r, seed, (uint64_t)first, STREAM_HOUSEHOLD);
    const int *heads = layout[rng_pick(&r, layout_share, 5)];
    int mine = heads[p->number - first], members = 0;
    for (int i = 0; i < HOUSEHOLD_MAX; i++)
        members += heads[i] == mine;
    p->head = first + mine;
    p->alone = members == 1;
}

// What a household has in common, drawn by its head: a city, a surname.
static int share_household(struct person *p, uint64_t seed) {
    static const struct str cities[] = {STR("上海"), STR("北京"), STR("深圳"), STR("广州"),
                                        STR("成都"), STR("杭州"), STR("重庆"), STR("武汉"),
                                        STR("苏州"), STR("西安"), STR("长沙")};
    static const double city_share[] = {0.16, 0.15, 0.12, 0.11, 0.09, 0.09,
                                        0.07, 0.06, 0.05, 0.05, 0.05};
    struct rng r;
    rng_start(&r, seed, (uint64_t)p->head, STREAM_HOUSEHOLD);
    (void)rng_bits(&r); // the layout's
    int surname = surname_of(&r);
    p->city = cities[rng_pick(&r, city_share, 11)];
    return surname;
}

// ---- who brought whom -------------------------------------------------------------------------

enum { TRIES = 4, INTRODUCED_BEFORE = 14, REWARDED_AFTER = 30 }; // days

static void find_referrer(struct person *p, uint64_t seed, joined_fn *joined, const void *ctx) {
    static const double referred = 0.16;
    struct rng r;
    rng_start(&r, seed, (uint64_t)p->number, STREAM_REFERRAL);
    int32_t introduced = p->joined - (int32_t)rng_below(&r, INTRODUCED_BEFORE);
    if (rng_uniform(&r) >= referred)
        return;
    for (int i = 0; i < TRIES && p->number > 1; i++) {
        int64_t other = 1 + rng_below(&r, p->number - 1);
        if (joined(ctx, seed, other) > introduced)
            continue;
        p->referrer = other;
        p->introduced = introduced;
        p->acquired_by = STR("referral");
        return;
    }
}

// ---- the whole person -------------------------------------------------------------------------

// Sizes of firms follow Zipf's law (Axtell 2001): P(size rank > k) falls as 1 / k.
static int64_t find_employer(struct rng *r) {
    return (int64_t)(50 / rng_uniform(r)) - 49;
}

void person_make(struct person *p, uint64_t seed, int64_t number, joined_fn *joined,
                 const void *ctx) {
    static const struct str channels[] = {STR("branch"), STR("web"), STR("app"), STR("partner")};
    static const double channel_share[] = {0.30, 0.25, 0.30, 0.15};
    struct rng r;
    *p = (struct person){.number = number, .joined = joined(ctx, seed, number)};
    find_household(p, seed);
    int surname = share_household(p, seed);
    rng_start(&r, seed, (uint64_t)number, STREAM_PERSON);
    p->female = rng_uniform(&r) < 0.5;
    if (!p->alone && p->number != p->head && rng_uniform(&r) < 0.5)
        surname = surname_of(&r); // married in
    name_person(p, surname, &r);
    p->born = 1985 + (int)(12 * rng_normal(&r));
    p->born = p->born < 1940 ? 1940 : p->born > 2005 ? 2005 : p->born;
    p->acquired_by = channels[rng_pick(&r, channel_share, 4)];
    p->employer = rng_uniform(&r) < 0.6 ? find_employer(&r) : 0;
    find_referrer(p, seed, joined, ctx);
}

const struct field person_relation_fields[] = {
    {"customer", "label"},
    {"household", "label"},
    {"employer", "label"},
    {NULL},
};

void person_relations(const struct person *p, struct rows *out) {
    if (p->alone && !p->employer)
        return;
    char *at = cells_id(cells_open(out), 'C', p->number);
    at = p->alone ? cells_empty(at) : cells_id(at, 'H', p->head);
    at = p->employer ? cells_id(at, 'E', p->employer) : cells_empty(at);
    cells_close(out, at);
}

const struct field person_referral_fields[] = {
    {"referrer", "label"},  {"referee", "label"}, {"date", "date"},
    {"programme", "label"}, {"status", "label"},  {NULL},
};

void person_referral(const struct person *p, struct rows *out) {
    if (!p->referrer)
        return;
    char *at = cells_id(cells_open(out), 'C', p->referrer);
    at = cells_id(at, 'C', p->number);
    at = cells_date(at, p->introduced);
    at = cells_text(at, STR("bring a friend"));
    cells_close(out, cells_text(at, p->joined + REWARDED_AFTER <= LAST_DAY ? STR("rewarded")
                                                                           : STR("joined")));
}
