"""What is shown on a terminal while flows pass."""
from __future__ import annotations

import sys
from collections import OrderedDict

from mitmproxy import ctx

from httplint.engine.report import Finding, Report
from httplint.model.severity import rank
from httplint.report.colour import Paint, wanted
from httplint.report.escape import clipped
from httplint.report.kind import kind_of
from httplint.report.lines import Lines
from httplint.report.masker import Shown

SHOWN_ONCE = 20_000
"""How many kinds of findings are remembered as shown already."""


class Terminal:
    """The terminal, and which kinds of findings it has shown."""

    def __init__(self) -> None:
        self._seen: OrderedDict[object, None] = OrderedDict()

    def is_ours(self) -> bool:
        """Whether there is a terminal that we may write to; that of the console belongs to mitmproxy."""
        return ctx.options.httplint_live != "off" and ctx.master.addons.get("consoleaddon") is None

    def show(self, report: Report, shown: Shown) -> None:
        """Shows the findings of a report that are wanted: all, or the first of each kind."""
        if not self.is_ours():
            return
        everything = ctx.options.httplint_live == "all"
        findings = [finding for finding in report.findings if self._is_new(finding, report) or everything]
        if findings:
            self.write(_text(report, findings, shown))

    def _is_new(self, finding: Finding, report: Report) -> bool:
        kind = kind_of(finding, report)
        if kind in self._seen:
            return False
        self._seen[kind] = None
        if len(self._seen) > SHOWN_ONCE:
            self._seen.popitem(last=False)
        return True

    def write(self, text: str) -> None:
        """Writes a text."""
        try:
            sys.stdout.write(text)
            sys.stdout.flush()
        except UnicodeEncodeError:
            sys.stdout.write(text.encode("ascii", "backslashreplace").decode("ascii"))
        except OSError:                                    # nobody reads it any more
            ctx.options.update(httplint_live="off")


def _text(report: Report, findings: list[Finding], shown: Shown) -> str:
    lines: list[str] = []
    say = Lines(lines.append, Paint(wanted("auto", sys.stdout)))
    say(("dim", "-->"), f" {clipped(f'{shown.method()} {shown.uri()}', 110)} ", ("dim", "→"),
        f" {report.exchange.response.status}")
    for finding in sorted(findings, key=lambda one: rank(one.severity)):
        say("    ", (finding.severity, f"{finding.severity}[{finding.rule_id}]"), f" {shown.message(finding)}")
        say("        ", ("dim", "fix:"), f" {finding.fix}")
    return "".join(lines)
