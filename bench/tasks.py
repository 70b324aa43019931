"""What is measured. A measurement gives its title, the head of its table, and the table's rows."""
import pathlib
import statistics
import subprocess

import base
import race
import same

RFM = "recency_days,orders,spend,r_score,f_score,m_score"
TWENTY = ("first_purchase,last_purchase,orders,purchase_days,units,spend,mean_order_value,"
          "recency_days,tenure_days,tenure_months,mean_gap_days,rf_ratio,rf_warning,r_score,"
          "f_score,m_score,rfm,rfm_segment,spend_share,abc_class")

WRITERS = ("rfm", "measure", "score")  # tasks whose result is a file


class Bench:
    def __init__(self, root, peers, options):
        self.root, self.peers, self.options = root, peers, options
        self.home = root / "build/bench"
        self.patron = root / "build/release/patron"
        self.inside = root / "build/release/bench_inside"
        self.held = root / "build/release/bench_held"
        self.one = root / "build/release/bench_one"
        self.curve = root / "build/release/bench_curve"
        self.here = pathlib.Path(__file__).parent
        self.wrong = []

    def data(self, customers=None, rows=10):
        try:
            return base.transactions(self.home, self.peers.python,
                                     customers or self.options.customers, rows)
        except (OSError, subprocess.CalledProcessError) as error:
            raise race.Failed("DuckDB, which makes the base, is missing or failed") from error

    def verb(self, *words, threads):
        """The program with a verb that writes rows, timed from outside."""
        out = self.home / "patron.csv"
        command = [self.patron, *words, "--threads", threads, "-o", out]
        return race.Contestant("Patron", command, own_clock=False, out=out)

    def library(self, name, task, source, threads, out=None):
        """DuckDB or polars at that task."""
        script = {"duckdb": "duck.py", "polars": "polar.py"}[name]
        out = out or self.home / f"{name}.csv"
        command = [self.peers.python, self.here / "peers" / script, task, source, out, threads]
        return race.Contestant(name, command, out=out if task in WRITERS else "")

    def has(self, name):
        return name in self.peers.versions

    def libraries(self, task, source, threads):
        return [self.library(name, task, source, threads) for name in ("duckdb", "polars")
                if self.has(name)]

    def agree(self, what, ours, theirs):
        """Runs a peer once; None if it is fit for the race, else what is said in its place."""
        try:
            run = race.run(theirs, 2)
        except race.Failed as failed:
            return f"failed: {failed}"
        if theirs.out:
            wrong = same.first_difference(self.home / "patron.csv", theirs.out)
        else:
            wrong = run.figures != ours.figures[:len(run.figures)] and (ours.figures, run.figures)
        if not wrong:
            return None
        self.wrong.append(f"{what}, {theirs.name}: {wrong}")
        return "the results differ"

    def fit(self, what, threads, ours, peers):
        """The peers whose results are ours, and rows that say why the others are not among them."""
        checked = race.run(ours, threads)
        excuses = [(peer, self.agree(what, checked, peer)) for peer in peers]
        return ([peer for peer, excuse in excuses if not excuse],
                [[what, threads, peer.name, excuse, ""] for peer, excuse in excuses if excuse])

    def rows(self, what, threads, ours, peers, rounds=None):
        """One row a peer: checked, then raced."""
        fit, rows = self.fit(what, threads, ours, peers)
        runs = race.race([ours, *fit], threads, rounds or self.options.rounds)
        for peer in fit:
            rows.append([what, threads, peer.name] + [
                race.spread(race.ratios(runs[ours.name], runs[peer.name], measure))
                for measure in ("seconds", "memory")])
        return rows


HEAD = ["what", "threads", "peer", "time, Patron / peer", "memory, Patron / peer"]


def data_work(title, task, ours):
    """A measurement on transactions, with one thread and with two."""
    def measure(bench):
        folder = bench.data()
        rows = []
        for threads in (1, 2):
            rows += bench.rows(title, threads, ours(bench, folder, threads),
                               bench.libraries(task, folder / "transactions.csv", threads))
        return f"{title}, {bench.options.customers:,} customers", HEAD, rows
    return measure


def load(bench, folder, threads):
    return race.Contestant("Patron", [bench.inside, "load", folder, threads])


def rfm(bench, folder, threads):
    return bench.verb("measure", folder, "--metrics", RFM, threads=threads)


