"""What a capture can prove.

Every capture knows some things and not others: browsers decode contents, drop fields, join lines, replay what they
have stored. An `Evidence` says which facts hold for one exchange, a rule's needs are inferred from its conditions,
and a rule whose needs are not met is *not evaluated*, with the reason given here. That, and no exception for a tool
within a rule, is what keeps false alarms away. So:

* A fact is granted by whoever read the octets, only if the capture proves it, for each exchange anew. A doubt
  withholds it.
* A fact says something about the capture, never about what was sent: `content` is known of an empty content, too.
* A gap is a field that the capture may have dropped. If it is there, it was sent; that it is absent proves nothing.
* A rule never names facts. What reads a part of a message needs the fact of that part, which `engine/language/`
  writes beside each attribute: a new fact is a row here, a need there, and a grant in each reader that proves it.
* Evidence never changes, and equal evidence is the same object, as long as there are not too many of them: plans are
  made per evidence, so that a reader may grant some dozens of combinations, and not one for each exchange. That two
  objects are equal costs time alone.
"""
from __future__ import annotations

from typing import ClassVar

from httplint.model.pattern import lazily

REASONS = {
    "request": "the request was not captured",
    "request_fields": "the capture may leave out request fields",
    "request_content": "the content of the request was not captured, or not completely",
    "request_version": "the HTTP version of the request is not known",
    "target": "the request target may have another form than it was sent in",
    "version": "the HTTP version of the response is not known",
    "response_fields": "the capture may leave out response fields",
    "lines": "the capture may join field lines",
    "repeats": "the capture may repeat or split field lines",
    "name_case": "the case of field names may not be the sender's",
    "exact": "field names and values may not be, octet by octet, what was sent",
    "content": "the content was not captured, not completely, or may be another response's; export HARs with content",
    "octets": "the content was not captured octet by octet as it was sent: it may be decoded, cut off or missing",
    "size": "the number of content octets that were sent is not known",
    "reason": "the reason phrase is not known",
    "interim": "the capture does not show interim responses, or there are too many of them",
    "trailers": "the capture does not show trailers",
    "time": "the time of the exchange is not known",
    "pair": "the response may come from a client's cache and not answer this request; record with the cache disabled",
    "wire": "the octets of the message were not captured",
}
"""Fact -> why a rule that needs it was not evaluated."""

BITS = {fact: 1 << number for number, fact in enumerate(REASONS)}
ALL = (1 << len(BITS)) - 1

INTERNED = 1000
"""So many evidences are kept, then it begins anew: the names of gaps are a stranger's."""


class Evidence:
    """A set of known facts, and the field names whose absence proves nothing.

    Use `Evidence.of`, which interns. Rules are planned per evidence.
    """

    __slots__ = ("bits", "key", "request_gaps", "response_gaps")
    _interned: ClassVar[dict[tuple[int, frozenset[str], frozenset[str]], Evidence]] = {}

    bits: int
    response_gaps: frozenset[str]
    request_gaps: frozenset[str]
    key: tuple[int, frozenset[str], frozenset[str]]
    """What `of` makes it of again."""

    @classmethod
    def of(cls, bits: int, response_gaps: frozenset[str] = frozenset(),
           request_gaps: frozenset[str] = frozenset()) -> Evidence:
        """`bits`: facts of `BITS` or-ed together; gaps: lower-case field names that this capture may drop."""
        key = (bits, response_gaps, request_gaps)
        found = cls._interned.get(key)
        if found is None:
            found = cls()
            found.bits, found.response_gaps, found.request_gaps = found.key = key
            if len(cls._interned) >= INTERNED:
                cls._interned.clear()
            cls._interned[key] = found
        return found

    def knows(self, fact: str) -> bool:
        """Whether the capture knows that fact (a key of `REASONS`)."""
        return bool(self.bits & BITS[fact])

    def missing(self, needs: int) -> list[str]:
        """The facts among `needs` (bits) that the capture does not know."""
        return [fact for fact, bit in BITS.items() if needs & bit and not self.bits & bit]

    def without(self, *facts: str) -> Evidence:
        """The same evidence less some facts."""
        return Evidence.of(self.bits & ~bits(*facts), self.response_gaps, self.request_gaps)

    def __reduce__(self) -> tuple[object, ...]:
        return Evidence.of, self.key

    def __repr__(self) -> str:
        return f"Evidence({', '.join(fact for fact in BITS if self.knows(fact))})"


def bits(*facts: str) -> int:
    """The bits of some facts, or-ed together."""
    total = 0
    for fact in facts:
        total |= BITS[fact]
    return total


_PACKAGE = lazily(r"needs the Python package [^()]+ \(extra [a-z]+\)\Z")


def needs_package(what: str, package: str, extra: str) -> str:
    """The reason why something cannot be judged where a package is not installed, that an extra of ours would bring."""
    return f"{what} needs the Python package {package} (extra {extra})"


def is_for_want_of_package(reason: str) -> bool:
    """Whether a rule is not evaluated for that reason alone, whatever the capture knows."""
    return _PACKAGE.search(reason) is not None


class NotApplicable(Exception):
    """A condition reads something that is not there, so the rule does not concern this exchange; its text says what."""


class NotEvaluated(Exception):
    """A condition cannot be judged on this exchange; `reason` says why in plain words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
