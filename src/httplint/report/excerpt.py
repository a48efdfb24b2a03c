"""The part of an exchange that a finding is about, as people know it from curl, with the place marked."""
from __future__ import annotations

from httplint.engine.report import Finding
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response
from httplint.model.pattern import lazily
from httplint.model.printable import printable, readable
from httplint.report.escape import cut
from httplint.report.masker import Shown

WIDTH = 96
_ORIGIN = lazily(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*(?=[/?#]|\Z)")
MarkedLine = tuple[str, str]
"""(text, marks): the marks are spaces and carets below the text; empty without a mark."""


def excerpt(finding: Finding, shown: Shown) -> list[MarkedLine]:
    """The lines that show what the finding is about: start lines, the field line at fault, the begin of the content."""
    location, exchange = finding.location, shown.exchange
    request, response = exchange.request, _response(finding, exchange)
    lines: list[MarkedLine] = []
    if request is not None:
        lines.append((_clip("> " + _request_line(request, shown)), ""))
        if location.message == "request":
            lines += _field(request, finding, ">", shown)
    status = f"< {_status_line(response, shown)}"
    marked = location.part == "status"
    lines.append((_clip(status), "  " + "^" * min(len(status) - 2, WIDTH - 2) if marked else ""))
    if location.message != "request" and location.part in ("field", "trailer"):
        lines += _field(response, finding, "<" if location.part == "field" else "<<", shown)
    if location.part == "content" and response.content is not None:
        text = shown.content(response)
        begin = printable(text[:60]) or "(no content)"
        lines.append((_clip(f"  {begin}{'…' if len(text) > 60 else ''}"), "  " + "^" * max(1, len(begin))))
    return lines


def _response(finding: Finding, exchange: Exchange) -> Response:
    if finding.location.message == "interim response":
        statuses = finding.rule.statuses
        for interim in exchange.interim:
            if statuses is None or interim.status in statuses:
                return interim
    return exchange.response


def _request_line(request: Request, shown: Shown) -> str:
    """The request line; where the capture has a URI instead of the request target, its path and query."""
    target = request.target
    if not shown.exchange.evidence.knows("target") and (found := _ORIGIN.match(target)):
        target = target[found.end():] or "/"
    return f"{shown.method()} {readable(shown.text(target))} {_version(request.version)}"


def _status_line(response: Response, shown: Shown) -> str:
    return f"{_version(response.version)} {response.status} {readable(shown.reason(response) or '')}".rstrip()


def _version(version: str | None) -> str:
    return f"HTTP/{version or '?'}"


def _field(message: Message, finding: Finding, arrow: str, shown: Shown) -> list[MarkedLine]:
    index, offset = finding.location.index, shown.offset(finding)
    fields = message.trailers if finding.location.part == "trailer" else message.fields
    if fields is None or index is None or index >= len(fields.lines):
        return []
    name, value = fields.lines[index]
    name, value = shown.name(name), shown.value(name, value)
    start = len(arrow) + 1 + len(printable(name[:WIDTH])) + 2
    if offset is None or start > WIDTH - 60:               # a name that leaves no room
        text = _clip(f"{arrow} {name}: {readable(value)}")
        return [(text, " " * (len(arrow) + 1) + "^" * max(1, len(text) - len(arrow) - 1))]
    before, after = (printable(readable(part)) for part in (value[:offset], value[offset:]))
    if start + len(before) > WIDTH - 20:                   # far to the right: show what stands around it
        before = "…" + before[-40:]
    text = _clip(f"{arrow} {printable(name)}: {before}{after}")
    return [(text, " " * (len(f"{arrow} {printable(name)}: ") + len(before)) + "^")]


def _clip(text: str) -> str:
    return cut(printable(text[:4 * WIDTH]), WIDTH)
