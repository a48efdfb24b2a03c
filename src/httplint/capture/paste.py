"""Text as people keep it: recognises captures in it, and takes away what their surroundings added.

A prompt with a command before the output, an indentation, a Markdown fence, times and identifiers that curl puts before
its lines, its progress meter. What `curl --trace` and `wget -S` print, and editors of JetBrains show of responses, is
put into the form of `curl -v`. Each line keeps its number. Texts are handled as octets, a character for each.
"""
from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import dropwhile

from httplint.model.pattern import lazily

__all__ = ["PROMPT", "Line", "decoded", "lines", "recognises"]

Line = tuple[int, str]
"""(number, counted from 1; text without its LF)"""

PROMPT = "* $"
"""Stands for a line on which a command was typed: what was printed before it is complete."""

_BOMS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_PROMPT = lazily(r"(?:[^\s$%#>]{0,80} ?[^\s$%#>]{0,80}[$%#>\u276f]|PS [^>]{0,200}>|\xe2\x9d\xaf) ?"
                 r"(?:curl(?:\.exe)?|https?|xhs?|wget)(?= |\r?\Z)")
_FENCE = lazily(r"\s{0,8}(?:```|~~~)[\w -]{0,40}\r?\Z")
_TIME = lazily(r"\d\d:\d\d:\d\d\.\d{6} (?=[*<>{}=\[])")
_IDS = lazily(r"\[(\d{1,12}-(?:\d{1,12}|x))\] (?=[*<>{}=])")
_METER = lazily(r"\r? {0,3}\d{1,3} {1,6}[\d.]{1,6}[kMGTP]? {1,6}\d{1,3} {1,6}[\d.]{1,6}[kMGTP]?"
                r"(?: {1,6}[\d.]{1,6}[kMGTP]?){4}(?: {1,3}(?:[-\d]{1,3}:[-\d]{2}:[-\d]{2}|[-\dhmsd ]{1,9})){3}"
                r" {1,6}[\d.]{1,6}[kMGTP]?")
_METER_HEAD = lazily(r"\r? {2}% Total {4}% Received|\r? {20,40}Dload {2}Upload|\r? {0,4}% {1,4}Total ")
_TRACE = lazily(r"(?:== Info: |(?:=>|<=) (?:Send|Recv) )")
_TRACED = lazily(r"([0-9a-f]{4,8}): ?(.*)\Z", re.DOTALL)
_HEX = lazily(r"((?:[0-9a-f]{2} ){1,16}) *")
_WGET = lazily(r"--\d{4}-\d\d-\d\d \d\d:\d\d:\d\d--  \S")
_WGET_QUIET = lazily(r"  HTTP/\d\.\d \d{3}\b")
_WGET_DEBUG = lazily(r"(?:Setting --|DEBUG output created by Wget )")
_WGET_SECTION = lazily(r"---(request|response) (begin|end)---\r?\Z")
_OF_EDITOR = lazily(r"(?:[A-Z]{3,9} )?https?://\S{1,4000}\r?\Z")
_SUMMARY = lazily(r"Response code: \d{3}\b[^;]{0,80}; Time: [^;]{1,40}; Content length: ")
_STATUS = lazily(r"HTTP/\d(?:\.\d)? \d{3}\b")
_COLOUR = lazily(r"\x1b\[[0-9;]{0,20}m")
_COLOURED = lazily(r"\x1b\[[0-9;]{0,20}m[!#-'*+.^-z|~0-9A-Z-]{1,80}\x1b\[[0-9;]{0,20}m")
_WGET_LINE = lazily(r"  (?:HTTP/|[!#-'*+.^-z|~0-9A-Z-]{1,80}:)")
_STARTS = lazily(r"[<>*{}] |HTTP/\d[. ]|octets:|[<>]\r?\Z|curl: |Warning: |Note: ")
_REQUEST = lazily(r"[!#-'*+.^-z|~0-9A-Z-]{1,40} \S{1,4000} HTTP/1\.\d\r?\Z")


