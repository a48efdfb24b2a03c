"""The report for programs: one JSON object, written as it goes, so that memory stays bounded.

Its form is version 1 of `schema.json` beside this module.
"""
from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from httplint.engine.report import Finding, Report
from httplint.report.escape import masked_uri
from httplint.report.links import link
from httplint.report.summary import Summary

FORMAT = 1
"""Version of the format: raised when a key goes or changes its meaning; new keys do not raise it."""


class JsonReport:
    """Writes {"httplint": …, "findings": [ … ], "summary": …}."""

    def __init__(self, write: Callable[[str], object], version: str, show_secrets: bool = False,
                 show_not_evaluated: bool = False) -> None:
        self._write = write
        self._show_secrets = show_secrets
        self._show_not_evaluated = show_not_evaluated
        self._separator = ""
        self._listed: list[dict[str, Any]] = []
        write(f'{{"format": {FORMAT}, "httplint": {json.dumps(version)}, "findings": [')

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange."""
        for finding in report.findings:
            self._write(f"{self._separator}\n  {json.dumps(self._finding(finding, report))}")
            self._separator = ","
        if self._show_not_evaluated:
            source = report.exchange.source
            lacking = [{"rule": one.rule_id, "reason": one.reason} for one in report.not_evaluated]
            if lacking:
                self._listed.append({"path": source.path if source else None,
                                     "entry": source.entry if source else None, "rules": lacking})

    def end(self, summary: Summary) -> None:
        """Writes the rest of the object."""
        closing: dict[str, Any] = {"summary": summary.as_dict()}
        if self._show_not_evaluated:
            closing["not_evaluated"] = self._listed
        self._write("\n], " + json.dumps(closing, indent=1)[1:].lstrip() + "\n")

    def _finding(self, finding: Finding, report: Report) -> dict[str, Any]:
        location, request = finding.location, report.exchange.request
        source = location.source
        uri = None
        if request is not None:
            uri = request.uri if self._show_secrets else masked_uri(request.uri)
        return {
            "rule": finding.rule_id, "severity": finding.severity, "level": finding.level,
            "confidence": finding.confidence, "basis": finding.rule.basis, "message": finding.message,
            "title": finding.rule.title, "fix": finding.fix, "spec": finding.spec, "link": link(finding.spec),
            "request": None if request is None else {"method": request.method, "uri": uri},
            "status": report.exchange.response.status,
            "location": {
                "message": location.message, "part": location.part, "field": location.name, "index": location.index,
                "offset": location.offset, "path": source.path if source else None, "entry": location.entry,
                "pointer": location.pointer, "line": location.line, "column": location.column,
            },
        }
