"""What archives cost: CPU, wall and memory of each way to lint one, and octets a row.

    python benchmarks/archive.py                     # 1,000 small captures: check, one process, two, Beam
    python benchmarks/archive.py --only memory       # a small and a large HAR: the peak of memory
    python benchmarks/archive.py --inputs DIRECTORY  # keeps the captures

All commands are run in turns by the Python that runs this, in whose environment httplint is installed as a wheel, with
its extras archive and warc, and beam for the row of Beam. Ratios are those of one round to the row of one process in
the same round; of several rounds the least, and the median.
"""
from __future__ import annotations

import argparse
import itertools
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

import traffic
from speed import CHECK, HTTPLINT, Run, machine, once

from httplint.archive.tables import TABLES

CAPTURES = 1000
"""HARs of an archive."""
LOCAL, PAIR, BEAM = "one process", "two processes", "Beam, FnApiRunner"


def captures(directory: Path, made: Callable[[int], Iterator[str]], number: int) -> Path:
    """HARs of so many entries."""
    if not directory.exists():
        directory.mkdir(parents=True)
        entries = made(CAPTURES * number)
        for one in range(CAPTURES):
            traffic.write(directory / f"{one:04}.har", itertools.islice(entries, number))
    return directory


def commands(archive: Path, out: Path) -> dict[str, list[str]]:
    """Each way to lint an archive; all but the first write the tables into a directory that is not there yet."""
    found = {"check, jsonl": [*CHECK, "--jobs", "1", "--output-format", "jsonl", str(archive)],
             LOCAL: _lint(archive, out, 1), PAIR: _lint(archive, out, 2)}
    if find_spec("apache_beam"):
        found[BEAM] = [sys.executable, "-m", "httplint.archive.beam", "--runner", "FnApiRunner", "--input",
                       f"{archive}/*.har", "--output", str(out)]
    return found


def _lint(archive: Path, out: Path, jobs: int) -> list[str]:
    return [*HTTPLINT, "archive", str(archive), "--isolated", "--out", str(out), "--jobs", str(jobs), "-q"]


def figures(values: Iterable[float]) -> str:
    """The least, and the median."""
    found = list(values)
    return f"{min(found):.2f} ({statistics.median(found):.2f})"


def ways(archive: Path, runs: int) -> None:
    """Prints what each way costs."""
    octets = sum(path.stat().st_size for path in archive.iterdir())
    print(f"\n{CAPTURES:,} HARs, {octets / 1e6:.0f} MB, {archive.name}\n")
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "out"
        rounds: list[dict[str, Run]] = []
        for number in range(runs):
            rounds.append({})
            for name, command in commands(archive, out).items():
                rounds[-1][name] = once(command)
                if name == LOCAL and not number:
                    sizes(out)
                shutil.rmtree(out, ignore_errors=True)
    print("\n| way | CPU, ratio | wall, ratio | CPU s | wall s | peak of a process, MB |\n|---|---|---|---|---|---|")
    for name in rounds[0]:
        print(f"| {name} | {figures(one[name].cpu / one[LOCAL].cpu for one in rounds)} "
              f"| {figures(one[name].wall / one[LOCAL].wall for one in rounds)} "
              f"| {figures(one[name].cpu for one in rounds)} | {figures(one[name].wall for one in rounds)} "
              f"| {max(one[name].peak for one in rounds):.0f} |")


def sizes(out: Path) -> None:
    """Prints the rows of the tables, and what one takes."""
    from pyarrow import parquet
    print("| table | rows | octets a row |\n|---|---|---|")
    for name in TABLES:
        parts = list(out.glob(f"parts/*/{name}*.parquet"))
        rows = sum(parquet.read_metadata(part).num_rows for part in parts)
        print(f"| {name} | {rows:,} | {sum(part.stat().st_size for part in parts) / max(rows, 1):.1f} |")


def memory(inputs: Path) -> None:
    """Prints the peak of memory for a small and a large HAR."""
    print("| capture | octets | CPU s | peak, MB |\n|---|---|---|---|")
    for entries in (2_000, 40_000):
        path = inputs / f"{entries}.har"
        if not path.exists():
            traffic.write(path, traffic.entries(entries))
        with tempfile.TemporaryDirectory() as temporary:
            run = once(_lint(path, Path(temporary) / "out", 1))
        print(f"| HAR of {entries:,} entries | {path.stat().st_size / 1e6:.0f} MB | {run.cpu:.1f} | {run.peak:.0f} |")


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--only", choices=("ways", "memory"))
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--inputs", metavar="DIRECTORY", type=Path, help="where inputs are kept for later")
    given = arguments.parse_args()
    print(machine(given.runs), end="\n\n")
    with tempfile.TemporaryDirectory() as temporary:
        inputs = given.inputs or Path(temporary)
        os.makedirs(inputs, exist_ok=True)
        if given.only != "ways":                           # first: no process has less than this one has when it forks
            memory(inputs)
        if given.only != "memory":
            ways(captures(inputs / "20 varied entries each", traffic.entries, 20), given.runs)
            ways(captures(inputs / "8 recorded entries each", traffic.recorded, 8), given.runs)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
