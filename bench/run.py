"""Measures Patron against its peers on this machine: results first, and times only where they agree.

    python3 bench/run.py [NAME...] [--customers N] [--rounds N] [--quick]

Builds the release, gets the peers (in build/bench, of pinned versions), makes the bases, and prints
tables of ratios. A whole run of the usual size also writes them to docs/benchmarks.md.
"""
import argparse
import fcntl
import pathlib
import subprocess
import sys

import page
import race
import tasks
from install import Peers

ROOT = pathlib.Path(__file__).resolve().parent.parent


def alone(folder):
    """Two runs at once would measure each other, and share their files. Held until the end."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = open(folder / "lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        sys.exit("another run is measuring")
    return lock


def build():
    for command in (["cmake", "--preset", "release", "-DPATRON_BENCH=ON"],
                    ["cmake", "--build", "--preset", "release"]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(tasks.ALL))
    parser.add_argument("--customers", type=int, default=500_000)
    parser.add_argument("--rounds", type=int, default=5, help="even ones go the other way")
    parser.add_argument("--quick", action="store_true", help="small and rough: does it all work?")
    options = parser.parse_args()
    for name in options.names:
        if name not in tasks.ALL:
            parser.error(f"no such measurement: {name} ({', '.join(tasks.ALL)})")
    options.whole = not options.names and not options.quick and options.customers == 500_000
    options.sizes = [100_000, 1_000_000, 10_000_000]
    if options.quick:
        options.customers, options.rounds, options.sizes = 20_000, 1, [2_000, 20_000, 200_000]
    return options


def main():
    options = arguments()
    lock = alone(ROOT / "build/bench")
    build()
    bench = tasks.Bench(ROOT, Peers(ROOT / "build/bench"), options)
    for name, why in bench.peers.missing.items():
        print(f"{name} is left out: {why}")
    text = [page.heading(ROOT, bench)]
    print(text[0])
    for name in options.names or tasks.ALL:
        try:
            table = page.table(*tasks.ALL[name](bench))
        except race.Failed as failed:
            table = f"\n### {name}\n\nNot measured: {failed}"
            bench.wrong.append(name)
        print(table, flush=True)
        text.append(table)
    if options.whole:
        page.write(ROOT / "docs/benchmarks.md", "\n".join(text))
        print("docs/benchmarks.md is written")
    if bench.wrong:
        sys.exit(f"not measured: {', '.join(bench.wrong)}")
    lock.close()


main()
