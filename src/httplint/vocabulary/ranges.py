"""What a request for ranges allows a response to contain, and what a 206 contains (RFC 9110 §14, §15.3.7).

What was asked for and what was sent are compared as positions in the representation, so that its length has to be
known for the last octets of it. A server may send less than was asked for, in other pieces: a part is at fault where it
has octets that nobody asked for, and not because it is another one. Only units of bytes are judged.
"""
from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from httplint.grammar import content, table
from httplint.grammar.rfc9110 import ContentRange, EntityTag, IfRange, MediaType, Ranges
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import given, parsed
from httplint.model.evidence import NotApplicable, NotEvaluated
from httplint.model.message import Request, Response
from httplint.model.named import NamedTuple
from httplint.vocabulary import function

OVERHEAD = 200
"""Ranges with gaps of up to so many octets may be sent as one (RFC 9110 §15.3.7.2).

The gap has to be smaller than what another part costs: about 80 octets, says the specification. A boundary of 70
characters and a long media type make it more than twice as much.
"""

MANY = 1000
"""More ranges than that, requested or sent, are not looked at."""

OTHERS = ("Content-Type", "Content-Encoding", "Content-Language", "Last-Modified")
"""The fields about the representation that a 206 to If-Range need not repeat (RFC 9110 §15.3.7)."""


# What was asked for


@function("pair", absent=("request.range",), reads=("request.*?",))
def asks_for_ranges(request: Request) -> bool:
    """Whether the request has a Range field, or one of an extension such as X-MS-Range (RFC 9110 §14.2)."""
    named = [name for name in request.fields.index if "range" in name] if request.fields is not None else ()
    return any(name == "range" or ("range" in name.split("-") and name not in ("if-range", "content-range"))
               for name in named)


@function("pair")
def asks_for_several(ranges: Ranges) -> bool:
    """Whether a Range field has more than one range, so that a multipart answer is understood (RFC 9110 §15.3.7.2)."""
    return len(ranges.specs) > 1


@function("pair")
def same_unit(ranges: Ranges, sent: ContentRange) -> bool:
    """Whether the range that was sent is of the unit that was asked for (RFC 9110 §14.1)."""
    return ranges.unit == sent.unit


@function("pair")
def asked_for(ranges: Ranges, sent: ContentRange) -> bool:
    """Whether a range of bytes lies within those that were asked for (RFC 9110 §14.2, §15.3.7.2).

    It may be shorter, since a server may leave a part of the data for a later request. It may span several of the
    requested ranges if they overlap or nearly touch (see OVERHEAD), in whatever order they were asked for. Ranges
    beyond the end of the representation do not count. Not judged: units other than bytes, invalid ranges.
    """
    if sent.first is None or sent.last is None or not sent.valid:
        raise NotApplicable("a range of bytes")
    end = None
    for first, last in sorted(wanted for wanted in _wanted(ranges, sent.complete) if wanted is not None):
        if end is None or first > end + 1 + OVERHEAD:
            start = first                                  # a new one; the others are joined to the one before
        end = last if end is None else max(end, last)
        if start <= sent.first and sent.last <= end:
            return True
    return False


@function("pair")
def has_some_of(ranges: Ranges, sent: ContentRange) -> bool:
    """Whether a range of bytes has at least one octet that was asked for (RFC 9110 §14.2, §15.3.7).

    Not judged: other units, invalid ranges.
    """
    if sent.first is None or sent.last is None or not sent.valid:
        raise NotApplicable("a range of bytes")
    return any(wanted is not None and wanted[0] <= sent.last and sent.first <= wanted[1]
               for wanted in _wanted(ranges, sent.complete))


