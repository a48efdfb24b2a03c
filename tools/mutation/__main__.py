"""Tells which small changes of the code no test notices: `tools/mutate MODULE… [--sample N] [--seed S] [--jobs N]`.

Each change is tried on a copy of the tree: first the tests near the module that run the changed statement, the quickest
first, then those further away. Changes that no test can tell stand in explained.toml, with the reason.
"""
from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from modules import PACKAGE, ROOT, Explanation, Module, explained, selected, stale
from mutants import Mutant, changed, instrumented
from trial import KILLED, SURVIVED, Test, attempt, preload, record

LEAST = 90
"""The percentage of changes that must be noticed in each module."""

FAR = ("tests/engine", "tests/rules/test_examples.py", "tests/e2e/test_fixtures.py", "tests/property")
DEAR = "long|doubl|linear|all_parsers|memory|hostile|h11_agrees|octets_are_read"   # take long, seldom tell
QUICK = 0.5                                                # seconds of CPU of a test of the first go
STATEMENTS = 1_000_000                                     # more than a module has nodes


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools/mutate", description="Tells which small changes no test notices.")
    parser.add_argument("modules", nargs="+", metavar="MODULE",
                        help="below src/httplint: grammar, engine/linter.py, or engine/linter.py:90-120 for some lines")
    parser.add_argument("--sample", type=int, metavar="N", help="changes of each module (default: all)")
    parser.add_argument("--seed", default="0", help="which ones (default: 0)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default: 1)")
    parser.add_argument("--tests", nargs="+", default=(), metavar="PATH",
                        help="try these only, such as a file of tests")
    parser.add_argument("--list", action="store_true", help="show the changes, try none")
    options = parser.parse_args(arguments)
    by_path: dict[str, tuple[Module, list[Mutant]]] = {}
    for text in options.modules:
        for module, some in selected(text, options.sample, options.seed):
            known = by_path.setdefault(module.path, (module, []))[1]
            known += [mutant for mutant in some if (mutant.node, mutant.change) not in {
                (one.node, one.change) for one in known}]
    chosen = list(by_path.values())
    explanations = explained()
    old = stale(explanations, [module for module, _ in chosen])
    if options.list:
        for module, some in chosen:
            for mutant in some:
                print(_line(module, mutant))
        return 0
    with tempfile.TemporaryDirectory(prefix="mutate-") as directory:
        tree = Path(directory)
        _copy(tree)
        figures = _try(tree, chosen, explanations, options.tests, options.jobs)
    for one in old:
        print(f"stale explanation: no such change in {one.file}: {one.line!r} {one.change}")
    return 1 if _print(chosen, figures) or old else 0


def _copy(tree: Path) -> None:
    """What git knows or would add, so that nobody's editing disturbs the trials, nor they the tree."""
    names = subprocess.run(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                           capture_output=True).stdout.decode().split("\0")
    for name in filter(None, names):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)


def _try(tree: Path, chosen: list[tuple[Module, list[Mutant]]], explanations: list[Explanation],
         paths: Sequence[str], jobs: int) -> Counter[tuple[str, str]]:
    """How many changes of each module had which end: killed, survived, explained, unfit."""
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(tree / ".hypothesis")
    os.environ["PYTHONPATH"] = str(tree / "src")
    preload()
    figures: Counter[tuple[str, str]] = Counter()
    open_ones = []
    for number, (module, some) in enumerate(chosen):
        for mutant in some:
            if any(one.fits(module, mutant) for one in explanations):
                figures[module.path, "explained"] += 1
            else:
                open_ones.append((number, mutant))
    near = tuple(paths) or tuple(dict.fromkeys(
        path for module, _ in chosen if (tree / (path := f"tests/{module.path.partition('/')[0]}")).exists()))
    if not near:
        raise SystemExit("tools/mutate: no tests are named after that package; say which by --tests")
    codes = {module.name: compile(instrumented(module.source, number * STATEMENTS), module.path, "exec")
             for number, (module, _) in enumerate(chosen)}
    places = [near] if paths else [near, tuple(path for path in FAR if path not in near)]
    for place in places:
        if not open_ones:
            break
        tests, collecting = record(tree, codes, place, DEAR)
        print(f"{len(tests)} tests of {' '.join(place)}: {len(open_ones)} changes", flush=True)
        still = []
        for number, mutant, end in _ends(tree, chosen, open_ones, tests, collecting, jobs):
            module = chosen[number][0]
            if end == SURVIVED and place is not places[-1]:
                still.append((number, mutant))
                print(f"… no test near it tells {_line(module, mutant)}", file=sys.stderr, flush=True)
                continue
            figures[module.path, {SURVIVED: "survived", KILLED: "killed"}.get(end, "unfit")] += 1
            if end == SURVIVED:
                print("survived", _line(module, mutant), flush=True)
        open_ones = still
    return figures


