"""Alike findings as one: how many there are, what the first says, and where the others are."""
from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Generic, TypeVar

from httplint.engine.report import Finding, Report, Suppression
from httplint.model.exchange import Source
from httplint.model.severity import rank, worst
from httplint.report.escape import clipped
from httplint.report.kind import Kind, kind_of
from httplint.report.masker import Masker
from httplint.report.reporter import Options, Write

LIMIT = 20_000
"""How many kinds of findings are kept; hostile traffic can make as many as it has exchanges."""
PLACES = 10
"""How many places of a kind are kept."""
MESSAGE, URI = 1000, 400
"""Characters of a message, and of a URI."""


class Alike:
    """Findings of one kind, as many as `count`; `sources` are the first places of exchanges that have them."""

    __slots__ = ("count", "finding", "kind", "severity", "sources", "status", "suppression")

    def __init__(self, finding: Finding, kind: Kind, report: Report, suppression: Suppression | None,
                 masker: Masker) -> None:
        """`finding`: the first of them."""
        self.finding = finding
        self.kind = kind
        self.suppression = suppression and Suppression(suppression.kind, masker.text(suppression.reason))
        self.severity: str = finding.severity
        """The worst of them."""
        self.status = report.exchange.response.status
        self.count = 0
        self.sources: list[Source] = []

    def add(self, finding: Finding, report: Report) -> None:
        """Takes in one more finding like these."""
        self.count += 1
        if finding.location.source is not None and len(self.sources) < PLACES:
            self.sources.append(finding.location.source)
        if finding.severity != self.severity:
            self.severity = worst((self.severity, finding.severity))


class Issue(Alike):
    """Alike findings as tools of others have them, which count and follow kinds of findings, not occurrences."""

    __slots__ = ("field", "message", "place", "request")

    def __init__(self, finding: Finding, kind: Kind, report: Report, suppression: Suppression | None,
                 masker: Masker) -> None:
        super().__init__(finding, kind, report, suppression, masker)
        request, shown = report.exchange.request, masker.of(report.exchange)
        self.field = "" if finding.location.name is None else shown.name(finding.location.name)
        """The name of the field at fault, as it was sent; or an empty text."""
        self.place = shown.place(finding.location)
        """What the finding points at, in words."""
        self.message = clipped(shown.message(finding), MESSAGE)
        self.request = "" if request is None else clipped(f"{shown.method()} {shown.text(request.uri)}", URI)
        """Method and target URI."""

    @property
    def fingerprint(self) -> str:
        """The same for the same kind of finding, in whatever recording."""
        import hashlib
        return hashlib.sha256("\0".join(self.kind).encode("utf-8", "backslashreplace")).hexdigest()[:32]

    @property
    def times(self) -> str:
        """How often, where that is more than once."""
        return f" (×{self.count:,})" if self.count > 1 else ""


A = TypeVar("A", bound=Alike)


Likeness = Callable[[Finding, Kind, Report], Hashable]
"""What findings have in common that count as alike."""


def _kind(_: Finding, kind: Kind, __: Report) -> Kind:
    return kind


class Collector(Generic[A]):
    """Collects findings that are alike."""

    def __init__(self, make: Callable[[Finding, Kind, Report, Suppression | None, Masker], A], masker: Masker,
                 suppressed: bool = False, likeness: Likeness = _kind) -> None:
        """`suppressed`: whether suppressed findings are collected, too."""
        self._make = make
        self._masker = masker
        self._suppressed = suppressed
        self._likeness = likeness
        self.found: dict[object, A] = {}
        """Those that are kept, in order of their first finding."""
        self.dropped = 0
        """Findings of more kinds than are kept."""

    def add(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        for finding in report.findings:
            self._add(finding, report, None)
        for finding, suppression in report.suppressed if self._suppressed else ():
            self._add(finding, report, suppression)

    def _add(self, finding: Finding, report: Report, suppression: Suppression | None) -> None:
        kind = kind_of(finding, report)
        key = self._likeness(finding, kind, report), suppression
        alike = self.found.get(key)
        if alike is None:
            if len(self.found) >= LIMIT:
                self.dropped += 1
                return
            alike = self.found[key] = self._make(finding, kind, report, suppression, self._masker)
        alike.add(finding, report)

    def __iter__(self) -> Iterator[A]:
        """Errors first, then in catalogue order; active ones before suppressed ones."""
        return iter(sorted(self.found.values(), key=_order))

    def left_out(self) -> str:
        """What to say of findings that were not kept; empty if all were."""
        return (f"{self.dropped:,} findings of more kinds than the {LIMIT:,} that this format keeps are missing here; "
                "the format jsonl has all") if self.dropped else ""


class IssueReporter:
    """A reporter that collects issues, and writes them when the run ends."""

    suppressed = False
    """Whether it tells of suppressed findings, too."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._issues = Collector(Issue, options.masker, self.suppressed)

    def report(self, report: Report) -> None:
        """Takes in the findings of one exchange."""
        self._issues.add(report)


def _order(alike: Alike) -> tuple[object, ...]:
    return (alike.suppression is not None, rank(alike.severity), alike.finding.rule.order, alike.kind, alike.status,
            alike.suppression or ("", ""))
