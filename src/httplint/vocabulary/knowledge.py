"""What an exchange tells of the representation that it is about: validator, codings, length, octets (RFC 9110 §8).

A representation is known by its resource and a strong validator, which stands for one sequence of octets (RFC 9110
§8.8.1): a strong entity tag, or a Last-Modified that had settled (§8.8.2.2). Its length is told by the content of a 200
to GET and by Content-Length, also in answers to HEAD and in 304 (§8.6), by the complete lengths of a 206 and by that of
a 416 (§14.4); its octets are those of 200 and 206. Nothing is told by a message that contradicts itself.

What is kept of an exchange is bounded, whatever its length: enough of the octets to tell others apart. It is a tuple of
values until there is another one to compare it with, which most never see.
"""
from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterator

from httplint.grammar.codings import ALIASES
from httplint.grammar.content import byteranges
from httplint.grammar.dates import Date
from httplint.grammar.rfc9110 import ContentRange, EntityTag, IfRange, MediaType
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import value
from httplint.model.evidence import NotEvaluated, bits
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
from httplint.model.named import NamedTuple
from httplint.model.printable import show

SETTLED = 60
"""How many seconds before Date a Last-Modified lies at least that no second change within its second can share.

The specification asks for one second by the same clock; a minute bears clocks that differ.
"""
BEGIN, END = 3072, 1024
"""Octets that are kept as they are of the begin and the end of a piece; shorter pieces are kept whole.

That covers what requests for parts mostly ask for (the first octets, the last ones) and most API responses, at the cost
of a few field sections. In between, checksums tell pieces apart that share a block.
"""
BLOCK = 4096
BLOCKS = 64
"""Each full block of octets of a piece, at multiples of BLOCK in the representation, has a checksum; the first BLOCKS.

That is a quarter of a MiB, read once: versions that differ only behind it, and not in length or end, are rare.
"""
PIECES = 8
"""How many pieces of a representation are remembered: the latest, and the whole."""
_TOLD, _PIECE, _CHECKSUM, _KNOWN = 300, 200, 40, 500
"""Octets of memory that a Told, a Piece, one of its checksums and a Known take, beside those that they hold, about."""


class Variant(NamedTuple):
    """A 200 (OK) to a GET, with its request: one of the representations of a resource, that of some time."""

    request: Request
    response: Response


def packed(fields: Fields) -> bytes:
    """The lines of a section in Python's own serialisation: small objects would cost ten times the memory."""
    try:
        return marshal.dumps(fields.lines)
    except ValueError:                                     # a program handed over texts of a class of its own
        return marshal.dumps(tuple([(str.__str__(name), str.__str__(value)) for name, value in fields.lines]))


def unpacked(lines: bytes) -> Fields:
    """The section again."""
    return Fields(marshal.loads(lines))  # noqa: S302 - written by `packed`


def place_of(source: Source | None) -> Place | None:
    """Where an exchange stands, as plain values."""
    return None if source is None else (source.path, source.entry, source.line, source.column, source.pointer)


Extent = tuple[int, int, bytes, bytes, int, tuple[int, ...]]
"""Some octets of a representation, of which enough is kept to tell others apart: the position of the first, and of the
last, which stands before it if there is none; those at the begin and at the end; and, from which full block on, the
checksums of blocks."""


Place = tuple[str, int, int | None, int | None, str | None]
"""The members of a Source."""

Telling = tuple[str | int, bool, int, str, bytes, int, frozenset[str] | None, tuple[str, ...] | None,
                tuple[str, ...] | None, int | None, tuple[Extent, ...], Place | None]
"""What one exchange tells of the representation that it is about:

validator: the opaque part of a strong tag, or Last-Modified in seconds since 1970; and whether it is strong for what
comes later; about how many octets this takes in memory once it is compared; the method, and the packed field lines of
the request; the status; the request fields that the capture may have dropped, None if any, and those that Vary names,
None if that is not known, or not said; the content codings in the order applied, in lower case; the length of the
representation in octets; the octets themselves; where the exchange stands.
"""


