"""Reads results back that the formats json and jsonl wrote: the reports they were made of, and their summary.

A result may come from a stranger: what is not of the form of `schema.json` is an error that names the place; keys that
are not known are ignored. Exchanges are made one at a time, so that memory holds little more than the file maps.
"""
from __future__ import annotations

import errno
import mmap
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated, BinaryIO, Literal, TypeVar

import msgspec

from httplint.engine.report import Finding, Location, NotJudged, Report, Suppression
from httplint.engine.rule import Confidence, Provision
from httplint.model.errors import HttplintError
from httplint.model.exchange import Exchange, Source
from httplint.model.message import VERSIONS, Request, Response
from httplint.model.severity import Level, Severity
from httplint.report.escape import Begin
from httplint.report.grouping import place_of
from httplint.report.json_report import FORMAT
from httplint.report.masker import CONTENT_LOOKED_AT, PLAIN, Masker
from httplint.report.summary import Summary

MOST = 2**53
Natural = Annotated[int, msgspec.Meta(ge=0, le=MOST)]
Number = Annotated[int, msgspec.Meta(ge=1, le=MOST)]
Code = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
"""A status code, of whatever range."""
Lines = list[tuple[str, str]] | None
T = TypeVar("T")


STDIN = "-"
IN_MEMORY = 16 << 20
"""Octets of a result that are kept in memory; more are copied to a temporary file."""
PIECE = 1 << 20
LIMIT = 16 << 30
"""The largest result that is read, in octets."""


class ResultError(HttplintError):
    """A file that is no result, or a broken one; the message names the file, the place and the cause."""


class _Place(msgspec.Struct):
    path: str
    entry: Natural
    pointer: str | None
    line: Number | None
    column: Number | None


class _Content(msgspec.Struct):
    text: str
    size: Natural
    clipped: bool


class _Request(msgspec.Struct):
    method: str
    uri: str
    target: str | None
    version: str | None
    fields: Lines
    content: _Content | None


class _Response(msgspec.Struct):
    status: Code
    reason: str | None
    version: str | None
    fields: Lines
    trailers: Lines = None
    content: _Content | None = None


class _Location(msgspec.Struct):
    message: Literal["response", "interim response", "request"]
    part: Literal["status", "field", "content", "trailer"]
    field: str | None
    index: Natural | None
    offset: Natural | None


class _Suppression(msgspec.Struct):
    kind: Literal["waiver", "baseline", "third-party"]
    reason: str


class _Finding(msgspec.Struct):
    rule: str
    severity: Severity
    message: str
    location: _Location
    exchange: Natural = 0
    suppression: _Suppression | None = None


class _Lacking(msgspec.Struct):
    rule: str
    reason: str


class _Exchange(msgspec.Struct):
    source: _Place | None
    request: _Request | None
    response: _Response
    interim: list[_Response]
    findings: list[_Finding] = []
    suppressed: list[_Finding] = []
    not_evaluated: list[_Lacking] = []


class _Page(msgspec.Struct):
    title: str
    level: Level
    spec: str
    confidence: Confidence
    basis: Literal["explicit", "implied"]
    status: list[Code] | None
    tags: list[str]
    why: str
    fix: str
    bad: list[str]
    good: list[str]
    once: Literal["host"] | None = None


class _Entries(msgspec.Struct):
    read: Natural
    linted: Natural
    skipped: Natural


class _Reason(msgspec.Struct):
    reason: str
    count: Natural


class _Times(msgspec.Struct):
    rule: str
    count: Natural


class _NotJudged(msgspec.Struct):
    reason: str
    rules: list[_Times]


class _Problem(msgspec.Struct):
    path: str
    line: Number | None
    column: Number | None
    cause: str


class _Kind(msgspec.Struct):
    host: str
    method: str
    path: str
    status: Code
    count: Natural


class _Summary(msgspec.Struct):
    files: Natural
    rules: Natural
    entries: _Entries
    skipped: list[_Reason]
    findings: dict[Severity, Natural]
    hidden: Natural
    not_evaluated: list[_NotJudged]
    problems: list[_Problem]
    suppressed: dict[str, Natural] = {}
    notes: list[str] = []
    places: list[_Kind] | None = None


class _Head(msgspec.Struct):
    """What tells whether this is a result that can be read."""

    format: int
    httplint: str
    rules: dict[str, _Page]
    summary: _Summary


class _Whole(_Head):
    findings: list[msgspec.Raw]
    suppressed: list[msgspec.Raw]
    exchanges: list[msgspec.Raw]


