"""numpy's side of the months under bench/rules/retention.lua: the same random words, the same columns
that change, the same rules, a column at a time. Its clock begins when the columns are there.

    python3 months.py FOLDER MONTHS RUNS
"""
import pathlib
import sys
import time

import numpy as np

folder, months, runs = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
SEED, STREAM, WORD = 1, 0x4D000000, np.uint64(0xFFFFFFFF)
HIGH = np.uint64(32)
HIGH_POTENTIAL = 0  # labels stand in the order of their bytes


def column(name, kind=np.float64):
    return np.fromfile(folder / name, kind)


def by_month(name):
    return column(name).reshape(months, -1)


luck = column("luck", np.uint64)
amount, earned = column("amount", np.int64), column("earned", np.int64)
pace, kept, stay = column("pace"), column("kept"), column("stay")  # of the last: by run
potential, fee = column("potential"), column("annual_fee")
complaints = column("complaints")
open_to_calls = (column("opted_out") == 0) & (column("in_collections") == 0)
tenure, fee_in = by_month("tenure_months"), by_month("fee_in")
margin, margin_12m = by_month("margin"), by_month("margin_12m")
uses_3m, uses_3m_ago = by_month("uses_3m"), by_month("uses_3m_ago")
n = len(luck)


def words(run, pair):
    """Philox4x32-10, all customers at once."""
    x = [np.full(n, pair, np.uint64), np.full(n, STREAM | run, np.uint64), luck & WORD, luck >> HIGH]
    key = [SEED, 0]
    for _ in range(10):
        a, b = np.uint64(0xD2511F53) * x[0], np.uint64(0xCD9E8D57) * x[2]
        x = [(b >> HIGH) ^ x[1] ^ np.uint64(key[0]), b & WORD,
             (a >> HIGH) ^ x[3] ^ np.uint64(key[1]), a & WORD]
        key = [(key[0] + 0x9E3779B9) & 0xFFFFFFFF, (key[1] + 0xBB67AE85) & 0xFFFFFFFF]
    return x


def purchases(word):
    """Poisson by inversion."""
    u = (word + 0.5) * 2.0 ** -32
    term, count = none.copy(), np.zeros(n, np.int64)
    more = np.flatnonzero(u >= term)
    while len(more):
        u[more] -= term[more]
        count[more] += 1
        term[more] *= pace[more] / count[more]
        more = more[u[more] >= term[more]]
    return count


def window(bought, month, last, ending):
    first, end = max(0, month - ending - last), max(0, month - ending)
    return bought[first:end].sum(axis=0)


start = time.perf_counter()
none = np.exp(-pace)
sums, classes = np.zeros(5, np.int64), np.zeros(3, np.int64)
for run in range(runs):
    odds = kept * stay[run]
    leave = np.rint((1 - (odds / (1 - kept + odds)) ** (1 / 12)) * 2.0 ** 32)
    there = np.ones(n, bool)
    bought = np.zeros((months, n), np.int64)
    total = np.zeros(n, np.int64)
    for month in range(months):
        old, young = tenure[month] >= 12, tenure[month] < 6
        brings = margin[month] + total * earned / 100
        falls = (uses_3m[month] + window(bought, month, 3, 0)
                 <= 0.5 * (uses_3m_ago[month] + window(bought, month, 3, 3)))
        year = margin_12m[month] + window(bought, month, 12, 0) * earned / 100
        tiers = np.where(brings >= 1500, 0, np.where(brings >= 600, 1, 2))
        classes += np.bincount(tiers[there], minlength=3)
        wins = there & open_to_calls
        waive = wins & young & (fee_in[month] <= 30) & (potential == HIGH_POTENTIAL) & ~np.isnan(fee)
        right = (wins & ~young & (tenure[month] < 12) & (complaints > 0) & (brings >= 600)
                 & ~np.isnan(year))
        lift = wins & old & falls & (brings >= 600) & ~np.isnan(year)
        ends = there & old & (fee_in[month] <= 30) & (brings < 600)
        if month % 2 == 0:
            word = words(run, month // 2)
        there &= word[month % 2 * 2] >= leave
        bought[month] = np.where(there, purchases(word[month % 2 * 2 + 1]), 0)
        total += bought[month]
        sums += (there.sum(), waive.sum() + right.sum() + lift.sum(), (bought[month] * amount).sum(),
                 (bought[month] * earned).sum(),
                 int(np.rint(fee[waive] * 100).sum()) + 4000 * right.sum() + 15000 * lift.sum())
seconds = time.perf_counter() - start
print(f"{seconds:.6f}", *sums, *classes)
