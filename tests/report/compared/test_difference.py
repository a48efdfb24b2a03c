"""What changed between two results."""
from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from har_maker import entry, har_of, write

from httplint import Exchange, Request, Response, lint
from httplint.cli.main import run
from httplint.engine.report import Finding, Location, Report
from httplint.report.colour import Paint
from httplint.report.compared import series
from httplint.report.compared.difference import Difference, as_dicts, difference
from httplint.report.compared.forms import of_difference
from httplint.report.compared.series import Compared, Comparison, Counting
from httplint.report.masker import PLAIN as MASKER
from httplint.report.reporter import Options
from httplint.report.summary import Summary


def finding(rule: str = "405.allow-missing", item: object = 1, severity: str = "error", field: str | None = None,
            method: str | None = "PATCH", message: str = "no Allow") -> Report:
    """A report with one finding."""
    request = None if method is None else Request(method, f"https://shop.example/items/{item}?q={item}")
    report = Report(Exchange(Response(405), request))
    one = Finding(lint(Exchange(Response(405))).findings[0].rule, message, Location("response", "status", name=field))
    one.rule_id, one.severity = rule, severity
    report.findings = [one]
    return report


def between(old: Iterable[Report], new: Iterable[Report]) -> Difference:
    """The difference of results with these reports."""
    counting = Counting(2)
    results = [Compared(name, "1", 700, 1, dict(counting.add(reports)[0]))
               for name, reports in (("a", old), ("b", new))]
    return difference(Comparison(results, counting.all(), []))


def text(shown: Difference, options: Options = Options()) -> list[str]:  # noqa: B008
    """The lines of the report for people."""
    lines: list[str] = []
    of_difference(shown)["text"].reporter(lines.append, options).end(Summary(0, MASKER))
    return lines


def test_findings_are_compared_by_kind() -> None:
    old = [finding(item=1), finding(item=2), finding("etag.syntax", field="ETag"), finding("date.missing"),
           finding("as.it-was")]
    new = [finding(item="0b6f1c3e-2f7d-4f43-9d53-0d8f0e4c1a55"), finding("date.missing", 7), finding("date.missing", 8),
           finding("504.a", severity="warning"), finding("503.b"), finding("as.it-was", 9)]
    shown = between(old, new)
    assert [(word, one.kind.rule, one.before, one.after) for word, alike in shown.changed.items() for one in alike] == [
        ("new", "503.b", 0, 1), ("new", "504.a", 0, 1), ("more", "date.missing", 1, 2),
        ("fewer", "405.allow-missing", 2, 1), ("gone", "etag.syntax", 1, 0), ("unchanged", "as.it-was", 1, 1)]
    assert shown.changed["gone"][0].kind.field == "etag"
    *lines, last = text(shown)
    assert last == "kinds of findings: 2 new, 1 more, 1 fewer, 1 gone, 1 unchanged\n"
    assert [line.partition(" ")[0] for line in lines] == ["new", "new", "more", "fewer", "gone"]
    first, *_, unchanged = as_dicts(shown)
    assert first | {"message": "…"} == {
        "change": "new", "rule": "503.b", "host": "https://shop.example", "path": "/items/{id}", "method": "PATCH",
        "field": "", "severity": "error", "message": "…", "before": 0, "after": 1}
    assert unchanged["change"] == "unchanged"


def test_the_order_of_findings_does_not_matter() -> None:
    findings = [finding(item=item, rule=rule, message="same") for item in (1, 2) for rule in ("a.b", "c.d")]
    assert text(between(findings, findings[::-1])) == ["no differences: 2 unchanged\n"]
    assert text(between([], [])) == ["no differences\n"]


def test_a_finding_without_request_is_a_kind_of_its_own() -> None:
    change, = between([], [finding(method=None)]).changed["new"]
    assert (change.kind.host, change.kind.path, change.kind.method) == ("", "", "")


@pytest.mark.parametrize(("old", "new", "severities", "worse"), [
    ([], ["error"], ["error"], True),
    ([], ["warning"], ["error"], False),
    ([], ["warning", "error"], ["error"], True),            # of a kind whose first is less
    (["error"], ["error"], ["error"], False),
    (["error"], ["error", "error"], ["error"], True),
    (["error", "error"], ["error"], ["error"], False),
    (["error"], [], ["error"], False),
    ([], ["error"], [], False),
])
def test_what_is_new_from_the_severity_up_is_worse(old: list[str], new: list[str], severities: list[str],
                                                   worse: bool) -> None:
    shown = between(*([finding(severity=severity) for severity in some] for some in (old, new)))
    assert shown.worse(severities) is worse


@pytest.mark.parametrize("width", [40, 80])
def test_lines_fit_the_terminal(width: int) -> None:
    shown = between([finding("etag.syntax", field="ETag")], [finding(message="405, but no Allow lists methods " * 3)])
    lines = text(shown, Options(width=width, paint=Paint(True)))
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip("\n") for line in lines]
    assert len(plain) > 4
    assert all(len(line) <= width or len(line.split()) <= 2 for line in plain)
    assert " ".join(" ".join(plain).split()) == " ".join("".join(text(shown)).split())
    assert "".join(lines).count("\x1b[1;31m") >= 2


def test_what_strangers_wrote_is_harmless_on_a_terminal() -> None:
    evil = finding("a\x1b[2Jb", severity="\x1b[31m", method="\x07", message="\x1b]0;x\x07" * 1000)
    lines = text(between([], [evil]))
    assert all(line.rstrip("\n").isprintable() and len(line) < 500 for line in lines)


def test_kinds_beyond_those_that_are_told_apart_count_by_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(series, "LIMIT", 2)
    old = [finding(item=name) for name in ("a", "b", "c", "d")]
    shown = between(old, [*old[::-1], finding(item="e")])
    assert [(one.kind.host, one.kind.path, one.before, one.after) for one in shown.changed["more"]] == [
        ("(others)", "", 2, 3)]
    assert [one.kind.path for one in shown.changed["unchanged"]] == ["/items/a", "/items/b"]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def result(name: str, *methods: str) -> str:
        har = write(tmp_path / f"{name}.har", har_of(*(
            entry(("Content-Type", "text/plain"), text="no", request={"method": method}, response={"status": 405})
            for method in methods)))
        run(["check", str(har), "--select", "405.allow-missing", "--output", f"json:{tmp_path / name}.json"])
        capsys.readouterr()
        return str(tmp_path / f"{name}.json")

    old, new = result("old", "PATCH", "PATCH"), result("new", "PATCH", "PUT")
    assert run(["report", "--diff", old, new]) == 1
    out = capsys.readouterr().out.splitlines()
    assert [line.partition(" ")[0] for line in out] == ["new", "fewer", "kinds"]
    assert run(["report", "--diff", old, new, "--fail-on", "never", "--output-format", "json"]) == 0
    assert [change["change"] for change in json.loads(capsys.readouterr().out)] == ["new", "fewer"]
    assert run(["report", "--diff", old, old]) == 0
    assert capsys.readouterr().out == "no differences: 1 unchanged\n"
