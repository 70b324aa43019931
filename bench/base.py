"""The bases that everything is measured on, made once and kept."""
import datetime
import json
import pathlib
import random
import subprocess

AS_OF = "2025-01-01"
TRANSACTIONS = {"customer": {"type": "label"}, "date": {"type": "date", "format": "YYYY-MM-DD"},
                "amount": {"type": "money"}, "quantity": {"type": "integer"},
                "product": {"type": "label"}, "line": {"type": "integer"}}
CUSTOMERS = {"customer": {"type": "label"}, "clv": {"type": "number"},
             "recency_days": {"type": "integer"}, "orders": {"type": "integer"},
             "spend": {"type": "money"}, "segment": {"type": "label"}}
REFERRALS = {"referrer": {"type": "label"}, "referee": {"type": "label"},
             "date": {"type": "date", "format": "YYYY-MM-DD"}}

# Spend and pace differ widely between customers, as they do: a few buy most.
MAKE = """
import duckdb
duckdb.execute('''
SET threads = 1; SET enable_progress_bar = false; SELECT setseed(0.5);
COPY (SELECT 'C' || lpad(cast(customer AS VARCHAR), 8, '0') AS customer,
             date '2022-01-01' + cast(floor(random() * 1096) AS INTEGER) AS date,
             round(exp(2 + 2 * random() + random()), 2) AS amount,
             1 + cast(floor(random() * 5) AS INTEGER) AS quantity,
             'P' || lpad(cast(cast(floor(1000 * random() * random()) AS INTEGER) AS VARCHAR), 4, '0')
               AS product,
             range AS line
      FROM (SELECT range, cast(floor({customers} * random() * random()) AS INTEGER) AS customer
            FROM range({rows})))
TO '{path}' (HEADER)''')
"""


def describe(folder, **tables):
    text = {"name": "bench", "as_of": AS_OF, "currency": "CNY",
            "tables": {table: {"file": f"{table}.csv", "columns": columns}
                       for table, columns in tables.items()}}
    (folder / "dataset.json").write_text(json.dumps(text))


def transactions(home, python, customers, rows):
    """A folder with so many transactions a customer, on average; DuckDB makes them."""
    folder = pathlib.Path(home) / f"transactions-{customers}-{rows}"
    if (folder / "dataset.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    make = MAKE.format(customers=customers, rows=customers * rows,
                       path=folder / "transactions.csv")
    subprocess.run([python, "-c", make], check=True)
    describe(folder, transactions=TRANSACTIONS)
    return folder


def customers(home, count):
    """A folder with customers whose columns are given, for the rules."""
    folder = pathlib.Path(home) / f"customers-{count}"
    if (folder / "dataset.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    write_customers(folder / "customers.csv", count)
    describe(folder, customers=CUSTOMERS)
    return folder


def friends(home, count):
    """The same customers, and three referrals for ten of them."""
    folder = pathlib.Path(home) / f"friends-{count}"
    if (folder / "dataset.json").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    write_customers(folder / "customers.csv", count)
    write_referrals(folder / "referrals.csv", count)
    describe(folder, customers=CUSTOMERS, referrals=REFERRALS)
    return folder


def bank(home, patron, count):
    """A bank's card holders, of `patron generate`, packed."""
    folder = pathlib.Path(home) / f"bank-{count}"
    if not (folder / "bank.patron").exists():
        make = [patron, "generate", "bank", "--customers", str(count), "--seed", "7", "-o", folder]
        subprocess.run(make, check=True, capture_output=True)
        subprocess.run([patron, "pack", folder, "-o", folder / "bank.patron"], check=True,
                       capture_output=True)
    return folder / "bank.patron"


def write_customers(path, count):
    draw = random.Random(1).randrange
    with open(path, "w") as file:
        file.write(",".join(CUSTOMERS) + "\n")
        for i in range(count):
            segment = ("high", "low", "mid")[draw(3)] if draw(100) >= 5 else ""
            file.write(f"C{i:08},{draw(3000000) / 100:.2f},{draw(500)},{draw(50)},"
                       f"{draw(3000000) / 100:.2f},{segment}\n")


def write_referrals(path, count):
    """Customers joined in order, and who was there refers who comes. A few bring many, some on one
    day; one friend in seven is referred twice."""
    chance = random.Random(2)
    with open(path, "w") as file:
        file.write(",".join(REFERRALS) + "\n")
        for _ in range(count * 3 // 10):
            friend = 1 + chance.randrange(count - 1)
            referrer = int(friend * chance.random() ** 3)
            day = datetime.date(2024, 1, 1) + datetime.timedelta(chance.randrange(366))
            file.write(f"C{referrer:08},C{friend:08},{day}\n")
