"""DuckDB's side of the table. Its clock begins when it is imported, and stops when the result is
complete; what is printed then are the seconds and the figures that both sides must have.

    python3 duck.py TASK INPUT OUTPUT THREADS

INPUT is a CSV, or the database that `keep` made of one.
"""
import sys
import time

import duckdb

TODAY = "date '2025-01-01'"
TRANSACTIONS = """read_csv('{}', header = true, columns = {{
  'customer': 'VARCHAR', 'date': 'DATE', 'amount': 'DECIMAL(18,2)', 'quantity': 'BIGINT',
  'product': 'VARCHAR', 'line': 'BIGINT'}})"""
CUSTOMERS = """read_csv('{}', header = true, columns = {{
  'customer': 'VARCHAR', 'clv': 'DOUBLE', 'recency_days': 'BIGINT', 'orders': 'BIGINT',
  'spend': 'DECIMAL(18,2)', 'segment': 'VARCHAR'}})"""
REFERRALS = """read_csv('{}', header = true, columns = {{
  'referrer': 'VARCHAR', 'referee': 'VARCHAR', 'date': 'DATE'}})"""
FIFTHS = "[0.2, 0.4, 0.6, 0.8]"


def transactions(db, source):
    """What to select from."""
    if source.endswith(".csv"):
        return TRANSACTIONS.format(source)
    db.execute(f"ATTACH '{source}' AS kept (READ_ONLY)")
    return "kept.g"


def keep(db, source, out):
    db.execute(f"ATTACH '{out}' AS kept")
    db.execute(f"""CREATE TABLE kept.g AS SELECT * FROM {transactions(db, source)}
                   ORDER BY customer, date, line""")
    return (time.monotonic() - start,)


ROW = ('{{"customer":"{}","tier":"one","campaign":null,"offer":null,"channel":null,"cost":null,'
       '"value":null,"net":null,"reason":null,"orders":{},"spend":{},"recency_days":{}}}')


def find(db, source, customer):
    found = db.execute(f"""SELECT customer, count(*), sum(amount), {TODAY} - max(date)
                           FROM {transactions(db, source)} WHERE customer = ? GROUP BY customer""",
                       [customer]).fetchone()
    return time.monotonic() - start, ROW.format(*found)


def load(db, source, _):
    """In memory, ordered by customer and date."""
    db.execute(f"""CREATE TABLE g AS SELECT * FROM {transactions(db, source)}
                   ORDER BY customer, date, line""")
    seconds = time.monotonic() - start
    return seconds, *db.execute("""
      SELECT count(DISTINCT customer), count(*), cast(sum(minor) AS BIGINT),
             cast(sum(minor * (days % 1000) * place) AS BIGINT)
      FROM (SELECT customer, cast(amount * 100 AS BIGINT) AS minor, date - date '1970-01-01' AS days,
                   row_number() OVER (PARTITION BY customer ORDER BY date, line) AS place
            FROM g)""").fetchone()


def rfm(db, source, out):
    db.execute(f"""COPY (
      WITH c AS MATERIALIZED (
             SELECT customer, {TODAY} - max(date) AS recency_days, count(*) AS orders,
                    sum(amount) AS spend
             FROM {transactions(db, source)} GROUP BY customer),
           q AS (SELECT quantile_cont(recency_days, {FIFTHS}) AS r,
                        quantile_cont(orders, {FIFTHS}) AS f,
                        quantile_cont(cast(spend AS DOUBLE), {FIFTHS}) AS m FROM c)
      SELECT customer, recency_days, orders, spend,
             5 - len(list_filter(r, lambda x: recency_days > x)) AS r_score,
             1 + len(list_filter(f, lambda x: orders > x)) AS f_score,
             1 + len(list_filter(m, lambda x: cast(spend AS DOUBLE) > x)) AS m_score
      FROM c, q ORDER BY customer) TO '{out}' (HEADER)""")
    return (time.monotonic() - start,)


