"""What the tests of reports share: rules of a house, exchanges that break them, and any report of those."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from httplint import Exchange, Linter, Request, Response
from httplint.engine.report import Place, Report, Suppression
from httplint.model.exchange import Source
from httplint.report.form import LineForm
from httplint.report.formats import FORMATS
from httplint.report.kind import place_by_request
from httplint.report.masker import Masker
from httplint.report.matrix import Matrix
from httplint.report.reporter import Options
from httplint.report.summary import Summary

RULE = """
[[rule]]
id = "house.{name}"
title = "{title}"
level = "{level}"
spec = "{spec}"
tags = ["house"]
require = "{require}"
message = "{message}"
why = "{why}"
fix = "{fix}"
bad = ["< HTTP/1.1 200 OK{bad}"]
good = ["< HTTP/1.1 200 OK{good}"]
"""


def rule(name: str, level: str, require: str, message: str, bad: str = "", good: str = "", title: str = "a title",
         spec: str = "House §1", why: str = "Because.", fix: str = "Do it.") -> str:
    """The text of a rule file with one rule."""
    return RULE.format(name=name, level=level, require=require, message=message, bad=bad, good=good, title=title,
                       spec=spec, why=why, fix=fix)


HOUSE = (rule("request-id", "MUST", "'X-Request-Id' in response", "no X-Request-Id", good="\\n< X-Request-Id: 1",
              title="no X-Request-Id | <b>", spec="RFC 9110 §5.1", why="Logs need it: a|b [c](d) <i> & {0}.")
         + rule("bad", "SHOULD NOT", "'X-Bad' not in response", "something is bad", bad="\\n< X-Bad: 1")
         + rule("note", "advice", "'X-Note' not in response", "a note", bad="\\n< X-Note: 1"))


def house(directory: Path) -> Path:
    """A directory with the rules of the house."""
    pack = directory / "house"
    pack.mkdir()
    (pack / "house.toml").write_text(HOUSE, "utf-8")
    return pack


def exchange(status: int = 200, method: str = "GET", uri: str = "http://shop.example/items/12", path: str = "a.har",
             entry: int = 0, content: bytes | str | None = "text", asked: Sequence[tuple[str, str]] = (),
             **fields: str) -> Exchange:
    """An exchange from a capture. `fields`: those of the response; `asked`: those of the request."""
    headers = [("Date", "Tue, 01 Jul 2025 12:00:00 GMT"),
               *((name.replace("_", "-"), value) for name, value in fields.items())]
    source = Source(path, entry, 10 + entry, 5, f"/log/entries/{entry}")
    return Exchange(Response(status, headers=headers, content=content), Request(method, uri, headers=asked),
                    source=source)


def judged(pack: Path, *exchanges: Exchange) -> list[Report]:
    """The reports by the rules of the house alone."""
    return list(Linter(select="house", rules=pack).lint_all(exchanges))


def place_of(method: str, uri: str) -> Place:
    """Where the findings on a request of which nothing else is known belong."""
    return place_by_request(Exchange(Response(200), Request(method, uri)))


def suppress(report: Report, kind: str, reason: str) -> Report:
    """The report with all its findings suppressed."""
    report.suppressed = [(finding, Suppression(kind, reason)) for finding in report.findings]
    report.findings = []
    return report


def written(name: str, reports: Iterable[Report], options: Options | None = None,
            problems: Iterable[tuple[str, str]] = (), skipped: Iterable[str] = (), baseline: bool = False,
            matrix: Matrix | None = None) -> str:
    """A report in the format of that name."""
    parts: list[str] = []
    reports = list(reports)
    rules = {finding.rule_id: finding.rule for report in reports for finding in report.findings}
    options = options or Options()
    reporter = FORMATS[name].reporter(parts.append, options._replace(rules=options.rules or list(rules.values())))
    summary = Summary(3)
    summary.files, summary.places, summary.baseline = 1, Counter(), baseline
    for report in reports:
        summary.count(report)
        reporter.report(report)
    for reason in skipped:
        summary.skip(reason)
    for path, cause in problems:
        summary.problem(path, cause, 3, 4)
    if matrix is not None:
        summary.probed(matrix)
    reporter.end(summary)
    return "".join(parts)


EVIL = ("\x1b]0;x\x07\u202e\ud800\x00\r\n::error::pwned ##[error]pwned </script><img src=x onerror=alert(1)> ]]> & "
        "\" ' =cmd|' /C calc'!A1 | [x](javascript:alert(1)) `code` @admin #1 %0A {0} \ufffe")
"""What hostile traffic puts wherever it can."""


def evil(pack: Path) -> list[Report]:
    """Reports on exchanges that have EVIL in every part of them."""
    return judged(pack, exchange(405, EVIL, f"http://h.example/{EVIL}?token=topsecret", EVIL, 0,
                                 EVIL.encode("utf-8", "replace"), [("Host", EVIL)], X_Bad=EVIL, X_Note=EVIL),
                  exchange(200, "GET", "=1+1", "=b.har", 1, b"\xff\xfe", X_Note="1", X_Bad="1"))


def record(report: Report, masker: Masker) -> dict[str, Any]:
    """What the JSON formats write of an exchange, as plain data."""
    told: dict[str, Any] = msgspec.to_builtins(LineForm.of(report, masker))
    assert told.pop("type") == "exchange"
    return told
