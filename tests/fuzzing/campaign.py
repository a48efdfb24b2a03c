"""Runs all harnesses, or one, for so many seconds in all, and tells what fell out; see tools/fuzz.

What was found before is kept in the directory: its corpus is where the next run goes on, and what fell out in it is
tried first. Each harness runs in a process of its own, so that what kills one does not end the run.
"""
from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from fuzzing.harnesses import HARNESSES

ROOT = Path(__file__).resolve().parents[2]
PROPERTIES = "properties"
"""The harness that is the tests with Hypothesis, which explore here, and nowhere else."""
WEIGHTS = {"lint": 3.0, "field": 2.0, "har": 2.0, "expression": 1.5, "growth": 1.5, "file": 1.5, PROPERTIES: 2.0}
"""Shares of the time; 1 for the others."""
LONGEST = 60.0
"""Seconds that making an input smaller may take."""


class Figures(NamedTuple):
    """What a harness has done."""

    name: str
    executions: int
    seconds: float
    cpu: float
    """Seconds of it that it had a processor."""
    kept: int
    """Inputs in its corpus."""
    edges: str
    """Edges and features that were seen, where coverage was looked at."""
    kinds: dict[str, int]
    """Kind of what fell out -> how often."""


def main() -> int:
    """Exit code 1 if anything fell out."""
    parser = argparse.ArgumentParser(prog="tools/fuzz", description=__doc__)
    parser.add_argument("seconds", type=float, nargs="?", default=600, help="in all (default: 600)")
    parser.add_argument("name", nargs="?", choices=[*HARNESSES, PROPERTIES], help="this harness only")
    parser.add_argument("--seed", type=int, default=1, help="of all that is by chance (default: 1)")
    parser.add_argument("--directory", type=Path, default=ROOT / ".fuzz", help="for what is found (default: .fuzz)")
    parser.add_argument("--plain", action="store_true", help="do not look at coverage")
    parser.add_argument("--store", action="store_true",
                        help="put what no other input shows into tests/fuzzing/corpus, in place of what is there")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run the harness NAME on this input only")
    arguments = parser.parse_args()
    if arguments.replay is not None:
        if arguments.name is None:
            parser.error("--replay wants SECONDS and the NAME of the harness, too")
        return 1 - _one(arguments.name, "--replay", str(arguments.replay)).returncode
    names = [arguments.name] if arguments.name else [*HARNESSES, PROPERTIES]
    directory: Path = arguments.directory
    directory.mkdir(parents=True, exist_ok=True)
    if arguments.store:
        for name in names:
            if name != PROPERTIES and HARNESSES[name].guided:
                _one(name, str(directory), "--store")
        return 0
    if not _has_atheris():
        print("atheris is not installed here (it has no wheel for this Python): nothing guides the mutations")
    found = directory / "found"
    before = set(found.glob("*")) if found.exists() else set()
    all_figures = []
    weight = sum(WEIGHTS.get(name, 1.0) for name in names)
    for name in names:
        seconds = arguments.seconds * WEIGHTS.get(name, 1.0) / weight
        made = (_properties(seconds, arguments.seed, directory) if name == PROPERTIES
                else _fuzzed(name, seconds, arguments.seed, directory, arguments.plain))
        all_figures.append(made)
        print(_line(made), flush=True)
    print(_total(all_figures))
    fallen = [path for path in sorted(found.glob("*")) if path.suffix != ".txt" and path not in before]
    fallen = [path for path in fallen if _small(path)]
    for path in fallen:
        print(f"\n{path}\n{path.with_name(path.name + '.txt').read_text('utf-8').strip()[:1500]}")
    return 1 if fallen else 0


def _has_atheris() -> bool:
    from importlib.util import find_spec
    return find_spec("atheris") is not None