class Told:
    """An exchange that tells something: where it stands, and what its request selected by."""

    __slots__ = ("_asked", "_gaps", "method", "number", "place", "status", "vary")

    def __init__(self, telling: Telling, number: int) -> None:
        _, _, _, self.method, self._asked, self.status, self._gaps, self.vary, _, _, _, self.place = telling
        self.number = number
        """Its number among the exchanges seen, from 1."""

    @property
    def complete(self) -> bool:
        """Whether it is a 200 to GET."""
        return self.method == "GET" and self.status == 200

    @property
    def enclosing(self) -> bool:
        """Whether it may enclose the representation or a part of it."""
        return self.method == "GET" and self.status in (200, 206)

    def seen_from(self, other: Told) -> str:
        """How a message about that one names it."""
        if self.place is None:
            where = f"exchange {self.number}"
        else:
            path, entry, *_ = self.place
            where = f"entry {entry}"
            if other.place is None or other.place[0] != path:
                where += f" of {show(path)}"
        return f"the {self.status} to {self.method} of {where}"

    def selects(self, other: Told) -> bool:
        """Whether both requests select the same representation, by the Vary of either (RFC 9111 §4.1)."""
        if self.vary is None or other.vary is None:
            return False
        wanted = {*self.vary, *other.vary}
        if not wanted:
            return True
        if "*" in wanted or self._gaps is None or other._gaps is None or (
                not wanted.isdisjoint(self._gaps | other._gaps)):
            return False
        if self._asked == other._asked:
            return True
        one, two = unpacked(self._asked), unpacked(other._asked)
        return all(one.combined(name) == two.combined(name) for name in wanted)

    @property
    def weight(self) -> int:
        """About how many octets it takes in memory."""
        return len(self._asked) + _TOLD


class Piece:
    """Some octets of a representation, and what told them."""

    __slots__ = ("begin", "block", "blocks", "end", "extent", "first", "last", "told")

    def __init__(self, extent: Extent, told: Told) -> None:
        self.extent = extent
        self.first, self.last, self.begin, self.end, self.block, self.blocks = extent
        self.told = told

    def difference(self, other: Piece) -> str | None:
        """Which octet of the representation differs for sure, or where one does; None if nothing shows one."""
        if max(self.first, other.first) > min(self.last, other.last):
            return None
        if self.extent == other.extent:
            return None
        for at, octets in self._kept():
            for place, others in other._kept():
                low, high = max(at, place), min(at + len(octets), place + len(others))
                if low < high:
                    one, two = octets[low - at:high - at], others[low - place:high - place]
                    if one != two:
                        at_fault = low + next(number for number in range(len(one)) if one[number] != two[number])
                        return f"octet {at_fault:,}"
        for number in range(max(self.block, other.block),
                            min(self.block + len(self.blocks), other.block + len(other.blocks))):
            if self.blocks[number - self.block] != other.blocks[number - other.block]:
                return f"an octet between {number * BLOCK:,} and {(number + 1) * BLOCK - 1:,}"
        return None

    def _kept(self) -> Iterator[tuple[int, bytes]]:
        yield self.first, self.begin
        if self.end:
            yield self.last + 1 - len(self.end), self.end


