"""Runs one harness: with atheris if it is there, else with mutations that nothing guides; see tools/fuzz.

    python -m fuzzing.one NAME DIRECTORY --seconds 60 [--seed 1] [--plain]
    python -m fuzzing.one NAME --replay FILE                 (prints what falls out of an input)
    python -m fuzzing.one NAME --minimise FILE               (makes it smaller, with the same fault)
    python -m fuzzing.one NAME DIRECTORY --store             (keeps what runs something that nothing else does)
"""
from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import sys
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any

SLOW = 1.0
"""CPU seconds that an input of less than LARGE octets must not take."""
WATCHED = 4
"""How many times as long it may take where coverage is looked at."""
LARGE = 100_000
FAT = 256 << 20
"""Octets by which memory must not grow for such an input."""
RESIDENT = 2048
"""Mebibytes at which the fuzzer gives up."""
STUCK = 60
"""Seconds after which an input is taken for one that never ends."""


def fault(name: str, data: bytes, slow: float = SLOW) -> tuple[str, str, str] | None:
    """(kind, what tells cases of a kind apart, all there is to know) of what falls out of an input."""
    from fuzzing.harnesses import HARNESSES, Fallen
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    try:
        HARNESSES[name].run(data)
    except Fallen as error:
        return error.kind, error.about, str(error)
    except (KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:
        return "raised", f"{type(error).__name__} in {_place(error)}", "".join(traceback.format_exception(error)[-8:])
    took = time.process_time() - begun
    if took > slow and len(data) < LARGE and name != "growth":
        return "slow", name, f"{took:.1f} s for {len(data):,} octets"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) << 10
    if grown > FAT and len(data) < LARGE:
        return "memory", name, f"{grown >> 20} MiB for {len(data):,} octets"
    return None


def _place(error: BaseException) -> str:
    """The innermost function of ours in a traceback."""
    ours = [f"{Path(frame.filename).stem}.{frame.name}" for frame in traceback.extract_tb(error.__traceback__)
            if "httplint" in frame.filename]
    return ours[-1] if ours else "the harness"


def warm(name: str) -> None:
    """Loads what is loaded once, so that no input has to answer for it."""
    for data in seeds(name)[:20]:
        fault(name, data)


class Run:
    """Counts what was run, and keeps what fell out: one input of a kind."""

    def __init__(self, name: str, directory: Path, slow: float = SLOW) -> None:
        self.name = name
        self.slow = slow
        self.found = directory / "found"
        self.statistics = directory / "statistics" / f"{name}.json"
        for made in (self.found, self.statistics.parent):
            made.mkdir(parents=True, exist_ok=True)
        self.executions = 0
        self.kinds: Counter[str] = Counter()
        self.known: set[tuple[str, str]] = set()
        self.begun = self.told = time.monotonic()
        self.spent = time.process_time()

    def one(self, data: bytes) -> None:
        """Runs an input."""
        self.executions += 1
        fallen = fault(self.name, data, self.slow)
        if fallen is not None:
            kind, about, all_of_it = fallen
            self.kinds[kind] += 1
            if (kind, about) not in self.known:
                self.known.add((kind, about))
                path = self.found / f"{self.name}-{kind}-{hashlib.sha256(about.encode()).hexdigest()[:8]}"
                if not path.exists():
                    path.write_bytes(data)
                    path.with_name(path.name + ".txt").write_text(f"{kind}: {about}\n{all_of_it}\n", "utf-8",
                                                                  "backslashreplace")
        now = time.monotonic()
        if now - self.told > 2:
            self.tell(now)

    def tell(self, now: float | None = None) -> None:
        """Writes the counts down."""
        self.told = now or time.monotonic()
        self.statistics.write_text(json.dumps({
            "executions": self.executions, "seconds": self.told - self.begun, "cpu": time.process_time() - self.spent,
            "kinds": self.kinds}), "utf-8")


def seeds(name: str) -> list[bytes]:
    """What is made at run time, and what earlier runs found."""
    from fuzzing.corpus import stored
    from fuzzing.harnesses import HARNESSES
    return [*HARNESSES[name].seeds(), *stored(name)]


def plain(name: str, run: Run, seconds: float, seed: int) -> None:
    """Mutations of the seeds, each of which may be mutated further."""
    from fuzzing import mutation
    from fuzzing.harnesses import HARNESSES
    harness = HARNESSES[name]
    chosen = random.Random(seed)
    pool = seeds(name)
    for data in pool:
        run.one(data)
        if time.monotonic() - run.begun > seconds:
            return
    while time.monotonic() - run.begun < seconds:
        data = chosen.choice(pool)
        for _ in range(chosen.choice((1, 1, 1, 2, 4))):
            data = mutation.mutated(harness.mutate, data, chosen, lambda given: mutation.octets(given, chosen), pool)
        run.one(data[:harness.longest])


