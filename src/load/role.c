#include "load/role.h"

#include <string.h>

static const char customer_headers[] =
    "customer customerid customerno customernumber customercode custid custno client clientid "
    "member memberid memberno userid userno buyerid accountid accountno "
    "客户编号 客户id 客户号 客户代码 客户 会员编号 会员id 会员号 会员卡号 会员 "
    "用户编号 用户id 顾客编号 顾客id 顾客 买家id 买家";

static const char date_headers[] =
    "date orderdate invoicedate transactiondate purchasedate saledate salesdate txndate trxdate "
    "orderdatetime orderedat createdat datetime timestamp time "
    "日期 交易日期 订单日期 下单日期 购买日期 消费日期 销售日期 成交日期 付款日期 支付日期 "
    "交易时间 订单时间 下单时间 购买时间 消费时间 成交时间 付款时间 支付时间 时间";

static const char amount_headers[] =
    "amount revenue totalamount orderamount netamount transactionamount purchaseamount "
    "salesamount paymentamount paidamount total ordertotal totalprice sales sale spend turnover "
    "金额 交易金额 订单金额 消费金额 购买金额 销售金额 成交金额 实付金额 支付金额 付款金额 "
    "总金额 销售额 消费额 总价";

enum { FROM_DATA = -1 };

static const struct role customers[] = {
    {"customer", TYPE_LABEL, true, customer_headers, "id 编号"},
    {0},
};

static const struct role transactions[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers},
    {"amount", TYPE_MONEY, true, amount_headers},
    {"order", TYPE_LABEL, false,
     "order orderid orderno ordernumber invoice invoiceid invoiceno invoicenumber receipt "
     "receiptid receiptno transactionid 订单号 订单编号 订单id 订单 单号 交易号 流水号 小票号 "
     "发票号"},
    {"product", TYPE_LABEL, false,
     "product productid productcode productname sku stockcode item itemid itemname article "
     "商品 商品编号 商品id 商品名称 商品名 产品 产品编号 产品id 产品名称 货号 品名"},
    {"category", TYPE_LABEL, false,
     "category productcategory itemcategory department 类别 品类 商品类别 产品类别 商品分类 分类"},
    {"quantity", FROM_DATA, false, "quantity qty units 数量 购买数量 销售数量 商品数量 件数"},
    {"price", TYPE_NUMBER, false, "price unitprice 单价 商品单价 价格"},
    {"margin", TYPE_MONEY, false, "margin grossmargin profit grossprofit 毛利 毛利额 利润"},
    {"channel", TYPE_LABEL, false, "channel saleschannel 渠道 销售渠道 购买渠道"},
    {0},
};

static const struct role events[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers, "eventdate eventtime 事件日期 事件时间"},
    {"type", TYPE_LABEL, true, "type eventtype event 类型 事件类型 事件"},
    {"value", FROM_DATA, false, "value 值"},
    {0},
};

static const struct role referrals[] = {
    {"referrer", TYPE_LABEL, true, "referrer referrerid referredby 推荐人 推荐人编号 推荐人id"},
    {"referee", TYPE_LABEL, true,
     "referee refereeid friend friendid 被推荐人 被推荐人编号 被推荐人id"},
    {"date", TYPE_DATE, true, date_headers, "referraldate 推荐日期 推荐时间"},
    {"programme", TYPE_LABEL, false, "programme program 活动 计划"},
    {"status", TYPE_LABEL, false, "status 状态"},
    {0},
};

static const struct role contacts[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers, "contactdate 联系日期 联系时间"},
    {"campaign", TYPE_LABEL, false, "campaign campaignid campaignname 活动 活动名称"},
    {"arm", TYPE_LABEL, false, "arm segment group 组别"},
    {"channel", TYPE_LABEL, false, "channel 渠道"},
    {"cost", TYPE_MONEY, false, "cost 成本 费用"},
    {"response", FROM_DATA, false, "response responded 响应"},
    {0},
};