def extent_of(first: int, octets: bytes) -> Extent:
    """What is kept of octets that begin at that position of the representation."""
    size = len(octets)
    if size <= BEGIN + END:
        return first, first + size - 1, octets, b"", -(-first // BLOCK), _checksums(first, octets)
    return first, first + size - 1, octets[:BEGIN], octets[-END:], -(-first // BLOCK), _checksums(first, octets)


def _checksums(first: int, octets: bytes) -> tuple[int, ...]:
    """Those of the full blocks."""
    start = -first % BLOCK
    count = min((len(octets) - start) // BLOCK, BLOCKS)
    if count <= 0:
        return ()
    view = memoryview(octets)
    return tuple([zlib.crc32(view[at:at + BLOCK]) for at in range(start, start + count * BLOCK, BLOCK)])


def _weight(extent: Extent) -> int:
    return len(extent[2]) + len(extent[3]) + _CHECKSUM * len(extent[5]) + _PIECE


class Length(NamedTuple):
    """The length of a representation in octets, and what told it."""

    octets: int
    told: Told


class Codings(NamedTuple):
    """The content codings of a representation in the order applied, in lower case, and what told them."""

    names: tuple[str, ...]
    told: Told

    @property
    def bare(self) -> bool:
        """Whether they may only have been left out: the answer to HEAD may lack what belongs to content (§9.3.2)."""
        return not self.names and self.told.method == "HEAD"


class Known:
    """What one exchange, or several that agree, tell of a representation."""

    __slots__ = ("codings", "length", "pieces", "settled", "told", "validator")

    def __init__(self, validator: str | int, told: Told, settled: bool, codings: Codings | None, length: Length | None,
                 pieces: tuple[Piece, ...]) -> None:
        self.validator = validator
        """The opaque part of a strong tag; or Last-Modified, in seconds since 1970."""
        self.told = told
        self.settled = settled
        """Whether the validator is strong for what comes later."""
        self.codings = codings
        self.length = length
        self.pieces = pieces

    @property
    def weight(self) -> int:
        """About how many octets it takes in memory."""
        told = {self.told, *(one.told for one in (self.codings, self.length, *self.pieces) if one is not None)}
        name = len(self.validator) if isinstance(self.validator, str) else 0
        return name + sum(one.weight for one in told) + sum(_weight(piece.extent) for piece in self.pieces) + _KNOWN

    @classmethod
    def of(cls, telling: Telling, number: int) -> Known:
        """What one exchange told, the one of that number among those seen, from 1."""
        told = Told(telling, number)
        validator, settled, _, _, _, _, _, _, codings, length, extents, _ = telling
        return cls(validator, told, settled, None if codings is None else Codings(codings, told),
                   None if length is None else Length(length, told), tuple([Piece(extent, told) for extent in extents]))


_TELLING = frozenset((200, 206, 304, 416))
"""Status codes of responses that tell something of a representation."""
_ASKED, _ANSWERED, _SIZE, _OCTETS = (
    bits("request_fields"), bits("response_fields"), bits("size"), bits("content", "octets"))


def telling(exchange: Exchange) -> Telling | None:
    """What an exchange tells of the representation that it is about; None without a strong validator."""
    request, response, evidence = exchange.request, exchange.response, exchange.evidence
    status = response.status
    if status not in _TELLING or request is None or request.fields is None or response.fields is None:
        return None
    method = request.method
    if method != "GET" and (method != "HEAD" or status in (206, 416)):
        return None
    found = _validator(exchange, request, response.fields)
    if found is None:
        return None
    validator, settled = found
    applied = None
    if status in (200, 206):
        applied = codings_of(exchange)
        if applied is None:
            return None                                    # what drops the coding may have changed length and octets
        if not applied and status == 206 and _may_resume(exchange, request.fields):
            applied = None                                 # the client has the coding already
    tag = validator if isinstance(validator, str) else None
    length, extents = _told_by(exchange, response.fields, method, tag is not None)
    asked = packed(request.fields)
    weight = len(asked) + _TOLD + _KNOWN + (0 if tag is None else len(tag))
    for extent in extents:
        weight += _weight(extent)
    gaps = evidence.request_gaps if evidence.bits & _ASKED else None
    return (validator, settled, weight, method, asked, status, gaps, _vary(exchange, response.fields), applied, length,
            extents, place_of(exchange.source))


def _may_resume(exchange: Exchange, fields: Fields) -> bool:
    """Whether the request has If-Range, as far as the capture tells."""
    evidence = exchange.evidence
    return "if-range" in fields.index or "if-range" in evidence.request_gaps or not evidence.bits & _ASKED


def codings_of(exchange: Exchange) -> tuple[str, ...] | None:
    """The content codings of the response; None if that is not known."""
    response, evidence = exchange.response, exchange.evidence
    assert response.fields is not None
    if "content-encoding" not in response.fields.index:
        return None if not evidence.bits & _ANSWERED or "content-encoding" in evidence.response_gaps else ()
    try:
        return codings(response)
    except NotEvaluated:
        return None


def codings(response: Response) -> tuple[str, ...]:
    """The content codings of a response in lower case, by their plain names (§8.4.1); identity is none.

    Raises NotEvaluated for a malformed Content-Encoding.
    """
    if response.fields is None or "content-encoding" not in response.fields.index:
        return ()
    found = value(response, "content-encoding")
    if not isinstance(found, tuple):
        raise NotEvaluated("malformed Content-Encoding")
    return tuple(ALIASES.get(coding, coding) for coding in map(str, found) if coding != "identity")


def _validator(exchange: Exchange, request: Request, fields: Fields) -> tuple[str | int, bool] | None:
    """The strong validator of a response, and whether it holds for later ones: Last-Modified has to have settled."""
    numbers = fields.index.get("etag")
    if numbers is not None:
        if len(numbers) > 1 or not fields.lines[numbers[0]][1].lstrip(" \t").startswith('"'):
            return None
        tag = value(exchange.response, "etag")
        return (tag.tag, True) if isinstance(tag, EntityTag) and not tag.weak else None
    if exchange.response.status == 416:                    # with If-Range, it is about the representation named there
        condition = value(request, "if-range")
        if isinstance(condition, IfRange) and condition.tag is not None and not condition.tag.weak:
            return condition.tag.tag, True
        return None
    if "last-modified" not in fields.index or not exchange.evidence.bits & _ANSWERED or (
            "etag" in exchange.evidence.response_gaps):
        return None
    date, sent = value(exchange.response, "last-modified"), value(exchange.response, "date")
    if not isinstance(date, Date):
        return None
    return date.timestamp, settled(date, sent)


def settled(modified: Date, sent: object) -> bool:
    """Whether a Last-Modified is a strong validator: SETTLED seconds before the Date of its response (§8.8.2.2)."""
    return isinstance(sent, Date) and sent.timestamp - modified.timestamp >= SETTLED


def _told_by(exchange: Exchange, fields: Fields, method: str, tagged: bool) -> tuple[int | None, tuple[Extent, ...]]:
    """The length of the representation that an exchange tells and, under an entity tag, the octets of it.

    Nothing where the message contradicts itself: its own rules say so. `fields`: those of the response.
    """
    response, known = exchange.response, exchange.evidence.bits
    status = response.status
    if status == 416:
        sent = value(response, "content-range")
        return (sent.complete if isinstance(sent, ContentRange) and sent.unsatisfied else None), ()
    framed = "transfer-encoding" not in fields.index       # else Content-Length does not count (RFC 9112 §6.3)
    plain = framed or _chunked(response)
    content = response.content if plain and known & _OCTETS == _OCTETS else None
    if status == 206:
        length, extents = _of_parts(response, content)
        return length, extents if tagged else ()
    found = value(response, "content-length") if framed and "content-length" in fields.index else None
    declared = found if isinstance(found, int) else None
    if method != "GET" or status != 200:
        return declared, ()
    size = len(content) if content is not None else response.size if plain and known & _SIZE else None
    if "content-range" in fields.index or (size is not None and declared is not None and declared != size):
        return None, ()
    return (declared if size is None else size), (extent_of(0, content),) if tagged and content is not None else ()


def _of_parts(response: Response, content: bytes | None) -> tuple[int | None, tuple[Extent, ...]]:
    """The complete length and the octets that a 206 tells, in one part or several (§15.3.7)."""
    kind = value(response, "content-type")
    if isinstance(kind, MediaType) and kind.essence == "multipart/byteranges":
        if content is None or not kind.boundary or (response.fields and "content-encoding" in response.fields.index):
            return None, ()
        try:
            parts = byteranges(content, kind.boundary)
        except Malformed:
            return None, ()
        ranges: list[tuple[object, bytes | None]] = [
            (value(Message(None, part.fields, None, None), "content-range"), part.content) for part in parts]
    else:
        ranges = [(value(response, "content-range"), content)]
    lengths: set[int] = set()
    extents: list[Extent] = []
    for sent, octets in ranges:
        if not isinstance(sent, ContentRange) or sent.first is None or sent.length is None or not sent.valid:
            return None, ()
        if sent.complete is not None:
            lengths.add(sent.complete)
        if octets is not None and len(octets) == sent.length and len(extents) < PIECES:
            extents.append(extent_of(sent.first, octets))
    if len(lengths) > 1:
        return None, ()
    return (lengths.pop() if lengths else None), tuple(extents)


def _chunked(response: Response) -> bool:
    """Whether the transfer coding of a response that has some is chunked alone, which readers take off."""
    applied = value(response, "transfer-encoding")
    return isinstance(applied, tuple) and all(one.name == "chunked" for one in applied)


def _vary(exchange: Exchange, fields: Fields) -> tuple[str, ...] | None:
    """The request fields that Vary of a response with these fields names; None if that is not known."""
    if "vary" not in fields.index:
        evidence = exchange.evidence
        return None if "vary" in evidence.response_gaps or not evidence.bits & _ANSWERED else ()
    names = value(exchange.response, "vary")
    return names if isinstance(names, tuple) else None
