"""Reports of Schemathesis that hold what it asked and what came back: `--report vcr` (YAML) and `--report ndjson`.

(Its HAR is a row of `har_quirks`.) It asks through requests, and keeps of a response what requests and urllib3 make of
it: each field line, names in lower case since version 4; the content without its content codings, in the VCR report as
a text unless it was told to keep octets, and no more than a megabyte of it; of a stream of events, the first ones. In
a request, what http.client adds is missing. The NDJSON report leaves out Date, the version, and request fields that it
thinks are always the same. Values of fields that may be secret are replaced, by names that have "auth" or "key" in
them, for example, so that WWW-Authenticate goes, too.

An application in the same process gives its responses without a server, and the report looks the same. The program
of version 4 does so never, that of version 3 with `--app`, and within pytest nobody knows: there, a response without
Date has not met a server. A version that is written otherwise is that of httpx, which joins lines.

The VCR report is read one interaction at a time, as Schemathesis writes one line after the other and version 3 does so
without care for quotes: what is broken in one says nothing of the next.
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from httplint.capture import clock, files
from httplint.capture.files import Progress
from httplint.capture.har_quirks import ADDED_BY_HTTP_CLIENT
from httplint.capture.held import Held, lines_of, octet_text, text_octets, unpacked, weigh, without_server
from httplint.capture.lines import lines
from httplint.capture.outcome import NO_RESPONSE, UNREADABLE, Outcome, Problem, Skipped
from httplint.capture.redaction import redacted
from httplint.model import yaml
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Request
from httplint.model.named import NamedTuple
from httplint.model.nesting import shallow

LIMIT = 64 << 20
"""The most that is read of an interaction of the VCR report, or of a line of the other, in octets."""
VALUES = 100_000
"""How many values an interaction may hold in YAML: field lines, checks and the like."""

OMITTED = frozenset({"accept", "x-schemathesis-testcaseid"})
"""Request fields that the NDJSON report leaves out, besides those that http.client adds."""
LIST = b"http_interactions:"
HEAD, HEAD_LINE = 20, 1 << 16
"""How many lines before the interactions are looked at, and how much of each."""

_ITEM = re.compile(rb" {0,40}- ")
_KEY = re.compile(rb"[a-z_]{1,40}:")
"""What stands beside the list of interactions."""
_ASKED_SERVER = re.compile(rb"^command: *['\"]?(?:st|python -m schemathesis) (?!.*--app\b)", re.MULTILINE)
_USERINFO = re.compile(r"(?<=//)[^/?#]*@")
_STATUS = re.compile(r"[1-9][0-9]{2}")


def read(source: str | BinaryIO, *, path: str, progress: Progress | None = None) -> Iterator[Outcome]:
    """One outcome for each interaction, in order, in bounded memory."""
    for document in files.documents(source, path, progress):
        found = lines(document.stream, LIMIT)
        first = next(found, None) or b""
        yield from (_events if first.lstrip(b"\xef\xbb\xbf \t").startswith(b"{") else _cassette)(
            _again(first, found), document.path)


def _again(first: bytes, others: Iterator[bytes | None]) -> Iterator[bytes | None]:
    yield first
    yield from others


# -- the VCR report


class _Piece(NamedTuple):
    """The lines of one interaction; None for more than is read. `line`: the number of the first."""

    line: int
    octets: bytes | None


class _Pieces:
    """Takes the lines of a report, and gives them as interactions. `head`: some of the lines before the first one."""

    def __init__(self) -> None:
        self.head: list[bytes] = []
        self._mark = b""
        """How an interaction begins, once that is known."""
        self._begun = 0
        self._size = 0
        self._kept: list[bytes] = []

    def take(self, number: int, line: bytes | None) -> _Piece | None:
        """The interaction that has ended with the line before this one; `line` is None if it is too long."""
        text = line or b""
        if not self._mark:
            if self.head and self.head[-1].rstrip() == LIST and (item := _ITEM.match(text)):
                self._mark = item[0]
            else:
                self.head = [*self.head[-HEAD:], text[:HEAD_LINE]]
        ended = None
        if self._mark and (text.startswith(self._mark) or _KEY.match(text)):
            ended = self.end()
            self._begun = number if text.startswith(self._mark) else 0
        if self._begun:
            self._add(line)
        return ended

    def _add(self, line: bytes | None) -> None:
        self._size += LIMIT + 1 if line is None else len(line) + 1
        if line is not None and self._size <= LIMIT:
            self._kept.append(line)
        else:
            self._kept.clear()

    def end(self) -> _Piece | None:
        """The interaction that has ended, if one has begun."""
        ended = _Piece(self._begun, b"\n".join(self._kept) if self._size <= LIMIT else None) if self._begun else None
        self._begun, self._size, self._kept = 0, 0, []
        return ended


def _pieces(found: Iterable[bytes | None], pieces: _Pieces) -> Iterator[_Piece]:
    for number, line in enumerate(found, 1):
        if piece := pieces.take(number, line):
            yield piece
    if piece := pieces.end():
        yield piece


def _cassette(found: Iterable[bytes | None], path: str) -> Iterator[Outcome]:
    pieces, entry = _Pieces(), -1
    for entry, piece in enumerate(_pieces(found, pieces)):
        try:
            yield _of_cassette(piece, b"\n".join(pieces.head), Source(path, entry, piece.line, 1))
        except ImportError:
            yield Problem(path, None, None, f"{yaml.needed('cassettes')}; or write the report ndjson")
            return
        except yaml.YamlError as error:
            yield Problem(path, piece.line + (error.line or 1) - 1, error.column or 1,
                          f"{error.why}; this interaction is not read, the next one is")
    if entry < 0 and pieces.head[-1].strip() not in (LIST, LIST + b" []", b""):
        yield Problem(path, None, None, "no interaction stands below http_interactions")


def _of_cassette(piece: _Piece, head: bytes, source: Source) -> Exchange | Skipped:
    """Raises YamlError and ImportError."""
    if piece.octets is None:
        return Skipped(source, f"the interaction has more than {LIMIT >> 20} MiB", UNREADABLE)
    root = yaml.data(piece.octets, VALUES)
    one = root[0] if isinstance(root, list) and root else None
    if not isinstance(one, dict) or not isinstance(one.get("request"), dict):
        return Skipped(source, "the interaction has no request", UNREADABLE)
    if not isinstance(answer := one.get("response"), dict):
        return Skipped(source, "no response was captured", NO_RESPONSE)
    asked, told = one["request"], answer.get("status")
    elapsed = _seconds(answer.get("elapsed", one.get("elapsed")))
    held = _held(asked, answer, told.get("code") if isinstance(told, dict) else None)
    if held is None:
        return Skipped(source, "the interaction has no status code", UNREADABLE)
    held.version = answer.get("http_version") if answer.get("http_version") in ("1.0", "1.1") else None
    phrase = told.get("message") if isinstance(told, dict) else None
    held.reason = octet_text(phrase) if held.version and isinstance(phrase, str) else None
    if held.request is not None:
        held.request.content = _content(asked.get("body"))
    held.body = None if "truncated_from" in answer else _content(answer.get("body"))
    if held.version is None or (not _ASKED_SERVER.search(head) and not any(
            name.lower() == "date" for name, _ in held.fields or ())):
        without_server(held)
    if held.version is None and isinstance(answer.get("http_version"), str):
        held.fields = [line for line in held.fields or () if line[0].lower() != "set-cookie"]
        held.unknown += ("lines",)
        held.response_gaps |= {"set-cookie"}
    return _weighed(held, clock.seconds(one.get("recorded_at")), elapsed, source)


def _content(body: object) -> bytes | None:
    """The octets of a body as the VCR report has them; where there is none, there were none."""
    if body is None:
        return b""
    if not isinstance(body, dict):
        return None
    if isinstance(packed := body.get("base64_string"), str):
        return unpacked(packed)
    text, charset = body.get("string"), body.get("encoding")
    return text_octets(text, charset) if isinstance(text, str) and isinstance(charset, str) else None


# -- the NDJSON report


def _events(found: Iterable[bytes | None], path: str) -> Iterator[Outcome]:
    entry = 0
    for number, line in enumerate(found, 1):
        if line is None:
            yield Problem(path, number, 1, f"more than {LIMIT >> 20} MiB in this line, which is not read; the next one "
                                           "is. Write the report vcr, which has lines for each interaction")
            continue
        if not line.strip():
            continue
        try:
            event = json.loads(shallow(line))
        except (ValueError, RecursionError) as error:
            why = "is nested too deeply" if isinstance(error, RecursionError) else "is no JSON"
            yield Problem(path, number, 1, f"this line {why}; the next one is read")
            continue
        for kind, name, one in _interactions(event):
            pointer = f"/{kind}/recorder/interactions/{name}"
            yield _of_event(one, Source(path, entry, number, 1, pointer))
            entry += 1


def _interactions(event: Any) -> Iterator[tuple[str, str, Any]]:
    """The interactions of an event: its name, that of a test case, and what passed."""
    for kind, what in event.items() if isinstance(event, dict) else ():
        recorder = what.get("recorder") if isinstance(what, dict) else None
        found = recorder.get("interactions") if isinstance(recorder, dict) else None
        for name, one in found.items() if isinstance(found, dict) else ():
            yield kind, name, one


def _of_event(one: Any, source: Source) -> Exchange | Skipped:
    if not isinstance(one, dict) or not isinstance(one.get("request"), dict):
        return Skipped(source, "the interaction has no request", UNREADABLE)
    if not isinstance(answer := one.get("response"), dict):
        return Skipped(source, "no response was captured", NO_RESPONSE)
    asked = one["request"]
    held = _held(asked, answer, answer.get("status_code"))
    if held is None:
        return Skipped(source, "the interaction has no status code", UNREADABLE)
    held.response_gaps |= {"date"}
    held.request_gaps |= OMITTED
    if held.request is not None:
        held.request.content = _octets(asked.get("body", {"$base64": ""}))
    held.body = None if "content_size" in answer else _octets(answer.get("content"))
    ended = one.get("timestamp")
    return _weighed(held, clock.moment(ended * 1000) if isinstance(ended, float) else None,
                    _seconds(answer.get("elapsed")), source)


def _octets(content: object) -> bytes | None:
    return unpacked(content.get("$base64")) if isinstance(content, dict) else None


# -- both


def _held(asked: dict[str, Any], answer: dict[str, Any], code: object) -> Held | None:
    """Request and response but for contents and version; None without a status code."""
    status = str(code)
    if not _STATUS.fullmatch(status):
        return None
    fields, gaps = lines_of(answer.get("headers"), redacted)
    held = Held(int(status), fields, response_gaps=gaps, unknown=("name_case",))
    method, uri = asked.get("method"), asked.get("uri")
    if isinstance(method, str) and isinstance(uri, str) and uri.startswith(("http://", "https://")):
        asked_fields, asked_gaps = lines_of(asked.get("headers"), redacted)
        held.request = Request(method, octet_text(_USERINFO.sub("", uri)), "1.1", asked_fields)
        held.request_gaps = ADDED_BY_HTTP_CLIENT | asked_gaps
    return held


def _seconds(text: object) -> float | None:
    """How long the head of the response took."""
    try:
        found = float(text) if isinstance(text, (str, float, int)) else -1.0
    except ValueError:
        return None
    return found if 0 <= found < 1e6 else None


def _weighed(held: Held, ended: float | None, elapsed: float | None, source: Source) -> Exchange | Skipped:
    if 100 <= held.status < 200 and held.status != 101:
        return Skipped(source, "http.client took an interim response for the final one", NO_RESPONSE)
    kinds = [value for name, value in held.fields or () if name.lower() == "content-type"]
    if any("event-stream" in kind.lower() for kind in kinds):
        held.body = None                                   # the first events only
    return weigh(held, None if ended is None else ended - (elapsed or 0), source)