# Grouping by customer and day first is faster than count(DISTINCT date).
MEASURE = """
WITH d AS (SELECT customer, date, count(*) AS n, sum(amount) AS spend, sum(quantity) AS units
           FROM {transactions} GROUP BY customer, date),
     g AS (SELECT customer, min(date) AS first_purchase, max(date) AS last_purchase,
                  cast(sum(n) AS BIGINT) AS orders, count(*) AS purchase_days,
                  cast(sum(units) AS BIGINT) AS units, sum(spend) AS spend,
                  cast(sum(spend) AS DOUBLE) AS x
           FROM d GROUP BY customer),
     c AS MATERIALIZED (
           SELECT *, {today} - last_purchase AS recency_days,
                  {today} - first_purchase AS tenure_days,
                  (last_purchase - first_purchase)
                    / CASE WHEN purchase_days > 1 THEN purchase_days - 1 END AS mean_gap_days
           FROM g),
     q AS (SELECT quantile_cont(recency_days, {fifths}) AS r, quantile_cont(orders, {fifths}) AS f,
                  quantile_cont(x, {fifths}) AS m, sum(spend) AS total, count(*) AS n FROM c),
     w AS (SELECT spend, sum(spend) OVER best AS sofar, row_number() OVER best AS place FROM c
           WINDOW best AS (ORDER BY spend DESC ROWS UNBOUNDED PRECEDING)),
     a AS (SELECT max(w.spend) FILTER (w.sofar * 100 >= q.total * 80) AS top,
                  max(w.spend) FILTER (w.place = q.n - (q.n * 10 + 99) // 100 + 1) AS tail
           FROM w, q),
     s AS (SELECT c.*, mean_gap_days, recency_days / nullif(mean_gap_days, 0) AS rf_ratio,
                  5 - len(list_filter(r, lambda y: recency_days > y)) AS r_score,
                  1 + len(list_filter(f, lambda y: orders > y)) AS f_score,
                  1 + len(list_filter(m, lambda y: x > y)) AS m_score,
                  cast(spend * 100 AS DOUBLE) / cast(total * 100 AS DOUBLE) AS spend_share,
                  CASE WHEN spend >= top THEN 'A' WHEN spend <= tail THEN 'C' ELSE 'B' END
                    AS abc_class
           FROM c, q, a)
SELECT customer, first_purchase, last_purchase, orders, purchase_days, units, spend,
       cast(cast(round_even(x / orders * 100, 0) AS BIGINT) * 0.01 AS DECIMAL(18,2))
         AS mean_order_value,
       recency_days, tenure_days, datesub('month', first_purchase, {today}) AS tenure_months,
       mean_gap_days, rf_ratio,
       CASE WHEN rf_ratio >= 1.5 THEN 'high risk' WHEN rf_ratio > 1 THEN 'at risk'
            WHEN rf_ratio IS NOT NULL THEN 'stable' END AS rf_warning,
       r_score, f_score, m_score, 100 * r_score + 10 * f_score + m_score AS rfm,
       CASE WHEN f_score <= 2 AND m_score <= 2 THEN 'low value' WHEN r_score <= 2 THEN 'at risk'
            WHEN f_score >= 4 AND m_score >= 4 THEN 'high value' ELSE 'potential' END AS rfm_segment,
       spend_share, abc_class
FROM s ORDER BY customer"""


def measure(db, source, out):
    query = MEASURE.format(transactions=transactions(db, source), today=TODAY, fifths=FIFTHS)
    db.execute(f"COPY ({query}) TO '{out}' (HEADER)")
    return (time.monotonic() - start,)