def decoded(octets: bytes) -> bytes:
    """The octets in UTF-8 if a byte order mark says that they are UTF-16, and without the mark."""
    for mark, coding in _BOMS:
        if octets.startswith(mark):
            return octets[len(mark):].decode(coding, "replace").encode("utf-8", "replace")
    return octets.removeprefix(codecs.BOM_UTF8)


def recognises(octets: bytes) -> bool:
    """Whether a text that begins so is one that `lines` makes the output of a client of."""
    shown = [text for _, text in lines(octets) if text.strip() and text != PROMPT]
    return bool(shown) and (_STARTS.match(shown[0]) is not None or _REQUEST.match(shown[0]) is not None) and not (
        shown[0].startswith("* ") and not any(text.startswith(("> ", "< ", "* ")) for text in shown[1:2] or ["* "]))


def lines(octets: bytes) -> list[Line]:
    """The lines of a text, in the form of what `curl -v` or `curl -i` print."""
    text = decoded(octets).decode("latin-1")
    found = list(enumerate(text.split("\n"), 1))
    found = _uncoloured(found)
    found = _unfenced(found)
    found = _unindented(found)
    found = [(number, PROMPT if _PROMPT.match(line) else line) for number, line in found]
    found = list(_without_meter(found))
    found = [(number, _TIME.sub("", line, count=1)) for number, line in found]
    first = next((line for _, line in found if line.strip() and line != PROMPT), "")
    if _TRACE.match(_IDS.sub("", first)):
        found = list(_of_trace((number, _IDS.sub("", line, count=1)) for number, line in found))
    elif _WGET_DEBUG.match(first):
        found = list(_of_wget_debug(found))
    elif _WGET.match(first) or _WGET_QUIET.match(first):
        found = list(_of_wget(found))
    elif _STATUS.search(text) and (_OF_EDITOR.match(first) or any(_SUMMARY.match(line) for _, line in found)):
        found = list(_of_editor(found))
    return _without_ids(found)


def _of_editor(found: list[Line]) -> Iterator[Line]:
    """The heads that a JetBrains editor shows. Contents stay out: they are laid out anew, or in a file."""
    inside, blank = False, True
    for number, line in found:
        if blank and not inside and _STATUS.match(line):
            yield number, PROMPT
            inside = True
        if inside:
            yield number, f"< {line}"
        blank = not line.strip() or _SUMMARY.match(line) is not None
        inside = inside and not blank


def _uncoloured(found: list[Line]) -> list[Line]:
    """Without the colours of a terminal, where names or the first line have them."""
    first = next((line for _, line in found if line.strip()), "")
    if not _COLOUR.search(first) and not any(_COLOURED.match(line) for _, line in found):
        return found
    return [(number, _COLOUR.sub("", line)) for number, line in found]


def _unfenced(found: list[Line]) -> list[Line]:
    """What stands between fences, if the text has any before anything else that is a capture."""
    fenced = False
    for _, line in found:
        if _FENCE.match(line):
            fenced = True
            break
        if _STARTS.match(line):
            return found
    if not fenced:
        return found
    out: list[Line] = []
    inside = False
    for number, line in found:
        if _FENCE.match(line):
            inside = not inside
            out.append((number, PROMPT))
        elif inside:
            out.append((number, line))
    return out


def _unindented(found: list[Line]) -> list[Line]:
    """Without the whitespace that all lines begin with."""
    indent: str | None = None
    for _, line in found:
        if not line.strip():
            continue
        own = line[:len(line) - len(line.lstrip(" \t"))]
        indent = own if indent is None else indent[:_common(indent, own)]
        if not indent:
            return found
    return [(number, line.removeprefix(indent or "") if line.strip() else "") for number, line in found]


def _common(one: str, other: str) -> int:
    return next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
                min(len(one), len(other)))


def _without_meter(found: list[Line]) -> Iterator[Line]:
    for number, line in found:
        if _METER_HEAD.match(line):
            continue
        rest = line
        if "\r" in line[:-1] or "--:--" in line:
            rest = _METER.sub("", line)
        if rest.strip() or not line.strip():
            yield number, rest


