"""The JSON form of a result: its structures are what is written, what is read back, and what the schema is made of.

A structure is made by `of`: whatever stands in it is masked unless secrets are asked for, and clipped. So a member is
said here alone: a line of its structure and of `of`, and of the method that makes a report again, where that needs it.
A result may come from a stranger: what is not of this form is an error, members that are not known are ignored.

Only who writes or reads this form imports it: msgspec takes as long to load as all else that a start needs.
"""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Generic, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType
from msgspec.structs import asdict, astuple

from httplint.description.operation import Operation
from httplint.engine.report import SUPPRESSIONS, Finding, Location, NotJudged, Report, Suppression
from httplint.engine.rule import Provision
from httplint.model.evidence import lack_of
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import VERSIONS, Message, Request, Response
from httplint.model.printable import printable, tamed
from httplint.model.severity import SEVERITIES, Confidence, Level, Severity
from httplint.report.escape import CONTENT_LOOKED_AT, CONTENT_SHOWN, content_text, cut, sound
from httplint.report.exercise import Statement
from httplint.report.kind import place_by_request, place_in, place_told
from httplint.report.links import link
from httplint.report.masker import Masker, Shown
from httplint.report.matrix import Cell, Check, Matrix, Row
from httplint.report.operations import undocumented
from httplint.report.summary import BEYOND, ExchangeKind, Summary

FORMAT = 1
"""Version of the formats json and jsonl: raised when a key goes or changes its meaning. New keys do not raise it: they
have defaults, by which older results are read."""
VALUE_SHOWN = 4096
"""How much of a URI, a field value or any other line is kept, in characters."""
MOST = 2**53
"""The largest number, which programs that know floats alone read as it is."""

Natural = Annotated[int, Meta(ge=0, le=MOST)]
Number = Annotated[int, Meta(ge=1, le=MOST)]
Code = Annotated[int, Meta(ge=-MOST, le=MOST)]
"""A status code, of whatever range."""
FieldLines = Annotated[list[tuple[str, str]] | None,
                       Meta(description="field lines, a name and a value each; null: not captured")]
Claimed = Annotated[str | UnsetType, Meta(
    description="what the capture says of the version, such as HTTP/1.1, where that proves nothing")]
Basis = Literal["explicit", "implied"]
Cause = Literal["waiver", "baseline", "third-party"]
"""Why a finding is suppressed."""


class SourceForm(Struct):
    """Where an exchange stands in its capture."""

    path: str
    entry: Natural
    pointer: Annotated[str | None, Meta(description="JSON pointer of the entry")]
    line: Number | None
    column: Number | None

    @classmethod
    def of(cls, source: Source | None) -> SourceForm | None:
        return None if source is None else cls(_clip(source.path), source.entry, source.pointer, source.line,
                                               source.column)

    def source(self) -> Source:
        return Source(self.path, self.entry, self.line, self.column, self.pointer)


class ContentForm(Struct):
    """The begin of a content."""

    text: str
    size: Annotated[Natural, Meta(description="octets that were sent, as far as known")]
    clipped: Annotated[bool, Meta(description="whether there is more than the text shows")]

    @classmethod
    def of(cls, message: Message, shown: Shown) -> ContentForm | None:
        content = message.content
        if content is None:
            return None
        begin = len(content_text(content, clipped=message.clipped).encode("utf-8"))
        return cls(shown.content(message), len(content) if message.size is None else message.size,
                   len(content) > CONTENT_SHOWN or message.clipped or begin < len(content))

    @staticmethod
    def into(message: Message, told: ContentForm | None) -> None:
        """Gives a message that is made again its content."""
        if told is not None:
            message.content = told.text.encode("utf-8")[:4 * CONTENT_LOOKED_AT]
            message.size, message.clipped = told.size, told.clipped


