"""Polars' side of the table, lazy and streaming where it can. Its clock begins when it is imported,
and stops when the result is complete; what is printed then are the seconds and the figures that
both sides must have.

    python3 polar.py TASK INPUT OUTPUT THREADS

INPUT is a CSV, or the Arrow file that `keep` made of one.
"""
import os
import sys
import time

task, source, out, threads = sys.argv[1:5]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # noqa: E402: it reads the number of threads when it is imported

MONEY = pl.Decimal(18, 2)
TRANSACTIONS = {"customer": pl.String, "date": pl.Date, "amount": MONEY, "quantity": pl.Int64,
                "product": pl.String, "line": pl.Int64}
CUSTOMERS = {"customer": pl.String, "clv": pl.Float64, "recency_days": pl.Int64,
             "orders": pl.Int64, "spend": MONEY, "segment": pl.String}
TODAY = pl.date(2025, 1, 1)
DAY = pl.col("date")


def minor(column):
    return (pl.col(column) * 100).cast(pl.Int64)


def money(cents):
    """Minor units as money, exact."""
    return (cents.cast(MONEY) / 100).cast(MONEY)


def major(column):
    """Minor units as a float; dividing by 100 would multiply by 0.01, which rounds otherwise."""
    return money(pl.col(column)).cast(pl.Float64)


def days(column):
    return (TODAY - pl.col(column)).dt.total_days()


def part(column, frame):
    """Which fifth a value falls in, 1 to 5; cuts are quantiles of type 7."""
    values = pl.col(column).cast(pl.Float64)
    cuts = frame.select(*[values.quantile(q, "linear").alias(str(q))
                          for q in (0.2, 0.4, 0.6, 0.8)]).row(0)
    return 1 + pl.sum_horizontal([(values > x).cast(pl.Int64) for x in cuts])


def done(frame):
    frame.write_csv(out)
    return (time.monotonic() - start,)


def transactions():
    return (pl.scan_csv(source, schema=TRANSACTIONS) if source.endswith(".csv")
            else pl.scan_ipc(source))


def keep():
    transactions().sort("customer", "date", "line").sink_ipc(out)
    return (time.monotonic() - start,)


ROW = ('{{"customer":"{}","tier":"one","campaign":null,"offer":null,"channel":null,"cost":null,'
       '"value":null,"net":null,"reason":null,"orders":{},"spend":{},"recency_days":{}}}')


def find():
    found = (transactions().filter(pl.col("customer") == out)
             .select(orders=pl.len(), spend=pl.col("amount").sum(), last=DAY.max())
             .select("orders", "spend", days("last").alias("recency_days")).collect())
    return time.monotonic() - start, ROW.format(out, *found.row(0))


def load():
    """In memory, ordered by customer and date."""
    g = transactions().sort("customer", "date", "line").collect(engine="streaming")
    seconds = time.monotonic() - start
    place = pl.int_range(pl.len(), dtype=pl.Int64).over("customer") + 1
    weighted = (minor("amount") * (DAY.to_physical().cast(pl.Int64) % 1000) * place).sum()
    return seconds, *g.select(pl.col("customer").n_unique(), n=pl.len(),
                              total=minor("amount").sum(), weighted=weighted).row(0)


def rfm():
    c = (transactions().group_by("customer")
         .agg(last=DAY.max(), orders=pl.len().cast(pl.Int64), spend=pl.col("amount").sum())
         .select("customer", days("last").alias("recency_days"), "orders", "spend")
         .sort("customer").collect(engine="streaming"))
    return done(c.with_columns(r_score=6 - part("recency_days", c), f_score=part("orders", c),
                               m_score=part("spend", c)))


# Grouping by customer and day first is faster than counting distinct days.
def by_day(*more):
    return (transactions().group_by("customer", "date")
            .agg(n=pl.len().cast(pl.Int64), spend=minor("amount").sum(), *more))


