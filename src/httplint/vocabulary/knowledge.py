"""What an exchange tells of the representation that it is about: validator, codings, length, octets (RFC 9110 §8).

A representation is known by its resource and a strong validator, which stands for one sequence of octets (RFC 9110
§8.8.1): a strong entity tag, or a Last-Modified that had settled (§8.8.2.2). Its length is told by the content of a 200
to GET and by Content-Length, also in answers to HEAD and in 304 (§8.6), by the complete lengths of a 206 and by that of
a 416 (§14.4); its octets are those of 200 and 206. Nothing is told by a message that contradicts itself.

What is kept of an exchange is bounded, whatever its length: enough of the octets to tell others apart.
"""
from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from httplint.grammar.codings import ALIASES
from httplint.grammar.content import byteranges
from httplint.grammar.dates import Date
from httplint.grammar.rfc9110 import ContentRange, EntityTag, IfRange, MediaType
from httplint.grammar.syntax import Malformed
from httplint.grammar.table import value
from httplint.model.evidence import Evidence, NotEvaluated
from httplint.model.exchange import Exchange, Source
from httplint.model.fields import Fields
from httplint.model.message import Message, Request, Response
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


class Told:
    """An exchange that tells something: where it stands, and what its request selected by."""

    __slots__ = ("_asked", "_gaps", "method", "number", "source", "status", "vary")

    def __init__(self, exchange: Exchange, request: Request, number: int) -> None:
        assert request.fields is not None
        self.method = request.method
        self.status = exchange.response.status
        self.source: Source | None = exchange.source
        self.number = number
        """Its number among the exchanges seen, from 1."""
        self._asked = marshal.dumps(request.fields.lines)
        self._gaps = exchange.evidence.request_gaps if exchange.evidence.knows("request_fields") else None
        self.vary = _vary(exchange)
        """The request fields that Vary names; None if that is not known, or not said."""

    @property
    def complete(self) -> bool:
        """Whether it is a 200 to GET."""
        return self.method == "GET" and self.status == 200

    @property
    def enclosing(self) -> bool:
        """Whether it may enclose the representation or a part of it."""
        return self.method == "GET" and self.status in (200, 206)

    def place(self, from_: Source | None) -> str:
        """How a message about another place names it."""
        if self.source is None:
            where = f"exchange {self.number}"
        else:
            where = f"entry {self.source.entry}"
            if from_ is None or from_.path != self.source.path:
                where += f" of {show(self.source.path)}"
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
        one, two = (Fields(marshal.loads(asked)) for asked in (self._asked, other._asked))  # noqa: S302 - our own
        return all(one.combined(name) == two.combined(name) for name in wanted)

    @property
    def weight(self) -> int:
        """About how many octets it takes in memory."""
        return len(self._asked) + _TOLD