def _without_ids(found: list[Line]) -> list[Line]:
    """Without the identifiers of `--trace-ids`, by which the lines of each transfer are put together."""
    if not any(_IDS.match(line) for _, line in found):
        return found
    transfers: dict[str, list[Line]] = {}
    current = ""
    runs: list[str] = []
    for number, line in found:
        if known := _IDS.match(line):
            current = known[1].partition("-")[0]
            line = line[known.end():]
        if not runs or runs[-1] != current:
            runs.append(current)
        transfers.setdefault(current, []).append((number, line))
    if len(runs) == len(transfers):
        return [line for part in transfers.values() for line in part]
    # content has no identifier: whose it is does not show
    return [line for part in transfers.values() for line in part if line[1].startswith(("* ", "> ", "< ", "{ ", "} "))]


def _of_trace(found: Iterable[Line]) -> Iterator[Line]:
    """`curl --trace` and `--trace-ascii`: header sections in the form of `curl -v`; contents stay out."""
    mark = ""
    text = ""
    at = place = 0
    for number, line in found:
        line = line.rstrip("\r")
        if _TRACE.match(line):
            if text:
                yield at, mark + text
            text, mark, place = "", "", 0
            if line.startswith("== Info: "):
                yield number, "* " + line[len("== Info: "):]
            elif " header, " in line:
                mark = "> " if line.startswith("=>") else "< "
            continue
        traced = _TRACED.match(line)
        if not mark or traced is None:
            if line == PROMPT:
                yield number, line
            continue
        part = traced[2]
        if octets := _HEX.match(part):
            raw = bytes.fromhex(octets[1]).decode("latin-1")
            text, at = (text + raw, at) if text else (raw, number)
            while "\n" in text:
                whole, _, text = text.partition("\n")
                yield at, mark + whole.rstrip("\r")
                at = number
            continue
        if place != int(traced[1], 16) and text:           # a line end was left out between them
            yield at, mark + text
            text = ""
        text, at = (text + part, at) if text else (part, number)
        place = int(traced[1], 16) + len(part)
        if not part:
            yield number, mark
            text = ""
    if text:
        yield at, mark + text


def _of_wget(found: list[Line]) -> Iterator[Line]:
    """`wget -S`: the header sections stand indented behind its own words; with -q, without these."""
    quiet = not any(map(_WGET.match, (line for _, line in found)))
    inside = False
    said = ""
    for place, (number, line) in enumerate(found):
        following = found[place + 1][1] if place + 1 < len(found) else ""
        if _WGET_QUIET.match(line) and (inside or (not following.strip() or _WGET_LINE.match(following) if quiet
                                                   else "HTTP" in said)):
            yield number, PROMPT
            inside = True
            yield number, "< " + line.strip()
        elif inside and _WGET_LINE.match(line):
            yield number, "< " + line.strip()
        elif inside and line.strip():
            inside = False
            yield number, "< "
            yield number, PROMPT
        if line.strip():
            said = "" if line.startswith("  ") else line
    if inside:
        yield found[-1][0], "< "


def _of_wget_debug(found: list[Line]) -> Iterator[Line]:
    """`wget -d`: the header sections stand between marks."""
    mark = ""
    for number, line in found:
        if known := _WGET_SECTION.match(line):
            if known[2] == "end" and mark:
                yield number, mark
            elif known[1] == "request":
                yield number, PROMPT
            mark = "" if known[2] == "end" else "> " if known[1] == "request" else "< "
        elif mark:
            if line.strip():
                yield number, mark + line
        elif _WGET.match(line):
            yield number, "* ALPN: https" if "--  https:" in line else "* Connected to http"


def first_shown(octets: bytes) -> str:
    """The first line that is not empty, for messages."""
    return next(dropwhile(lambda text: not text.strip(), (text for _, text in lines(octets))), "")
