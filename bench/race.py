"""Contestants run in turn, each in a process of its own that is held to as many processors as it has
threads. In a round everyone runs once, and the next round goes the other way; a ratio is taken
within a round, so that what slows the machine for a while slows both sides."""
import dataclasses
import os
import statistics
import subprocess
import threading
import time


@dataclasses.dataclass
class Contestant:
    name: str
    command: list
    own_clock: bool = True  # its first word is its seconds; else the whole process counts
    out: str = ""           # the file that it writes


@dataclasses.dataclass
class Run:
    seconds: float
    memory: int  # the most anonymous memory at once, in bytes
    figures: list  # the words that it printed, behind its seconds


class Failed(Exception):
    pass


def anonymous(pid):
    """Not what it maps of files: that is the page cache's, and given back at need."""
    try:
        with open(f"/proc/{pid}/status") as file:
            return sum(int(line.split()[1]) * 1024 for line in file
                       if line.startswith(("RssAnon:", "RssShmem:")))
    except OSError:
        return 0


def run(contestant, threads):
    processors = sorted(os.sched_getaffinity(0))[:threads]
    start = time.monotonic()
    process = subprocess.Popen(
        [str(word) for word in contestant.command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, preexec_fn=lambda: os.sched_setaffinity(0, processors))
    most, over = 0, threading.Event()

    def watch():
        nonlocal most
        while not over.wait(0.005):
            most = max(most, anonymous(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, err = process.communicate()
    seconds = time.monotonic() - start
    over.set()
    watcher.join()
    if process.returncode != 0:
        raise Failed((err.strip() or f"status {process.returncode}").split("\n")[-1])
    words = out.split()
    if contestant.own_clock:
        seconds = float(words.pop(0))
    return Run(seconds, most, words)


def race(contestants, threads, rounds):
    """By name the runs of each; the first of the contestants goes first in the first round."""
    runs = {each.name: [] for each in contestants}
    for number in range(rounds):
        for each in contestants if number % 2 == 0 else reversed(contestants):
            runs[each.name].append(run(each, threads))
    return runs


def ratios(ours, theirs, what):
    return [getattr(a, what) / getattr(b, what) for a, b in zip(ours, theirs)
            if getattr(a, what) and getattr(b, what)]


def spread(values):
    """Median (least .. most)."""
    if not values:
        return "–"
    return f"{mark(statistics.median(values))} ({min(values):.2f} .. {max(values):.2f})"


def mark(ratio):
    """In bold where Patron loses."""
    return f"**{ratio:.2f}**" if ratio > 1 else f"{ratio:.2f}"