class RequestForm(Struct):
    method: str
    uri: str
    target: Annotated[str | None, Meta(description="as it was sent; null: not known")]
    version: str | None
    fields: FieldLines
    content: Annotated[ContentForm | None, Meta(description="null: not captured")]
    claimed: Claimed = UNSET

    @classmethod
    def of(cls, exchange: Exchange, shown: Shown) -> RequestForm | None:
        request = exchange.request
        if request is None:
            return None
        return cls(_clip(shown.method()), _clip(shown.text(request.uri)),
                   _clip(shown.text(request.target)) if exchange.evidence.knows("target") else None,
                   request.version, _lines(request.fields, shown), ContentForm.of(request, shown),
                   request.claimed or UNSET)

    def request(self) -> Request:
        scheme, separator, _ = self.uri.partition("://")
        request = Request(self.method, self.uri if self.target is None else self.target, _version(self.version),
                          self.fields, scheme=scheme if separator else "http")
        request.claimed = self.claimed or None
        ContentForm.into(request, self.content)
        return request


class InterimForm(Struct):
    status: Code
    reason: str | None
    version: str | None
    fields: FieldLines

    @classmethod
    def of(cls, response: Response, shown: Shown) -> InterimForm:
        reason = shown.reason(response)
        return cls(response.status, None if reason is None else _clip(reason), response.version,
                   _lines(response.fields, shown))

    def response(self) -> Response:
        return Response(self.status, _version(self.version), self.reason, self.fields)


class ResponseForm(InterimForm):
    trailers: FieldLines
    content: Annotated[ContentForm | None, Meta(description="null: not captured")]
    claimed: Claimed = UNSET

    @classmethod
    def of(cls, response: Response, shown: Shown) -> ResponseForm:
        start = InterimForm.of(response, shown)
        return cls(start.status, start.reason, start.version, start.fields, _lines(response.trailers, shown),
                   ContentForm.of(response, shown), response.claimed or UNSET)

    def response(self) -> Response:
        response = Response(self.status, _version(self.version), self.reason, self.fields, trailers=self.trailers)
        response.claimed = self.claimed or None
        ContentForm.into(response, self.content)
        return response


class TargetForm(Struct):
    method: str
    uri: str


class LocationForm(Struct):
    """Where a finding points."""

    message: Literal["response", "interim response", "request"]
    part: Literal["status", "field", "content", "trailer"]
    field: Annotated[str | None, Meta(description="name of the field line, as captured")]
    index: Annotated[Natural | None, Meta(description="number of the field line")]
    offset: Annotated[Natural | None, Meta(description="octet of the field value; null also where the value is masked")]
    path: str | None
    entry: Natural | None
    pointer: Annotated[str | None, Meta(description="JSON pointer of the entry")]
    line: Number | None
    column: Number | None

    @classmethod
    def of(cls, finding: Finding, shown: Shown) -> LocationForm:
        at: Any = finding.location                         # its words are the literals
        return cls(at.message, at.part, None if at.name is None else _clip(shown.name(at.name)), at.index,
                   shown.offset(finding), at.source and _clip(at.source.path), at.entry, at.pointer, at.line, at.column)

    def location(self, source: Source | None) -> Location:
        return Location(self.message, self.part, self.index, self.field, source, self.offset)


class SuppressionForm(Struct):
    kind: Cause
    reason: str