class Piece:
    """Some octets of a representation, of which enough is kept to tell others apart."""

    __slots__ = ("begin", "block", "blocks", "end", "first", "last", "told")

    def __init__(self, first: int, octets: bytes, told: Told) -> None:
        self.first = first
        self.last = first + len(octets) - 1
        """Position of the last octet; before `first` if there is none."""
        self.told = told
        short = len(octets) <= BEGIN + END
        self.begin = octets if short else octets[:BEGIN]
        self.end = b"" if short else octets[-END:]
        self.block = -(-first // BLOCK)
        """Number of the first full block."""
        view = memoryview(octets)
        start = self.block * BLOCK - first
        count = min((len(octets) - start) // BLOCK, BLOCKS)
        self.blocks = tuple([zlib.crc32(view[at:at + BLOCK]) for at in range(start, start + count * BLOCK, BLOCK)])

    @property
    def weight(self) -> int:
        """About how many octets it takes in memory."""
        return len(self.begin) + len(self.end) + _CHECKSUM * len(self.blocks) + _PIECE

    def difference(self, other: Piece) -> str | None:
        """Which octet of the representation differs for sure, or where one does; None if nothing shows one."""
        if max(self.first, other.first) > min(self.last, other.last):
            return None
        if self.first == other.first and self.last == other.last and self.begin == other.begin and (
                self.end == other.end and self.blocks == other.blocks):
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
        return name + sum(one.weight for one in told) + sum(piece.weight for piece in self.pieces) + _KNOWN



def known(exchange: Exchange, number: int) -> Known | None:
    """What an exchange tells of the representation that it is about; None without a strong validator.

    `number` is that of the exchange among those seen, from 1.
    """
    request, response = exchange.request, exchange.response
    status = response.status
    if status not in (200, 206, 304, 416) or request is None or request.fields is None or response.fields is None:
        return None
    if request.method != "GET" and (request.method != "HEAD" or status in (206, 416)):
        return None
    found = _validator(exchange, request, response.fields)
    if found is None:
        return None
    validator, settled = found
    applied = None if status in (304, 416) else codings_of(exchange)
    if applied == () and status == 206 and _may_resume(exchange, request.fields):
        applied = None                                     # the client has the coding already
    elif applied is None and status not in (304, 416):
        return None                                        # what drops the coding may have changed length and octets
    told = Told(exchange, request, number)
    codings = None if applied is None else Codings(applied, told)
    octets, pieces = _told_by(exchange, told, isinstance(validator, str))
    return Known(validator, told, settled, codings, None if octets is None else Length(octets, told), pieces)


def _may_resume(exchange: Exchange, fields: Fields) -> bool:
    """Whether the request has If-Range, as far as the capture tells."""
    evidence = exchange.evidence
    return "if-range" in fields.index or "if-range" in evidence.request_gaps or not evidence.knows("request_fields")


def codings_of(exchange: Exchange) -> tuple[str, ...] | None:
    """The content codings of the response; None if that is not known."""
    response, evidence = exchange.response, exchange.evidence
    assert response.fields is not None
    if "content-encoding" not in response.fields.index and (
            not evidence.knows("response_fields") or "content-encoding" in evidence.response_gaps):
        return None
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
    if "last-modified" not in fields.index or not exchange.evidence.knows("response_fields") or (
            "etag" in exchange.evidence.response_gaps):
        return None
    date, sent = value(exchange.response, "last-modified"), value(exchange.response, "date")
    if not isinstance(date, Date):
        return None
    return date.timestamp, settled(date, sent)


def settled(modified: Date, sent: object) -> bool:
    """Whether a Last-Modified is a strong validator: SETTLED seconds before the Date of its response (§8.8.2.2)."""
    return isinstance(sent, Date) and sent.timestamp - modified.timestamp >= SETTLED


def _told_by(exchange: Exchange, told: Told, tagged: bool) -> tuple[int | None, tuple[Piece, ...]]:
    """The length of the representation that an exchange tells and, under an entity tag, the octets of it.

    Nothing where the message contradicts itself: its own rules say so.
    """
    response = exchange.response
    if told.status == 416:
        sent = value(response, "content-range")
        return (sent.complete if isinstance(sent, ContentRange) and sent.unsatisfied else None), ()
    plain = _transferred_plainly(response)
    captured = plain and exchange.evidence.knows("content") and exchange.evidence.knows("octets")
    content = response.content if captured else None
    if told.status == 206:
        length, pieces = _of_parts(response, content, told)
        return length, pieces if tagged else ()
    found = value(response, "content-length") if _framed(response) else None
    declared = found if isinstance(found, int) else None
    if not told.complete:
        return declared, ()
    assert response.fields is not None
    size = response.size if plain and content is None and exchange.evidence.knows("size") else None
    if content is not None:
        size = len(content)
    if "content-range" in response.fields.index or (size is not None and declared not in (None, size)):
        return None, ()
    return (declared if size is None else size), (Piece(0, content, told),) if tagged and content is not None else ()


def _of_parts(response: Response, content: bytes | None, told: Told) -> tuple[int | None, tuple[Piece, ...]]:
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
    pieces: list[Piece] = []
    for sent, octets in ranges:
        if not isinstance(sent, ContentRange) or sent.first is None or sent.length is None or not sent.valid:
            return None, ()
        if sent.complete is not None:
            lengths.add(sent.complete)
        if octets is not None and len(octets) == sent.length and len(pieces) < PIECES:
            pieces.append(Piece(sent.first, octets, told))
    if len(lengths) > 1:
        return None, ()
    return (lengths.pop() if lengths else None), tuple(pieces)


def _framed(response: Response) -> bool:
    """Whether Content-Length counts: not beside Transfer-Encoding (RFC 9112 §6.3)."""
    return response.fields is not None and "transfer-encoding" not in response.fields.index


def _transferred_plainly(response: Response) -> bool:
    """Whether no transfer coding can still be on the content: readers take off chunked alone."""
    if _framed(response):
        return True
    applied = value(response, "transfer-encoding")
    return isinstance(applied, tuple) and all(one.name == "chunked" for one in applied)


def _vary(exchange: Exchange) -> tuple[str, ...] | None:
    assert exchange.response.fields is not None
    if "vary" not in exchange.response.fields.index:
        evidence: Evidence = exchange.evidence
        return None if "vary" in evidence.response_gaps or not evidence.knows("response_fields") else ()
    names = value(exchange.response, "vary")
    return names if isinstance(names, tuple) else None
