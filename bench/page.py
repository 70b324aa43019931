"""Tables as text, and docs/benchmarks.md, whose part between the markers is what a run printed."""
import datetime
import os
import platform
import subprocess

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def cells(row):
    return "| " + " | ".join(str(cell) for cell in row) + " |"


def table(title, head, rows):
    return "\n".join([f"\n### {title}\n", cells(head), cells("---" for _ in head),
                      *map(cells, rows)])


def processor():
    with open("/proc/cpuinfo") as file:
        return next(line.split(":")[1].strip() for line in file if line.startswith("model name"))


def heading(root, bench):
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=root, text=True,
                            capture_output=True, check=False).stdout.strip()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    peers = ", ".join(f"{name} {version}" for name, version in bench.peers.versions.items())
    left = "".join(f" Without {name}, which could not be had." for name in bench.peers.missing)
    return (f"Measured on {datetime.date.today()} with Patron at {commit}, on a machine with "
            f"{os.cpu_count()} processors ({processor()}, {platform.machine()}), {memory:.0f} GiB "
            f"and Linux {platform.release().split('-')[0]}. Peers: {peers}. Median (least .. most) of "
            f"{bench.options.rounds} rounds; below 1 Patron is faster or takes less, above 1 (in "
            f"bold) it loses.{left}")


def write(path, text):
    page = path.read_text()
    head, tail = page[:page.index(BEGIN) + len(BEGIN)], page[page.index(END):]
    path.write_text(f"{head}\n\n{text}\n\n{tail}")