class FindingForm(Struct):
    rule: str
    severity: Severity
    level: Level
    confidence: Confidence
    basis: Basis
    message: str
    title: str
    fix: str
    spec: str
    link: str | None
    request: TargetForm | None
    status: Code
    location: LocationForm
    suppression: SuppressionForm | UnsetType = UNSET
    exchange: Annotated[Natural | UnsetType, Meta(description="number in the list of exchanges")] = UNSET

    @classmethod
    def both(cls, report: Report, masker: Masker) -> tuple[list[FindingForm], list[FindingForm]]:
        """(the findings, the suppressed findings) of an exchange."""
        shown, request = masker.of(report.exchange), report.exchange.request
        target = None if request is None else TargetForm(_clip(shown.method()), _clip(shown.text(request.uri)))
        suppressed = [cls.of(finding, shown, target) for finding, _ in report.suppressed]
        for told, (_, suppression) in zip(suppressed, report.suppressed, strict=True):
            kind: Any = suppression.kind
            told.suppression = SuppressionForm(kind, _clip(masker.text(suppression.reason)))
        return [cls.of(finding, shown, target) for finding in report.findings], suppressed

    @classmethod
    def of(cls, finding: Finding, shown: Shown, target: TargetForm | None) -> FindingForm:
        rule: Any = finding.rule
        severity: Any = finding.severity
        return cls(finding.rule_id, severity, rule.level, rule.confidence, rule.basis, _clip(shown.message(finding)),
                   rule.title, rule.fix, rule.spec, link(rule.spec), target, shown.exchange.response.status,
                   LocationForm.of(finding, shown))

    def finding(self, exchange: Exchange, rules: Mapping[str, Provision]) -> Finding:
        """Raises ValueError."""
        rule = rules.get(self.rule)
        if rule is None:
            raise ValueError(f"the rule {self.rule!r:.100} is not among the rules")
        finding = Finding(rule, self.message, self.location.location(exchange.source))
        finding.severity = self.severity
        return finding


class LackingForm(Struct):
    rule: str
    reason: str

    @classmethod
    def all(cls, report: Report, masker: Masker) -> list[LackingForm]:
        """The rules that lacked evidence, and why."""
        shown = masker.of(report.exchange)
        return [cls(one.rule_id, shown.told(one.reason)) for one in report.not_evaluated]


class BelongingForm(Struct):
    """Where findings belong."""

    host: str
    method: str
    path: str


class ExchangeForm(Struct, kw_only=True):
    source: SourceForm | None
    request: RequestForm | None
    response: ResponseForm
    interim: list[InterimForm]
    place: Annotated[BelongingForm | UnsetType, Meta(
        description="where its findings belong, if the request alone does not tell")] = UNSET
    started: Annotated[float | UnsetType, Meta(description="seconds since 1970, as far as the capture tells")] = UNSET
    duration: Annotated[float | UnsetType, Meta(description="seconds until the response had ended")] = UNSET
    number: Annotated[Natural | UnsetType, Meta(
        description="its place among all exchanges of the result, with and without findings")] = UNSET

    @classmethod
    def of(cls, report: Report, masker: Masker) -> ExchangeForm:
        exchange = report.exchange
        shown = masker.of(exchange)
        return cls(source=SourceForm.of(exchange.source), request=RequestForm.of(exchange, shown),
                   response=ResponseForm.of(exchange.response, shown),
                   interim=[InterimForm.of(interim, shown) for interim in exchange.interim],
                   place=UNSET if report.place in (None, place_by_request(exchange)) else BelongingForm(
                       *map(_clip, place_in(report))),
                   started=_time(exchange.started), duration=_time(exchange.duration))

    def exchange(self) -> Exchange:
        exchange = Exchange(self.response.response(), None if self.request is None else self.request.request(),
                            [one.response() for one in self.interim],
                            None if self.started is UNSET else self.started,
                            source=None if self.source is None else self.source.source(),
                            duration=None if self.duration is UNSET else self.duration)
        if self.request is not None and self.request.target is None:
            exchange.evidence = exchange.evidence.without("target")
        return exchange


