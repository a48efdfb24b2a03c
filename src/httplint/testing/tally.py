"""What a test run has come to. As plain data on request, so that the workers of a distributed run can send theirs."""
from __future__ import annotations

from collections import Counter
from typing import Any

from httplint.configuration.baseline import KIND
from httplint.engine.report import Finding, NotJudged, Report
from httplint.engine.rule import RESERVED, Provision, Rule
from httplint.report.escape import slim
from httplint.report.masker import Masker
from httplint.report.summary import Summary

KEPT = 10_000
"""Reports with findings that a tally keeps for the files."""

OUTSIDE = "(outside of tests)"


class Tally:
    """What a run, or a worker's part of it, has come to."""

    def __init__(self, summary: Summary) -> None:
        self.summary = summary
        self.reports: list[Report] = []
        """Reports with findings, at most KEPT, without most of the content."""
        self.dropped = 0
        """Reports with findings beyond those."""
        self.found: Counter[tuple[str, str]] = Counter()
        """(severity, rule id) -> findings."""
        self.exercised: dict[str, tuple[int, int]] = {}
        """Rule id -> how often it held, how often it was violated."""
        self.fail_on: dict[str, str] = {}
        """Test -> the severity from which on findings fail it, where a marker says so."""
        self.lost_workers = 0
        self._files: set[str] = set()

    def count(self, report: Report, coverage: bool) -> None:
        """Takes in a report that the summary has counted, without the findings that are not shown."""
        if report.exchange.source is not None:
            self._in_file(report.exchange.source.path)
        for finding in report.findings:
            self.found[finding.severity, finding.rule_id] += 1
        if report.findings or report.suppressed:
            self._keep(slim(report))
        if coverage:
            for rule_id in report.held:
                self._exercise(rule_id, 1, 0)
            for rule_id in report.violated:
                self._exercise(rule_id, 0, 1)

    def revive(self, report: Report, finding: Finding, shown: bool) -> None:
        """A finding that was suppressed by the baseline counts after all."""
        report.suppressed = [pair for pair in report.suppressed if pair[0] is not finding]
        self.summary.suppressed[KIND] -= 1
        self.summary.findings[finding.severity] += 1
        if shown:
            report.findings.append(finding)
            self.found[finding.severity, finding.rule_id] += 1
        else:
            self.summary.hidden += 1

    def _in_file(self, name: str) -> None:
        if name != OUTSIDE:
            self._files.add(name.partition("::")[0])
            self.summary.files = len(self._files)

    def _keep(self, report: Report) -> None:
        if len(self.reports) < KEPT:
            self.reports.append(report)
        else:
            self.dropped += 1

    def _exercise(self, rule_id: str, held: int, violated: int) -> None:
        before = self.exercised.get(rule_id, (0, 0))
        self.exercised[rule_id] = (before[0] + held, before[1] + violated)

    def packed(self) -> dict[str, Any]:
        """The tally as plain data, for `merge`."""
        summary = self.summary
        return {
            "linted": summary.linted, "skipped": dict(summary.skipped), "severities": dict(summary.findings),
            "suppressed": dict(summary.suppressed), "hidden": summary.hidden,
            "lacking": [[reason, rules] for reason, _, rules in summary.not_evaluated()],
            "files": sorted(self._files), "found": [[*key, times] for key, times in self.found.items()],
            "exercised": [[rule_id, *times] for rule_id, times in self.exercised.items()],
            "places": [[*place, times] for place, times in (summary.places or {}).items()],
            "fail_on": self.fail_on, "dropped": self.dropped, "reports": [_packed(report) for report in self.reports],
        }

    def merge(self, data: dict[str, Any], rules: dict[str, Rule]) -> None:
        """Takes in what another process packed. `rules`: all that may have spoken, by id."""
        summary = self.summary
        summary.linted += data["linted"]
        summary.skipped.update(data["skipped"])
        summary.entries += data["linted"] + sum(data["skipped"].values())
        summary.findings.update(data["severities"])
        summary.suppressed.update(data["suppressed"])
        summary.hidden += data["hidden"]
        for reason, counts in data["lacking"]:
            for rule_id, times in counts:
                summary.lacked(NotJudged(rule_id, reason), times)
        for name in data["files"]:
            self._in_file(name)
        for host, method, path, status, times in data["places"]:
            summary.place((host, method, path, status), times)
        for severity, rule_id, times in data["found"]:
            self.found[severity, rule_id] += times
        for rule_id, held, violated in data["exercised"]:
            self._exercise(rule_id, held, violated)
        self.fail_on |= data["fail_on"]
        self.dropped += data["dropped"]
        for report in data["reports"]:
            self._keep(_unpacked(report, rules))


# -- reports as plain data


SHOWING = Masker(shows=True)


def _packed(report: Report) -> dict[str, Any]:
    """The report as plain data, with the rules that are in no catalogue."""
    from httplint.report.form import LineForm, compact
    return {"line": compact(LineForm.of(report, SHOWING)),  # the process that tells of it masks it
            "rules": {name: dict(rule.said) for name, rule in report.violated.items() if name.startswith(RESERVED)}}


def _unpacked(data: dict[str, Any], rules: dict[str, Rule]) -> Report:
    import msgspec

    from httplint.report.form import LineForm
    known = rules | {name: Provision(said) for name, said in data["rules"].items()}
    return msgspec.json.decode(data["line"], type=LineForm).report(known)