_PSEUDONYM = re.compile(rb"\[masked (?:[0-9A-Za-z]{1,20}:)?([0-9]{1,9})\]")
_LINES = re.compile(rb'\{\s*"type"\s*:\s*"(?:exchange|summary)"')


class Result:
    """A result. `rules` are those that it has findings of, in catalogue order."""

    def __init__(self, path: str, masker: Masker = PLAIN) -> None:
        """`masker`: that of the run, for what the result was given without being masked. Raises ResultError."""
        self.path = path
        self._masker = masker
        self._octets = _held(path)
        self._whole: _Whole | None = None
        head = self._read()
        if head.format != FORMAT:
            raise ResultError(f"{path}: the result has format {head.format}, expected {FORMAT}: "
                              "it is of another version of httplint")
        self.version = head.httplint
        self.rules = [_rule(name, page, number) for number, (name, page) in enumerate(head.rules.items())]
        self._rules = {rule.id: rule for rule in self.rules}
        self._summary = head.summary

    @property
    def pseudonyms(self) -> int:
        """The highest number of a pseudonym that stands in it."""
        return max((int(found[1]) for found in _PSEUDONYM.finditer(self._octets)), default=0)

    def summary(self) -> Summary:
        """The summary of the run."""
        told = self._summary
        summary = Summary(told.rules, self._masker)
        summary.files, summary.hidden = told.files, told.hidden
        summary.note(told.notes)
        summary.entries, summary.linted = told.entries.read, told.entries.linted
        for one in told.skipped:
            summary.skipped[self._masker.text(one.reason)] += one.count
        summary.findings, summary.suppressed = Counter(told.findings), Counter(told.suppressed)
        for problem in told.problems:
            summary.problem(problem.path, problem.cause, problem.line, problem.column)
        for lacking in told.not_evaluated:
            for rule in lacking.rules:
                summary.lacked(NotJudged(rule.rule, lacking.reason), rule.count)
        if told.places is not None:
            summary.places = Counter()
            for kind in told.places:
                host, method, path = place_of(kind.method, kind.host + kind.path)
                summary.places[host, method, path, kind.status] += kind.count
        return summary

    def reports(self) -> Iterator[Report]:
        """The reports on exchanges with findings, in order. Raises ResultError."""
        if self._whole is None:
            yield from self._lines()
            return
        findings = _Numbered(self, "findings", self._whole.findings)
        suppressed = _Numbered(self, "suppressed", self._whole.suppressed)
        for number, raw in enumerate(self._whole.exchanges):
            exchange = self.decoded(raw, _Exchange, f"exchanges[{number}]")
            exchange.findings, exchange.suppressed = findings.of(number), suppressed.of(number)
            yield self._report(exchange, f"exchanges[{number}]")
        findings.ended()
        suppressed.ended()

    def _read(self) -> _Head:
        octets = self._octets
        first = octets[:octets.find(b"\n") + 1 or len(octets)]
        if _LINES.match(first):
            begin = octets.rfind(b"\n", 0, len(octets) - 1) + 1
            last = octets[begin:]
            found = _LINES.match(last)
            if found is None or b"summary" not in found[0]:
                raise ResultError(f"{self.path}: the summary is missing at the end: the result is not whole")
            self._end = begin
            return self.decoded(last, _Head, "the last line")
        self._whole = self.decoded(octets, _Whole, "")
        return self._whole

    def _lines(self) -> Iterator[Report]:
        begin, number = 0, 1
        while begin < self._end:
            end = self._octets.find(b"\n", begin) + 1
            place = f"line {number}"
            yield self._report(self.decoded(self._octets[begin:end], _Exchange, place), place)
            begin, number = end, number + 1

    def decoded(self, octets: bytes | mmap.mmap | msgspec.Raw, form: type[T], place: str) -> T:
        """The octets as data of that form. Raises ResultError."""
        try:
            return msgspec.json.decode(octets, type=form)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            cause = str(error)
        except RecursionError:
            cause = "nested too deeply"
        raise ResultError(f"{self.path}: {place}{': ' if place else ''}{cause:.300}")

    def _report(self, told: _Exchange, place: str) -> Report:
        try:
            report = _report(told, self._rules)
        except ValueError as error:
            raise ResultError(f"{self.path}: {place}: {error!s:.300}") from None
        if report.exchange.source is not None:
            report.exchange.source.path = self._masker.path(report.exchange.source.path)
        return report


