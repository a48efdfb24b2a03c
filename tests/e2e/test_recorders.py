"""What recorders kept of exchanges is judged as what mitmproxy saw of them, evidence aside; see fixtures/captures."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from httplint.capture.reading import read
from httplint.engine.report import Report
from httplint.library import Linter
from httplint.model.exchange import Exchange

FIXTURES = Path(__file__).parents[2] / "fixtures" / "captures"
SEEN = ".mitmproxy.har"
CAPTURES = sorted(path for path in FIXTURES.glob("*") if path.suffix != ".md" and not path.name.endswith(SEEN))


def reports(path: Path) -> Iterator[tuple[str, Report]]:
    """What was asked (method, path and query), and the report on it."""
    outcomes = list(read(str(path)))
    assert [one for one in outcomes if not isinstance(one, Exchange)] == []
    for report in Linter(profile="strict").lint_all(one for one in outcomes if isinstance(one, Exchange)):
        request = report.exchange.request
        assert request is not None
        yield f"{request.method} /{request.uri.split('/', 3)[-1]}", report


def found(report: Report) -> set[str]:
    return {finding.rule_id for finding in report.findings}


def unknown(report: Report) -> set[str]:
    """Rules that could not be evaluated."""
    return {rule.rule_id for rule in report.not_evaluated}


@pytest.mark.parametrize("capture", CAPTURES, ids=lambda path: path.name)
def test_what_a_recorder_kept_is_judged_as_what_passed(capture: Path) -> None:
    kept, passed = list(reports(capture)), reports(FIXTURES / (capture.name.split(".")[0] + SEEN))
    differing = {}
    for asked, ours in kept:                               # in the same order; a recorder may have lost some
        theirs = next((report for also, report in passed if also == asked), None)
        assert theirs is not None, f"{asked} did not pass, or not here"
        more = found(ours) - found(theirs) - unknown(theirs)
        less = found(theirs) & set(ours.held)         # a field that was not kept is no breach
        if more or less:
            differing[asked] = {"only of what was kept": more, "only of what passed": less}
    assert differing == {}
    assert sum(map(len, (found(report) for _, report in kept))) > 20, "violations were recorded, too"
