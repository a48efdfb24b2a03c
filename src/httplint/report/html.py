"""The report for people who look rather than read: one HTML file that needs no network.

The page is made by `webpage.py` of `page/report.html` and `page/report.js`, and has the data as islands. Exchanges are
written as they come, in chunks of two islands each: rows with their findings, which the script reads at once, and their
messages, of which it reads one when it is opened. What alike findings have in common comes at the end, and so do the
exchanges without findings, for which there may be room then. Only these are held in memory.

Where scripting is off, a plain list of the first findings is shown.

However much there is, the file stays below FILE: findings are always counted, but not each has a place and messages of
its own in the page. Half of the room goes to whatever comes first, the rest to the first of each group. Exchanges
without findings get what is left.

The page tells what was asked for, and of when the traffic is, but not when it was made: the same traffic gives the same
page, octet by octet. Where the page is a file, its reader's browser knows that time.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import UnsetType, to_builtins

from httplint.engine.report import Finding, Report, Suppression
from httplint.engine.rule import Provision
from httplint.grammar.table import FIELDS
from httplint.model.severity import SEVERITIES, rank
from httplint.report.escape import cut
from httplint.report.exercise import STATES
from httplint.report.form import ContentForm, ExchangeForm, FindingForm, LineForm, PageForm, SummaryForm
from httplint.report.kind import Kind, kind_of, place_in
from httplint.report.links import link
from httplint.report.matrix import BROKEN, OUTCOMES, Cell, Matrix
from httplint.report.matrix_text import headline
from httplint.report.quiet import Quiet
from httplint.report.reporter import Options, Write
from httplint.report.statistics import OTHERS
from httplint.report.summary import BEYOND, PLACES, ExchangeKind, Summary
from httplint.report.webpage import asset, inert, island, page, safe_json

PARTS = ("report.css", "data.js", "messages.js", "copying.js", "findings.js", "exchanges.js", "maps.js", "probe.js",
         "report.js")

FILE = 15_000_000
"""Characters (all ASCII) that a report stays below: more than the rooms together, for the page and its summary."""

GROUP_ROOM, PLACE_ROOM, MESSAGE_ROOM = 1_500_000, 2_400_000, 7_400_000
"""Characters for groups with the pages of their rules, for places of findings, and for messages."""

QUIET_ROOM, MAP_ROOM = 1_000_000, 600_000
"""Characters for rows of exchanges without findings, and for endpoints, operations and statements."""

MATRIX_ROOM = 200_000
"""Characters for resources with what became of their checks."""

OTHERS_ROOM = 300_000
"""Characters for groups of the findings of one rule for which there is no room in groups of their own."""

STRING_ROOM = 1_400_000
"""Characters for texts that are written once and named by number wherever they stand."""

FIRST = 3
"""So many findings of each group are let into the half of the room that is kept for them."""

CHUNK = 200
"""Exchanges in an island."""

VALUE, URI = 4_096, 2_000
"""Characters shown of a field value, of a URI."""

LINES, INTERIM = 300, 20
"""Field lines shown of a section, interim responses of an exchange."""

MOST = 300
"""Items shown of a list of the summary."""

PLAIN = 100
"""Groups listed where scripting is off."""

STATUSES, RULES, ENTRIES = 100, 20, 50
"""Status codes shown of an operation, documented and seen, rules of a statement and of a cell, and its entries."""

COMMAND, CLAIMED = 2_000, 20
"""Characters shown of the command line, of a version."""

ELSEWHERE = ("places", "operations", "undocumented", "statements", "command", "matrix")
"""What of the summary stands in the page in other forms."""

NOTHING: Counter[str] = Counter()

NOT_SUPPRESSED = Suppression("", "")

GroupKey = tuple[Kind, str, str]
"""Kind of finding, severity, kind of suppression or an empty text."""


class HtmlReport:
    """Writes the page as reports come, and its groups in the end."""

    def __init__(self, write: Write, options: Options) -> None:
        self._write = write
        self._options = options
        self._strings = _Strings()
        self._groups: dict[GroupKey, _Group] = {}
        self._rules: dict[str, Provision] = {}
        self._room = {"groups": _Room(GROUP_ROOM), "places": _Room(PLACE_ROOM), "messages": _Room(MESSAGE_ROOM),
                      "others": _Room(OTHERS_ROOM), "quiet": _Room(QUIET_ROOM), "kept": _Room(MESSAGE_ROOM)}
        self._left_out: Counter[str] = Counter()
        self._places: list[str] = []
        self._messages: list[str] = []
        self._first = Quiet()
        self._quiet: list[tuple[str, str]] = []
        """Rows and messages of exchanges without findings."""
        self._cells: dict[ExchangeKind, Counter[str]] = {}
        """Kind of exchanges -> severity -> findings."""
        self._met: set[str] = set()
        self._number = 0
        self._times: list[float] = []
        """When the first exchange began, and the last one."""
        beginning, self._ending = page("httplint report", asset("report.html"), *PARTS)
        write(beginning)

    def report(self, report: Report) -> None:
        """Writes the findings of one exchange, and its messages."""
        quiet = not (report.findings or report.suppressed)
        if quiet and not self._first.takes():
            return
        exchange = LineForm.of(report, self._options.masker)
        self._number += 1
        if exchange.started:
            times = [exchange.started, *self._times]
            self._times = [min(times), max(times)]
        if quiet:
            self._keep(report, exchange)
            return
        found: list[tuple[_Group, list[int | str]]] = []
        for finding, told in zip(report.findings, exchange.findings, strict=True):
            self._find(finding, told, report, NOT_SUPPRESSED, found)
        for (finding, suppression), told in zip(report.suppressed, exchange.suppressed, strict=True):
            self._find(finding, told, report, suppression, found)
        self._colour(report)
        if found:
            self._place(report, exchange, found)

    def end(self, summary: Summary) -> None:
        """Writes the rest of the page."""
        self._chunk()
        self._pour()
        matrix = self._matrix(summary.matrix)              # whose texts are among the strings
        rules = {rule.id: _told(rule) for rule in sorted(self._rules.values(), key=lambda rule: (rule.order, rule.id))}
        data = {
            "version": self._options.version, "strings": self._strings.texts, "order": list(rules), "rules": rules,
            "groups": [[*group.row, [part for item in sorted(group.counts.items()) for part in item]]
                       for group in self._groups.values()],
            "left_out": self._left_out, "exchanges": self._exchanges(summary), "times": self._times,
            "fields": self._sections(), "command": _text(summary.command, COMMAND), **self._maps(summary),
            "matrix": matrix,
            "summary": _shortened({name: told for name, told in to_builtins(SummaryForm.of(summary)).items()
                                   if name not in ELSEWHERE}),
        }
        self._write(island("data", safe_json(data)))
        self._write(self._ending.replace("<!-- plain -->", "".join(self._plain(summary))))

    def _find(self, finding: Finding, told: FindingForm, report: Report, suppression: Suppression,
              found: list[tuple[_Group, list[int | str]]]) -> None:
        """Counts a finding; adds it with its group to `found` unless there is no room for the group."""
        kind = kind_of(finding, report)
        group = (self._group(kind, finding, told, suppression.kind)
                 or self._group(Kind(kind.rule, OTHERS, "", "", ""), finding, told, suppression.kind))
        if group is None:
            self._left_out[finding.severity] += 1
            return
        group.counts[report.exchange.response.status] += 1
        location, message = told.location, _text(told.message)
        found.append((group, [
            group.number, 0 if message == group.message else self._strings(message),
            self._strings(location.message), self._strings(location.part),
            *(-1 if at is None else at for at in (location.index, location.offset)),
            self._strings(_text(suppression.reason))]))

    def _group(self, kind: Kind, finding: Finding, told: FindingForm, suppression: str) -> _Group | None:
        """The group of a finding; None if there is no room for one more."""
        identity = (kind, finding.severity, suppression)
        group = self._groups.get(identity)
        if group is None:
            rule = finding.rule
            message = _text(rule.title if kind.host == OTHERS else told.message)
            field = (kind.field and told.location.field) or ""
            texts = (rule.id, rule.level, rule.confidence, rule.basis, suppression, field, kind.host, kind.method,
                     kind.path, message)
            row: list[int | str] = [rank(finding.severity), *(self._strings(_text(text)) for text in texts)]
            size = len(safe_json(row)) + 40 + (0 if rule.id in self._rules else len(safe_json(_told(rule))))
            room = self._room["others" if kind.host == OTHERS else "groups"]
            if not room.takes(size, early=not suppression):
                return None
            self._rules[rule.id] = rule
            group = self._groups[identity] = _Group(len(self._groups), message, row, identity)
        return group

    def _place(self, report: Report, exchange: LineForm, found: list[tuple[_Group, list[int | str]]]) -> None:
        """Writes where findings are, and the messages, as far as there is room."""
        early = any(group.listed < FIRST and not group.suppression for group, _ in found)
        text = safe_json([*self._head(report, exchange), *(occurrence for _, occurrence in found)])
        if not self._room["places"].takes(len(text), early):
            return
        for group, _ in found:
            group.listed += 1
        self._add(text, self._exchange_in(self._room["messages"], exchange, early))

    def _keep(self, report: Report, exchange: ExchangeForm) -> None:
        """Puts an exchange without findings aside, as far as there is room."""
        row = safe_json(self._head(report, exchange))
        if not self._room["quiet"].takes(len(row)):
            return
        self._quiet.append((row, self._exchange_in(self._room["kept"], exchange)))

    def _pour(self) -> None:
        """Writes what was put aside; the messages as far as there is room."""
        for row, messages in self._quiet:
            self._add(row, messages if self._room["messages"].takes(len(messages)) else "")
        self._chunk()
        self._quiet.clear()

    def _add(self, row: str, messages: str) -> None:
        """One more exchange of the page."""
        self._places.append(row)
        self._messages.append(messages)
        if len(self._places) >= CHUNK:
            self._chunk()

    def _exchange_in(self, room: _Room, exchange: ExchangeForm, early: bool = True) -> str:
        """The messages of an exchange as the page has them; empty where there is no room for them."""
        if not room.open(early):
            return ""
        messages = safe_json(self._exchange(exchange))
        return messages if room.takes(len(messages), early) else ""

    def _head(self, report: Report, exchange: ExchangeForm) -> list[Any]:
        """A row of the list of exchanges: what it was, where it stands, when it was and how long it took (in
        milliseconds), its endpoint, its number.
        """
        request, source = exchange.request, exchange.source
        host, method, path = place_in(report)
        return [exchange.response.status, self._strings(_text(request.method if request else "")),
                _text(request.uri, URI) if request else 0, self._strings(_text(source.path if source else "")),
                *((source.entry, source.line, source.column) if source else (None, None, None)),
                round(1000 * exchange.started) if exchange.started else None,
                round(1000 * exchange.duration, 1) if isinstance(exchange.duration, float) else None,
                self._strings(_endpoint(host, method, path)), self._number]

    def _colour(self, report: Report) -> None:
        """Counts findings by kind of exchange."""
        kind = (*place_in(report), report.exchange.response.status)
        if kind in self._cells or len(self._cells) < PLACES:
            self._cells.setdefault(kind, Counter()).update(finding.severity for finding in report.findings)

    def _exchange(self, exchange: ExchangeForm) -> list[Any]:
        """The messages of an exchange: request, interim responses, response."""
        request, response = exchange.request, exchange.response
        return [
            [request.version, self._fields(request.fields), self._content(request.content),
             self._strings(_text(request.target or "", URI)), self._claimed(request.claimed)] if request else 0,
            [[one.status, one.version, _text(one.reason or ""), self._fields(one.fields)]
             for one in exchange.interim[:INTERIM]],
            [response.version, _text(response.reason or ""), self._fields(response.fields),
             self._content(response.content), self._fields(response.trailers), self._claimed(response.claimed)],
        ]

    def _claimed(self, version: str | UnsetType) -> int | str:
        """What the capture says of a version that it does not prove."""
        return self._strings(_text(version or "", CLAIMED))

    def _fields(self, lines: Sequence[Sequence[str]] | None) -> list[Any] | None:
        """How many lines are left out, then names and values in turn."""
        if lines is None:
            return None
        out: list[Any] = [max(0, len(lines) - LINES)]
        for name, value in lines[:LINES]:
            if name.lower() in FIELDS:
                self._met.add(name.lower())
            out += (self._strings(_text(name)), self._strings(_text(value, VALUE)))
        return out

    def _content(self, content: ContentForm | None) -> list[Any] | None:
        return None if content is None else [self._strings(content.text), content.size, content.clipped]

    def _chunk(self) -> None:
        if self._places:
            self._write(island("places", "[" + ",\n".join(self._places) + "]"))
            self._write(island("messages", "\n".join(self._messages)))
        self._places.clear()
        self._messages.clear()

    def _exchanges(self, summary: Summary) -> dict[str, dict[str, int]]:
        """How many exchanges there are by status code and by host, also without findings; as far as that is known."""
        statuses: Counter[str] = Counter()
        hosts: Counter[str] = Counter()
        for (host, _, _, status), count in (summary.places or {}).items():
            statuses[str(status)] += count
            hosts[_text(host)] += count
        if len(summary.places or ()) >= PLACES:            # the hosts of the others were not counted
            hosts.clear()
        shown = {_text(group.kind.host) for group in self._groups.values()}
        return {"status": dict(sorted(statuses.items())),
                "host": {host: count for host, count in sorted(hosts.items()) if host in shown}}

    def _sections(self) -> dict[str, list[str | None]]:
        """Field name -> the section that defines it, and where that can be read."""
        sources = {name: FIELDS[name].source for name in sorted(self._met)}
        return {name: [source, link(source)] for name, source in sources.items() if source and link(source)}

    def _maps(self, summary: Summary) -> dict[str, list[Any]]:
        """Kinds of exchanges with their findings, documented operations, and statements of the specifications."""
        room = _Room(MAP_ROOM)
        worst = sorted((summary.places or {}).items(), key=lambda item: (
            [-self._cells.get(item[0], NOTHING)[severity] for severity in SEVERITIES], -item[1], item[0]))
        cells: list[list[Any]] = [[_endpoint(host, method, path), status, count,
                                   *(self._cells.get((host, method, path, status), NOTHING)[severity]
                                     for severity in SEVERITIES)]
                                  for (host, method, path, status), count in worst if path != BEYOND]
        operations = [[_text(one.method), _text(one.path), list(one.statuses[:STATUSES]), _text(one.id or ""),
                       _text(one.group or ""), [str(status) for status in sorted(one.seen)[:STATUSES]]]
                      for one in summary.operations]
        return {name: [row for row in rows if room.takes(len(safe_json(row)) + 1, early=name == "cells")]
                for name, rows in (("statements", self._statements(summary)), ("operations", operations),
                                   ("cells", cells))}

    def _matrix(self, matrix: Matrix | None) -> dict[str, Any] | None:
        """Checks, and a row for each resource that there is room for, the worst first: its URL, and its cells."""
        if matrix is None:
            return None
        counts, room = matrix.counts(), _Room(MATRIX_ROOM)
        told: dict[int, list[Any]] = {}
        for at, row in sorted(enumerate(matrix.rows), key=lambda item: -sum(
                cell.state == BROKEN for cell in item[1].cells)):
            made = [self._strings(_text(row.resource, URI)), *map(self._outcome, row.cells[:MOST])]
            if room.takes(len(safe_json(made)) + 1):
                told[at] = made
        return {"checks": [[_text(check.name), _text(check.question)] for check in matrix.checks[:MOST]],
                "counts": [counts[outcome] for outcome in OUTCOMES], "rows": [told[at] for at in sorted(told)],
                "left": len(matrix.rows) - len(told)}

    def _outcome(self, cell: Cell) -> list[Any]:
        """What became of a check: outcome, exchanges, why, rules and severity, without what is empty at the end."""
        made: list[Any] = [OUTCOMES.index(cell.state), cell.entries[:ENTRIES], self._strings(_text(cell.why)),
                           [self._strings(_text(rule)) for rule in cell.rules[:RULES]],
                           rank(cell.severity) if cell.severity else -1]
        return made if cell.rules or cell.severity else made[:3 if cell.why else 2 if cell.entries else 1]

    def _statements(self, summary: Summary) -> list[list[Any]]:
        """Statements of the specifications; of the rules that check one, those first that the page tells of."""
        def strange(rule: str) -> bool:
            return rule not in self._rules

        return [[_text(one.id), _text(one.document), _text(one.section), STATES.index(one.state),
                 [_text(rule) for rule in sorted(one.rules, key=strange)[:RULES]]]
                for one in summary.statements(self._options.rules)]

    def _plain(self, summary: Summary) -> Iterator[str]:
        """The list for those without scripts."""
        counts = ", ".join(f"{summary.findings[severity]:,} {word}"
                           for severity, word in zip(SEVERITIES, ("errors", "warnings", "info"), strict=True))
        yield f"<p>{counts} in {summary.linted:,} of {summary.entries:,} entries</p>\n"
        if summary.matrix is not None:
            yield f"<p>{inert(headline(summary.matrix))}</p>\n"
        yield "<ol>\n"
        groups = sorted((group for group in self._groups.values() if not group.suppression), key=lambda group: (
            rank(group.severity), -group.counts.total(), self._rules[group.kind.rule].order, group.kind))
        for group in groups[:PLAIN]:
            rule = self._rules[group.kind.rule]
            name, host, path, method, _, message, spec, fix = (
                inert(text) for text in (*group.kind, group.message, rule.spec, rule.fix))
            yield (f"<li><strong>{group.severity}: {message}</strong> &#215;{group.counts.total():,}<br>"
                   f"{method} {host}{path}<br>{name}, {spec}. {fix}</li>\n")
        yield "</ol>\n"
        if len(groups) > PLAIN:
            yield f"<p>and {len(groups) - PLAIN:,} more groups of findings</p>\n"


class _Group:
    """Alike findings: what they have in common, and how many there are by status code."""

    __slots__ = ("counts", "kind", "listed", "message", "number", "row", "severity", "suppression")

    def __init__(self, number: int, message: str, row: list[int | str], key: GroupKey) -> None:
        self.number = number
        self.message = message
        self.row = row
        self.kind, self.severity, self.suppression = key
        self.counts: Counter[int] = Counter()
        self.listed = 0


class _Room:
    """So many characters, half of them for those who come early only."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._kept = size // 2

    def open(self, early: bool = True) -> bool:
        """Whether something of a usual size still fits."""
        return self._left > (0 if early else self._kept) + 4_000

    def takes(self, size: int, early: bool = True) -> bool:
        """Takes the room, if it is there."""
        if self._left - size < (0 if early else self._kept):
            return False
        self._left -= size
        return True