class LineForm(ExchangeForm, tag_field="type", tag="exchange", kw_only=True):
    """An exchange with its findings: a line of the JSON lines report."""

    findings: list[FindingForm]
    suppressed: list[Annotated[FindingForm, Meta(extra_json_schema={"required": ["suppression"]})]]
    not_evaluated: list[LackingForm] | UnsetType = UNSET

    @classmethod
    def of(cls, report: Report, masker: Masker) -> LineForm:
        """Without the rules that lacked evidence."""
        return cls.around(ExchangeForm.of(report, masker), *FindingForm.both(report, masker))

    @classmethod
    def around(cls, exchange: ExchangeForm, findings: list[FindingForm], suppressed: list[FindingForm]) -> LineForm:
        """An exchange, and what was found in it."""
        return cls(**asdict(exchange), findings=findings, suppressed=suppressed)

    def report(self, rules: Mapping[str, Provision]) -> Report:
        """The report that it was made of. Raises ValueError."""
        report = Report(self.exchange(), None if self.place is UNSET else place_told(*astuple(self.place)))
        report.findings = [one.finding(report.exchange, rules) for one in self.findings]
        report.suppressed = [(one.finding(report.exchange, rules),
                              Suppression(one.suppression.kind, one.suppression.reason))
                             for one in self.suppressed if one.suppression is not UNSET]
        if self.not_evaluated is not UNSET and self.not_evaluated:
            report.groups.append(tuple(NotJudged(one.rule, one.reason) for one in self.not_evaluated))
        return report


class PageForm(Struct):
    """What there is to say about a rule."""

    title: str
    level: Level
    severity: Annotated[Severity, Meta(description="unless settings change it")]
    spec: str
    link: str | None
    confidence: Confidence
    basis: Basis
    status: Annotated[list[Code] | None, Meta(description="the status codes that it is about; null: any")]
    tags: list[str]
    why: str
    fix: str
    bad: list[str]
    good: list[str]
    once: Annotated[Literal["host"] | UnsetType, Meta(
        description="one finding speaks for all of a host and field")] = UNSET
    order: Annotated[Natural | UnsetType, Meta(description="place in the catalogue")] = UNSET

    @classmethod
    def of(cls, rule: Provision) -> PageForm:
        words: Any = rule
        return cls(rule.title, words.level, words.severity, rule.spec, link(rule.spec), words.confidence, words.basis,
                   None if rule.statuses is None else sorted(rule.statuses), list(rule.tags), rule.why, rule.fix,
                   list(rule.bad), list(rule.good), words.once or UNSET, rule.order)

    def rule(self, name: str, place: int) -> Provision:
        """`place`: among those of the result."""
        said = {"id": name, **asdict(self), "once": self.once or None}
        order = said.pop("order")
        return Provision(said, place if order is UNSET else order)


def pages(rules: Iterable[Provision]) -> dict[str, PageForm]:
    """Rule id -> what there is to say about it, in catalogue order."""
    return {rule.id: PageForm.of(rule) for rule in sorted(rules, key=lambda rule: (rule.order, rule.id))}


class EntriesForm(Struct):
    read: Natural
    linted: Natural
    skipped: Natural


class SkippedForm(Struct):
    reason: str
    count: Natural


class TimesForm(Struct):
    rule: str
    count: Natural


class NotEvaluatedForm(Struct):
    reason: str
    count: Natural
    rules: list[TimesForm]
    remedy: Annotated[str | UnsetType | None, Meta(
        description="how to have them evaluated; null: captures and messages like these never show it")] = UNSET


class ProblemForm(Struct):
    """A file that could not be read, or broke off."""

    path: str
    line: Number | None
    column: Number | None
    cause: str


class PlaceForm(Struct):
    """A kind of exchanges."""

    host: Annotated[str, Meta(description="with scheme; empty where the request was not captured")]
    method: str
    path: Annotated[str, Meta(description="as a template; … for all kinds beyond the first thousands")]
    status: Code
    count: Natural

    @classmethod
    def all(cls, kinds: Iterable[tuple[ExchangeKind, int]]) -> list[PlaceForm]:
        return [cls(sound(host), sound(method), sound(path), status, count)
                for (host, method, path, status), count in sorted(kinds)]

    def kind(self) -> ExchangeKind:
        return (*place_told(self.host, self.method, self.path), self.status)


