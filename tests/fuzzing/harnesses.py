"""What is fuzzed: for each kind of input a function that takes octets, and what must hold whatever they are.

A harness raises `Fallen` where something does not hold; any other exception is a fault, too. Time and memory are
looked at by whoever runs it. `HARNESSES` is the one table of them.
"""
from __future__ import annotations

import atexit
import csv
import gc
import io
import json
import random
import re
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import date, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from fuzzing import material, mutation
from fuzzing.mutation import Mutate
from har_maker import shown

from httplint import read_har_entries, vocabulary
from httplint.archive.rows import Mapper, TableRow
from httplint.archive.tables import CAPTURES, TABLES
from httplint.capture import (
    arc,
    burp,
    cassettes,
    charles,
    curl,
    flows,
    har,
    hurl,
    newman,
    octets,
    postman,
    reading,
    saz,
    schemathesis,
    traces,
    wacz,
    warc,
    wiremock,
    zap,
    zap_json,
    zap_xml,
)
from httplint.capture.fetching import Unfit
from httplint.capture.files import Unreadable
from httplint.capture.notation import NotationError, notation
from httplint.capture.outcome import UNREADABLE, Problem, Skipped
from httplint.cli.main import run
from httplint.configuration import ConfigurationError
from httplint.configuration.baseline import Baseline, text_of
from httplint.configuration.policy import Policy
from httplint.configuration.settings import load
from httplint.description import DescriptionError
from httplint.description.examples import samples
from httplint.description.matching import Descriptions
from httplint.description.reading import describe
from httplint.engine import catalogue
from httplint.engine.errors import RuleError
from httplint.engine.linter import RuleLinter
from httplint.engine.obsolete import Catalogue
from httplint.engine.report import Report
from httplint.engine.rule import Rule
from httplint.engine.trace import trace
from httplint.grammar import table
from httplint.grammar.syntax import Malformed
from httplint.library import Linter
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Request, Response
from httplint.probe import sitemap
from httplint.report.colour import Paint
from httplint.report.formats import FORMATS
from httplint.report.masker import Masker
from httplint.report.reporter import Options
from httplint.report.result import Result, ResultError
from httplint.report.summary import Summary
from httplint.selection import SelectionError


class Fallen(AssertionError):
    """Something that must hold does not. `kind` says what, in a word; `about` tells cases of a kind apart."""

    def __init__(self, kind: str, about: str, more: object = "") -> None:
        super().__init__(f"{kind}: {about}{' - ' if more else ''}{more!s:.2000}")
        self.kind = kind
        self.about = about


class Harness(NamedTuple):
    """`seeds` are inputs to start from; `mutate` makes another input of one, if octets are not the thing to change."""

    run: Callable[[bytes], object]
    seeds: Callable[[], Iterable[bytes]]
    mutate: Mutate | None = None
    longest: int = 4096
    """Octets of an input, at most."""
    guided: bool = True
    """Whether coverage is of use."""


def chance(data: bytes, of: int) -> int:
    """A number below `of` that depends on the input alone."""
    return zlib.crc32(data) % of


VALUES: dict[str, type] = {"text": str, "code": int, "count": int, "seconds": float, "time": datetime, "day": date}
"""What the values of columns are."""

vocabulary.homes()                                         # else a rule imports what it is the first to call


@cache
def linter() -> Linter:
    """All rules."""
    return Linter(profile="strict")


@cache
def directory() -> Path:
    """Where inputs are put that have to be files."""
    made = tempfile.TemporaryDirectory(prefix="httplint-fuzz-")
    atexit.register(made.cleanup)
    return Path(made.name)


def file(name: str, data: bytes) -> Path:
    """A file that holds the input."""
    path = directory() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


# -- what holds for exchanges, findings and reports


def judged(exchanges: Iterable[Exchange]) -> list[Report]:
    """The reports on exchanges. No rule fails, and findings point at what is there."""
    reports = list(linter().lint_all(exchanges))
    for report in reports:
        sound(report)
        for finding in report.findings:
            if not finding.message.isprintable():
                raise Fallen("unprintable", finding.rule_id, ascii(finding.message))
    return reports


def sound(report: Report) -> None:
    """No rule has failed, and findings point at lines and octets that are there."""
    exchange = report.exchange
    for finding in report.findings:
        if finding.rule_id.startswith("internal."):
            raise Fallen("rule-failed", re.sub(r"'[^']*'|\d+", "…", finding.message)[:120], finding.message)
        place = finding.location
        sides = {"response": [exchange.response], "interim response": exchange.interim, "request": [exchange.request]}
        lines = [fields.lines for message in sides[place.message] if message is not None
                 for fields in [message.trailers if place.part == "trailer" else message.fields] if fields is not None]
        if place.index is not None and not any(place.index < len(section) for section in lines):
            raise Fallen("place", f"{finding.rule_id} points at no line", place)
        if place.offset is not None and place.index is not None and not any(
                place.offset <= len(section[place.index][1]) for section in lines if place.index < len(section)):
            raise Fallen("place", f"{finding.rule_id} points behind its value", place.offset)


UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
                    "\U000e0000-\U000e007f]")
COMMAND = re.compile(r"(?m)^\s*::|##\[")
OURS = re.compile(r"::(?:error|warning|notice) (?:file=[^,:\r\n]*,(?:line=\d+,col=\d+,)?)?title=[^,:\r\n]*::[^\r\n]*")
TAGS = re.compile(r"<[/!?a-zA-Z][^>]*>")
OUR_TAGS = re.compile(r"</?(?:code|details|summary|br)>|<!-- -->")


def told(reports: list[Report], summary: Summary, rules: Iterable[Rule], secrets: bool = False) -> None:
    """Every format can tell of these, and what it writes is well-formed and harms nobody."""
    for name in FORMATS:
        written(name, reports, summary, rules, secrets)


def written(name: str, reports: list[Report], summary: Summary, rules: Iterable[Rule], secrets: bool = False) -> str:
    """What a format writes of these."""
    parts: list[str] = []
    reporter = FORMATS[name].reporter(parts.append, Options(Paint(False), Masker(secrets), True, "error", tuple(rules)))
    for report in reports:
        reporter.report(report)
    reporter.end(summary)
    text = "".join(parts)
    try:
        WELL_FORMED[name](text)
    except (ValueError, csv.Error, ElementTree.ParseError) as error:
        raise Fallen("ill-formed", f"{name}: {type(error).__name__}", error) from error
    if name not in ("html", "json", "jsonl", "sarif", "gitlab", "junit"):
        _harmless(name, text.replace("\r\n", "\n") if name == "csv" else text, name == "github")
    return text


def _harmless(name: str, text: str, annotates: bool) -> None:
    """Nothing in a text that a terminal or a CI runner would obey, or hide from people."""
    if found := UNSAFE.search(text):
        raise Fallen("control", f"{name} has a control character", ascii(text[max(0, found.start() - 60):][:120]))
    for line in text.split("\n"):
        if COMMAND.search(line) and not (annotates and OURS.fullmatch(line)):
            raise Fallen("command", f"{name} has a line that is a workflow command", ascii(line))


def _json(text: str) -> None:
    text.encode("utf-8")
    json.loads(text, parse_constant=_no_number)