def _one(*arguments: str, seconds: float | None = None, **more: Any) -> subprocess.CompletedProcess[str]:
    places = [str(ROOT / "tests"), str(ROOT / "tests/capture")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONHASHSEED": "0"}
    return subprocess.run([sys.executable, "-m", "fuzzing.one", *arguments], cwd=ROOT, env=environment,
                          encoding="utf-8", check=False, timeout=seconds, **more)


def _fuzzed(name: str, seconds: float, seed: int, directory: Path, plain: bool) -> Figures:
    """One harness; begun anew where an input has ended its process."""
    log = directory / f"{name}.log"
    log.unlink(missing_ok=True)
    begun = time.monotonic()
    executions, kinds, spent, cpu = 0, dict[str, int](), 0.0, 0.0
    while (left := seconds - (time.monotonic() - begun)) > 1 or not spent:
        told = directory / "statistics" / f"{name}.json"
        told.unlink(missing_ok=True)
        with log.open("a", encoding="utf-8") as stream:
            done = _one(name, str(directory), "--seconds", str(left), "--seed", str(seed),
                        *(["--plain"] if plain else []), stdout=stream, stderr=stream)
        if told.exists():
            counted = json.loads(told.read_text("utf-8"))
            executions += counted["executions"]
            spent += counted["seconds"]
            cpu += counted["cpu"]
            for kind, times in counted["kinds"].items():
                kinds[kind] = kinds.get(kind, 0) + times
        if done.returncode == 0:
            break
        seed += 1
        kinds["ended"] = kinds.get("ended", 0) + 1
        _ended(name, directory, log)
        if not told.exists():
            break
    edges = ""
    if status := re.findall(r"(?m)^#\d+\s+\w+ +cov: (\d+) ft: (\d+)", log.read_text("utf-8", "replace")):
        edges = f"{int(status[-1][0]):,}/{int(status[-1][1]):,}"
    kept = directory / "corpus" / name
    return Figures(name, executions, spent, cpu, len(list(kept.iterdir())) if kept.exists() else 0, edges, kinds)


def _ended(name: str, directory: Path, log: Path) -> None:
    """Puts the input that ended a process among what fell out."""
    artifacts = sorted((directory / "artifacts").glob(f"{name}-*")) if (directory / "artifacts").exists() else []
    tail = "\n".join(log.read_text("utf-8", "replace").splitlines()[-40:])
    for artifact in artifacts or [None]:
        kind = "ended" if artifact is None else artifact.name.removeprefix(f"{name}-").partition("-")[0]
        path = directory / "found" / f"{name}-{kind}-{int(time.time())}"
        path.parent.mkdir(exist_ok=True)
        if artifact is None:
            path.write_bytes(b"")
        else:
            shutil.move(artifact, path)
        path.with_name(path.name + ".txt").write_text(f"{kind}: the process ended\n{tail}\n", "utf-8")


def _small(path: Path) -> bool:
    """Makes what fell out smaller; whether it fell out for good: coverage makes all slow."""
    about = path.with_name(path.name + ".txt")
    if path.name.startswith(PROPERTIES):
        return True
    try:
        done = _one(path.name.partition("-")[0], "--minimise", str(path), "--seconds", str(LONGEST),
                    seconds=LONGEST + 120, capture_output=True)
    except subprocess.TimeoutExpired:
        return True
    if done.returncode == 0:
        about.write_text(done.stdout, "utf-8")
    elif "-slow-" in path.name or "-memory-" in path.name:
        path.unlink()
        about.unlink()
        return False
    else:
        about.write_text(f"{about.read_text('utf-8')}\nIt does not fall out by itself, only behind others.\n"
                         f"{done.stderr[-500:]}\n", "utf-8")
    return True


def _properties(seconds: float, seed: int, directory: Path) -> Figures:
    """The tests with Hypothesis, exploring, round after round until the time is over."""
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests").rglob("test_*.py")
                   if "from hypothesis import" in path.read_text("utf-8"))
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    rounds, fallen = 0, 0
    while (left := seconds - (time.monotonic() - begun)) > 1:
        try:
            done = subprocess.run(
                [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-n", "0",
                 f"--hypothesis-seed={seed + rounds}", "-m", "not browser and not server", *tests],
                cwd=ROOT, env={**os.environ, "HYPOTHESIS_PROFILE": "explore"}, encoding="utf-8", capture_output=True,
                check=False, timeout=left)
        except subprocess.TimeoutExpired:
            break
        rounds += 1
        if done.returncode:
            fallen += 1
            path = directory / "found" / f"{PROPERTIES}-failed-{seed + rounds - 1}"
            path.parent.mkdir(exist_ok=True)
            path.write_text(done.stdout, "utf-8")
            path.with_name(path.name + ".txt").write_text(done.stdout[-4000:], "utf-8")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Figures(PROPERTIES, rounds, time.monotonic() - begun, used.ru_utime - before.ru_utime, 0, "",
                   {"failed": fallen} if fallen else {})


def _line(made: Figures) -> str:
    kinds = ", ".join(f"{times:,} {kind}" for kind, times in sorted(made.kinds.items())) or "nothing fell out"
    rate = made.executions / (made.cpu or 1)
    return (f"{made.name:14}{made.executions:>11,} executions{made.seconds:>7,.0f} s{made.cpu:>7,.0f} s CPU"
            f"{rate:>8,.0f} a CPU second  corpus{made.kept:>6,}  {made.edges:>14}  {kinds}")


def _total(figures: list[Figures]) -> str:
    kinds: Counter[str] = Counter()
    for one in figures:
        kinds.update(one.kinds)
    return _line(Figures("in all", sum(one.executions for one in figures), sum(one.seconds for one in figures),
                         sum(one.cpu for one in figures), sum(one.kept for one in figures), "", kinds))


if __name__ == "__main__":
    sys.exit(main())