@function("pair")
def asks_for_a_part(ranges: Ranges, length: int) -> bool:
    """Whether a Range field asks, validly, for one range of bytes that is less than all octets of a representation
    (RFC 9110 §14.2).

    Sets of ranges are left out: a server may refuse those that look wasteful (RFC 9110 §14.2).
    """
    if ranges.unit != "bytes" or len(ranges.specs) != 1 or not ranges.valid:
        return False
    wanted = _wanted(ranges, length)[0]
    return wanted is not None and wanted != (0, length - 1)


@function("pair")
def unsatisfiable(ranges: Ranges, length: int) -> bool:
    """Whether no range of a valid Range field has an octet of a representation of that length (RFC 9110 §14.1.2).

    Never so for a representation without octets, whose ranges a server may ignore (§14.2).
    """
    if ranges.unit != "bytes" or not ranges.valid or length == 0:
        return False
    return all(wanted is None for wanted in _wanted(ranges, length))


def _wanted(ranges: Ranges, complete: int | None) -> list[tuple[int, int] | None]:
    """First and last position of each requested range of bytes (RFC 9110 §14.1.2); None for an unsatisfiable one.

    Without a complete length, ranges to the end reach as far as anything. Raises NotApplicable for other units,
    NotEvaluated for invalid ranges and for suffixes of an unknown length.
    """
    if ranges.unit != "bytes":
        raise NotApplicable("ranges of bytes")
    if not ranges.valid:
        raise NotEvaluated("the request asks for invalid ranges")
    if len(ranges.specs) > MANY:
        raise NotEvaluated(f"the request asks for more than {MANY:,} ranges")
    wanted: list[tuple[int, int] | None] = []
    for spec in ranges.specs:
        if spec.suffix:
            if complete is None:
                raise NotEvaluated("the request asks for the last octets of a representation of unknown length")
            assert spec.last is not None
            first, last = max(complete - spec.last, 0), complete - 1
        else:
            assert spec.first is not None
            first = spec.first
            last = _ENDLESS if spec.last is None else spec.last
            last = last if complete is None else min(last, complete - 1)
        wanted.append((first, last) if first <= last else None)
    return wanted


_ENDLESS = 10 ** 1001
"""Larger than any position that the grammar reads."""


@function("pair", reads=("request.if-range", "response.etag", "response.last-modified"))
def if_range_holds(request: Request, response: Response) -> bool:
    """Whether the If-Range of a request is true of the representation that the response is about (RFC 9110 §13.1.5).

    Tags are compared strongly, so a weak one never holds; a date has to be that of Last-Modified. Whether that date is
    a strong validator, only the server can tell.
    """
    condition = given(request, "if-range")
    if not isinstance(condition, IfRange):
        raise NotApplicable("if-range")
    if condition.tag is not None:
        if condition.tag.weak:
            return False
        tag = given(response, "etag")
        if tag is None:
            raise NotEvaluated("the response has no ETag to compare If-Range with")
        return tag == condition.tag
    date = given(response, "last-modified")
    if date is None:
        raise NotEvaluated("the response has no Last-Modified to compare If-Range with")
    return date == condition.date


# What was sent


@function(absent=("response.content-type",), reads=("response.content-type",))
def in_parts(response: Response) -> bool:
    """Whether the media type is multipart/byteranges, be its parameters readable or not (RFC 9110 §14.6)."""
    values = response.fields.values("content-type") if response.fields is not None else []
    return any(value.partition(";")[0].strip(" \t").lower() == "multipart/byteranges" for value in values)


@function()
def range_length(sent: ContentRange) -> int:
    """The number of octets in a valid range of bytes; there is none in other units (RFC 9110 §14.4)."""
    if sent.length is None or not sent.valid:
        raise NotApplicable("a valid range of bytes")
    return sent.length


@function(absent=("response.content-length",),
          reads=("response:status", "response.content-range", "response.content-length"))
def partial_without_206(response: Response) -> bool:
    """Whether a 200 is but a range: as long as its Content-Range says, and shorter than the whole (RFC 9110 §14.4)."""
    try:
        sent = given(response, "content-range")
        length = given(response, "content-length")
    except NotEvaluated:
        return False
    return (response.status == 200 and isinstance(sent, ContentRange) and isinstance(length, int)
            and sent.complete is not None and sent.length == length < sent.complete)


