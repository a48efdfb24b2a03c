"""A fault of ours is one line with exit status 2, and what was found is kept."""
from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from httplint.capture import curl, octets
from httplint.capture.outcome import CaptureError, Problem
from httplint.cli.main import run
from httplint.engine.linter import RuleLinter
from httplint.model.exchange import Exchange
from httplint.report.concise import ConciseReport
from httplint.report.fault import told
from httplint.report.json_report import JsonReport
from httplint.run import Run

ANSWER = b"HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 01 Jul 2025 12:00:00 GMT\r\nContent-Length: 0\r\n\r\n"
ONLY = ["--select", "405.allow-missing", "--isolated"]


class Panic(BaseException):
    """What a library in Rust raises when it panics is no Exception."""


@pytest.fixture
def captures(tmp_path: Path) -> list[str]:
    paths = [tmp_path / name for name in ("a.raw", "b.raw", "c.raw")]
    for path in paths:
        path.write_bytes(ANSWER)
    return list(map(str, paths))


def one_line(text: str) -> str:
    assert text.count("\n") == 1
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("error", [KeyError("x"), MemoryError(), RecursionError("deep"), Panic("unwrap"),
                                   OSError("of no system")], ids=lambda error: type(error).__name__)
def test_a_reader_that_fails_costs_one_file(
        captures: list[str], error: BaseException, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    read = octets.read

    def failing(source: Any, *, path: str, **options: Any) -> Iterator[Any]:
        yield from read(source, path=path, **options)
        if path.endswith("b.raw"):
            raise error

    monkeypatch.setattr(octets, "read", failing)
    out = tmp_path / "out.jsonl"
    assert run(["check", *captures, *ONLY, "--output-format", "json", "--output", f"jsonl:{out}"]) == 2
    captured = capsys.readouterr()
    result = json.loads(captured.out)
    assert [Path(one["source"]["path"]).name for one in result["exchanges"]] == ["a.raw", "b.raw", "c.raw"]
    assert [problem["path"] for problem in result["summary"]["problems"]] == [captures[1]]
    assert json.loads(out.read_text("utf-8").splitlines()[-1])["summary"] == result["summary"]
    assert one_line(captured.err).startswith(f"httplint: {captures[1]}: ")


def test_an_exchange_that_cannot_be_judged_is_skipped(captures: list[str], monkeypatch: pytest.MonkeyPatch,
                                                      capsys: pytest.CaptureFixture[str]) -> None:
    judge = RuleLinter._judge

    def failing(self: RuleLinter, exchange: Exchange, *more: Any) -> Any:
        if exchange.source is not None and not exchange.source.path.endswith("a.raw"):
            raise ZeroDivisionError(exchange.source.path)
        return judge(self, exchange, *more)

    monkeypatch.setattr(RuleLinter, "_judge", failing)
    assert run(["check", *captures, *ONLY, "--output-format", "json"]) == 2
    captured = capsys.readouterr()
    summary = json.loads(captured.out)["summary"]
    assert summary["findings"]["error"] == 1
    assert summary["entries"] == {"read": 3, "linted": 1, "skipped": 2}
    assert len(summary["problems"]) == 1                   # the same fault is told once
    assert "ZeroDivisionError" in one_line(captured.err)


def test_a_reporter_that_fails_costs_its_report(captures: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                capsys: pytest.CaptureFixture[str]) -> None:
    def failing(*_: object) -> None:
        raise AttributeError("no such thing")

    monkeypatch.setattr(ConciseReport, "report", failing)
    monkeypatch.setattr(JsonReport, "end", failing)
    outputs = [f"--output={name}:{tmp_path / name}" for name in ("json", "concise", "sarif", "jsonl")]
    assert run(["check", *captures, *ONLY, *outputs]) == 2
    captured = capsys.readouterr()
    assert "3 errors in 3 of 3 entries" in captured.out
    assert captured.err.count("a fault of httplint itself: AttributeError: no such thing") == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.raw", "b.raw", "c.raw", "jsonl", "sarif"]
    assert len(json.loads((tmp_path / "sarif").read_text("utf-8"))["runs"][0]["results"]) == 1


def test_a_fault_leaves_no_half_written_file(captures: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    def failing(*_: object) -> None:
        raise AttributeError("no such thing")

    monkeypatch.setattr(Run, "end", failing)
    assert run(["check", *captures, *ONLY, f"--output=json:{tmp_path / 'json'}"]) == 2
    one_line(capsys.readouterr().err)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.raw", "b.raw", "c.raw"]


VERBS = {"check": ["check", "x.har"], "fetch": ["fetch", "http://127.0.0.1:1/"], "explain": ["explain", "405"],
         "rules": ["rules", "list"], "report": ["report", "--from", "x.json"], "config": ["config", "show"],
         "proxy": ["proxy"], "addon_path": ["addon-path"], "baseline": ["baseline", "check", "x.har"], "init": ["init"],
         "completion": ["completion", "bash"], "archive": ["archive", "x.har", "--out", "x"],
         "archive_report": ["archive", "report", "x"]}


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_ends_with_a_traceback(verb: str, monkeypatch: pytest.MonkeyPatch,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    def failing(_: object) -> int:
        raise LookupError("what\x1b[2J ?token=abcdefghijkl" + "x" * 5000 + "\n::error::")

    monkeypatch.setattr(importlib.import_module(f"httplint.cli.{verb}"), "run", failing)
    monkeypatch.delenv("HTTPLINT_DEBUG", raising=False)
    assert run(VERBS[verb]) == 2
    line = one_line(capsys.readouterr().err)
    assert line.startswith("httplint: a fault of httplint itself: LookupError: what\\x1b[2J")
    assert "please report it" in line
    assert "abcdefghijkl" not in line
    assert len(line) < 500


def test_a_traceback_comes_if_it_is_asked_for(monkeypatch: pytest.MonkeyPatch,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    def failing(_: object) -> int:
        raise LookupError("a\x1b[2Jb")

    monkeypatch.setattr(importlib.import_module("httplint.cli.init"), "run", failing)
    monkeypatch.setenv("HTTPLINT_DEBUG", "1")
    assert run(["init"]) == 2
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert "in failing" in error
    assert "\x1b" not in error


def test_a_package_that_is_missing_is_named() -> None:
    assert told(ModuleNotFoundError("No module named 'http_sf'", name="http_sf")).startswith("http_sf cannot be loaded")


def test_too_little_memory_is_no_fault_of_ours() -> None:
    assert told(MemoryError()).startswith("there is not enough memory for this")


def test_what_the_system_refuses_is_no_fault_of_ours(monkeypatch: pytest.MonkeyPatch,
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    def failing(_: object) -> int:
        raise PermissionError(13, "Permission denied", "/some/where")

    monkeypatch.setattr(importlib.import_module("httplint.cli.init"), "run", failing)
    assert run(["init"]) == 2
    assert capsys.readouterr().err == "httplint: /some/where: Permission denied\n"


def test_a_capture_error_of_a_reader_is_its_problem(captures: list[str], monkeypatch: pytest.MonkeyPatch,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    def failing(*_: object, **__: object) -> Iterator[Any]:
        raise CaptureError(Problem("b.raw", 3, 1, "broken"))

    monkeypatch.setattr(octets, "read", failing)
    monkeypatch.setattr(curl, "read", failing)
    assert run(["explain", "405.allow-missing", "--trace", captures[0]]) == 2
    assert capsys.readouterr().err == "httplint: b.raw:3:1: broken\n"