class OperationForm(Struct):
    """An operation that a description of an API documents."""

    id: str | None
    method: str
    path: Annotated[str, Meta(description="as a template, behind the base path of the first server")]
    statuses: Annotated[list[str], Meta(description='as documented: such as "200", "4XX" or "default"')]
    group: Annotated[str | None, Meta(description="its first tag")]
    seen: Annotated[dict[Code, Natural], Meta(description="status code -> responses in the traffic")]

    @classmethod
    def of(cls, operation: Operation) -> OperationForm:
        return cls(operation.id, operation.method, operation.path, list(operation.statuses), operation.group,
                   dict(sorted(operation.seen.items())))

    def operation(self) -> Operation:
        operation = Operation(self.method, self.path, self.statuses, self.id, self.group)
        operation.seen.update(self.seen)
        return operation


class StatementForm(Struct):
    """A statement of a specification that rules check."""

    id: str
    document: str
    section: str
    state: Literal["broken", "kept", "not exercised"]
    rules: list[str]

    @classmethod
    def of(cls, statement: Statement) -> StatementForm:
        state: Any = statement.state
        return cls(statement.id, statement.document, statement.section, state, list(statement.rules))

    def statement(self) -> Statement:
        return Statement(self.id, self.document, self.section, self.state, tuple(self.rules))


class CheckForm(Struct):
    """A check, which is asked of every resource."""

    name: str
    question: str


class CellForm(Struct):
    """What became of a check of a resource."""

    state: Literal["broken", "not answered", "kept", "not applicable", "not asked"]
    why: Annotated[str, Meta(description="a plain clause, or empty")] = ""
    entries: Annotated[list[Natural], Meta(description="the entries of its exchanges, in their order")] = []
    rules: Annotated[list[str], Meta(description="the rules that it is broken by")] = []
    severity: Annotated[Severity | UnsetType, Meta(description="the worst of what it is broken by")] = UNSET

    @classmethod
    def of(cls, cell: Cell) -> CellForm:
        state: Any = cell.state
        severity: Any = cell.severity
        return cls(state, _clip(cell.why), list(cell.entries), list(map(_clip, cell.rules)), severity or UNSET)

    def cell(self) -> Cell:
        return Cell(self.state, self.why, tuple(self.entries), tuple(self.rules), self.severity or "")


class RowForm(Struct):
    """A resource, and a cell for each of the checks, in their order."""

    resource: Annotated[str, Meta(description="its URL")]
    cells: list[CellForm]


class MatrixForm(Struct):
    """What became of each check of each resource."""

    checks: list[CheckForm]
    rows: list[RowForm]

    @classmethod
    def of(cls, matrix: Matrix) -> MatrixForm:
        return cls([CheckForm(_clip(check.name), _clip(check.question)) for check in matrix.checks],
                   [RowForm(_clip(row.resource), list(map(CellForm.of, row.cells))) for row in matrix.rows])

    def __post_init__(self) -> None:
        if odd := next((row for row in self.rows if len(row.cells) != len(self.checks)), None):
            raise ValueError(f"a row has {len(odd.cells)} cells, expected {len(self.checks)}, one for each check")

    def matrix(self) -> Matrix:
        return Matrix(tuple(Check(one.name, one.question) for one in self.checks), tuple(
            Row(row.resource, tuple(one.cell() for one in row.cells)) for row in self.rows))


