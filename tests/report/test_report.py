"""Grouping, excerpts, escaping and the summary."""
from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from httplint import Exchange, Request, Response, lint
from httplint.engine.linter import RuleLinter
from httplint.library import built_in_rules
from httplint.report.colour import wanted
from httplint.report.escape import clipped, printable
from httplint.report.excerpt import excerpt
from httplint.report.links import link
from httplint.report.masker import PLAIN
from httplint.report.summary import Summary


@given(st.text())
def test_printable_is_printable(text: str) -> None:
    assert printable(text).isprintable()
    assert len(clipped(text, 10)) <= 10 or not text.isprintable()


def test_the_excerpt_marks_the_octet() -> None:
    exchange = Exchange(Response(200, headers=[("Date", "Tue, 1 Jul 2025 12:00:00 GMT")]), Request("GET", "/"))
    finding, = (one for one in lint(exchange).findings if one.rule_id == "date.malformed")
    lines = excerpt(finding, PLAIN.of(exchange))
    assert lines[0] == ("< HTTP/1.1 200", "")
    text, marks = lines[-1]
    assert text == "< Date: Tue, 1 Jul 2025 12:00:00 GMT"
    assert marks.count("^") == 1
    assert text[marks.index("^")] == " "
    assert text[:marks.index("^")] == "< Date: Tue, 1"


def test_the_excerpt_shows_a_trailer() -> None:
    exchange = Exchange(Response(200, headers=[("Transfer-Encoding", "chunked")], content=b"x",
                                 trailers=[("A", "b"), ("ETag", "abc")]), Request("GET", "/"))
    finding, = (one for one in lint(exchange).findings if one.rule_id == "trailer.malformed")
    text, marks = excerpt(finding, PLAIN.of(exchange))[-1]
    assert text == "<< ETag: abc"
    assert "^" in marks


def test_the_excerpt_says_that_there_is_no_content() -> None:
    exchange = Exchange(Response(405, headers=[("Content-Length", "0")], content=b""), Request("PATCH", "/report"))
    finding, = (one for one in lint(exchange).findings if one.rule_id == "4xx.explanation-missing")
    assert excerpt(finding, PLAIN.of(exchange))[-1] == ("  (no content)", "  " + "^" * 12)


@pytest.mark.parametrize(("target", "headers", "shown"), [
    ("/report?key=a", [], "/report?key=[masked]"), ("*", [], "*"),
    ("/report", [("Host", "a.example")], "http://a.example/report"), ("http://b.example/", [], "http://b.example/"),
])
def test_a_host_that_was_not_captured_is_not_made_up(target: str, headers: list[tuple[str, str]], shown: str) -> None:
    assert PLAIN.of(Exchange(Response(200), Request("GET", target, headers=headers))).uri() == shown


def test_the_excerpt_of_hostile_traffic_is_short_and_printable() -> None:
    evil = "\x1b[2J\u202e" * 50_000
    exchange = Exchange(Response(405, reason=evil, headers=[("ETag", evil), ("Location", evil), (evil, evil)],
                                 content=evil), Request(evil, evil, headers=[("Range", evil)]))
    report = lint(exchange)
    assert report.findings
    for finding in report.findings:
        for text, marks in excerpt(finding, PLAIN.of(exchange)):
            assert text.isprintable()
            assert len(text) <= 200
            assert len(marks) <= 200
        assert len(finding.message) < 1000
        assert finding.message.isprintable()


def test_the_summary_counts_what_was_not_evaluated() -> None:
    linter = RuleLinter(built_in_rules())
    summary = Summary(len(built_in_rules()))
    reports = [linter.lint(Exchange(Response(206))) for _ in range(3)]
    for report in reports:
        summary.count(report)
    counted = {(rule, reason): times for reason, _, rules in summary.not_evaluated() for rule, times in rules}
    assert counted
    assert counted == {(one.rule_id, one.reason): 3 for one in reports[0].not_evaluated}
    assert summary.entries == summary.linted == 3


def test_the_summary_bounds_the_reasons_that_it_tells_apart() -> None:
    """Some have a word of the capture in them, of which hostile traffic has as many as it likes."""
    summary = Summary(1)
    for number in range(1000):
        summary.skip(f"no response was captured (net::ERR_{number})")
    assert len(summary.skipped) < 300
    assert summary.skipped.total() == summary.entries == 1000


@pytest.mark.parametrize(("spec", "address"), [
    ("RFC 9110 §15.5.6", "https://www.rfc-editor.org/rfc/rfc9110#section-15.5.6"),
    ("RFC 9112 §C.1", "https://www.rfc-editor.org/rfc/rfc9112#appendix-C.1"),
    ("House rules §3", None),
])
def test_links(spec: str, address: str | None) -> None:
    assert link(spec) == address


def test_colour_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    assert wanted("auto", Terminal())
    assert not wanted("auto", io.StringIO())
    assert wanted("always", io.StringIO())
    assert not wanted("never", Terminal())
    monkeypatch.setenv("TERM", "dumb")
    assert not wanted("auto", Terminal())
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wanted("auto", Terminal())
