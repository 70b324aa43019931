"""Five expression rules against DuckDB's CASE of five, on one thread, over the same customers.

The checksums must agree before any time is printed. Build the C side first:
`cmake --preset release -DPATRON_BENCH=ON && cmake --build --preset release`. Needs `pip install
duckdb`.

    python3 bench/rules.py [--rows 2000000] [--runs 5] [--rules build/release/bench_rules]
"""
import argparse
import statistics
import subprocess
import sys
import tempfile
import time

SETS = [  # as in rules.c: the first rule that holds gives the number
    ["clv >= 20000 and recency_days < 60 or orders >= 40",
     "clv >= 10000 and recency_days < 90 or orders >= 30",
     "clv >= 5000 and recency_days < 120 or orders >= 20",
     "clv >= 2000 and recency_days < 180 or orders >= 10",
     "clv >= 500 and recency_days < 365"],
    [f"clv >= {x}" for x in (20000, 10000, 5000, 2000, 500)],
    [f"spend >= {x}" for x in (20000, 10000, 5000, 2000, 500)],
    ["segment = 'high' and clv > 100", "cast(spend as double) / orders > 30",
     "recency_days / (orders + 1) > 1.5", "segment in ('low', 'mid') and not (orders < 3)",
     "coalesce(clv, 0) > cast(0.2 as double) * cast(spend as double)"],
]


def case(rules):
    arms = " ".join(f"WHEN {rule} THEN {i + 1}" for i, rule in enumerate(rules))
    return f"SELECT sum(CASE {arms} ELSE 0 END) FROM t"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--rules", default="build/release/bench_rules")
    options = parser.parse_args()
    import duckdb

    db = duckdb.connect()
    db.execute("SET threads = 1")
    with tempfile.NamedTemporaryFile(suffix=".csv") as file:
        subprocess.run([options.rules, str(options.rows), "--csv"], stdout=file, check=True)
        db.execute(f"""CREATE TABLE t AS SELECT * FROM read_csv('{file.name}', header = true,
          columns = {{'clv': 'DOUBLE', 'recency_days': 'BIGINT', 'orders': 'BIGINT',
                     'spend': 'DECIMAL(18,2)', 'segment': 'VARCHAR'}})""")
    ratios = [[] for _ in SETS]
    for _ in range(options.runs):
        lines = subprocess.run([options.rules, str(options.rows)], stdout=subprocess.PIPE,
                               text=True, check=True).stdout.splitlines()
        for k, (line, rules) in enumerate(zip(lines, SETS)):
            words = line.split()
            best = float("inf")
            for _ in range(5):
                start = time.perf_counter()
                checksum = db.execute(case(rules)).fetchone()[0]
                best = min(best, time.perf_counter() - start)
            if int(words[5]) != checksum:
                sys.exit(f"{line}: DuckDB has the checksum {checksum}")
            ratios[k].append((float(words[0]), best * 1e9 / options.rows, " ".join(words[6:])))
    print(f"{options.rows:,} customers, one thread, DuckDB {duckdb.__version__}; "
          "Patron / DuckDB, median (least .. most)")
    for pairs in ratios:
        values = [ours / theirs for ours, theirs, _ in pairs]
        print(f"  {statistics.median(values):5.2f}  ({min(values):.2f} .. {max(values):.2f})  "
              f"{pairs[0][2]}")


main()
