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

from httplint.model.named import NamedTuple
from httplint.model.pattern import lazily


class Lack(NamedTuple):
    """Why rules were not evaluated, and what that means to people."""

    reason: str
    remedy: str = ""
    """How to have them evaluated; empty where nothing helps."""
    unseen: str = ""
    """What captures like that never show; empty where something helps, or the messages themselves are the cause."""


CONTENTS = ("record contents, whole and as they came (browsers: export HARs with content); of what follows HEAD, 204 "
            "and 304, few tools show anything")
ASKED = "record requests with all their fields, such as Origin and Range (a proxy does; browsers leave some out)"
ANSWERED = "record responses with all their fields (a proxy does; browsers leave some out, and sanitised exports more)"

VALIDATED = "send ETag, which tells that responses belong together"

LACKS = {
    "request": Lack("the request was not captured", "record requests, too (curl -v instead of curl -i)"),
    "request_fields": Lack("the capture may leave out request fields", ASKED),
    "request_content": Lack("the content of the request was not captured, or not completely",
                            "record the contents of requests"),
    "request_version": Lack("the HTTP version of the request is not known", unseen="the HTTP version"),
    "target": Lack("the request target may have another form than it was sent in", unseen="request targets as sent"),
    "version": Lack("the HTTP version of the response is not known", unseen="the HTTP version"),
    "response_fields": Lack("the capture may leave out response fields", ANSWERED),
    "lines": Lack("the capture may join field lines", unseen="field lines as sent"),
    "repeats": Lack("the capture may repeat or split field lines", unseen="field lines as sent"),
    "name_case": Lack("the case of field names may not be the sender's", unseen="the case of field names"),
    "exact": Lack("field names and values may not be, octet by octet, what was sent",
                  unseen="fields octet by octet"),
    "content": Lack("the content was not captured, not completely, or may be another response's", CONTENTS),
    "octets": Lack("the content was not captured octet by octet as it was sent: it may be decoded, cut off or missing",
                   unseen="contents with their codings"),
    "size": Lack("the number of content octets that were sent is not known", unseen="the size of contents"),
    "reason": Lack("the reason phrase is not known", unseen="reason phrases"),
    "interim": Lack("the capture does not show interim responses, or there are too many of them",
                    unseen="interim responses"),
    "trailers": Lack("the capture does not show trailers", unseen="trailers"),
    "time": Lack("the time of the exchange is not known", unseen="the time of exchanges"),
    "pair": Lack("the response may not answer this request, but come from a client's cache or follow a redirect",
                 "record with the cache disabled (browsers: a box in the network tab), and redirects one by one "
                 "(newman: --ignore-redirects)"),
    "resource": Lack("the client may have followed redirects: the response may be that of another URI",
                     "record redirects one by one (newman: --ignore-redirects)"),
    "wire": Lack("the octets of the message were not captured", unseen="the octets of messages"),
}
"""Fact -> why a rule that needs it was not evaluated."""

REASONS = {fact: lack.reason for fact, lack in LACKS.items()}
"""Fact -> the same in words."""

PROBE_DOES = " (httplint probe does)"
AGAIN = "send requests that failed again, unchanged"
"""How a remedy ends that probe is."""

OTHERS = (
    *LACKS.values(),
    Lack("the octets within the chunks were not captured", unseen="the octets within chunks"),
    Lack("the content was not captured", CONTENTS),
    Lack("the content of the request was not captured", "record the contents of requests"),
    Lack("the request fields were not captured", ASKED),
    Lack("the fields were not captured", ANSWERED),
    Lack("the host of the request is not known", "record requests with their Host"),
    Lack("whether the connection was secure does not show", "record URIs with their scheme"),
    Lack("no earlier exchanges were given", "have the exchanges of a client judged together, in their order"),
    Lack("no earlier 200 (OK) to the same request was seen",
         f"ask again with the validators of the first answer{PROBE_DOES}"),
    Lack("no earlier error in answer to the same request was seen", AGAIN),
    Lack("no earlier Allow of this resource was seen", f"ask resources with OPTIONS, too{PROBE_DOES}"),
    Lack("nothing ties the ", VALIDATED),
    Lack("the 304 does not confirm the 200 seen before", VALIDATED),
    Lack("the response has no ETag ", VALIDATED),
    Lack("the response has no Last-Modified ", "send Last-Modified with the responses to If-Range"),
    Lack("without Date, ", "send Date"),
    Lack("Expires has no Date ", "send Date"),
    Lack("the time was over ", "give it more time (httplint fetch --timeout)"),
    Lack("malformed ", "mend what is malformed: until then, nothing else can be said of it"),
)
"""Of each kind of reason, the begin; the longest fits."""

_LEFT_OUT = lazily(r"the capture may leave out [^ ]+ of the (request|response)")


def lack_of(reason: str) -> Lack:
    """What a reason means to people, be it one of `REASONS`, of a NotEvaluated, or of a result that was read back."""
    if left_out := _LEFT_OUT.fullmatch(reason):
        return Lack(reason, ASKED if left_out[1] == "request" else ANSWERED)
    if wanted := _PACKAGE.search(reason):
        return Lack(reason, f"install the Python package {wanted[1]} (extra {wanted[2]})")
    fitting = [lack for lack in OTHERS if reason.startswith(lack.reason)]
    return max(fitting, key=lambda lack: len(lack.reason))._replace(reason=reason) if fitting else Lack(reason)


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


_PACKAGE = lazily(r"needs the Python package ([^()]+) \(extra ([a-z]+)\)\Z")


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
