"""httplint: tells whether HTTP responses conform to the specifications.

    from httplint import Exchange, Request, Response, lint

    report = lint(Exchange(response=Response(405), request=Request("PATCH", "/report")))
    for finding in report.findings:
        print(finding.rule_id, finding.message, finding.fix)

Names are imported when they are first used, so that `httplint --version` starts at once.
"""
from __future__ import annotations

TYPE_CHECKING = False                                      # not from typing, whose import takes a while

__version__ = "0.1.0"

__all__ = ["CaptureError", "Confidence", "ConfigurationError", "Evidence", "Exchange", "Fields", "Finding",
           "HttplintError", "Level", "Linter", "Location", "Problem", "Profile", "Report", "Request", "Response",
           "Rule", "RuleError", "SelectionError", "SetupError", "Severity", "Skipped", "Source", "lint",
           "lint_har", "read", "read_har_entries", "read_har_entry"]

if TYPE_CHECKING:
    from httplint.capture.outcome import CaptureError, Problem, Skipped
    from httplint.configuration import ConfigurationError
    from httplint.engine.errors import RuleError
    from httplint.engine.report import Finding, Location, Report
    from httplint.engine.rule import Profile, Rule
    from httplint.library import Linter, lint, lint_har, read, read_har_entries, read_har_entry
    from httplint.model.errors import HttplintError, SetupError
    from httplint.model.evidence import Evidence
    from httplint.model.exchange import Exchange, Source
    from httplint.model.fields import Fields
    from httplint.model.message import Request, Response
    from httplint.model.severity import Confidence, Level, Severity
    from httplint.selection import SelectionError

_HOMES = {
    "CaptureError": "capture.outcome", "Confidence": "model.severity", "ConfigurationError": "configuration",
    "Evidence": "model.evidence", "Exchange": "model.exchange", "Fields": "model.fields", "Finding": "engine.report",
    "HttplintError": "model.errors", "Level": "model.severity", "Linter": "library", "Location": "engine.report",
    "Problem": "capture.outcome", "Profile": "engine.rule", "Report": "engine.report", "Request": "model.message",
    "Response": "model.message", "Rule": "engine.rule", "RuleError": "engine.errors", "SelectionError": "selection",
    "SetupError": "model.errors", "Severity": "model.severity", "Skipped": "capture.outcome",
    "Source": "model.exchange", "lint": "library", "lint_har": "library", "read": "library",
    "read_har_entries": "library", "read_har_entry": "library",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'httplint' has no attribute {name!r}")
    import importlib
    value: object = getattr(importlib.import_module(f"httplint.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
