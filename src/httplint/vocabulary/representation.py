"""Where exchanges contradict each other about one representation (RFC 9110 §8.8.1).

Two that have the same strong validator are about the same octets (`knowledge` says what each tells of them). Only what
both tell is compared, and only where nothing speaks against their being about one coded representation: other codings
explain other lengths, other lengths explain other octets, and where the tag may be shared by codings, both requests
have to select the same (RFC 9111 §4.1).
"""
from __future__ import annotations

from httplint.model.named import NamedTuple
from httplint.model.printable import show
from httplint.vocabulary.knowledge import PIECES, Known, Told


class Lengths(NamedTuple):
    """Two lengths of one representation, in octets."""

    here: int
    before: int
    place: str


class Contents(NamedTuple):
    """Whether the octets of one representation agree, as far as both were seen."""

    same: bool
    difference: str
    place: str


class Coded(NamedTuple):
    """The content codings of one representation, as texts."""

    here: str
    before: str
    place: str


class Omission(NamedTuple):
    """The content codings of a representation, the response that named them, and the answer to HEAD that did not."""

    coding: str
    coded: str
    bare: str


class Representation:
    """What a response and earlier exchanges tell of the same representation, where both tell something.

    One contradiction shows in one attribute: other codings explain other lengths, and other lengths other octets.
    """

    __slots__ = ("_coded", "_parted", "before", "now")

    def __repr__(self) -> str:
        return f"<what {self.validator} ties>"

    def __init__(self, now: Known, before: Known) -> None:
        self.now = now
        self.before = before
        self._coded = (now.codings, before.codings) if now.codings is not None and before.codings is not None else None
        self._parted = self._differing()

    @property
    def validator(self) -> str:
        """The validator that ties them, as a message names it."""
        validator = self.now.validator
        return f'the strong ETag "{show(validator)}"' if isinstance(validator, str) else "the same Last-Modified"

    @property
    def codings(self) -> Coded | None:
        """The content codings, unless one side may only have left them out."""
        if self._coded is None or self.omission is not None:
            return None
        here, there = (", ".join(one.names) or "none" for one in self._coded)
        return Coded(here, there, self._place(self._coded[1].told))

    @property
    def omission(self) -> Omission | None:
        """That an answer to HEAD has no content coding, where the other response has some."""
        if self._coded is None or self._coded[0].names == self._coded[1].names:
            return None
        now, before = self._coded
        if now.bare:
            return Omission(", ".join(before.names), self._place(before.told), "the answer to HEAD")
        if before.bare:
            return Omission(", ".join(now.names), "the answer to GET", self._place(before.told))
        return None

    @property
    def lengths(self) -> Lengths | None:
        """The lengths; not those of two contents that differ in their octets, which says more."""
        now, before = self.now.length, self.before.length
        if now is None or before is None or (isinstance(self.now.validator, int) and now.told.complete
                                             and before.told.complete):
            return None                                    # pages made on demand often have the date of a part of them
        if now.octets != before.octets and (not self._one(now.told, before.told) or self._parted is not None):
            return None
        return Lengths(now.octets, before.octets, self._place(before.told))

    @property
    def contents(self) -> Contents | None:
        """The octets, if the lengths do not differ."""
        if self._parted is not None:
            return self._parted
        if isinstance(self.now.validator, int) or (self.lengths and self.lengths.here != self.lengths.before):
            return None
        for one in self.now.pieces:
            for other in self.before.pieces:
                if max(one.first, other.first) <= min(one.last, other.last) and self._one(one.told, other.told):
                    return Contents(True, "", self._place(other.told))
        return None

    def _differing(self) -> Contents | None:
        """Octets that differ; with other lengths, only two whole contents."""
        now, before = self.now.length, self.before.length
        if isinstance(self.now.validator, int):
            return None
        apart = now is not None and before is not None and now.octets != before.octets
        for one in self.now.pieces:
            for other in self.before.pieces:
                if apart and not (one.told.complete and other.told.complete):
                    continue
                said = one.difference(other)
                if said is None and apart:
                    said = f"the length ({one.last + 1:,} octets here, {other.last + 1:,} there)"
                if said is not None and self._one(one.told, other.told):
                    return Contents(False, said, self._place(other.told))
        return None

    @property
    def one(self) -> bool:
        """Whether nothing speaks against taking both for one and the same coded representation."""
        return self._one(self.now.told, self.before.told)

    @property
    def contradicts(self) -> bool:
        """Whether the two cannot both be true."""
        codings, lengths = self.codings, self.lengths
        return ((codings is not None and codings.here != codings.before) or self._parted is not None
                or (lengths is not None and lengths.here != lengths.before))

    def _one(self, now: Told, before: Told) -> bool:
        """Whether lengths and octets of both sides are of the same coded representation.

        A strong tag says so wherever content was sent with it; otherwise both requests have to select the same, too,
        since a 304 does not name the coding and HEAD may have been answered for another one.
        """
        coded = self._coded
        if coded is not None and coded[0].names != coded[1].names:
            return False
        if coded is not None and isinstance(self.now.validator, str) and now.enclosing and before.enclosing:
            return True
        return now.selects(before)

    def _place(self, told: Told) -> str:
        return told.seen_from(self.now.told)


def joined(both: Representation) -> Known:
    """What is known after another exchange told of the same representation; of what contradicts, the later.

    But the answer to GET stands against one without content, which is the likelier to be wrong.
    """
    now, before = both.now, both.before
    if both.omission is not None:
        return before if now.codings is not None and now.codings.bare else now
    if both.contradicts:
        heard = before.length is None or not before.length.told.enclosing or now.told.enclosing
        return now if heard else before                    # HEAD, 304 and 416 only speak of what GET gives
    if isinstance(before.validator, int) and now.told.complete:
        return now
    if not both.one:
        return now if now.told.complete else before
    length = before.length
    if now.length is not None and (length is None or (now.told.complete and not length.told.complete)):
        length = now.length
    codings = before.codings
    if now.codings is not None and (codings is None or codings.bare):
        codings = now.codings
    fresh = tuple([piece for piece in now.pieces if not any(
        piece.first == old.first and piece.last == old.last for old in before.pieces)]) if now.pieces else ()
    pieces = before.pieces
    if not fresh and length is before.length and codings is before.codings:
        return before
    if fresh:
        pieces = (*pieces, *fresh)
        whole = [piece for piece in pieces if piece.told.complete][-1:]
        pieces = (*whole, *[piece for piece in pieces if piece not in whole][len(whole) - PIECES:])
    return Known(before.validator, before.told, before.settled, codings, length, pieces)