class SummaryForm(Struct):
    files: Natural
    rules: Natural
    entries: EntriesForm
    skipped: list[SkippedForm]
    findings: Annotated[dict[Severity, Natural], Meta(extra_json_schema={
        "required": [*SEVERITIES], "propertyNames": {"enum": [*SEVERITIES]}})]
    suppressed: Annotated[dict[Cause, Natural], Meta(
        description="findings that are waived, in the baseline, or about hosts of third parties",
        extra_json_schema={"propertyNames": {"enum": [*SUPPRESSIONS]}})]
    notes: Annotated[list[str], Meta(description="waivers that have expired, or that no finding needed")]
    hidden: Annotated[Natural, Meta(description="findings below --severity or --confidence")]
    not_evaluated: list[NotEvaluatedForm]
    problems: list[ProblemForm]
    places: Annotated[list[PlaceForm] | UnsetType, Meta(
        description="how many exchanges of each kind there were, with and without findings")] = UNSET
    operations: Annotated[list[OperationForm], Meta(
        description="with --api: all documented operations, exercised or not")] = []
    undocumented: Annotated[list[PlaceForm], Meta(
        description="with --api: exchanges with the API that belong to no documented operation")] = []
    baseline: Annotated[bool, Meta(description="whether there was a baseline: findings that it knows are suppressed")
                        ] = False
    statements: Annotated[list[StatementForm] | UnsetType, Meta(
        description="what became of the statements of the specifications that rules check")] = UNSET
    command: Annotated[str | UnsetType, Meta(description="what was asked for, as a command line")] = UNSET
    matrix: Annotated[MatrixForm | UnsetType, Meta(
        description="of a probe: what became of each check of each resource")] = UNSET

    @classmethod
    def of(cls, summary: Summary, rules: Iterable[Provision] = ()) -> SummaryForm:
        """`rules`: all that may have spoken."""
        statements = summary.statements(rules)
        findings: Any = {severity: summary.findings[severity] for severity in SEVERITIES}
        suppressed: Any = dict(sorted(summary.suppressed.items()))
        return cls(
            summary.files, summary.rules, EntriesForm(summary.entries, summary.linted, summary.skipped.total()),
            [SkippedForm(reason, count) for reason, count in sorted(summary.skipped.items())],
            findings, suppressed, summary.notes, summary.hidden,
            [NotEvaluatedForm(reason, total, [TimesForm(rule, count) for rule, count in rules],
                              lack_of(reason).remedy or None)
             for reason, total, rules in summary.not_evaluated()],
            [ProblemForm(sound(problem["path"]), problem["line"], problem["column"], sound(problem["cause"]))
             for problem in summary.problems],
            UNSET if summary.places is None else PlaceForm.all(summary.places.items()),
            list(map(OperationForm.of, summary.operations)), PlaceForm.all(undocumented(summary)), summary.baseline,
            list(map(StatementForm.of, statements)) if statements else UNSET, summary.command or UNSET,
            UNSET if summary.matrix is None else MatrixForm.of(summary.matrix))

    @property
    def placed(self) -> bool:
        """Whether it tells of exchanges without findings."""
        return self.places is not UNSET

    def add_to(self, summary: Summary) -> None:
        """Adds what it counts; `summary.places` stays None if it is."""
        summary.files, summary.hidden = summary.files + self.files, summary.hidden + self.hidden
        summary.rules = max(summary.rules, self.rules)
        summary.entries, summary.linted = summary.entries + self.entries.read, summary.linted + self.entries.linted
        for one in self.skipped:
            summary.skipped[summary.masker.text(one.reason)] += one.count
        summary.findings.update(self.findings)
        summary.suppressed.update(self.suppressed)
        for problem in self.problems:
            summary.problem(problem.path, problem.cause, problem.line, problem.column)
        for lacking in self.not_evaluated:
            for rule in lacking.rules:
                summary.lacked(NotJudged(rule.rule, lacking.reason), rule.count)
        for kind in sorted(self.places or (), key=lambda kind: kind.path == BEYOND):
            summary.place(kind.kind(), kind.count)
        known = {(one.method, one.path): one for one in summary.operations}
        for told in self.operations:
            operation = told.operation()
            if (same := known.get((operation.method, operation.path))) is None:
                summary.operations.append(operation)
            else:
                same.seen.update(operation.seen)
        for kind in self.undocumented:
            summary.undocumented[kind.kind()] += kind.count
        summary.tell([one.statement() for one in self.statements or ()])
        if self.command and self.command not in summary.command:
            summary.command += f"{'; ' if summary.command else ''}{summary.masker.text(self.command)}"


