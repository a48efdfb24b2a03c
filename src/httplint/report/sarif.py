"""SARIF 2.1.0, for code scanning: alike findings are one result, which counts them and names some of their places.

Sections are those of the OASIS standard. A result's fingerprint comes from its kind, not from its place, so that it
stays the same when the traffic is recorded anew.
"""
from __future__ import annotations

import os
import re
from typing import Any

from httplint.engine.rule import Provision
from httplint.model.exchange import Source
from httplint.report.alike import Issue, IssueReporter
from httplint.report.escape import clipped, printable, sound
from httplint.report.json_writer import JsonWriter, indented
from httplint.report.lines import encoded
from httplint.report.links import link
from httplint.report.markup import commonmark
from httplint.report.paths import relative
from httplint.report.summary import Summary

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}
"""Severity -> level (§3.27.10)."""
PROBLEMS = {"error": "error", "warning": "warning", "info": "recommendation"}
"""Severity -> what GitHub calls problem.severity."""
DESCRIPTION = 1000
"""Characters of a full description: GitHub takes 1024."""
KNOWN = "baseline"
"""The kind of suppression that is by the baseline."""
_WEB = re.compile(r"(https?://(?:\[[0-9A-Fa-f:.]+\])?)(.*)", re.DOTALL)
"""The only URIs that stay what they are: those that were fetched."""
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")


class SarifReport(IssueReporter):
    """Collects findings, and writes the log in the end."""

    suppressed = True

    def end(self, summary: Summary) -> None:
        """Writes the log: its head, and a line for each result."""
        issues = list(self._issues)
        rules = sorted({issue.finding.rule_id: issue.finding.rule for issue in issues}.values(),
                       key=lambda rule: (rule.order, rule.id))
        numbers = {rule.id: number for number, rule in enumerate(rules)}
        driver = {"name": "httplint", "version": self._options.version, "rules": [_rule(rule) for rule in rules]}
        self._write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [')
        run = JsonWriter(self._write, "{}")
        for name, value in {
            "tool": {"driver": driver},
            "invocations": [{"executionSuccessful": not summary.problems,
                             "toolExecutionNotifications": self._notifications(summary)}],
            "columnKind": "unicodeCodePoints", **self._automation(),
        }.items():
            run.member(name, "\n ", indented(value, 1))
        run.member("results", "\n ")
        results = JsonWriter(self._write)
        active = {issue.kind for issue in issues if issue.suppression is None}
        suppressing = any(issue.suppression for issue in issues)
        for issue in issues:
            result = _result(issue, numbers[issue.finding.rule_id], issue.kind in active)
            result |= _state(issue, suppressing, summary.baseline)
            results.add(encoded(result))
        results.close()
        run.close("")
        self._write("]}\n")

    def _automation(self) -> dict[str, Any]:
        """The category, whose run has no name of its own (§3.17.3); without one, whoever uploads it may name it."""
        category = self._options.category.strip("/")
        return {"automationDetails": {"id": f"{category}/"}} if category else {}

    def _notifications(self, summary: Summary) -> list[dict[str, Any]]:
        """What could not be read, and what could not be judged (§3.20.21)."""
        out = []
        for problem in summary.problems:
            source = Source(problem["path"], 0, problem["line"], problem["column"])
            out.append(_notification("error", f"cannot be read: {problem['cause']}", _physical(source)))
        if left_out := self._issues.left_out():
            out.append(_notification("warning", left_out))
        out += [_notification("warning", note) for note in summary.notes]
        out += [_notification("note", f"{count:,} entries were skipped: {reason}")
                for reason, count in sorted(summary.skipped.items())]
        out += [_notification("note", f"{count:,} checks could not be made: {reason}")
                for reason, count, _ in summary.not_evaluated()]
        return out


def _notification(level: str, text: str, location: dict[str, Any] | None = None) -> dict[str, Any]:
    out: dict[str, Any] = {"level": level, "message": {"text": _text(text)}}
    if location is not None:
        out["locations"] = [{"physicalLocation": location}]
    return out


def _rule(rule: Provision) -> dict[str, Any]:
    """A reportingDescriptor (§3.49)."""
    address = link(rule.spec)
    basis = "" if rule.basis == "explicit" else ", implied"
    demand = f"{rule.level}{basis}: {rule.spec}"
    examples = [(name, example) for name, many in (("Bad", rule.bad), ("Good", rule.good)) for example in many[:1]]
    text = "\n\n".join(map(printable, (rule.why, f"Fix: {rule.fix}", demand)))
    page = f"{commonmark(rule.why)}\n\n**Fix**: {commonmark(rule.fix)}\n\n" + (
        f"[{commonmark(demand)}]({address})" if address else commonmark(demand))
    for name, example in examples:
        page += f"\n\n{name}:\n\n" + "\n".join(f"    {printable(line)}" for line in example.splitlines())
    out: dict[str, Any] = {
        "id": rule.id, "name": "".join(word.capitalize() for word in rule.id.replace(".", "-").split("-")),
        "shortDescription": {"text": clipped(rule.title, 255)},
        "fullDescription": {"text": clipped(rule.why or rule.title, DESCRIPTION)},
        "help": {"text": text, "markdown": page},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": ["http", *rule.tags], "level": rule.level, "spec": rule.spec,
                       "precision": rule.confidence, "problem.severity": PROBLEMS[rule.severity]},
    }
    if address:
        out["helpUri"] = address
    return out


