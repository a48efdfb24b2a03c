"""A rule that no capture can fire is no rule: each one's bad examples, written down as other tools would write them.

An example is transcribed into a HAR, the octets of a connection, what `curl -v` prints, and a library call, and read
by the readers that users have. Each stable rule must find one of its bad examples in one of these.
"""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from transcription import IN_OCTETS, TOOLS, read_all, written_out

from httplint.capture.kinds import KINDS
from httplint.capture.notation import notation
from httplint.coverage import shown_by
from httplint.engine.linter import RuleLinter
from httplint.engine.rule import Rule
from httplint.library import built_in_rules

HARS = Path(__file__).parents[2] / "fixtures" / "har"
RULES = [rule for rule in built_in_rules() if rule.stage == "stable"]

_HTTP2 = "what `fetch --http2` asks for: tests/e2e/test_fetch.py"
BY_OTHER_TESTS = {
    "http2.upper-case-name": _HTTP2, "http2.unknown-pseudo-field": _HTTP2, "http2.late-pseudo-field": _HTTP2,
    "http2.repeated-pseudo-field": _HTTP2, "http2.status-missing": _HTTP2,
}
"""Rule -> where it is shown to fire, if none of these transcriptions can."""


def _reaching(rule: Rule, directory: Path) -> Iterator[str]:
    """The tools whose captures show the rule one of its bad examples."""
    for text in rule.bad:
        if text.lstrip().startswith(IN_OCTETS):
            path = directory / "a.raw"
            path.write_bytes(written_out(text))
            ways = {"octets of a file": list(read_all(path)), "octets of the wire": list(read_all(path, wire=True))}
        else:
            ways = {tool: list(write(notation(text), directory)) for tool, write in TOOLS.items()}
        for tool, exchanges in ways.items():
            reports = RuleLinter([rule]).lint_all(exchanges)
            if any(finding.rule_id == rule.id for report in reports for finding in report.findings):
                yield tool


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_some_capture_shows_the_flaw(rule: Rule, tmp_path: Path) -> None:
    found = next(_reaching(rule, tmp_path), None)
    assert (found is None) == (rule.id in BY_OTHER_TESTS), BY_OTHER_TESTS.get(rule.id, "no capture shows it")


KIND = {"a HAR of mitmproxy": "HAR", "a HAR of Chrome": "HAR", "octets of a file": "octets",
        "octets of the wire": "fetch", "curl -v": "curl", "a library call": "library call"}
"""Tool of TOOLS -> the kind of capture that it writes."""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_coverage_table_says_so(rule: Rule, tmp_path: Path) -> None:
    """Where a rule fires, the table does not call it impossible."""
    assert {KIND[tool] for tool in _reaching(rule, tmp_path)} <= set(shown_by(rule))


@pytest.mark.parametrize("path", sorted(HARS.glob("*.har")), ids=lambda path: path.stem)
def test_no_har_proves_more_than_its_kind(path: Path) -> None:
    best = next(kind.facts for kind in KINDS if kind.name == "HAR")
    assert [one for one in read_all(path) if one.evidence.bits & ~best] == []