def measure(bench, folder, threads):
    return bench.verb("measure", folder, "--metrics", TWENTY, threads=threads)


def score(bench, folder, threads):
    return bench.verb("score", folder, bench.here / "score.lua", threads=threads)


def tiers(bench, policy, folder, threads):
    return race.Contestant("Patron", [bench.inside, "tiers", folder,
                                      bench.here / f"rules/{policy}.lua", threads])


def node(bench, script, name, task, source):
    return race.Contestant(name, ["node", bench.here / "peers" / script, task, source])


def rules(bench):
    """Columns against columns on many customers, and against engines of one record on fewer."""
    rows = []
    many = base.customers(bench.home, 2 * bench.options.customers)
    few = base.customers(bench.home, bench.options.customers // 5)
    engines = [("@gorules/zen-engine", "zen.js"), ("json-logic-engine", "json_logic.js")]
    for task in ("tiers", "mixed"):
        rows += bench.rows(f"{task}, many", 1, tiers(bench, task, many, 1),
                           bench.libraries(task, many / "customers.csv", 1))
        rows += bench.rows(f"{task}, few", 1, tiers(bench, task, few, 1),
                           [node(bench, script, name, task, few / "customers.csv")
                            for name, script in engines if bench.has(name)])
    title = (f"Five rules as expressions: {2 * bench.options.customers:,} customers (many) "
             f"and {bench.options.customers // 5:,} (few)")
    return title, HEAD[:-1], [row[:-1] for row in rows]


KEPT = {"duckdb": "duckdb", "polars": "arrow"}  # a peer's own kind of file


def kept(bench, folder, name):
    """The transactions in a peer's own file."""
    path, fresh = (folder / f"{prefix}transactions.{KEPT[name]}" for prefix in ("", "new-"))
    if not path.exists():
        race.run(bench.library(name, "keep", folder / "transactions.csv", 2, fresh), 2)
        fresh.rename(path)
    return path


def packed(bench, folder):
    path = folder / "base.patron"
    race.run(race.Contestant("Patron", [bench.patron, "pack", folder, "-o", path], False), 2)
    return path


def start(bench):
    """Everyone from a file of its own kind: RFM of all customers, and figures of one."""
    folder, rows = bench.data(), []
    names = [name for name in KEPT if bench.has(name)]
    snapshot, files = packed(bench, folder), {name: kept(bench, folder, name) for name in names}
    for threads in (1, 2):
        rows += bench.rows("RFM from its own file", threads, rfm(bench, snapshot, threads),
                           [bench.library(name, "rfm", files[name], threads) for name in names])
    rows += bench.rows("cold start", 1, find(bench, snapshot),
                       [bench.library(name, "find", files[name], 1, CUSTOMER) for name in names])
    return f"Snapshot, {bench.options.customers:,} customers", HEAD, rows


CUSTOMER = "C00000007"


def find(bench, snapshot):
    return race.Contestant("Patron", [bench.one, bench.patron, snapshot,
                                      bench.here / "rules/open.lua", CUSTOMER,
                                      "orders,spend,recency_days"], own_clock=False)


LIMIT = 150e-9  # seconds a customer and core that rules in functions may take


def functions(bench):
    count = 2 * bench.options.customers
    folder = base.customers(bench.home, count)
    loop = race.Contestant("Lua's own loop", ["lua5.4", bench.here / "peers/loop.lua",
                                              folder / "customers.csv"])
    rows = []
    for threads in (1, 2):
        expressions = tiers(bench, "tiers", folder, threads)
        expressions.name = "the same as expressions"
        ours = tiers(bench, "functions", folder, threads)
        what = f"functions, {count:,} customers"
        rows += bench.rows(what, threads, ours, [loop, expressions] if threads == 1
                           else [expressions])
        runs = race.race([ours], threads, bench.options.rounds)[ours.name]
        rows.append([what, threads, "150 ns a customer and core", race.spread(
            [run.seconds * threads / count / LIMIT for run in runs]), ""])
    return "The same five rules as functions", HEAD[:-1], [row[:-1] for row in rows]


SECOND = 1.0  # that 1,000,000 customers, 3 systems of tiers, 12 scarce campaigns and 300,000
# referrals may take


def offers(bench):
    """Against SQL as far as that can say it, without limits; with them, against a second."""
    count = 2 * bench.options.customers
    folder = base.friends(bench.home, count)
    plenty = bench.here / "rules/campaigns.lua"
    scarce = bench.home / "scarce.lua"
    scarce.write_text(plenty.read_text().replace("LIMITED = false", "LIMITED = true"))
    rows = []
    for threads in (1, 2):
        ours = race.Contestant("Patron", [bench.inside, "offers", folder, plenty, threads])
        limited = race.Contestant("Patron", [bench.inside, "offers", folder, scarce, threads])
        rows += bench.rows("without limits", threads, ours,
                           [bench.library("duckdb", "offers", folder, threads)]
                           if bench.has("duckdb") else [])
        runs = race.race([limited], threads, bench.options.rounds)["Patron"]
        rows.append(["budgets and caps", threads, "1 s a million customers", race.spread(
            [run.seconds / (SECOND * count / 1_000_000) for run in runs]), ""])
    rows.append(clauses(bench, folder, scarce))
    title = (f"Three systems of tiers, twelve campaigns and {3 * count // 10:,} referrals, "
             f"{count:,} customers")
    return title, HEAD[:-1], [row[:-1] for row in rows]


def clauses(bench, folder, policy):
    """What it takes to score and write when what every clause came to is written, too."""
    without = bench.verb("score", folder, policy, threads=2)
    recording = bench.verb("score", folder, policy, "--clauses", bench.home / "key.json", threads=2)
    recording.name = "with clauses"
    runs = race.race([recording, without], 2, bench.options.rounds)
    ratios = race.ratios(runs[recording.name], runs[without.name], "seconds")
    return ["score, clauses kept", 2, "score without them", race.spread(ratios), ""]


PAGE = 2.0  # seconds that the first page of a simulation may take, for 1,000,000 customers on two cores


LONG = 3  # rounds of what takes many seconds


def forecast(bench):
    """The first page once the data are loaded: 5 offers, 4,000 draws. It has no peer, but a limit."""
    count = 2 * bench.options.customers
    data, rows = base.bank(bench.home, bench.patron, count), []
    for threads in (1, 2):
        ours = race.Contestant("Patron", [
            bench.held, bench.patron, data, "simulate", bench.here / "rules/forecast.lua",
            "--draws", "4000", "--threads", threads])
        runs = race.race([ours], threads, min(bench.options.rounds, LONG))["Patron"]
        rows.append(["five offers, 4,000 draws", threads, "2 s a million customers", race.spread(
            [run.seconds / (PAGE * count / 1_000_000) for run in runs])])
    return f"The first page of a simulation, {count:,} customers", HEAD[:-1], rows


def median(runs, measure):
    return statistics.median(getattr(run, measure) for run in runs)


def growth(bench):
    """RFM with two threads over three bases: what a customer takes, in the smallest being 1."""
    sizes, runs, opened = bench.options.sizes, {}, {}
    for size in sizes:
        folder = bench.data(size, 5)
        ours = rfm(bench, folder, 2)
        fit, excuses = bench.fit(f"RFM of {size:,}", 2, ours,
                                 bench.libraries("rfm", folder / "transactions.csv", 2))
        for row in excuses:
            print(*row)
        rounds = bench.options.rounds if size < 10_000_000 else 1
        for name, each in race.race([ours, *fit], 2, rounds).items():
            for measure in ("seconds", "memory"):
                runs[name, measure, size] = median(each, measure) / size
        opening = [find(bench, packed(bench, folder))]
        opened[size] = median(race.race(opening, 1, bench.options.rounds)["Patron"], "seconds")
    rows = [[measure.replace("seconds", "time"), name]
            + [f"{runs[name, measure, size] / runs[name, measure, sizes[0]]:.2f}"
               if (name, measure, size) in runs else "–" for size in sizes]
            for measure in ("seconds", "memory") for name in ("Patron", "duckdb", "polars")
            if (name, measure, sizes[0]) in runs]
    against = [[f"{measure.replace('seconds', 'time')}, Patron / peer", name]
               + [race.mark(runs["Patron", measure, size] / runs[name, measure, size])
                  if (name, measure, size) in runs else "–" for size in sizes]
               for measure in ("seconds", "memory") for name in ("duckdb", "polars")]
    cold = ["cold start (not for each customer)", "Patron"]
    cold += [f"{opened[size] / opened[sizes[0]]:.2f}" for size in sizes]
    head = ["what", "who"] + [f"{size:,}" for size in sizes]
    return "Growth: RFM, 2 threads, for each customer", head, [*rows, cold, *against]


def months(bench):
    """Two years of a bank under its retention policy: against numpy, with the same luck and the same
    rules, and against what was promised for 100,000 customers and 200 runs."""
    count, runs, most = bench.options.customers // 5, 200, 20
    folder = bench.home / f"bank-{count}"
    if not folder.exists():
        subprocess.run([bench.patron, "generate", "bank", "--customers", str(count), "-o", folder],
                       check=True, capture_output=True)
    begun = bench.home / f"months-{count}"
    begun.mkdir(exist_ok=True)
    program, plain = bench.root / "build/release/bench_months", bench.here / "rules/retention.lua"
    race.run(race.Contestant("Patron", [program, folder, plain, 24, 20, 1, begun]), 1)
    rounds, rows = min(bench.options.rounds, LONG), []
    few = race.Contestant("Patron", [program, folder, plain, 24, 20, 1])
    numpy = race.Contestant("numpy", [bench.peers.python, bench.here / "peers/months.py", begun,
                                      24, 20])
    if bench.has("numpy"):
        rows += bench.rows("20 runs", 1, few, [numpy], rounds)
    policy = bench.root / "policies/card-retention.lua"
    ours = race.Contestant("Patron", [program, folder, policy, 24, runs, 2])
    each = race.race([ours], 2, rounds)["Patron"]
    rows.append([f"{runs} runs, effects and all", 2, "20 s for 100,000 customers",
                 race.spread([run.seconds / most / (count / 100_000) for run in each]), ""])
    return f"24 months of {count:,} customers under the bank's retention policy", HEAD, rows


def budget(bench):
    """The whole curve of a budget: against numpy, which has no room for more, on a tenth of them,
    and of all against what was promised for ten million."""
    count, offers, most, room = 20 * bench.options.customers, 5, 3, 500_000_000
    rounds, rows = min(bench.options.rounds, LONG), []
    few = race.Contestant("Patron", [bench.curve, count // 10, 1])
    numpy = race.Contestant("numpy", [bench.peers.python, bench.here / "peers/curve.py",
                                      count // 10])
    if bench.has("numpy"):
        rows += bench.rows(f"of {count // 10:,}", 1, few, [numpy], rounds)
    for threads in (1, 2):
        ours = race.Contestant("Patron", [bench.curve, count, threads])
        runs = race.race([ours], threads, rounds)["Patron"]
        columns, scale = 2 * 4 * offers * count, count / 10_000_000
        rows.append(["of all, and two budgets' optima in memory", threads,
                     "3 s and 500 MB beyond the columns, for ten million",
                     race.spread([run.seconds / most / scale for run in runs]),
                     race.spread([(run.memory - columns) / room / scale for run in runs])])
    return f"Budget curve: {count:,} customers with {offers} offers", HEAD, rows


def limits(bench):
    """The page with the best use of a budget where caps, classes and capacities are scarce, too: of
    many, and of as few as a sample has, where the curve is what takes time. It has no peer."""
    rows = []
    policy = bench.home / "limits.lua"
    rules = (bench.here / "rules/limits.lua").read_text()
    many = 2 * bench.options.customers
    for count, most in ((many // 50, 1), (many, PAGE * many / 1_000_000)):
        data = base.bank(bench.home, bench.patron, count)
        policy.write_text(rules.replace("1000000", str(count)))
        for threads in (1, 2):
            ours = race.Contestant("Patron", [
                bench.held, bench.patron, data, "simulate", policy, "--draws", "100",
                "--budget", count // 2, "--threads", threads])
            runs = race.race([ours], threads, min(bench.options.rounds, LONG))["Patron"]
            rows.append([f"of {count:,}", threads, f"{most:g} s",
                         race.spread([run.seconds / most for run in runs])])
    return "The best use of a budget under five limits more", HEAD[:-1], rows


ALL = {"load": data_work("load", "load", load), "rfm": data_work("RFM", "rfm", rfm),
       "rules": rules, "functions": functions, "offers": offers,
       "forecast": forecast, "budget": budget, "limits": limits, "months": months,
       "measure": data_work("20 metrics", "measure", measure),
       "score": data_work("score", "score", score), "start": start, "growth": growth}