def _no_number(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def _json_lines(text: str) -> None:
    for line in text.removesuffix("\n").split("\n"):
        _json(line)


def _xml(text: str) -> None:
    ElementTree.fromstring(text.encode("utf-8"))


def _csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    if {len(row) for row in rows} != {len(rows[0])}:
        raise ValueError("rows of several lengths")
    if any(cell.lstrip().startswith(tuple("=+-@")) for row in rows[1:] for cell in row):
        raise ValueError("a cell is a formula")


def _markdown(text: str) -> None:
    text.encode("utf-8")
    strange = [tag for tag in TAGS.findall(text) if not OUR_TAGS.fullmatch(tag)]
    if strange:
        raise ValueError(f"an element that is not ours: {strange[0]!a:.80}")


ISLAND = re.compile(r'<script type="application/json" data-island="\w+">[^<>&]*</script>\n')
MARKUP = re.compile(r"<[/!?a-zA-Z][^>]*")


def _html(text: str) -> None:
    text.encode("utf-8")
    strange = Counter(found[0][:80] for found in MARKUP.finditer(ISLAND.sub("", text))) - _page()
    if any(not re.fullmatch("</?(?:br|code|li|p|strong|ul)", tag) for tag in strange):
        raise ValueError(f"elements that a page without findings does not have: {list(strange)!a:.200}")


@cache
def _page() -> Counter[str]:
    parts: list[str] = []
    FORMATS["html"].reporter(parts.append, Options()).end(_summary([]))
    return Counter(found[0][:80] for found in MARKUP.finditer(ISLAND.sub("", "".join(parts))))


def _text(text: str) -> None:
    text.encode("utf-8")


WELL_FORMED: dict[str, Callable[[str], None]] = {
    "text": _text, "concise": _text, "json": _json, "jsonl": _json_lines, "html": _html, "markdown": _markdown,
    "csv": _csv, "sarif": _json, "junit": _xml, "github": _text, "gitlab": _json,
}


def _summary(reports: list[Report]) -> Summary:
    summary = Summary(len(linter().rules))
    summary.places = Counter()
    for report in reports:
        summary.count(report)
    return summary


# -- captures

MOST = 20
"""Exchanges of a capture that are judged."""


def capture(data: bytes, outcomes: Iterable[Exchange | Problem | Any]) -> list[Any]:
    """What a reader makes of an input: entries in order, of which none fails a rule or a report."""
    try:
        found = list(outcomes)
    except (OSError, Unreadable):
        return []
    last: dict[str, int] = {}
    for one in found:
        if not isinstance(one, Problem) and one.source is not None:
            if one.source.entry <= last.get(one.source.path, -1):
                raise Fallen("order", "an entry has not a higher number than the one before it", one.source)
            last[one.source.path] = one.source.entry
    reports = judged([one for one in found if isinstance(one, Exchange)][:MOST])
    if chance(data, 32) == 0:
        summary = _summary(reports)
        for one in found:
            if isinstance(one, Problem):
                summary.problem(one.path, one.cause, one.line, one.column)
            elif not isinstance(one, Exchange):
                summary.skip(one.reason)
        told(reports, summary, linter().rules)
    if chance(data, 8) == 1:
        archived(found[:MOST])
    return found


def archived(found: Iterable[Any]) -> list[TableRow]:
    """The rows that outcomes become: of the types of their columns, texts that UTF-8 has, and none is lost."""
    rows = list(Mapper(linter()).rows("f", found))
    for name, row in rows:
        for column, value in zip(TABLES[name].columns, row, strict=True):
            if not (column.optional if value is None else isinstance(value, VALUES[column.type])):
                raise Fallen("row", f"{name}.{column.name}", ascii(value))
            if isinstance(value, str):
                value.encode()
    whole = dict(zip(CAPTURES.names, rows[-1][1], strict=True))
    skipped = sum(value for name, value in whole.items() if name.startswith("skipped_"))
    if whole["skipped_fault"] or whole["entries"] != whole["linted"] + skipped:
        raise Fallen("row", "counts", rows[-1])
    return rows


def entries(found: Iterable[Any]) -> int:
    """How many entries a reader has told of."""
    return sum(not isinstance(one, Problem) for one in found)


def read_har(data: bytes) -> None:
    """Both decoders see the same, in windows of any size, and no entry is lost."""
    window = (1, 7, 64, 4096)[chance(data, 4)]
    found = list(har.read(io.BytesIO(data), path="f"))
    for options in ({"typed_from": 0}, {"typed_from": 0, "window": window}, {"window": window}):
        again = list(har.read(io.BytesIO(data), path="f", **options))  # type: ignore[arg-type]
        if [shown(one) for one in again] != [shown(one) for one in found]:
            raise Fallen("decoders-differ", f"with {', '.join(options)}", f"{found!r:.500} / {again!r:.500}")
    log = _log_of_har(data)
    if log is not None:
        count = len(log["entries"])
        problems = [one for one in found if isinstance(one, Problem)]
        if entries(found) != count:
            raise Fallen("lost" if not problems else "refused", f"{len(problems)} problems",
                         f"{count} entries, {entries(found)} outcomes, {problems}")
        if not problems:
            _as_rows(log, found)
    capture(data, found)


def _as_rows(log: dict[str, Any], found: list[Any]) -> None:
    """Entries are without their HAR what they are in it."""
    creator, browser = (one if isinstance(one, dict) else None for one in (log.get("creator"), log.get("browser")))
    rows = [None if isinstance(one, str) else one for one in log["entries"]]
    told = [shown(one)[1:] for one in read_har_entries(rows, creator=creator, browser=browser)]
    if told != [shown(one)[1:] for one in found]:
        raise Fallen("rows-differ", "without their HAR, entries are something else", f"{found!r:.500} / {told!r:.500}")


def _log_of_har(data: bytes) -> dict[str, Any] | None:
    """What a HAR has by Python's own decoder, with a list of entries; None if it is not plainly a HAR."""
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({key for key, _ in pairs}) < len(pairs):
            raise ValueError("a key stands twice")
        return dict(pairs)

    try:
        document = json.loads(data.decode("utf-8"), parse_constant=_no_number, object_pairs_hook=members)
    except (ValueError, RecursionError):
        return None
    log = document.get("log") if isinstance(document, dict) else None
    return log if isinstance(log, dict) and isinstance(log.get("entries"), list) else None


def read_flows(data: bytes) -> None:
    """As many outcomes as there are frames, if all is in frames."""
    found = capture(data, flows.read(io.BytesIO(data), path="f"))
    at = count = 0
    while frame := re.compile(rb"(\d{1,12}):").match(data, at):
        at = frame.end() + int(frame[1])
        if data[at:at + 1] != b"}":
            return
        at, count = at + 1, count + 1
    if at == len(data) and data[:1].isdigit() and entries(found) != count:
        raise Fallen("lost", "flows", f"{count} frames, {len(found)} outcomes")


def read_cassette(data: bytes) -> None:
    """As many outcomes as there are interactions, if it is JSON; something in any case, if it is not empty of them."""
    found = capture(data, cassettes.read(io.BytesIO(data), path="f"))
    document = _plain_json(data)
    listed = document if isinstance(document, list) else _member(document, "http_interactions")
    if isinstance(listed, list) and _member(document, "interactions") is None and entries(found) != len(listed):
        raise Fallen("lost", "interactions", f"{len(listed)} interactions, {len(found)} outcomes")


def read_newman(data: bytes) -> None:
    """As many outcomes as there are executions, if it is JSON."""
    found = capture(data, newman.read(io.BytesIO(data), path="f"))
    executions = _member(_member(_plain_json(data), "run"), "executions")
    if isinstance(executions, list) and entries(found) != len(executions):
        raise Fallen("lost", "executions", f"{len(executions)} executions, {len(found)} outcomes")


def read_postman(data: bytes) -> None:
    """As many outcomes as there are examples, if it is JSON."""
    found = capture(data, postman.read(io.BytesIO(data), path="f"))
    document = _plain_json(data)
    if isinstance(document, dict) and "requests" not in document and "collection" not in document:
        count = _examples(document.get("item"), 0)
        if entries(found) != count:
            raise Fallen("lost", "examples", f"{count} examples, {len(found)} outcomes")


def read_schemathesis(data: bytes) -> None:
    """An outcome for each line that begins an interaction in YAML."""
    found = capture(data, schemathesis.read(io.BytesIO(data), path="f"))
    if data.startswith(b"command:") and b"\nhttp_interactions:\n- id" in data:
        count = data[data.index(b"\nhttp_interactions:\n- id"):].count(b"\n- ")
        if len(found) != count:
            raise Fallen("lost", "interactions", f"{count} interactions, {len(found)} outcomes")


def read_wiremock(data: bytes) -> None:
    """As many outcomes as there are stubs or requests, if it is JSON."""
    found = capture(data, wiremock.read(io.BytesIO(data), path="f"))
    document = _plain_json(data)
    if isinstance(document, dict) and not {"request", "response"} <= document.keys():
        count = sum(len(value) for key, value in document.items() if key in wiremock.LISTS and isinstance(value, list))
        if entries(found) != count:
            raise Fallen("lost", "stubs", f"{count} stubs, {len(found)} outcomes")


def read_hurl(data: bytes) -> None:
    """As many outcomes as there are calls, if it is JSON."""
    found = capture(data, hurl.read(io.BytesIO(data), path="f"))
    document = _plain_json(data)
    count = 0
    for ran in document if isinstance(document, list) else [document]:
        listed = _member(ran, "entries")
        for entry in listed if isinstance(listed, list) else ():
            calls = _member(entry, "calls")
            count += len(calls) if isinstance(calls, list) else 0
    if document is not None and entries(found) != count:
        raise Fallen("lost", "calls", f"{count} calls, {len(found)} outcomes")


def _plain_json(data: bytes) -> Any:
    """The value of a text without repeated members; None for others."""
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("repeated")
        return dict(pairs)

    try:
        return json.loads(data.decode("utf-8-sig", "surrogateescape"), object_pairs_hook=once)
    except (ValueError, RecursionError):
        return None


def _member(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _examples(items: Any, depth: int) -> int:
    if not isinstance(items, list) or depth > postman.DEEPEST:
        return 0
    lists = [examples for item in items if isinstance(examples := _member(item, "response"), list)]
    return sum(map(len, lists)) + sum(_examples(_member(item, "item"), depth + 1) for item in items)


LINE_OF_ZAP = re.compile(rb"^={3,4} ?\d{1,12} ={10}\r?\n", re.MULTILINE)


def read_proxies(data: bytes) -> None:
    """Files of Burp, ZAP and Charles, by whatever reads them; no entry is lost of a text of ZAP."""
    for module in (burp, zap, zap_xml, zap_json, charles):
        found = capture(data, module.read(io.BytesIO(data), path="f"))
        if module is zap and LINE_OF_ZAP.match(data) and entries(found) != len(LINE_OF_ZAP.findall(data)):
            raise Fallen("lost", "messages", f"{len(found)} outcomes")


def read_saz(data: bytes) -> None:
    """As many outcomes as there are sessions."""
    found = capture(data, saz.read(io.BytesIO(data), path="f"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except Exception:  # whatever a crafted directory makes the module stumble over
        return
    sessions = {int(part[1]) for name in names if (part := re.fullmatch(r"(?i)raw[/\\](\d{1,12})_[csm]\.(?:txt|xml)",
                                                                        name))}
    if len(found) != len(sessions):
        raise Fallen("lost", "sessions", f"{len(sessions)} sessions, {len(found)} outcomes")


def read_traces(data: bytes) -> None:
    """Traces of Playwright: an entry for each event that is one, a problem for each stretch of lines that are none."""
    capture(data, traces.read(io.BytesIO(data), path="f"))


def read_warc(data: bytes) -> None:
    """WARC files, also compressed."""
    capture(data, warc.read(io.BytesIO(data), path="f"))


def read_arc(data: bytes) -> None:
    """ARC files, also compressed."""
    capture(data, arc.read(io.BytesIO(data), path="f"))


def read_wacz(data: bytes) -> None:
    """Web archives in a zip."""
    capture(data, wacz.read(io.BytesIO(data), path="f"))


def read_text(data: bytes) -> None:
    """What clients print, and what people paste."""
    capture(data, curl.read(io.BytesIO(data), path="f"))


def read_octets(data: bytes) -> None:
    """Octets of HTTP/1.x: of a file, and of a connection."""
    capture(data, octets.read(io.BytesIO(data), path="f"))
    capture(data, octets.read(io.BytesIO(data), path="f", wire=True))


def read_file(data: bytes) -> None:
    """A file of any kind, which its first octets tell: it has an outcome in any case, or is an empty capture."""
    capture(data, reading.read(str(file("capture", data))))


# -- fields and rules


def parse_field(data: bytes) -> None:
    """NAME:VALUE; a parser returns a value or is Malformed, and says where."""
    name, _, value = data.decode("latin-1").partition(":")
    names = _with_parser()
    one = table.FIELDS[name.lower() if name.lower() in names else names[chance(name.encode(), len(names))]]
    value = value.strip(" \t")
    try:
        one.parse(value)
    except Malformed as error:
        if not 0 <= error.position <= len(value):
            raise Fallen("place", f"{one.name} is malformed at a place that is not there", error.position) from error
        if not error.expected or not error.expected.isprintable():
            raise Fallen("unprintable", f"what {one.name} expects", ascii(error.expected)) from error
    except Exception as error:
        raise Fallen("parser", f"{one.name}: {type(error).__name__}", error) from error


@cache
def _with_parser() -> tuple[str, ...]:
    return tuple(sorted(name for name, field in table.FIELDS.items() if field.parser))


def lint_exchanges(data: bytes) -> None:
    """The notation of the rules' examples: no rule fails, and what was said of it before changes nothing."""
    text = data.decode("latin-1")
    try:
        exchanges = notation(text)[:MOST]
    except NotationError:
        return
    reports = judged(exchanges)
    if chance(data, 4) == 0:
        again = judged(notation(text)[:MOST])
        if [_said(one) for one in again] != [_said(one) for one in reports]:
            raise Fallen("not-the-same", "when judged twice")
    if chance(data, 16) == 0:
        told(reports, _summary(reports), linter().rules)


def _said(report: Report) -> list[tuple[str, str, str]]:
    return [(finding.rule_id, finding.message, str(finding.location)) for finding in report.findings]


def lint_content(data: bytes) -> None:
    """NUMBER CONTENT: contents of each media type and coding that something is said of."""
    kind, coding = material.CONTENT_KINDS[data[0] % len(material.CONTENT_KINDS)] if data else ("text/plain", "")
    fields = [("Content-Type", kind)] + ([("Content-Encoding", coding)] if coding else [])
    status = 207 if kind == "application/xml" else 206 if kind.startswith("multipart/") else 200
    judged([Exchange(Response(status, headers=fields, content=data[1:]),
                     Request("GET", "https://a.example/a", headers=[("Host", "a.example")]))])


def load_rules(data: bytes) -> None:
    """A rule file is refused with file and line, or judges, traces and is told of."""
    pack = file("rules/pack.toml", data).parent
    try:
        rules = catalogue.load(pack)
    except RuleError as error:
        if not error.path or not 1 <= (error.line or 1) <= data.count(b"\n") + 1:
            raise Fallen("place", "an error of a rule file has no line of it", str(error)) from error
        return
    run_rules(rules, data)


def run_rules(rules: list[Rule], data: bytes) -> None:
    """Rules of strangers: they run, are traced, and nothing else happens."""
    exchanges = material.exchanges()
    armed = Guard()
    with armed:
        reports = list(RuleLinter(rules).lint_all(exchanges))
        for _ in trace(rules, exchanges) if chance(data, 4) == 0 else ():
            pass
    if armed.seen:
        raise Fallen("escape", armed.seen[0])
    for report in reports:
        sound(report)
    if chance(data, 16) == 0:
        told(reports, _summary(reports), rules)


class Guard:
    """Sees what nothing may do that judges exchanges: other programs, sockets, files that change."""

    FORBIDDEN = ("os.", "subprocess.", "socket.", "shutil.", "ctypes.", "pty.", "webbrowser.", "code.")
    now: Guard | None = None

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __enter__(self) -> Guard:
        if not hasattr(Guard, "hooked"):
            Guard.hooked = True  # type: ignore[attr-defined]
            sys.addaudithook(_audited)
        Guard.now = self
        return self

    def __exit__(self, *error: object) -> None:
        Guard.now = None


def _audited(event: str, arguments: tuple[Any, ...]) -> None:
    guard = Guard.now
    if guard is None:
        return
    if event == "open":
        if isinstance(arguments[1], str) and set(arguments[1]) & set("wax+"):
            guard.seen.append(f"open for writing: {arguments[0]!a:.80}")
    elif event.startswith(Guard.FORBIDDEN) and event not in ("os.listdir", "os.scandir"):
        guard.seen.append(event)


def check_expression(data: bytes) -> None:
    """REQUIRE NUL WHEN NUL FOREACH NUL MESSAGE: conditions of a rule are refused or run, and reach nothing else."""
    require, when, loop, message = (data.decode("utf-8", "replace").split("\0") + [""] * 4)[:4]
    source = {"id": "house.rule", "title": "a title", "level": "SHOULD", "spec": "House §1", "require": require,
              "message": message or "a message", "why": "Because.", "fix": "Do it.", "bad": ["< HTTP/1.1 200 OK"],
              "good": ["< HTTP/1.1 200 OK"]}
    source |= {key: text for key, text in (("when", when), ("foreach", loop)) if text}
    try:
        rule = catalogue.make(source)
    except RuleError:
        return
    run_rules([rule], data)


# -- configuration, baseline, result


def load_configuration(data: bytes) -> None:
    """A configuration is refused with its file, or holds for exchanges."""
    shared = data.lstrip().startswith(b"[tool.httplint")
    path = file("pyproject.toml" if shared else "httplint.toml", data)
    try:
        settings = load(path)
        settings.names()
        policy = Policy(settings, Catalogue(linter().rules))
    except ConfigurationError as error:
        if error.line is not None and not 1 <= error.line <= data.count(b"\n") + 1:
            raise Fallen("place", "an error of a configuration has a line that is not there", str(error)) from error
        return
    except SelectionError as error:
        raise Fallen("place", "an error of a configuration without file and line", error) from error
    reports = [policy.apply(report) for report in RuleLinter(policy.rules, settings.names()).lint_all(
        material.exchanges())]
    summary = _summary(reports)
    summary.notes = policy.notes()
    for name in ("text", "json", "markdown", "csv"):
        written(name, reports, summary, policy.rules)


def read_baseline(data: bytes) -> None:
    """A baseline is refused with its file, or holds what its own text says."""
    try:
        known = Baseline.read(file("baseline.json", data))
    except ConfigurationError:
        return
    again = Baseline.read(file("baseline.json", text_of(known.counts).encode()))
    if again.counts != known.counts:
        raise Fallen("not-the-same", "a baseline that was written and read")
    for report in judged(material.exchanges()):
        for finding in report.findings:
            known.suppresses(finding, report)
    known.notes()
    known.merge(json.loads(json.dumps(known.state())))


def read_sitemap(data: bytes) -> None:
    """A sitemap is refused with its name, or names what may be URLs."""
    try:
        for url in sitemap.urls("https://a.example/x.xml", lambda url: data):
            if len(url) > sitemap.LONGEST:
                raise Fallen("too-long", ascii(url[:100]))
    except Unfit as error:
        if ":" not in str(error):
            raise Fallen("no-place", str(error)) from None


def read_description(data: bytes) -> None:
    """A description of an API is refused with its file, or each request of its operations belongs to one of them."""
    try:
        found = Descriptions(describe([str(file("openapi.yaml", data))]))
    except DescriptionError as error:
        if "openapi.yaml" not in str(error):
            raise Fallen("no-file", str(error)) from None
        return
    for sample in islice(samples(str(file("openapi.yaml", data))), 50):
        if not (sample.lacks or (sample.target.isascii() and re.fullmatch(r"[!-~]+", sample.target))):
            raise Fallen("no-target", ascii(sample.target))
    for one in found.operations[:50]:
        template = found.template("http://a.example", Request(one.method, one.path))
        if template is not None and found.operation("http://a.example", one.method, template) is None:
            raise Fallen("no-operation", f"{one.method} {one.path}: {template}")


def read_result(data: bytes) -> None:
    """A result is refused with its file, or told of in all formats; what it is then can be read again."""
    try:
        result = Result(str(file("result.json", data)))
        reports = list(result.reports())
    except ResultError:
        return
    _told_and_read_again(reports, result.summary(), result.rules)


def _told_and_read_again(reports: list[Report], summary: Summary, rules: Iterable[Rule]) -> None:
    told(reports, summary, rules)
    before = reports, summary, rules
    texts: list[Any] = []
    for _ in range(2):
        text = written("json", *before)
        try:
            result = Result(str(file("again.json", text.encode())))
            before = list(result.reports()), result.summary(), result.rules
        except ResultError as error:
            raise Fallen("own-result", re.sub(r"\d+", "…", str(error).rpartition(": ")[2]), error) from error
        texts.append(json.loads(text))
        texts[-1].pop("not_evaluated", None)               # its list, unlike its counts, is for people and not read
    if texts[0] != texts[1]:
        raise Fallen("not-the-same", "a result that was written and read", _difference(texts[0], texts[1]))


def _difference(one: Any, other: Any, place: str = "") -> str:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return next((said for key in one if (said := _difference(one[key], other[key], f"{place}/{key}"))), "")
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return next((said for at, pair in enumerate(zip(one, other, strict=True))
                     if (said := _difference(*pair, f"{place}/{at}"))), "")
    return "" if one == other else f"{place}: {one!a:.200} / {other!a:.200}"


def write_reports(data: bytes) -> None:
    """METHOD NUL URI NUL STATUS NUL REASON NUL PATH NUL CONTENT, NUL and a field line each: in all formats."""
    parts = data.decode("utf-8", "surrogateescape").split("\0")
    method, uri, status, reason, path, content = (parts + [""] * 6)[:6]
    lines = [(name or "x", value) for name, _, value in (part.partition(":") for part in parts[6:20])]
    response = Response(int(status[:3]) if status[:3].isascii() and status[:3].isdigit() else 200, reason=reason,
                        headers=lines, content=content.encode("utf-8", "surrogateescape"), trailers=lines[3:])
    request = Request(method or "GET", uri or "/", headers=[("Host", "a.example"), *lines[:2]])
    reports = judged([Exchange(response, request, source=Source(path, 0, 1, 1))] * 2)
    summary = _summary(reports)
    summary.problem(path, reason, 1, 1)
    summary.skip(Skipped(Source(path, 0), reason, UNREADABLE).reason)
    told(reports, summary, linter().rules, secrets=chance(data, 2) == 0)
    if chance(data, 4) == 0:
        _told_and_read_again(reports, summary, linter().rules)


# -- commands

COMMANDS = tuple(tuple(line.split()) for line in """
check --isolated FILE
check --isolated --octets --output-format concise --profile strict FILE
check --isolated --output-format json --show not-evaluated --statistics FILE
check --isolated --output-format github --severity warning --fail-on never FILE
check --isolated --show-secrets --statistics --color always FILE FILE
check --isolated --rules DIRECTORY --select house SAMPLE
check --config FILE SAMPLE
check --isolated --baseline FILE SAMPLE
explain --isolated --trace FILE 405.allow-missing
explain --isolated --trace FILE content-length
explain --isolated --rules DIRECTORY house
explain --isolated --rules DIRECTORY --trace SAMPLE house
rules list --isolated --rules DIRECTORY
rules test FILE
rules test DIRECTORY
report --from FILE
report --from FILE --output-format markdown --statistics
report --diff FILE FILE
report --diff FILE FILE --output-format json
baseline create --isolated --force --baseline NEW FILE
baseline create --isolated --force --baseline NEW --from FILE
baseline update --isolated --baseline FILE SAMPLE
config show --config FILE
""".strip().splitlines())
"""What is run; FILE is the input, DIRECTORY a rule pack that holds it, SAMPLE a small capture."""


def run_command(data: bytes) -> None:
    """NUMBER INPUT: a command ends as it says, with lines that nothing obeys, and without a fault of ours."""
    command = COMMANDS[data[0] % len(COMMANDS)] if data else COMMANDS[0]
    rules = file("command/rules/pack.toml", data[1:])
    names = {"FILE": str(file("command/input.toml" if "FILE" in command and command[0] == "rules" else "command/input",
                              data[1:])),
             "DIRECTORY": str(rules.parent), "SAMPLE": str(file("command/sample", material.SAMPLES[0].encode())),
             "NEW": str(directory() / "command/new.json")}
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace", newline="") for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = run([names.get(word, word) for word in command])
        except SystemExit as end:
            raise Fallen("usage", " ".join(command), end) from end
        finally:
            gc.unfreeze()
    texts = []
    for stream in (out, err):
        stream.flush()
        texts.append(stream.buffer.getvalue().decode("utf-8"))  # type: ignore[attr-defined]
    if "a fault of httplint" in texts[1]:
        place = re.search(r"\((\S+\.py):\d+;", texts[1])
        raise Fallen("fault", f"{command[0]}: {place and place[1]}", texts[1][:2000])
    if code not in (0, 1, 2, 3):
        raise Fallen("status", f"{command[0]} ends with {code}")
    if code == 2 and not texts[1]:
        raise Fallen("status", f"{command[0]} ends with 2 and does not say why")
    for text in texts:
        _harmless(" ".join(command[:2]), re.sub("\x1b\\[[0-9;]*m", "", text) if "always" in command else text,
                  "github" in command)


def _of_command(data: bytes, chosen: random.Random, change: mutation.Octets, others: Sequence[bytes]) -> bytes:
    number = data[:1] if chosen.random() < 0.9 else bytes((chosen.randrange(len(COMMANDS)),))
    return number + mutation.mutated(mutation.wrapped, data[1:], chosen, change, [other[1:] for other in others[:50]])


def _commands() -> Iterator[bytes]:
    for number, command in enumerate(COMMANDS):
        kind = (material.rule_files if "DIRECTORY" in command or command[:2] == ("rules", "test")
                else material.configurations if "--config" in command
                else material.results if command[0] == "report" or "--from" in command
                else material.baselines if "--baseline" in command and "NEW" not in command else material.files)
        yield from (bytes((number,)) + seed for seed in list(kind())[:12])


# -- secrets

SECRET = "q7Zk93LmVx81RtBn20PsWd4F"
PIECE = 8
"""Characters of it in a row that give it away."""


def mask_secrets(data: bytes) -> None:
    """Exchanges in the notation, each with the secret in a cookie: wherever else it stands, no output has it."""
    try:
        exchanges = notation(data.decode("latin-1"))[:MOST]
    except NotationError:
        return
    reports = judged(map(_with_cookie, exchanges))
    summary = _summary(reports)
    texts = {name: written(name, reports, summary, linter().rules) for name in FORMATS}
    texts["rows"] = json.dumps(archived(map(_with_cookie, exchanges)), default=str, ensure_ascii=False)
    for name, text in texts.items():
        text = text.lower()
        for at in range(len(SECRET) - PIECE + 1):
            if (piece := SECRET[at:at + PIECE].lower()) in text:
                place = text.index(piece)
                raise Fallen("secret", name, ascii(text[max(0, place - 300):place + 50]))


def _with_cookie(old: Exchange) -> Exchange:
    def lines(message: Request | Response, name: str, value: str) -> Fields:
        return Fields((*(message.fields or ()), (name, value)))

    request, response = old.request, old.response
    if request is not None:
        return old.but(request=request.but(fields=lines(request, "Cookie", f"s={SECRET}")))
    return old.but(response=response.but(fields=lines(response, "Set-Cookie", f"s={SECRET}; Path=/")))


WORD = re.compile(rb"[0-9A-Za-z_.~-]{3,}")


def _planted(data: bytes, chosen: random.Random, change: mutation.Octets, others: Sequence[bytes]) -> bytes:
    """An input in which the secret stands for some words."""
    if chosen.random() < 0.5:
        data = mutation.lines(data, chosen, change, others)
    found = list(WORD.finditer(data))
    for word in sorted(chosen.sample(found, min(len(found), chosen.choice((1, 1, 2)))), key=lambda one: -one.start()):
        begin, end = chosen.choice((word.span(), (word.start(),) * 2, (word.end(),) * 2))
        data = data[:begin] + SECRET.encode() + data[end:]
    return data


# -- growth

SMALL, LARGE = 1 << 16, 1 << 18
"""Octets that an input is made to have; and then, if it takes long, another one of the same kind."""
LONG = 0.15
"""CPU seconds of an input of SMALL octets that make one of LARGE interesting."""
STEEP = 9
"""How many times as long the large one may take, which is four times as large: far from linear, whatever the noise."""


def grow(data: bytes) -> None:
    """NAME LF BEGIN MARK PART MARK END: inputs of that harness with ever more of the part in their middle."""
    name, _, rest = data.partition(b"\n")
    harness = HARNESSES.get(name.decode("latin-1"))
    parts = rest.split(mutation.MARK)
    if harness is None or not harness.guided or len(parts) != 3 or not parts[1]:
        return
    begin, part, end = parts

    def seconds(size: int) -> float:
        made = begin + part * ((size - len(begin) - len(end)) // len(part)) + end
        before = time.process_time()
        harness.run(made)
        return time.process_time() - before

    if (short := seconds(SMALL)) > LONG and (long := seconds(LARGE)) > STEEP * short and (
            long > STEEP * seconds(SMALL)):
        raise Fallen("steep", name.decode(), f"{short:.2f} s for {SMALL:,} octets, {long:.2f} s for {LARGE:,}")


def _grown_seeds() -> Iterator[bytes]:
    for name, harness in HARNESSES.items():
        if harness.guided:
            yield from (name.encode() + b"\n" + seed for seed in harness.seeds())


HARNESSES: dict[str, Harness] = {
    "har": Harness(read_har, material.hars, mutation.json_value, 16384),
    "field": Harness(parse_field, material.field_lines, None, 512),
    "lint": Harness(lint_exchanges, material.examples, mutation.lines, 4096),
    "content": Harness(lint_content, material.contents, None, 4096),
    "text": Harness(read_text, material.texts, mutation.lines, 8192),
    "octets": Harness(read_octets, material.octets, mutation.lines, 4096),
    "warc": Harness(read_warc, material.warcs, mutation.records, 8192),
    "arc": Harness(read_arc, material.arcs, mutation.lines, 8192),
    "wacz": Harness(read_wacz, material.waczs, mutation.archive, 8192),
    "traces": Harness(read_traces, material.traces, mutation.archive, 16384),
    "saz": Harness(read_saz, material.sazs, mutation.archive, 8192),
    "schemathesis": Harness(read_schemathesis, material.schemathesis_reports, mutation.lines, 8192),
    "cassettes": Harness(read_cassette, material.cassettes, mutation.lines, 8192),
    "wiremock": Harness(read_wiremock, material.wiremocks, mutation.json_value, 16384),
    "hurl": Harness(read_hurl, material.hurls, mutation.json_value, 16384),
    "newman": Harness(read_newman, material.newmans, mutation.json_value, 16384),
    "postman": Harness(read_postman, material.postmans, mutation.json_value, 8192),
    "proxies": Harness(read_proxies, material.proxies, mutation.lines, 8192),
    "flows": Harness(read_flows, material.flow_files, mutation.flow, 8192),
    "file": Harness(read_file, material.files, mutation.wrapped, 8192),
    "rules": Harness(load_rules, material.rule_files, mutation.lines, 8192),
    "expression": Harness(check_expression, material.conditions, mutation.lines, 1024),
    "configuration": Harness(load_configuration, material.configurations, mutation.lines, 4096),
    "baseline": Harness(read_baseline, material.baselines, mutation.json_value, 4096),
    "description": Harness(read_description, material.descriptions, mutation.lines, 8192),
    "sitemap": Harness(read_sitemap, material.sitemaps, mutation.lines, 4096),
    "result": Harness(read_result, material.results, mutation.json_value, 16384),
    "reports": Harness(write_reports, material.reported, mutation.parts, 4096),
    "command": Harness(run_command, _commands, _of_command, 8192),
    "secrets": Harness(mask_secrets, material.examples, _planted, 4096),
    "growth": Harness(grow, _grown_seeds, mutation.grown, 16384, guided=False),
}
"""Name -> harness."""
