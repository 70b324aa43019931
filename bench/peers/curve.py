"""numpy's side of the budget curve: every customer's hull, a column at a time, then one sort of all
steps. Its clock begins when the columns are there.

    python3 curve.py CUSTOMERS
"""
import sys
import time

import numpy as np

OFFERS, COST_MOST, VALUE_MOST = 5, 1000, 100000


def mix(x):
    x = x + np.uint64(0x9e3779b97f4a7c15)
    x = (x ^ x >> np.uint64(30)) * np.uint64(0xbf58476d1ce4e5b9)
    x = (x ^ x >> np.uint64(27)) * np.uint64(0x94d049bb133111eb)
    return x ^ x >> np.uint64(31)


def columns(customers):
    costs, values = [], []
    for k in range(OFFERS):
        bits = mix(np.arange(customers, dtype=np.uint64) * np.uint64(OFFERS) + np.uint64(k))
        costs.append(((bits & np.uint64(0xffffffff)) % np.uint64(COST_MOST)).astype(np.int32) + 1)
        values.append((bits >> np.uint64(32)).astype(np.int64) % VALUE_MOST)
    return costs, [value.astype(np.int32) for value in values]


def steps(costs, values):
    """From nothing on always the steepest way up: the upper hull, one step of everybody at a time.
    Of equally steep ways the longest."""
    n = len(costs[0])
    at_cost, at_value = np.zeros(n, np.int32), np.zeros(n, np.int32)
    all_costs, all_values = [], []
    for _ in range(OFFERS):
        slope = np.zeros(n)
        to_cost, to_value = at_cost.copy(), at_value.copy()
        for cost, value in zip(costs, values):
            with np.errstate(divide="ignore", invalid="ignore"):
                own = (value - at_value) / (cost - at_cost)
            up = (cost > at_cost) & (value > at_value)
            better = up & ((own > slope) | ((own == slope) & (value > to_value)))
            slope = np.where(better, own, slope)
            to_cost, to_value = np.where(better, cost, to_cost), np.where(better, value, to_value)
        moved = slope > 0
        if not moved.any():
            break
        all_costs.append((to_cost - at_cost)[moved])
        all_values.append((to_value - at_value)[moved])
        at_cost, at_value = to_cost, to_value
    return np.concatenate(all_costs), np.concatenate(all_values)


def main():
    costs, values = columns(int(sys.argv[1]))
    start = time.monotonic()
    cost, value = steps(costs, values)
    order = np.argsort(-(value / cost))
    spent, earned = np.cumsum(cost[order], dtype=np.int64), np.cumsum(value[order], dtype=np.int64)
    seconds = time.monotonic() - start
    figures = [int(spent[-1]), int(earned[-1])]
    for part in (4, 2):
        budget = int(spent[-1]) // part
        i = int(np.searchsorted(spent, budget, side="right"))
        rest = budget - int(spent[i - 1])
        figures.append(int(earned[i - 1]) + int(value[order[i]]) * rest // int(cost[order[i]]))
    print(f"{seconds:.6f}", *figures)


main()
