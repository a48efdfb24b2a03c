"""Messages that a proxy put into the form of HTTP/1.x for people: those of HTTP/2, too, and texts.

The head is put together from what the proxy has parsed. A message of HTTP/2 has the version in its first line, and the
form of HTTP/1.x else. A message that was kept as text, and not as octets, may have lost the line ends and the charset
of its content, and more: its content is what was sent only if it is ASCII without content coding, and as long as
Content-Length says.
"""
from __future__ import annotations

import re

from httplint.capture import http1
from httplint.capture.outcome import Skipped
from httplint.model.evidence import bits
from httplint.model.exchange import Exchange, Source
from httplint.model.message import Message

LACKS = bits("wire", "interim", "trailers", "target")
CONTENT = ("content", "octets", "size")
CODINGS = frozenset({"content-encoding", "transfer-encoding"})
"""Fields of codings that proxies decode."""
LATER = ("reason", "name_case", "wire")
"""What HTTP/2 and HTTP/3 do not have, or have otherwise."""

_STATUS_LINE = re.compile(rb"HTTP/([23])(?:\.0)?(?= )")
_REQUEST_LINE = re.compile(rb"(?<= HTTP/)([23])(?:\.0)?(?=\r?\n)")
_HEAD = re.compile(rb"\r?\n\r?\n")
_LINE_END = re.compile(rb"\r?\n")
_FIRST_LINE = 1 << 16
"""Octets in which the first line of a request is looked for."""


def exchange(response: bytes, request: bytes, place: Source, *, text: bool, scheme: str = "",
             started: float | None = None, lacks: int = 0,
             response_gaps: frozenset[str] = frozenset()) -> Exchange | Skipped:
    """The exchange of these messages. `request` is empty if it was not kept, `text`: whether both were kept as text.

    `scheme`, `started`, `lacks` and `response_gaps` are those of `http1.exchange`.
    """
    if text:
        response, request = with_line_ends(response), with_line_ends(request)
    response, version = _first_form(response, _STATUS_LINE, len(b"HTTP/2.0 "))
    request, request_version = _first_form(request, _REQUEST_LINE, _FIRST_LINE)
    made = http1.exchange(response, request, place, trust=http1.ARCHIVE, scheme=scheme, started=started,
                          lacks=lacks | LACKS, response_gaps=response_gaps)
    if isinstance(made, Skipped):
        return made
    if version:
        made.response.version, made.response.irregularities = version, ()
        made.evidence = made.evidence.without(*LATER)
    if request_version and made.request:
        made.request.version, made.request.irregularities = request_version, ()
    if text and not _is_as_sent(made.response):
        made.evidence = made.evidence.without(*CONTENT)
    if text and made.request and made.request.content and not _is_as_sent(made.request):
        made.evidence = made.evidence.without("request_content")
    return made


def with_line_ends(message: bytes) -> bytes:
    """A message whose head has lines that end with CRLF, whatever they ended with."""
    found = _HEAD.search(message)
    if found is None:
        return message
    return _LINE_END.sub(b"\r\n", message[:found.start()]) + b"\r\n\r\n" + message[found.end():]


def _first_form(message: bytes, line: re.Pattern[bytes], within: int) -> tuple[bytes, str]:
    """The message with the version 1.1 in place of a later one, and the later one."""
    found = line.search(message, 0, within) if line is _REQUEST_LINE else line.match(message)
    if found is None or b"\n" in message[:found.start()]:
        return message, ""
    digits = found.start(1)
    return message[:digits] + b"1.1" + message[found.end():], found[1].decode("ascii")


def _is_as_sent(message: Message) -> bool:
    """Whether a content that was kept as text is as it was sent."""
    return (message.content is not None and message.content.isascii() and message.fields is not None
            and "content-length" in message.fields and "content-encoding" not in message.fields)