class RangedPart(NamedTuple):
    """A part of multipart/byteranges whose Content-Range is a valid range of bytes."""

    number: int
    """Its place among all parts, from 1."""
    range: ContentRange
    size: int
    """How many octets it has."""


@function("content", "octets", reads=("response.content-type", "response:content"))
def byteranges(response: Response) -> tuple[content.BodyPart, ...]:
    """The parts of multipart/byteranges content (RFC 9110 §14.6).

    Not evaluated where it cannot be taken apart.
    """
    found = _parts(response)
    if isinstance(found, str):
        raise NotEvaluated("the multipart content cannot be taken apart")
    return found


@function("content", "octets", absent=("response.content-encoding",),
          reads=("response.content-type", "response:content"))
def byteranges_flaw(response: Response) -> str | None:
    """What is wrong with multipart/byteranges content, in plain words; None if nothing is (RFC 2046 §5.1.1).

    Content with a coding is not judged if it cannot be taken apart: it may have been coded as a whole.
    """
    found = _parts(response)
    if not isinstance(found, str):
        return None
    if response.fields is not None and "content-encoding" in response.fields.index:
        raise NotEvaluated("the multipart content may have been coded as a whole")
    return found


@function("content", "octets", reads=("response.content-type", "response:content"))
def labelled_parts(response: Response) -> tuple[content.BodyPart, ...]:
    """The parts of multipart/byteranges content that have a Content-Range, of whatever value (RFC 9110 §15.3.7.2)."""
    return tuple(part for part in byteranges(response) if "content-range" in part.fields.index)


@function()
def range_flaw(part: content.BodyPart) -> str | None:
    """What is wrong with the Content-Range of a part, as the end of a sentence; None if nothing is (RFC 9110 §14.4)."""
    flaw = table.malformed_line(part.fields, "content-range")
    if flaw is not None:
        return f"is malformed: expected {flaw.expected} at octet {flaw.position}"
    sent = parsed(part.fields, "content-range")
    assert isinstance(sent, ContentRange)
    if sent.unsatisfied:
        return "names no range"
    if not sent.valid:
        return "ends before it starts, or beyond the complete length"
    return None


@function("content", "octets", reads=("response.content-type", "response:content"))
def ranged_parts(response: Response) -> tuple[RangedPart, ...]:
    """The parts of multipart/byteranges content whose Content-Range is a valid range of bytes, in their order
    (RFC 9110 §15.3.7.2).
    """
    found = []
    for number, part in enumerate(byteranges(response), 1):
        try:
            sent = parsed(part.fields, "content-range")
        except (NotApplicable, NotEvaluated):
            continue
        if isinstance(sent, ContentRange) and sent.length is not None and sent.valid:
            found.append(RangedPart(number, sent, len(part.content)))
    if len(found) > MANY:
        raise NotEvaluated(f"the content has more than {MANY:,} parts")
    return tuple(found)


@function()
def complete_lengths(parts: tuple[RangedPart, ...]) -> tuple[int, ...]:
    """The different complete lengths that the parts give, but for unknown ones ("*") (RFC 9110 §14.4)."""
    return tuple(sorted({part.range.complete for part in parts if part.range.complete is not None}))


@function()
def disjoint(parts: tuple[RangedPart, ...]) -> bool:
    """Whether no octet of the representation is in two of the parts (RFC 9110 §15.3.7.2)."""
    return _disjoint((part.range.first or 0, part.range.last or 0) for part in parts)


@function("pair")
def asks_for_disjoint(ranges: Ranges, parts: tuple[RangedPart, ...]) -> bool:
    """Whether no octet of the representation was asked for twice (RFC 9110 §15.3.7.2).

    The parts tell its length.
    """
    return _disjoint(wanted for wanted in _wanted(ranges, _complete(parts)) if wanted is not None)


