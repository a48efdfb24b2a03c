"""How fast is httplint where people feel it? One command for the whole table; its figures are in benchmarks/README.md.

Each row is measured in processes of their own, one after the other in each round, so that a ratio holds where a time
does not: a run is compared with the one just before it. The first round is thrown away. Needs the package installed as
users have it, from the wheel: from source, each process would compile the rules first.

    python benchmarks/speed.py                          # all rows but the two that take long
    python benchmarks/speed.py --only cold,version      # some of them
    python benchmarks/speed.py --only gigabyte
    python benchmarks/speed.py --only peers --peers DIRECTORY   # environments of two other programs, made there once
    python benchmarks/speed.py --write big.har --entries 262000 # only the generated HAR
"""
from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import random
import runpy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import traffic

import httplint
from httplint import Exchange, Linter, Request, Response
from httplint.capture.reading import read
from httplint.library import built_in_rules

LOAD = [sys.executable, "-c", "import json, sys\nfor path in sys.argv[1:]: json.load(open(path, encoding='utf-8'))"]
HTTPLINT = [sys.executable, "-m", "httplint"]
CHECK = [*HTTPLINT, "check", "--isolated", "--fail-on", "never"]
"""Its exit status is 0, whatever it finds."""
ALONE = [*CHECK, "--jobs", "1"]
DIFFERENTIAL = Path(__file__).parents[1] / "tools" / "differential"


class Run(NamedTuple):
    """One run of a command: CPU and wall seconds, with the processes that it started; the peak of any, in MB."""

    cpu: float
    wall: float
    peak: float


class Row(NamedTuple):
    """`commands`, by what they are called: the ratio is that of the last one to the first, in what `of` takes of a run.

    `turned`: it is the first to the last. `stdin`: what is read by those commands.
    """

    name: str
    target: str
    commands: dict[str, list[str]]
    of: Callable[[Run], float] = lambda run: run.cpu
    turned: bool = False
    stdin: Mapping[str, Path] = MappingProxyType({})