def _result(issue: Issue, number: int, active: bool) -> dict[str, Any]:
    """A result (§3.27). `active`: whether some findings of this kind are not suppressed."""
    finding, first = issue.finding, issue.sources[0] if issue.sources else None
    location: dict[str, Any] = {"logicalLocations": [_logical(issue)]}
    if first is not None:
        location["physicalLocation"] = _physical(first)
    mark = issue.fingerprint
    if issue.suppression is not None and active:           # not to be taken for those that are not
        mark += f"-{issue.suppression.kind}"
    out: dict[str, Any] = {
        "ruleId": finding.rule_id, "ruleIndex": number, "level": LEVELS[issue.severity],
        "message": {"text": _text(issue.message + issue.times)}, "locations": [location],
        "occurrenceCount": issue.count,
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:1", "httplint/v1": mark},
        "properties": {"request": issue.request, "status": issue.status, "part": issue.place,
                       "confidence": finding.confidence, "fix": finding.fix},
    }
    if len(issue.sources) > 1:
        out["relatedLocations"] = [{"id": place, "physicalLocation": _physical(source),
                                    "message": {"text": "the same at another exchange"}}
                                   for place, source in enumerate(issue.sources[1:], 1)]
    return out


def _state(issue: Issue, suppressing: bool, baseline: bool) -> dict[str, Any]:
    """Whether a result is suppressed (§3.27.23), and whether it is new (§3.27.24).

    `suppressing`: whether some are, so that all tell; `baseline`: whether there was one. It saw no findings but those
    that nothing else suppressed. None is said to be absent: what was not in the traffic may be as it was.
    """
    why = issue.suppression
    out: dict[str, Any] = {}
    if suppressing:
        out["suppressions"] = [] if why is None else [
            {"kind": "external", "status": "accepted", "justification": f"{why.kind}: {why.reason}"}]
    if baseline and (why is None or why.kind == KNOWN):
        out["baselineState"] = "new" if why is None else "unchanged"
    return out


def _logical(issue: Issue) -> dict[str, Any]:
    """Method, URL template, status code and field (§3.33)."""
    kind, field = issue.kind, issue.field
    request = f"{kind.method} {kind.host}{kind.path}" if kind.method else "response"
    name = clipped(field, 200) if field else issue.finding.location.part
    return {"name": name, "fullyQualifiedName": clipped(f"{request} {issue.status} {name}", 2500), "kind": "resource"}


def _physical(source: Source) -> dict[str, Any]:
    """File, line and column of the entry (§3.29)."""
    out: dict[str, Any] = {"artifactLocation": {"uri": uri_of(source.path)}}
    if source.line is not None:
        out["region"] = {"startLine": source.line, "startColumn": source.column or 1}
    return out


def uri_of(path: str) -> str:
    """The reference to a capture: relative, unless it lies outside of the working directory, or is a URI itself."""
    from urllib.parse import quote
    path = relative(path)
    if found := _WEB.fullmatch(path):
        start, rest = found.groups()
        whole = _LONE_PERCENT.sub("%25", rest).replace("#", "%23")
        return start + quote(whole, safe="/?:@!$&'()*+,;=%~", errors="backslashreplace")
    try:
        octets = os.fsencode(path)
    except UnicodeEncodeError:                             # no path of this system
        octets = sound(path).encode("utf-8")
    return ("file://" if path.startswith("/") else "") + quote(octets, safe="/~")


def _text(text: str) -> str:
    """A plain text message: braces doubled, nothing that would be a link (§3.11.5, §3.11.6)."""
    return text.replace("{", "{{").replace("}", "}}").replace("](", "] (")
