"""Runs tests against a changed module: processes forked of one that has imported everything but httplint.

The change is made while the module is imported; nothing is written. Tests that start a program see it unchanged.
"""
from __future__ import annotations

import builtins
import contextlib
import gc
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import re
import resource
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType

import pytest
from mutants import HIT

SURVIVED, KILLED, UNFIT = 0, 1, 70
"""How a trial ends: all tests passed; one failed, or none ended in time; the module could not even be imported."""

MEMORY = 4 << 30                                           # octets of addresses, so that no endless loop takes them all
PATIENCE = 900                                             # seconds that tests may wait for what does not come

_PRELOADED = (
    "_hypothesis_pytestplugin", "argparse", "asyncio", "backports.zstd", "brotli", "concurrent.futures", "csv",
    "decimal", "email.message", "fastwarc", "h11", "h2.connection", "http.client", "http_sf", "hypothesis.strategies",
    "inspect", "jsonschema", "msgspec", "multiprocessing", "publicsuffixlist", "sqlite3", "ssl", "tomllib",
    "unittest.mock", "xml.parsers.expat", "yaml", "zipfile")


def preload() -> None:
    """Imports what tests need and what no mutant changes, once for all trials."""
    for name in _PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"      # most of a second for each trial
    gc.collect()
    gc.freeze()


@dataclass(frozen=True, slots=True)
class Test:
    """What is known of a test from a run of the unchanged code: seconds of CPU, and the statements it runs."""

    name: str
    seconds: float
    statements: frozenset[int]

    @property
    def file(self) -> str:
        return self.name.partition("::")[0]


def record(tree: Path, modules: dict[str, CodeType], paths: Sequence[str],
           left_out: str) -> tuple[list[Test], set[int]]:
    """The tests of these paths that pass, and the statements that are run while they are collected.

    `modules` are instrumented modules by name; `left_out` is a pattern in the names of tests that are not run.
    """
    recorder = _Recorder(tuple(modules), left_out)
    with _pipe() as (reading, writing):
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            setattr(builtins, HIT, recorder.hits.add)
            code = _run(tree, modules, list(paths), recorder)
            with open(writing, "w", encoding="utf-8") as out:
                json.dump([code, recorder.passed, sorted(recorder.collecting)], out)
            os._exit(0)
        os.close(writing)
        with open(reading, encoding="utf-8", closefd=False) as told:
            text = told.read()
        os.waitpid(pid, 0)
    code, passed, collecting = json.loads(text) if text else (None, [], [])
    if not passed:
        raise SystemExit(f"no test of {' '.join(paths)} passes on the unchanged code (pytest ends with {code})")
    return [Test(name, seconds, frozenset(hits)) for name, seconds, hits in passed], set(collecting)


def attempt(tree: Path, module: str, code: CodeType, tests: Sequence[Test]) -> int:
    """SURVIVED, KILLED or UNFIT: what becomes of a changed module in these tests."""
    seconds = 10 + 5 * sum(test.seconds for test in tests)
    pid = os.fork()
    if pid == 0:
        os.setsid()
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.alarm(PATIENCE)
        files = list(dict.fromkeys(test.file for test in tests))
        os._exit(_run(tree, {module: code}, ["-x", *files], _Chosen([test.name for test in tests])))
    try:
        _, status = os.waitpid(pid, 0)
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)                 # what its tests have started
    ended = os.waitstatus_to_exitcode(status)
    return ended if ended in (SURVIVED, UNFIT) else KILLED


@contextlib.contextmanager
def _pipe():
    reading, writing = os.pipe()
    try:
        yield reading, writing
    finally:
        os.close(reading)


def _run(tree: Path, modules: dict[str, CodeType], arguments: list[str], plugin: object) -> int:
    """The exit code of pytest, within this process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.chdir(tree)
    sys.path.insert(0, str(tree / "src"))
    sys.meta_path.insert(0, _Finder(modules, tree / "src"))
    try:
        for name in modules:                               # before pytest, which would import them by its own finder
            importlib.import_module(name)
    except BaseException:
        return UNFIT
    try:
        return int(pytest.main(
            ["-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "_hypothesis_pytestplugin",
             "--hypothesis-seed=0", "-W", "ignore::pytest.PytestAssertRewriteWarning", *arguments], plugins=[plugin]))
    except BaseException:
        return KILLED


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the modules whose code is given."""

    def __init__(self, modules: dict[str, CodeType], root: Path) -> None:
        self._modules = modules
        self._root = root

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> object:
        if name not in self._modules:
            return None
        file = self._root.joinpath(*name.split("."))
        package = file.is_dir()
        file = file / "__init__.py" if package else file.with_suffix(".py")
        return importlib.util.spec_from_file_location(
            name, file, loader=_Loader(name, str(file), self._modules[name]),
            submodule_search_locations=[str(file.parent)] if package else None)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _Chosen:
    """Runs the tests of these names only, in their order; all, if the change has made them have other names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if item.nodeid in self._order]
        if len(chosen) == len(self._order):
            items[:] = sorted(chosen, key=lambda item: self._order[item.nodeid])


class _Recorder:
    """Notes what each test runs. What one test leaves in a cache is forgotten, so that the next runs it again."""

    def __init__(self, modules: Sequence[str], left_out: str) -> None:
        self._modules = modules
        self._left_out = re.compile(left_out)
        self._caches: list[object] = []
        self.hits: set[int] = set()
        self.collecting: set[int] = set()
        self.passed: list[tuple[str, float, list[int]]] = []
        self._good = True
        self._start = 0.0

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if not self._left_out.search(item.nodeid.partition("[")[0])]

    def pytest_collection_finish(self) -> None:
        self.collecting = set(self.hits)
        self._caches = [value for name in self._modules if name in sys.modules
                        for value in vars(sys.modules[name]).values() if hasattr(value, "cache_clear")]

    def pytest_runtest_logstart(self) -> None:
        for cache in self._caches:
            cache.cache_clear()
        self.hits.clear()
        self._good = True
        self._start = time.process_time()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._good = self._good and report.outcome == "passed"

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        if self._good:
            self.passed.append((nodeid, time.process_time() - self._start, sorted(self.hits)))