# bench/score.lua, word by word.
SCORE = """
WITH d AS (SELECT customer, date, count(*) AS n, sum(amount) AS spend,
                  sum(amount) FILTER (date > date '2024-01-01') AS year,
                  sum(amount) FILTER (date > date '2023-01-01' AND date <= date '2024-01-01')
                    AS year_before,
                  count(*) FILTER (date > date '2024-10-03') AS season
           FROM {transactions} GROUP BY customer, date),
     g AS (SELECT customer, sum(n) AS orders, cast(sum(spend) AS DOUBLE) AS spend,
                  cast(coalesce(sum(year), 0) AS DOUBLE) AS spend_12m,
                  cast(coalesce(sum(year_before), 0) AS DOUBLE) AS spend_before,
                  sum(season) AS orders_90d, {today} - max(date) AS recency_days,
                  (max(date) - min(date)) / CASE WHEN count(*) > 1 THEN count(*) - 1 END AS gap
           FROM d GROUP BY customer),
     c AS MATERIALIZED (
           SELECT *, recency_days / nullif(gap, 0) AS rf_ratio,
                  CASE WHEN spend_12m >= 800 THEN 'gold' WHEN spend_12m >= 300 THEN 'silver'
                       ELSE 'bronze' END AS tier
           FROM g),
     q AS (SELECT quantile_cont(spend, {fifths}) AS m FROM c),
     e AS (SELECT *,
                  tier = 'gold' AND recency_days <= 60 AS thank,
                  tier != 'bronze' AND orders > 1 AND rf_ratio >= 1.5 AS back,
                  tier != 'bronze' AND orders > 1 AND rf_ratio IS NULL AS unknown,
                  spend_12m < 0.5 * spend_before
                    AND 1 + len(list_filter(m, lambda y: spend > y)) >= 4 AS lift,
                  orders_90d = 0 AND recency_days <= 365 AS nudge,
                  cast(round_even(0.02 * spend_12m * 100, 0) AS BIGINT) AS thank_value,
                  cast(round_even(0.05 * spend_12m * 100, 0) AS BIGINT) AS back_value,
                  cast(round_even(0.1 * (spend_before - spend_12m) * 100, 0) AS BIGINT)
                    AS lift_value
           FROM c, q),
     n AS (SELECT *, CASE WHEN thank THEN thank_value - 500 END AS thank_net,
                  CASE WHEN back THEN back_value - 2000 END AS back_net,
                  CASE WHEN lift THEN lift_value - 1500 END AS lift_net,
                  CASE WHEN nudge THEN 40 END AS nudge_net
           FROM e),
     b AS (SELECT *, greatest(thank_net, back_net, lift_net, nudge_net) AS net FROM n),
     p AS (SELECT *, CASE WHEN net IS NULL THEN 0 WHEN thank_net = net THEN 1
                          WHEN back_net = net THEN 2 WHEN lift_net = net THEN 3 ELSE 4 END AS pick
           FROM b),
     r AS (SELECT *, [0, 500, 2000, 1500, 10][pick + 1] AS cost FROM p)
SELECT customer, tier,
       [NULL, 'thank you', 'come back', 'lift', 'nudge'][pick + 1] AS campaign,
       [NULL, 'points 500', 'cash 20', 'gift voucher', 'points 50'][pick + 1] AS offer,
       [NULL, 'email', 'phone', 'phone', 'sms'][pick + 1] AS channel,
       CASE WHEN pick > 0 THEN cast(cost * 0.01 AS DECIMAL(18,2)) END AS cost,
       CASE WHEN pick > 0 THEN cast((net + cost) * 0.01 AS DECIMAL(18,2)) END AS value,
       cast(net * 0.01 AS DECIMAL(18,2)) AS net,
       CASE WHEN pick > 0 THEN 'granted' WHEN unknown THEN 'missing value' ELSE 'ineligible' END
         AS reason
FROM r ORDER BY customer"""


def score(db, source, out):
    query = SCORE.format(transactions=transactions(db, source), today=TODAY, fifths=FIFTHS)
    db.execute(f"COPY ({query}) TO '{out}' (HEADER)")
    return (time.monotonic() - start,)


TIERS = {
    "tiers": ["clv >= 20000 AND recency_days < 60 OR orders >= 40",
              "clv >= 10000 AND recency_days < 90 OR orders >= 30",
              "clv >= 5000 AND recency_days < 120 OR orders >= 20",
              "clv >= 2000 AND recency_days < 180 OR orders >= 10",
              "clv >= 500 AND recency_days < 365"],
    "mixed": ["segment = 'high' AND clv > 20000", "cast(spend AS DOUBLE) / (orders + 1) > 3000",
              "recency_days / (orders + 1) > 30.5", "segment IN ('low', 'mid') AND NOT orders < 20",
              "coalesce(clv, 0) > cast(2 AS DOUBLE) * cast(spend AS DOUBLE)"],
}


def rules(name):
    """The best of five, over columns in memory: everyone's tier as a column, and their sum."""
    arms = " ".join(f"WHEN {rule} THEN {i + 1}" for i, rule in enumerate(TIERS[name]))

    def task(db, source, _):
        db.execute(f"CREATE TABLE t AS FROM {CUSTOMERS.format(source)}")
        best = float("inf")
        for _ in range(5):
            began = time.monotonic()
            db.execute(f"CREATE OR REPLACE TABLE r AS SELECT CASE {arms} ELSE 0 END AS tier FROM t")
            n, total = db.execute("SELECT count(*), cast(sum(tier) AS BIGINT) FROM r").fetchone()
            best = min(best, time.monotonic() - began)
        return best, n, total
    return task


# bench/rules/campaigns.lua without its limits: what is scarce, SQL cannot say.
VALUE = "CASE WHEN clv >= 24000 THEN 'A' WHEN clv >= 12000 THEN 'B' ELSE 'C' END"
RHYTHM = """CASE WHEN orders >= 30 AND recency_days < 100 THEN 'often'
                WHEN recency_days < 200 THEN 'now' ELSE 'rarely' END"""
SIZE = """CASE WHEN spend >= 20000 THEN 'large' WHEN spend >= 8000 THEN 'middle'
              ELSE 'small' END"""


