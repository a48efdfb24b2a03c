"""The part of an exchange that a finding is about, as people know it from curl, with the place marked."""
from __future__ import annotations

import re

from httplint.engine.report import Finding
from httplint.model.exchange import Exchange
from httplint.model.message import Message, Request, Response
from httplint.model.printable import printable, readable
from httplint.report.escape import masked, masked_content, masked_uri
from httplint.report.record import content_text

WIDTH = 96
_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*(?=[/?#]|\Z)")
Line = tuple[str, str]
"""(text, marks): the marks are spaces and carets below the text; empty without a mark."""


def excerpt(finding: Finding, exchange: Exchange, show_secrets: bool = False) -> list[Line]:
    """The lines that show what the finding is about: start lines, the field line at fault, the begin of the content."""
    location = finding.location
    request, response = exchange.request, _response(finding, exchange)
    lines: list[Line] = []
    if request is not None:
        lines.append((_clip("> " + _request_line(request, exchange, show_secrets)), ""))
        if location.message == "request":
            lines += _field(request, finding, ">", show_secrets)
    status = f"< {_status_line(response)}"
    marked = location.part == "status"
    lines.append((_clip(status), "  " + "^" * min(len(status) - 2, WIDTH - 2) if marked else ""))
    if location.message != "request" and location.part in ("field", "trailer"):
        lines += _field(response, finding, "<" if location.part == "field" else "<<", show_secrets)
    if location.part == "content" and response.content is not None:
        text = content_text(response.content)
        text = text if show_secrets else masked_content(text)
        shown = printable(text[:60]) or "(no content)"
        lines.append((_clip(f"  {shown}{'…' if len(text) > 60 else ''}"), "  " + "^" * max(1, len(shown))))
    return lines


def _response(finding: Finding, exchange: Exchange) -> Response:
    if finding.location.message == "interim response":
        statuses = finding.rule.statuses
        for interim in exchange.interim:
            if statuses is None or interim.status in statuses:
                return interim
    return exchange.response


def _request_line(request: Request, exchange: Exchange, show_secrets: bool) -> str:
    """The request line; where the capture has a URI instead of the request target, its path and query."""
    target = request.target
    if not exchange.evidence.knows("target") and (found := _ORIGIN.match(target)):
        target = target[found.end():] or "/"
    target = target if show_secrets else masked_uri(target)
    return f"{request.method} {readable(target)} {_version(request.version)}"


def _status_line(response: Response) -> str:
    return f"{_version(response.version)} {response.status} {readable(response.reason or '')}".rstrip()


def _version(version: str | None) -> str:
    return f"HTTP/{version or '?'}"


def _field(message: Message, finding: Finding, arrow: str, show_secrets: bool) -> list[Line]:
    index, offset = finding.location.index, finding.location.offset
    fields = message.trailers if finding.location.part == "trailer" else message.fields
    if fields is None or index is None or index >= len(fields.lines):
        return []
    name, value = fields.lines[index]
    shown = value if show_secrets else masked(name, value)
    if shown != value:
        offset = None
    start = len(arrow) + 1 + len(printable(name[:WIDTH])) + 2
    if offset is None or start > WIDTH - 60:               # a name that leaves no room
        text = _clip(f"{arrow} {name}: {readable(shown)}")
        return [(text, " " * (len(arrow) + 1) + "^" * max(1, len(text) - len(arrow) - 1))]
    before, after = (printable(readable(part)) for part in (shown[:offset], shown[offset:]))
    if start + len(before) > WIDTH - 20:                   # far to the right: show what stands around it
        before = "…" + before[-40:]
    text = _clip(f"{arrow} {printable(name)}: {before}{after}")
    return [(text, " " * (len(f"{arrow} {printable(name)}: ") + len(before)) + "^")]


def _clip(text: str) -> str:
    text = printable(text[:4 * WIDTH])
    return text if len(text) <= WIDTH else text[:WIDTH - 1] + "…"