def once(command: list[str], stdin: Path | None = None) -> Run:
    """Raises RuntimeError if the command fails."""
    with open(stdin or os.devnull, "rb") as given, tempfile.TemporaryFile() as said:
        begun = time.perf_counter()
        process = subprocess.Popen(command, stdin=given, stdout=subprocess.DEVNULL, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        if status:
            said.seek(0)
            raise RuntimeError(f"{command[:6]} failed: {said.read()[-300:]!r}")
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


class Inputs:
    """The files that are measured, made in a directory when they are first asked for."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def varied(self, number: int) -> Path:
        """A HAR of so many generated entries."""
        return self._made(f"varied-{number}.har", lambda: traffic.entries(number))

    def recorded(self, number: int) -> Path:
        """A HAR of so many recorded entries."""
        return self._made(f"recorded-{number}.har", lambda: traffic.recorded(number))

    def small(self, files: int, number: int) -> list[Path]:
        """So many HARs of so many entries."""
        return [self._made(f"small-{file}.har", partial(traffic.entries, number, file + 1)) for file in range(files)]

    def exchanges(self, har: Path) -> Path:
        """The exchanges of a HAR as the drivers of the other programs read them."""
        path = self._directory / f"{har.stem}.jsonl"
        given = runpy.run_path(str(DIFFERENTIAL / "__main__.py"), run_name="differential")["given"]
        with path.open("w", encoding="utf-8") as out:
            out.writelines(json.dumps(given(one)) + "\n" for one in read(str(har)) if isinstance(one, Exchange))
        return path

    def _made(self, name: str, entries: Callable[[], Iterable[str]]) -> Path:
        path = self._directory / name
        if not path.exists():
            traffic.write(path, entries())
        return path


def _read(name: str, target: str, *paths: Path, format: str = "text") -> Row:
    """HARs, read and judged, beside json.load."""
    files = [str(path) for path in paths]
    return Row(f"{name}, {sum(path.stat().st_size for path in paths) / 1e6:.1f} MB", target,
               {"`json.load`": LOAD + files, f"check, {format}": [*ALONE, "--output-format", format, *files]})


def _jobs(inputs: Inputs) -> Row:
    path = inputs.varied(21_700)
    jobs = {number: [*CHECK, "--jobs", str(number), str(path)] for number in (1, 2)}
    return Row(f"two jobs against one, {path.stat().st_size / 1e6:.0f} MB, wall", "≥ 1.7",
               {"`--jobs 1`": jobs[1], "`--jobs 2`": jobs[2]}, lambda run: run.wall, turned=True)


def _start(name: str, target: str, *arguments: str) -> Row:
    return Row(name, target, {"`python -c pass`": [sys.executable, "-c", "pass"], name: [*HTTPLINT, *arguments]})


def _peer(inputs: Inputs, directory: Path, number: int, name: str, target: str) -> Row:
    """One of two other programs, in the order of what is expected of them, beside this one.

    Theirs are given the exchanges; ours reads the HAR.
    """
    differential = runpy.run_path(str(DIFFERENTIAL / "__main__.py"), run_name="differential")
    program = sorted(differential["PROGRAMS"], key=lambda one: one.name, reverse=True)[number]
    har = inputs.varied(1000)
    driver = [str(differential["environment"](program, directory)), str(DIFFERENTIAL / program.driver)]
    return Row(name, target, {"check": [*ALONE, str(har)], "theirs": driver}, stdin={"theirs": inputs.exchanges(har)})


ROWS: dict[str, Callable[[Inputs, Path], Row]] = {
    "varied": lambda made, _: _read("a: 10,000 varied entries", "≤ 2.5", made.varied(10_000)),
    "json": lambda made, _: _read("a: the same, as JSON", "", made.varied(10_000), format="json"),
    "short": lambda made, _: _read("a: 1,000", "≤ 4", made.varied(1000)),
    "long": lambda made, _: _read("a: 100,000", "≤ 1.5", made.varied(100_000)),
    "recorded": lambda made, _: _read("b: 6,000 recorded entries, one file", "≤ 3", made.recorded(6000)),
    "small": lambda made, _: _read("c: 300 HARs of 10 entries", "≤ 5", *made.small(300, 10)),
    "cold": lambda made, _: _start("one entry, cold", "≤ 7", *CHECK[len(HTTPLINT):], str(made.varied(1))),
    "version": lambda made, _: _start("`--version`", "≤ 2.5", "--version"),
    "jobs": lambda made, _: _jobs(made),
    "gigabyte": lambda made, _: _read("memory: 262,000 varied entries", "", made.varied(262_000)),
    "peers": lambda made, peers: _peer(made, peers, 0, "the first of two other programs, 1,000 entries", "≥ 5"),
    "second-peer": lambda made, peers: _peer(made, peers, 1, "the second of them", "≥ 12"),
}
LONG = ("gigabyte", "peers", "second-peer")
"""Rows that are measured only when they are named."""


def line(row: Row, runs: int) -> str:
    """The row of the table."""
    rounds = [{name: once(command, row.stdin.get(name)) for name, command in row.commands.items()}
              for _ in range(runs + 1)][1:]
    first, *_, last = row.commands
    over, under = (first, last) if row.turned else (last, first)
    ratios = [row.of(one[over]) / row.of(one[under]) for one in rounds]
    seconds = ", ".join(f"{name} {_both([row.of(one[name]) for one in rounds], 3)}" for name in row.commands)
    peak = max(one[last].peak for one in rounds)
    return f"| {row.name} | {_both(ratios, 2)} | {row.target} | {seconds} | {peak:.0f} |"


def _both(figures: list[float], digits: int) -> str:
    return f"{min(figures):.{digits}f} ({statistics.median(figures):.{digits}f})"


# -- a program that lints what it has at hand


FIELDS = (("Server", "nginx"), ("Content-Type", "application/json"), ("Cache-Control", "private, max-age=60"),
          ("Vary", "Accept-Encoding"), ("X-Content-Type-Options", "nosniff"))
ASKED = [("Host", "shop.example"), ("Accept", "*/*"), ("User-Agent", "Mozilla/5.0"), ("Accept-Encoding", "gzip, br")]


def library_call(number: int = 6000) -> tuple[float, float]:
    """Microseconds an exchange takes to be built, and to be built and judged; every one has other values."""
    rng = random.Random(3)
    contents = [b'{"id": %d, "ok": true}' % index for index in range(number)]
    fields = [[("Date", f"Tue, 01 Jul 2025 {index // 3600:02}:{index // 60 % 60:02}:{index % 60:02} GMT"), *FIELDS,
               ("Content-Length", str(len(content))), ("ETag", f'"{rng.randrange(1 << 40):x}"'),
               ("Set-Cookie", f"id={rng.randrange(1 << 50):x}; Path=/; HttpOnly; Secure"),
               ("X-Request-Id", f"{rng.randrange(1 << 60):x}")] for index, content in enumerate(contents)]
    linter = Linter()

    def built(index: int) -> Exchange:
        return Exchange(Response(200, headers=fields[index], content=contents[index]),
                        Request("GET", f"https://shop.example/items/{index}",
                                headers=[*ASKED, ("Cookie", f"id={index:x}")]))

    def seconds(work: Callable[[int], object]) -> float:
        begun = time.process_time()
        for index in range(number):
            work(index)
        return (time.process_time() - begun) / number * 1e6

    seconds(lambda index: linter.lint(built(index)))
    return seconds(built), seconds(lambda index: linter.lint(built(index)))


def library_line(runs: int) -> str:
    """The row of the table, measured in this process, whose garbage collector is as Python sets it."""
    rounds = [library_call() for _ in range(runs)]
    building, both = ([one[at] for one in rounds] for at in (0, 1))
    return (f"| library call, built and judged, µs | {_both(both, 0)} | ≤ 80 | building alone {_both(building, 0)} µs "
            "| |")


# -- the table


def machine(runs: int) -> str:
    """What was measured, where, and how."""
    return (f"httplint {httplint.__version__} with {len(list(built_in_rules()))} rules, CPython "
            f"{platform.python_version()}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores, load "
            f"{os.getloadavg()[0]:.1f}; least (median) of {runs} rounds. Garbage collector: as Python sets it "
            f"({', '.join(map(str, gc.get_threshold()))}), but in `httplint check`, which sets its own. Seconds are of "
            "CPU where nothing else is said; the peak is that of the last command, in MB.")


def table(names: list[str], runs: int, directory: Path, peers: Path) -> None:
    """Measures and prints row after row."""
    print(machine(runs), end="\n\n")
    print("| input | ratio to the first | target | seconds | peak |\n|---|---|---|---|---|")
    inputs = Inputs(directory)
    for name in names:
        print(library_line(runs) if name == "library" else line(ROWS[name](inputs, peers), runs), flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    rows = [*ROWS, "library"]
    arguments.add_argument("--only", metavar="ROWS", help=f"with commas between them: {', '.join(rows)}")
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--inputs", metavar="DIRECTORY", type=Path, help="where inputs are kept for later")
    arguments.add_argument("--peers", metavar="DIRECTORY", type=Path, default=Path(".venv/differential"))
    arguments.add_argument("--write", metavar="FILE", type=Path, help="only write a HAR of varied entries")
    arguments.add_argument("--entries", type=int, default=10_000, help="how many, for --write")
    given = arguments.parse_args()
    if given.write:
        traffic.write(given.write, traffic.entries(given.entries))
        return
    names = given.only.split(",") if given.only else [name for name in rows if name not in LONG]
    if unknown := set(names) - set(rows):
        arguments.error(f"no rows: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as temporary:
        directory = given.inputs or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        table(names, given.runs, directory, given.peers)


if __name__ == "__main__":
    main()
