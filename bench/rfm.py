"""RFM of a large base from CSV to CSV: Patron against DuckDB, as whole processes in turn.

Both read the same file of transactions with declared types, group it by customer, score recency,
frequency and money into five bins each (type-7 quantiles), and write one row a customer. The two
results must be equal before any time is printed. Needs Python 3 and `pip install duckdb`.

    python3 bench/rfm.py [--customers 500000] [--rows 10] [--runs 5] [--patron build/release/patron]
"""
import argparse
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time

import base

PEER = """
import duckdb, sys
path, out, threads = sys.argv[1:4]
db = duckdb.connect()
db.execute(f"SET threads = {threads}")
db.execute(f'''CREATE TABLE t AS SELECT * FROM read_csv('{path}', header = true, columns = {{
  'customer': 'VARCHAR', 'date': 'DATE', 'amount': 'DECIMAL(18,2)', 'quantity': 'INTEGER',
  'product': 'VARCHAR', 'line': 'BIGINT'}})''')
db.execute(f'''COPY (
  WITH c AS (SELECT customer, date '2025-01-01' - max(date) AS recency_days, count(*) AS orders,
                    sum(amount) AS spend FROM t GROUP BY customer),
       q AS (SELECT quantile_cont(recency_days, [0.2, 0.4, 0.6, 0.8]) AS r,
                    quantile_cont(orders, [0.2, 0.4, 0.6, 0.8]) AS f,
                    quantile_cont(cast(spend AS DOUBLE), [0.2, 0.4, 0.6, 0.8]) AS m FROM c)
  SELECT customer, recency_days, orders, spend,
         5 - len(list_filter(r, lambda x: recency_days > x)) AS r_score,
         1 + len(list_filter(f, lambda x: orders > x)) AS f_score,
         1 + len(list_filter(m, lambda x: cast(spend AS DOUBLE) > x)) AS m_score
  FROM c, q ORDER BY customer) TO '{out}' (HEADER)''')
"""


def run(command):
    """Wall seconds, processor seconds and peak memory in MB of one process."""
    start = time.monotonic()
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def spread(values):
    return f"{statistics.median(values):6.2f}  ({min(values):.2f} .. {max(values):.2f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    base.add_options(parser)
    parser.add_argument("--patron", default="build/release/patron")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        path = base.make(folder, options, PEER)
        metrics = "recency_days,orders,spend,r_score,f_score,m_score"
        for threads in (1, 2):
            ours = [options.patron, "measure", folder, "--metrics", metrics, "--threads",
                    str(threads), "-o", f"{folder}/patron.csv"]
            peer = [sys.executable, f"{folder}/peer.py", path, f"{folder}/duckdb.csv", str(threads)]
            run(ours), run(peer)
            if sha256(f"{folder}/patron.csv") != sha256(f"{folder}/duckdb.csv"):
                sys.exit("the results differ: no time is worth printing")
            pairs = [(run(ours), run(peer)) for _ in range(options.runs)]
            print(f"{threads} thread{'s' if threads > 1 else ''}, Patron / DuckDB, "
                  f"median (least .. most) of {options.runs} pairs")
            for k, name in enumerate(("wall", "processor", "peak memory")):
                print(f"  {name:12} {spread([a[k] / b[k] for a, b in pairs])}")


main()