def abc_lines(c):
    """The spend from which a customer is A, and that down to which it is C."""
    spend = c.get_column("spend").sort(descending=True)
    top = spend.filter(spend.cum_sum() * 100 >= spend.sum() * 80)[0]
    return top, spend[len(spend) - (len(spend) * 10 + 99) // 100]


def measure():
    c = (by_day(pl.col("quantity").sum().alias("units")).group_by("customer")
         .agg(first_purchase=DAY.min(), last_purchase=DAY.max(), orders=pl.col("n").sum(),
              purchase_days=pl.len().cast(pl.Int64), units=pl.col("units").sum(),
              spend=pl.col("spend").sum())
         .with_columns(recency_days=days("last_purchase"), tenure_days=days("first_purchase"))
         .with_columns(mean_gap_days=pl.when(pl.col("purchase_days") > 1).then(
             (pl.col("last_purchase") - pl.col("first_purchase")).dt.total_days()
             / (pl.col("purchase_days") - 1)))
         .with_columns(rf_ratio=pl.when(pl.col("mean_gap_days") > 0).then(
             pl.col("recency_days") / pl.col("mean_gap_days")))
         .sort("customer").collect(engine="streaming"))
    r, f, m = pl.col("r_score"), pl.col("f_score"), pl.col("m_score")
    ratio, spend, first = pl.col("rf_ratio"), pl.col("spend"), pl.col("first_purchase")
    top, tail = abc_lines(c)
    scored = c.lazy().with_columns(r_score=6 - part("recency_days", c), f_score=part("orders", c),
                                   m_score=part("spend", c))
    order_value = (major("spend") / pl.col("orders") * 100).round(0, mode="half_to_even")
    return done(scored.select(
        "customer", "first_purchase", "last_purchase", "orders", "purchase_days", "units",
        money(spend).alias("spend"), money(order_value.cast(pl.Int64)).alias("mean_order_value"),
        "recency_days", "tenure_days",
        tenure_months=(2025 - first.dt.year()) * 12 + 1 - first.dt.month() - (first.dt.day() > 1),
        mean_gap_days=pl.col("mean_gap_days"), rf_ratio=ratio,
        rf_warning=pl.when(ratio >= 1.5).then(pl.lit("high risk"))
        .when(ratio > 1).then(pl.lit("at risk")).when(ratio.is_not_null()).then(pl.lit("stable")),
        r_score=r, f_score=f, m_score=m, rfm=100 * r + 10 * f + m,
        rfm_segment=pl.when((f <= 2) & (m <= 2)).then(pl.lit("low value"))
        .when(r <= 2).then(pl.lit("at risk")).when((f >= 4) & (m >= 4)).then(pl.lit("high value"))
        .otherwise(pl.lit("potential")),
        spend_share=spend / spend.sum(),
        abc_class=pl.when(spend >= top).then(pl.lit("A")).when(spend <= tail).then(pl.lit("C"))
        .otherwise(pl.lit("B"))).collect())


# bench/score.lua, word by word: by campaign whether it holds, cost and value in minor units.
def campaigns(c):
    year, before = major("year"), major("before")
    listed = pl.col("tier") != "bronze"

    def cents(value):
        return (value * 100).round(0, mode="half_to_even").cast(pl.Int64)
    return [
        ("thank you", "points 500", "email", 500, cents(0.02 * year),
         (pl.col("tier") == "gold") & (pl.col("recency") <= 60)),
        ("come back", "cash 20", "phone", 2000, cents(0.05 * year),
         listed & (pl.col("orders") > 1) & (pl.col("ratio") >= 1.5)),
        ("lift", "gift voucher", "phone", 1500, cents(0.1 * (before - year)),
         (year < 0.5 * before) & (part("spend", c) >= 4)),
        ("nudge", "points 50", "sms", 10, pl.lit(50, pl.Int64),
         (pl.col("season") == 0) & (pl.col("recency") <= 365)),
    ]


def pick(choices, of):
    """What `of` gives for the campaign that won, else missing."""
    then = pl.when(False).then(None)
    for i, choice in enumerate(choices):
        then = then.when(pl.col("pick") == i).then(of(choice))
    return then


def score():
    window = [pl.col("amount").filter(DAY > pl.date(2024, 1, 1)).sum().alias("year"),
              pl.col("amount").filter((DAY > pl.date(2023, 1, 1)) & (DAY <= pl.date(2024, 1, 1)))
              .sum().alias("before"),
              (DAY > pl.date(2024, 10, 3)).sum().cast(pl.Int64).alias("season")]
    c = (by_day(*window).group_by("customer")
         .agg(orders=pl.col("n").sum(), spend=pl.col("spend").sum(), year=minor("year").sum(),
              before=minor("before").sum(), season=pl.col("season").sum(), first=DAY.min(),
              last=DAY.max(), days=pl.len().cast(pl.Int64))
         .with_columns(recency=days("last"), gap=pl.when(pl.col("days") > 1).then(
             (pl.col("last") - pl.col("first")).dt.total_days() / (pl.col("days") - 1)))
         .with_columns(ratio=pl.when(pl.col("gap") > 0).then(pl.col("recency") / pl.col("gap")),
                       tier=pl.when(pl.col("year") >= 80000).then(pl.lit("gold"))
                       .when(pl.col("year") >= 30000).then(pl.lit("silver"))
                       .otherwise(pl.lit("bronze")))
         .sort("customer").collect(engine="streaming"))
    choices = campaigns(c)
    nets = [pl.when(when).then(value - cost) for _, _, _, cost, value, when in choices]
    net = pl.max_horizontal(*nets)
    winner = pl.when(False).then(None)
    for i, each in enumerate(nets):
        winner = winner.when(each == pl.col("net")).then(pl.lit(i))
    unknown = (pl.col("tier") != "bronze") & (pl.col("orders") > 1) & pl.col("ratio").is_null()
    return done(c.lazy().with_columns(net=net).with_columns(pick=winner).select(
        "customer", "tier", campaign=pick(choices, lambda x: pl.lit(x[0])),
        offer=pick(choices, lambda x: pl.lit(x[1])), channel=pick(choices, lambda x: pl.lit(x[2])),
        cost=money(pick(choices, lambda x: pl.lit(x[3], pl.Int64))),
        value=money(pick(choices, lambda x: x[4])), net=money(pl.col("net")),
        reason=pl.when(pl.col("pick").is_not_null()).then(pl.lit("granted"))
        .when(unknown).then(pl.lit("missing value")).otherwise(pl.lit("ineligible"))).collect())


CLV, RECENCY, ORDERS = pl.col("clv"), pl.col("recency_days"), pl.col("orders")
SPEND, SEGMENT = pl.col("spend").cast(pl.Float64), pl.col("segment")
TIERS = {
    "tiers": [(CLV >= 20000) & (RECENCY < 60) | (ORDERS >= 40),
              (CLV >= 10000) & (RECENCY < 90) | (ORDERS >= 30),
              (CLV >= 5000) & (RECENCY < 120) | (ORDERS >= 20),
              (CLV >= 2000) & (RECENCY < 180) | (ORDERS >= 10),
              (CLV >= 500) & (RECENCY < 365)],
    "mixed": [(SEGMENT == "high") & (CLV > 20000), SPEND / (ORDERS + 1) > 3000,
              RECENCY / (ORDERS + 1) > 30.5,
              SEGMENT.is_in(["low", "mid"]) & ~(ORDERS < 20), CLV.fill_null(0) > 2 * SPEND],
}


def rules():
    """The best of five, over columns in memory: everyone's tier as a column, and their sum."""
    frame = pl.read_csv(source, schema=CUSTOMERS).rechunk()
    tier = pl.when(False).then(pl.lit(0, pl.Int32))
    for i, rule in enumerate(TIERS[task]):
        tier = tier.when(rule).then(pl.lit(i + 1, pl.Int32))
    best = float("inf")
    for _ in range(5):
        began = time.monotonic()
        column = frame.lazy().select(tier.otherwise(0).alias("tier")).collect().get_column("tier")
        total = column.cast(pl.Int64).sum()
        best = min(best, time.monotonic() - began)
    return best, len(column), total


TASKS = {"keep": keep, "find": find, "load": load, "rfm": rfm, "measure": measure,
         "score": score, "tiers": rules, "mixed": rules}

start = time.monotonic()
print(*TASKS[task]())
