"""What the linter says about an exchange: plain data for reports, files and callers."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from httplint.engine.rule import Provision, Rule
from httplint.model.evidence import BITS
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Response
from httplint.model.named import NamedTuple

SHOWN = 6
"""Fewer characters of the traffic are shown by `repr`."""


class Location:
    """Where a finding points.

    `message` is "response", "interim response" or "request"; `part` is "status", "field", "content" or "trailer";
    `index` (from 0) and `name` give the field line, `offset` the octet of its value. `source` is
    the place of the exchange in its capture, if any:
    entry (from 0), JSON pointer, line and column (from 1).
    """

    __slots__ = ("index", "message", "name", "offset", "part", "source")

    def __init__(self, message: str, part: str, index: int | None = None, name: str | None = None,
                 source: Source | None = None, offset: int | None = None) -> None:
        self.message = message
        self.part = part
        self.index = index
        self.name = name
        self.offset = offset
        self.source = source

    @property
    def entry(self) -> int | None:
        return self.source.entry if self.source else None

    @property
    def pointer(self) -> str | None:
        return self.source.pointer if self.source else None

    @property
    def line(self) -> int | None:
        return self.source.line if self.source else None

    @property
    def column(self) -> int | None:
        return self.source.column if self.source else None

    def __str__(self) -> str:
        what = f"{self.part} {self.name}" if self.name else self.part
        return f"{self.message}, {what}"

    def __repr__(self) -> str:
        return f"<Location {self.message}, {self.part}{'' if self.index is None else f' {self.index}'}>"


class Finding:
    """A rule that an exchange violates. `severity` is error, warning or info: the rule's, unless settings change it.

    `values` are the parts of the message that come from the traffic, (begin, end) of each, all of it if that is
    not known; all else are words of ours.
    """

    __slots__ = ("location", "message", "rule", "rule_id", "severity", "values")

    def __init__(self, rule: Provision, message: str, location: Location,
                 values: tuple[tuple[int, int], ...] | None = None) -> None:
        self.rule = rule
        self.rule_id = rule.id
        self.severity = rule.severity
        self.message = message
        self.values = ((0, len(message)),) if values is None else values
        self.location = location

    @property
    def level(self) -> str:
        """The word of the specification: MUST, MUST NOT, SHOULD, SHOULD NOT; or ours: defect, advice."""
        return self.rule.level

    @property
    def confidence(self) -> str:
        """high, medium or low: how well the capture proves it."""
        return self.rule.confidence

    @property
    def spec(self) -> str:
        return self.rule.spec

    @property
    def fix(self) -> str:
        return self.rule.fix

    def __repr__(self) -> str:
        # pytest shows this where an assertion fails: without what comes from the traffic, which may be a secret
        message = self.message
        for begin, end in reversed(self.values):
            if end - begin >= SHOWN:
                message = f"{message[:begin]}…{message[end:]}"
        return f"<Finding {self.rule_id}: {message}>"


class Suppression(NamedTuple):
    """Why a finding is not among the active ones: `kind` is one of SUPPRESSIONS, `reason` says more to people."""

    kind: str
    reason: str


SUPPRESSIONS = {"waiver": "waived", "baseline": "in the baseline", "third-party": "about hosts of third parties"}
"""Kind of suppression -> what is said of findings."""


Place = tuple[str, str, str]
"""Where findings belong: host with scheme or the name that the project has for it, method, path template."""
Placing = Callable[[Exchange], Place]
"""What says where the findings on an exchange belong."""


class NotJudged(NamedTuple):
    """A rule that could not be evaluated on an exchange, and why."""

    rule_id: str
    reason: str


class Report:
    """The three outcomes of linting one exchange.

    `findings` are the violations, in catalogue order, without those that settings suppress. A rule that does not
    concern the exchange is in none of the three.
    """

    __slots__ = ("exchange", "findings", "groups", "passes", "place", "suppressed")

    def __init__(self, exchange: Exchange, place: Place | None = None) -> None:
        self.exchange = exchange
        self.place = place
        """Where its findings belong, if something has said so; else that is told by the request: `report.kind`."""
        self.findings: list[Finding] = []
        self.groups: list[tuple[NotJudged, ...]] = []
        """The rules not evaluated, in groups that many exchanges share: counting groups is cheap."""
        self.passes: list[tuple[Rule, ...]] = []
        """Rules that hold, in groups that exchanges may share; one may be in several groups. See `held`."""
        self.suppressed: Sequence[tuple[Finding, Suppression]] = ()
        """Violations that count no more: waived, in the baseline, or a third party's."""

    @property
    def not_evaluated(self) -> list[NotJudged]:
        """Each rule that could have spoken but lacked evidence, with the reason; sorted by rule id."""
        return sorted({one for group in self.groups for one in group})

    @property
    def held(self) -> list[str]:
        """The ids of the rules that were evaluated and are not violated, in catalogue order."""
        violated = self.violated
        return [rule.id for rule in sorted(set().union(*self.passes), key=_order) if rule.id not in violated]

    @property
    def violated(self) -> dict[str, Provision]:
        """Rule id -> rule, of those that findings are about, suppressed ones too."""
        return {finding.rule_id: finding.rule
                for finding in (*self.findings, *(finding for finding, _ in self.suppressed))}

    def join(self, other: Report) -> None:
        """Takes in what other rules say of the same exchange."""
        self.findings = sorted((*self.findings, *other.findings), key=catalogue_order)
        self.passes += other.passes
        self.groups += other.groups

    def __repr__(self) -> str:
        return f"<Report {self.exchange!r}: {len(self.findings)} findings>"


def catalogue_order(finding: Finding) -> tuple[int, int]:
    """By what findings are sorted."""
    return finding.rule.order, finding.location.index or 0


def locate(rule: Rule, exchange: Exchange, response: Response, item: Any) -> Location:
    """Where a violation points: the line that a loop found, else the first field the rule reads that is there."""
    side = "interim response" if response.interim else "response"
    place = getattr(item, "line", None)
    if isinstance(place, int) and getattr(item, "part", None) == "trailer" and response.trailers is not None:
        return Location(side, "trailer", place, response.trailers.lines[place][0], exchange.source)
    if isinstance(place, int) and response.fields is not None and place < len(response.fields.lines):
        offset = getattr(item, "position", None)
        return Location(side, "field", place, response.fields.lines[place][0], exchange.source,
                        offset if isinstance(offset, int) else None)
    for root, name in sorted(rule.analysis.places, key=_of_request):  # the response is at fault, where it can be shown
        message = response if root == "response" else exchange.request
        if message is not None and message.fields is not None and name in message.fields.index:
            number = message.fields.index[name][-1]
            return Location(side if root == "response" else "request", "field", number,
                            message.fields.lines[number][0], exchange.source)
    if rule.analysis.needs & BITS["content"]:
        return Location(side, "content", source=exchange.source)
    return Location(side, "status", source=exchange.source)


def _of_request(place: tuple[str, str]) -> bool:
    return place[0] == "request"


def _order(rule: Rule) -> int:
    return rule.order