def _ends(tree: Path, chosen: list[tuple[Module, list[Mutant]]], tried: list[tuple[int, Mutant]], tests: list[Test],
          collecting: set[int], jobs: int) -> Iterator[tuple[int, Mutant, int]]:
    """The changes with what became of them; by several processes, each of which takes every so-many-th."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    for job in range(jobs):
        if os.fork() == 0:
            os.close(reading)
            try:
                for index in range(job, len(tried), jobs):
                    number, mutant = tried[index]
                    end = _end(tree, chosen[number][0], mutant, _telling(number, mutant, tests, collecting))
                    os.write(writing, json.dumps([index, end]).encode() + b"\n")
            except BaseException:
                traceback.print_exc()
            os._exit(0)                                    # whatever happens: what follows is for the parent
    os.close(writing)
    done = 0
    with open(reading, encoding="ascii") as told:
        for done, line in enumerate(told, 1):
            index, end = json.loads(line)
            yield *tried[index], end
            if done % 50 == 0:
                print(f"… {done} of {len(tried)}", file=sys.stderr, flush=True)
    for _ in range(jobs):
        os.wait()
    if done < len(tried):
        raise SystemExit(f"tools/mutate: {len(tried) - done} changes were not tried")


def _end(tree: Path, module: Module, mutant: Mutant, tests: list[Test]) -> int:
    """What becomes of one change: a few quick tests of the file that knows most of it first, then all."""
    code = compile(changed(module.source, mutant), str(tree / PACKAGE / module.path), "exec")
    stem = Path(module.path).stem
    share = Counter(test.file for test in tests if test.seconds < QUICK)
    if not tests:
        return SURVIVED
    first = max(share or [tests[0].file], key=lambda file: (Path(file).stem == f"test_{stem}", share[file]))
    tests = sorted(tests, key=lambda test: test.seconds)
    quick = [test for test in tests if test.file == first and test.seconds < QUICK]
    rest = [test for test in tests if test not in quick]
    end = attempt(tree, module.name, code, quick) if quick else SURVIVED
    return attempt(tree, module.name, code, rest) if end == SURVIVED and rest else end


def _telling(number: int, mutant: Mutant, tests: list[Test], collecting: set[int]) -> list[Test]:
    """The tests that run the statements that tell of the change; all, if anything may."""
    if mutant.statements is None:
        return tests
    told = {number * STATEMENTS + statement for statement in mutant.statements}
    return tests if told & collecting else [test for test in tests if told & test.statements]


def _line(module: Module, mutant: Mutant) -> str:
    return f"{PACKAGE / module.path}:{mutant.line}: {mutant.change}\n    {mutant.text}"


def _print(chosen: list[tuple[Module, list[Mutant]]], figures: Counter[tuple[str, str]]) -> list[str]:
    """A table of the modules; those that miss too much are returned."""
    print(f"\n{'module':34} {'possible':>8} {'tried':>6} {'killed':>6} {'explained':>9} {'survived':>8}")
    short = []
    total: Counter[str] = Counter()
    for module, _ in chosen:
        killed, survived, told = (figures[module.path, end] for end in ("killed", "survived", "explained"))
        total.update(possible=len(module.mutants), killed=killed, survived=survived, explained=told)
        print(f"{module.path:34} {len(module.mutants):8} {killed + survived:6} {killed:6} {told:9} {survived:8}"
              f"{_percentage(killed, survived)}")
        if killed * 100 < LEAST * (killed + survived):
            short.append(module.path)
    print(f"{'in all':34} {total['possible']:8} {total['killed'] + total['survived']:6} {total['killed']:6} "
          f"{total['explained']:9} {total['survived']:8}{_percentage(total['killed'], total['survived'])}")
    if short:
        print(f"below {LEAST} %: {', '.join(short)}")
    return short


def _percentage(killed: int, survived: int) -> str:
    return f"  {100 * killed / (killed + survived):5.1f} %" if killed + survived else ""


if __name__ == "__main__":
    sys.exit(main())
