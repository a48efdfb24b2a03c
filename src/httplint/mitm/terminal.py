"""What is shown on a terminal while flows pass."""
from __future__ import annotations

import shutil
import sys
from collections import OrderedDict

from mitmproxy import ctx

from httplint.engine.report import Finding, Report
from httplint.mitm import console
from httplint.model.severity import rank
from httplint.report.colour import Paint, linking, wanted
from httplint.report.escape import clipped
from httplint.report.kind import kind_of
from httplint.report.lines import Lines
from httplint.report.links import link
from httplint.report.masker import Shown

SHOWN_ONCE = 20_000
"""How many kinds of findings are remembered as shown already."""


class Terminal:
    """The terminal, and which kinds of findings it has shown."""

    def __init__(self) -> None:
        self._seen: OrderedDict[object, None] = OrderedDict()
        self._fixes: set[str] = set()

    def is_ours(self) -> bool:
        """Whether there is a terminal that we may write to; that of the console belongs to mitmproxy."""
        return ctx.options.httplint_live != "off" and not console.is_here()

    def show(self, report: Report, shown: Shown) -> None:
        """Shows the findings of a report that are wanted: all, or the first of each kind, and each fix once."""
        if not self.is_ours():
            return
        everything = ctx.options.httplint_live == "all"
        findings = [finding for finding in report.findings if self._is_new(finding, report) or everything]
        if findings:
            fixes = {finding.fix for finding in findings}
            self.write(_text(report, findings, shown, fixes if everything else fixes - self._fixes))
            self._fixes |= fixes

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


def paint() -> Paint:
    """What the terminal takes besides text."""
    return Paint(wanted("auto", sys.stdout), linking("auto", sys.stdout))


def width() -> int | None:
    """How wide lines may be, where they are seen on a terminal."""
    if console.is_here():
        return console.width()
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def _text(report: Report, findings: list[Finding], shown: Shown, fixes: set[str]) -> str:
    lines: list[str] = []
    say = Lines(lines.append, paint(), width())
    say(("dim", "-->"), f" {clipped(f'{shown.method()} {shown.uri()}', 110)} ", ("dim", "→"),
        f" {report.exchange.response.status}")
    for finding in sorted(findings, key=lambda one: rank(one.severity)):
        title = finding.severity, f"{finding.severity}[{finding.rule_id}]", link(finding.spec) or ""
        say("    ", title, f" {shown.message(finding)}")
        if finding.fix in fixes:
            say("        ", ("dim", "fix:"), f" {finding.fix}")
    return "".join(lines)
