"""How findings went over several results."""
from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from har_maker import entry, har_of, write

from httplint.cli.main import run

MADE = {"allow": ("PATCH", 405), "date": ("GET", 200), "retry": ("GET", 503)}
"""Kinds of entries -> method and status code: each has one finding of one rule, for what is selected."""
SELECT = "405.allow-missing,date.missing,503.retry-after-missing"

Judged = Callable[..., str]


@pytest.fixture
def judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Judged:
    """Makes a result of kinds of entries, and returns its path."""
    def result(name: str, *kinds: str) -> str:
        dated = ("Date", "Sun, 01 Mar 2026 12:00:00 GMT")
        har = write(tmp_path / "a.har", har_of(*(
            entry(*([("Content-Type", "text/plain")] + [dated] * (kind != "date")), text="no",
                  request={"method": MADE[kind][0], "url": f"https://shop.example/{kind}"},
                  response={"status": MADE[kind][1]}) for kind in kinds)))
        (tmp_path / name).parent.mkdir(exist_ok=True)
        run(["check", str(har), "--isolated", "--select", SELECT, "--output", f"json:{tmp_path / name}"])
        capsys.readouterr()
        return str(tmp_path / name)

    return result


def told(capsys: pytest.CaptureFixture[str], *results: str) -> Any:
    assert run(["report", "--trend", *results, "--output-format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_numbers_by_severity_and_by_rule(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    results = [judged("one.json", "allow", "allow", "date"), judged("two.json", "allow"),
               judged("three.json", "retry", "allow", "allow", "allow")]
    data = told(capsys, *results)
    assert [(one["name"], one["exchanges"], one["findings"], one["kinds"], one["new"], one["gone"])
            for one in data["results"]] == [
        ("one.json", 3, {"error": 3, "warning": 0, "info": 0}, 2, 0, 0),
        ("two.json", 1, {"error": 1, "warning": 0, "info": 0}, 1, 0, 1),
        ("three.json", 4, {"error": 3, "warning": 0, "info": 1}, 2, 1, 0)]
    assert {one["recorded"] for one in data["results"]} == {"2026-03-01 12:00Z"}
    assert [(one["rule"], one["severity"], one["counts"], one["first"], one["gone"]) for one in data["rules"]] == [
        ("405.allow-missing", "error", [2, 1, 3], "one.json", None),
        ("503.retry-after-missing", "info", [0, 0, 1], "three.json", None),
        ("date.missing", "error", [1, 0, 0], "one.json", "two.json")]


def test_a_rule_that_comes_back_is_not_gone(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    rule, = told(capsys, judged("a", "allow"), judged("b"), judged("c", "allow"), judged("d"))["rules"]
    assert (rule["counts"], rule["first"], rule["gone"]) == ([1, 0, 1, 0], "a", "d")


def test_the_tables_for_people(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    results = [judged("one.json", "allow", "date"), judged("two.json", "allow", "allow")]
    assert run(["report", "--trend", *results]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split("  (")[0].split()[:5] == ["2", "0", "0", "0", "0"]
    assert lines[2].split()[:6] == ["2", "0", "0", "0", "1", "two.json"]
    assert "     1      2  error[405.allow-missing]" in lines
    assert "     1      0  error[date.missing]: gone since two.json" in lines
    assert lines[-1] == "2 errors in the first of 2 results, 2 errors in the last"


def test_results_are_called_by_the_shortest_ends_of_their_paths(judged: Judged,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    mac, linux, same = judged("mac/r.json", "allow"), judged("linux/r.json", "allow"), judged("other.json", "allow")
    assert [one["name"] for one in told(capsys, mac, linux, same, same)["results"]] == [
        "mac/r.json", "linux/r.json", "other.json", "other.json (2)"]


def test_one_result_has_no_trend_but_numbers(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    result = judged("one.json", "allow")
    assert run(["report", "--trend", result]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "1 error in one result; a trend takes two or more"
    for name in ("html", "markdown", "json"):
        assert run(["report", "--trend", result, "--output-format", name]) == 0


def test_people_see_the_latest_of_many(judged: Judged, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, last = judged("first.json", "allow"), judged("last.json", "allow", "allow")
    assert run(["report", "--trend", *[first] * 30, last, f"--output=markdown:{tmp_path}/t.md",
                f"--output=html:{tmp_path}/t.html"]) == 0
    assert "by rule, in the latest 8 results\n" in capsys.readouterr().out
    row = next(line for line in (tmp_path / "t.md").read_text("utf-8").splitlines() if "405" in line)
    assert row.count("|") == 2 + 2 + 8 + 1                  # severity, rule, numbers, first, gone
    page = (tmp_path / "t.html").read_text("utf-8")
    assert "the latest 12 of 31 results" in page
    assert page.count('<circle cx="') == 3 * 31 + 1         # each severity and result, and the end of a rule's


def test_what_is_told_can_be_told_alone(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    old, new = judged("old.json", "allow"), judged("new.json", "date")
    for option, lines in (("--diff", 2), ("--trend", 7)):
        run(["report", option, old, new])
        whole = capsys.readouterr().out
        run(["report", option, old, new, "-q"])
        assert whole.startswith(alone := capsys.readouterr().out)
        assert alone.count("\n") == lines                   # a change each; two heads, two results, a gap and two rules


@pytest.mark.parametrize("option", ["--trend", "--diff"])
def test_it_is_said_where_not_only_the_traffic_differs(option: str, judged: Judged, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    old, new = judged("old.json", "allow"), judged("new.json", "date")
    text = Path(old).read_text("utf-8")
    text = re.sub(r'"httplint": "[^"]*"', '"httplint": "0.0.1"', text)
    Path(old).write_text(text.replace('"rules": 3', '"rules": 2'), "utf-8")
    outputs = [f"--output={name}:{tmp_path}/out.{name}" for name in ("text", "markdown", "html")]
    run(["report", option, old, new, *outputs, "--output-format", "json"])
    capsys.readouterr()
    for name in ("text", "markdown", "html"):
        told = (tmp_path / f"out.{name}").read_text("utf-8")
        assert "the results are of different versions of httplint" in told
        assert "the results are of different numbers of rules" in told
    run(["report", option, new, new])
    assert "different" not in capsys.readouterr().out


def test_a_trend_is_no_gate(judged: Judged, capsys: pytest.CaptureFixture[str]) -> None:
    result = judged("one.json", "allow")
    assert run(["report", "--trend", result, result]) == 0
    assert run(["report", "--trend", result, "--fail-on", "error"]) == 2
    assert capsys.readouterr().err == "httplint: --trend is no gate; --diff OLD NEW is one, with --fail-on\n"


@pytest.mark.parametrize("option", ["--trend", "--diff"])
@pytest.mark.parametrize(("content", "said"), [
    ("", "Input data was truncated"),
    ('{"format": 2, "findings": {}}', "the result has format 2, expected 1: it is of a newer httplint than this"),
    ('{"type":"summary","format":0,"summary":{}}\n', "the result has format 0, expected 1: it is of another version"),
    ('{"format": 1, "httplint": "9", "rules": {}, "summary": {}}', "missing required field"),
    ('{"type":"exchange"}\n', "the summary is missing at the end"),
    ("[]", "this is no result of httplint: it has no format that is a number"),
    ('{"log": {"entries": []}}', "httplint check --output json:FILE writes results"),
])
def test_what_is_no_result_is_said(option: str, content: str, said: str, judged: Judged, tmp_path: Path,
                                   capsys: pytest.CaptureFixture[str]) -> None:
    bad = write(tmp_path / "bad.json", content)
    assert run(["report", option, judged("one.json", "allow"), str(bad), f"--output=html:{tmp_path}/out.html"]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"httplint: {bad}: ")
    assert said in captured.err
    assert not (tmp_path / "out.html").exists()


@pytest.mark.parametrize("option", ["--trend", "--diff"])
def test_comparisons_have_formats_of_their_own(option: str, judged: Judged, tmp_path: Path,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    result = judged("one.json", "allow")
    for arguments in (["--output-format", "csv"], ["--output", f"csv:{tmp_path}/x"]):
        assert run(["report", option, result, result, *arguments]) == 2
        assert capsys.readouterr().err == (
            "httplint: there is no format 'csv' here; the formats are text, json, markdown, html\n")
    assert run(["report", option, result, result, "--output", f"html:{tmp_path}/no/x"]) == 2
    assert run(["report", option, result, result, "--output", f"html:{tmp_path}/x", "--output", "json:-"]) == 0
    json.loads(capsys.readouterr().out.partition("\n\x00")[0])
    assert (tmp_path / "x").read_text("ascii").startswith("<!doctype html>")
