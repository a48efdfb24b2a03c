"""Alike findings as the text report has them: which are alike, what the first says, and where the others are."""
from __future__ import annotations

from collections.abc import Mapping

from httplint.engine.report import Finding, Report, Suppression
from httplint.model.exchange import Source
from httplint.model.named import NamedTuple
from httplint.report.alike import Alike, Likeness
from httplint.report.escape import clipped
from httplint.report.excerpt import MarkedLine, excerpt
from httplint.report.kind import Kind, place_in
from httplint.report.masker import Masker

FURTHER = 3
"""How many places a block names beside the first."""
URI, LEAST = 110, 40
"""How many characters of method and target URI a block shows; on a terminal, however narrow it is."""
CHECK = 40
"""Characters of the name of a check."""
MARGIN = 6
"""What stands before these on a line of their own."""
ENDPOINTS = 1000
"""How many endpoints a block tells apart."""


def _by_rule(finding: Finding, kind: Kind, _: Report) -> object:
    return finding.severity, kind.rule, kind.host, kind.field


def _by_endpoint(finding: Finding, kind: Kind, _: Report) -> object:
    return finding.severity, kind


def _by_itself(*_: object) -> object:
    return object()


LIKENESS: dict[str, Likeness] = {"rule": _by_rule, "endpoint": _by_endpoint, "finding": _by_itself}
"""Choice of --group-by -> what findings of one block have in common."""


class Occurrence(NamedTuple):
    """Where a finding is: its exchange in the capture, if that is known, and method and path template."""

    source: Source | None
    endpoint: str

    def beside(self, first: Source | None, asked: Mapping[int, str], *, short: bool) -> str:
        """In words; without the file, where that is the one of the first place. `short`: without the endpoint, too."""
        if self.source is None:
            return self.endpoint
        entry, check = f"entry {self.source.entry}", _check(self.source, asked)
        if first is None or self.source.path != first.path:
            entry, check = where(self.source, asked), ""
        if self.endpoint and not short:
            return f"{self.endpoint} ({entry}{check and f', {check}'})"
        return f"{entry}{check and f' ({check})'}"


def where(source: Source, asked: Mapping[int, str]) -> str:
    """file:line:column of the entry, its number, and the check that it was asked for, if `asked` has it."""
    line = f":{source.line}:{source.column}" if source.line is not None else ""
    check = _check(source, asked)
    return f"{clipped(source.path, 100)}{line} (entry {source.entry}{check and f', {check}'})"


def _check(source: Source, asked: Mapping[int, str]) -> str:
    return clipped(asked.get(source.entry, ""), CHECK)


class Block(Alike):
    """Alike findings: the first in full, the others as places."""

    __slots__ = ("again", "differing", "elsewhere", "endpoints", "excerpt", "message", "request")

    def __init__(self, finding: Finding, kind: Kind, report: Report, suppression: Suppression | None,
                 masker: Masker, width: int | None = None) -> None:
        """`width`: that of a terminal."""
        super().__init__(finding, kind, report, suppression, masker)
        shown = masker.of(report.exchange)
        self.message = shown.message(finding)
        self.excerpt: list[MarkedLine] = excerpt(finding, shown, width)
        room = URI if width is None else min(max(width - MARGIN, LEAST), URI)
        self.request = clipped(f"{shown.method()} {shown.uri()}".strip(" "), room)
        self.differing = False
        """Whether others say something else than the first, as they are about other values."""
        self.endpoints: set[tuple[str, str, str]] = set()
        """(host, method, path template)"""
        self.elsewhere: list[Occurrence] = []
        """The first places of further endpoints."""
        self.again: list[Occurrence] = []
        """The first further places of endpoints that were met before."""

    def add(self, finding: Finding, report: Report) -> None:
        """Takes in one more finding like these."""
        super().add(finding, report)
        self.differing = self.differing or finding.message != self.finding.message
        endpoint = place_in(report)
        new = endpoint not in self.endpoints
        if new and len(self.endpoints) < ENDPOINTS:
            self.endpoints.add(endpoint)
        places = self.elsewhere if new else self.again
        if self.count > 1 and len(places) < FURTHER:
            _, method, path = endpoint
            places.append(Occurrence(finding.location.source, clipped(f"{method} {path}".strip(), 44) if new else ""))

    def others(self, asked: Mapping[int, str], *, short: bool) -> str:
        """Where the others are, in words; empty if there are none. `short`: without the endpoints."""
        if self.count == 1:
            return ""
        places, what = (self.elsewhere, "endpoint") if self.elsewhere else (self.again, "")
        more = (len(self.endpoints) if what else self.count) - 1 - len(places)
        named = [place.beside(self.finding.location.source, asked, short=short) for place in places]
        if more:
            named.append(f"and {number(more, ENDPOINTS - 1 - len(places) if what else None)} more {what}".rstrip(" ")
                         + ("s" if what and more > 1 else ""))
        return ", ".join(named) + ("; with other values" if self.differing else "")


def number(many: int, most: int | None = ENDPOINTS) -> str:
    """How many, or that there are as many as are counted at `most`, or more."""
    return f"{many:,}{'+' if many == most else ''}"