class _Strings:
    """Texts that stand in the page once: as numbers, while there is room; other texts stay themselves."""

    LONG = 200

    def __init__(self) -> None:
        self._numbers = {"": 0}
        self._short, self._long = _Room(STRING_ROOM // 2), _Room(STRING_ROOM // 2)

    @property
    def texts(self) -> list[str]:
        return list(self._numbers)

    def __call__(self, text: str) -> int | str:
        number = self._numbers.get(text)
        if number is None:
            room = self._long if len(text) > self.LONG else self._short
            if not room.open() or not room.takes(len(safe_json(text)) + 1):
                return text
            number = self._numbers[text] = len(self._numbers)
        return number


def _endpoint(host: str, method: str, path: str) -> str:
    """The endpoint of an exchange, by which the page knows it; empty where the request was not captured."""
    return _text(f"{method} {host}{path}" if host or path else "")


def _text(text: str, length: int = 400) -> str:
    return cut(text, length)


def _shortened(data: Any) -> Any:
    """What the summary tells, without what is endless in it."""
    if isinstance(data, str):
        return _text(data)
    if isinstance(data, list):
        return [_shortened(item) for item in data[:MOST]]
    return {name: _shortened(item) for name, item in data.items()} if isinstance(data, dict) else data


def _told(rule: Provision) -> dict[str, object]:
    told = PageForm.of(rule)
    return {part: getattr(told, part) for part in ("title", "level", "spec", "link", "why", "fix", "bad", "good")}