static const struct role points[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers},
    {"points", FROM_DATA, true, "points 积分"},
    {"type", TYPE_LABEL, false, "type 类型"},
    {0},
};

static const struct role relations[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"household", TYPE_LABEL, false, "household householdid 家庭"},
    {"employer", TYPE_LABEL, false, "employer employerid 单位 雇主"},
    {0},
};

static const struct role tier_history[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers},
    {"tier", TYPE_LABEL, true, "tier level 等级 级别"},
    {"scheme", TYPE_LABEL, false, "scheme 体系"},
    {"state", TYPE_LABEL, false, "state status 状态"},
    {0},
};

static const struct role rewards[] = {
    {"customer", TYPE_LABEL, true, customer_headers},
    {"date", TYPE_DATE, true, date_headers},
    {"programme", TYPE_LABEL, false, "programme program 活动 计划"},
    {"amount", TYPE_MONEY, false, amount_headers},
    {0},
};

static const struct role products[] = {
    {"product", TYPE_LABEL, true,
     "product productid productcode productname sku stockcode item itemid id 商品 商品编号 商品id "
     "产品 产品编号 产品id 货号"},
    {"category", TYPE_LABEL, false, "category productcategory 类别 品类 商品类别 分类"},
    {"price", TYPE_NUMBER, false, "price unitprice 单价 价格"},
    {"margin", TYPE_MONEY, false, "margin 毛利"},
    {0},
};

// What any other table can have.
static const struct role others[] = {
    {"customer", TYPE_LABEL, false, customer_headers},
    {"date", TYPE_DATE, false, date_headers},
    {0},
};

static const struct table_role tables[] = {
    {"customers", "customer", customers}, {"transactions", "customer", transactions},
    {"events", "customer", events},       {"referrals", "referrer", referrals},
    {"contacts", "customer", contacts},   {"points", "customer", points},
    {"relations", "customer", relations}, {"tier_history", "customer", tier_history},
    {"rewards", "customer", rewards},     {"products", NULL, products},
};

static const struct table_role other = {"", "customer", others};

enum { TABLES = sizeof tables / sizeof *tables };

bool table_role_name(const void *ctx, size_t i, struct str *out) {
    (void)ctx;
    if (i < TABLES)
        *out = str_of(tables[i].name);
    return i < TABLES;
}

const struct table_role *table_role_find(struct str name) {
    for (size_t i = 0; i < TABLES; i++)
        if (str_is(name, tables[i].name))
            return &tables[i];
    return &other;
}

const struct role *role_find(const struct table_role *t, struct str name) {
    for (const struct role *r = t->role; r->name; r++)
        if (str_is(name, r->name))
            return r;
    return NULL;
}

bool role_is(const struct role *r, const char *name) {
    return r && strcmp(r->name, name) == 0;
}

// A header as the spellings have it: without what stands in brackets (a unit), blanks and marks,
// in lower case. Returns the length; longer ones are cut.
static size_t plain_spelling(struct str header, char *out, size_t room) {
    size_t n = 0;
    for (size_t i = 0; i < header.n && n < room; i++) {
        char c = header.p[i];
        bool bracket = c == '(' || c == '[';
        bool wide = header.n - i >= 3 && memcmp(header.p + i, "（", 3) == 0;
        if (bracket || wide)
            break;
        if (c == ' ' || c == '_' || c == '-' || c == '.' || c == '#' || c == '\t')
            continue;
        out[n++] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
    }
    return n;
}

static int match(const char *headers, struct str wanted, int rank) {
    for (const char *p = headers; p && *p;) {
        size_t n = strcspn(p, " ");
        rank++;
        if (str_eq(wanted, (struct str){p, n}))
            return rank;
        p += n + strspn(p + n, " ");
    }
    return 0;
}

int role_match(const struct role *r, struct str header) {
    char plain[64];
    struct str wanted = {plain, plain_spelling(header, plain, sizeof plain)};
    int rank = match(r->headers, wanted, 0);
    return rank ? rank : match(r->more, wanted, 100);
}