class _Numbered:
    """A list of findings that come in the order of their exchanges."""

    def __init__(self, result: Result, name: str, items: list[msgspec.Raw]) -> None:
        self._result = result
        self._name = name
        self._items = items
        self._next = 0
        self._held: _Finding | None = None

    def of(self, exchange: int) -> list[_Finding]:
        """The findings of the next exchange."""
        out: list[_Finding] = []
        while (finding := self._peek()) is not None and finding.exchange == exchange:
            out.append(finding)
            self._held = None
        return out

    def _peek(self) -> _Finding | None:
        if self._held is None and self._next < len(self._items):
            self._held = self._result.decoded(self._items[self._next], _Finding, f"{self._name}[{self._next}]")
            self._next += 1
        return self._held

    def ended(self) -> None:
        """Raises ResultError if there is one that belongs to no exchange, or stands in the wrong place."""
        if self._peek() is not None:
            raise ResultError(f"{self._result.path}: {self._name}[{self._next - 1}]: its exchange is not there, or "
                              "the findings are not in the order of the exchanges")


def _held(path: str) -> mmap.mmap | bytes:
    """The octets of a file, a pipe, or standard input for `-`; many are copied, for whoever writes the file may cut it
    off under our eyes. Raises ResultError.
    """
    try:
        if path != STDIN:
            with open(path, "rb") as stream:
                return _copied(stream, path)
        if sys.stdin is None:
            raise OSError(errno.EBADF, "standard input is closed")
        return _copied(sys.stdin.buffer, path)
    except (OSError, ValueError) as error:                 # ValueError: a name with NUL in it
        raise ResultError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _copied(stream: BinaryIO, path: str) -> mmap.mmap | bytes:
    head = stream.read(IN_MEMORY)
    if len(head) < IN_MEMORY:
        return head
    if not head.lstrip(b" \t\r\n").startswith(b"{"):
        raise ResultError(f"{path}: this is no result: it does not begin with an object of JSON")
    import tempfile
    with tempfile.TemporaryFile() as copy:
        size = copy.write(head)
        while octets := stream.read(PIECE):
            size += copy.write(octets)
            if size > LIMIT:
                raise ResultError(f"{path}: the result has more than {LIMIT >> 30} GiB")
        copy.flush()
        return mmap.mmap(copy.fileno(), 0, access=mmap.ACCESS_READ)


def _rule(name: str, page: _Page, order: int) -> Provision:
    return Provision({"id": name, **msgspec.structs.asdict(page)}, order)


def report_of(data: object, rules: Mapping[str, Provision]) -> Report:
    """The report that `record` made plain data of. Raises ValueError (msgspec.ValidationError) for anything else."""
    return _report(msgspec.convert(data, _Exchange), rules)


def _report(told: _Exchange, rules: Mapping[str, Provision]) -> Report:
    """Raises ValueError."""
    report = Report(_exchange(told))
    report.findings = [_finding(one, report.exchange, rules) for one in told.findings]
    report.suppressed = [(_finding(one, report.exchange, rules),
                          Suppression(one.suppression.kind, one.suppression.reason))
                         for one in told.suppressed if one.suppression is not None]
    if told.not_evaluated:
        report.groups.append(tuple(NotJudged(one.rule, one.reason) for one in told.not_evaluated))
    return report


def _finding(told: _Finding, exchange: Exchange, rules: Mapping[str, Provision]) -> Finding:
    rule = rules.get(told.rule)
    if rule is None:
        raise ValueError(f"the rule {told.rule!r:.100} is not among the rules")
    at = told.location
    where = Location(at.message, at.part, at.index, at.field, exchange.source, at.offset)
    finding = Finding(rule, told.message, where)
    finding.severity = told.severity
    return finding


def _exchange(told: _Exchange) -> Exchange:
    """Raises ValueError."""
    place, source = told.source, None
    if place is not None:
        source = Source(place.path, place.entry, place.line, place.column, place.pointer)
    request = None if told.request is None else _request(told.request)
    exchange = Exchange(_response(told.response), request, [_response(one) for one in told.interim], source=source)
    if told.request is not None and told.request.target is None:
        exchange.evidence = exchange.evidence.without("target")
    return exchange


def _request(told: _Request) -> Request:
    scheme, separator, _ = told.uri.partition("://")
    target = told.uri if told.target is None else told.target
    return Request(told.method, target, _version(told.version), told.fields, _content(told.content),
                   size=None if told.content is None else told.content.size, scheme=scheme if separator else "http")


def _response(told: _Response) -> Response:
    return Response(told.status, _version(told.version), told.reason, told.fields, _content(told.content),
                    told.trailers, None if told.content is None else told.content.size)


def _version(version: str | None) -> str | None:
    return version if version in VERSIONS else None


def _content(told: _Content | None) -> bytes | None:
    if told is None:
        return None
    octets = told.text.encode("utf-8")[:4 * CONTENT_LOOKED_AT]
    return Begin(octets) if told.clipped else octets