class UnjudgedForm(Struct):
    """The rules that lacked evidence on an exchange."""

    path: str | None
    entry: Natural | None
    rules: list[LackingForm]

    @classmethod
    def of(cls, report: Report, masker: Masker) -> UnjudgedForm:
        source: Any = report.exchange.source
        return cls(source and sound(source.path), source and source.entry, LackingForm.all(report, masker))


class FormatForm(Struct):
    """What tells whether this is a result that can be read."""

    format: Annotated[int, Meta(extra_json_schema={"const": FORMAT})]


class HeadForm(FormatForm):
    """What there is to tell of a result as a whole."""

    httplint: Annotated[str, Meta(description="version of httplint")]
    rules: Annotated[dict[str, PageForm], Meta(
        description="what there is to say about the rules that found something, by id, in catalogue order")]
    summary: SummaryForm


class LastForm(HeadForm, tag_field="type", tag="summary"):
    """The last line of the JSON lines report."""


F = TypeVar("F")
S = TypeVar("S")
E = TypeVar("E")


class ResultForm(HeadForm, Generic[F, S, E]):
    """The JSON report."""

    findings: list[F]                                      # a reader takes items as they are, one after the other
    suppressed: Annotated[list[S], Meta(
        description="violations that are waived, in the baseline, or about hosts of third parties")]
    exchanges: Annotated[list[E], Meta(
        description="the exchanges with findings; secrets are masked, what is long is clipped")]
    others: Annotated[list[E], Meta(description="the first exchanges without findings")] = []
    not_evaluated: Annotated[list[UnjudgedForm] | UnsetType, Meta(
        description="with --show not-evaluated: the rules that lacked evidence, per exchange")] = UNSET


def schema() -> dict[str, Any]:
    """The JSON schema of the format json, and under $defs/line of a line of jsonl."""
    (whole, line), parts = msgspec.json.schema_components((
        ResultForm[Annotated[FindingForm, Meta(extra_json_schema={"required": ["exchange"]})],
                   Annotated[FindingForm, Meta(extra_json_schema={"required": ["exchange", "suppression"]})],
                   ExchangeForm], LineForm | LastForm), ref_template="#/$defs/{name}")
    line["description"] = "a line of the JSON lines report: exchanges, and the summary last"
    for part in parts.values():
        part["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema",
            **parts.pop(whole["$ref"].rpartition("/")[2]),
            "title": f"httplint JSON report, format {FORMAT}; a line of the JSON lines report is $defs/line",
            "$defs": {"line": line, **parts}}


def compact(told: object) -> str:
    """JSON in one line, in ASCII unless all of it is harmless on a terminal."""
    octets = msgspec.json.encode(told)                     # much faster than json, but does not escape
    text = octets.decode("utf-8")
    return tamed(text if printable(text) == text else _escaping(msgspec.to_builtins(told)), "\\u0023")


_escaping = json.JSONEncoder(separators=(",", ":")).encode


def _lines(fields: Fields | None, shown: Shown) -> list[tuple[str, str]] | None:
    if fields is None:
        return None
    return [line if line[0].isascii() and line[1].isascii() and len(line[0]) + len(line[1]) <= VALUE_SHOWN
            else (_clip(line[0]), _clip(line[1])) for line in shown.lines(fields)]


def _time(seconds: float | None) -> float | UnsetType:
    return seconds if seconds is not None and 0 <= seconds < 1e11 else UNSET


def _version(version: str | None) -> str | None:
    return version if version in VERSIONS else None


def _clip(text: str) -> str:
    """No longer than is shown, and without lone surrogates, which are no text."""
    return sound(cut(text, VALUE_SHOWN))
