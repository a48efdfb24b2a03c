"""The part of an exchange that a finding is about, as people know it from curl, with the place marked."""
from __future__ import annotations

from httplint.engine.report import Finding
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response
from httplint.model.pattern import lazily
from httplint.model.printable import printable, readable
from httplint.report.escape import clipped, cut
from httplint.report.masker import Shown

WIDTH = 96
"""Characters of a line, where there is no terminal that tells."""
LEAST, LONGEST = 40, 160
"""Of a terminal's, however narrow or wide it is."""
MARGIN = 5
"""What stands before the lines of an excerpt."""
_ORIGIN = lazily(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*(?=[/?#]|\Z)")
MarkedLine = tuple[str, str]
"""(text, marks): the marks are spaces and carets below the text; empty without a mark."""


def excerpt(finding: Finding, shown: Shown, columns: int | None = None) -> list[MarkedLine]:
    """The lines that show what the finding is about: start line, the field line at fault, the begin of the content.

    The request line stands there only if the request is at fault. `columns`: those of the terminal, by which lines are
    clipped.
    """
    width = WIDTH if columns is None else min(max(columns - MARGIN, LEAST), LONGEST)
    location, exchange = finding.location, shown.exchange
    request, response = exchange.request, _response(finding, exchange)
    lines: list[MarkedLine] = []
    if request is not None and location.message == "request":
        lines = [(_clip("> " + _request_line(request, shown), width), ""), *_field(request, finding, ">", shown, width)]
    status = _clip(f"< {_status_line(response, shown)}", width)
    marked = location.part == "status"
    lines.append((status, "  " + "^" * (len(status) - 2) if marked else ""))
    if location.message != "request" and location.part in ("field", "trailer"):
        lines += _field(response, finding, "<" if location.part == "field" else "<<", shown, width)
    if location.part == "content" and response.content is not None:
        text = shown.content(response)
        most = min(60, width - 5)
        begin = printable(text[:most]) or "(no content)"
        lines.append((_clip(f"  {begin}{'…' if len(text) > most else ''}", width),
                      "  " + "^" * min(len(begin), width - 2)))
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
    return f"{shown.method()} {readable(shown.text(target))} {_version(request)}"


def _status_line(response: Response, shown: Shown) -> str:
    return f"{_version(response)} {response.status} {readable(shown.reason(response) or '')}".rstrip()


def _version(message: Message) -> str:
    """As the status line has it; what the capture says, though it is no proof, is better than nothing."""
    if message.version is None and message.claimed:
        return clipped(message.claimed, 20)
    return f"HTTP/{message.version or '?'}"


def _field(message: Message, finding: Finding, arrow: str, shown: Shown, width: int) -> list[MarkedLine]:
    index, offset = finding.location.index, shown.offset(finding)
    fields = message.trailers if finding.location.part == "trailer" else message.fields
    if fields is None or index is None or index >= len(fields.lines):
        return []
    name, value = fields.lines[index]
    name, value = shown.name(name), shown.value(name, value)
    start = len(arrow) + 1 + len(printable(name[:width])) + 2
    if offset is None or start > width * 3 // 8:           # a name that leaves no room
        text = _clip(f"{arrow} {name}: {readable(value)}", width)
        return [(text, " " * (len(arrow) + 1) + "^" * max(1, len(text) - len(arrow) - 1))]
    before, after = (printable(readable(part)) for part in (value[:offset], value[offset:]))
    if start + len(before) > width - 20:                   # far to the right: show what stands around it
        before = "…" + before[-max(1, min(40, width - start - 20)):]
    text = _clip(f"{arrow} {printable(name)}: {before}{after}", width)
    return [(text, " " * (len(f"{arrow} {printable(name)}: ") + len(before)) + "^")]


def _clip(text: str, width: int) -> str:
    return cut(printable(text[:4 * width]), width)
