"""Loading and grouping a large CSV: Patron against DuckDB, in turn, and the memory that it takes.

Both read the same file of transactions with declared types, and leave it in memory ordered by
customer and date. Two sums, one of which depends on the order, must agree before any time is
printed. Build the C side first: `cmake --preset release -DPATRON_BENCH=ON && cmake --build --preset
release`. Needs `pip install duckdb`.

    python3 bench/load.py [--customers 500000] [--rows 10] [--runs 5] [--load PROGRAM]
"""
import argparse
import statistics
import subprocess
import sys
import tempfile

import base

PEER = """
import duckdb, sys, time
path, threads = sys.argv[1:3]
db = duckdb.connect()
db.execute(f"SET threads = {threads}")
start = time.monotonic()
db.execute(f'''CREATE TABLE t AS SELECT * FROM read_csv('{path}', header = true, columns = {{
  'customer': 'VARCHAR', 'date': 'DATE', 'amount': 'DECIMAL(18,2)', 'quantity': 'BIGINT',
  'product': 'VARCHAR', 'line': 'BIGINT'}})''')
db.execute("CREATE TABLE g AS SELECT * FROM t ORDER BY customer, date, line")
seconds = time.monotonic() - start
print(seconds, *db.execute('''
  SELECT count(DISTINCT customer), count(*), cast(sum(minor) AS BIGINT),
         cast(sum(minor * (days % 1000) * place) AS BIGINT)
  FROM (SELECT customer, cast(amount * 100 AS BIGINT) AS minor, date - date '1970-01-01' AS days,
               row_number() OVER (PARTITION BY customer ORDER BY date, line) AS place FROM g)
''').fetchone())
"""


def run(command):
    """What the program prints as numbers: seconds first, then the figures that must agree."""
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(out[0]), [int(x) for x in out[1:]]


def peak(command):
    """The most anonymous memory that the process had at once, in bytes, as often as we can look."""
    process, most = subprocess.Popen(command, stdout=subprocess.DEVNULL), 0
    while process.poll() is None:
        with open(f"/proc/{process.pid}/status") as file:
            for line in file:
                if line.startswith("RssAnon:"):
                    most = max(most, int(line.split()[1]) * 1024)
    return most


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    base.add_options(parser)
    parser.add_argument("--load", default="build/release/bench_load")
    options = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        path = base.make(folder, options, PEER)
        for threads in ("1", "2"):
            ours = [options.load, folder, threads]
            peer = [sys.executable, f"{folder}/peer.py", path, threads]
            *figures, held = run(ours)[1]
            if figures != run(peer)[1]:
                sys.exit("the results differ: no time is worth printing")
            ratios = [run(ours)[0] / run(peer)[0] for _ in range(options.runs)]
            print(f"threads {threads}: seconds, Patron / DuckDB {statistics.median(ratios):.2f}  "
                  f"({min(ratios):.2f} .. {max(ratios):.2f}); peak anonymous memory / bytes of the "
                  f"columns {peak(ours) / held:.2f}")


main()