def _disjoint(ranges: Iterable[tuple[int, int]]) -> bool:
    end = -1
    for first, last in sorted(ranges):
        if first <= end:
            return False
        end = last
    return True


@function("pair")
def in_requested_order(ranges: Ranges, parts: tuple[RangedPart, ...]) -> bool:
    """Whether the parts come in the order in which their ranges were asked for (RFC 9110 §15.3.7.2).

    A part that belongs to several of the requested ranges, since these overlap or were sent as one, may stand in the
    place of any of them. Parts that belong to none do not count.
    """
    wanted = _wanted(ranges, _complete(parts))
    reached = 0
    for part in parts:
        first, last = part.range.first or 0, part.range.last or 0
        places = [place for place, one in enumerate(wanted) if one is not None and one[0] <= last and first <= one[1]]
        behind = [place for place in places if place >= reached]
        if places and not behind:
            return False
        reached = behind[0] if behind else reached
    return True


def _complete(parts: tuple[RangedPart, ...]) -> int | None:
    lengths = complete_lengths(parts)
    return lengths[0] if len(lengths) == 1 else None


def _parts(response: Response) -> tuple[content.BodyPart, ...] | str:
    """The parts, or what is wrong. Raises NotApplicable unless it is multipart/byteranges with a boundary."""
    kind = given(response, "content-type")
    if not isinstance(kind, MediaType) or kind.essence != "multipart/byteranges" or not kind.boundary:
        raise NotApplicable("multipart/byteranges with a boundary")
    if response.content is None:
        raise NotEvaluated("the content was not captured")
    return _taken_apart(response.content, kind.boundary)


@lru_cache(maxsize=1)
def _taken_apart(octets: bytes, boundary: str) -> tuple[content.BodyPart, ...] | str:
    """Kept for the other rules about the same response."""
    try:
        return content.byteranges(octets, boundary)
    except Malformed as error:
        return f"expected {error.expected} at octet {error.position:,}"


# What the 200 had


@function("pair", absent=("response.content-encoding",), reads=("response.content-range", "response.etag",
          "response.last-modified", "response.content-encoding"))
def part_of(response: Response, stored: Response) -> bool:
    """Whether a 206 is of the very representation that the stored 200 had (RFC 9110 §15.3.7).

    Entity tag, Last-Modified or complete length say so: one of them has to agree, and none of them, nor the content
    coding, may differ. The length alone says nothing of a resource without validators, which may have changed since.
    Otherwise not evaluated, since the resource may have changed, or another variant been selected.
    """
    sent = given(response, "content-range")
    pairs = [(given(response, "etag"), given(stored, "etag")),
             (given(response, "last-modified"), given(stored, "last-modified"))]
    if isinstance(sent, ContentRange) and sent.complete is not None and any(other is not None for _, other in pairs):
        pairs.append((sent.complete, given(stored, "content-length")))
    known = [(one, other) for one, other in pairs if one is not None and other is not None]
    if (not known or any(_opaque(one) != _opaque(other) for one, other in known)
            or given(response, "content-encoding") != given(stored, "content-encoding")):
        raise NotEvaluated("nothing ties the 206 to the 200 seen before")
    return True


def _opaque(value: object) -> object:
    return value.tag if isinstance(value, EntityTag) else value


@function(absent=tuple(f"response.{name.lower()}" for name in OTHERS), reads=("response.content-type",))
def repeated_metadata(response: Response) -> tuple[str, ...]:
    """The fields of a 206 that the client has already if it asked with If-Range (RFC 9110 §15.3.7).

    All about the representation but those that every 206 has. A multipart 206 needs its Content-Type.
    """
    if response.fields is None:
        return ()
    return tuple(name for name in OTHERS if name in response.fields
                 and not (name == "Content-Type" and in_parts(response)))