def guided(name: str, run: Run, seconds: float, seed: int, directory: Path) -> None:
    """atheris, with the coverage of our package. Does not return."""
    import atheris
    from fuzzing import mutation
    from fuzzing.harnesses import HARNESSES
    harness = HARNESSES[name]
    pool = seeds(name)
    kept, given = directory / "corpus" / name, directory / "seeds" / name
    for made in (kept, given, directory / "artifacts"):
        made.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(pool):
        (given / f"{number}").write_bytes(data)
    arguments = [sys.argv[0], str(kept), str(given), f"-max_total_time={max(int(seconds), 1)}", f"-seed={seed or 1}",
                 f"-max_len={harness.longest}", f"-rss_limit_mb={RESIDENT}", f"-timeout={STUCK}", "-reload=0",
                 f"-artifact_prefix={directory}/artifacts/{name}-"]
    if harness.mutate is None:
        atheris.Setup(arguments, run.one)
    else:
        def change(data: bytes, size: int, number: int) -> bytes:
            chosen = random.Random(number)
            made = mutation.mutated(harness.mutate, data, chosen, lambda given: _by_fuzzer(given, chosen, size), pool)
            return made if len(made) <= size else mutation.octets(data, chosen)[:size]

        atheris.Setup(arguments, run.one, custom_mutator=change)
    import atexit
    atexit.register(run.tell)
    atheris.Fuzz()


def _by_fuzzer(data: bytes, chosen: random.Random, size: int) -> bytes:
    import atheris
    from fuzzing import mutation
    if chosen.random() < 0.2:
        return mutation.octets(data, chosen)
    return bytes(atheris.Mutate(data, min(len(data) + 256, size)))


def minimised(name: str, data: bytes, seconds: float) -> bytes:
    """A smaller input with the same fault: without ever smaller parts of it."""
    wanted = fault(name, data)
    assert wanted is not None
    begun = time.monotonic()
    size = max(len(data) // 2, 1)
    while size:
        at = 0
        while at < len(data):
            if time.monotonic() - begun > seconds:
                return data
            shorter = data[:at] + data[at + size:]
            found = fault(name, shorter)
            if found is not None and found[:2] == wanted[:2]:
                data = shorter
            else:
                at += size
        size //= 2
    return data


def store(name: str, directory: Path) -> None:
    """Puts into the stored corpus what steps from one line to another as neither the seeds nor smaller inputs do."""
    from fuzzing import corpus
    from fuzzing.harnesses import HARNESSES
    steps: set[tuple[str, int, int]] = set()
    for data in HARNESSES[name].seeds():
        steps |= _steps(name, data)
    found = {path.read_bytes() for path in directory.glob("*")} | set(corpus.stored(name))
    kept = []
    for data in sorted(found, key=lambda data: (len(data), data)):
        if new := _steps(name, data) - steps:
            steps |= new
            kept.append(data)
    print(f"{name}: {corpus.store(name, kept)} kept of {len(found)} inputs, {len(kept)} of which are worth it")


def _steps(name: str, data: bytes) -> set[tuple[str, int, int]]:
    """(file, line, next line) of all that an input runs of the package; none if something falls out."""
    seen: set[tuple[str, int, int]] = set()

    def entered(frame: FrameType, event: str, argument: object) -> Any:
        if "/httplint/" not in (file := frame.f_code.co_filename):
            return None
        before = 0

        def stepped(frame: FrameType, event: str, argument: object) -> Any:
            nonlocal before
            if event == "line":
                seen.add((file, before, before := frame.f_lineno))
            return stepped

        return stepped

    sys.settrace(entered)
    try:
        fallen = fault(name, data)
    finally:
        sys.settrace(None)
    return set() if fallen is not None and fallen[0] not in ("slow", "memory") else seen


def main() -> int:
    """Exit code 1 if an input that is replayed has no fault."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("directory", type=Path, nargs="?", default=Path(".fuzz"))
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--minimise", type=Path)
    parser.add_argument("--store", action="store_true")
    arguments = parser.parse_args()
    warnings.simplefilter("error")                         # a warning of Python's is nothing to show to users
    os.environ |= {"COLUMNS": "100", "HTTPLINT_DEBUG": "1"}
    if arguments.replay or arguments.minimise:
        path = arguments.replay or arguments.minimise
        data = path.read_bytes()
        warm(arguments.name)
        fallen = fault(arguments.name, data)
        if fallen is None:
            return 1
        if arguments.minimise:
            path.write_bytes(minimised(arguments.name, data, arguments.seconds))
            fallen = fault(arguments.name, path.read_bytes()) or fallen
        print(f"{fallen[0]}: {fallen[1]}\n{fallen[2]}")
        return 0
    if arguments.store:
        store(arguments.name, arguments.directory / "corpus" / arguments.name)
        return 0
    from fuzzing import instrument
    guide = not arguments.plain and instrument.begin()
    from fuzzing.harnesses import HARNESSES
    guide = guide and HARNESSES[arguments.name].guided
    run = Run(arguments.name, arguments.directory, SLOW * WATCHED if guide else SLOW)
    warm(arguments.name)
    if guide:
        guided(arguments.name, run, arguments.seconds, arguments.seed, arguments.directory)
    else:
        plain(arguments.name, run, arguments.seconds, arguments.seed)
        run.tell()
    return 0


if __name__ == "__main__":
    sys.exit(main())
