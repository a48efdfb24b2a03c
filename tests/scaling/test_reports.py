"""Reports, and what strangers write of them and for them, take time in proportion to their size."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from doubling import MEASURABLE, growth, took
from reporting import HOUSE, exchange, written

from httplint.configuration import ConfigurationError
from httplint.configuration.baseline import Baseline
from httplint.configuration.settings import load
from httplint.engine import catalogue
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.report import Report
from httplint.library import built_in_rules
from httplint.report.compared import pages, tables
from httplint.report.compared.difference import difference
from httplint.report.compared.series import compared
from httplint.report.compared.trend import trend
from httplint.report.formats import FORMATS
from httplint.report.kind import Kind
from httplint.report.lines import Lines
from httplint.report.masker import Masker
from httplint.report.merged import Merged
from httplint.report.result import Result, ResultError

LINTER = RuleLinter(built_in_rules())
SIZE = 1 << 9


def judged(size: int, one: Callable[[int], Report]) -> list[Report]:
    return [one(at) for at in range(size)]


REPORTS: dict[str, Callable[[int, int], list[Report]]] = {
    "the same findings": lambda size, salt: judged(size // 16, lambda at: LINTER.lint(exchange(
        entry=at, Content_Type="x", Server=f"a/{salt}"))),
    "other findings": lambda size, salt: judged(size // 16, lambda at: LINTER.lint(exchange(
        entry=at, uri=f"http://h{at}.example/{salt}/{at:x}", Content_Type=f"x{at}", Server=f"a/{at}"))),
    "many findings of one exchange": lambda size, salt: judged(1, lambda _: LINTER.lint(exchange(
        uri=f"http://a.example/{salt}", **{f"X {at}": "a" for at in range(size)},
        **{f"Cache-Contro{at}": "a" for at in range(size)}))),
    "long values": lambda size, salt: judged(2, lambda at: LINTER.lint(exchange(
        entry=at, Content_Type=f"{salt} " * (4 * size), Server="a=b&" * (4 * size),
        Location='"' + '\\"' * (4 * size)))),
    "a long URI": lambda size, salt: judged(2, lambda at: LINTER.lint(exchange(
        entry=at, uri=f"http://a.example/{salt}?" + "token=a&" * (4 * size), Content_Type="x", Server="a/1"))),
    "a long path": lambda size, salt: judged(2, lambda at: LINTER.lint(exchange(
        entry=at, uri=f"http://a.example/{salt}" + "/a1b2%41" * (4 * size), Content_Type="x", Server="a/1"))),
    "many cookies": lambda size, salt: judged(2, lambda at: LINTER.lint(exchange(
        entry=at, Content_Type="x",
        asked=[("Cookie", "; ".join(f"session{salt}{at}=secret{at}" for at in range(size)))]))),
    "a long content": lambda size, salt: judged(2, lambda at: LINTER.lint(exchange(
        entry=at, content=f"{salt}token=" * (8 * size), Content_Type="x"))),
}


@pytest.mark.parametrize("kind", REPORTS)
def test_reporters(kind: str) -> None:
    reports = REPORTS[kind](SIZE, 0)
    slow = [name for name in FORMATS if took(lambda _, name=name: written(name, reports), None) >= MEASURABLE]
    found = {name: growth(REPORTS[kind], lambda made, name=name: written(name, made), SIZE) for name in slow}
    assert {name: grown for name, grown in found.items() if grown} == {}


@pytest.mark.parametrize("unit", ["a", "a ", " ", "\x1b", "(entry ", "RFC 1", "GET /"])
@pytest.mark.parametrize("begin", ["", " "])
@pytest.mark.parametrize("width", [1, 80])
def test_lines_are_wrapped(unit: str, begin: str, width: int) -> None:
    def write(text: str) -> None:
        Lines(lambda _: None, width=width)(text)

    assert growth(lambda size, salt: f"{begin * size}{salt}{unit * size}", write, 1 << 12) == ""


RULE = HOUSE.split("[[rule]]")[1]
RULE_FILES: dict[str, Callable[[int, int], str]] = {
    "rules": lambda size, salt: "".join(
        f"[[rule]]{RULE}".replace("house.request-id", f"house.a{salt}-{at}") for at in range(size // 400)),
    "a long text": lambda size, salt: f"[[rule]]{RULE}".replace("Do it.", f"{salt}" * size),
    "a long condition": lambda size, salt:
        f"[[rule]]{RULE}".replace("'X-Request-Id' in response", f"{salt} < " * (size // 4)),
    "brackets": lambda size, salt: f"[[rule]]{RULE}".replace("'X-Request-Id' in response", "(" * size),
    "an unknown key": lambda size, salt: f"[[rule]]{RULE}{'a' * size} = {salt}\n",
    "unknown keys": lambda size, salt: f"[[rule]]{RULE}" + "".join(f"a{salt}{at} = 1\n" for at in range(size // 10)),
    "examples": lambda size, salt:
        f"[[rule]]{RULE}".replace("bad = [", "bad = [" + '"< HTTP/1.1 200 OK", ' * (size // 22)),
    "lines": lambda size, salt: "\n" * size + f"[[rule]]{RULE}",
    "comments": lambda size, salt: f"# {salt}\n" * (size // 4) + f"[[rule]]{RULE}",
    "an open text": lambda size, salt: f"[[rule]]{RULE}a = \"" + '\\"' * (size // 2),
    "an open long text": lambda size, salt: f"[[rule]]{RULE}a = \"\"\"" + '""\\' * (size // 3),
    "arrays": lambda size, salt: f"[[rule]]{RULE}a = " + "[" * 500 + "1, " * (size // 3),
    "a dotted key": lambda size, salt: f"[[rule]]{RULE}" + "a." * (size // 2) + "a = 1\n",
    "dotted keys": lambda size, salt: f"[[rule]]{RULE}" + "".join(f"a.b{salt}.c{at} = 1\n" for at in range(size // 12)),
    "dotted tables": lambda size, salt: f"[[rule]]{RULE}[" + "a." * (size // 2) + "a]\n",
}
CONFIGURATIONS: dict[str, Callable[[int, int], str]] = {
    **{kind: RULE_FILES[kind] for kind in ("lines", "comments", "an open text", "arrays", "dotted keys", "a dotted key",
                                           "dotted tables")},
    "prefixes": lambda size, salt: f"ignore = [{', '.join([repr(f'a{salt}')] * (size // 6))}]\n",
    "overrides": lambda size, salt: f'[[override]]\npath = "/{salt}"\nignore = ["304"]\n' * (size // 40),
    "waivers": lambda size, salt: f'[[waiver]]\nrule = "304"\npath = "/{salt}"\nreason = "a"\n' * (size // 50),
    "patterns": lambda size, salt: f'[[override]]\npath = "/{"*a" * (size // 2)}{salt}"\nignore = ["304"]\n',
    "hosts": lambda size, salt: f"first-party = [{', '.join(repr(f'a{at}.example') for at in range(size // 14))}]\n",
    "an unknown key": lambda size, salt: f"{'a' * size} = {salt}\n",
}


@pytest.mark.parametrize("kind", RULE_FILES)
def test_rule_files(kind: str, tmp_path: Path) -> None:
    def work(text: str) -> None:
        (tmp_path / "a.toml").write_text(text, "utf-8")
        try:
            catalogue.load(tmp_path)
        except RuleError:
            pass

    assert growth(RULE_FILES[kind], work, 1 << 14) == ""


@pytest.mark.parametrize("kind", CONFIGURATIONS)
def test_configurations(kind: str, tmp_path: Path) -> None:
    def work(text: str) -> None:
        (tmp_path / "httplint.toml").write_text(text, "utf-8")
        try:
            load(tmp_path / "httplint.toml")
        except ConfigurationError:
            pass

    assert growth(CONFIGURATIONS[kind], work, 1 << 14) == ""


def result(size: int, salt: int, name: str) -> bytes:
    """A result of many exchanges, as a run writes it."""
    return written(name, REPORTS["other findings"](size, salt)).encode()


def many(octets: bytes) -> bytes:
    """The result with many notes and problems."""
    told = json.loads(octets)
    told["summary"]["notes"] = ["a note"] * len(told["exchanges"])
    told["summary"]["problems"] = [{"path": "a", "cause": "b", "line": 1, "column": 1}] * len(told["exchanges"])
    return json.dumps(told).encode()


@pytest.mark.parametrize("form", ["json", "jsonl", "json, deep", "json, long"])
def test_results(form: str, tmp_path: Path) -> None:
    def made(size: int, salt: int) -> bytes:
        if form == "json, deep":
            return b'{"format": ' + b"[" * (16 * size)
        if form == "json, long":
            return b'{"format": 1, "httplint": "' + b'\\"' * (16 * size)
        return result(size, salt, form) if form == "jsonl" else many(result(size, salt, form))

    def work(octets: bytes) -> None:
        (tmp_path / "a.json").write_bytes(octets)
        try:
            told = Result(str(tmp_path / "a.json"))
            told.summary()
            list(told.reports())
        except ResultError:
            pass

    assert growth(made, work, 1 << 10) == ""


def test_comparisons(tmp_path: Path) -> None:
    """Of two results that have nothing in common."""
    def made(size: int, salt: int) -> tuple[bytes, bytes]:
        return result(size // 2, salt, "json"), result(size // 2, -salt - 1, "json")

    def work(two: tuple[bytes, bytes]) -> None:
        paths = [str(tmp_path / "a.json"), str(tmp_path / "b.json")]
        for path, octets in zip(paths, two, strict=True):
            Path(path).write_bytes(octets)
        merged = Merged(paths, Masker())
        merged.summary()
        list(merged.reports())
        comparison = compared(paths)
        "".join(pages.difference(difference(comparison)))
        "".join(tables.trend(trend(comparison)))

    assert growth(made, work, 1 << 10) == ""


def test_baselines(tmp_path: Path) -> None:
    def work(octets: bytes) -> None:
        (tmp_path / "a.json").write_bytes(octets)
        Baseline.read(tmp_path / "a.json").notes()

    def made(size: int, salt: int) -> bytes:
        entries = [{**dict.fromkeys(Kind._fields, f"{salt}-{at}"), "count": 1} for at in range(size)]
        return json.dumps({"httplint-baseline": 1, "findings": entries}).encode()

    assert growth(made, work, 1 << 12) == ""
