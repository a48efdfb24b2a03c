"""What changed between two results."""
from __future__ import annotations

import json
from pathlib import Path

import pytest
from har_maker import entry, har_of, write

from httplint import Exchange, Request, Response, lint
from httplint.cli.main import run
from httplint.engine.report import Finding, Location, Report
from httplint.report.difference import as_dict, differences, lines


def finding(rule: str = "405.allow-missing", item: object = 1, severity: str = "error", field: str | None = None,
            method: str | None = "PATCH", message: str = "no Allow") -> Report:
    """A report with one finding."""
    request = None if method is None else Request(method, f"https://shop.example/items/{item}?q={item}")
    report = Report(Exchange(Response(405), request))
    one = Finding(lint(Exchange(Response(405))).findings[0].rule, message, Location("response", "status", name=field))
    one.rule_id, one.severity = rule, severity
    report.findings = [one]
    return report


def test_findings_are_compared_by_kind() -> None:
    old = [finding(item=1), finding(item=2), finding("etag.syntax", field="ETag"), finding("date.missing")]
    new = [finding(item="0b6f1c3e-2f7d-4f43-9d53-0d8f0e4c1a55"), finding("date.missing", 7), finding("date.missing", 8),
           finding("504.a", severity="warning"), finding("503.b")]
    changes = differences(old, new)
    assert [(change.word, change.kind.rule, change.before, change.after) for change in changes] == [
        ("new", "503.b", 0, 1), ("new", "504.a", 0, 1), ("more", "date.missing", 1, 2),
        ("fewer", "405.allow-missing", 2, 1), ("gone", "etag.syntax", 1, 0)]
    assert changes[-1].kind.field == "etag"
    assert lines(changes)[-1] == "kinds of findings: 2 new, 1 more, 1 fewer, 1 gone"
    assert as_dict(changes)[0] | {"message": "…"} == {
        "change": "new", "rule": "503.b", "host": "https://shop.example", "path": "/items/{id}", "method": "PATCH",
        "field": "", "severity": "error", "message": "…", "before": 0, "after": 1}


def test_the_order_of_findings_does_not_matter() -> None:
    findings = [finding(item=item, rule=rule, message="same") for item in (1, 2) for rule in ("a.b", "c.d")]
    assert differences(findings, findings[::-1]) == []
    assert lines([]) == ["no differences"]


def test_a_finding_without_request_is_a_kind_of_its_own() -> None:
    change, = differences([], [finding(method=None)])
    assert (change.kind.host, change.kind.path, change.kind.method) == ("", "", "")


def test_what_strangers_wrote_is_harmless_on_a_terminal() -> None:
    evil = finding("a\x1b[2Jb", severity="\x1b[31m", method="\x07", message="\x1b]0;x\x07" * 1000)
    assert all(line.isprintable() and len(line) < 500 for line in lines(differences([], [evil])))


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
    assert capsys.readouterr().out == "no differences\n"