def minor(amount):
    return f"cast(round_even(({amount}) * 100, 0) AS BIGINT)"


def offer(i):
    """Cost and value of a campaign, NULL where it is not offered."""
    when = f"""(value = '{"ABC"[i % 3]}' OR rhythm = 'often') AND orders >= {i}
               AND recency_days < {30 * i + 100} AND NOT (size = 'small' AND orders < {i + 3})"""
    cost = minor(f"{i} + cast(0.01 AS DOUBLE) * orders")
    value = minor(f"cast(0.00{i % 9 + 1} AS DOUBLE) * clv + {i % 4} * orders")
    return f"{cost} AS cost{i}, CASE WHEN {when} THEN {value} END AS value{i}"


# The first by date has the credit for a friend. (Nobody in this base closes a ring.)
REWARDS = """
CREATE OR REPLACE TABLE w AS
WITH e AS (SELECT *, row_number() OVER (PARTITION BY referee ORDER BY date, referrer) AS place,
                  count(*) OVER (PARTITION BY referrer, date) AS same_day FROM g),
     b AS (SELECT *, max(same_day) OVER (PARTITION BY referrer) AS busiest FROM e),
     f AS (SELECT referrer, referee, {value} AS class, r.clv AS own, t.clv
           FROM b JOIN (SELECT customer AS referee, clv, spend FROM t) AS t USING (referee)
                  JOIN (SELECT customer AS referrer, clv FROM t) AS r USING (referrer)
           WHERE place = 1 AND busiest <= 3 AND date + 30 <= {today} AND spend >= 1000)
SELECT referrer, referee, {worth} AS value,
       CASE class WHEN 'A' THEN 30000 WHEN 'B' THEN {share} ELSE 5000 END AS to_referrer,
       CASE class WHEN 'A' THEN 30000 WHEN 'B' THEN {share} ELSE 0 END AS to_friend
FROM f""".format(value=VALUE.replace("clv", "t.clv"), today=TODAY,
                 worth=minor("cast(0.1 AS DOUBLE) * clv"),
                 share=minor("20 + cast(0.01 AS DOUBLE) * own"))


def offers(db, source, _):
    """The best of five, over columns in memory: everyone's best offer as columns, the rewards of
    referrals, and their sums."""
    campaigns = range(1, 13)
    nets = [f"value{i} - cost{i}" for i in campaigns]
    arms = " ".join(f"WHEN {net} = net THEN {i}" for i, net in enumerate(nets, 1))
    both = [" ".join(f"WHEN {i} THEN {what}{i}" for i in campaigns) for what in ("cost", "value")]
    query = f"""
      CREATE OR REPLACE TABLE r AS
      WITH c AS (SELECT *, {VALUE} AS value, {RHYTHM} AS rhythm, {SIZE} AS size FROM t),
           n AS (SELECT customer, {", ".join(offer(i) for i in campaigns)} FROM c),
           b AS (SELECT *, greatest({", ".join(nets)}) AS net FROM n),
           p AS (SELECT *, CASE WHEN net IS NULL THEN 0 {arms} END AS pick FROM b)
      SELECT customer, pick, CASE pick {both[0]} END AS cost, CASE pick {both[1]} END AS value FROM p"""
    db.execute(f"CREATE TABLE t AS FROM {CUSTOMERS.format(f'{source}/customers.csv')}")
    db.execute(f"CREATE TABLE g AS FROM {REFERRALS.format(f'{source}/referrals.csv')}")
    best = float("inf")
    for _ in range(5):
        began = time.monotonic()
        db.execute(query)
        db.execute(REWARDS)
        best = min(best, time.monotonic() - began)
    offered = db.execute("""SELECT count(*), count(*) FILTER (pick > 0),
      cast(sum(cost) AS BIGINT), cast(sum(value) AS BIGINT) FROM r""").fetchone()
    rewarded = db.execute("""SELECT count(*), cast(sum(to_referrer + to_friend) AS BIGINT),
      cast(sum(value) AS BIGINT) FROM w""").fetchone()
    return best, *offered, *rewarded


TASKS = {"keep": keep, "find": find, "load": load, "rfm": rfm, "measure": measure,
         "score": score, "tiers": rules("tiers"), "mixed": rules("mixed"), "offers": offers}

start = time.monotonic()
task, source, out, threads = sys.argv[1:5]
connection = duckdb.connect()
connection.execute(f"SET threads = {threads}; SET enable_progress_bar = false")
print(*TASKS[task](connection, source, out))
