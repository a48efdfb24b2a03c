"""Multipart content (RFC 2046 §5.1.1)."""
from __future__ import annotations

import re

from httplint.grammar.common import TOKEN, past
from httplint.grammar.syntax import Malformed
from httplint.model.fields import OWS, Fields
from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily

_SHOWN = 256


class BodyPart(NamedTuple):
    """A part of a multipart body."""

    fields: Fields
    content: bytes


def byteranges(content: bytes, boundary: str) -> tuple[BodyPart, ...]:
    """The parts of a multipart body (RFC 2046 §5.1.1; RFC 9110 §14.6).

    What stands before the first delimiter line and behind the closing one does not count. Lines may end in CRLF or LF.
    Raises Malformed if a delimiter line or a field line is missing or wrong; its position is one in the content, of
    which its value has the beginning only.
    """
    dashes = re.escape(b"--" + boundary.encode("latin-1", "replace"))
    delimiter = re.compile(rb"(?:\A|\r?\n)" + dashes + rb"(?:(--)|[ \t]*+(?=\r?\n))")
    parts: list[BodyPart] = []
    start: int | None = None
    for match in delimiter.finditer(content):
        if start is not None:
            parts.append(_part(content, start, max(match.start(), start)))
        if match.group(1) is not None:
            if start is None:
                raise _flaw(content, match.start(), "a body part before the closing delimiter")
            return tuple(parts)
        start = content.index(b"\n", match.end()) + 1
    if start is None:
        raise _flaw(content, 0, f"a delimiter line, --{boundary}")
    raise _flaw(content, len(content), f"the closing delimiter, --{boundary}--")


def _flaw(content: bytes, position: int, expected: str, hint: str | None = None) -> Malformed:
    return Malformed(content[:_SHOWN].decode("latin-1"), position, expected, hint)


_blank = lazily(rb"\r?\n\r?\n")
_line = lazily(rb"\r?\n")
_name = lazily(TOKEN)


def _part(content: bytes, start: int, end: int) -> BodyPart:
    """A part from its field lines to its last octet."""
    first = _line.match(content, start, end)
    if first is not None:
        return BodyPart(Fields(), content[first.end():end])
    blank = _blank.search(content, start, end)
    head_end, body = (blank.start(), blank.end()) if blank is not None else (end, end)
    lines: list[tuple[str, list[str]]] = []
    position = start
    while position < head_end:
        match = _line.search(content, position, head_end)
        line_end = match.start() if match is not None else head_end
        line = content[position:line_end].decode("latin-1")
        if line[:1] in (" ", "\t") and lines:
            lines[-1][1].append(line.strip(OWS))
        else:
            length = past(_name, line)
            if not length or line[length:length + 1] != ":":
                raise _flaw(content, position + length, "a field name and a colon", "no field line, no empty line")
            lines.append((line[:length], [line[length + 1:].strip(OWS)]))
        position = match.end() if match is not None else head_end
    return BodyPart(Fields(tuple([(name, " ".join(values)) for name, values in lines])), content[body:end])
