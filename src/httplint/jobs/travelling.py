"""What was judged, as it goes from one process to another: plain data, since most of it is never looked at.

Of an exchange without findings there is nothing to tell but counts, unless somebody wants each report. One with
findings goes along packed, or can be read again where it stands, and is made when somebody looks at it: of alike
findings, most outputs show one exchange.
"""
from __future__ import annotations

import pickle
from collections.abc import Iterable
from functools import lru_cache

from httplint.capture.outcome import Problem
from httplint.engine.history import FACTS
from httplint.engine.plainly import FAULT
from httplint.engine.record import Record
from httplint.engine.report import Finding, Location, NotJudged, Report
from httplint.engine.rule import Rule
from httplint.model.exchange import Exchange, Source
from httplint.model.named import NamedTuple

Met = tuple[Record, int, int, int]
"""What a history takes in of an exchange, its line and column, and the facts of the history that rules asked for."""
Group = tuple[NotJudged, ...]
PackedSource = tuple[int, int | None, int | None, str | None]
"""Entry, line, column, pointer."""
PackedFinding = tuple[int | None, str, tuple[tuple[int, int], ...], str, str, int | None, str | None, int | None]
"""The number of the rule in the catalogue, None for the linter itself; message, its values, location."""

GROUPS = 4096
"""How many groups are kept packed, or unpacked."""


class From(NamedTuple):
    """The exchanges from here on are from a capture of that path, or of none."""

    path: str | None


class Came(NamedTuple):
    """The report on an exchange, whose number among the entries is `at`. `place`: that of report.kind.place_in."""

    at: int
    place: tuple[str, str, str]
    source: PackedSource | None
    findings: list[PackedFinding]
    groups: list[bytes]
    """Packed; none, if it is enough that they are counted."""
    held: list[int]
    """The numbers of the rules that hold, likewise."""
    exchange: bytes | None
    """Packed; None if it is read again where it stands."""


class Failed(NamedTuple):
    """Judging an exchange failed: the kind of fault, and what is told of it."""

    at: int
    source: PackedSource | None
    kind: tuple[str, str]
    told: str


class Unjudged(NamedTuple):
    """An entry was skipped."""

    at: int
    reason: str


class Flooded(NamedTuple):
    """There were more interim responses to the request of an exchange than are judged."""

    at: int
    source: PackedSource | None


Event = From | Came | Failed | Unjudged | Flooded | Problem


class Judged(NamedTuple):
    """What came of some entries that stand one after the other. `events` are in their order."""

    entries: int
    linted: int
    """Exchanges that were judged. Where every report comes, they are counted with these, as is what follows."""
    lacking: list[tuple[bytes, int]]
    """The groups of rules that were not evaluated, packed, and on how many of them."""
    places: list[tuple[tuple[str, str, str, int], int]]
    """The kinds of exchanges, and how many there are of each, if somebody wants to know."""
    events: list[Event]
    held: list[int]
    """The numbers of the rules that hold on some exchange, if somebody wants to know."""
    met: bytes
    """Of a stretch, each entry as `Met`, or None if it was not judged; packed as a list."""


_BITS = {name: 1 << number for number, name in enumerate(FACTS)}


@lru_cache(1 << len(FACTS))
def pack_facts(names: frozenset[str]) -> int:
    """Facts of the history."""
    return sum(_BITS[name] for name in names)


def pack_source(source: Source | None) -> PackedSource | None:
    """A place without the path."""
    return None if source is None else (source.entry, source.line, source.column, source.pointer)


def pack_finding(finding: Finding) -> PackedFinding:
    """A finding without the place of its exchange."""
    where = finding.location
    return (finding.rule.order if isinstance(finding.rule, Rule) else None, finding.message, finding.values,
            where.message, where.part, where.index, where.name, where.offset)


class Packer:
    """Packs groups, which many exchanges share, once."""

    def __init__(self) -> None:
        self._packed: dict[int, tuple[Group, bytes]] = {}

    def pack(self, group: Group) -> bytes:
        """A group."""
        known = self._packed.get(id(group))
        if known is None:
            if len(self._packed) >= GROUPS:
                self._packed.clear()
            # with the group itself, so that its id is not given away
            known = self._packed[id(group)] = group, pickle.dumps([tuple(one) for one in group])
        return known[1]


class Unpacker:
    """Makes reports of what came. `rules`: those of the linters on both sides."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.order: rule for rule in rules}
        self._groups: dict[bytes, Group] = {}

    def group(self, packed: bytes) -> Group:
        """A group; the same object each time, so that counting it is cheap."""
        known = self._groups.get(packed)
        if known is None:
            if len(self._groups) >= GROUPS:
                self._groups.clear()
            known = self._groups[packed] = tuple([
                NotJudged(*one) for one in pickle.loads(packed)])  # noqa: S301 - from a process of ours
        return known

    def report(self, came: Came, exchange: Exchange) -> Report:
        """The report on that exchange."""
        report, source = Report(exchange, came.place), exchange.source
        report.findings = [self.finding(packed, source) for packed in came.findings]
        report.groups = [self.group(packed) for packed in came.groups]
        report.passes = [self.holding(came.held)]
        return report

    def holding(self, numbers: Iterable[int]) -> tuple[Rule, ...]:
        """The rules that have these numbers."""
        return tuple([self._rules[number] for number in numbers])

    def finding(self, packed: PackedFinding, source: Source | None) -> Finding:
        """A finding on an exchange that stands there."""
        order, message, values, side, part, index, name, offset = packed
        rule = FAULT if order is None else self._rules[order]
        return Finding(rule, message, Location(side, part, index, name, source, offset), values)


def unpack_exchange(packed: bytes) -> Exchange:
    """An exchange."""
    exchange: Exchange = pickle.loads(packed)  # noqa: S301 - from a process of ours
    return exchange
