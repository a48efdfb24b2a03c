"""Alike findings as one, for the formats of other tools: they count and follow kinds of findings, not occurrences."""
from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator

from httplint.engine.report import Finding, Report, Suppression
from httplint.model.exchange import Source
from httplint.model.severity import rank, worst
from httplint.report.escape import clipped, printable
from httplint.report.grouping import Kind, key
from httplint.report.masker import Masker

LIMIT = 20_000
"""How many groups are kept; hostile traffic can make as many as it has exchanges."""
PLACES = 10
"""How many places of a group are kept."""
_TEST = re.compile(r"\.py(?:::[A-Za-z_]\w*+)++(?:\[.*\])?+(?: \(\w++\))?+\Z", re.DOTALL)
"""How the name of a test ends, behind that of its file; a file's own name may have colons, too."""
LONGEST_PATH = 4096
MESSAGE, URI = 1000, 400
"""Characters of a message, and of a URI."""


class Group:
    """Findings of one kind: what the first says, and where the others are."""

    __slots__ = ("count", "field", "finding", "kind", "message", "place", "request", "severity", "sources", "status",
                 "suppression")

    def __init__(self, finding: Finding, kind: Kind, report: Report, suppression: Suppression | None,
                 masker: Masker) -> None:
        exchange, shown = report.exchange, masker.of(report.exchange)
        self.finding = finding
        self.kind = kind
        self.suppression = suppression and Suppression(suppression.kind, masker.text(suppression.reason))
        self.field = "" if finding.location.name is None else shown.name(finding.location.name)
        """The name of the field at fault, as it was sent; or an empty text."""
        self.place = shown.place(finding.location)
        """What the finding points at, in words."""
        self.severity = finding.severity
        self.message = clipped(shown.message(finding), MESSAGE)
        self.status = exchange.response.status
        self.request = ""
        """Method and target URI."""
        if exchange.request is not None:
            self.request = clipped(f"{shown.method()} {shown.text(exchange.request.uri)}", URI)
        self.count = 0
        self.sources: list[Source] = []

    def add(self, finding: Finding) -> None:
        """Takes in one more finding of this kind."""
        self.count += 1
        if finding.location.source is not None and len(self.sources) < PLACES:
            self.sources.append(finding.location.source)
        self.severity = worst((self.severity, finding.severity))

    @property
    def fingerprint(self) -> str:
        """The same for the same kind of finding, in whatever recording."""
        return hashlib.sha256("\0".join(self.kind).encode("utf-8", "backslashreplace")).hexdigest()[:32]

    @property
    def times(self) -> str:
        """How often, where that is more than once."""
        return f" (×{self.count:,})" if self.count > 1 else ""


class Groups:
    """Collects findings."""

    def __init__(self, masker: Masker, suppressed: bool = False, by_status: bool = False) -> None:
        """`suppressed`: whether suppressed findings are collected, too; `by_status`: those of each code apart."""
        self._masker = masker
        self._suppressed = suppressed
        self._by_status = by_status
        self._groups: dict[tuple[Kind, int, Suppression | None], Group] = {}
        self.dropped = 0
        """Findings in more groups than are kept."""

    def add(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        for finding in report.findings:
            self._add(finding, report, None)
        for finding, suppression in report.suppressed if self._suppressed else ():
            self._add(finding, report, suppression)

    def _add(self, finding: Finding, report: Report, suppression: Suppression | None) -> None:
        kind = key(finding, report)
        status = report.exchange.response.status if self._by_status else 0
        group = self._groups.get((kind, status, suppression))
        if group is None:
            if len(self._groups) >= LIMIT:
                self.dropped += 1
                return
            group = Group(finding, kind, report, suppression, self._masker)
            self._groups[kind, status, suppression] = group
        group.add(finding)

    def __iter__(self) -> Iterator[Group]:
        """Errors first, then in catalogue order; active ones before suppressed ones."""
        return iter(sorted(self._groups.values(), key=_order))

    def left_out(self) -> str:
        """What to say of findings that were not kept; empty if all were."""
        return (f"{self.dropped:,} findings of more kinds than the {LIMIT:,} that this format keeps are missing here; "
                "the format jsonl has all") if self.dropped else ""


def _order(group: Group) -> tuple[object, ...]:
    return (group.suppression is not None, rank(group.severity), group.finding.rule.order, group.kind,
            group.status, group.suppression or ("", ""))


def file_of(path: str) -> str:
    """The path of a capture, to be shown: relative to the working directory if it lies below it, with slashes.

    Of the name of a test, the path of its file.
    """
    return printable(relative(path))


def relative(path: str) -> str:
    """The path of `file_of`, as it is."""
    if len(path) < LONGEST_PATH and (found := _TEST.search(path)):
        path = path[:found.start() + len(".py")]
    if path.startswith(("http://", "https://")) or path == "-":
        return path
    if os.path.isabs(path):
        here = os.path.join(os.getcwd(), "")
        if path.startswith(here):
            path = path[len(here):]
    else:
        path = os.path.normpath(path)
    return path.replace(os.sep, "/")
