"""The base that loading and RFM are measured on, with its dataset.json and the peer's program."""
import json
import os

DATASET = {
    "name": "bench", "as_of": "2025-01-01", "currency": "CNY",
    "tables": {"transactions": {"file": "transactions.csv", "columns": {
        "customer": {"type": "label"}, "date": {"type": "date", "format": "YYYY-MM-DD"},
        "amount": {"type": "money"}, "quantity": {"type": "integer"},
        "product": {"type": "label"}, "line": {"type": "integer"}}}},
}

# Spend and pace differ widely between customers, as they do: a few buy most.
MAKE = """
SET threads = 2; SELECT setseed(0.5);
COPY (SELECT 'C' || lpad(cast(customer AS VARCHAR), 7, '0') AS customer,
             date '2022-01-01' + cast(floor(random() * 1096) AS INTEGER) AS date,
             round(exp(2 + 2 * random() + random()), 2) AS amount,
             1 + cast(floor(random() * 5) AS INTEGER) AS quantity,
             'P' || lpad(cast(cast(floor(1000 * random() * random()) AS INTEGER) AS VARCHAR), 4, '0')
               AS product,
             range AS line
      FROM (SELECT range, cast(floor({customers} * random() * random()) AS INTEGER) AS customer
            FROM range({rows})))
TO '{path}' (HEADER)
"""


def add_options(parser):
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--rows", type=int, default=10, help="transactions a customer, on average")
    parser.add_argument("--runs", type=int, default=5)


def make(folder, options, peer):
    """Fills the folder; returns the path of the transactions."""
    import duckdb

    path = f"{folder}/transactions.csv"
    rows = options.customers * options.rows
    duckdb.execute(MAKE.format(customers=options.customers, rows=rows, path=path))
    with open(f"{folder}/dataset.json", "w") as file:
        json.dump(DATASET, file)
    with open(f"{folder}/peer.py", "w") as file:
        file.write(peer)
    print(f"{rows:,} transactions of {options.customers:,} customers, "
          f"{os.path.getsize(path) / 1e6:.0f} MB; DuckDB {duckdb.__version__}")
    return path
